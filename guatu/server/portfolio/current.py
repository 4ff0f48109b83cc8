"""Part of the portfolio's actions: the values in force, put on the project row for listing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection
from django.db.models import F

from guatu.server.accounts.models import Organisation
from guatu.server.accounts.queries import regions_by_name
from guatu.server.portfolio.facts import MONEY_FIELDS, pinyin_initials
from guatu.server.portfolio.models import AnnualPlan, PastProject, Project, ProjectFact
from guatu.server.portfolio.queries import among, facts_on, plans_on

LISTED = (
    "name",
    "county",
    "category",
    "stage",
    "level",
    "total",
    "done_before",
    "planned_start",
    "planned_finish",
    "responsible_unit",
    "county_leader",
    "city_leader",
    "company",
)
"""The facts that stand on the project row as they are; plan, region, department and pinyin are derived."""

DERIVED = ("pinyin", "planned", "region", "lead_department", "current_on")

LONGEST = {column.name: column.max_length for column in Project._meta.fields}
"""How much of a text the row for listing holds; the fact itself is kept whole."""


def stale_projects(day: date) -> set[int]:
    """The projects of which a fact or plan came into force after their row was last brought up to date."""
    found: set[int] = set()
    for rows in (ProjectFact.objects, AnnualPlan.objects):
        later = rows.filter(valid_from__lte=day, valid_from__gt=F("project__current_on"))
        found.update(later.values_list("project_id", flat=True).distinct())
    return found


def bring_up_to_date(day: date, projects: Iterable[int] | None = None) -> int:
    """Put the values in force on `day` on the rows of `projects` (those that need it); how many.

    The plan shown is that of the year of `day`, else the latest year planned before it.
    """
    meant = stale_projects(day) if projects is None else set(projects)
    if not meant:
        return 0
    rows = {row.pk: row for row in Project.objects.filter(among("id", meant)) if row.pk in meant}
    fill_in(rows, day)
    for row in rows.values():
        row.current_on = day
    _write_rows(rows.values())
    return len(rows)


def fill_in(
    rows: Mapping[int, Project] | Mapping[int, PastProject], day: date, *, entered: int | None = None
) -> set[int]:
    """Put the values in force on `day` (that had come by the entry `entered`) on the rows, by id of the project;
    the ids of those of which anything was known."""
    facts = facts_on(day, rows.keys(), entered=entered)
    years = sorted(
        AnnualPlan.objects.filter(among("project", rows.keys()), year__lte=day.year)
        .values_list("year", flat=True)
        .distinct()
    )
    planned = {
        project: plan.amount
        for year in years
        for project, plan in plans_on(day, year, rows.keys(), entered=entered).items()
    }
    regions = regions_by_name()
    departments = dict(Organisation.objects.values_list("name", "id"))
    for project, row in rows.items():
        known = facts.get(project, {})
        for name in LISTED:
            value = known[name].value if name in known else (None if name in MONEY_FIELDS else "")
            setattr(row, name, value[: LONGEST[name]] if isinstance(value, str) else value)
        row.pinyin = pinyin_initials(row.name)[:200]
        row.planned = planned.get(project)
        row.region = regions.get(row.county)
        lead = known.get("lead_department")
        row.lead_department_id = departments.get(lead.value) if lead else None
    return set(facts)


def _write_rows(rows: Iterable[Project]) -> None:
    """Write the columns shown, one plain statement for all rows (bulk_update writes a CASE for each row and column)."""
    columns = [column for column in Project._meta.concrete_fields if column.name in (*LISTED, *DERIVED)]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(str(column.column))} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(Project._meta.db_table)} SET {assigned} WHERE {quote('id')} = %s",
            [
                (
                    *(
                        column.get_db_prep_save(getattr(row, column.attname), connection)
                        for column in columns
                    ),
                    row.pk,
                )
                for row in rows
            ],
        )
