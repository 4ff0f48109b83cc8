"""What the quality of data under a scheme leaves open or contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.language import gettext as _
from guatu.schemes.load import Scheme, SchemeFault

MAY_HAVE = ("unit", "department", "county")
"""The kinds of thing whose reports are graded."""


def check_quality(scheme: Scheme) -> Iterator[SchemeFault]:
    """Every fault of [data_quality], in the order of the file."""
    rule = scheme.text.data_quality
    if rule is None:
        return
    cite = scheme.cite(rule.clause)

    def fault(key: str, message: str) -> SchemeFault:
        return SchemeFault("error", "scheme.toml", f"data_quality.{key}", message, cite)

    if scheme.text.report is None:
        yield fault("part", _("方案不要求月报（没有 [report]），数据质量评不出来"))
    seen: set[str] = set()
    for n, part in enumerate(rule.part):
        if part.fault in seen:
            yield fault(f"part[{n}].fault", _("“{id}”重复").format(id=part.fault))
        seen.add(part.fault)
    for key, said in (("id", [one.id for one in rule.grade]), ("low", [one.low for one in rule.grade])):
        for n, value in enumerate(said):
            if value in said[:n]:
                yield fault(f"grade[{n}].{key}", _("“{id}”重复").format(id=value))
    if not any(one.low == 0 for one in rule.grade):
        yield fault("grade", _("最低的等次应从 0 分起（low = 0），否则低分没有等次"))
    if not rule.part:
        yield fault("part", _("没有写扣分项"))
    if rule.fact is not None:
        asked = next((one for one in scheme.text.fact if one.id == rule.fact), None)
        if asked is None:
            yield fault("fact", _("没有声明数据“{id}”，请写一条 [[fact]]").format(id=rule.fact))
        elif asked.entity not in MAY_HAVE or asked.unit != "number":
            yield fault(
                "fact",
                _("数据“{id}”的 entity 应为 {entities} 之一，unit 应为 number").format(
                    id=rule.fact, entities="、".join(MAY_HAVE)
                ),
            )
