"""Lights whose bands or measure change on a day: each month by what is in force, streaks counted on across it."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.schemes.check import check_scheme
from guatu.schemes.describe import describe
from guatu.schemes.differences import differences
from tests.judge.small_scheme import judged, said, scheme_of

LIGHT = """
[[light]]
id = "gap"
name = "落后"
entity = "county"
measure = "x"
unit = "number"
clause = "一"
band = [{ level = "normal", to = 5 }, { level = "yellow", from = 5, to = 15 }, { level = "red", from = 15 }]
"""
CHANGE = """
[[light.change]]
from = 2026-07-10
band = [{ level = "normal", to = 3 }, { level = "yellow", from = 3, to = 10 }, { level = "red", from = 10 }]
clause = "二"
"""
ESCALATE = '[[light.escalate]]\nlevel = "yellow"\ntimes = 2\nbecomes = "red"\n'


def light_in(tmp_path: Path, toml: str, months: dict[str, float], other: float = 0) -> dict[str, object]:
    """The light of 甲 in the last of the months, for its x in each."""
    scheme = scheme_of(tmp_path, toml)
    assert not [fault for fault in check_scheme(scheme) if fault.severity != "note"]
    given = {("甲", month): {"x": x, "y": other} for month, x in months.items()}
    (light,) = judged(scheme, given, max(months)).month.entity_lights
    return light


@pytest.mark.parametrize(
    ("month", "level", "clause"), [("2026-06", "normal", "试 一"), ("2026-07", "yellow", "试 二")]
)
def test_a_light_is_judged_by_the_bands_of_its_month(
    tmp_path: Path, month: str, level: str, clause: str
) -> None:
    light = light_in(tmp_path, LIGHT + CHANGE, {month: 4})
    assert (light["level"], light["clause"]) == (level, clause)


def test_a_streak_goes_on_across_the_change(tmp_path: Path) -> None:
    light = light_in(tmp_path, LIGHT + CHANGE + ESCALATE, {"2026-06": 6, "2026-07": 4})
    assert light["level"] == "red"
    assert light["threshold"] == "3（含）至 10 为“黄”，连续第 2 次起升档"


def test_a_level_that_was_raised_cites_the_clause_that_raises_it(tmp_path: Path) -> None:
    raised = ESCALATE + 'clause = "三"\n'
    months = {"2026-05": 6.0, "2026-06": 6.0}
    assert light_in(tmp_path, LIGHT + raised, months)["clause"] == "试 三"
    assert light_in(tmp_path, LIGHT + raised, {"2026-06": 6})["clause"] == "试 一"
    assert light_in(tmp_path, LIGHT + ESCALATE, months)["clause"] == "试 一"


def test_a_measure_may_change_and_windows_look_behind_the_change(tmp_path: Path) -> None:
    change = '[[light.change]]\nfrom = 2026-07-01\nmeasure = "x + previous(y)"\nclause = "二"\n'
    light = light_in(tmp_path, LIGHT + change, {"2026-06": 6, "2026-07": 9}, other=7)
    assert (light["level"], light["measure"]) == ("red", 16)
    assert light_in(tmp_path, LIGHT + change, {"2026-06": 6}, other=99)["level"] == "yellow"


def test_the_check_names_a_change_that_leaves_a_gap_or_says_nothing(tmp_path: Path) -> None:
    gap = '[[light.change]]\nfrom = 2026-07-01\nclause = "二"\nband = [{ level = "pink", to = 3 }]\n'
    found = said(tmp_path, LIGHT + gap)
    assert "light[0].change[0].band：大于 3 的数没有归档" in found
    assert "light[0].change[0].band[0].level：没有名为“pink”的灯" in found
    empty = '[[light.change]]\nfrom = 2025-07-01\nclause = "二"\n'
    found = said(tmp_path, LIGHT + empty + empty)
    assert "light[0].change[0]：没有写变成什么" in found
    assert "起算日不在方案的 2026 年之内" in found
    assert "2025年7月有两次变化" in found


def test_explain_and_diff_say_what_changes_when(tmp_path: Path) -> None:
    before = scheme_of(tmp_path, LIGHT)
    after = scheme_of(tmp_path, LIGHT + CHANGE)
    words = [line for section in describe(after) for entry in section.entries for line in entry.sentences]
    assert "自2026年7月起；正常灯：不满 3；黄灯：3（含）至 10；红灯：10 及以上。" in words
    (found,) = differences(before, after)
    assert found.sentence.startswith("新增中途变化") or "中途变化" in found.sentence
    assert "2026年7月10日" in found.sentence
    stricter = scheme_of(tmp_path, LIGHT + CHANGE.replace("= 10 }]", "= 9 }]").replace("to = 10", "to = 9"))
    assert any("由 10 改为 9" in one.sentence for one in differences(after, stricter))
