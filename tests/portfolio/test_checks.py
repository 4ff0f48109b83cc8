"""Checks of a ledger's figures against each other."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.portfolio.checks import check_projects
from guatu.portfolio.counties import likely_aliases, one_spelling
from guatu.portfolio.project import Project, Source
from guatu.portfolio.settings import CheckSettings
from guatu.values import Period, fen


def wan(value: float | None) -> int | None:
    return None if value is None else fen(value, "万元")


def kinds(**values: Any) -> list[tuple[str, str | None]]:
    """The kinds of finding and their columns for one project; money in 万元."""
    good: dict[str, Any] = {"total": 5000, "done_before": 1000, "planned": 1200}
    good |= values
    for name in ("total", "done_before", "planned"):
        good[name] = wan(good[name])
    good["planned_cumulative"] = tuple(wan(value) for value in good.get("planned_cumulative", ()))
    columns = {"total": "E", "planned": "F", "done_before": "G", "planned_finish": "H"}
    columns |= {f"planned_cumulative.{month}": f"M{month}" for month in range(1, 13)}
    project = Project(code="P", name="桥", source=Source("a.xlsx", "表", 7), columns=columns, **good)
    return [(found.id, found.column) for found in check_projects([project], CheckSettings())]


EVEN = [100 * month for month in range(1, 13)]
QUARTERS = [None, None, 300, None, None, 600, None, None, 900, None, None, 1200]


@pytest.mark.parametrize("split", [(), EVEN, QUARTERS])
def test_a_project_whose_figures_agree_is_not_questioned(split: list[float | None]) -> None:
    assert kinds(planned_cumulative=split) == []


def test_a_plan_above_the_total_is_questioned() -> None:
    assert kinds(planned=5100, done_before=None) == [("plan_exceeds_total", "F")]


def test_a_plan_above_what_is_left_of_the_total_is_questioned() -> None:
    assert kinds(planned=4100) == [("plan_exceeds_total", "F")]
    assert kinds(planned=4000) == []


def test_more_done_before_the_year_than_the_total_is_questioned() -> None:
    assert kinds(done_before=5001, planned=None) == [("done_exceeds_total", "G")]


def test_a_split_that_does_not_end_at_the_year_is_questioned() -> None:
    assert kinds(planned_cumulative=[*EVEN[:11], 1100]) == [("plan_split_not_year", "M12")]


def test_quarters_that_do_not_add_to_the_year_are_questioned() -> None:
    assert kinds(planned_cumulative=[*QUARTERS[:11], 1300]) == [("quarters_not_year", "M12")]


def test_a_cumulative_plan_that_falls_is_questioned() -> None:
    assert kinds(planned_cumulative=[*EVEN[:5], 450, *EVEN[6:]]) == [("plan_split_falls", "M6")]


def test_a_split_in_yi_is_named_as_a_wrong_unit() -> None:
    assert kinds(planned_cumulative=[*EVEN[:5], 0.06, *EVEN[6:]]) == [("unit_yi_in_wan", "M6")]


def test_a_total_in_yi_is_named_as_a_wrong_unit_and_not_as_a_plan_above_it() -> None:
    assert kinds(total=0.5, done_before=None) == [("unit_yi_in_wan", "E")]


def test_a_plan_in_yi_is_known_by_its_split() -> None:
    assert kinds(planned=0.12, planned_cumulative=EVEN) == [("unit_yi_in_wan", "F")]


def test_a_plan_in_wan_where_yi_is_asked_is_known_by_the_total() -> None:
    assert kinds(planned=12_000_000, done_before=None) == [("unit_wan_in_yi", "F")]


def test_a_total_in_wan_where_yi_is_asked_is_known_by_the_plan() -> None:
    assert kinds(total=12_350_000, planned=1200) == [("unit_wan_in_yi", "E")]


def test_a_finish_before_the_start_is_impossible() -> None:
    assert kinds(planned_start=Period(2024, 5), planned_finish=Period(2024, 4)) == [("date_impossible", "H")]
    assert kinds(planned_start=Period(2024, 5), planned_finish=Period(2024, 5)) == []


def test_a_short_name_is_replaced_only_where_it_is_known() -> None:
    assert one_spelling("高新区", {"高新区": "高新技术产业开发区"}) == "高新技术产业开发区"
    assert one_spelling("东湖区", {}) == "东湖区"


def test_only_names_that_begin_alike_and_contain_each_other_may_be_one() -> None:
    names = ["高新区", "高新技术产业开发区", "东湖区", "西湖区", "东湖", "经开区", "经济技术开发区"]
    assert likely_aliases(names) == [
        ("东湖", "东湖区"),
        ("经开区", "经济技术开发区"),
        ("高新区", "高新技术产业开发区"),
    ]
