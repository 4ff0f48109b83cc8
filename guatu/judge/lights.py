"""Lights and rankings over the facts table: the same expressions for ten rows and for 10^7."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import narwhals as nw

from guatu.assessment.frozen import on_the_list
from guatu.assessment.points import unit_factor
from guatu.assessment.ranking import half_up_steps, rank
from guatu.portfolio.formula import Formula
from guatu.portfolio.formula.over_tables import streak_expression, with_runs
from guatu.schemes.lights import Light, LightVersion, Ranking
from guatu.schemes.load import Scheme
from guatu.supervision.bands import band_expression, level_expression

UNKNOWN = "projects_without_schedule"
"""How many of an entity's projects have a plan for the year and none to the month."""

DECIDED = ("value", "steps", "band", "level")
"""The columns in which a light says what it decided."""

WITHOUT = "invested_ytd_without"
"""The column that stands for `invested_ytd` when questioned cells are left out."""


def without_questioned(table: Any) -> Any:
    """The facts table with the questioned cells treated as not reported, and without the projects whose plan is
    questioned; as it is where there were no reports."""
    names = table.collect_schema().names()
    if "plan_questioned" in names:
        table = table.filter(~nw.col("plan_questioned"))
    return table.with_columns(nw.col(WITHOUT).alias("invested_ytd")) if WITHOUT in names else table


def light_levels(table: Any, light: Light, scheme: Scheme, given: Any = None) -> Any:
    """Levels of one light: columns `entity, period, steps, level` of `light_rows`."""
    return light_rows(table, light, scheme, given).select("entity", "period", "steps", "level")


def light_rows(
    table: Any,
    light: Light,
    scheme: Scheme,
    given: Any = None,
    city: Any = None,
    listed: Any = None,
    settled: Any = None,
) -> Any:
    """Levels of one light: columns `entity, period, value, steps, band, level`.

    `table` is a Narwhals frame of facts, one row per project and month; `steps` is the measure in whole steps of
    its decimals (Int64), `value` the measure before it is rounded, `band` the number of the band that holds it among
    those in force in the month, and `level` that of the band, or the one to which it was raised. `given` holds facts of the entities themselves (`entity, order`, facts), `city` those of the city (`order`, facts), `listed` the projects of
    which a fact is frozen (`project, period`, facts: `frozen_list`), `settled` rows that were decided exactly (`entity, period`, and the last four columns with `_exact`
    behind their names). Rows where the light does not apply are left out; a measure that cannot exist is null.
    """
    value = nw.col("value")
    judged = _measured(table, light, scheme, given, city, listed).with_columns(
        steps=nw.when(~value.is_null()).then(half_up_steps(value, light.decimals)),
        level=_in_force(light, lambda version: level_expression(value, version.bands)),
        band=_in_force(light, lambda version: band_expression(value, version.bands)),
    )
    if settled is not None:
        judged = _with_settled(judged, settled)
    if any(rule.running for rule in light.escalate):
        judged = with_runs(judged)
    for rule in light.escalate:
        stands = nw.col("level") == rule.level
        if rule.running:
            times = streak_expression(stands)
        else:
            times = stands.cast(nw.Int64).fill_null(0).cum_sum().over("entity", "year", order_by="order")
        graver = stands.fill_null(False) & (times >= rule.times)
        judged = judged.with_columns(
            level=nw.when(graver).then(nw.lit(rule.becomes)).otherwise(nw.col("level"))
        )
    return judged.select("entity", "period", "value", "steps", "band", "level")


def _with_settled(judged: Any, settled: Any) -> Any:
    """The rows with those that were decided exactly as they were decided."""
    joined = judged.join(settled.with_columns(is_exact=nw.lit(True)), on=["entity", "period"], how="left")
    exact = nw.col("is_exact").fill_null(False)
    return joined.with_columns(
        nw.when(exact).then(nw.col(f"{name}_exact")).otherwise(nw.col(name)).alias(name) for name in DECIDED
    )


def measured_rows(
    table: Any, light: Light, scheme: Scheme, measure: Formula, given: Any, city: Any, listed: Any
) -> Any:
    """What one measure of a light stands on in each month: `entity, period, order, year, series`, the facts and sums that
    it names, and `value`, not yet in the unit of the light."""
    return _valued(table, light.entity, measure, _applies(light, scheme), given, city, listed)


def _measured(table: Any, light: Light, scheme: Scheme, given: Any, city: Any, listed: Any) -> Any:
    """`entity, period, order, year, value`: in each month by the measure in force, in the unit of the light."""
    versions = light.versions()
    parts = []
    for measure in dict.fromkeys(version.measure for version in versions):
        formula = scheme.formulas[measure]
        valued = _valued(table, light.entity, formula, _applies(light, scheme), given, city, listed)
        value = nw.col("value") * float(unit_factor(light.unit, formula.unit))
        valued = valued.select("entity", "period", "order", "year", value=value)
        if len({version.measure for version in versions}) > 1:
            valued = valued.filter(_in_force(light, partial(_measures, measure)))
        parts.append(valued)
    return parts[0] if len(parts) == 1 else nw.concat(parts)


