"""The year's cumulative figure of an office that reports only each month's own.

Adding up is arithmetic, not a guess, as long as every month from January is at hand; it is said
once for each sheet. A figure that the office did write is never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from guatu.finding_kinds import finding, where
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.reporting.report import Report

_SHOWN: Final = 5
_Sheet = tuple[str, str]


def with_cumulative(reports: Sequence[Report], say: Callable[[Finding], None]) -> list[Report]:
    """The reports in their order, with the cumulative figure added up where only months are reported.

    A project that reports cumulative figures in any month of a year keeps them alone. A report stays
    without one where a month before it is missing or unreadable, which is questioned.
    """
    series: dict[tuple[str, int], list[int]] = defaultdict(list)
    for position, report in enumerate(reports):
        if not report.blank:
            series[report.code, report.period.year].append(position)
    result = list(reports)
    added: dict[_Sheet, int] = defaultdict(int)
    short: dict[_Sheet, list[Report]] = defaultdict(list)
    for positions in series.values():
        own = [reports[p] for p in positions]
        if any("invested_ytd" in r.columns or r.invested_ytd is not None for r in own):
            continue
        if not any("invested_month" in r.columns for r in own):
            continue
        running, expected = 0, 1
        for position in sorted(positions, key=lambda p: reports[p].period):
            report = reports[position]
            if report.period.month != expected or report.invested_month is None:
                if report.invested_month is not None:
                    short[_sheet(report)].append(report)
                continue
            expected += 1
            running += report.invested_month
            result[position] = replace(report, invested_ytd=running)
            added[_sheet(report)] += 1
    for (file, sheet), count in added.items():
        text = where(sheet) + _("：只报本月完成，{count} 份月报的本年累计由 1 月起各月相加得出。")
        say(finding("cumulative_from_months", text.format(count=count), file=file, sheet=sheet))
    for (file, sheet), left in short.items():
        names = "、".join(f"{r.name or r.code}（{r.period.label}）" for r in left[:_SHOWN])
        said = where(sheet) + _("：只报本月完成，而以前的月份不全，{count} 份月报算不出本年累计：{names}。")
        say(finding("cumulative_missing", said.format(count=len(left), names=names), file=file, sheet=sheet))
    return result


def _sheet(report: Report) -> _Sheet:
    return (report.source.file, report.source.sheet) if report.source else ("", "")
