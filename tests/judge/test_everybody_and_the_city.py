"""Formulas that look at all who are assessed, whatever their series, and at the facts of the city."""

from __future__ import annotations

from pathlib import Path

from guatu.schemes.describe import describe
from tests.judge.small_scheme import FACTS, Given, entries, fact, item, judged, said, scheme_of, sheet

SERIES = (
    '[[sheet.series]]\nid = "a"\nname = "甲类"\nwhere = "t == \'a\'"\nclause = "一"\n'
    '[[sheet.series]]\nid = "b"\nname = "乙类"\nwhere = "t == \'b\'"\nclause = "一"\n'
)
CITY = FACTS + fact("whole", "number", "city", "lasting = true")


def line(measure: str, unit: str = "number") -> str:
    return sheet() + item("one", measure, unit, 'type = "direct", open = true') + SERIES


def values(tmp_path: Path, measure: str, unit: str = "number", facts: str = FACTS) -> list[float | None]:
    given: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"t": "a", "x": 30, "m": 300}, ("乙", "2026-05"): {"t": "a", "x": 10, "m": 100},
        ("丙", "2026-05"): {"t": "b", "x": 10, "m": 200},
    }  # fmt: skip
    if "whole" in facts:
        given["全市", "2026"] = {"whole": 80}
    scheme = scheme_of(tmp_path, line(measure, unit), facts)
    assert said(tmp_path, line(measure, unit), facts) == ""
    found = entries(scheme, given)
    for entry in found.values():
        points = entry["indicators"][0]["points"]
        assert points is None or abs(entry["score"] - points) < 0.005, "by table and exactly"
    return [found[name]["score"] for name in "甲乙丙"]


def test_a_share_of_all_crosses_the_series(tmp_path: Path) -> None:
    assert values(tmp_path, "m / all_sum(m)", "percent") == [50, 16.67, 33.33]
    assert values(tmp_path, "m / series_sum(m)", "percent") == [75, 25, 100]


def test_everybody_is_counted_averaged_and_placed(tmp_path: Path) -> None:
    assert values(tmp_path, "all_count()", "count") == [3, 3, 3]
    assert values(tmp_path, "all_count(x > 10)", "count") == [1, 1, 1]
    assert values(tmp_path, "all_average(x)") == [16.67] * 3
    assert values(tmp_path, "all_best(x) - all_worst(x) + all_median(x)") == [30] * 3
    assert values(tmp_path, "all_place(x)", "count") == [1, 2, 2]


def test_a_fact_of_the_city_stands_in_the_formulas_of_its_counties(tmp_path: Path) -> None:
    assert values(tmp_path, "whole - x", facts=CITY) == [50, 70, 70]


def test_a_light_may_be_held_against_the_city(tmp_path: Path) -> None:
    light = (
        '[[light]]\nid = "l"\nname = "灯"\nentity = "county"\nmeasure = "x - whole"\nunit = "number"\nclause = "一"\n'
        'band = [{ level = "red", to = -60 }, { level = "normal", from = -60 }]\n'
    )
    scheme = scheme_of(tmp_path, light, CITY)
    given: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"x": 30}, ("乙", "2026-05"): {"x": 10}, ("全市", "2026"): {"whole": 80},
    }  # fmt: skip
    lights = {one["entity"]: one for one in judged(scheme, given).month.entity_lights}
    assert {name: (one["level"], one["measure"]) for name, one in lights.items()} == {
        "甲": ("normal", -50), "乙": ("red", -70),
    }  # fmt: skip


def test_a_sentence_says_all_and_not_the_series(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, line("m / all_sum(m)", "percent"))
    words = [one for section in describe(scheme) for entry in section.entries for one in entry.sentences]
    assert "按“事实m ÷ 全体合计（事实m）”计。" in words
