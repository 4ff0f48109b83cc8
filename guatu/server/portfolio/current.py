"""Part of the portfolio's actions: the values in force on the project row, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from guatu.portfolio.project import Project as LedgerProject
from guatu.server.accounts.models import Organisation, Person, in_force
from guatu.server.accounts.queries import regions_by_name
from guatu.server.portfolio.facts import MONEY_FIELDS, person_and_post, pinyin_initials
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact, Responsibility
from guatu.server.portfolio.queries import among, facts_on, plans_on
from guatu.server.record.models import Entry

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

LONGEST = {column.name: column.max_length for column in Project._meta.fields}
"""How much of a text the row for listing holds; the fact itself is kept whole."""

Duty = Responsibility.Duty
UNIT_DUTIES = (Duty.LEAD_DEPARTMENT, Duty.RESPONSIBLE_UNIT, Duty.COMPANY)
LEADER_DUTIES = (Duty.CITY_LEADER, Duty.COUNTY_LEADER)
NEW_UNIT_KINDS = {
    Duty.LEAD_DEPARTMENT: Organisation.Kind.DEPARTMENT,
    Duty.RESPONSIBLE_UNIT: Organisation.Kind.UNIT,
    Duty.COMPANY: Organisation.Kind.COMPANY,
}


def batched(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    """`ids` in steps that a query may name one by one."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def stale_projects(day: date) -> set[int]:
    """The projects of which a fact or plan came into force after their row was last brought up to date."""
    found: set[int] = set()
    for rows in (ProjectFact.objects, AnnualPlan.objects):
        found.update(
            project
            for project, valid_from, current in rows.filter(valid_from__lte=day)
            .values_list("project_id", "valid_from", "project__current_on")
            .iterator()
            if valid_from > current
        )
    return found


def bring_up_to_date(day: date, projects: Iterable[int] | None = None) -> int:
    """Put the values in force on `day` on the rows of `projects` (those that need it); how many.

    The plan shown is that of the year of `day`, else the latest year planned before it.
    """
    meant = stale_projects(day) if projects is None else set(projects)
    if not meant:
        return 0
    facts = facts_on(day, meant)
    years = sorted(
        AnnualPlan.objects.filter(among("project", meant), year__lte=day.year)
        .values_list("year", flat=True)
        .distinct()
    )
    planned = {project: plan.amount for year in years for project, plan in plans_on(day, year, meant).items()}
    regions = regions_by_name()
    departments = dict(Organisation.objects.values_list("name", "id"))
    rows = [row for row in Project.objects.filter(among("id", meant)) if row.pk in meant]
    for row in rows:
        known = facts.get(row.pk, {})
        for name in LISTED:
            value = known[name].value if name in known else (None if name in MONEY_FIELDS else "")
            setattr(row, name, value[: LONGEST[name]] if isinstance(value, str) else value)
        row.pinyin = pinyin_initials(row.name)[:200]
        row.planned = planned.get(row.pk)
        row.region = regions.get(row.county)
        lead = known.get("lead_department")
        row.lead_department_id = departments.get(lead.value) if lead else None
        row.current_on = day
    Project.objects.bulk_update(
        rows,
        [*LISTED, "pinyin", "planned", "region", "lead_department", "current_on"],
        batch_size=100,
    )
    return len(rows)


def who_answers(rows: Sequence[LedgerProject], ids: Mapping[str, int], *, day: date, entry: Entry) -> None:
    """Link everyone whom the ledger names to the project from `day`; who is no longer named ends the day before.

    Organisations and people that are not known yet are made; a post in brackets is kept in the words.
    """
    stated = {
        (ids[row.code], duty): value
        for row in rows
        for duty in Duty
        if (value := (getattr(row, duty.value) or "").strip()[:200])
    }
    meant = {ids[row.code] for row in rows}
    open_now = Responsibility.objects.filter(in_force(day), among("project", meant), valid_to__isnull=True)
    kept: set[tuple[int, Duty]] = set()
    ended: list[int] = []
    replaced: list[int] = []
    for identity, project, duty, words, since in open_now.values_list(
        "id", "project_id", "duty", "stated", "valid_from"
    ):
        if project not in meant:
            continue
        if stated.get((project, Duty(duty))) == words:
            kept.add((project, Duty(duty)))
        elif since < day:
            ended.append(identity)
        else:
            replaced.append(identity)
    for some in batched(ended):
        Responsibility.objects.filter(id__in=some).update(valid_to=day - timedelta(days=1))
    for some in batched(replaced):
        Responsibility.objects.filter(id__in=some).delete()
    begun = {key: words for key, words in stated.items() if key not in kept}
    units = _units(begun)
    counties = {ids[row.code]: (row.county or "")[:120] for row in rows}
    people = _people(begun, counties)
    Responsibility.objects.bulk_create(
        [
            Responsibility(
                project_id=project,
                duty=duty,
                stated=words,
                organisation_id=units.get(words) if duty in UNIT_DUTIES else None,
                person_id=people.get(_person_key(project, duty, words, counties)),
                valid_from=day,
                entry=entry,
            )
            for (project, duty), words in begun.items()
        ],
        batch_size=500,
    )


def _units(begun: Mapping[tuple[int, Duty], str]) -> dict[str, int]:
    named = {words: duty for (_project, duty), words in begun.items() if duty in UNIT_DUTIES}
    known = dict(Organisation.objects.values_list("name", "id"))
    Organisation.objects.bulk_create(
        [
            Organisation(name=name, kind=NEW_UNIT_KINDS[duty])
            for name, duty in named.items()
            if name not in known
        ],
        batch_size=500,
    )
    return dict(Organisation.objects.values_list("name", "id"))


def _person_key(project: int, duty: Duty, words: str, counties: Mapping[int, str]) -> tuple[str, str]:
    """Name and distinction: two county leaders of one name in two counties are two people."""
    if duty not in LEADER_DUTIES:
        return ("", "")
    return (person_and_post(words)[0][:40], counties[project] if duty is Duty.COUNTY_LEADER else "")


def _people(begun: Mapping[tuple[int, Duty], str], counties: Mapping[int, str]) -> dict[tuple[str, str], int]:
    named = {_person_key(project, duty, words, counties) for (project, duty), words in begun.items()}
    named.discard(("", ""))
    known = set(Person.objects.values_list("name", "distinction"))
    Person.objects.bulk_create(
        [Person(name=name, distinction=distinction) for name, distinction in sorted(named - known)],
        batch_size=500,
    )
    return {
        (name, distinction): identity
        for identity, name, distinction in Person.objects.values_list("id", "name", "distinction")
    }
