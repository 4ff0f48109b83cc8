"""Reading what is handed in beside the reports: as known on a day for the rules, by term for people."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.assessment.ballots import Vote, count
from guatu.assessment.given import FactRow, GivenValue
from guatu.assessment.sheet import Entity
from guatu.assessment.terms import Term
from guatu.judge.inputs import decoded, encoded
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Organisation, Person
from guatu.server.accounts.queries import regions_by_name
from guatu.server.given.models import Ballot, GivenFact
from guatu.server.known import entered_by
from guatu.server.portfolio.models import Project
from guatu.server.record.chain import canonical
from guatu.server.reporting.kept_terms import kept_facts

OPEN: frozenset[Entity] = frozenset({"unit", "leader", "person", "group", "enterprise"})
"""Kinds of thing of which nobody keeps a whole list: a new name is taken as it is written."""
CITY = "全市"
Row = TypeVar("Row", GivenFact, Ballot)


def stored(value: GivenValue | None) -> str:
    """An exact value as it stands in a row; empty for none."""
    return "" if value is None else canonical(encoded(value))


def read_back(text: str) -> GivenValue | None:
    """The value that `stored` wrote."""
    found: GivenValue | None = decoded(GivenValue, json.loads(text), "value") if text else None
    return found


# As the rules see it


def given_on(day: date, year: int, scheme: Scheme, *, entered: int | None = None) -> tuple[FactRow, ...]:
    """What the scheme asked for beside the reports and was known on `day`, of terms of `year` and the year before.

    Of each fact the latest version; a mark stands here only once it was confirmed. The votes of ballots come
    counted, as facts of the candidates, once they are secret no more. What the scheme does not declare is left out. `entered` leaves out
    what came by a later entry of the record. Two queries.
    """
    asked = {fact.id for fact in scheme.text.fact if not fact.of_report} | {
        event.id for sheet in scheme.text.sheet for event in sheet.event
    }
    rows = (
        _latest(GivenFact, day, year, ("fact", "term", "entity"), entered)
        .filter(fact__in=asked)
        .exclude(value="")
    )
    facts = (*(as_handed_in(row) for row in rows), *kept_facts(scheme, day, year))
    if not scheme.text.ballot:
        return facts
    ballots = _latest(Ballot, day, year, ("ballot", "term", "voter"), entered).order_by("id")
    rules = {rule.id: rule for rule in scheme.text.ballot}
    votes = [
        vote
        for vote in votes_of(ballots)
        if vote.ballot not in rules or not rules[vote.ballot].sealed(vote.term, day)
    ]
    return (*facts, *count(scheme.text.ballot, votes).facts)


def _latest(
    model: type[Row], day: date, year: int, key: tuple[str, ...], entered: int | None
) -> QuerySet[Row]:
    """Of each key the latest version that was known on `day`."""
    meant = entered_by(entered) & Q(known_from__lte=day)
    of_years = Q(term__startswith=f"{year:04d}") | Q(term__startswith=f"{year - 1:04d}")
    same = {name: OuterRef(name) for name in key}
    latest = model._default_manager.filter(meant, **same).order_by("-version").values("id")[:1]
    found: QuerySet[Row] = model._default_manager.filter(of_years & meant, id=Subquery(latest))
    return found


def as_handed_in(row: GivenFact) -> FactRow:
    """The stored version as the rules see it."""
    value = read_back(row.value)
    assert value is not None
    return FactRow(
        row.entity, Term.parse(row.term), row.fact, value, read_back(row.checked),
        row.source, row.by, row.second, row.day, row.reason, row.place,
    )  # fmt: skip


def votes_of(ballots: Iterable[Ballot]) -> list[Vote]:
    """The votes of ballots, in the order in which they were handed in; those that were taken back have none."""
    return [
        Vote(row.ballot, Term.parse(row.term), row.voter, row.group, candidate, Fraction(value), row.place)
        for row in ballots
        if row.votes
        for candidate, value in json.loads(row.votes).items()
    ]


# As people see it; a view has asked for the rights first


def versions(
    facts: Collection[str], terms: Collection[str], entity: str | None = None
) -> QuerySet[GivenFact]:
    """All versions of facts in terms, the oldest first."""
    rows = GivenFact.objects.filter(fact__in=facts, term__in=terms)
    return (rows if entity is None else rows.filter(entity=entity)).order_by("version")


def latest_of(rows: Iterable[GivenFact]) -> dict[tuple[str, str, str], GivenFact]:
    """(fact, term, entity) → its last version among rows with the oldest first; one taken back stays in it."""
    return {(row.fact, row.term, row.entity): row for row in rows}


def ballots_of(ballot: str, term: str) -> list[Ballot]:
    """The ballots of a term as they stand, in the order in which the voters first handed them in."""
    found: dict[str, Ballot] = {}
    for row in Ballot.objects.filter(ballot=ballot, term=term).order_by("id"):
        found[row.voter] = row
    return [row for row in found.values() if row.votes]


def entities(kind: Entity, scheme: Scheme) -> dict[str, str]:
    """The things of a kind that facts may be about: each name as the rules know it, with what a page calls it.

    Counties are those of the ledger and the regions below the first; departments those of the scheme and the
    ledger; for kinds without a whole list, the ones that a series names or that had a fact before.
    """
    match kind:
        case "project":
            return dict(Project.objects.values_list("code", "name"))
        case "city":
            return {CITY: CITY}
        case "county":
            return {name: name for name in _counties()}
        case "department":
            led = Project.objects.exclude(lead_department=None).order_by("position")
            names: dict[str, Any] = dict.fromkeys(
                name for category in scheme.text.category for name in category.lead_departments
            )
            names |= dict.fromkeys(led.values_list("lead_department__name", flat=True))
            return {name: name for name in names}
    return {name: name for name in (*_series(kind, scheme), *_before(kind, scheme))}


def other_names(kind: Entity) -> dict[str, str]:
    """Other ways of writing things of a kind → the name as the rules know it."""
    if kind != "county":
        return {}
    names = set(_counties())
    of_region = {region.pk: name for name, region in regions_by_name().items() if name in names}
    return {
        name: of_region[region.pk]
        for name, region in regions_by_name().items()
        if name not in names and region.pk in of_region
    }


def _counties() -> list[str]:
    ledger = Project.objects.exclude(county="").order_by("region__position", "county")
    names = dict.fromkeys(ledger.values_list("county", flat=True))
    if not names:
        counties = Organisation.objects.filter(kind=Organisation.Kind.COUNTY, region__isnull=False)
        names = dict.fromkeys(counties.order_by("region__position").values_list("region__name", flat=True))
    return list(names)


def _series(kind: Entity, scheme: Scheme) -> list[str]:
    return [
        name
        for sheet in scheme.text.sheet
        if sheet.entity == kind
        for series in sheet.series
        for name in series.members
    ]


def _before(kind: Entity, scheme: Scheme) -> list[str]:
    facts = [fact.id for fact in scheme.text.fact if fact.entity == kind]
    names = list(
        GivenFact.objects.filter(fact__in=facts)
        .order_by("entity")
        .values_list("entity", flat=True)
        .distinct()
    )
    if kind == "unit":
        kinds = (Organisation.Kind.UNIT, Organisation.Kind.COMPANY)
        names += Organisation.objects.filter(kind__in=kinds).values_list("name", flat=True)
    if kind in ("leader", "person"):
        names += Person.objects.values_list("name", flat=True)
    return names
