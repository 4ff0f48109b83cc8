"""Reading reports and questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.findings import Finding, Severity
from guatu.portfolio.project import Source
from guatu.reporting.form import FormField, ReportForm, Value
from guatu.reporting.report import Report as HandedIn
from guatu.reporting.typed import restored
from guatu.server.accounts.rights import User, visible_projects
from guatu.server.known import Known, entered_by
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import among
from guatu.server.reporting.models import Question, Report, Round
from guatu.values import Period

TEXTS: Final = (
    "name",
    "county",
    "progress",
    "problem",
    "measure",
    "suggestion",
    "reporter",
    "note",
)
FIGURES: Final = (
    "invested_month",
    "invested_ytd",
    "actual_start",
    "actual_finish",
    "in_statistics",
    "handed_in",
)

Counts = Literal["signed", "checked", "accepted"]
"""How far a version must have come to count: the word of the scheme (`[report] counts`)."""
COUNTS_FROM: Final[dict[Counts, str]] = {
    "signed": "signed_on",
    "checked": "checked_on",
    "accepted": "accepted_on",
}


def counting(day: date, counts: Counts = "signed") -> Q:
    """The condition that a version counts on `day`: it had come as far as the scheme asks and was not returned.

    A correction of a report that counted does so only once it was checked, whatever the scheme asks of a first one.
    """
    returned = Q(state=Report.State.RETURNED) & (Q(returned_on__isnull=True) | Q(returned_on__lte=day))
    reached = Q(**{f"{COUNTS_FROM[counts]}__lte": day}) & (Q(reason="") | Q(checked_on__lte=day))
    return Q(known_from__lte=day) & reached & ~returned


def counts_on(row: Report, day: date, counts: Counts = "signed") -> bool:
    """The same condition on a version that was read."""
    reached: date | None = getattr(row, COUNTS_FROM[counts])
    if reached is None or max(reached, row.known_from) > day:
        return False
    if row.reason and (row.checked_on is None or row.checked_on > day):
        return False
    return row.state != Report.State.RETURNED or (row.returned_on is not None and row.returned_on > day)


def reports_as_known_on(
    day: date, *, year: int | None = None, counts: Counts = "signed", entered: int | None = None
) -> QuerySet[Report]:
    """Of each project and month the latest version that counts and was known on `day`: month by month, in
    the order of the sheets they came from. One query. `entered` leaves out what came by a later entry."""
    meant = counting(day, counts) & entered_by(entered)
    latest = (
        Report.objects.filter(meant, project=OuterRef("project"), period=OuterRef("period"))
        .order_by("-version")
        .values("id")[:1]
    )
    rows = Report.objects.filter(meant)
    if year is not None:
        rows = rows.filter(period__gte=f"{year:04d}-01", period__lte=f"{year:04d}-12")
    return rows.filter(id=Subquery(latest)).order_by("period", "file", "row", "project")


def report_versions(
    project: Project, period: str | None = None, known: Known | None = None
) -> QuerySet[Report]:
    """All versions of a project's reports (of one month; that had come by then) with their entry, newest first."""
    rows = project.reports.filter(entered_by(known)).select_related("entry").order_by("-period", "-version")
    rows = rows.prefetch_related("rounds")
    return rows if period is None else rows.filter(period=period)


REWRITTEN: Final = ("progress", "problem", "measure", "suggestion", "reporter", "note")


def as_they_were(rows: Iterable[Report], known: Known | None) -> list[Report]:
    """Versions (with their rounds) as they stood at the end of a past day; those that had not been handed in by then
    are left out. The rows are not to be saved. None is today: all of them, as they are.

    What was taken back later and written over is shown without figures: they are not kept.
    """
    if known is None:
        return list(rows)
    found = []
    for row in rows:
        rounds = list(row.rounds.all())
        before = [one for one in rounds if one.entry_id <= known.entry]
        row._prefetched_objects_cache = {"rounds": before}  # type: ignore[attr-defined]
        state = _state_on(row, before, known.day)
        if state == Report.State.DRAFT:
            continue
        if state == Report.State.SUBMITTED and any(
            one.conclusion == Round.Conclusion.WITHDRAWN for one in rounds[len(before) :]
        ):
            row.invested_month = row.invested_ytd = row.physical = None
            row.own = "{}"
            for name in REWRITTEN:
                setattr(row, name, "")
        row.state = state
        for name in (*COUNTS_FROM.values(), "returned_on", "handed_in"):
            day: date | None = getattr(row, name)
            if day is not None and day > known.day:
                setattr(row, name, None)
        found.append(row)
    return found


