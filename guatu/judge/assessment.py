"""assessment.json: per entity and term the indicators, score, place, lists, proposed steps and rewards."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import polars as pl

from guatu.assessment.standings import leaves_out
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessed, Assessor
from guatu.judge.ladder import order_at, proposals
from guatu.judge.rewards import add_rewards
from guatu.judge.workings import Node, Worker
from guatu.language import gettext as _
from guatu.schemes.units import word

Json = dict[str, Any]
PLACED = ("rank", "rank_from_last", "rank_key", "breaker_key")
"""The columns that placing adds."""
LISTED = ("listed_", "when:", "exempt:")
"""How the columns begin that lists add."""


def assessments(assessor: Assessor, term: Term) -> list[Json]:
    """The entries of `assessment.json` for every sheet in every term that ends with the last month of `term`.

    The points of each line are worked out exactly; the place is that of the table over all entities.
    """
    results: list[Assessed] = []
    entries = []
    for result in assessor.assess():
        order = order_at(term, result.kind)
        if order is not None:
            nodes = _nodes(assessor, result, order)
            result = _settled(assessor, result, order, nodes)
            entries += _entries(assessor, result, order, nodes)
        results.append(result)
    _add_steps(assessor, results, term, entries)
    add_rewards(assessor, results, term, entries, partial(_entries_at, assessor))
    return entries


def _entries_at(assessor: Assessor, result: Assessed, order: int) -> list[Json]:
    """The entries of a result in one of its terms."""
    nodes = _nodes(assessor, result, order)
    return _entries(assessor, _settled(assessor, result, order, nodes), order, nodes)


def _nodes(assessor: Assessor, result: Assessed, order: int) -> dict[str, Node | None]:
    worker = Worker(assessor, result.sheet, result.kind, result.table)
    entities = result.table.filter(pl.col("order") == order)["entity"]
    return {entity: worker.work_out(entity, order) for entity in entities}


def _entries(assessor: Assessor, result: Assessed, order: int, nodes: dict[str, Node | None]) -> list[Json]:
    sheet = result.sheet
    series = {one.id: one.name for one in sheet.series}
    rows = result.table.filter(pl.col("order") == order).rows(named=True)
    before = {
        row["entity"]: row["rank"]
        for row in result.table.filter(pl.col("order") == order - 1).rows(named=True)
    }
    places: dict[tuple[str, int | None], list[str]] = {}
    for row in rows:
        places.setdefault((row["series"], row["rank"]), []).append(row["entity"])
    entries = []
    for row in rows:
        node = nodes[row["entity"]]
        assert node is not None
        score = number(Fraction(row["steps"], 10**sheet.decimals)) if row["steps"] is not None else None
        tied = places[row["series"], row["rank"]] if row["rank"] is not None else []
        parts = _parts(result, row)
        entries.append({
            "sheet": sheet.id, "sheet_name": sheet.name, "entity": row["entity"], "entity_kind": sheet.entity,
            "term": str(Term.of_order(result.kind, order)), "term_kind": result.kind,
            "series": row["series"], "series_name": series.get(row["series"], _("未归组") if leaves_out(sheet) else ""),
            "indicators": [_indicator(line) for line in node.every() if line.id in {i.id for i in sheet.item}],
            "events": [
                {"id": line.id, "name": line.label, "points": number(line.points), "clause": line.clause}
                for line in node.children if line.id in {event.id for event in sheet.event}
            ],
            "parts": parts, "score": score, "full": number_of(sheet.points),
            "reason": _reason_of_parts(result, parts, score) if result.rolled else node.reason,
            "rank": row["rank"], "previous_rank": before.get(row["entity"]),
            "tied_with": [other for other in tied if other != row["entity"]],
            "grade": _grade(result, score, node), "barred": bool(row["barred"]),
            "lists": [rule.id for rule in sheet.list_ if row.get(f"listed_{rule.id}")
                      and (not rule.terms or result.kind in rule.terms)],
            "steps": [], "rewards": [], "clause": assessor.scheme.cite(sheet.clause),
        })  # fmt: skip
    return entries


def _settled(assessor: Assessor, result: Assessed, order: int, nodes: dict[str, Node | None]) -> Assessed:
    """The result with every published score as exact arithmetic gives it.

    A score so close to half a step that floats cannot tell is decided by its exact workings, and the places of
    the term are given anew.
    """
    if result.rolled:
        return result
    scale = 10**result.sheet.decimals
    exact = {
        name: None if node.points is None else int(node.points * scale)
        for name, node in nodes.items()
        if node is not None
    }
    here = result.table.filter(pl.col("order") == order)
    wrong = {
        row["entity"]
        for row in here.rows(named=True)
        if exact.get(row["entity"], row["steps"]) != row["steps"]
    }
    if not wrong:
        return result
    # All terms are placed anew: a list may look at earlier ones.
    given = [c for c in result.table.columns if c not in PLACED and not c.startswith(LISTED)]
    steps = [
        exact.get(row["entity"], row["steps"]) if row["order"] == order else row["steps"]
        for row in result.table.rows(named=True)
    ]
    settled = result.table.select(given).with_columns(steps=pl.Series(steps, dtype=pl.Int64))
    return replace(result, table=assessor.placed(result.sheet, result.kind, settled))


def _indicator(node: Node) -> Json:
    return {
        "id": node.id, "name": node.label, "value": number(node.value), "unit": node.unit, "points": number(node.points),
        "full": number_of(node.full), "formula": node.formula, "arithmetic": node.arithmetic, "rule": node.rule,
        "clause": node.clause, "reason": node.reason, "local_choice": node.local_choice,
    }  # fmt: skip


def _parts(result: Assessed, row: Json) -> list[Json]:
    """What a rolled-up score is made of."""
    roll_up = next((r for r in result.sheet.roll_up if r.to == result.kind), None)
    if roll_up is None:
        return []
    return [
        {"kind": part.kind, "how": part.how, "weight": float(part.weight), "score": row.get(f"part:{number}")}
        for number, part in enumerate(roll_up.part)
    ]


def _reason_of_parts(result: Assessed, parts: list[Json], score: int | float | None) -> str:
    """Why a rolled-up term has no score: which of its parts has none, or too few terms."""
    if score is not None:
        return ""
    for rule in (roll_up for roll_up in result.sheet.roll_up if roll_up.to == result.kind):
        for part, of in zip(rule.part, parts, strict=True):
            if part.at_least is not None and of["score"] is None:
                return _("{term}得分不满 {n} 期，不能合成").format(term=word(part.kind), n=part.at_least)
    lacking = dict.fromkeys(word(part["kind"]) for part in parts if part["score"] is None)
    return _("缺{terms}的得分，不能合成").format(terms="、".join(lacking))


def _grade(result: Assessed, score: int | float | None, node: Node) -> str | None:
    """The grade of a score, None below the lowest; each pass mark that is missed drops it by one, to the lowest at
    most."""
    grades = result.sheet.grade
    if not grades or score is None:
        return None
    ordered = sorted(grades, key=lambda grade: -grade.low)
    place = next((n for n, grade in enumerate(ordered) if Fraction(str(score)) >= Fraction(grade.low)), None)
    if place is None:
        return None
    points = {line.id: line.points for line in node.every()} | {None: node.points}
    missed = sum(1 for mark in result.sheet.pass_mark if (points.get(mark.item) or 0) < mark.at_least)
    return ordered[min(place + missed, len(ordered) - 1)].name


def number(value: Fraction | None) -> int | float | None:
    """An exact value as a JSON number."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def number_of(value: Any) -> int | float | None:
    return None if value is None else number(Fraction(value))


