"""What the pages of scores show: a sheet as a table, a score with its workings and its way from the term before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guatu.assessment.terms import MONTHS, Term
from guatu.judge.figures import UNIT_WORDS
from guatu.judge.workings import Node, points_text
from guatu.schemes.load import Scheme
from guatu.server.assessment.waterfall import Drop, axis, bars, waterfall
from guatu.server.schemes.queries import anchor_of
from guatu.values import number_text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A line of the sheet as a column: its id, its name, what it is worth at most."""

    id: str
    name: str
    full: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The points of an entity in a column; `address` leads to their workings."""

    column: Column
    points: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entity on a sheet: place, change of place, cells, score, the lists it is on, the steps proposed."""

    entry: Json
    address: str
    rank: int | None
    change: int | None
    tied: bool
    cells: tuple[Cell, ...]
    events: str
    score: str
    lists: tuple[tuple[str, str], ...]
    steps: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet in one term: its columns and rows, by place; `series` where entities are ranked apart.

    `notes` are the reasons that stand beside points: the line, the reason, for how many entities. `listed` holds
    each list with its kind, its name and who is on it.
    """

    id: str
    name: str
    term: str
    clause: str
    address: str
    full: str
    local_choice: str
    columns: tuple[Column, ...]
    series: tuple[tuple[str, tuple[Row, ...]], ...]
    notes: tuple[tuple[str, str, int], ...]
    listed: tuple[tuple[str, str, tuple[str, ...]], ...]
    has_events: bool
    has_steps: bool


def sheet_tables(entries: Sequence[Json], scheme: Scheme) -> list[SheetTable]:
    """One table for each sheet and term of the entries, the shorter terms first."""
    groups: dict[tuple[str, str], list[Json]] = {}
    for entry in entries:
        if entry["sheet"] is not None:
            groups.setdefault((entry["sheet"], entry["term"]), []).append(entry)
    ordered = sorted(groups.values(), key=lambda group: MONTHS[Term.parse(group[0]["term"]).kind])
    return [_table(group, scheme) for group in ordered]


def _table(entries: Sequence[Json], scheme: Scheme) -> SheetTable:
    first = entries[0]
    sheet = next((one for one in scheme.text.sheet if one.id == first["sheet"]), None)
    leaves = [line for line in first["indicators"] if line["formula"]]
    columns = tuple(Column(line["id"], line["name"], _points(line["full"])) for line in leaves)
    kinds = {rule.id: (rule.kind, rule.name) for rule in (sheet.list_ if sheet else ())}
    rows = [_row(entry, columns, kinds, sheet.decimals if sheet else 2) for entry in entries]
    series: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.rank is None, row.rank or 0)):
        series.setdefault(row.entry["series_name"], []).append(row)
    return SheetTable(
        id=first["sheet"],
        name=first["sheet_name"],
        term=Term.parse(first["term"]).label,
        clause=first["clause"],
        address=rule_address(f"sheet[{first['sheet']}]"),
        full=_points(first["full"]) if first["full"] is not None else "",
        local_choice=(sheet.local_choice or "") if sheet else "",
        columns=columns,
        series=tuple((name, tuple(found)) for name, found in series.items()),
        notes=_notes(entries),
        listed=tuple(
            (kind, name, tuple(row.entry["entity"] for found in series.values() for row in found if rule in row.entry["lists"]))
            for rule, (kind, name) in kinds.items()
        ),
        has_events=any(entry["events"] for entry in entries),
        has_steps=any(entry["steps"] for entry in entries),
    )  # fmt: skip


def _notes(entries: Sequence[Json]) -> tuple[tuple[str, str, int], ...]:
    said = Counter(
        (str(line["name"]), str(line["reason"]))
        for entry in entries
        for line in entry["indicators"]
        if line["formula"] and line["reason"]
    )
    return tuple((name, reason, times) for (name, reason), times in said.items())


def _row(entry: Json, columns: Iterable[Column], kinds: Mapping[str, tuple[str, str]], decimals: int) -> Row:
    address = score_address(entry)
    lines = {line["id"]: line for line in entry["indicators"]}
    rank, before = entry["rank"], entry["previous_rank"]
    return Row(
        entry=entry,
        address=address,
        rank=rank,
        change=None if rank is None or before is None else before - rank,
        tied=bool(entry["tied_with"]),
        cells=tuple(_cell(column, lines.get(column.id), address) for column in columns),
        events=number_text(
            sum((Decimal(str(event["points"] or 0)) for event in entry["events"]), Decimal(0)), 2, signed=True
        ),
        score="–" if entry["score"] is None else number_text(Decimal(str(entry["score"])), decimals),
        lists=tuple(kinds.get(name, ("attention", name)) for name in entry["lists"]),
        steps=tuple(entry["steps"]),
    )


def _cell(column: Column, line: Json | None, address: str) -> Cell:
    """A line that is left out has no points, not none."""
    points = "–"
    if line is not None and line["points"] is not None and (line["points"] or not line["reason"]):
        points = number_text(Decimal(str(line["points"])), 2)
    return Cell(column, points, f"{address}#{anchor_of(column.id)}")


def _points(value: float | int | None) -> str:
    """Points with at most two decimals."""
    if value is None:
        return "–"
    text = number_text(Decimal(str(value)), 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def score_address(entry: Mapping[str, Any]) -> str:
    """The page of one score: of its entity on its sheet, in its term."""
    page = reverse("score", args=[entry["sheet"], entry["entity"]])
    return f"{page}?{urlencode({'term': entry['term']})}"


def rule_address(key: str) -> str:
    """Where a rule stands on the page of the scheme."""
    return f"{reverse('scheme')}#{anchor_of(key)}"


@dataclass(frozen=True, slots=True)
class Working:
    """One step of the workings as the page shows it; `below` are the steps it is made of."""

    anchor: str
    name: str
    points: str
    full: str
    value: str
    node: Node
    address: str
    below: tuple[Working, ...]


def working(node: Node, sheet: str) -> Working:
    """The tree of workings of a score, each step with its anchor and the address of its rule."""
    key = f"sheet[{sheet}]" + (f".{node.key}" if node.key else "")
    left_out = bool(node.reason) and not node.points
    return Working(
        anchor=anchor_of(node.id) or "score",
        name=node.label,
        points="–" if left_out else points_text(node.points),
        full="" if node.full is None else _points(float(node.full)),
        value="" if node.value is None else f"{_points(float(node.value))}{UNIT_WORDS.get(node.unit, '')}",
        node=node,
        address=rule_address(key),
        below=tuple(working(child, sheet) for child in node.children),
    )


@dataclass(frozen=True, slots=True)
class Way:
    """The way from the score before to this one: rows of a step and its drawing, and where the drawing begins."""

    rows: tuple[tuple[Drop, str, str, str], ...]
    begins: str
    change: Decimal


def way_of(before: Json | None, entry: Json, decimals: int) -> Way | None:
    """The waterfall of an entry; None where there is nothing to compare."""
    drops = waterfall(before, entry, decimals) if before else []
    if not drops or before is None:
        return None
    names = [Term.parse(one["term"]).label for one in (before, entry)]
    rows = []
    for place, (drop, drawing) in enumerate(zip(drops, bars(drops), strict=True)):
        name = drop.name or _("{term}得分").format(term=names[1 if place else 0])
        rows.append((drop, name, number_text(drop.points, decimals, signed=drop.kind == "change"), drawing))
    return Way(tuple(rows), number_text(axis(drops)[0], 0), drops[-1].level - drops[0].level)
