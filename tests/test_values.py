"""Money, rounding and periods."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.values import FEN_PER, Period, amount, fen, half_up, money_text, number_text, percent


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(FEN_PER)))
def test_money_survives_the_way_to_any_unit_and_back(value: int, unit: str) -> None:
    assert fen(amount(value, unit), unit) == value


@given(st.integers(0, 10**11), st.integers(0, 4))
def test_a_cell_that_a_spreadsheet_holds_as_float_is_read_as_the_figure_it_shows(
    units: int, places: int
) -> None:
    shown = Decimal(units).scaleb(-places)
    assert fen(float(shown), "万元") == int(shown * FEN_PER["万元"])


def test_a_sum_of_tenths_is_exact() -> None:
    assert fen(0.1 + 0.2, "亿元") == fen("0.3", "亿元")


@given(st.fractions(min_value=-(10**18), max_value=10**18, max_denominator=10**6), st.integers(0, 6))
def test_half_up_is_never_further_than_half_a_step_and_ties_go_away_from_zero(
    value: Fraction, places: int
) -> None:
    rounded = Fraction(half_up(value, places))
    step = Fraction(1, 10**places)
    assert abs(rounded - value) <= step / 2
    if abs(rounded - value) == step / 2:
        assert abs(rounded) > abs(value)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("1127.45"), 1, "1127.5"),
        (Decimal("-7.25"), 1, "−7.3"),
        (Decimal(12345), 0, "12,345"),
        (Decimal(9999), 0, "9999"),
        (None, 1, "–"),
        (Decimal("-0.04"), 1, "0.0"),
    ],
)
def test_numbers_for_people(value: Decimal | None, places: int, text: str) -> None:
    assert number_text(value, places) == text


def test_a_sign_is_shown_where_it_is_asked_for() -> None:
    assert number_text(Decimal("1.84"), 1, signed=True) == "+1.8"
    assert number_text(Decimal(0), 1, signed=True) == "0.0"


def test_money_in_yi_is_rounded_half_up_from_fen() -> None:
    assert money_text(fen("162.45", "亿元"), "亿元", 1) == "162.5"


def test_a_rate_without_a_plan_does_not_exist() -> None:
    assert percent(1, 0, 1) is None


def test_unknown_units_and_words_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(KeyError):
        fen(1, "美元")
    for bad in ("三亿", float("nan"), float("inf")):
        with pytest.raises(ValueError):
            fen(bad, "万元")


@given(st.integers(1950, 2150), st.integers(1, 12), st.integers(-400, 400))
def test_moving_a_period_by_months_and_back_returns_to_it(year: int, month: int, months: int) -> None:
    period = Period(year, month)
    assert period.plus(months).plus(-months) == period
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", ["2023年9月", "2023-13", "23-09", "2023-9-1", ""])
def test_a_period_written_otherwise_is_refused_with_the_right_way(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)
