"""Rankings of a judged month: as reported, and without the questioned cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.frozen import on_the_list
from guatu.judge.figures import (
    Grounds,
    Json,
    arithmetic,
    exact_steps,
    inputs_of,
    light_figures,
    steps_of,
    wan,
)
from guatu.judge.levels import lights_of, with_project_levels
from guatu.judge.lights import WITHOUT, collect, places, without_questioned
from guatu.judge.summary import MonthInput
from guatu.portfolio.formula import Formula
from guatu.schemes.lights import Light, Ranking
from guatu.schemes.scopes import ENTITY_OF
from guatu.values import Period


def rankings(given: MonthInput) -> list[Json]:
    """The entries of `ranking.json`: every ranking of the scheme in the judged month."""
    frame = nw.from_native(given.table.lazy())
    lights = {light.entity: light for light in reversed(given.scheme.text.light)}
    entries: list[Json] = []
    listed, listed_without = _listed(given)
    for ranking in given.scheme.text.ranking:
        own = given.assessor.given_table(ENTITY_OF[ranking.entity], "month")
        facts = nw.from_native(own.lazy())
        found = given.assessor.city_facts(
            ENTITY_OF[ranking.entity], "month", [*given.table["period"].unique(), *own["order"].unique()]
        )
        city = None if found is None else nw.from_native(found.lazy())
        reported = collect(places(frame, ranking, given.scheme, facts, city, listed))
        counted = with_project_levels(without_questioned(frame), given.scheme)
        without = collect(places(counted, ranking, given.scheme, facts, city, listed_without))
        light = lights.get(ranking.entity)
        levels = given.assessor.light_table(light).rows(named=True) if light else []
        mine = _own_rows(own, found, given.period)
        lit = _levels_in(counted, given) if lights_of(given.scheme, "project") else {}
        entries += _ranked(given, ranking, reported, without, light, levels, mine, lit)
    return entries


def _listed(given: MonthInput) -> tuple[Any, Any]:
    """The projects of which a fact is frozen, as `places` takes them: all, and without those whose plan is questioned;
    None where nothing is frozen."""
    listed = given.assessor.listed_in_months()
    if listed is None:
        return None, None
    counted = listed
    if "plan_questioned" in given.table.columns:
        counted = listed.join(given.table.filter("plan_questioned"), on="project", how="anti")
    return nw.from_native(listed.lazy()), nw.from_native(counted.lazy())


def _own_rows(own: pl.DataFrame, city: pl.DataFrame | None, month: Period) -> Mapping[str, Json]:
    """What was handed in about each entity in a month, and about the city; the latter alone where nothing was."""
    of_city: Json = {"month": month.month}
    if city is not None:
        of_city |= next(iter(city.filter(pl.col("order") == month.index).drop("order").rows(named=True)), {})
    here = own.filter(pl.col("order") == month.index).rows(named=True)
    return defaultdict(lambda: of_city, {row["entity"]: of_city | row for row in here})


def _levels_in(table: Any, given: MonthInput) -> dict[str, Json]:
    """The levels of the lights of each project in the judged month, by that table."""
    rows = collect(table.filter(nw.col("period") == given.period.index))
    return {row["project"]: {k: v for k, v in row.items() if k.startswith("light_")} for row in rows}


def _ranked(
    given: MonthInput,
    ranking: Ranking,
    reported: list[Json],
    without: list[Json],
    light: Light | None,
    levels: list[Json],
    own: Mapping[str, Json],
    counted: Mapping[str, Json],
) -> list[Json]:
    now = given.period.index
    both = {"as_reported": _by_period(reported), "without_questioned": _by_period(without)}
    official = given.scheme.text.official.figures
    lit = {row["entity"]: row for row in levels if row["period"] == now}
    formula = given.scheme.formulas[ranking.value]
    applies = given.scheme.formulas[ranking.applies] if ranking.applies else None
    members = _members(projects_of_month(given), ranking, applies)
    listed = _members(projects_of_month(given, frozen=True), ranking, applies)
    if not formula.looks_around:
        for key, table in both.items():
            _settle(table.get(now, {}), ranking, formula, {
                entity: Grounds(
                    own[entity], _as_counted(members.get(entity, []), key, counted), _as_counted(listed.get(entity, []), key, counted)
                ) for entity in table.get(now, {})
            })  # fmt: skip
    entries = []
    for entity in both[official].get(now, {}):
        rows = members.get(entity, [])
        grounds = Grounds(own[entity], rows, listed.get(entity, []))
        figures = {key: _place(table, entity, now, ranking.decimals) for key, table in both.items()}
        mine = figures[official]
        rank, previous = mine["rank"], mine["previous_rank"]
        tied = [
            e
            for e, r in both[official][now].items()
            if e != entity and r["rank"] == rank and rank is not None
        ]
        entry = {
            "ranking": ranking.id, "ranking_name": ranking.name, "entity": entity, **mine, "unit": ranking.unit,
            "change": None if rank is None or previous is None else previous - rank, "tied_with": tied,
            "projects": len(rows), "inputs": inputs_of(formula, grounds) | _entity_inputs(rows),
            "arithmetic": arithmetic(formula, grounds, ranking.unit, ranking.decimals),
            "clause": given.scheme.cite(ranking.clause), "local_choice": ranking.local_choice,
            "questioned": sum(bool(r["questioned"] or r.get("plan_questioned")) for r in rows), "silent": sum(not r["reported"] for r in rows),
            "late": sum(bool(r["late"]) for r in rows), **figures,
        }  # fmt: skip
        if light:
            entry["light"] = light_figures(given.scheme, light, lit.get(entity), grounds, now)
        entries.append(entry)
    return sorted(entries, key=lambda e: (e["rank"] is None, e["rank"] or 0, e["entity"]))


def projects_of_month(given: MonthInput, *, frozen: bool = False) -> list[Json]:
    """The rows of projects of the judged month; as sums of frozen facts see them, with those that have left since."""
    table, listed = given.table, given.assessor.listed_in_months() if frozen else None
    if listed is not None:
        table = on_the_list(nw.from_native(table), nw.from_native(listed), "period").to_native()
    return table.filter(pl.col("period") == given.period.index).rows(named=True)


def _members(rows: list[Json], ranking: Ranking, applies: Formula | None) -> dict[str, list[Json]]:
    """Those of the projects that count in a ranking, by the entity that they belong to."""
    members: dict[str, list[Json]] = {}
    for row in rows:
        if row[ranking.entity] is not None and (applies is None or applies.of_row(row)):
            members.setdefault(row[ranking.entity], []).append(row)
    return members


def _as_counted(rows: list[Json], key: str, levels: Mapping[str, Json]) -> list[Json]:
    """The rows of projects as they count: as reported, or without the questioned cells, with the lights that follow."""
    if key == "as_reported":
        return rows
    return [
        row | {"invested_ytd": row.get(WITHOUT, row["invested_ytd"])} | levels.get(row["project"], {})
        for row in rows
        if not row.get("plan_questioned")
    ]


def _settle(table: dict[str, Json], ranking: Ranking, formula: Formula, grounds: dict[str, Grounds]) -> None:
    """Put exact values and the places they give into the rows of one month, where floats could not tell."""
    exact = {
        entity: exact_steps(formula, ranking.unit, ranking.decimals, one) for entity, one in grounds.items()
    }
    if all(exact[entity] == row["steps"] for entity, row in table.items()):
        return
    sign = 1 if ranking.order == "descending" else -1
    for entity, row in table.items():
        mine = exact[entity]
        row["steps"] = mine
        row["rank"] = (
            None
            if mine is None
            else 1 + sum(other is not None and sign * other > sign * mine for other in exact.values())
        )


def _by_period(rows: list[Json]) -> dict[int, dict[str, Json]]:
    table: dict[int, dict[str, Json]] = {}
    for row in rows:
        table.setdefault(row["period"], {})[row["entity"]] = row
    return table


def _place(table: dict[int, dict[str, Json]], entity: str, now: int, decimals: int) -> Json:
    row = table.get(now, {}).get(entity)
    before = table.get(now - 1, {}).get(entity)
    return {
        "value": steps_of(row, decimals),
        "rank": row["rank"] if row else None,
        "previous_rank": before["rank"] if before else None,
    }


def _entity_inputs(rows: list[Json]) -> Json:
    """The sums that every table of a ranking prints, whatever its formula."""
    sums = {name: wan(sum(row[name] or 0 for row in rows)) for name in ("invested_ytd", "planned_year")}
    scheduled = all(row["planned_ytd"] is not None or row["planned_year"] is None for row in rows)
    return {**sums, "planned_ytd": wan(sum(row["planned_ytd"] or 0 for row in rows)) if scheduled else None}
