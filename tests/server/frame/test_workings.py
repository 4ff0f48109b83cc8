"""为什么: the workings of a light or a place."""

from __future__ import annotations

from typing import Any

from guatu.server.frame.workings import workings

LIGHT: dict[str, Any] = {
    "level": "red",
    "level_name": "红",
    "clause": "示例 三(六)",
    "threshold": {"sentence": "25 个百分点及以上", "local_choice": "本地选定"},
    "inputs": {"planned_ytd": 11500, "planned_year": 24481, "invested_ytd": 4950},
    "arithmetic": "11,500 ÷ 24,481 − 4950 ÷ 24,481 = 26.76 个百分点",
}


def test_figures_come_in_the_order_people_read_them() -> None:
    assert [step["name"] for step in workings(LIGHT)][:3] == ["累计完成", "计划累计", "年度计划"]


def test_each_figure_says_who_handed_it_in() -> None:
    steps = workings(LIGHT, {"invested_ytd": "9 月月报第 1 版，10 月 4 日审核"})
    assert (steps[0]["value"], steps[0]["unit"]) == ("4950", "万元")
    assert steps[0]["from"] == "9 月月报第 1 版，10 月 4 日审核"
    assert steps[1]["from"] == ""


def test_the_arithmetic_ends_with_its_result_and_the_band_that_was_hit() -> None:
    last = workings(LIGHT)[-1]
    assert last["name"] == "11,500 ÷ 24,481 − 4950 ÷ 24,481"
    assert last["value"] == "26.76 个百分点"
    assert last["from"] == "红：25 个百分点及以上"


def test_a_place_shows_the_workings_of_its_light_too() -> None:
    place = {"inputs": {}, "arithmetic": "1 ÷ 2 = 50%", "light": LIGHT}
    assert [step["value"] for step in workings(place)] == ["50%", "26.76 个百分点"]
    assert workings(place)[-1]["from"] == "红：25 个百分点及以上 · 示例 三(六) · 本地选择"


def test_a_light_that_does_not_apply_says_why() -> None:
    assert [step["name"] for step in workings({"inputs": {}, "reason": "没有年度计划"})] == ["没有年度计划"]


def test_a_figure_that_is_missing_is_a_dash() -> None:
    assert workings({"inputs": {"invested_ytd": None}})[0]["value"] == "–"


def test_a_fact_of_the_scheme_itself_is_shown_by_its_own_name() -> None:
    assert workings({"inputs": {"new_enterprises": 12}})[0]["name"] == "new_enterprises"
