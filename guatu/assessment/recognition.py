"""What counts (认定), and what is held: standards of recognition, and values that are frozen on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import narwhals as nw
import polars as pl
from pydantic import Field

from guatu.assessment.given import FactRow
from guatu.assessment.terms import MONTHS, Term
from guatu.portfolio.formula import Formula
from guatu.written import Part


class Recognition(Part):
    """[[recognition]]: what counts as started, completed, produced; with the evidence that it asks for.

    `when` is a condition about one project: the facts that show it, each handed in. Formulas name the result
    `recognised_ID`. `first_only`: it counts in the first term in which the condition holds, and never again.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    when: str
    evidence: tuple[str, ...] = ()
    first_only: bool = False
    note: str = ""
    clause: str
    local_choice: str | None = None


def recognised(table: pl.DataFrame, rule: Recognition, when: Formula) -> pl.DataFrame:
    """A table of projects and terms with the flag `recognised_ID`. Where it cannot be told, it does not count."""
    name = f"recognised_{rule.id}"
    if table.is_empty():
        return table.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name))
    frame = when.with_inner_windows(nw.from_native(table.lazy()))
    frame = frame.with_columns(when.row_expression().fill_null(False).alias(name))
    if rule.first_only:
        so_far = nw.col(name).cast(nw.Int64).cum_sum().over("entity", order_by="order")
        frame = frame.with_columns((nw.col(name) & (so_far == 1)).alias(name))
    found: pl.DataFrame = frame.collect().to_native()
    return found


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
