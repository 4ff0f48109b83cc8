"""Formulas over facts: what may be written, which unit comes out, and that both ways of running agree."""

from __future__ import annotations

from fractions import Fraction

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.portfolio.facts import FACTS, Unit
from guatu.portfolio.formula import FormulaError, Scope, parse_formula

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


WINDOWED = Scope(FACTS, FACTS, windows=True)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("sum(invested_ytd, started) / sum(planned_year, started)", Unit.RATIO),
        ("average(physical, stage == 'new')", Unit.PERCENT),
        ("distinct(category)", Unit.COUNT),
        ("if(total >= 50000, 5, 3)", Unit.NUMBER),
        ("if(started, total, 0)", Unit.MONEY),
        ("if_missing(physical, 0)", Unit.PERCENT),
        ("min(total, planned_year, 50000)", Unit.MONEY),
        ("floor(total / 10)", Unit.MONEY),
        ("physical / last_year(physical) - 1", Unit.RATIO),
        ("previous(series_place(total)) - series_place(total)", Unit.COUNT),
        ("series_place(total) <= series_count() * 0.3", Unit.FLAG),
        ("ever(late) or times(late, 3) >= 2", Unit.FLAG),
        ("sum(physical / 100 * total) / sum(total)", Unit.RATIO),
        ("(physical - previous(physical)) / previous(physical)", Unit.RATIO),
        ("sum(physical) / count()", Unit.PERCENT),
    ],
)
def test_the_unit_of_a_function(text: str, unit: Unit) -> None:
    assert parse_formula(text, WINDOWED).unit is unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sum(started)", "count"),
        ("average(county)", "是文字"),
        ("sum(total, physical)", "不是条件"),
        ("if(total, 1, 2)", "不是条件"),
        ("if(late, total, physical)", "单位不同"),
        ("if(late, 'a', 1)", "单位不同"),
        ("if(late, 1)", "写作 if"),
        ("times(late, 0)", "整数"),
        ("times(late, month)", "整数"),
        ("recent_sum(total)", "写作 recent_sum"),
        ("round(total, 1.5)", "小数位数"),
        ("floor(total, 0)", "大于 0"),
        ("series_sum(1)", "要写事实"),
        ("total if late else 0", "if\\(条件"),
        ("0 <= month < 3", "and"),
        ("physical * total", "除以 100"),
        ("late * 2", "if\\(条件, 1, 0\\)"),
        ("if(late, 1, $)", "第 13 个字符"),
    ],
)
def test_a_function_that_cannot_be_used_says_how_it_is_written(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words):
        parse_formula(text, WINDOWED)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sum(invested_ytd, started)", "累计完成合计（仅计“已开工”的项目）"),
        ("if(late, 1, 0)", "（若 迟报 则 1，否则 0）"),
        ("times(late, 3)", "近 3 期次数（迟报）"),
        ("previous(physical, 4)", "前 4 期（形象进度）"),
        ("round(total, 1)", "四舍五入到 1 位小数（总投资）"),
        ("floor(total, 5)", "向下取到 5 万元 的整数倍（总投资）"),
        ("floor(physical)", "向下取整（形象进度）"),
        ("if_missing(physical, 0)", "形象进度（缺数按 0）"),
        ("not (late and started) or questioned", "非（迟报 且 已开工） 或 待核"),
        ("late and (started or questioned)", "迟报 且 （已开工 或 待核）"),
        ("series_count()", "组内个数"),
    ],
)
def test_a_function_reads_as_chinese(text: str, words: str) -> None:
    assert parse_formula(text, WINDOWED).sentence() == words


def test_the_worked_numbers_of_a_choice_are_chinese_too() -> None:
    formula = parse_formula("if(physical >= 50, min(physical, 80), 0)")
    worked = formula.with_numbers([{"physical": 60}], lambda value, _unit: str(value))
    assert worked == "（若 60 ≥ 50 则 较小者（60，80），否则 0）"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(physical, 1)", Fraction("2.7")),
        ("round(physical, 2)", Fraction("2.68")),
        ("round(-physical, 2)", Fraction("-2.68")),
        ("floor(-physical)", -3),
        ("ceil(-physical)", -2),
        ("ceil(physical, 0.5)", 3),
        ("floor(physical / 0.535)", 5),
    ],
)
def test_rounding_is_of_the_number_as_it_is_typed(text: str, value: Fraction) -> None:
    formula = parse_formula(text)
    table = pl.DataFrame({"physical": [2.675]})
    assert formula.of_row({"physical": 2.675}) == value
    assert nw.from_native(table).with_columns(v=formula.row_expression())["v"][0] == pytest.approx(
        float(value), abs=1e-12
    )


def test_what_is_not_known_leaves_a_condition_open() -> None:
    row = {"physical": None, "started": True, "late": False, "category": None}
    found = {
        text: parse_formula(text).of_row(row)
        for text in (
            "physical > 5", "not physical > 5", "physical > 5 and started", "physical > 5 and late",
            "physical > 5 or started", "not (physical > 5 and started)", "category in ('a', 'b')",
            "category not in ('a', 'b')", "if(physical > 5, 1, 0)", "known(physical) and physical > 5",
        )
    }  # fmt: skip
    assert list(found.values()) == [None, None, None, False, True, None, None, None, None, False]
