"""Rounding before ranking, ties that share a place."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.ranking import half_up_steps, rank
from guatu.values import half_up


def steps(values: list[float], decimals: int) -> list[int]:
    frame = nw.from_native(pl.DataFrame({"value": values}, schema={"value": pl.Float64}))
    return frame.with_columns(steps=half_up_steps(nw.col("value"), decimals))["steps"].to_list()


def test_ties_are_rounded_up_although_the_float_lost_them() -> None:
    assert steps([1.005, 2.675, 0.125, 2.5, -2.5], 2) == [101, 268, 13, 250, -250]
    assert steps([2.5, 3.5, -2.5], 0) == [3, 4, -3]


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_rounding_over_tables_equals_exact_rounding(thousandths: int, decimals: int) -> None:
    value = Decimal(thousandths).scaleb(-4)
    assert steps([float(value)], decimals) == [int(half_up(value, decimals).scaleb(decimals))]


def places(values: list[int | None], *, descending: bool = True) -> list[int | None]:
    frame = nw.from_native(
        pl.DataFrame(
            {"period": [1] * len(values), "steps": values}, schema={"period": pl.Int64, "steps": pl.Int64}
        )
    )
    return frame.with_columns(r=rank(nw.col("steps"), within=["period"], descending=descending))[
        "r"
    ].to_list()


def test_equal_values_share_a_place_and_the_next_is_skipped() -> None:
    assert places([80, 90, 90, 70]) == [3, 1, 1, 4]


def test_the_smallest_may_be_first() -> None:
    assert places([80, 90, 70], descending=False) == [2, 3, 1]


def test_what_has_no_value_has_no_place() -> None:
    assert places([80, None, 90]) == [2, None, 1]


def test_each_period_is_ranked_by_itself() -> None:
    frame = nw.from_native(pl.DataFrame({"period": [1, 1, 2, 2], "steps": [5, 6, 9, 8]}))
    assert frame.with_columns(r=rank(nw.col("steps"), within=["period"], descending=True))["r"].to_list() == [
        2,
        1,
        1,
        2,
    ]
