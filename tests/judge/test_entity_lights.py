"""Lights of counties, and of several lights as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.judge.explain import explain
from tests.judge.small_scheme import judged, scheme_of

BANDS = """band = [{ level = "normal", to = 1 }, { level = "blue", from = 1, to = 2 },
  { level = "yellow", from = 2, to = 3 }, { level = "red", from = 3 }]"""
COMBINED = "".join(
    f'[[light]]\nid = "{id}"\nname = "{id}"\nentity = "county"\nclause = "一"\nmeasure = "{id}"\nunit = "number"\n{BANDS}\n'
    for id in ("x", "y")
) + (
    '[[combined_light]]\nid = "both"\nname = "合并"\nof = ["x", "y"]\nhow = "count"\nclause = "一"\n'
    'count = [{ level = "yellow", at_least = 2, becomes = "red" }]\n'
)
RATE = """
[[light]]
id = "rate"
name = "进度"
entity = "county"
clause = "一"
measure = "m / n"
unit = "percent"
decimals = {decimals}
band = [{{ level = "red", to = 80 }}, {{ level = "normal", from = 80, to = 120 }}, {{ level = "red", from = 120 }}]
"""


def lights(scheme: Any, given: Any, term: str = "2026-05") -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["entity"], one["light"]): one for one in judged(scheme, given, term).month.entity_lights}


@pytest.mark.parametrize(
    ("x", "y", "level"),
    [(2, 2, "red"), (2, 1, "yellow"), (1, 0, "blue"), (3, 0, "red"), (0, 0, "normal")],
)
def test_several_lights_are_the_worst_of_them_where_no_count_holds(
    tmp_path: Path, x: int, y: int, level: str
) -> None:
    found = lights(scheme_of(tmp_path, COMBINED), {("甲县", "2026-05"): {"x": x, "y": y}})
    assert found["甲县", "both"]["level"] == level


def test_a_measure_just_below_an_edge_says_the_band_it_is_in_and_shows_why(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, RATE.format(decimals=1))
    given = {("甲县", "2026-05"): {"m": 7996, "n": 10000}, ("乙县", "2026-05"): {"m": 8000, "n": 10000}}
    found = lights(scheme, given)
    assert [found["甲县", "rate"][key] for key in ("level", "measure", "threshold")] == [
        "red",
        79.96,
        "不满 80 %",
    ]
    assert [found["乙县", "rate"][key] for key in ("level", "measure")] == ["normal", 80]
    told = explain(judged(scheme, given), "甲县")
    assert "不满 80 %" in told
    assert "80 %及以上" not in told


def test_a_level_with_two_bands_says_the_one_that_holds(tmp_path: Path) -> None:
    found = lights(scheme_of(tmp_path, RATE.format(decimals=0)), {("甲县", "2026-05"): {"m": 130, "n": 100}})
    assert found["甲县", "rate"]["threshold"] == "120 %及以上"


def test_a_light_that_was_raised_says_from_which_band(tmp_path: Path) -> None:
    raised = RATE.format(decimals=0) + '[[light.escalate]]\nlevel = "red"\ntimes = 2\nbecomes = "normal"\n'
    given = {("甲县", "2026-04"): {"m": 10, "n": 100}, ("甲县", "2026-05"): {"m": 10, "n": 100}}
    found = lights(scheme_of(tmp_path, raised), given)["甲县", "rate"]
    assert found["level"] == "normal"
    assert found["threshold"] == "不满 80 %为“红”，连续第 2 次起升档"