def _add_steps(assessor: Assessor, results: list[Assessed], term: Term, entries: list[Json]) -> None:
    """Add the steps that the scheme proposes to the entries of their entities; others get an entry of their own."""
    for proposal in proposals(assessor, results, term):
        mine = [
            entry for entry in entries
            if entry["entity"] == proposal["entity"] and entry["term"] == proposal["term"]
            and proposal["sheet"] in (None, entry["sheet"]) and entry["entity_kind"] == proposal["entity_kind"]
        ]  # fmt: skip
        if not mine:
            mine = [_bare_entry(proposal)]
            entries += mine
        mine[0]["steps"].append(
            {key: value for key, value in proposal.items() if key not in ("sheet", "entity_kind")}
        )


def _bare_entry(proposal: Json) -> Json:
    return {
        "sheet": None, "sheet_name": "", "entity": proposal["entity"], "entity_kind": proposal["entity_kind"],
        "term": proposal["term"], "term_kind": proposal["term_kind"], "series": "", "series_name": "", "indicators": [],
        "events": [], "parts": [], "score": None, "full": None, "reason": "", "rank": None, "previous_rank": None,
        "tied_with": [], "grade": None, "barred": False, "lists": [], "steps": [], "rewards": [], "clause": proposal["clause"],
    }  # fmt: skip
