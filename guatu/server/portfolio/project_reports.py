"""The monthly reports on a project's page: month by month, with versions, marks and doubtful cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from guatu.calendars import UnpublishedYear, working_days_after
from guatu.reporting.beside import BesideStatistics, beside_statistics
from guatu.reporting.typed import exact_money, shown_text
from guatu.reporting.typed import plain as plain_text
from guatu.schemes.load import Scheme
from guatu.server.clock import CHINA
from guatu.server.portfolio.columns import percent_text, points_text, tenths, wan
from guatu.server.portfolio.queries import PlanInForce
from guatu.server.reporting.models import Question, Report, Round
from guatu.server.reporting.queries import Counts, counts_on, own_values, plain
from guatu.values import Period, date_text, money_text, number_text

SAID_ELSEWHERE: Final = frozenset({"handed_in_late"})
"""The kinds of finding that the page shows in another form, so that they are not listed as doubts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a report: its text, the cell it was read from, and what is doubted about it."""

    text: str
    place: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report as it was handed in."""

    number: int
    state: str
    counts: bool
    handed_in: str
    reporter: str
    source: str
    month: Cell
    ytd: Cell
    physical: Cell
    progress: str
    problem: str
    measure: str
    suggestion: str
    note: str
    own: tuple[tuple[str, str], ...] = ()
    statistics: BesideStatistics | None = None
    rounds: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportedMonth:
    """One month: the version that counts (None: silent), the others, and how it stands to the plan. `review` says
    where a version stands that was handed in and does not count yet."""

    period: Period
    planned: str
    percent: str
    points: str
    latest: Version | None
    older: tuple[Version, ...]
    silent: bool
    review: str
    late: str
    due: str
    done: int | None
    plan: int | None


def last_known(reports: Sequence[Report], period: str, day: date, counts: Counts) -> Report | None:
    """The report whose cumulative figure a month is judged by: the latest one up to it that was known on `day`.

    A silent month keeps the figure of the last report before it.
    """
    months: dict[str, Report] = {}
    for row in reports:
        known = counts_on(row, day, counts) and row.period <= period
        if known and row.period[:4] == period[:4]:
            before = months.get(row.period)
            if before is None or row.version > before.version:
                months[row.period] = row
    stated = [row for row in months.values() if not row.blank and row.invested_ytd is not None]
    return max(stated, key=lambda row: row.period, default=None)


def in_force(reports: Sequence[Report], counts: Counts) -> Report | None:
    """Of the versions of one month the latest that counts."""
    known = (row for row in reports if counts_on(row, date.max, counts))
    return max(known, key=lambda row: row.version, default=None)


def in_review(reports: Sequence[Report], latest: Report | None) -> str:
    """Where the newest version stands that was handed in and does not count yet; empty where there is none."""
    newest = max(reports, key=lambda row: row.version, default=None)
    if newest is None or newest is latest or (latest is not None and newest.version < latest.version):
        return ""
    return _("第 %(version)d 版%(state)s，尚未计入") % {
        "version": newest.version,
        "state": newest.get_state_display(),
    }


def reported_months(
    reports: Sequence[Report],
    questions: Sequence[Question],
    plan: PlanInForce | None,
    through: Period,
    scheme: Scheme,
) -> list[ReportedMonth]:
    """The months of the year up to `through`, the latest first."""
    by_month: dict[str, list[Report]] = {}
    for row in reports:
        if row.state != Report.State.DRAFT:
            by_month.setdefault(row.period, []).append(row)
    months = [Period(through.year, month) for month in range(through.month, 0, -1)]
    return [_reported_month(month, by_month.get(str(month), []), questions, plan, scheme) for month in months]


def _reported_month(
    month: Period,
    rows: Sequence[Report],
    questions: Sequence[Question],
    plan: PlanInForce | None,
    scheme: Scheme,
) -> ReportedMonth:
    latest = in_force(rows, scheme.counts)
    shown = None if latest is None or latest.blank else latest
    due = scheme.due(month)
    planned = plan.cumulative[month.month - 1] if plan and plan.cumulative else None
    year = plan.amount if plan else None
    done = shown.invested_ytd if shown else None
    behind = None if done is None or planned is None else done - planned
    doubts = _doubts(questions, str(month))
    return ReportedMonth(
        period=month,
        planned=wan(planned),
        percent=percent_text(tenths(done, year)),
        points=points_text(tenths(behind, year)),
        latest=_version(shown, doubts, scheme) if shown else None,
        older=tuple(
            _version(row, doubts, scheme)
            for row in sorted(rows, key=lambda row: -row.version)
            if row is not shown and not row.blank
        ),
        silent=shown is None,
        review=in_review(rows, latest),
        late=_late(shown.handed_in, due) if shown and shown.handed_in else "",
        due=date_text(due),
        done=done,
        plan=planned,
    )


