"""Rewards in a scheme: what can never be earned is found, told in words, and said in the results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guatu.cli import main
from guatu.schemes.check import check_scheme
from guatu.schemes.differences import differences
from guatu.schemes.load import Scheme, load_scheme

HEAD = """
[scheme]
id = "t"
name = "某市办法"
short_name = "某市"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01
[[fact]]
id = "done"
name = "完成"
entity = "county"
unit = "number"
clause = "一"
[[sheet]]
id = "s"
name = "考核"
entity = "county"
points = 100
terms = ["quarter"]
clause = "一"
[[sheet.item]]
id = "a"
name = "完成"
points = 100
measure = "done"
rule = { type = "direct" }
clause = "一"
[[sheet.series]]
id = "urban"
name = "城区"
members = ["甲区"]
clause = "一"
[[sheet.series]]
id = "rural"
name = "县"
where = "done >= 0"
clause = "一"
[[sheet.list]]
id = "praise"
name = "表扬"
kind = "praise"
first = 2
terms = ["quarter"]
clause = "一"
[[sheet.grade]]
name = "优秀"
from = 90
clause = "一"
"""


def scheme(folder: Path, **keys: Any) -> Scheme:
    reward = {"id": "r", "name": "奖金", "sheet": "s", "term": "quarter", "clause": "二", **keys}
    lines = "\n".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in reward.items()
        if not isinstance(value, dict)
    )
    tables = "\n".join(
        f"[reward.{key}]\n" + "\n".join(f'"{name}" = {json.dumps(one)}' for name, one in value.items())
        for key, value in reward.items() if isinstance(value, dict)
    )  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "scheme.toml").write_text(f"{HEAD}[[reward]]\n{lines}\n{tables}\n", encoding="utf-8")
    return load_scheme(folder)


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ({}, "reward[0]", "数额只能写一样"),
        ({"places": [3], "amount": 2, "list": "praise"}, "reward[0]", "数额只能写一样"),
        ({"places": [3], "sheet": "x"}, "reward[0].sheet", "没有名为“x”的考核表"),
        ({"places": [3], "term": "month"}, "reward[0].term", "永远得不到"),
        ({"places": [3, 2, 1], "list": "praise"}, "reward[0].places", "只到第 2 名，第 3 名的数额永远得不到"),
        ({"amount": 3}, "reward[0]", "没有写给谁"),
        ({"amount": 3, "list": "none"}, "reward[0].list", "没有名为“none”的名单"),
        ({"divide": "equally", "list": "praise"}, "reward[0].divide", "要写 pot"),
        ({"grades": {"良好": 3}}, "reward[0].grades", "没有“良好”这个等次"),
        ({"places_of": {"other": [3]}}, "reward[0].places_of", "没有名为“other”的组"),
        ({"places": [3], "series": ["urban"], "pots": {"rural": 5}}, "reward[0].pots", "不在 series 里"),
        ({"amount": 3, "list": "praise", "shared": "split"}, "reward[0].shared", "只用于按名次"),
        ({"places": [3], "once_by": "leader", "once_per_year": True}, "reward[0].once_by", "没有名为“leader”的文字数据"),
        ({"places": [3], "once_by": "leader"}, "reward[0].once_by", "once_per_year"),
        ({"places": [3], "when": "done"}, "reward[0].when", "要写成条件"),
    ],
)  # fmt: skip
def test_what_can_never_be_earned_is_an_error_at_its_key(
    tmp_path: Path, keys: dict[str, Any], key: str, words: str
) -> None:
    found = [fault for fault in check_scheme(scheme(tmp_path / "bad", **keys)) if fault.severity == "error"]
    assert any(fault.key == key and words in fault.message for fault in found), [str(f) for f in found]


@pytest.mark.parametrize(
    ("keys", "key", "words"),
    [
        ({"places": [30, 20], "pot": 99}, "reward[0].pot", "各组各名次合计 100 万元，超过总额 99；都有人得时按比例压减"),
        ({"places": [30, 20], "pots": {"urban": 40}}, "reward[0].pots", "合计 50 万元，超过总额 40；都有人得时按比例压减"),
    ],
)  # fmt: skip
def test_amounts_that_a_pot_cannot_hold_are_a_warning_that_says_what_happens(
    tmp_path: Path, keys: dict[str, Any], key: str, words: str
) -> None:
    (found,) = check_scheme(scheme(tmp_path / "small", **keys))
    assert (found.severity, found.key) == ("warning", key)
    assert words in found.message


def test_a_whole_reward_has_no_fault_and_a_later_place_that_earns_more_is_warned_of(tmp_path: Path) -> None:
    assert check_scheme(scheme(tmp_path / "good", places=[30, 20], pot=100, list="praise")) == []
    (fault,) = check_scheme(scheme(tmp_path / "odd", places=[20, 30]))
    assert (fault.severity, fault.message) == ("warning", "后面的名次得的比前面的多")


def test_changed_amounts_are_told(tmp_path: Path) -> None:
    old, new = scheme(tmp_path / "old", places=[30, 20]), scheme(tmp_path / "new", places=[40, 20])
    assert [one.sentence for one in differences(old, new)] == [
        "“奖金”各名次的数额由“30、20”改为“40、20”（二）"
    ]


def test_an_amount_is_proposed_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = scheme(tmp_path / "s", places=[30.5, 20], when="done >= 90")
    facts = tmp_path / "facts.csv"
    facts.write_text("对象,期别,完成\n乙县,2023Q3,95\n丙县,2023Q3,85\n", encoding="utf-8")
    assert main(["judge", one.folder, "--facts", str(facts), "--period", "2023Q3", "--explain", "乙县"]) == 0
    said = capsys.readouterr().out
    assert "建议奖励：奖金 30.5 万元（依据：某市 二）" in said
    assert "理由：第 1 名；条件：完成 ≥ 90" in said
    assert main(["judge", one.folder, "--facts", str(facts), "--period", "2023Q3", "--explain", "丙县"]) == 0
    assert "建议奖励" not in capsys.readouterr().out
