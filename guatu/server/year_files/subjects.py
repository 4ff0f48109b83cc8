"""Of whom a year-end file can be made, and which projects are theirs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Person
from guatu.server.assessment.models import EntityStanding, JudgedMonth
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.year_files.models import YearFile

Kind = YearFile.Kind
LEADING = (Responsibility.Duty.CITY_LEADER, Responsibility.Duty.COUNTY_LEADER)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a file is about; `key` finds it again, `names` are those under which scores and places are kept."""

    kind: str
    key: str
    name: str
    names: tuple[str, ...]


def held_in(year: int) -> Q:
    """The condition that a from–to row held on some day of the year."""
    return Q(valid_from__lte=f"{year}-12-31") & (Q(valid_to__isnull=True) | Q(valid_to__gte=f"{year}-01-01"))


def subject_of(kind: str, key: str, year: int) -> Subject | None:
    """The subject of this kind and key; None where the year knows no such one."""
    if kind == Kind.PROJECT:
        found = Project.objects.filter(code=key).first()
        return Subject(kind, key, found.name, (found.code,)) if found else None
    if kind == Kind.LEADER:
        person = Person.objects.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() else None
        return Subject(kind, key, person.name, (person.name,)) if person else None
    if kind == Kind.UNIT and key in units_of(year):
        return Subject(kind, key, key, (key,))
    return None


def units_of(year: int) -> list[str]:
    """The units of a year: those that were ranked or scored, and those that answered for a project."""
    months = JudgedMonth.objects.filter(period__startswith=f"{year:04d}", superseded_by__isnull=True)
    names = set(EntityStanding.objects.filter(judged_month__in=months).values_list("entity", flat=True))
    last = months.order_by("-period").first()
    if last is not None:
        names |= {
            entry["entity"]
            for entry in json.loads(last.assessments)
            if entry["entity_kind"] in ("county", "department", "unit", "company")
        }
    answering = Responsibility.objects.filter(held_in(year), organisation__isnull=False)
    return sorted(names | set(answering.order_by().values_list("organisation__name", flat=True).distinct()))


def leaders_of(year: int) -> list[tuple[str, str]]:
    """Id and name of the leaders who answered for a project in the year."""
    rows = Responsibility.objects.filter(held_in(year), duty__in=LEADING, person__isnull=False)
    found = rows.order_by().values_list("person_id", "person__name", "person__distinction").distinct()
    return sorted(
        ((str(pk), f"{name}（{more}）" if more else name) for pk, name, more in found), key=lambda one: one[1]
    )


def projects_of(subject: Subject, year: int) -> list[Project]:
    """The projects of a unit, a leader or the project itself, in the order of the ledger."""
    if subject.kind == Kind.PROJECT:
        return list(Project.objects.filter(code=subject.key))
    held = Responsibility.objects.filter(held_in(year))
    if subject.kind == Kind.LEADER:
        return list(Project.objects.filter(pk__in=held.filter(person=int(subject.key)).values("project")))
    named = held.filter(organisation__name=subject.key)
    return list(Project.objects.filter(Q(pk__in=named.values("project")) | Q(county=subject.key)))


def none_known() -> str:
    return _("没有这样的记录。")
