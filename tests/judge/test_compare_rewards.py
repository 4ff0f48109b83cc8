"""Rewards under two editions: whose would change, from how much to how much, and why; by the whole scheme or only what a change reaches."""

from __future__ import annotations

from pathlib import Path

from guatu.judge.compare import Change, compare_months
from guatu.judge.trial import narrowed, touched
from guatu.schemes.differences import differences
from tests.judge.small_scheme import Given, item, judged, scheme_of

YEAR = {"甲县": 90, "乙县": 80, "丙县": 70}
GIVEN: dict[tuple[str, str], Given] = {
    **{(county, "2026"): {"x": x} for county, x in YEAR.items()},
    **{(county, "2026-12"): {"y": 5 if county == "甲县" else 0} for county in YEAR},
}
LIGHT = (
    '[[light]]\nid = "fire"\nname = "安全灯"\nentity = "county"\nmeasure = "y"\nunit = "number"\nclause = "三"\n'
    'band = [{ level = "normal", to = 6 }, { level = "red", from = 6 }]\n'
)
BARE = "".join(
    f'[[sheet]]\nid = "{id}"\nname = "{id}"\nentity = "county"\nterms = ["year"]\nclause = "一"\n'
    + item("one", measure, "number", 'type = "direct"')
    for id, measure in (("s", "x"), ("lit", "if(light_fire == 'red', 0, x)"), ("apart", "x"))
)
PRIZE = (
    '[[reward]]\nid = "prize"\nname = "奖金"\nsheet = "s"\nplaces = [30, 20, 10]\nclause = "二"\n'
    "when = \"light_fire != 'red'\"\n"
    '[[reward]]\nid = "land"\nname = "用地"\nsheet = "apart"\nunit = "亩"\nplaces = [5]\nclause = "二"\n'
)
TOML = LIGHT + BARE + PRIZE


def changes(tmp_path: Path, *edits: tuple[str, str]) -> list[Change]:
    """What changes; the same whether the whole is judged or only what is reached."""
    new = TOML
    for old, other in edits:
        assert old in new
        new = new.replace(old, other, 1)
    before, after = scheme_of(tmp_path, TOML), scheme_of(tmp_path, new)
    found = differences(before, after)
    whole = compare_months(judged(before, GIVEN, "2026"), judged(after, GIVEN, "2026"), found)
    rules = touched(found)
    parts = tuple(judged(narrowed(one, rules), GIVEN, "2026") for one in (before, after))
    assert compare_months(parts[0], parts[1], found) == whole
    return whole


def test_an_amount_that_changes_is_told_with_its_reason(tmp_path: Path) -> None:
    (change,) = changes(tmp_path, ("[30, 20, 10]", "[30, 25, 10]"))
    assert (change.what, change.rule, change.entity) == ("rewards", "reward[prize]", "乙县")
    assert change.sentence() == "乙县 2026 奖金由20 万元变为25 万元"
    assert "20" in change.why[0] and "25" in change.why[0]
    assert change.why[1].startswith("原来：") and change.why[2].startswith("改后：")


def test_a_place_that_changes_takes_its_reward_with_it(tmp_path: Path) -> None:
    edited = changes(tmp_path, ('measure = "x"\nunit', 'measure = "100 - x"\nunit'))
    rewards = {one.entity: one for one in edited if one.what == "rewards"}
    assert {name: (one.before, one.after, *one.measures) for name, one in rewards.items()} == {
        "甲县": ("30 万元", "10 万元", "第 1 名", "第 3 名"),
        "丙县": ("10 万元", "30 万元", "第 3 名", "第 1 名"),
    }


def test_a_light_takes_a_reward_and_the_points_of_a_sheet_that_name_it(tmp_path: Path) -> None:
    bands = 'band = [{ level = "normal", to = 6 }, { level = "red", from = 6 }]'
    edited = changes(tmp_path, (bands, bands.replace("6", "5")))
    assert {(one.what, one.entity, one.before, one.after) for one in edited if one.what != "place"} == {
        ("light", "甲县", "正常", "红"),
        ("score", "甲县", "90", "0"),
        ("rewards", "甲县", "30 万元", "无"),
    }


def test_what_a_change_does_not_reach_is_left_out(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, TOML)
    left = narrowed(scheme, frozenset({"sheet[apart]"})).text
    assert [one.id for one in left.sheet] == ["apart"]
    assert [one.id for one in left.reward] == ["land"]
    assert left.light == ()
