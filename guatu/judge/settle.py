"""Conditions and lights decided in exact fractions, where the last bits of a float could decide them otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.points import unit_factor
from guatu.judge.lights import DECIDED
from guatu.judge.scenes import SceneSource, TableScene
from guatu.portfolio.formula import Formula
from guatu.portfolio.formula.close_calls import CLOSE
from guatu.schemes.lights import Light
from guatu.supervision.bands import band_of
from guatu.values import half_up


def settled(
    table: pl.DataFrame, conditions: Mapping[str, Formula], source: Callable[[], SceneSource]
) -> pl.DataFrame:
    """The table with each column that holds a condition as exact arithmetic gives it; null where it is not known.

    Only rows in which a float comes close to an edge are worked out anew, on the scenes of `source`.
    """
    scenes: SceneSource | None = None
    for name, condition in conditions.items():
        doubt = doubtful(table, condition)
        if not doubt.any():
            continue
        scenes = scenes or source()
        found = [
            condition.of(TableScene(scenes, row)) if near else row[name]
            for row, near in zip(table.rows(named=True), doubt, strict=True)
        ]
        holds = [None if one is None else bool(one) for one in found]
        table = table.with_columns(pl.Series(name, holds, dtype=pl.Boolean))
    return table


def doubtful(table: pl.DataFrame, condition: Formula) -> pl.Series:
    """The rows of a table in which floats may not tell whether a condition holds."""
    calls = condition.close_calls
    if calls.none or table.is_empty():
        return pl.repeat(False, table.height, eager=True)
    if calls.always:
        return pl.repeat(True, table.height, eager=True)
    frame = condition.with_inner_windows(nw.from_native(table))
    rows, elsewhere = condition.close_expressions()
    near = frame.select(
        here=nw.any_horizontal(*rows, nw.lit(False), ignore_nulls=True),
        there=nw.any_horizontal(*elsewhere, nw.lit(False), ignore_nulls=True),
    ).to_native()
    if near["there"].any():
        return pl.repeat(True, table.height, eager=True)
    here: pl.Series = near["here"]
    return here


def settled_levels(
    light: Light,
    measured: Mapping[str, tuple[Formula, pl.DataFrame]],
    source: Callable[[pl.DataFrame], SceneSource],
) -> pl.DataFrame | None:
    """The rows of a light, before it is raised, in which floats may not tell the band or the rounding, decided exactly, as
    `light_rows` takes them; None where there are none.

    `measured` holds the `measured_rows` of each measure, by its text; `source` makes scenes of such a table.
    """
    found: list[dict[str, Any]] = []
    for text, (measure, table) in measured.items():
        value = pl.col("value") * float(unit_factor(light.unit, measure.unit))
        doubt = doubtful(table, measure)
        if not measure.in_whole_numbers:
            doubt = doubt | table.select(near=_at_an_edge(light, value))["near"]
        if not doubt.any():
            continue
        scenes = source(table)
        for row, near in zip(table.rows(named=True), doubt, strict=True):
            version = light.version_in(row["period"])
            if near and row["value"] is not None and version.measure == text:
                found.append(_decided(light, measure, row, measure.of(TableScene(scenes, row))))
    if not found:
        return None
    types = dict(zip(DECIDED, (pl.Float64, pl.Int64, pl.Int64, pl.String), strict=True))
    schema = {"entity": pl.String, "period": pl.Int64} | {f"{name}_exact": of for name, of in types.items()}
    return pl.DataFrame(found, schema=schema)


def _decided(light: Light, measure: Formula, row: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """A row of a light by the exact value of its measure."""
    decided: Sequence[Any] = (None,) * len(DECIDED)
    if value is not None:
        bands = light.version_in(row["period"]).bands
        exact = Fraction(value) * unit_factor(light.unit, measure.unit)
        band = band_of(exact, bands)
        steps = int(half_up(exact, light.decimals).scaleb(light.decimals))
        decided = (float(exact), steps, bands.index(band) if band else None, band.level if band else None)
    named = {f"{name}_exact": one for name, one in zip(DECIDED, decided, strict=True)}
    return {"entity": row["entity"], "period": row["period"], **named}


def in_doubt(light: Light, rows: pl.DataFrame, measures: Iterable[Formula]) -> bool:
    """Whether floats may have decided a row of a light (`light_rows`) wrongly."""
    asked = list(measures)
    if any(not measure.close_calls.none for measure in asked):
        return True
    if all(measure.in_whole_numbers for measure in asked):
        return False
    return bool(rows.select(_at_an_edge(light, pl.col("value")).any()).item()) if rows.height else False


def _at_an_edge(light: Light, value: pl.Expr) -> pl.Expr:
    """Whether a measure, in the unit of the light, lies at an edge of a band, or half-way between two roundings."""
    value = value.cast(pl.Float64)
    scaled = value.abs() * 10**light.decimals
    near = (scaled - scaled.floor() - 0.5).abs() <= (scaled + 1) * CLOSE
    edges = {float(edge) for band in light.every_band for edge in (band.low, band.high) if edge is not None}
    for edge in sorted(edges):
        near = near | ((value - edge).abs() <= (value.abs() + abs(edge) + 1) * CLOSE)
    found: pl.Expr = near.fill_null(False)
    return found
