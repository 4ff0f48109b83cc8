"""Thresholds in the wrong scale, names that are taken, sums and changes that cannot come out: said by the check."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.schemes.load import SchemeError
from tests.judge.small_scheme import FACTS, entries, fact, item, said, scheme_of, sheet

LIST = '[[sheet.list]]\nid = "l"\nname = "名单"\nkind = "praise"\nclause = "一"\nwhen = "{when}"\n'
LIGHT = """
[[light]]
id = "rate"
name = "进度"
entity = "county"
clause = "一"
measure = "m / n"
unit = "{unit}"
band = [{{ level = "red", to = {edge} }}, {{ level = "normal", from = {edge} }}]
"""
DIRECT = item("a", "x", "number", 'type = "direct"')


@pytest.mark.parametrize(
    ("toml", "word"),
    [
        (sheet() + item("a", "m / n", "percent", 'type = "all_or_nothing", at_least = 0.95'), "0.95%"),
        (sheet() + item("a", "m / n", "ratio", 'type = "linear", pivot = 100, up = 1'), "写的是 100"),
        (sheet() + item("a", "m / n", "ratio", 'type = "bands", band = [{ to = 60, points = 0 }, { from = 60, points = 9 }]'), "写的是 60"),
        (sheet() + item("a", "m / n", "percent", 'type = "proportional", of = 0.9'), "0.9%"),
        (sheet() + item("a", "x", "number", 'type = "direct"', more='applies = "m / n >= 90"'), "90% 写 0.9"),
        (sheet() + item("a", "x", "number", 'type = "direct"', more='applies = "p >= 0.9"'), "0.9 写 90"),
        (sheet() + DIRECT + LIST.format(when="m / n - 0.5 >= 10"), "90% 写 0.9"),
        (LIGHT.format(unit="percent", edge=0.8), "0.8%"),
        (LIGHT.format(unit="ratio", edge=80), "写的是 80"),
    ],
)  # fmt: skip
def test_a_threshold_in_the_wrong_scale_is_a_warning(tmp_path: Path, toml: str, word: str) -> None:
    found = said(tmp_path, toml)
    assert found.startswith("warning")
    assert word in found


@pytest.mark.parametrize(
    "toml",
    [
        sheet() + item("a", "m / n", "percent", 'type = "all_or_nothing", at_least = 95'),
        sheet() + item("a", "m / n", "ratio", 'type = "linear", pivot = 1, up = 1'),
        sheet() + item("a", "x", "number", 'type = "direct"', more='applies = "m / n >= 0.9 and p >= 90"'),
        LIGHT.format(unit="percent", edge=80),
    ],
)
def test_a_threshold_in_the_right_scale_is_none(tmp_path: Path, toml: str) -> None:
    assert said(tmp_path, toml) == ""


def test_the_whole_of_a_per_cent_is_a_hundred(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, sheet() + item("a", "m / n", "percent", 'type = "proportional"'))
    found = entries(scheme, {("甲县", "2026-05"): {"m": 30, "n": 100}})
    assert found["甲县"]["score"] == 30


def test_a_text_with_a_blank_at_its_end_is_a_warning(tmp_path: Path) -> None:
    toml = sheet() + item("a", "x", "number", 'type = "direct"', more="applies = \"t == '甲类 '\"")
    assert "前后有空格" in said(tmp_path, toml)


@pytest.mark.parametrize(
    "id", ["score", "rank", "month", "total", "sum", "min", "class", "if", "and", "not", "late"]
)
def test_a_word_that_is_taken_is_refused_where_the_fact_is_declared(tmp_path: Path, id: str) -> None:
    with pytest.raises(SchemeError) as refused:
        scheme_of(tmp_path, sheet() + item("a", id, "number", 'type = "direct"'), fact(id, "number"))
    assert [fault.key for fault in refused.value.faults] == ["fact[0].id"]
    assert f"如 {id}_given" in str(refused.value)


def test_an_id_that_is_misspelt_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(SchemeError) as refused:
        scheme_of(tmp_path, sheet() + DIRECT, FACTS + fact("Growth", "number"))
    assert "小写字母开头" in str(refused.value)
    assert "string_pattern" not in str(refused.value)


def test_two_facts_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = fact("z", "number").replace("事实z", "事实x")
    assert "fact[11].name：“事实x”已经是 x 的名称" in said(tmp_path, sheet() + DIRECT, FACTS + twice)


@pytest.mark.parametrize(("name", "platform"), [("迟报", "late"), ("累计 完成", "invested_ytd")])
def test_the_name_of_a_fact_of_the_platform_is_refused_with_both_cures(
    tmp_path: Path, name: str, platform: str
) -> None:
    theirs = fact("z", "number").replace("事实z", name)
    found = said(tmp_path, sheet() + DIRECT, FACTS + theirs)
    assert f"fact[11].name：“{name}”是平台已有的项目事实（{platform}）的名称" in found
    assert f"如“{name}情况”" in found and f"公式里直接写 {platform}" in found


def test_two_grades_from_the_same_points_are_refused(tmp_path: Path) -> None:
    grades = "".join(f'[[sheet.grade]]\nname = "{name}"\nfrom = 90\nclause = "一"\n' for name in ("优", "良"))
    assert "“优”和“良”的 from 都是 90" in said(tmp_path, sheet() + DIRECT + grades)


def test_events_of_a_term_that_no_part_takes_up_are_named(tmp_path: Path) -> None:
    event = '[[sheet.event]]\nid = "prize"\nname = "获奖"\npoints = 1\nclause = "一"\n'
    roll_up = '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "quarter", weight = 1 }%s]\nclause = "一"\n'
    lines = sheet('["quarter", "year"]') + item(
        "a", "x", "number", 'type = "direct"', more='terms = ["quarter"]'
    )
    assert "“获奖”不计入" in said(tmp_path, lines + event + roll_up % "")
    with_year = said(tmp_path, lines + event + roll_up % ', { kind = "year", weight = 1 }')
    assert "不计入" not in with_year


def test_points_that_change_over_a_rule_that_writes_its_own_are_a_warning(tmp_path: Path) -> None:
    bands = 'type = "bands", band = [{ to = 80, points = 0 }, { from = 80, points = 100 }]'
    change = '[[sheet.item.change]]\nfrom = 2026-07-01\npoints = 120\nclause = "一"\n'
    assert "改为 120 分，计分规则里写的分没有跟着改" in said(
        tmp_path, sheet() + item("a", "p", "percent", bands, more=change)
    )


def test_lines_that_exclude_each_other_are_told_once_with_the_cure(tmp_path: Path) -> None:
    lines = "".join(
        item(id, "x", "number", 'type = "direct"', 60, f'applies = "{when}"')
        for id, when in (("a", "f"), ("b", "not f"))
    )
    found = said(tmp_path, sheet('["month", "quarter", "year"]', "points = 60") + lines)
    assert found.count("各分项 60 + 60 = 120") == 1
    assert 'not_applicable = "zero"' in found


def test_a_rule_that_takes_points_above_its_pivot_says_so(tmp_path: Path) -> None:
    scheme = scheme_of(
        tmp_path, sheet() + item("a", "c", "count", 'type = "linear", pivot = 0, up = -1, base = 100')
    )
    found = entries(scheme, {("甲县", "2026-05"): {"c": 3}})
    (line,) = found["甲县"]["indicators"]
    assert line["points"] == 97
    assert "每高 1个扣 1 分，每低 1个加 1 分" in line["rule"]
