"""What is frozen on a day: values that hold for the whole year, and the list of projects that they stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.frames import as_column, column_type
from guatu.assessment.given import FactRow, LastKnown
from guatu.assessment.terms import MONTHS, Kind, Term

IDENTITY = ("county", "lead_department", "category", "level", "stage")
"""What says where a project stands: never money, never progress."""


def held_from(rows: Iterable[FactRow], frozen: Mapping[str, date]) -> Sequence[FactRow]:
    """The facts with those that are frozen on a day: what was handed in last for a term that ends by then, or for the
    year, holds for the whole of that year; what was handed in for later terms does not count."""
    others: list[FactRow] = []
    held: dict[tuple[str, str, int], FactRow] = {}
    for row in rows:
        day = frozen.get(row.fact)
        if day is None or row.term.year != day.year:
            others.append(row)
        elif row.term.kind == "year" or row.term.last_month.last_day <= day:
            key = (row.entity, row.fact, row.term.year)
            if key not in held or _later(row.term, held[key].term):
                held[key] = row
    year = [replace(row, term=Term("year", row.term.year, 1)) for row in held.values()]
    return [*others, *year]


def _later(term: Term, other: Term) -> bool:
    """A value of the year itself comes before those of its parts; of those the later counts, and the shorter."""
    if "year" in (term.kind, other.kind):
        return other.kind == "year"
    return (term.last_month, -MONTHS[term.kind]) > (other.last_month, -MONTHS[other.kind])


def is_held(row: FactRow, frozen: Mapping[str, date]) -> bool:
    """Whether a row of `held_from` is a frozen value, and not one of another year."""
    day = frozen.get(row.fact)
    return day is not None and row.term.year == day.year


def frozen_list(
    rows: Sequence[FactRow],
    frozen: Mapping[str, date],
    kinds: Mapping[str, str],
    kind: Kind,
    orders: Iterable[int],
    *,
    identity: Collection[str] = IDENTITY,
    ledger: Mapping[str, Mapping[str, str | None]],
) -> pl.DataFrame:
    """The projects of which something is frozen, in each of the terms `orders` of the frozen years: one row per `entity`
    and `order` with the frozen facts, and where it stands: each column of `identity` as last handed in up to the term,
    else as the ledger says, else as first handed in later. Money and progress are not carried.

    `rows` come from `held_from`, `kinds` are the kinds of the facts.
    """
    held: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        if is_held(row, frozen):
            held.setdefault((row.entity, row.term.year), {})[row.fact] = as_column(
                row.counts, kinds[row.fact]
            )
    known = LastKnown(rows, identity)
    years: dict[int, list[Term]] = {}
    for order in orders:
        term = Term.of_order(kind, order)
        years.setdefault(term.year, []).append(term)
    found = []
    for (entity, year), values in held.items():
        of_ledger = ledger.get(entity, {})
        for term in years.get(year, ()):
            stands = {
                name: known.at(entity, name, term) or of_ledger.get(name) or known.first(entity, name)
                for name in identity
            }
            found.append({"entity": entity, "order": term.order, **stands, **values})
    schema = {"entity": pl.String, "order": pl.Int64} | dict.fromkeys(identity, pl.String)
    return pl.DataFrame(found, schema=schema | {name: column_type(kinds[name]) for name in frozen})


def on_the_list(table: Any, listed: Any, term: str = "order") -> Any:
    """A Narwhals table of projects (`project`, and the terms in column `term`) as sums of frozen facts see it: those who
    are gone have a row where they last stood, with their frozen facts alone.

    `listed` is a `frozen_list`, its `entity` named `project` and its `order` as `term`.
    """
    keys = ["project", term]
    both = [name for name in listed.collect_schema().names() if name not in keys]
    there = set(table.collect_schema().names())
    renamed = listed.rename({name: f"{name}_listed" for name in (*keys, *both)})
    whole = table.join(renamed, left_on=keys, right_on=[f"{name}_listed" for name in keys], how="full")
    own = {name: nw.col(f"{name}_listed") for name in (*keys, *both)}
    columns = {name: nw.coalesce(name, value) if name in there else value for name, value in own.items()}
    whole = whole.with_columns(**columns).drop([f"{name}_listed" for name in (*keys, *both)])
    return whole
