"""The check warns of points below 0, of grades and conditions out of reach, and of credit without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judge.small_scheme import FACTS, entries, fact, item, said, scheme_of, sheet

PROPORTIONAL = item("a", "p", "percent", 'type = "proportional"')
GRADE = '[[sheet.grade]]\nname = "优秀"\nfrom = {low}\nclause = "一"\n'
STEP = '[[step]]\nid = "talk"\nname = "约谈"\nentity = "county"\nwhen = "{when}"\nclause = "二"\n'


def linear(measure: str, unit: str, keys: str, points: int = 20) -> str:
    return sheet() + item("a", measure, unit, f'type = "linear", {keys}', points)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (linear("p", "percent", "pivot = 100, up = 1"), "每低 1 扣 1 分，没有下限，可能扣成负分"),
        (linear("m / n", "percent", "pivot = 100, up = 1"), "没有下限"),
        (linear("x", "number", "pivot = 0, up = -1, down = 0"), "每高 1 扣 1 分，没有下限"),
        (linear("x", "number", 'pivot = "series_average(x)", up = 1'), "没有下限"),
        (linear("m / n - n / m", "percentage_points", "pivot = 0, up = 0.1"), "没有下限"),
    ],
)
def test_points_that_may_be_taken_without_end_are_warned_of_with_the_cure(
    tmp_path: Path, toml: str, words: str
) -> None:
    found = said(tmp_path, toml)
    assert found.startswith("warning")
    assert words in found
    assert 'limit = "base"' in found and "cap_down" in found


@pytest.mark.parametrize(
    "toml",
    [
        linear("p", "percent", 'pivot = 100, up = 1, limit = "base"'),
        linear("p", "percent", "pivot = 100, up = 1, cap_down = 20"),
        linear("p", "percent", "pivot = 100, up = 1, down = 0"),
        linear("m / n", "percent", "pivot = 100, up = 0.2"),  # 0 of the value is 0 points
        linear("m", "money", "pivot = 0, step = 5000, up = 1, base = 0, whole_steps = true"),
    ],
)
def test_points_that_cannot_fall_below_nothing_are_not(tmp_path: Path, toml: str) -> None:
    assert said(tmp_path, toml) == ""


def test_each_full_5000_wan_earns_a_point(tmp_path: Path) -> None:
    scheme = scheme_of(
        tmp_path, linear("m", "money", "pivot = 0, step = 5000, up = 1, base = 0, whole_steps = true")
    )
    found = entries(
        scheme, {("甲县", "2026-05"): {"m": 14999}, ("乙县", "2026-05"): {"m": 15000}, ("丙县", "2026-05"): {"m": 4999}}
    )  # fmt: skip
    assert [found[name]["score"] for name in ("甲县", "乙县", "丙县")] == [2, 3, 0]


def test_a_grade_above_all_points_is_out_of_reach_unless_points_can_be_added(tmp_path: Path) -> None:
    head = sheet(more="points = 100") + PROPORTIONAL
    bonus = '[[sheet.event]]\nid = "prize"\nname = "获奖"\npoints = 5\nclause = "一"\n'
    assert "“优秀”永远到不了：从 101 分起" in said(tmp_path, head + GRADE.format(low=101))
    assert said(tmp_path, head + GRADE.format(low=100)) == ""
    assert said(tmp_path, head + bonus + GRADE.format(low=101)) == ""


@pytest.mark.parametrize(
    "when", ["times(f, 3) >= 4", "4 <= times(f, 3)", "times(f, 3) > 3", "times(f, 3) == 4"]
)
def test_more_times_than_terms_can_never_be(tmp_path: Path, when: str) -> None:
    assert "step[0].when：“" in said(tmp_path, STEP.format(when=when))
    assert "永远不成立" in said(tmp_path, STEP.format(when=when))


@pytest.mark.parametrize("when", ["times(f, 3) >= 3", "times(f, 3) < 4", "times(f) >= 4", "3 <= times(f, 3)"])
def test_as_many_times_as_terms_can(tmp_path: Path, when: str) -> None:
    assert said(tmp_path, STEP.format(when=when)) == ""


def test_credit_on_a_sheet_of_projects_does_nothing_and_is_told_where_it_belongs(tmp_path: Path) -> None:
    facts = FACTS + fact("bringer", "text", "project") + fact("good", "percent", "project")
    lines = sheet(more='credit = "bringer"', entity="project") + item(
        "a", "good", "percent", 'type = "proportional"'
    )
    found = said(tmp_path, lines, facts)
    assert found.startswith("warning")
    assert "credit 不起作用" in found and "请写在汇总项目得分的那张表" in found


def test_a_pivot_that_is_a_ratio_is_put_into_per_cent(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, linear("m / n", "percent", 'pivot = "c / d", up = 1, limit = "base"'))
    found = entries(scheme, {("甲县", "2026-05"): {"m": 45, "n": 100, "c": 1, "d": 2}})
    assert found["甲县"]["score"] == 15


def test_a_sum_over_terms_skips_what_is_missing_and_a_condition_can_ask_for_all(tmp_path: Path) -> None:
    lines = item("a", "year_sum(x)", "number", 'type = "direct"', 50) + item(
        "b", "if(times(known(x), 3) == 3, 1, 0)", "number", 'type = "direct"', 50
    )
    given = {
        ("甲县", "2026-03"): {"x": 1, "y": 0},
        ("甲县", "2026-04"): {"y": 0},
        ("甲县", "2026-05"): {"x": 3, "y": 0},
    }
    assert entries(scheme_of(tmp_path, sheet() + lines), given)["甲县"]["score"] == 4
    whole = {
        month: {"x": 1, "y": 0} for month in (("甲县", "2026-03"), ("甲县", "2026-04"), ("甲县", "2026-05"))
    }
    assert entries(scheme_of(tmp_path, sheet() + lines), whole)["甲县"]["score"] == 4


@pytest.mark.parametrize(
    "more",
    [
        '[[sheet.net_cap]]\ndown = -3.5\nclause = "三"',
        '[[sheet.net_cap]]\nup = -3\nclause = "三"',
        '[[sheet.event]]\nid = "e"\nname = "加"\npoints = 1\ncap = -2\nclause = "二"',
    ],
)
def test_how_much_at_most_is_written_without_a_sign(tmp_path: Path, more: str) -> None:
    assert "应不小于 0" in said(tmp_path, sheet() + PROPORTIONAL + more)