def _state_on(row: Report, rounds: Sequence[Round], day: date) -> Report.State:
    """Where a version stood at the end of a day, from the days of its steps and its `rounds` up to then."""
    state = Report.State
    if row.state == state.RETURNED and (row.returned_on is None or row.returned_on <= day):
        return state.RETURNED
    reached = {state.ACCEPTED: row.accepted_on, state.CHECKED: row.checked_on, state.SIGNED: row.signed_on}
    for step, on in reached.items():
        if on is not None and on <= day:
            return step
    if row.row is not None or (rounds and rounds[-1].conclusion == Round.Conclusion.PASSED):
        return state.SUBMITTED
    return state.DRAFT


def versions_of(project: Project, kind: str, period: str) -> QuerySet[Report]:
    """All versions of one report of any kind with their entry and rounds, the newest first."""
    rows = Report.every_kind.filter(project=project, kind=kind, period=period)
    return rows.select_related("entry").prefetch_related("rounds").order_by("-version")


def latest_of_term(projects: Sequence[int], kind: str, period: str) -> dict[int, Report]:
    """Project id → the newest version of the report of this kind and term, whatever its state. One query."""
    rows = Report.every_kind.filter(among("project", set(projects)), kind=kind, period=period)
    return {row.project_id: row for row in rows.order_by("version")}


IN_REVIEW: Final = (Report.State.SUBMITTED, Report.State.SIGNED, Report.State.CHECKED)
"""The states of a version that was handed in and is not accepted yet."""
HANDED_IN: Final = (*IN_REVIEW, Report.State.ACCEPTED)


def latest_version(project: Project, period: Period) -> Report | None:
    """The newest version of a project's report of a month, whatever its state, with its rounds. Two queries."""
    rows = project.reports.filter(period=str(period)).prefetch_related("rounds__account")
    return rows.order_by("-version").first()


def latest_of_month(projects: Sequence[int], period: Period, known: Known | None = None) -> dict[int, Report]:
    """Project id → the newest version of the month's report, whatever its state; on a past day the newest that was
    handed in, as it stood. One query, of a past day two."""
    rows = Report.objects.filter(among("project", set(projects)), entered_by(known), period=str(period))
    rows = rows.order_by("version")
    if known is not None:
        rows = rows.prefetch_related("rounds")
    return {row.project_id: row for row in as_they_were(rows, known)}


def handed_in_before(projects: Sequence[int], period: Period) -> dict[int, dict[str, Report]]:
    """Project id → month → the newest version handed in, of the months of the year before `period` (of January:
    December before it). One query."""
    first = Period(period.year, 1) if period.month > 1 else period.plus(-1)
    rows = Report.objects.filter(
        among("project", set(projects)),
        period__gte=str(first),
        period__lt=str(period),
        state__in=HANDED_IN,
    ).order_by("period", "version")
    found: dict[int, dict[str, Report]] = {}
    for row in rows:
        found.setdefault(row.project_id, {})[row.period] = row
    return found


def same_month_last_year(projects: Sequence[int], period: Period) -> dict[int, Report]:
    """Project id → the newest version handed in of the same month a year before. One query."""
    rows = Report.objects.filter(
        among("project", set(projects)), period=str(period.plus(-12)), state__in=HANDED_IN
    ).order_by("version")
    return {row.project_id: row for row in rows if not row.blank}


