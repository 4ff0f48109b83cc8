"""The levels of lights as facts that formulas of others may name: `light_ID`, of projects and of other entities."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from guatu.judge.lights import light_levels
from guatu.schemes.lights import CombinedLight
from guatu.schemes.load import Scheme
from guatu.schemes.scopes import ENTITY_OF


def with_project_levels(table: Any, scheme: Scheme) -> Any:
    """A Narwhals facts table of projects with a column for each light of projects that some formula names.

    Columns of that name which it already has are worked out anew.
    """
    named = scheme.lights_named
    lights = [light for light in scheme.text.light if light.entity == "project" and light.id in named]
    if not lights:
        return table
    columns = set(table.collect_schema().names())
    bare = table.drop([name for name in columns if name.startswith("light_")])
    found = bare
    for light in lights:
        levels = light_levels(bare, light, scheme).select(
            "period", project="entity", **{f"light_{light.id}": "level"}
        )
        found = found.join(levels, on=["project", "period"], how="left")
    return with_combined(found, scheme, {light.id for light in lights})


def with_combined(table: Any, scheme: Scheme, lights: set[str]) -> Any:
    """The table with a column for each combined light that some formula names, made of those lights."""
    for combined in scheme.text.combined_light:
        if combined.id in scheme.lights_named and lights >= set(combined.of):
            level = combined_level(combined, scheme)
            table = table.with_columns(level.alias(f"light_{combined.id}"))
    return table


def combined_level(combined: CombinedLight, scheme: Scheme) -> nw.Expr:
    """The level of several lights as one, from the columns of their levels; null where none of them stands."""
    parts = [nw.col(f"light_{light}") for light in combined.of]
    by_gravity = sorted(scheme.text.level, key=lambda level: level.gravity)
    found = nw.lit(None, dtype=nw.String)
    for level in by_gravity:
        stands = nw.lit(False)
        for part in parts:
            stands = stands | (part == level.id).fill_null(False)
        found = nw.when(stands).then(nw.lit(level.id)).otherwise(found)
    stood = nw.lit(False)
    for part in parts:
        stood = stood | ~part.is_null()
    for rule in reversed(combined.count if combined.how == "count" else ()):
        graver = [one.id for one in by_gravity if one.gravity >= scheme.levels[rule.level].gravity]
        many = nw.lit(0)
        for part in parts:
            many = many + part.is_in(graver).fill_null(False).cast(nw.Int64)
        found = nw.when(stood & (many >= rule.at_least)).then(nw.lit(rule.becomes)).otherwise(found)
    return found


def lights_of(scheme: Scheme, entity: str) -> list[Any]:
    """The lights of a kind of entity that some formula names."""
    return [
        light
        for light in scheme.text.light
        if ENTITY_OF[light.entity] == entity and light.id in scheme.lights_named
    ]
