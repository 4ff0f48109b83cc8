"""Lights of counties, departments and others, and lights combined of several: for one month."""

from __future__ import annotations

from typing import Any

from guatu.judge.assess import Assessor
from guatu.judge.figures import band_words, json_number, light_clause, measure_of
from guatu.language import gettext as _
from guatu.schemes.lights import CombinedLight, Light
from guatu.schemes.scopes import ENTITY_OF
from guatu.values import Period

Json = dict[str, Any]
History = dict[str, dict[int, Json]]
"""Entity → month → the row of its light."""


def entity_lights(assessor: Assessor, period: Period) -> list[Json]:
    """The lights of every entity that is not a project of the ledger, in one month; combined lights after the
    ones they are made of (of projects too)."""
    levels = {light.id: _history(assessor, light) for light in assessor.scheme.text.light}
    found: list[Json] = []
    for light in assessor.scheme.text.light:
        if light.entity == "project" and not assessor.projects.is_empty():
            continue
        for entity, months in levels[light.id].items():
            if period.index in months:
                found.append(_entry(assessor, light, entity, months, period.index))
    for combined in assessor.scheme.text.combined_light:
        found += _combined(assessor, combined, levels, period.index)
    return found


def _history(assessor: Assessor, light: Light) -> History:
    found: History = {}
    for row in assessor.light_table(light).sort("entity", "period").rows(named=True):
        found.setdefault(row["entity"], {})[row["period"]] = row
    return found


def _entry(assessor: Assessor, light: Light, entity: str, months: dict[int, Json], now: int) -> Json:
    row = months[now]
    level = row["level"] or "none"
    version = light.version_in(now)
    band = None if row["band"] is None else version.bands[row["band"]]
    threshold = None if band is None else band_words(assessor.scheme, light, band, level)
    length = 0
    while now - length in months and months[now - length]["level"] == row["level"]:
        length += 1
    levels = assessor.scheme.levels
    return {
        "light": light.id, "light_name": light.name, "entity": entity, "entity_kind": ENTITY_OF[light.entity],
        "series": "", "level": level, "level_name": levels[level].name if level in levels else _("无"),
        "measure": json_number(measure_of(row, light)), "unit": light.unit, "threshold": threshold,
        "local_choice": band.local_choice if band else None, "streak": length, "clause": light_clause(assessor.scheme, light, version, band, level),
    }  # fmt: skip


def _combined(
    assessor: Assessor, combined: CombinedLight, levels: dict[str, History], now: int
) -> list[Json]:
    gravity = {name: level.gravity for name, level in assessor.scheme.levels.items()}
    kinds = {light.id: ENTITY_OF[light.entity] for light in assessor.scheme.text.light}
    standing: dict[str, list[str]] = {}
    for light in combined.of:
        for entity, months in levels.get(light, {}).items():
            if now in months and months[now]["level"]:
                standing.setdefault(entity, []).append(months[now]["level"])
    return [
        {
            "light": combined.id, "light_name": combined.name, "entity": entity,
            "entity_kind": kinds[combined.of[0]], "series": "", "level": level,
            "level_name": assessor.scheme.levels[level].name, "measure": len(stood), "unit": "count",
            "threshold": None, "local_choice": None, "streak": 1, "of": list(combined.of),
            "clause": assessor.scheme.cite(combined.clause),
        }
        for entity, stood in standing.items()
        for level in [_joined(combined, stood, gravity)]
    ]  # fmt: skip


def _joined(combined: CombinedLight, stood: list[str], gravity: dict[str, int]) -> str:
    """The level of several lights as one: by the first count that holds, else the worst of them."""
    for rule in combined.count if combined.how == "count" else ():
        if sum(gravity[name] >= gravity[rule.level] for name in stood) >= rule.at_least:
            return rule.becomes
    return max(stood, key=lambda name: gravity[name])
