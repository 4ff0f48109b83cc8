"""What counts (认定): standards of recognition."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import narwhals as nw
import polars as pl
from pydantic import Field

from guatu.assessment.given import LastKnown
from guatu.assessment.terms import Kind, Term
from guatu.portfolio.formula import Formula
from guatu.written import Part


class Recognition(Part):
    """[[recognition]]: what counts as started, completed, produced; with the evidence that it asks for.

    `when` is a condition about one project: the facts that show it, each handed in. Formulas name the result
    `recognised_ID`. What was handed in for a term stands until something else is handed in: a later term, and a longer
    one, sees it too. `first_only`: it counts in the first term in which the condition holds, and never again.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    when: str
    evidence: tuple[str, ...] = ()
    first_only: bool = False
    note: str = ""
    clause: str
    local_choice: str | None = None


def recognised(
    table: pl.DataFrame,
    rule: Recognition,
    when: Formula,
    kind: Kind,
    known: LastKnown,
    declared: Collection[str],
) -> pl.DataFrame:
    """A table of projects and terms of a kind with the flag `recognised_ID`. Where it cannot be told, it does not count.

    Of the `declared` facts that the condition names, those that were not handed in for a term are as last `known`.
    """
    name = f"recognised_{rule.id}"
    if table.is_empty():
        return table.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name))
    frame = nw.from_native(
        _standing(table, [one for one in when.facts if one in declared], kind, known).lazy()
    )
    frame = frame.with_columns(when.row_expression().fill_null(False).alias(name))
    if rule.first_only:
        so_far = nw.col(name).cast(nw.Int64).cum_sum().over("entity", order_by="order")
        frame = frame.with_columns((nw.col(name) & (so_far == 1)).alias(name))
    found: pl.DataFrame = frame.select(name).collect().to_native()
    return table.with_columns(found[name])


def _standing(table: pl.DataFrame, facts: Collection[str], kind: Kind, known: LastKnown) -> pl.DataFrame:
    """The table with what was last handed in of some facts, in the terms for which nothing was."""

    def value(entity: str, order: int, fact: str, own: object) -> object:
        if own is not None:
            return own
        found = known.at(entity, fact, Term.of_order(kind, order))
        return float(found) if isinstance(found, Fraction) else found

    columns = [
        pl.Series(
            fact,
            [
                value(entity, order, fact, own)
                for entity, order, own in table.select("entity", "order", fact).iter_rows()
            ],
            dtype=table.schema[fact],
            strict=False,
        )
        for fact in facts
    ]
    return table.with_columns(columns)
