"""Part of the portfolio's actions: who answers for a project, from a day to a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guatu.portfolio.duties import LEDGER_DUTIES
from guatu.portfolio.project import Project as LedgerProject
from guatu.server.accounts.models import Appointment, Organisation, Person, Post, Role, in_force
from guatu.server.accounts.queries import regions_by_name
from guatu.server.portfolio.facts import person_and_post
from guatu.server.portfolio.models import Responsibility
from guatu.server.portfolio.queries import among
from guatu.server.record.models import Entry

Duty = Responsibility.Duty
LEDGER = tuple(Duty(duty) for duty in LEDGER_DUTIES)
"""Only what the ledger names begins and ends with it; what was assigned on the site stays."""
UNIT_DUTIES = (Duty.LEAD_DEPARTMENT, Duty.RESPONSIBLE_UNIT, Duty.COMPANY)
LEADER_DUTIES = (Duty.CITY_LEADER, Duty.COUNTY_LEADER)
NEW_UNIT_KINDS = {
    Duty.LEAD_DEPARTMENT: Organisation.Kind.DEPARTMENT,
    Duty.RESPONSIBLE_UNIT: Organisation.Kind.UNIT,
    Duty.COMPANY: Organisation.Kind.COMPANY,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a ledger did to responsibilities in force: ids of those it ended, columns of those it replaced
    because they began on the same day."""

    ended: tuple[int, ...] = ()
    replaced: tuple[Mapping[str, Any], ...] = ()


REPLACED_COLUMNS = (
    "project_id",
    "duty",
    "stated",
    "post_id",
    "organisation_id",
    "person_id",
    "valid_from",
    "entry_id",
)


def batched(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    """`ids` in steps that a query may name one by one."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def who_answers(rows: Sequence[LedgerProject], ids: Mapping[str, int], *, day: date, entry: Entry) -> Moved:
    """Link everyone whom the ledger names to the project from `day`; who is no longer named ends the day before.

    Organisations and people that are not known yet are made. A leader's post (in brackets behind the name) is
    made in the leadership of the city, or in the government of the project's county, where that is known as
    an organisation; whoever is named with it holds it from `day`. Its role is asked for, not given.
    """
    stated = {
        (ids[row.code], duty): value
        for row in rows
        for duty in LEDGER
        if (value := (getattr(row, duty.value) or "").strip()[:200])
    }
    meant = {ids[row.code] for row in rows}
    open_now = Responsibility.objects.filter(
        in_force(day), among("project", meant), valid_to__isnull=True, duty__in=LEDGER
    )
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
    gone: list[Mapping[str, Any]] = []
    for some in batched(replaced):
        rows_of_the_day = Responsibility.objects.filter(id__in=some)
        gone += [
            {**row, "valid_from": row["valid_from"].isoformat()}
            for row in rows_of_the_day.values(*REPLACED_COLUMNS)
        ]
        rows_of_the_day.delete()
    begun = {key: words for key, words in stated.items() if key not in kept}
    units = _units(begun)
    counties = {ids[row.code]: (row.county or "")[:120] for row in rows}
    people = _people(begun, counties)
    posts = _posts(begun, people, counties, day)
    Responsibility.objects.bulk_create(
        [
            Responsibility(
                project_id=project,
                duty=duty,
                stated=words,
                organisation_id=units.get(words) if duty in UNIT_DUTIES else None,
                person_id=people.get(_person_key(project, duty, words, counties)),
                post_id=posts.get((project, duty)),
                valid_from=day,
                entry=entry,
            )
            for (project, duty), words in begun.items()
        ],
        batch_size=500,
    )
    return Moved(tuple(ended), tuple(gone))


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


def _posts(
    begun: Mapping[tuple[int, Duty], str],
    people: Mapping[tuple[str, str], int],
    counties: Mapping[int, str],
    day: date,
) -> dict[tuple[int, Duty], int]:
    """(project, duty) → the post its leader holds; posts and appointments are made where they are new."""
    leadership = Organisation.objects.filter(kind=Organisation.Kind.LEADERSHIP).order_by("id").first()
    of_region = dict(
        Organisation.objects.filter(kind=Organisation.Kind.COUNTY, region__isnull=False).values_list(
            "region_id", "id"
        )
    )
    governments = {name: of_region.get(region.pk) for name, region in regions_by_name().items()}
    wanted: dict[tuple[int, Duty], tuple[str, int]] = {}
    for (project, duty), words in begun.items():
        title = person_and_post(words)[1][:120]
        if duty is Duty.CITY_LEADER:
            where = leadership.pk if leadership else None
        else:
            where = governments.get(counties[project]) if duty is Duty.COUNTY_LEADER else None
        if title and where is not None:
            wanted[project, duty] = (title, where)
    roles = {
        key: Role.READER if duty is Duty.CITY_LEADER else Role.COUNTY
        for (_project, duty), key in wanted.items()
    }
    known = set(Post.objects.values_list("title", "organisation_id"))
    Post.objects.bulk_create(
        [
            Post(title=title, organisation_id=organisation, asked=role)
            for (title, organisation), role in roles.items()
            if (title, organisation) not in known
        ],
        batch_size=500,
    )
    posts = {
        (title, organisation): identity
        for identity, title, organisation in Post.objects.values_list("id", "title", "organisation_id")
    }
    found = {key: posts[place] for key, place in wanted.items()}
    held = set(Appointment.objects.filter(in_force(day)).values_list("person_id", "post_id"))
    holders = {
        (people[_person_key(project, duty, begun[project, duty], counties)], post)
        for (project, duty), post in found.items()
    }
    Appointment.objects.bulk_create(
        [Appointment(person_id=person, post_id=post, valid_from=day) for person, post in holders - held],
        batch_size=500,
    )
    return found
