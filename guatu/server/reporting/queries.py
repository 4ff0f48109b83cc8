"""Reading reports and questions."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.findings import Finding, Severity
from guatu.portfolio.project import Source
from guatu.reporting.report import Report as HandedIn
from guatu.server.accounts.rights import User, visible_projects
from guatu.server.portfolio.models import Project
from guatu.server.reporting.models import Question, Report
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

IN_FORCE = (Report.State.SUBMITTED, Report.State.ACCEPTED)
"""The states in which a version counts; a draft or a returned one does not."""


def reports_as_known_on(day: date, *, year: int | None = None) -> QuerySet[Report]:
    """Of each project and month the latest version that counts and was known on `day`: month by month, in
    the order of the sheets they came from. One query."""
    latest = (
        Report.objects.filter(
            project=OuterRef("project"),
            period=OuterRef("period"),
            known_from__lte=day,
            state__in=IN_FORCE,
        )
        .order_by("-version")
        .values("id")[:1]
    )
    rows = Report.objects.filter(known_from__lte=day, state__in=IN_FORCE)
    if year is not None:
        rows = rows.filter(period__gte=f"{year:04d}-01", period__lte=f"{year:04d}-12")
    return rows.filter(id=Subquery(latest)).order_by("period", "file", "row", "project")


def report_versions(project: Project, period: str | None = None) -> QuerySet[Report]:
    """All versions of a project's reports (of one month) with their entry, the newest first."""
    rows = project.reports.select_related("entry").order_by("-period", "-version")
    return rows if period is None else rows.filter(period=period)


def open_questions(user: User, period: str | None = None) -> QuerySet[Question]:
    """The open questions on projects that `user` may see, in the order of their cells."""
    rows = Question.objects.filter(
        project__in=visible_projects(user), status=Question.Status.OPEN
    ).select_related("project")
    return rows if period is None else rows.filter(period=period)


def questions_of(project: Project) -> QuerySet[Question]:
    """All questions on a project, the newest month first."""
    return project.questions.select_related("entry").order_by("-period", "id")


def as_handed_in(row: Report, code: str) -> HandedIn:
    """The stored version as the rules and checks see it."""
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
    )


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