def _measures(measure: str, version: LightVersion) -> nw.Expr:
    return nw.lit(version.measure == measure)


def _in_force(light: Light, of: Callable[[LightVersion], nw.Expr]) -> nw.Expr:
    """What the version of a light that is in force in the month of each row says."""
    first, *later = light.versions()
    found = of(first)
    for version in later:
        found = nw.when(nw.col("period") >= version.first).then(of(version)).otherwise(found)
    return found


def places(
    table: Any, ranking: Ranking, scheme: Scheme, given: Any = None, city: Any = None, listed: Any = None
) -> Any:
    """One ranking over every period of the table: columns `entity, period, steps, rank`.

    Values are rounded half-up at the ranking's decimals before they are ranked.
    """
    formula = scheme.formulas[ranking.value]
    valued = _valued(table, ranking.entity, formula, _applies(ranking, scheme), given, city, listed)
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


def _valued(
    table: Any, entity: str, formula: Formula, applies: Formula | None, given: Any, city: Any, listed: Any
) -> Any:
    """`entity, period, order, year, series, value` of a formula per project, or per entity that projects add up to."""
    runs = formula.looks_around
    if entity == "project":
        rows = _placed(table.with_columns(entity=nw.col("project")), runs=False)
        rows = rows.filter(applies.row_expression()) if applies else rows
        rows = formula.with_inner_windows(with_runs(rows)) if runs else rows
        return rows.with_columns(value=formula.row_expression())
    rows = _members(table, entity, applies)
    scheduled = "planned_ytd" in formula.project_facts
    unknown = [
        (nw.col("planned_ytd").is_null() & ~nw.col("planned_year").is_null())
        .cast(nw.Int64)
        .sum()
        .alias(UNKNOWN)
    ]
    grouped = rows.group_by("entity", "period").agg(
        nw.len().alias("projects"), *(unknown if scheduled else ()), *formula.aggregate_expressions()
    )
    frozen = [] if listed is None else formula.aggregate_expressions(frozen=True)
    if frozen:
        gone = _members(on_the_list(table, listed, "period"), entity, applies)
        sums = gone.group_by("entity", "period").agg(*frozen)
        grouped = _beside(grouped, sums, "_listed")
    if given is not None:
        own = given.with_columns(period=nw.col("order")).drop("order", "year")
        grouped = _beside(grouped, own, "_own")
    if frozen or given is not None:
        grouped = _with_counts_of_none(grouped, table, formula)
    if city is not None:
        grouped = grouped.join(city.rename({"order": "period"}), on="period", how="left")
    value = formula.row_expression()
    if scheduled:
        # A schedule that some project lacks is no schedule: what is missing must not look like being ahead.
        value = nw.when(nw.col(UNKNOWN).fill_null(0) == 0).then(value)
    return formula.with_inner_windows(_placed(grouped, runs)).with_columns(value=value)


def _members(table: Any, entity: str, applies: Formula | None) -> Any:
    """The projects that count, each with the `entity` that it belongs to."""
    rows = table.filter(applies.row_expression()) if applies else table
    key = nw.lit("全市") if entity == "city" else nw.col(entity)
    return rows.with_columns(entity=key).filter(~nw.col("entity").is_null())


def _beside(grouped: Any, other: Any, suffix: str) -> Any:
    """Two tables of entities and months side by side, those that only one of them has too."""
    both = grouped.join(other, on=["entity", "period"], how="full", suffix=suffix)
    return both.with_columns(
        entity=nw.coalesce("entity", f"entity{suffix}"), period=nw.coalesce("period", f"period{suffix}")
    )


def _with_counts_of_none(grouped: Any, table: Any, formula: Formula) -> Any:
    """0 where an entity has no projects and others have some in the month: nothing was counted."""
    names = [one.column for one in formula.aggregates if one.counts]
    if not names:
        return grouped
    months = table.select("period").unique().with_columns(with_projects=nw.lit(True))
    grouped = grouped.join(months, on="period", how="left")
    known = nw.col("with_projects").fill_null(False) & nw.col("projects").is_null()
    return grouped.with_columns(
        *(
            nw.when(known).then(nw.col(name).fill_null(0)).otherwise(nw.col(name)).alias(name)
            for name in names
        )
    ).drop("with_projects")


def _placed(table: Any, runs: bool) -> Any:
    """With the columns that formulas over terms and series need: a light compares all entities of a month."""
    period = nw.col("period")
    table = table.with_columns(order=period, year=period // 12, month=period % 12 + 1, series=nw.lit(""))
    return with_runs(table) if runs else table


def collect(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries."""
    rows: list[dict[str, Any]] = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).rows(
        named=True
    )
    return rows
