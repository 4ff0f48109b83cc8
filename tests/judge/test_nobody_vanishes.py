"""Who hands in nothing in a term stays on its sheet, and a value that is carried counts for the others too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.judge.small_scheme import Given, entries, item, scheme_of, sheet

LAST = 'missing = "last"'
BLACK = '[[sheet.list]]\nid = "black"\nname = "黑榜"\nkind = "criticism"\nlast = 1\nclause = "一"\n'
Terms = dict[tuple[str, str], Given]
SILENT: Terms = {
    ("丁", "2026Q1"): {"x": 10}, ("甲", "2026Q2"): {"x": 8}, ("乙", "2026Q2"): {"x": 4}, ("丙", "2026Q2"): {"x": 0},
}  # fmt: skip
"""丁 handed in 10 for the first quarter and nothing at all for the second."""


def points(tmp_path: Path, rule: str, given: Terms) -> dict[str, float]:
    toml = sheet('["quarter"]') + item("one", "x", "number", rule, 10, LAST)
    found: dict[str, Any] = entries(scheme_of(tmp_path, toml), given, "2026Q2")
    for entry in found.values():
        assert entry["score"] == pytest.approx(entry["indicators"][0]["points"], abs=0.005), (
            "by table and exactly"
        )
    return {name: entry["indicators"][0]["points"] for name, entry in found.items()}


@pytest.mark.parametrize(
    "rule, expected",
    [
        ('type = "places", first = 10, less = 2', {"丁": 10, "甲": 8, "乙": 6, "丙": 4}),
        ('type = "efficacy", basic = 0', {"丁": 10, "甲": 8, "乙": 4, "丙": 0}),
        ('type = "share_of_best"', {"丁": 10, "甲": 8, "乙": 4, "丙": 0}),
    ],
)
def test_a_carried_value_counts_for_the_others(tmp_path: Path, rule: str, expected: dict[str, float]) -> None:
    assert points(tmp_path, rule, SILENT) == expected
    assert points(tmp_path, rule, SILENT | {("丁", "2026Q2"): {"y": 1}}) == expected, "with another fact"


def test_who_hands_in_nothing_has_no_score_and_pushes_nobody_onto_the_black_list(tmp_path: Path) -> None:
    given: Terms = {("甲", "2026Q1"): {"x": 1}, ("丁", "2026Q1"): {"x": 10}, ("甲", "2026Q2"): {"x": 8}}
    toml = sheet('["quarter"]') + item("one", "x", "number", 'type = "direct"')
    found = entries(scheme_of(tmp_path, toml + BLACK), given, "2026Q2")
    assert (found["丁"]["score"], found["丁"]["rank"], found["丁"]["lists"]) == (None, None, [])
    assert "缺数" in found["丁"]["reason"]
    zero = sheet('["quarter"]') + item("one", "x", "number", 'type = "direct"', 100, 'missing = "zero"')
    found = entries(scheme_of(tmp_path, zero + BLACK), given, "2026Q2")
    assert (found["丁"]["score"], found["丁"]["lists"], found["甲"]["lists"]) == (0, ["black"], [])


def test_who_is_named_in_a_series_is_on_the_sheet_from_the_first_term(tmp_path: Path) -> None:
    series = '[[sheet.series]]\nid = "all"\nname = "全部"\nmembers = ["甲", "戊"]\nclause = "一"\n'
    toml = sheet('["quarter"]') + item("one", "x", "number", 'type = "direct"') + series
    found = entries(scheme_of(tmp_path, toml), {("甲", "2026Q1"): {"x": 1}}, "2026Q1")
    assert found["戊"]["score"] is None and found["戊"]["series"] == "all"


def test_who_was_known_last_year_or_has_projects_alone_is_not_called_silent(tmp_path: Path) -> None:
    toml = sheet('["quarter"]') + item("one", "sum(invested_ytd)", "money", 'type = "direct", open = true')
    given: Terms = {
        ("甲", "2025Q4"): {"x": 1}, ("乙", "2026Q2"): {"x": 1},
        ("项一", "2026Q1"): {"county": "丙", "invested_ytd": 1}, ("项二", "2026Q2"): {"county": "乙", "invested_ytd": 1},
    }  # fmt: skip
    assert set(entries(scheme_of(tmp_path, toml), given, "2026Q2")) == {"乙"}


def test_events_alone_call_nobody(tmp_path: Path) -> None:
    event = '[[sheet.event]]\nid = "e"\nname = "表彰"\npoints = 1\nclause = "一"\n'
    toml = sheet('["quarter"]') + event
    toml += item("one", "x", "number", 'type = "direct"', 10, 'terms = ["year"]')
    given: Terms = {("甲", "2026Q1"): {"e": 1}, ("乙", "2026Q2"): {"e": 1}}
    scheme = scheme_of(tmp_path, toml.replace('terms = ["quarter"]', 'terms = ["quarter", "year"]'))
    assert set(entries(scheme, given, "2026Q2")) == {"乙"}
