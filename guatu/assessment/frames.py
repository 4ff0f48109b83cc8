"""Facts as tables: one row per thing and term of a kind, one column per fact, and per aggregate over projects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.given import FactRow
from guatu.assessment.sheet import Entity
from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.portfolio.facts import FACTS, Unit
from guatu.portfolio.formula import Aggregate

COLUMN_OF: Mapping[str, str] = {"project": "project", "county": "county", "department": "lead_department"}
"""Which column of the facts table of projects names the entity that a project belongs to."""

TYPES: Mapping[str, Any] = {
    "money": pl.Int64,
    "count": pl.Int64,
    "flag": pl.Boolean,
    "text": pl.String,
}
"""The types of columns by the kind of fact; every other kind is Float64."""


def column_type(kind: str) -> Any:
    return TYPES.get(kind, pl.Float64)


def kind_of(unit: Unit) -> str:
    """The kind in which a column of the facts table of projects is written in a facts file."""
    return {Unit.NUMBER: "number"}.get(unit, str(unit))


def as_column(value: Any, kind: str) -> Any:
    """An exact value as the table holds it: whole 分 for money, a float for what is not whole."""
    if isinstance(value, Fraction):
        return int(value) if kind in ("money", "count") else float(value)
    return value


LASTING = frozenset(
    {"county", "category", "stage", "level", "lead_department", "total", "done_before", "planned_year"}
)
"""The facts of a project that hold for every shorter term of the one they are given for."""


def fact_frame(
    rows: Iterable[FactRow],
    kinds: Mapping[str, str],
    kind: Kind,
    *,
    terms: Sequence[Term] = (),
    lasting: Collection[str] = LASTING,
) -> pl.DataFrame:
    """The facts given for terms of `kind`, one row per entity and term, a column for each fact of `kinds`.

    `kinds` maps a fact's id to its kind. A `lasting` fact given for a longer term that holds one of `terms` (or
    of the terms that other facts name) counts for it too, unless the shorter term has its own. Columns
    `entity`, `order`, `year`, and the facts; null where nothing was given.
    """
    own: dict[tuple[str, int], dict[str, Any]] = {}
    longer: dict[str, list[FactRow]] = {}
    wanted = {term for term in terms if term.kind == kind}
    for row in rows:
        if row.fact not in kinds:
            continue
        if row.term.kind == kind:
            cells = own.setdefault((row.entity, row.term.order), {})
            cells[row.fact] = as_column(row.counts, kinds[row.fact])
            wanted.add(row.term)
        elif row.fact in lasting and MONTHS[row.term.kind] > MONTHS[kind]:
            longer.setdefault(row.entity, []).append(row)
    for entity, given in longer.items():
        for term in wanted:
            for row in given:
                if row.term.holds(term):
                    cells = own.setdefault((entity, term.order), {})
                    cells.setdefault(row.fact, as_column(row.counts, kinds[row.fact]))
    in_year = 12 // MONTHS[kind]
    keys = sorted(own)
    columns: dict[str, Any] = {
        "entity": pl.Series([entity for entity, _order in keys], dtype=pl.String),
        "order": pl.Series([order for _entity, order in keys], dtype=pl.Int64),
    }
    for fact, written in kinds.items():
        columns[fact] = pl.Series(
            [own[key].get(fact) for key in keys], dtype=column_type(written), strict=False
        )
    return pl.DataFrame(columns).with_columns(year=pl.col("order") // in_year)


def month_of(kind: Kind) -> pl.Expr:
    """The month with which the term of each row (`order`) ends, 1 to 12: the fact `month`."""
    return (pl.col("order") % (12 // MONTHS[kind]) + 1) * MONTHS[kind]


def as_of_last_month(rows: Iterable[FactRow], kind: Kind, declared: Collection[str] = ()) -> list[FactRow]:
    """What was given for months of the facts of projects, `declared` ones among them, as a longer term sees it: as it
    stood in the last month, the same as from a ledger and reports."""
    months = MONTHS[kind]
    if months == 1:
        return []
    return [
        replace(row, term=Term.of_order(kind, row.term.order // months))
        for row in rows
        if (row.fact in FACTS or row.fact in declared)
        and row.term.kind == "month"
        and (row.term.order + 1) % months == 0
    ]


def projects_at(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The facts table of projects at the last month of every term of `kind`, with the term's `order`."""
    months = MONTHS[kind]
    at_end = table.filter((pl.col("period") + 1) % months == 0)
    return at_end.with_columns(order=(pl.col("period") + 1) // months - 1, entity=pl.col("project"))


def joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Two tables of entities and terms side by side; where both have a column, the right one's value counts."""
    if left.is_empty() and not left.columns:
        return right
    both = [name for name in right.columns if name in left.columns and name not in ("entity", "order")]
    table = left.join(right, on=["entity", "order"], how="full", coalesce=True, suffix="_given")
    for name in both:
        table = table.with_columns(pl.coalesce(f"{name}_given", name).alias(name)).drop(f"{name}_given")
    return table


def with_everybody(
    table: pl.DataFrame, given: pl.DataFrame, members: Collection[str], in_year: int
) -> pl.DataFrame:
    """A table of entities and terms with a row, in every term that it speaks of, for each of `members` and for
    everybody about whom something was handed in for an earlier term of the year (`given`): who hands in nothing does
    not vanish. Those who are known by their projects alone come and go with their projects.
    """
    if table.is_empty():
        return table
    year = (pl.col("order") // in_year).alias("of_year")
    first = given.group_by("entity", year).agg(pl.col("order").min().alias("first"))
    terms = table.select("order").unique().with_columns(year)
    known = terms.join(first, on="of_year").filter(pl.col("first") <= pl.col("order"))
    named = terms.join(pl.DataFrame({"entity": sorted(members)}, schema={"entity": pl.String}), how="cross")
    everybody = pl.concat([known.select("entity", "order"), named.select("entity", "order")]).unique()
    missing = everybody.join(table, on=["entity", "order"], how="anti").sort("entity", "order")
    return pl.concat([table, missing], how="diagonal")


def with_counts_of_none(
    table: pl.DataFrame, projects: pl.DataFrame, aggregates: Iterable[Aggregate], sums: pl.DataFrame
) -> pl.DataFrame:
    """A table of entities with 0 where they have no projects and others have some in the term: nothing was counted.

    In a term of which no projects are known at all, how many there are stays unknown; so does a count over projects of
    which none could be told (`sums` are those who have projects).
    """
    terms = [] if projects.is_empty() else projects["order"].unique().to_list()
    own = sums.select("entity", "order", counted=pl.lit(True))
    table = table.join(own, on=["entity", "order"], how="left")
    none = pl.col("order").is_in(terms) & pl.col("counted").is_null()
    names = dict.fromkeys(one.column for one in aggregates if one.counts and one.column in table.columns)
    return table.with_columns(
        pl.when(none).then(pl.col(name).fill_null(0)).otherwise(pl.col(name)).alias(name) for name in names
    ).drop("counted")


def with_project_facts(table: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Projects with what was given about them; columns of the facts table that nobody filled are null."""
    merged = joined(table, given) if not table.is_empty() else given
    missing = [
        pl.lit(None, dtype=column_type(kind_of(fact.unit))).alias(name)
        for name, fact in FACTS.items()
        if name not in merged.columns and name != "project"
    ]
    return merged.with_columns(*missing, project=pl.col("entity"))


def over_projects(
    projects: pl.DataFrame,
    entity: Entity,
    aggregates: Iterable[Aggregate],
    credit: str | None = None,
    listed: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The aggregates over an entity's projects, one row per entity and term, each in its column.

    `credit` names the column of those whom the projects count for, where it is not that of their kind. Where
    there are no projects the columns stand without rows. `listed` are the projects as aggregates of frozen facts see
    them; all others see `projects`.
    """
    wanted = {aggregate.column: aggregate for aggregate in aggregates}
    if listed is None:
        return _grouped(projects, entity, wanted, credit)
    live = {text: one for text, one in wanted.items() if not one.frozen}
    frozen = {text: one for text, one in wanted.items() if one.frozen}
    if not live or not frozen:
        return _grouped(listed if frozen else projects, entity, wanted, credit)
    table = joined(_grouped(projects, entity, live, credit), _grouped(listed, entity, frozen, credit))
    counts = [text for text, one in wanted.items() if one.counts]
    return table.with_columns(pl.col(text).fill_null(0) for text in counts)


def _grouped(
    projects: pl.DataFrame, entity: Entity, wanted: Mapping[str, Aggregate], credit: str | None
) -> pl.DataFrame:
    column = credit or COLUMN_OF.get(entity)
    if projects.is_empty() or not wanted or (column is None and entity != "city"):
        return pl.DataFrame(
            schema={"entity": pl.String, "order": pl.Int64} | dict.fromkeys(wanted, pl.Float64)
        )
    key = nw.lit("全市") if column is None else nw.col(column)
    frame = (
        nw.from_native(projects.drop("entity").lazy())
        .with_columns(entity=key)
        .filter(~nw.col("entity").is_null())
    )
    grouped = frame.group_by("entity", "order").agg(
        *(aggregate.expression() for aggregate in wanted.values())
    )
    table: pl.DataFrame = grouped.collect().to_native()
    return table
