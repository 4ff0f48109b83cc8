"""Reading projects: through rights for people, as known on a day for the rules."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.server.accounts.models import in_force
from guatu.server.accounts.rights import User, visible_projects
from guatu.server.known import Known, entered_by
from guatu.server.portfolio.models import (
    AnnualPlan,
    MonthlyPlan,
    PastProject,
    Project,
    ProjectFact,
    Responsibility,
)
from guatu.values import date_text


@dataclass(frozen=True, slots=True)
class FactInForce:
    """A fact's version in force: its value as stored in JSON, read, and where it was read from."""

    value: Any
    column: str
    file: str
    sheet: str
    row: int | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """An annual plan's version in force: 分, and the twelve cumulative amounts (empty: no split)."""

    id: int
    year: int
    amount: int | None
    column: str
    valid_from: date
    cumulative: tuple[int | None, ...]
    columns: tuple[str, ...]


MANY = 5000
"""More ids than this are not named one by one in a query (databases limit that); all rows are read."""


def among(field: str, ids: Collection[int | str] | None) -> Q:
    """The condition that `field` is one of `ids`; no condition for None, or where they are too many to name."""
    return Q() if ids is None or len(ids) > MANY else Q(**{f"{field}__in": ids})


def facts_on(
    day: date, projects: Collection[int] | None = None, *, entered: int | None = None
) -> dict[int, dict[str, FactInForce]]:
    """Project id → field → the version in force on `day`. One query; `null` versions are left out.

    `projects` None means all; of very many ids the answer may hold more projects than asked for. `entered`
    leaves out what came by a later entry of the record.
    """
    rows = ProjectFact.objects.filter(among("project", projects), entered_by(entered), valid_from__lte=day)
    found: dict[int, dict[str, FactInForce]] = {}
    for project, field, value, column, file, sheet, row, valid_from in rows.order_by(
        "valid_from", "id"
    ).values_list("project_id", "field", "value", "column", "file", "sheet", "row", "valid_from"):
        facts = found.setdefault(project, {})
        if value == "null":
            facts.pop(field, None)
        else:
            facts[field] = FactInForce(json.loads(value), column, file, sheet, row, valid_from)
    return found


def plans_on(
    day: date, year: int, projects: Collection[int] | None = None, *, entered: int | None = None
) -> dict[int, PlanInForce]:
    """Project id → its plan for `year` in force on `day`. Two queries; `projects` and `entered` as for `facts_on`."""
    rows = AnnualPlan.objects.filter(
        among("project", projects), entered_by(entered), valid_from__lte=day, year=year
    )
    last = {
        project: (identity, amount, column, valid_from)
        for identity, project, amount, column, valid_from in rows.order_by("valid_from", "id").values_list(
            "id", "project_id", "amount", "column", "valid_from"
        )
    }
    months: dict[int, dict[int, tuple[int | None, str]]] = {}
    for plan, month, cumulative, column in MonthlyPlan.objects.filter(plan__in=rows).values_list(
        "plan_id", "month", "cumulative", "column"
    ):
        months.setdefault(plan, {})[month] = (cumulative, column)
    found = {}
    for project, (identity, amount, column, valid_from) in last.items():
        split = months.get(identity)
        twelve = [split.get(month, (None, "")) for month in range(1, 13)] if split else []
        found[project] = PlanInForce(
            identity,
            year,
            amount,
            column,
            valid_from,
            tuple(cumulative for cumulative, _column in twelve),
            tuple(letter for _cumulative, letter in twelve),
        )
    return found


def ids_by_code(codes: Collection[str]) -> dict[str, int]:
    """Code → id of the projects with these codes (of very many: of all projects). One query."""
    return dict(Project.objects.filter(among("code", codes)).values_list("code", "id"))


def project_or_404(user: User, code: str) -> Project:
    """The project of this code, if `user` may see it. Raises Http404 for a stranger, as if it did not exist."""
    found = visible_projects(user).filter(code=code).select_related("region", "lead_department").first()
    if found is None:
        raise Http404(_("没有这个项目。"))
    return found


def listed_on(project: Project, known: Known | None) -> Project | PastProject:
    """The row of a project that lists show: of a past day as it was then (guatu.server.portfolio.past has it ready).

    Raises Http404 where the project was not known yet. One query for a past day.
    """
    if known is None:
        return project
    found = (
        project.past.filter(known_on=known.day).select_related("region", "lead_department", "project").first()
    )
    if found is None:
        raise Http404(_("%s这里还没有这个项目。") % date_text(known.day))
    return found


def fact_versions(project: Project, known: Known | None = None) -> QuerySet[ProjectFact]:
    """All versions of a project's facts (that had come by then) with document and entry: by field, newest first."""
    rows = project.facts.filter(entered_by(known))
    return rows.select_related("document", "entry").order_by("field", "-valid_from", "-id")


def plan_versions(project: Project, year: int, known: Known | None = None) -> QuerySet[AnnualPlan]:
    """All versions of a project's plan of a year (that had come by then) with their months, the newest first."""
    return (
        project.plans.filter(entered_by(known), year=year)
        .select_related("document", "entry")
        .prefetch_related(Prefetch("months", MonthlyPlan.objects.order_by("month")))
        .order_by("-valid_from", "-id")
    )


def responsibilities_on(project: Project, day: date) -> QuerySet[Responsibility]:
    """Who answers for the project on `day`, in the order of duties."""
    return project.responsibilities.filter(in_force(day)).select_related("person", "organisation", "post")