def last_ytd(before: Mapping[str, Report], period: Period) -> int | None:
    """What the cumulative figure of `period` starts from: last month's; 0 in January; None where it is not known."""
    if period.month == 1:
        return 0
    row = before.get(str(period.plus(-1)))
    return row.invested_ytd if row is not None and not row.blank else None


def open_questions(user: User, period: str | None = None) -> QuerySet[Question]:
    """The open questions on projects that `user` may see, in the order of their cells."""
    rows = Question.objects.filter(
        project__in=visible_projects(user), status=Question.Status.OPEN
    ).select_related("project")
    return rows if period is None else rows.filter(period=period)


def questions_of(project: Project, known: Known | None = None) -> QuerySet[Question]:
    """All questions on a project (that had been put by then), the newest month first."""
    return project.questions.filter(entered_by(known)).select_related("entry").order_by("-period", "id")


def as_asked_then(rows: Iterable[Question], known: Known | None) -> list[Question]:
    """Questions as they stood at the end of a past day: those settled later are open. Not to be saved."""
    found = list(rows)
    for row in found:
        if known is not None and row.settled_on is not None and row.settled_on > known.day:
            row.status, row.answer = Question.Status.OPEN, ""
    return found


def as_handed_in(row: Report, code: str, fields: Sequence[FormField] = ()) -> HandedIn:
    """The stored version as the rules and checks see it, with the values of `fields` that are no columns."""
    return HandedIn(
        code=code,
        period=Period.parse(row.period),
        source=Source(row.file, row.sheet, row.row) if row.row is not None else None,
        columns=json.loads(row.columns),
        headers=json.loads(row.headers),
        extra=json.loads(row.extra),
        **{name: getattr(row, name) or None for name in TEXTS},
        **{name: getattr(row, name) for name in FIGURES},
        physical=plain(row.physical),
        blank=row.blank,
        own=own_values(row, fields),
    )


def own_values(row: Report, fields: Sequence[FormField]) -> dict[str, Value]:
    """What the version keeps beyond the columns, by field; what the form no longer asks stays in the table alone."""
    kept: dict[str, Any] = json.loads(row.own) if row.own != "{}" else {}
    said = {one.id: restored(one, kept[one.id]) for one in fields if one.id in kept}
    return {name: value for name, value in said.items() if value is not None}


def values_of(row: Report, form: ReportForm) -> dict[str, Value]:
    """What a version of any kind says, by the fields of a form; a field that was left empty is not among it."""
    own = own_values(row, form.own)
    found = {one.id: getattr(row, one.kept) if one.kept else own.get(one.id) for one in form.fields}
    if "physical" in form.by_id:
        found["physical"] = plain(row.physical)
    return {name: value for name, value in found.items() if value not in (None, "")}


def plain(value: Decimal | None) -> Decimal | None:
    """The number without the zeros that the table adds: 16.5000 is 16.5, 100.0000 is 100."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def settled_digests() -> set[str]:
    """The digests of the questions that were answered: their cells are not questioned any more."""
    return set(Question.objects.exclude(status=Question.Status.OPEN).values_list("digest", flat=True))


def findings_up_to(period: Period) -> list[Finding]:
    """The open questions on the ledger, and on the reports of the year up to `period`, as findings."""
    rows = Question.objects.filter(status=Question.Status.OPEN).filter(
        Q(period="") | Q(period__gte=f"{period.year:04d}-01", period__lte=str(period))
    )
    return [as_finding(row) for row in rows.order_by("id")]


def as_finding(row: Question) -> Finding:
    """The question as the finding it was put for."""
    return Finding(
        id=row.finding,
        severity=Severity(row.severity),
        file=row.file,
        message=row.message,
        sheet=row.sheet or None,
        row=row.row,
        column=row.column or None,
        header=row.header or None,
        found=row.found or None,
        expected=row.expected or None,
        cure=row.cure or None,
        project=row.code or None,
        period=row.period or None,
        field=row.field or None,
        cells=tuple(row.cells.splitlines()),
    )
