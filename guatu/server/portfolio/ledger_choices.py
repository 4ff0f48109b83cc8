"""What can be chosen in the filters of the ledger, and the short names that a narrow column shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db.models import Case, CharField, Count, F, Value, When
from django.db.models.functions import Coalesce

from guatu.schemes.load import Scheme
from guatu.server.accounts.models import RegionAlias
from guatu.server.portfolio.filters import PHASES, UNCLASSED, size_condition
from guatu.server.portfolio.ledger_kept import kept
from guatu.server.portfolio.ledger_queries import Seen

LONG_NAME: Final = 6
"""A name of more characters is shown by its short one where a row has little room."""


class Choice(NamedTuple):
    """One value of a filter and how many projects of the tab have it."""

    value: str
    projects: int


def choices(seen: Seen, phase: str) -> dict[str, list[Choice]]:
    """The values of each filter among the projects of a tab. One query where it is not kept."""
    return kept.get(("choices", *seen.key, phase), lambda: _read_choices(seen, phase))


def _read_choices(seen: Seen, phase: str) -> dict[str, list[Choice]]:
    base = seen.projects()
    if PHASES[phase]:
        base = base.filter(stage__in=PHASES[phase])
    tiers = seen.scheme.text.size_tier
    size = Case(
        *(When(size_condition(tier.class_, seen.scheme), then=Value(tier.class_)) for tier in tiers),
        default=Value(UNCLASSED),
        output_field=CharField(),
    )
    sources: dict[str, Any] = {
        "category": F("category"),
        "level": F("level"),
        "county": F("county"),
        "size": size,
        "light": F("standing__level"),
        "department": F("lead_department__name"),
        "leader": F("city_leader"),
        "leader_of_county": F("county_leader"),
    }
    each = [
        base.order_by()
        .annotate(facet=Value(name, output_field=CharField()), chosen=Coalesce(source, Value("")))
        .values("facet", "chosen")
        .annotate(n=Count("id"))
        .values_list("facet", "chosen", "n")
        for name, source in sources.items()
    ]
    found: dict[str, dict[str, int]] = {name: {} for name in sources}
    aliases = {alias: category.name for category in seen.scheme.text.category for alias in category.aliases}
    for facet, value, projects in each[0].union(*each[1:], all=True):
        if facet == "category":
            value = aliases.get(value, value)
        if not value and facet in ("category", "level", "county"):
            value = UNCLASSED
        if value:
            found[facet][value] = found[facet].get(value, 0) + projects
    leaders = found.pop("leader_of_county")
    found["leader"] = {**leaders, **found["leader"]}
    return {name: _in_order(name, values, seen.scheme) for name, values in found.items()}


def _in_order(name: str, values: Mapping[str, int], scheme: Scheme) -> list[Choice]:
    """As the scheme names them; the rest by number of projects, 未分类 last."""
    named: Sequence[str] = ()
    if name == "category":
        named = [category.name for category in scheme.text.category]
    elif name == "size":
        named = [tier.class_ for tier in scheme.text.size_tier]
    elif name == "light":
        named = [level.id for level in sorted(scheme.text.level, key=lambda level: -level.gravity)]
    place = {value: index for index, value in enumerate(named)}
    order = sorted(
        values, key=lambda value: (value == UNCLASSED, place.get(value, len(place)), -values[value], value)
    )
    return [Choice(value, values[value]) for value in order]


def short_names(seen: Seen) -> dict[str, str]:
    """Long names of regions and categories → the shortest other name that the office or the scheme knows.

    One query where it is not kept.
    """

    def read() -> dict[str, str]:
        aliases = list(RegionAlias.objects.values_list("region__name", "name"))
        aliases += [
            (category.name, alias) for category in seen.scheme.text.category for alias in category.aliases
        ]
        found: dict[str, str] = {}
        for name, alias in aliases:
            if len(alias) < len(found.get(name, name)) and len(name) > LONG_NAME:
                found[name] = alias
        return found

    return kept.get(("short names", *seen.key), read)
