"""Formulas over facts: what may be written, which unit comes out, and that both ways of running agree."""

from __future__ import annotations

from fractions import Fraction

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import FormulaError, parse_formula

BEHIND = "planned_ytd / planned_year - invested_ytd / planned_year"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("invested_ytd / planned_year", Unit.RATIO),
        (BEHIND, Unit.RATIO_DIFFERENCE),
        ("(planned_ytd - invested_ytd) / planned_ytd", Unit.RATIO),
        ("planned_ytd - invested_ytd", Unit.MONEY),
        ("sum(invested_ytd) / sum(planned_year)", Unit.RATIO),
        ("count(started) / count(start_due)", Unit.RATIO),
        ("count()", Unit.COUNT),
        ("sum(total) / count()", Unit.MONEY),
        ("stage in ('new', 'continuing')", Unit.FLAG),
        ("total >= 0 and not late", Unit.FLAG),
        ("physical - physical", Unit.PERCENTAGE_POINTS),
        ("planned_year * month / 12", Unit.MONEY),
    ],
)
def test_the_unit_of_a_formula(text: str, unit: Unit) -> None:
    assert parse_formula(text).unit is unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("invsted_ytd / planned_year", "invested_ytd"),
        ("total + physical", "单位对不上"),
        ("total == 'new'", "两边单位不同"),
        ("sum(total) / total", "要写合计"),
        ("sum(sum(total))", "不能再套"),
        ("__import__('os')", "不能用"),
        ("total.real", "不能用"),
        ("total if late else total", "不能用"),
        ("total /", "写法有误"),
        ("not total", "不是条件"),
        ("stage in 'new'", "一组值"),
    ],
)
def test_a_formula_that_cannot_be_used_says_why(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words):
        parse_formula(text)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("total >= 50000", [False, True, True]),
        ("total > 50000", [False, False, True]),
        ("total in (50000, 1.5)", [False, True, False]),
        ("min(total, 50000) == 50000", [False, True, True]),
        ("total - planned_year > -0.0001", [True, True, True]),
    ],
)
def test_a_number_beside_money_is_in_wan_yuan(text: str, holds: list[bool]) -> None:
    formula = parse_formula(text)
    rows = [{"total": fen, "planned_year": fen} for fen in (49_999_999_999, 50_000_000_000, 50_000_000_001)]
    assert [formula.of_row(row) for row in rows] == holds
    assert nw.from_native(pl.DataFrame(rows)).with_columns(v=formula.row_expression())["v"].to_list() == holds
    entity = parse_formula("sum(total) >= 100000")
    assert [entity.of_rows(rows[:2]), entity.of_rows(rows[1:])] == [False, True]
    assert entity.sentence() == "总投资合计 ≥ 100000 万元"
    assert parse_formula("count(total >= 0.5)").of_rows(rows) == 3


def test_money_is_held_against_written_numbers_only() -> None:
    with pytest.raises(FormulaError, match="万元"):
        parse_formula("total > month * 2")


def test_a_formula_reads_as_chinese_and_with_its_numbers() -> None:
    formula = parse_formula("(planned_ytd - invested_ytd) / planned_year")
    assert formula.sentence() == "（计划累计 − 累计完成） ÷ 年度计划"
    row = {"planned_ytd": 8, "invested_ytd": 6, "planned_year": 10}
    assert formula.with_numbers([row], lambda value, _unit: str(value)) == "（8 − 6） ÷ 10"


money = st.integers(0, 10**14)


@given(st.lists(st.tuples(money, money, st.integers(1, 10**14)), min_size=1, max_size=20))
def test_the_table_and_the_exact_way_agree(rows: list[tuple[int, int, int]]) -> None:
    table = pl.DataFrame(rows, schema=["planned_ytd", "invested_ytd", "planned_year"], orient="row")
    formula = parse_formula(BEHIND)
    values = nw.from_native(table).with_columns(value=formula.row_expression())["value"].to_list()
    for value, row in zip(values, table.rows(named=True), strict=True):
        exact = formula.of_row(row)
        assert isinstance(exact, Fraction)
        # Two ratios that nearly cancel keep the absolute error of the larger one.
        size = max(row["planned_ytd"], row["invested_ytd"]) / row["planned_year"]
        assert value == pytest.approx(float(exact), rel=1e-9, abs=1e-15 + size * 1e-15)


@given(st.lists(st.tuples(st.sampled_from("AB"), money, st.integers(1, 10**12)), min_size=1, max_size=20))
def test_sums_per_entity_agree_with_the_exact_way(rows: list[tuple[str, int, int]]) -> None:
    table = pl.DataFrame(rows, schema=["county", "invested_ytd", "planned_year"], orient="row")
    formula = parse_formula("sum(invested_ytd) / sum(planned_year)")
    grouped = nw.from_native(table).group_by("county").agg(*formula.aggregate_expressions())
    for row in grouped.with_columns(value=formula.entity_expression()).rows(named=True):
        exact = formula.of_rows(table.filter(pl.col("county") == row["county"]).rows(named=True))
        assert isinstance(exact, Fraction)
        assert row["value"] == pytest.approx(float(exact), rel=1e-12)


def test_a_missing_input_or_a_plan_of_zero_gives_no_value() -> None:
    formula = parse_formula("invested_ytd / planned_year")
    table = pl.DataFrame({"invested_ytd": [1, None], "planned_year": [0, 5]})
    assert nw.from_native(table).with_columns(v=formula.row_expression())["v"].to_list() == [None, None]
    assert formula.of_row({"invested_ytd": 1, "planned_year": 0}) is None
    assert formula.of_row({"invested_ytd": None, "planned_year": 5}) is None
