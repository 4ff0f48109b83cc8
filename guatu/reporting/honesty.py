"""Part of the checks: what makes a report look as if nobody had looked at the site. Questions, not verdicts.

Each is asked only where the scheme says from when on. Figures in a wrong unit are left to their own check.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Indel

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.checks import wan
from guatu.portfolio.project import Project
from guatu.reporting.report import Report
from guatu.reporting.settings import CheckSettings
from guatu.reporting.told import Due, Told, about, name_of
from guatu.values import half_up

NUMBERS: Final = re.compile(r"\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿点]+")
SHORTEST: Final = 8
"""Texts with fewer characters are alike without anybody having copied."""


def bare(text: str) -> str:
    """A text without spaces, punctuation and widths: what is left is what was said."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum() or one == ".")


def alike(one: str, other: str) -> Fraction:
    """How much of two texts is the same, 0 to 1; texts that differ in a number are not alike at all."""
    first, second = bare(one), bare(other)
    if NUMBERS.findall(first) != NUMBERS.findall(second) or not first or not second:
        return Fraction(0)
    return 1 - Fraction(Indel.distance(first, second), len(first) + len(second))


def text_nearly_copied(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The text of progress is not nearly last month's, in a month that shows investment."""
    if settings.text_alike is None:
        return
    for last, report in pairwise(told.reports):
        if not report.progress or not last.progress or last.period.plus(1) != report.period:
            continue
        if (report.invested_month or 0) <= 0 or min(
            len(bare(report.progress)), len(bare(last.progress))
        ) < SHORTEST:
            continue
        share = alike(report.progress, last.progress) * 100
        if share >= settings.text_alike and "".join(report.progress.split()) != "".join(
            last.progress.split()
        ):
            said = _(
                "{name} {period}的形象进度与上月有 {share}% 相同，数字也一样，而本月填有投资 {money}。"
            ).format(
                name=name_of(report),
                period=report.period.label,
                share=half_up(share, 0),
                money=wan(report.invested_month or 0),
            )
            expected = _("本月的实际进展，与上月相同的不到 {limit}%").format(limit=settings.text_alike)
            yield about("nearly_copied_text", report, "progress", said, report.progress, expected)


def _run(
    reports: Sequence[Report], holds: Callable[[Report], bool], same: Callable[[Report, Report], bool]
) -> int:
    """For how many months running, up to the last, `holds` is true and each is the `same` as the one before."""
    if not reports or not holds(reports[-1]):
        return 0
    found = 1
    for before, report in reversed(list(pairwise(reports))):
        if before.period.plus(1) != report.period or not holds(before) or not same(before, report):
            break
        found += 1
    return found


def problem_in_the_same_words(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """A problem is not told in the same words month after month."""
    if settings.same_problem_months is None:
        return
    for n, report in enumerate(told.reports, 1):
        months = _run(
            told.reports[:n],
            lambda one: len(bare(one.problem or "")) >= SHORTEST,
            lambda one, other: bare(one.problem or "") == bare(other.problem or ""),
        )
        if months >= settings.same_problem_months:
            said = _("{name} 到 {period}，存在问题已连续 {n} 个月照抄同样的话。").format(
                name=name_of(report), period=report.period.label, n=months
            )
            yield about(
                "same_problem_text",
                report,
                "problem",
                said,
                report.problem or "",
                _("问题现在的情况，或已解决"),
            )


def always_on_plan(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The month's investment is not the plan's to the 分 month after month."""
    project = told.project
    if settings.on_plan_months is None or project is None or len(project.planned_cumulative) != 12:
        return
    for n, report in enumerate(told.reports, 1):
        months = _run(
            told.reports[:n],
            lambda one: (
                (plan := month_plan(project, one)) is not None and plan > 0 and one.invested_month == plan
            ),
            lambda one, other: one.period.year == other.period.year,
        )
        if months >= settings.on_plan_months:
            said = _(
                "{name} 到 {period}，本月完成已连续 {n} 个月与当月计划分毫不差（本月 {money}）。"
            ).format(
                name=name_of(report),
                period=report.period.label,
                n=months,
                money=wan(report.invested_month or 0),
            )
            yield about(
                "always_on_plan",
                report,
                "invested_month",
                said,
                wan(report.invested_month or 0),
                _("按凭证算出的实际完成"),
            )


def month_plan(project: Project, report: Report) -> int | None:
    """What the plan of the report's year foresees for its month, in 分; None where it is not split."""
    split, month = project.planned_cumulative, report.period.month
    now, before = split[month - 1], split[month - 2] if month > 1 else 0
    return None if now is None or before is None else now - before


def stuck_near_the_end(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """Physical progress that is nearly complete does not stay where it is month after month."""
    if settings.stuck_months is None:
        return
    for n, report in enumerate(told.reports, 1):
        months = _run(
            told.reports[:n],
            lambda one: one.physical is not None and settings.stuck_percent <= one.physical < 100,
            lambda one, other: one.physical == other.physical,
        )
        if months >= settings.stuck_months:
            said = _("{name} 到 {period}，形象进度已连续 {n} 个月停在 {percent}%。").format(
                name=name_of(report), period=report.period.label, n=months, percent=f"{report.physical:f}"
            )
            yield about(
                "stuck_near_end", report, "physical", said, f"{report.physical:f}%", _("收尾工程的实际进度")
            )


def dispatch_beside_statistics(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The figure of dispatch and that of statistics do not lie far apart without a reason."""
    if settings.statistics_gap is None:
        return
    for report in told.reports:
        counted = report.own.get("statistics_invested")
        if not isinstance(counted, int) or isinstance(counted, bool) or report.invested_ytd is None:
            continue
        if report.own.get("statistics_difference") or (report.period, "invested_ytd") in told.units:
            continue
        gap = gap_percent(report.invested_ytd, counted)
        if gap is None or gap > Fraction(settings.statistics_gap):
            share = "" if gap is None else _("，相差调度数的 {n}%").format(n=half_up(gap, 1))
            said = _(
                "{name} {period}累计，调度数 {dispatch}，统计数 {counted}{share}，没有写明原因。"
            ).format(
                name=name_of(report),
                period=report.period.label,
                dispatch=wan(report.invested_ytd),
                counted=wan(counted),
                share=share,
            )
            yield about(
                "statistics_gap",
                report,
                "statistics_invested",
                said,
                wan(counted),
                _("相差不超过调度数的 {limit}%，或写明原因").format(limit=settings.statistics_gap),
            )


def gap_percent(dispatch: int, counted: int) -> Fraction | None:
    """By how many per cent of the dispatch figure the statistics figure differs; None where that figure is 0 and
    the other is not."""
    if dispatch == counted:
        return Fraction(0)
    return Fraction(abs(dispatch - counted) * 100, abs(dispatch)) if dispatch else None


HONESTY = (
    text_nearly_copied,
    problem_in_the_same_words,
    always_on_plan,
    stuck_near_the_end,
    dispatch_beside_statistics,
)
"""The questions of honesty, in the order of their findings."""