def _late(handed_in: date, due: date) -> str:
    if handed_in <= due:
        return ""
    try:
        return _("迟报 %d 个工作日") % working_days_after(due, handed_in)
    except UnpublishedYear:
        return _("迟报 %d 天") % (handed_in - due).days


Doubts = Mapping[tuple[str, int | None, str], tuple[str, ...]]
"""What is doubted about a cell: by sheet, row and column letter."""


def _doubts(questions: Sequence[Question], period: str) -> Doubts:
    found: dict[tuple[str, int | None, str], tuple[str, ...]] = {}
    for question in questions:
        if question.period == period and is_doubt(question):
            key = (question.sheet, question.row, question.column)
            words = _("应为 %s") % question.expected if question.expected else _("待核")
            found[key] = (*found.get(key, ()), words)
    return found


def is_doubt(question: Question) -> bool:
    """Whether a question doubts a figure, rather than telling how it was written."""
    return question.severity != Question.Severity.NOTE and question.finding not in SAID_ELSEWHERE


def _version(row: Report, doubts: Doubts, scheme: Scheme) -> Version:
    columns: dict[str, str] = json.loads(row.columns)

    def cell(field: str, text: str) -> Cell:
        letter = columns.get(field, "")
        place = f"{letter}{row.row}" if letter and row.row else ""
        return Cell(text, place, doubts.get((row.sheet, row.row, letter), ()) if letter else ())

    physical = plain(row.physical)
    return Version(
        number=row.version,
        state=str(row.get_state_display()),
        counts=counts_on(row, date.max, scheme.counts),
        handed_in=date_text(row.handed_in),
        reporter=row.reporter,
        source=place(row.file, row.sheet, row.row),
        month=cell("invested_month", _money(row, row.invested_month)),
        ytd=cell("invested_ytd", _money(row, row.invested_ytd)),
        physical=cell("physical", _percent(row, physical)),
        progress=row.progress,
        problem=row.problem,
        measure=row.measure,
        suggestion=row.suggestion,
        note=row.note,
        own=_own(row, scheme),
        statistics=beside_statistics(row.invested_ytd, own_values(row, scheme.form.own)),
        rounds=tuple(round_words(one) for one in row.rounds.all()),
        reason=row.reason,
    )


def _money(row: Report, fen: int | None) -> str:
    """What was typed on a page, to the 分; what a workbook brought, in whole 万元 beside its cell."""
    return exact_money(fen) if row.row is None else money_text(fen, "万元", 0)


def _percent(row: Report, value: Decimal | None) -> str:
    """A percentage on the same terms: as typed, or with one decimal."""
    if value is None:
        return "–"
    return plain_text(value) + "%" if row.row is None else number_text(value, 1) + "%"


def _own(row: Report, scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """The fields of the form that are no columns here: name and value, as far as something was said."""
    said = own_values(row, scheme.form.own)
    return tuple((one.name, shown_text(one, said[one.id])) for one in scheme.form.own if one.id in said)


def round_words(one: Round) -> str:
    """One step in words: 2023年10月13日 单位签发 · 通过 顾闻笛（局长）：……"""
    words = f"{date_text(one.time.astimezone(CHINA).date())} {one.words} {one.person}"
    if one.post:
        words += _("（%s）") % one.post
    return f"{words}：{one.opinion}" if one.opinion else words


def place(file: str, sheet: str, row: int | None, column: str = "") -> str:
    """Where something was read: ledger.xlsx“在建项目”L21."""
    if not file:
        return ""
    cell = f"{column}{row}" if column and row else (_("第 %d 行") % row if row else "")
    return f"{file}“{sheet}”{cell}" if sheet else f"{file} {cell}".strip()
