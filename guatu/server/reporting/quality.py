"""Part of reporting's queries: what became of every report that was due, by the unit that answered for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q

from guatu.portfolio.project import BUILDING
from guatu.reporting.form import MONTHLY
from guatu.reporting.quality import Handled, Quality, quality_of
from guatu.schemes.load import Scheme
from guatu.server.accounts.rights import User, sees_everything, visible_projects
from guatu.server.clock import CHINA, today
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.portfolio.queries import among
from guatu.server.reporting.models import Question, Report, Round
from guatu.values import Period

Duty = Responsibility.Duty
APART = frozenset({"handed_in_late"})
"""Kinds of question that are counted by themselves: a late report is counted by its day."""


@dataclass(frozen=True, slots=True)
class UnitQuality:
    """A unit with the quality of what it reported in a year so far."""

    organisation: int
    name: str
    quality: Quality


@dataclass(slots=True)
class _Came:
    """What is known of one project's report of a month."""

    handed_in: date | None = None
    accepted: bool = False
    corrected: bool = False


def last_month(day: date) -> Period:
    """The last month that is over."""
    return Period.of(day).plus(-1)


def units_quality(user: User, scheme: Scheme, organisation: int | None = None) -> list[UnitQuality]:
    """The quality of what units reported this year so far (of one unit), the best first, then those without a grade.

    A unit is shown to whoever sees all projects that it answers for. Empty where the scheme grades no data. Seven
    queries, whatever the number of projects.
    """
    rule = scheme.text.data_quality
    if rule is None:
        return []
    day, duties = today(), _duties(Duty.RESPONSIBLE_UNIT)
    if organisation is not None:
        duties = [row for row in duties if row["organisation"] == organisation]
    if not sees_everything(user):
        seen = set(visible_projects(user).values_list("pk", flat=True))
        hidden = {
            row["organisation"]
            for row in duties
            if row["project"] not in seen and (row["valid_to"] is None or row["valid_to"] >= day)
        }
        duties = [row for row in duties if row["organisation"] not in hidden]
    names = {row["organisation"]: row["organisation__name"] for row in duties}
    handled = _by(duties, "organisation", last_month(day), day, scheme)
    found = [UnitQuality(pk, names[pk], quality_of(handled.get(pk, ()), rule)) for pk in names]
    return sorted(
        (one for one in found if one.quality.due or organisation is not None),
        key=lambda one: (one.quality.points is None, -(one.quality.points or 0), one.name),
    )


def quality_points(kind: str, through: Period, day: date, scheme: Scheme) -> dict[str, Quality]:
    """Name of a unit, lead department or county (`kind`) → the quality of its reports of the year up to `through`, as
    known on `day`. For the scheme's declared fact. Five queries."""
    rule = scheme.text.data_quality
    if rule is None:
        return {}
    if kind == "county":
        rows = [
            {"project": pk, "county": county, "valid_from": date.min, "valid_to": None}
            for pk, county in _building().exclude(county="").values_list("pk", "county")
        ]
        handled = _by(rows, "county", through, day, scheme)
    else:
        duty = Duty.RESPONSIBLE_UNIT if kind == "unit" else Duty.LEAD_DEPARTMENT
        handled = _by(_duties(duty), "organisation__name", through, day, scheme)
    return {str(name): quality_of(reports, rule) for name, reports in handled.items()}


def _building() -> Any:
    return Project.objects.filter(stage__in=[str(stage) for stage in BUILDING])


def _duties(duty: Responsibility.Duty) -> list[dict[str, Any]]:
    """Who answered for the projects under construction, and from when to when. One query."""
    rows = Responsibility.objects.filter(
        duty=duty, organisation__isnull=False, project__stage__in=[str(stage) for stage in BUILDING]
    )
    fields = ("project", "organisation", "organisation__name", "valid_from", "valid_to")
    return list(rows.order_by("organisation__name", "project").values(*fields))


def _by(
    duties: Collection[Mapping[str, Any]], key: str, through: Period, day: date, scheme: Scheme
) -> dict[Any, list[Handled]]:
    """What became of the reports of January to `through`, by who answered for the project on the day they were due.

    A month whose day has not come is due only where its report is there already.
    """
    projects = {row["project"] for row in duties}
    codes = {
        pk: (code, name)
        for pk, code, name in Project.objects.filter(among("pk", projects)).values_list("pk", "code", "name")
    }
    months = [Period(through.year, month) for month in range(1, through.month + 1)]
    dues = {str(period): due for period in months if (due := scheme.due(period)) != date.max}
    came = _came(projects, dues, day)
    returned, asked = _returned(projects, dues, day), _asked(projects, dues, day)
    found: dict[Any, list[Handled]] = defaultdict(list)
    for duty in duties:
        pk = duty["project"]
        for period, due in dues.items():
            report = came.get((pk, period))
            answers = duty["valid_from"] <= due and (duty["valid_to"] is None or duty["valid_to"] >= due)
            if not answers or (report is None and due >= day):
                continue
            code, name = codes[pk]
            unanswered, explained = asked.get((pk, period), (set(), set()))
            found[duty[key]].append(
                Handled(
                    code,
                    name,
                    Period.parse(period),
                    due,
                    report is not None,
                    report.handed_in if report else None,
                    returned.get((pk, period), 0),
                    bool(report and report.corrected),
                    tuple(sorted(unanswered)),
                    tuple(sorted(explained)),
                )
            )
    return found


def _came(projects: Collection[int], periods: Collection[str], day: date) -> dict[tuple[int, str], _Came]:
    """What was handed in by `day`: the day of the first version, and whether one came after an accepted one."""
    rows = (
        Report.objects.filter(
            among("project", projects), period__in=list(periods), known_from__lte=day, blank=False
        )
        .exclude(state=Report.State.DRAFT)
        .order_by("version")
        .values_list("project", "period", "state", "handed_in")
    )
    found: dict[tuple[int, str], _Came] = {}
    for project, period, state, handed_in in rows:
        one = found.setdefault((project, period), _Came())
        one.corrected |= one.accepted
        one.accepted |= state == Report.State.ACCEPTED
        one.handed_in = one.handed_in or handed_in
    return found


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CHINA)


def _returned(projects: Collection[int], periods: Collection[str], day: date) -> dict[tuple[int, str], int]:
    rows = (
        Round.objects.filter(
            among("report__project", projects),
            report__kind=MONTHLY,
            report__period__in=list(periods),
            conclusion=Round.Conclusion.RETURNED,
            time__lt=_end_of(day),
        )
        .order_by()
        .values_list("report__project", "report__period")
        .annotate(times=Count("id"))
    )
    return {(project, period): times for project, period, times in rows}


def _asked(
    projects: Collection[int], periods: Collection[str], day: date
) -> dict[tuple[int, str], tuple[set[str], set[str]]]:
    """The kinds of question on each report: those that nobody answered, and those that were explained. What was mended
    is not counted."""
    rows = (
        Question.objects.filter(
            among("project", projects), period__in=list(periods), entry__time__lt=_end_of(day)
        )
        .exclude(
            Q(status=Question.Status.CORRECTED) | Q(severity=Question.Severity.NOTE) | Q(finding__in=APART)
        )
        .values_list("project", "period", "finding", "answer")
    )
    found: dict[tuple[int, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for project, period, finding, answer in rows:
        found[project, period][1 if answer else 0].add(finding)
    return found
