"""Lights and rankings over the facts table: the same expressions for ten rows and for 10^7."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from guatu.assessment.ranking import half_up_steps, rank
from guatu.portfolio.formula import Formula
from guatu.schemes.check import unit_factor
from guatu.schemes.load import Scheme
from guatu.schemes.model import Light, Ranking
from guatu.supervision.bands import level_expression

WITHOUT = "invested_ytd_without"
"""The column that stands for `invested_ytd` when questioned cells are left out."""


def without_questioned(table: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> Any:
    """The facts table with the questioned cells treated as not reported."""
    return table.with_columns(nw.col(WITHOUT).alias("invested_ytd"))


def light_levels(table: Any, light: Light, scheme: Scheme) -> Any:
    """Levels of one light: columns `entity, period, steps, level`.

    `table` is a Narwhals frame of facts; `steps` is the measure in whole steps of its decimals
    (Int64). Rows where the light does not apply are left out; a measure that cannot exist is null.
    """
    valued = _valued(table, light.entity, scheme.formulas[light.measure], _applies(light, scheme))
    value = nw.col("value") * float(unit_factor(light.unit, scheme.formulas[light.measure].unit))
    return valued.with_columns(
        steps=nw.when(~nw.col("value").is_null()).then(half_up_steps(value, light.decimals)),
        level=level_expression(value, light.bands()),
    ).select("entity", "period", "steps", "level")


def places(table: Any, ranking: Ranking, scheme: Scheme) -> Any:
    """One ranking over every period of the table: columns `entity, period, steps, rank`.

    Values are rounded half-up at the ranking's decimals before they are ranked.
    """
    formula = scheme.formulas[ranking.value]
    valued = _valued(table, ranking.entity, formula, _applies(ranking, scheme))
    if ranking.exclude:
        valued = valued.filter(~nw.col("entity").is_in(list(ranking.exclude)))
    value = nw.col("value") * float(unit_factor(ranking.unit, formula.unit))
    rounded = valued.with_columns(
        steps=nw.when(~nw.col("value").is_null()).then(half_up_steps(value, ranking.decimals))
    )
    place = rank(nw.col("steps"), within=["period"], descending=ranking.order == "descending")
    return rounded.with_columns(rank=place).select("entity", "period", "steps", "rank")


def _applies(rule: Light | Ranking, scheme: Scheme) -> Formula | None:
    return scheme.formulas[rule.applies] if rule.applies else None


def _valued(table: Any, entity: str, formula: Formula, applies: Formula | None) -> Any:
    """`entity, period, value` of a formula per project, or per entity that the projects add up to."""
    rows = table.filter(applies.row_expression()) if applies else table
    if entity == "project":
        return rows.with_columns(entity=nw.col("project"), value=formula.row_expression())
    key = nw.lit("") if entity == "city" else nw.col(entity)
    grouped = rows.with_columns(entity=key).filter(~nw.col("entity").is_null()).group_by("entity", "period")
    return grouped.agg(*formula.aggregate_expressions()).with_columns(value=formula.entity_expression())


def collect(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries."""
    rows: list[dict[str, Any]] = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).rows(
        named=True
    )
    return rows
