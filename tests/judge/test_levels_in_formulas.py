"""The levels of lights inside formulas: of an entity's projects, of the entity itself, combined and escalated ones."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from guatu.judge.levels import combined_level
from guatu.judge.rehearsal import rehearse
from guatu.schemes.describe import describe
from tests.judge.small_scheme import Given, entries, fact, item, judged, said, scheme_of, sheet

PROJECT_FACTS = fact("gap", "number", "project") + fact("days", "count", "project") + fact("x", "number")
BANDS = 'band = [{ level = "normal", to = 5 }, { level = "yellow", from = 5, to = 15 }, { level = "red", from = 15 }]\n'
LIGHTS = (
    f'[[light]]\nid = "money"\nname = "投资灯"\nmeasure = "gap"\nunit = "number"\nclause = "一"\n{BANDS}'
    '[[light.escalate]]\nlevel = "yellow"\ntimes = 2\nbecomes = "red"\n'
    f'[[light]]\nid = "factor"\nname = "要素灯"\nmeasure = "days"\nunit = "count"\nclause = "一"\n{BANDS}'
    '[[combined_light]]\nid = "all"\nname = "综合灯"\nof = ["money", "factor"]\nhow = "count"\nclause = "二"\n'
    'count = [{ level = "red", at_least = 1, becomes = "red" }, { level = "yellow", at_least = 2, becomes = "red" }]\n'
)
Months = dict[tuple[str, str], Given]
GIVEN: Months = {
    ("P1", "2026-05"): {"county": "甲", "gap": 6, "days": 0},
    ("P1", "2026-06"): {"county": "甲", "gap": 6, "days": 0},
    ("P2", "2026-06"): {"county": "甲", "gap": 6, "days": 7},
    ("P3", "2026-06"): {"county": "甲", "gap": 0, "days": 7},
    ("P4", "2026-06"): {"county": "乙", "gap": 99, "days": 0},
}


def scores(tmp_path: Path, measure: str, term: str, given: Months = GIVEN) -> dict[str, float | None]:
    toml = (
        LIGHTS + sheet('["month", "quarter"]') + item("one", measure, "count", 'type = "direct", open = true')
    )
    assert said(tmp_path, toml, PROJECT_FACTS) == ""
    found = entries(scheme_of(tmp_path, toml, PROJECT_FACTS), given, term)
    for entry in found.values():
        assert entry["score"] == entry["indicators"][0]["points"], "by table and exactly"
    return {name: entry["score"] for name, entry in found.items() if name in "甲乙"}


def test_the_lights_of_projects_are_counted_as_they_stand_after_escalation(tmp_path: Path) -> None:
    assert scores(tmp_path, "count(light_money == 'red')", "2026-06") == {"甲": 1, "乙": 1}
    assert scores(tmp_path, "count(light_money == 'yellow')", "2026-06") == {"甲": 1, "乙": 0}


def test_combined_lights_are_counted_too(tmp_path: Path) -> None:
    assert scores(tmp_path, "count(light_all == 'red')", "2026-06") == {"甲": 2, "乙": 1}
    assert scores(tmp_path, "count(light_all in ('yellow', 'red'))", "2026-06") == {"甲": 3, "乙": 1}


def test_a_quarter_sees_the_lights_of_its_last_month(tmp_path: Path) -> None:
    given = {
        (name, term): facts if term == "2026-06" else {**facts, "gap": 99}
        for (name, term), facts in GIVEN.items()
    }
    given |= {("甲", "2026Q2"): {"x": 1}, ("乙", "2026Q2"): {"x": 1}}
    given |= {(name, "2026Q2"): {"county": county} for name, county in (("P1", "甲"), ("P2", "甲"), ("P3", "甲"), ("P4", "乙"))}  # fmt: skip
    assert scores(tmp_path, "count(light_money == 'red')", "2026Q2", given) == {"甲": 0, "乙": 1}


def test_a_light_of_counties_is_made_of_the_lights_of_projects(tmp_path: Path) -> None:
    county = (
        '[[light]]\nid = "county"\nname = "县灯"\nentity = "county"\nmeasure = "count(light_all == \'red\') / count()"\n'
        'unit = "percent"\nclause = "三"\nband = [{ level = "normal", to = 50 }, { level = "red", from = 50 }]\n'
    )
    line = sheet() + item("one", "light_county == 'red'", "count", 'type = "all_or_nothing", at_most = 0')
    assert said(tmp_path, LIGHTS + county + line, PROJECT_FACTS) == ""
    scheme = scheme_of(tmp_path, LIGHTS + county + line, PROJECT_FACTS)
    assert rehearse(scheme) == []
    month = judged(scheme, GIVEN, "2026-06").month
    lights = {one["entity"]: one["level"] for one in month.entity_lights if one["light"] == "county"}
    assert lights == {"甲": "red", "乙": "red"}
    assert {one["entity"]: one["score"] for one in month.assessments} == {"甲": 0, "乙": 0}


def test_a_project_is_scored_on_its_own_light_and_stepped_on_a_combined_one(tmp_path: Path) -> None:
    line = sheet(entity="project") + item(
        "one", "streak(light_money == 'red' or light_money == 'yellow')", "count", 'type = "direct"'
    )
    step = '[[step]]\nid = "s1"\nname = "约谈"\nentity = "project"\nwhen = "light_all == \'red\'"\nclause = "一"\n'
    assert said(tmp_path, LIGHTS + line + step, PROJECT_FACTS) == ""
    found = entries(scheme_of(tmp_path, LIGHTS + line + step, PROJECT_FACTS), GIVEN, "2026-06")
    assert {name: (one["score"], len(one["steps"])) for name, one in found.items()} == {
        "P1": (2, 1), "P2": (1, 1), "P3": (0, 0), "P4": (1, 1),
    }  # fmt: skip


def test_a_light_of_projects_may_not_name_lights_of_projects(tmp_path: Path) -> None:
    wrong = LIGHTS + LIGHTS.partition("[[light.escalate]]")[0].replace("money", "other").replace('"gap"', '"streak(light_factor == \'red\')"')  # fmt: skip
    assert "没有名为“light_factor”的事实" in said(tmp_path, wrong, PROJECT_FACTS)


def test_a_level_that_a_light_does_not_have_is_named(tmp_path: Path) -> None:
    toml = LIGHTS + sheet() + item("one", "count(light_money == 'blue')", "count", 'type = "direct"')
    assert "“投资灯”没有“blue”这一档" in said(tmp_path, toml, PROJECT_FACTS)


def test_a_sentence_names_the_light_and_its_level(tmp_path: Path) -> None:
    toml = LIGHTS + sheet() + item("one", "count(light_all == 'red')", "count", 'type = "direct"')
    scheme = scheme_of(tmp_path, toml, PROJECT_FACTS)
    words = [one for section in describe(scheme) for entry in section.entries for one in entry.sentences]
    assert any("综合灯 = 红" in one for one in words)


@pytest.mark.parametrize("how", ["count", "worst"])
def test_combined_by_table_is_combined_one_by_one(tmp_path: Path, how: str) -> None:
    from guatu.judge.entity_lights import _joined

    scheme = scheme_of(tmp_path, LIGHTS.replace('how = "count"', f'how = "{how}"'), PROJECT_FACTS)
    (combined,) = scheme.text.combined_light
    pairs = list(product((None, "normal", "blue", "yellow", "red"), repeat=2))
    frame = pl.DataFrame(pairs, schema={"light_money": pl.String, "light_factor": pl.String}, orient="row")
    found = nw.from_native(frame).with_columns(level=combined_level(combined, scheme))["level"].to_list()
    gravity = {name: level.gravity for name, level in scheme.levels.items()}
    for pair, level in zip(pairs, found, strict=True):
        stood = [one for one in pair if one]
        assert level == (_joined(combined, stood, gravity) if stood else None), pair


def test_a_step_of_a_quarter_sees_the_lights_of_its_last_month(tmp_path: Path) -> None:
    step = (
        '[[step]]\nid = "s1"\nname = "约谈"\nentity = "county"\nterm = "quarter"\nclause = "一"\n'
        "when = \"count(light_money == 'red') >= 1\"\n"
    )
    toml = LIGHTS + step
    assert said(tmp_path, toml, PROJECT_FACTS) == ""
    given = GIVEN | {("P4", "2026-06"): {"county": "乙", "gap": 0, "days": 0}}
    given |= {("甲", "2026Q2"): {"x": 1}, ("乙", "2026Q2"): {"x": 1}}
    given |= {(name, "2026Q2"): {"county": county} for name, county in (("P1", "甲"), ("P4", "乙"))}
    found = judged(scheme_of(tmp_path, toml, PROJECT_FACTS), given, "2026Q2").month.assessments
    assert [(one["entity"], one["steps"][0]["step"]) for one in found] == [("甲", "s1")]
