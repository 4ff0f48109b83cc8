"""Steps as letters: the next one is proposed when the term of the one before ended unfulfilled."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.calendars import working_days_after
from guatu.cli import main
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.schemes.check import check_scheme
from guatu.schemes.describe import as_text
from guatu.schemes.differences import differences
from guatu.schemes.load import Scheme, load_scheme
from guatu.supervision.ladder import Step
from guatu.supervision.letters import last_letter

HEAD = """
[scheme]
id = "t"
name = "某县办法"
short_name = "某县"
jurisdiction = "某县"
year = 2023
effective_from = 2023-01-01
[[fact]]
id = "behind"
name = "落后"
entity = "unit"
unit = "flag"
clause = "一"
[[fact]]
id = "built"
name = "已按要求建设"
entity = "unit"
unit = "flag"
clause = "一"
[[fact]]
id = "serious"
name = "严重"
entity = "unit"
unit = "flag"
clause = "一"
"""
BLUE: dict[str, Any] = {"id": "blue", "name": "蓝单", "when": "behind", "order": 1, "term_days": 10}
YELLOW: dict[str, Any] = {"id": "yellow", "name": "黄单", "after": "blue", "order": 2, "term_days": 5}
RED: dict[str, Any] = {"id": "red", "name": "红单", "after": "yellow", "order": 3}


def written(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def scheme(folder: Path, *steps: dict[str, Any]) -> Scheme:
    text = HEAD
    for step in steps:
        keys = {"entity": "unit", "chain": "letters", "clause": "二", **step}
        lines = "\n".join(f"{key} = {written(value)}" for key, value in keys.items() if value is not None)
        text += f"[[step]]\n{lines}\n"
    folder.mkdir(exist_ok=True)
    (folder / "scheme.toml").write_text(text, encoding="utf-8")
    return load_scheme(folder)


def proposed(one: Scheme, day: date, **facts: Any) -> dict[str, str]:
    """The steps proposed for one unit on a day, each with its reason."""
    term = Term("month", day.year, day.month)
    rows = [
        FactRow("甲", term, name, value.isoformat() if isinstance(value, date) else value)
        for name, value in facts.items()
    ]
    found = assessments(Assessor(one, pl.DataFrame(), rows, day), term)
    return {step["step"]: step["because"] for entry in found for step in entry["steps"]}


@pytest.fixture
def letters(tmp_path: Path) -> Scheme:
    return scheme(tmp_path / "letters", BLUE, YELLOW, RED)


def test_the_first_letter_comes_with_its_condition(letters: Scheme) -> None:
    assert list(proposed(letters, date(2023, 6, 30), behind=True)) == ["blue"]
    assert proposed(letters, date(2023, 6, 30), behind=False) == {}


def test_the_last_day_of_a_term_belongs_to_it_and_the_reason_names_the_days(letters: Scheme) -> None:
    issued = date(2023, 6, 5)
    assert proposed(letters, date(2023, 6, 15), issued_blue=issued) == {}
    assert proposed(letters, date(2023, 6, 16), issued_blue=issued) == {
        "yellow": "“蓝单”2023年6月5日 发出，2023年6月15日 期满，到 2023年6月16日 没有办结"
    }


def test_a_letter_that_was_fulfilled_ends_the_chain_even_when_late(letters: Scheme) -> None:
    issued = date(2023, 6, 5)
    for done in (date(2023, 6, 10), date(2023, 6, 20)):
        assert proposed(letters, date(2023, 6, 20), issued_blue=issued, done_blue=done) == {}
    assert list(proposed(letters, date(2023, 6, 20), issued_blue=issued, done_blue=date(2023, 6, 21))) == [
        "yellow"
    ]


def test_what_was_done_before_a_letter_does_not_answer_it(letters: Scheme) -> None:
    found = proposed(letters, date(2023, 6, 20), issued_blue=date(2023, 6, 5), done_blue=date(2023, 6, 4))
    assert list(found) == ["yellow"]


def test_the_letter_taken_last_counts_and_later_ones_are_not_known_yet(letters: Scheme) -> None:
    facts = {"issued_blue": date(2023, 5, 1), "issued_yellow": date(2023, 6, 5)}
    assert proposed(letters, date(2023, 6, 10), **facts) == {}
    assert list(proposed(letters, date(2023, 6, 11), **facts)) == ["red"]
    assert list(proposed(letters, date(2023, 6, 4), **facts)) == ["yellow"]


def test_a_graver_matter_jumps_over_a_running_term_but_a_lower_step_does_not_come_again(
    tmp_path: Path,
) -> None:
    one = scheme(
        tmp_path / "jump", BLUE, YELLOW, RED, {"id": "stop", "name": "停", "when": "serious", "order": 4}
    )
    running = {"issued_blue": date(2023, 6, 5), "behind": True}
    assert proposed(one, date(2023, 6, 8), **running) == {}
    assert list(proposed(one, date(2023, 6, 8), serious=True, **running)) == ["stop"]


def test_a_condition_of_fulfilment_that_is_not_known_proposes_nothing(tmp_path: Path) -> None:
    one = scheme(tmp_path / "fulfilled", {**BLUE, "fulfilled": "built"}, YELLOW)
    day, issued = date(2023, 6, 20), date(2023, 6, 5)
    assert list(proposed(one, day, issued_blue=issued, built=False)) == ["yellow"]
    assert proposed(one, day, issued_blue=issued, built=True) == {}
    assert proposed(one, day, issued_blue=issued) == {}


def test_a_further_condition_and_an_exemption_hold_for_what_follows_too(tmp_path: Path) -> None:
    one = scheme(tmp_path / "both", BLUE, {**YELLOW, "when": "behind", "exempt": "serious"})
    issued, day = date(2023, 6, 5), date(2023, 6, 20)
    assert list(proposed(one, day, issued_blue=issued, behind=True)) == ["yellow"]
    assert proposed(one, day, issued_blue=issued, behind=False) == {}
    assert proposed(one, day, issued_blue=issued, behind=True, serious=True) == {}


def test_a_letter_may_be_sent_again_and_two_ways_may_meet(tmp_path: Path) -> None:
    one = scheme(tmp_path / "again", BLUE, {**YELLOW, "after": ["blue", "yellow"]})
    assert list(proposed(one, date(2023, 6, 20), issued_yellow=date(2023, 6, 1))) == ["yellow"]


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 60), st.sampled_from(["calendar", "working"]))
def test_a_step_follows_exactly_when_the_term_is_over(days: int, passed: int, how: str) -> None:
    step = Step(id="a", name="甲", entity="unit", when="x", term_days=days, days=how, clause="一")  # type: ignore[arg-type]
    issued = date(2023, 3, 1)
    day = issued + timedelta(days=passed)
    letter = last_letter([step], {"issued_a": [issued]}, "某", day)
    assert letter is not None
    yesterday = day - timedelta(days=1)
    gone = passed - 1 if how == "calendar" else working_days_after(issued, yesterday)
    over = passed > 0 and gone >= days
    assert (letter.state(day) == "over") == over


@pytest.mark.parametrize(
    ("steps", "key", "words"),
    [
        ([BLUE, {**YELLOW, "after": "green"}], "step[1].after", "没有名为“green”的措施"),
        ([BLUE, {**YELLOW, "chain": None}], "step[1].chain", "属于哪个阶梯"),
        ([BLUE, {**YELLOW, "chain": "other"}], "step[1].after", "同一个阶梯"),
        ([{**BLUE, "order": 3}, YELLOW], "step[1].after", "永远到不了"),
        ([{**BLUE, "when": None, "after": "blue"}, YELLOW], "step[0].after", "没有第一步"),
        ([{**BLUE, "when": None}], "step[0]", "when（条件），或 after"),
        ([{**BLUE, "fulfilled": "built"}], "step[0].fulfilled", "fulfilled 用于后面还有一步"),
        ([BLUE, YELLOW, YELLOW], "step[2].id", "“yellow”重复"),
    ],
)
def test_a_step_that_can_never_come_is_an_error_at_its_key(
    tmp_path: Path, steps: list[dict[str, Any]], key: str, words: str
) -> None:
    found = [f for f in check_scheme(scheme(tmp_path / "bad", *steps)) if f.severity == "error"]
    assert any(fault.key == key and words in fault.message for fault in found), [str(f) for f in found]


def test_gaps_in_a_chain_and_terms_that_nobody_wrote_are_warned_of(tmp_path: Path) -> None:
    one = scheme(tmp_path / "gap", {**BLUE, "term_days": None}, {**YELLOW, "order": 4})
    found = {fault.key: fault.message for fault in check_scheme(one) if fault.severity == "warning"}
    assert "until_blue" in found["step[1].after"]
    assert "从第 1 级跳到第 4 级" in found["step[1].order"]


def test_a_chain_is_told_in_words_and_a_changed_link_as_a_difference(letters: Scheme, tmp_path: Path) -> None:
    assert "“蓝单”期满没有办结的，对该单位采取。" in as_text(letters)
    other = scheme(tmp_path / "other", BLUE, YELLOW, {**RED, "after": "blue"})
    assert [one.sentence for one in differences(letters, other)] == [
        "“红单”在哪一步之后由“黄单”改为“蓝单”（二）"
    ]


def test_the_days_come_from_a_facts_file_and_the_reason_is_said(
    letters: Scheme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text("对象,期别,蓝单：发出日\n甲,2023-06,2023年6月5日\n", encoding="utf-8")
    given = ["judge", letters.folder, "--facts", str(facts), "--period", "2023-06", "--as-of"]
    assert main([*given, "2023-06-16", "--explain", "甲"]) == 0
    said = capsys.readouterr().out
    assert "建议：黄单" in said
    assert "理由：“蓝单”2023年6月5日 发出，2023年6月15日 期满，到 2023年6月16日 没有办结" in said
    facts.write_text("对象,期别,蓝单：发出日\n甲,2023-06,上周\n", encoding="utf-8")
    assert main([*given, "2023-06-16", "--explain", "甲"]) == 2
    assert "“facts.csv” 第 2 行 C 列：“蓝单：发出日”的数值读不成" in capsys.readouterr().err


def test_an_option_given_again_adds_files_and_explain_says_what_could_not_be_used(
    letters: Scheme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("对象,期别,蓝单：发出日\n甲,2023-06,2023-06-05\n", encoding="utf-8")
    two.write_text("对象,期别,蓝单：发出日\n乙,2023-06,2023-06-05\n丙,2023-06,上周\n", encoding="utf-8")
    given = ["judge", letters.folder, "--period", "2023-06", "--as-of", "2023-06-16"]
    given += ["--facts", str(one), "--facts", str(two)]
    assert main([*given, "--explain", "甲", "--explain", "乙"]) == 0
    said = capsys.readouterr().out
    assert said.count("建议：黄单") == 2
    assert "不能采用 1 处" in said
    assert "“b.csv” 第 3 行 C 列" in said
