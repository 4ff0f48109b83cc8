"""Every rule type: the table and the exact way agree, more is never less where the rule says so, edges are owned."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from guatu.assessment.ranking import half_up_steps
from guatu.assessment.rules import RULES, AnyRule, Company, Rule, Table
from guatu.values import half_up

FULL = Decimal(30)
WRITTEN: dict[str, dict[str, Any]] = {
    "proportional": {"type": "proportional", "of": 100, "cap": 1.2, "floor": 0.1},
    "proportional open": {"type": "proportional", "of": 80, "open": True},
    "linear": {"type": "linear", "pivot": 100, "up": 1, "down": 0.5, "limit": "base"},
    "linear whole": {"type": "linear", "pivot": 10, "step": 2, "up": 1, "whole_steps": True, "cap_up": 15, "cap_down": 15},
    "brackets": {
        "type": "brackets", "pivot": 50, "base": 10,
        "above": [{"to": 5, "points": 1}, {"to": 10, "points": 2}, {"points": 3}],
        "below": [{"to": 10, "points": 0.5}, {"points": 1, "step": 2}], "cap_down": 10,
    },
    "brackets whole": {
        "type": "brackets", "pivot": 0, "base": 0, "whole_steps": True,
        "above": [{"to": 9, "points": 1, "step": 3}, {"points": 2, "step": 3}],
    },
    "linear whole below": {"type": "linear", "pivot": 10, "up": 0.5, "down": 0.8, "whole_steps_down": True, "cap_up": 6},
    "linear whole above": {"type": "linear", "pivot": 10, "up": 2, "down": 1, "whole_steps_up": True, "cap_down": 15},
    "brackets whole below": {
        "type": "brackets", "pivot": 50, "above": [{"to": 5, "points": 1}, {"points": 0.5}], "below": [{"points": 0.8}],
        "whole_steps_down": True, "cap_up": 6, "cap_down": 30,
    },
    "bands of shares": {"type": "bands", "band": [{"to": 60, "share": 0}, {"from": 60, "to": 90, "share": 0.8},
                                                  {"from": 90, "share": 1}]},
    "bands": {
        "type": "bands",
        "band": [{"to": 60, "points": 0}, {"from": 60, "to": 80, "to_included": True, "points": 15},
                 {"from": 80, "from_included": False, "points": 30}],
    },
    "places": {"type": "places", "table": [30, 20, 10], "rest": 5},
    "places stepped": {"type": "places", "first": 30, "less": 7.5, "floor": 2, "order": "ascending"},
    "efficacy": {"type": "efficacy"},
    "efficacy fixed": {"type": "efficacy", "basic": 0.4, "best": "smallest", "best_value": 0, "worst_value": 100},
    "share_of_best": {"type": "share_of_best"},
    "all_or_nothing": {"type": "all_or_nothing", "at_least": 100},
    "all_or_nothing most": {"type": "all_or_nothing", "at_most": 15.5, "edge_included": False},
    "direct": {"type": "direct"},
    "direct open": {"type": "direct", "open": True},
    "mark": {"type": "mark", "low": 5, "high": 25},
}  # fmt: skip
GROWING = (
    "proportional",
    "proportional open",
    "linear",
    "linear whole",
    "brackets",
    "bands",
    "efficacy",
    "all_or_nothing",
    "direct",
    "mark",
)

adapter: TypeAdapter[Any] = TypeAdapter(AnyRule)
hundredths = st.integers(-20_000, 20_000).map(lambda n: Fraction(n, 100))
companies = st.lists(hundredths, min_size=1, max_size=12)


def rule(name: str) -> Rule:
    made: Rule = adapter.validate_python(WRITTEN[name])
    return made


def over_table(made: Rule, values: list[Fraction]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"value": [float(v) for v in values], "series": [""] * len(values), "order": [1] * len(values)}
    )
    points = made.points(nw.col("value"), FULL, Table())
    table = nw.from_native(frame).with_columns(points=points)
    result: pl.DataFrame = table.with_columns(steps=half_up_steps(nw.col("points"), 2)).to_native()
    return result


def exactly(made: Rule, values: list[Fraction]) -> list[Fraction]:
    return [Fraction(made.exact(value, FULL, Company(values)) or 0) for value in values]


def test_every_rule_type_is_tried_here() -> None:
    assert {type(rule(name)) for name in WRITTEN} == set(RULES)


@pytest.mark.parametrize("name", WRITTEN)
@given(values=companies)
def test_the_published_points_of_a_table_are_those_of_exact_arithmetic(
    name: str, values: list[Fraction]
) -> None:
    made = rule(name)
    wanted = [int(half_up(points, 2).scaleb(2)) for points in exactly(made, values)]
    assert over_table(made, values)["steps"].to_list() == wanted


@pytest.mark.parametrize("name", GROWING)
@given(one=hundredths, other=hundredths)
def test_more_never_earns_less(name: str, one: Fraction, other: Fraction) -> None:
    made, values = rule(name), [one, other]
    points = exactly(made, values)
    if one <= other:
        assert points[0] <= points[1]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_value_that_does_not_exist_earns_nothing_that_could_be_counted(name: str) -> None:
    frame = pl.DataFrame(
        {"value": [None, 50.0], "series": ["", ""], "order": [1, 1]},
        schema={"value": pl.Float64, "series": pl.String, "order": pl.Int64},
    )
    points = nw.from_native(frame).with_columns(points=rule(name).points(nw.col("value"), FULL, Table()))
    assert points["points"].to_list()[0] is None


@pytest.mark.parametrize("name", WRITTEN)
def test_a_whole_rule_has_no_fault_and_a_sentence(name: str) -> None:
    assert rule(name).faults(FULL) == []
    assert "分" in rule(name).sentence(FULL, "%")


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("linear", 100, 30), ("linear", 103, 33), ("linear", 97, "28.5"), ("linear", 200, 60), ("linear", 0, 0),
        ("linear whole", "11.9", 30), ("linear whole", 12, 31), ("linear whole", "8.1", 30), ("linear whole", 8, 29),
        ("linear whole", 99, 45), ("linear whole", -99, 15),
        ("brackets", 50, 10), ("brackets", 55, 15), ("brackets", 60, 25), ("brackets", 61, 28), ("brackets", 40, 5),
        ("brackets", 36, 3), ("brackets", 0, 0),
        ("bands", "59.99", 0), ("bands", 60, 15), ("bands", 80, 15), ("bands", "80.01", 30),
        ("all_or_nothing", 100, 30), ("all_or_nothing", "99.99", 0), ("all_or_nothing most", "15.5", 0),
    ],
)  # fmt: skip
def test_edges_and_slopes_worked_by_hand(name: str, value: Any, points: Any) -> None:
    worked = Fraction(str(value))
    assert exactly(rule(name), [worked]) == [Fraction(str(points))]


def test_ties_share_the_points_of_a_place_and_the_next_is_skipped() -> None:
    values = [Fraction(9), Fraction(9), Fraction(7)]
    assert exactly(rule("places"), values) == [30, 30, 10]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"type": "bands", "band": [{"to": 60, "points": 0}, {"from": 61, "points": 10}]}, "没有归档"),
        ({"type": "bands", "band": [{"points": 99}]}, "超过这一项"),
        ({"type": "linear", "pivot": 0, "up": 1, "step": 0}, "大于 0"),
        ({"type": "places"}, "其中一样"),
        ({"type": "all_or_nothing"}, "其中一个"),
        ({"type": "brackets", "pivot": 0, "above": [{"points": 1}, {"to": 5, "points": 2}]}, "最后一段"),
        ({"type": "mark", "low": 50}, "low 大于 high"),
    ],
)
def test_a_rule_that_leaves_something_open_says_what(written: dict[str, Any], words: str) -> None:
    made: Rule = adapter.validate_python(written)
    assert any(words in fault for fault in made.faults(FULL))


def test_a_rule_type_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError):
        adapter.validate_python({"type": "lottery"})
