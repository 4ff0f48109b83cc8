"""Reading single cells: money and months in the many ways in which offices write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.values import FEN_PER, Period
from guatu.workbooks.cells import (
    code_of,
    company_and_phone,
    day_of,
    money_of,
    month_of,
    name_of,
    two_coordinates,
)

WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
UNITS = st.sampled_from(["元", "万元", "亿元"])


@given(st.integers(min_value=0, max_value=10**12), UNITS)
def test_money_survives_every_writing_to_the_fen(amount_fen: int, unit: str) -> None:
    exact = Decimal(amount_fen) / FEN_PER[unit]
    digits = f"{exact:f}"
    whole, _point, rest = digits.partition(".")
    grouped = f"{int(whole):,}" + (f".{rest}" if rest else "")
    for writing in (
        digits,
        grouped,
        f" {digits} ",
        digits.translate(WIDE),
        f"{grouped}{unit}",
        f"￥{digits}",
    ):
        assert money_of(writing, unit)[0].value == amount_fen, writing


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=4))
def test_a_float_is_read_as_the_digits_it_shows(number: int, places: int) -> None:
    value = number / 10**places
    assert money_of(value, "万元")[0].value == number * 10 ** (6 - places)


@given(UNITS, UNITS, st.integers(min_value=1, max_value=99_999))
def test_a_unit_in_the_cell_wins_over_the_tables(table: str, own: str, number: int) -> None:
    read, used = money_of(f"{number}{own}", table)
    assert (read.value, used) == (number * FEN_PER[own], own)


@pytest.mark.parametrize("writing", ["", " ", "-", "—", "——", "/", "无", "　", "未报"])
def test_an_empty_writing_is_no_number_and_no_finding(writing: str) -> None:
    assert money_of(writing, "万元")[0].value is None
    assert money_of(writing, "万元")[0].kind is None


@pytest.mark.parametrize(
    "writing", ["约500", "500左右", "5,00", "1.2.3", "五百", "500-600", "5 00万吨", True]
)
def test_what_is_no_number_is_not_read(writing: Any) -> None:
    assert money_of(writing, "万元")[0].kind == "cell_unreadable"


MONTHS = st.builds(
    Period, st.integers(min_value=1990, max_value=2060), st.integers(min_value=1, max_value=12)
)


@given(MONTHS)
def test_a_month_is_read_from_every_writing(period: Period) -> None:
    y, m = period.year, period.month
    writings: list[Any] = [
        f"{y}年{m}月", f"{y}年{m:02d}月", f"{y} 年 {m} 月", f"{y}.{m}", f"{y}.{m:02d}", f"{y}-{m:02d}", f"{y}/{m}",
        f"{y}{m:02d}", float(y * 100 + m), f"{y}年{m}月底", f"{y}年{m}月份", f"{y}年{m}月15日", f"{y}-{m}-1",
        date(y, m, 1), datetime(y, m, 3, 0, 0), f"{y}年{m}月".translate(WIDE), f"{y}－{m:02d}".translate(WIDE),
    ]  # fmt: skip
    for writing in writings:
        read = month_of(writing, None)
        assert (read.value, read.kind) == (period, None), writing
    for writing in (f"{m}月", f"{m}月底", f" {m} 月份", f"{m}月中旬"):
        assert month_of(writing, y).value == period, writing
        assert month_of(writing, None).kind == "year_missing"


@pytest.mark.parametrize(
    ("writing", "end", "expected"),
    [
        ("2023年底", False, Period(2023, 12)),
        ("二〇二三年十月", False, Period(2023, 10)),
        ("2024年三季度", True, Period(2024, 9)),
        ("上半年", True, Period(2023, 6)),
        ("明年3月", False, Period(2024, 3)),
        ("23年6月", False, Period(2023, 6)),
        (2023.11, False, Period(2023, 11)),
    ],
)
def test_other_clear_writings_of_a_month(writing: Any, end: bool, expected: Period) -> None:
    assert month_of(writing, 2023, end=end).value == expected


@pytest.mark.parametrize(
    ("writing", "kind"),
    [
        ("2023年13月", "date_impossible"),
        ("2023年6月31日", "date_impossible"),
        ("2023-02-29", "date_impossible"),
        ("14月", "date_impossible"),
        ("三季度", "month_ambiguous"),
        ("2023年上半年", "month_ambiguous"),
        ("2023", "month_ambiguous"),
        (2023.1, "month_ambiguous"),
        ("条件成熟后", "cell_unreadable"),
        (7.0, "cell_unreadable"),
    ],
)
def test_a_month_that_is_impossible_or_unclear_is_not_read(writing: Any, kind: str) -> None:
    read = month_of(writing, 2023)
    assert (read.value, read.kind) == (None, kind)


@given(
    st.dates(min_value=date(2001, 3, 1), max_value=date(2049, 1, 1)),
    st.integers(min_value=-150, max_value=150),
)
def test_a_day_without_its_year_is_the_one_closest_to_the_day_due(day: date, off: int) -> None:
    due = date.fromordinal(day.toordinal() + off)
    if (day.month, day.day) != (2, 29):
        for writing in (f"{day.month}月{day.day}日", f"{day.month}.{day.day}", f"{day.month}-{day.day}"):
            assert day_of(writing, due).value == day


def test_codes_names_companies_and_coordinates_are_taken_from_untidy_cells() -> None:
    assert code_of(" 2023—139702–36-02-\n31503３ ") == "2023-139702-36-02-315033"
    assert name_of(" 石桥 市\n图书馆　") == "石桥市图书馆"
    assert company_and_phone("甲公司\n0315-2223334") == ("甲公司", "0315-2223334")
    assert company_and_phone("13800138000（乙公司）") == ("乙公司", "13800138000")
    assert company_and_phone("丙公司") == ("丙公司", None)
    assert two_coordinates("118.1，39.6") == ("118.1", "39.6")
    assert two_coordinates("北纬39.6 东经118.1") == ("118.1", "39.6")
    assert two_coordinates("118°6′，39°36′") is None
