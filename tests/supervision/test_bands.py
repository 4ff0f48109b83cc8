"""Bands: each edge has one owner, and a float never moves it."""

from __future__ import annotations

from fractions import Fraction as F

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.supervision.bands import Band, band_errors, band_of, level_expression

BANDS = (
    Band("normal", None, True, F(5)),
    Band("blue", F(5), True, F(10)),
    Band("yellow", F(10), True, F(25)),
    Band("red", F(25)),
)


def levels(values: list[float | None]) -> list[str | None]:
    frame = nw.from_native(pl.DataFrame({"value": values}, schema={"value": pl.Float64}))
    return frame.with_columns(level=level_expression(nw.col("value"), BANDS))["level"].to_list()


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (F(-3), "normal"),
        (F(49999, 10000), "normal"),
        (F(5), "blue"),
        (F(10), "yellow"),
        (F(25), "red"),
        (F(99), "red"),
    ],
)
def test_the_lower_edge_belongs_to_the_graver_band(value: F, level: str) -> None:
    band = band_of(value, BANDS)
    assert band is not None and band.level == level
    assert levels([float(value)]) == [level]


def test_a_float_that_lost_its_last_bit_stays_on_the_edge() -> None:
    assert levels([(0.3 - 0.2) * 100, (0.35 - 0.1) * 100]) == ["yellow", "red"]


def test_a_measure_that_does_not_exist_has_no_level() -> None:
    assert levels([None]) == [None]


@given(st.fractions(min_value=-100, max_value=200, max_denominator=1000))
def test_every_number_has_exactly_one_level_both_ways(value: F) -> None:
    assert sum(band.holds(value) for band in BANDS) == 1
    band = band_of(value, BANDS)
    assert band is not None and levels([float(value)]) == [band.level]


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ((), "没有写任何一档"),
        ((Band("a", None, True, F(5)), Band("b", F(6))), "5 与 6 之间没有归档"),
        ((Band("a", None, True, F(7)), Band("b", F(6))), "重叠"),
        ((Band("a", None, True, F(5), True), Band("b", F(5))), "同时归入"),
        ((Band("a", None, True, F(5)), Band("b", F(5), False)), "都不含"),
        ((Band("a", F(0)),), "小于 0"),
        ((Band("a", None, True, F(9)),), "大于 9"),
        ((Band("a", F(9), True, F(3)),), "不小于上限"),
    ],
)
def test_gaps_overlaps_and_edges_without_owner_are_named(bands: tuple[Band, ...], words: str) -> None:
    assert any(words in error for error in band_errors(bands))


def test_a_whole_table_has_no_fault() -> None:
    assert band_errors(BANDS) == []


def test_bands_speak_of_their_edges() -> None:
    assert [band.sentence("个百分点") for band in BANDS] == [
        "不满 5 个百分点", "5（含）至 10 个百分点", "10（含）至 25 个百分点", "25 个百分点及以上",
    ]  # fmt: skip


@given(
    st.fractions(min_value=-1000, max_value=1000, max_denominator=100),
    st.booleans(),
    st.sampled_from([F(0), F(1, 1000), F(-1, 1000)]),
)
def test_any_edge_belongs_to_the_side_that_includes_it(edge: F, upper: bool, beside: F) -> None:
    bands = (Band("low", None, True, edge, not upper), Band("high", edge, upper))
    value = edge + beside
    frame = nw.from_native(pl.DataFrame({"value": [float(value)]}))
    wanted = band_of(value, bands)
    assert wanted is not None
    assert frame.with_columns(level=level_expression(nw.col("value"), bands))["level"].to_list() == [
        wanted.level
    ]


def test_whole_numbers_on_an_included_upper_edge_stay_below_it() -> None:
    for edge in range(-130, 130):
        bands = (Band("low", None, True, F(edge), True), Band("high", F(edge), False))
        frame = nw.from_native(pl.DataFrame({"value": [edge, edge + 1]}, schema={"value": pl.Int32}))
        found = frame.with_columns(level=level_expression(nw.col("value"), bands))["level"].to_list()
        assert found == ["low", "high"]
