"""Turning values of a scheme: checked as a scheme is, marked as a local choice, and turned back without a trace."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.schemes.adjustable import Adjustable, adjustables, places
from guatu.schemes.describe import describe
from guatu.schemes.load import Scheme, load_scheme, read_scheme, rule_files
from guatu.schemes.trial import place_of, tried, turned

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "schemes").rglob("scheme.toml"))
TANGSHAN = load_scheme("tangshan-2023")
RED = "light[0].band[3].from"


@cache
def loaded(folder: Path) -> tuple[Scheme, list[Adjustable]]:
    scheme = load_scheme(folder)
    return scheme, adjustables(scheme)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_value_stands_where_its_key_says_and_below_a_described_rule(folder: Path) -> None:
    scheme, known = loaded(folder)
    assert len({one.key for one in known}) == len(known)
    rules = {entry.key for section in describe(scheme) for entry in section.entries}
    raw: dict[str, Any] = {}
    for name in rule_files(scheme.files):
        for key, value in tomllib.loads(scheme.files[name]).items():
            raw[key] = raw[key] + value if isinstance(value, list) and key in raw else value
    for one in known:
        place = one.place
        while place.rule not in rules and place.above is not None and place.above.at:
            place = place.above
        if place.rule not in rules:
            assert place.rule in ("schedule", "official", "checks"), one.key
        assert one.name and not one.name.isascii(), one.key
        steps = one.key.replace("]", "").replace("[", ".").split(".")
        found: object = raw
        for step in steps:
            if isinstance(found, list):
                found = found[int(step)]
            elif isinstance(found, dict):
                found = found.get(step, {})
        if one.kind == "formula":
            assert found == one.value


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_values_as_they_are_change_nothing(folder: Path) -> None:
    scheme, known = loaded(folder)
    trial = turned(scheme, {one.key: one.value for one in known})
    assert trial.usable and not trial.differences and not trial.faults
    assert dict(trial.files) == dict(scheme.files)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_number_that_is_turned_is_that_number_marked_and_turned_back_without_a_trace(
    data: st.DataObject,
) -> None:
    scheme, known = loaded(data.draw(st.sampled_from(FOLDERS)))
    numbers = [one for one in known if one.kind == "number" and one.value]
    one = data.draw(st.sampled_from(numbers))
    typed = str(data.draw(st.integers(0, 400)) / data.draw(st.sampled_from([1, 2, 4])))
    trial = turned(scheme, {one.key: typed})
    if trial.scheme is None:
        assert trial.faults
        return
    now = {other.key: other.value for other in adjustables(trial.scheme)}
    assert float(now[one.key].replace("−", "-")) == float(typed)
    if float(one.value.replace("−", "-")) == float(typed):
        return
    assert trial.differences
    assert trial.scheme.files != scheme.files
    assert "试改" in "".join(trial.scheme.files.values())
    again = read_scheme(trial.files)
    back = turned(scheme, {other.key: other.value for other in known}, again)
    assert back.usable and not back.differences


def test_an_edge_that_two_bands_share_moves_for_both() -> None:
    trial = turned(TANGSHAN, {RED: "20"})
    assert [one.key for one in trial.differences] == [
        "light[schedule].band[yellow].high",
        "light[schedule].band[red].low",
    ]


def test_bands_that_overlap_are_found_at_their_light() -> None:
    trial = turned(TANGSHAN, {RED: "20", "light[0].band[2].to": "22"})
    assert not trial.usable
    (fault,) = trial.faults
    assert "“黄”与“红”两档重叠" in fault.message
    place = place_of(places(TANGSHAN), fault.key)
    assert place is not None and place.rule == "light[schedule]"


def test_points_that_do_not_add_up_are_found_at_their_sheet() -> None:
    trial = turned(TANGSHAN, {"sheet[0].item[0].points": "45"})
    (fault,) = trial.faults
    assert "45 + 50 + 10 = 105，应为 100" in fault.message
    place = place_of(places(TANGSHAN), fault.key)
    assert place is not None and place.rule == "sheet[county]"


def test_every_fault_is_said_at_once() -> None:
    typed = {"ranking[0].value": "sum(invested) / 2", "light[0].measure": "planned_ytd +"}
    trial = turned(TANGSHAN, typed)
    assert {fault.key for fault in trial.faults} == set(typed)
    words = turned(TANGSHAN, {RED: "二十", "light[0].band[1].to": "x", "official.figures": "whatever"})
    assert {fault.key for fault in words.faults} == {RED, "light[0].band[1].to", "official.figures"}
    assert any("“二十”不是数字" in fault.message for fault in words.faults)


@pytest.mark.parametrize("typed", ["20", " 20 ", "２０", "20.0"])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    trial = turned(TANGSHAN, {RED: typed})
    assert trial.scheme is not None
    assert trial.scheme.text.light[0].band[3].low == 20


def test_an_emptied_value_is_no_value_and_a_needed_one_is_missed() -> None:
    trial = turned(TANGSHAN, {"sheet[0].item[0].points": ""})
    assert not trial.usable and trial.faults
    capped = turned(TANGSHAN, {"sheet[0].cap": "95"})
    assert capped.scheme is not None and capped.scheme.text.sheet[0].cap == 95


def test_a_change_is_added_to_what_the_scheme_says_of_its_own_choice() -> None:
    trial = turned(TANGSHAN, {RED: "20"})
    assert trial.scheme is not None
    before, after = TANGSHAN.text.light[0].band[3], trial.scheme.text.light[0].band[3]
    assert before.local_choice and after.local_choice
    assert after.local_choice.startswith(before.local_choice)
    assert "红灯下限由 25 改为 20" in after.local_choice


def test_what_has_no_room_for_a_local_choice_is_marked_at_the_head_of_the_file() -> None:
    text = TANGSHAN.files["scheme.toml"].replace('name = "蓝"', 'name = "浅蓝"', 1)
    trial = tried(TANGSHAN, {**TANGSHAN.files, "scheme.toml": text})
    assert trial.scheme is not None
    assert trial.scheme.files["scheme.toml"].startswith("# 试改：")


def test_a_local_choice_that_the_new_text_says_itself_stays() -> None:
    text = TANGSHAN.files["scheme.toml"].replace(
        'figures = "as_reported"', 'figures = "without_questioned"', 1
    )
    old = TANGSHAN.text.official.local_choice
    assert old and 'figures = "without_questioned"' in text
    trial = tried(TANGSHAN, {**TANGSHAN.files, "scheme.toml": text.replace(old, "本市从严。", 1)})
    assert trial.scheme is not None
    assert trial.scheme.text.official.local_choice == "本市从严。"


def test_text_that_is_no_scheme_is_refused_with_the_reason() -> None:
    trial = tried(TANGSHAN, {**TANGSHAN.files, "scheme.toml": "[scheme\n"})
    assert not trial.usable
    assert any("TOML" in fault.message for fault in trial.faults)


def test_comments_and_order_of_the_file_stay() -> None:
    trial = turned(TANGSHAN, {RED: "20"})
    before, after = TANGSHAN.files["scheme.toml"].splitlines(), trial.files["scheme.toml"].splitlines()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert changed == [("to = 25", "to = 20"), ("from = 25", "from = 20")]
