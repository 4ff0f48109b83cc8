"""Checks of monthly reports against the project's own series, its plan and the day they are due.

Pure functions over rows, in 分: the importer, the command line and the server call the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.checks import wan
from guatu.portfolio.project import Project
from guatu.reporting.honesty import HONESTY
from guatu.reporting.report import Report
from guatu.reporting.series import unit_errors
from guatu.reporting.settings import CheckSettings
from guatu.reporting.told import Due, Told, about, name_of
from guatu.values import date_text, half_up

_QUESTIONS_CUMULATIVE = ("unit_yi_in_wan", "unit_wan_in_yi", "cumulative_falls")


def check_reports(
    projects: Iterable[Project], reports: Iterable[Report], settings: CheckSettings, due: Due | None
) -> tuple[Finding, ...]:
    """Everything in the reports that does not fit, by project and month.

    `due` gives the day a report is due; None leaves lateness out. Blank reports are not looked at.
    """
    by_code: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if not report.blank:
            by_code[report.code].append(report)
    ledger = {project.code: project for project in projects}
    found: list[Finding] = []
    for code, series in by_code.items():
        series.sort(key=lambda report: report.period)
        told = Told(ledger.get(code), tuple(series), unit_errors(ledger.get(code), series, settings))
        for check in CHECKS:
            found.extend(check(told, settings, due))
    return tuple(found)


def questioned_cells(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """The (code, period YYYY-MM) whose cumulative figure is questioned: a wrong unit or a fall."""
    return frozenset(
        (found.project, found.period)
        for found in findings
        if found.project
        and found.period
        and found.id in _QUESTIONS_CUMULATIVE
        and found.field == "invested_ytd"
    )


def questioned_plans(findings: Iterable[Finding]) -> frozenset[str]:
    """The codes of the projects whose plan in the ledger is questioned: a wrong unit."""
    return frozenset(
        found.project
        for found in findings
        if found.project
        and not found.period
        and found.id in ("unit_yi_in_wan", "unit_wan_in_yi")
        and (found.field or "").startswith("planned")
    )


def figures_in_their_unit(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """A figure that only fits when it is read in the other unit."""
    for report in told.reports:
        for field, word in (("invested_month", _("本月完成")), ("invested_ytd", _("本年累计"))):
            error = told.units.get((report.period, field))
            if error is None:
                continue
            value = getattr(report, field)
            unit = _("亿元") if error.kind == "unit_yi_in_wan" else _("万元")
            said = _(
                "{name} {period}{word} {figure} 与该项目前后数字不符，疑似按{unit}填写，应为 {meant}。"
            ).format(
                name=name_of(report),
                period=report.period.label,
                word=word,
                figure=wan(value),
                unit=unit,
                meant=wan(error.meant),
            )
            questioned = about(error.kind, report, field, said, wan(value), wan(error.meant))
            # A cumulative figure that was added up is as doubtful as the month in it.
            yield replace(questioned, field="invested_ytd") if report.added_up else questioned


def cumulative_rises(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The cumulative figure of the year never falls below the last one reported; figures in a wrong
    unit are set aside."""
    last: Report | None = None
    for report in told.reports:
        if report.invested_ytd is None or (report.period, "invested_ytd") in told.units:
            continue
        if (
            last is not None
            and last.invested_ytd is not None
            and last.period.year == report.period.year
            and report.invested_ytd < last.invested_ytd - settings.tolerance_fen
        ):
            said = _("{name} {period}累计 {now} 低于 {last_period}所报 {before}。").format(
                name=name_of(report), period=report.period.label, now=wan(report.invested_ytd),
                last_period=last.period.label, before=wan(last.invested_ytd),
            )  # fmt: skip
            yield about(
                "cumulative_falls",
                report,
                "invested_ytd",
                said,
                wan(report.invested_ytd),
                _("不低于 {before}").format(before=wan(last.invested_ytd)),
            )
        last = report


