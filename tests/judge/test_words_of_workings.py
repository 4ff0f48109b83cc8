"""The workings of a score in words: percentage points apart, money in 万元, names and not codes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.thresholds import AllOrNothing
from guatu.judge.workings import _in_unit
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import parse_formula


def test_what_parts_two_percentages_is_percentage_points() -> None:
    rule = Linear(type="linear", pivot=Decimal(80), up=Decimal("0.1"), step=Decimal(2), limit="base")
    assert "以 80% 为基准得 10 分，每高 2 个百分点加 0.1 分" in rule.sentence(Decimal(10), "%")
    assert "每高 2个加 0.1 分" in rule.sentence(Decimal(10), "个")
    assert "每高 2 加 0.1 分" in rule.sentence(Decimal(10), "")


def test_a_threshold_without_a_unit_stands_apart() -> None:
    rule = AllOrNothing(type="all_or_nothing", at_least=Decimal(1))
    assert rule.sentence(Decimal(5), "") == "达到 1 得 5 分，否则不得分"
    assert rule.sentence(Decimal(5), "万元") == "达到 1万元得 5 分，否则不得分"


def test_a_condition_that_is_counted_stands_in_brackets() -> None:
    assert (
        parse_formula("count(started and total >= 500)").sentence() == "（已开工 且 总投资 ≥ 500 万元）个数"
    )
    assert parse_formula("count(started)").sentence() == "已开工个数"


def test_what_was_handed_in_as_money_is_told_in_wan_with_all_its_decimals() -> None:
    assert _in_unit(Fraction(30_000_000_000), Unit.MONEY) == "30,000 万元"
    assert _in_unit(Fraction(20_999_990_000), Unit.MONEY) == "20,999.99 万元"
    assert _in_unit(Fraction(1, 2), Unit.NUMBER) == "0.5"
