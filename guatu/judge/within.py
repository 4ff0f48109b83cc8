"""What a longer term sees of the terms within it: facts and events as they were handed in for each of them, and results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from guatu.assessment.frames import LASTING, fact_frame, month_of, projects_at, with_project_facts
from guatu.assessment.sheet import Entity
from guatu.assessment.terms import MONTHS, Kind
from guatu.portfolio.formula import Formula
from guatu.portfolio.formula.over_tables import column_of, expression

if TYPE_CHECKING:
    from guatu.judge.fact_tables import FactTables


Results = Mapping[Kind, pl.DataFrame]
"""What came out for entities in the terms of each kind: `entity`, `order`, and the columns of a sheet's result."""


def terms_within(
    assessor: FactTables, entity: Entity, kind: Kind, results: Results | None = None
) -> Iterator[tuple[Kind, pl.DataFrame]]:
    """What was handed in for the terms of each kind that a term of `kind` may hold, its own kind among them, and what came
    out for them (`results`).

    A fact that lasts counts once, for the term for which it was handed in. What the platform itself knows of projects
    is that of their months.
    """
    kinds = assessor.kinds_of(entity)
    lasting = LASTING if entity == "project" else ()
    for of, months in MONTHS.items():
        if months > MONTHS[kind]:
            continue
        table = fact_frame(assessor.facts, kinds, of, lasting=lasting)
        if entity == "project" and of == "month" and not assessor.projects.is_empty():
            table = with_project_facts(projects_at(assessor.projects, of), table)
        if results:
            table = _with_results(table, results, of)
        yield of, table.with_columns(month=month_of(of))


def _with_results(table: pl.DataFrame, results: Results, kind: Kind) -> pl.DataFrame:
    """The table with what came out in its terms; null in kinds of term that the sheet does not have."""
    schema = next(iter(results.values())).schema
    found = results.get(kind, pl.DataFrame(schema=schema))
    both = [name for name in table.columns if name in found.columns and name not in ("entity", "order")]
    return table.drop(both).join(found, on=["entity", "order"], how="full", coalesce=True)


def with_terms_within(
    assessor: FactTables,
    table: pl.DataFrame,
    entity: Entity,
    kind: Kind,
    formulas: Iterable[Formula],
    results: Results | None = None,
) -> pl.DataFrame:
    """A table of entities and terms with a column for each thing that formulas ask of the terms within.

    With `results`, what came out in those terms is asked too, and who is known in them alone gets a row.
    """
    asked = {text: call for formula in formulas for text, call in formula.within.items()}
    if not asked:
        return table
    tables = list(terms_within(assessor, entity, kind, results))
    for text, (function, part) in asked.items():
        name = column_of(text)
        found = pl.concat([_values(one, part, MONTHS[kind] // MONTHS[of]) for of, one in tables])
        summed = found.group_by("entity", "order").agg(
            pl.when(pl.col("value").is_not_null().any()).then(pl.col("value").sum()).alias(name)
        )
        kept = table.drop(name) if name in table.columns else table
        table = kept.join(
            summed, on=["entity", "order"], how="left" if results is None else "full", coalesce=True
        )
        if function == "times_within":
            table = table.with_columns(pl.col(name).fill_null(0).cast(pl.Int64))
    return table


def _values(table: pl.DataFrame, part: Any, many: int) -> pl.DataFrame:
    """The value of a part in each term, with the order of the longer term that holds `many` of its kind."""
    frame = nw.from_native(table).with_columns(value=expression(part, {}).cast(nw.Float64))
    worked: pl.DataFrame = frame.select("entity", "value", order=nw.col("order") // many).to_native()
    return worked