def cumulative_is_sum(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The cumulative figure is last month's plus the month's; not tested over a gap or a bad figure."""
    fallen = {found.period for found in cumulative_rises(told, settings, due)}
    before: Report | None = None
    for report in told.reports:
        first = report.period.month == 1
        previous = before if before is not None and before.period.plus(1) == report.period else None
        before = report
        bad = [
            (one.period, field) in told.units or (field == "invested_ytd" and str(one.period) in fallen)
            for one, field in (
                (report, "invested_month"),
                (report, "invested_ytd"),
                (previous, "invested_ytd"),
            )
            if one is not None
        ]
        if report.invested_month is None or report.invested_ytd is None or any(bad):
            continue
        if first:
            base = 0
        elif previous is not None and previous.invested_ytd is not None:
            base = previous.invested_ytd
        else:
            continue
        expected = base + report.invested_month
        if abs(report.invested_ytd - expected) > settings.tolerance_fen:
            said = _("{name} {period}累计 {now}，上月累计加本月完成应为 {expected}。").format(
                name=name_of(report),
                period=report.period.label,
                now=wan(report.invested_ytd),
                expected=wan(expected),
            )
            yield about(
                "cumulative_not_last_plus_month",
                report,
                "invested_ytd",
                said,
                wan(report.invested_ytd),
                wan(expected),
            )


def handed_in_by_the_day(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """A report comes in by the day it is due; that day itself is in time."""
    if due is None:
        return
    for report in told.reports:
        day = due(report.period)
        if report.handed_in is not None and report.handed_in > day:
            said = _("{name} {period}的月报 {handed_in}才报送，应在 {due}前。").format(
                name=name_of(report),
                period=report.period.label,
                handed_in=date_text(report.handed_in),
                due=date_text(day),
            )
            yield about(
                "handed_in_late",
                report,
                "handed_in",
                said,
                report.handed_in.isoformat(),
                _("不晚于 {day}").format(day=day.isoformat()),
            )


def money_beside_works(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """Money spent of the total does not run far ahead of physical progress."""
    project = told.project
    if project is None or not project.total:
        return
    for report in told.reports:
        if (
            report.physical is None
            or report.invested_ytd is None
            or (report.period, "invested_ytd") in told.units
        ):
            continue
        spent = Fraction(((project.done_before or 0) + report.invested_ytd) * 100, project.total)
        ahead = spent - Fraction(report.physical)
        if ahead >= Fraction(settings.money_ahead_points):
            said = _(
                "{name} {period}已完成投资占总投资 {money}%，形象进度只报 {works}%，相差 {points} 个百分点。"
            ).format(
                name=name_of(report),
                period=report.period.label,
                money=half_up(spent, 1),
                works=f"{report.physical:f}",
                points=half_up(ahead, 1),
            )
            expected = _("与投资比例 {money}% 相差不到 {limit} 个百分点").format(
                money=half_up(spent, 1), limit=settings.money_ahead_points
            )
            yield about(
                "money_ahead_of_physical", report, "physical", said, f"{report.physical:f}%", expected
            )


def done_within_total(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """What was done before the year and in it does not exceed the total."""
    project = told.project
    if project is None or project.total is None:
        return
    for report in told.reports:
        if report.invested_ytd is None or (report.period, "invested_ytd") in told.units:
            continue
        done = (project.done_before or 0) + report.invested_ytd
        if done > project.total + settings.tolerance_fen:
            said = _("{name} 到 {period}累计完成 {done}，超过总投资 {total}。").format(
                name=name_of(report), period=report.period.label, done=wan(done), total=wan(project.total)
            )
            yield about(
                "done_exceeds_total",
                report,
                "invested_ytd",
                said,
                wan(done),
                _("不超过 {total}").format(total=wan(project.total)),
            )


def text_of_its_own(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """The text of progress is not last month's, in a month that shows investment."""
    for last, report in pairwise(told.reports):
        if not report.progress or not last.progress or last.period.plus(1) != report.period:
            continue
        if (
            "".join(report.progress.split()) == "".join(last.progress.split())
            and (report.invested_month or 0) > 0
        ):
            said = _("{name} {period}的形象进度与上月一字不差，而本月填有投资 {money}。").format(
                name=name_of(report), period=report.period.label, money=wan(report.invested_month or 0)
            )
            yield about("copied_text", report, "progress", said, report.progress, _("本月的实际进展"))


def days_in_order(told: Told, settings: CheckSettings, due: Due | None) -> Iterator[Finding]:
    """A project is not finished before it has started."""
    for report in told.reports:
        if report.actual_start and report.actual_finish and report.actual_finish < report.actual_start:
            said = _("{name} 实际竣工 {finish}早于实际开工 {start}。").format(
                name=name_of(report),
                finish=date_text(report.actual_finish),
                start=date_text(report.actual_start),
            )
            yield about(
                "date_impossible",
                report,
                "actual_finish",
                said,
                report.actual_finish.isoformat(),
                _("不早于 {day}").format(day=report.actual_start.isoformat()),
            )


CHECKS = (
    figures_in_their_unit,
    cumulative_rises,
    cumulative_is_sum,
    handed_in_by_the_day,
    money_beside_works,
    done_within_total,
    text_of_its_own,
    days_in_order,
    *HONESTY,
)
"""The checks of one project's reports, in the order of their findings."""
