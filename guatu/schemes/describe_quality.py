"""The quality of data in words: what costs points, the grades, and whether a sheet may score it."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.assessment.rules.rule import plain
from guatu.language import gettext as _
from guatu.reporting.quality import fault_names
from guatu.schemes.entries import Entry, full_stop
from guatu.schemes.load import Scheme


def describe_quality(scheme: Scheme) -> Iterator[Entry]:
    """The rule, then each part and grade; nothing where the scheme does not grade the quality of data."""
    rule = scheme.text.data_quality
    if rule is None:
        return
    facts = {fact.id: fact.name for fact in scheme.text.fact}
    yield Entry("data_quality", _("数据质量"), scheme.cite(rule.clause), full_stop((
        _("从 100 分扣起，扣到 0 分为止；应报不满 {n} 份的不评").format(n=rule.least_reports),
        _("逐月填入“{name}”，考核表可以采用").format(name=facts.get(rule.fact, rule.fact)) if rule.fact else "",
    )), rule.local_choice or "")  # fmt: skip
    for part in rule.part:
        free = _("，{n}% 以内不扣").format(n=plain(part.free)) if part.free else ""
        of = _("占应报份数的比例") if part.fault == "silent" else _("占已报份数的比例")
        yield Entry(
            f"data_quality.part[{part.fault}]", fault_names()[part.fault], scheme.cite(part.clause),
            full_stop((_("扣分：{share} × {n} 分{free}").format(share=of, n=plain(part.less), free=free),)),
            part.local_choice or "", depth=1,
        )  # fmt: skip
    for grade in sorted(rule.grade, key=lambda one: -one.low):
        yield Entry(
            f"data_quality.grade[{grade.id}]", grade.name, scheme.cite(grade.clause),
            full_stop((_("{n} 分以上（含）").format(n=plain(grade.low)),)), grade.local_choice or "", depth=1,
        )  # fmt: skip
