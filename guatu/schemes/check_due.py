"""What the due rules of a scheme leave open or contradict."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.calendars import PUBLISHED_YEARS, due_faults
from guatu.language import gettext as _
from guatu.schemes.agenda import due_rules
from guatu.schemes.load import Scheme, SchemeFault


def check_due(scheme: Scheme) -> Iterator[SchemeFault]:
    """Every fault of reports, cadences and facts that fall due, in the order of the file."""
    seen: set[tuple[str, str]] = set()
    for one in due_rules(scheme):
        cite = scheme.cite(one.clause)
        for key, message in due_faults(one.rule):
            yield SchemeFault("error", "scheme.toml", f"{one.key}.{key}".rstrip("."), message, cite)
        if one.kind != "fact" and (one.kind, one.id) in seen:
            yield SchemeFault(
                "error", "scheme.toml", f"{one.key}.id", _("“{id}”重复").format(id=one.id), cite
            )
        seen.add((one.kind, one.id))
        year = scheme.text.scheme.year
        if one.rule.asks_for_working_days and year not in PUBLISHED_YEARS:
            yield SchemeFault("warning", "scheme.toml", one.key, _(
                "{year} 年的放假安排尚未公布，到期日先按周一至周五推算，公布后请升级程序").format(year=year), cite)  # fmt: skip
    report = scheme.text.report
    if report is not None:
        cite = scheme.cite(report.due.clause or report.clause)
        if report.due.every != "month":
            yield SchemeFault("error", "scheme.toml", "report.due.every", _(
                "计分的数字按月报送，这里只能是 month；别的报告请写在 [[report.kind]]"), cite)  # fmt: skip
        elif (report.due.day, report.due.working_day, report.due.within, report.due.weekday) == (
            "any", None, None, None,
        ):  # fmt: skip
            yield SchemeFault("error", "scheme.toml", "report.due", _(
                "没有写哪一天到期：请写 day（几日）、working_day（第几个工作日）或 within（期满后几天）"), cite)  # fmt: skip
    yield from _counted(scheme)
    for n, fact in enumerate(scheme.text.fact):
        if fact.due is not None and fact.due_day is not None:
            yield SchemeFault("error", "scheme.toml", f"fact[{n}]", _("due 和 due_day 只能写一个"), scheme.cite(fact.clause))  # fmt: skip


def _counted(scheme: Scheme) -> Iterator[SchemeFault]:
    """Facts that are counted of the reports: whose they are, and what is counted."""
    kinds = [kind.id for kind in scheme.kinds]
    for n, fact in enumerate(scheme.text.fact):
        if not fact.of_report and fact.counts is None:
            continue
        cite, said = scheme.cite(fact.clause), []
        if fact.of_report not in kinds:
            said.append(("of_report", _("没有填报的报告“{id}”；可写：{names}").format(
                id=fact.of_report, names="、".join(kinds) or _("无"))))  # fmt: skip
        if fact.counts is None:
            said.append(("counts", _("写明数什么：late（迟报）或 missing（未报）")))
        if (fact.entity, fact.unit) != ("project", "count"):
            said.append(("entity", _('从报告数出的，entity 是 "project"，unit 是 "count"')))
        if fact.due_rule is not None or fact.sources or fact.lasting or fact.frozen_on:
            said.append(("due", _("从报告数出的没有人报送，不写 due、due_day、sources、lasting、frozen_on")))
        for key, message in said:
            yield SchemeFault("error", "scheme.toml", f"fact[{n}].{key}", message, cite)
