"""The form in a scheme: what cannot be used is refused with its key, and the whole is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.schemes.describe import as_text
from guatu.schemes.load import SchemeError, load_scheme

HEAD = """
[scheme]
id = "a"
name = "某市方案"
short_name = "某市"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01
[schedule]
clause = "一"
[report]
cadence = "monthly"
clause = "二"
counts = "checked"
[report.due]
day = 5
"""


def scheme(tmp_path: Path, more: str) -> Path:
    (tmp_path / "scheme.toml").write_text(HEAD + more, encoding="utf-8")
    return tmp_path


OWN = """
[[report_field]]
id = "crew"
name = "现场人数"
kind = "count"
unit = "人"
carried = true
figure = "dispatch"
before = "problem"
local_choice = "本地加报。"
"""


def test_a_block_is_all_that_a_field_needs(tmp_path: Path) -> None:
    form = load_scheme(scheme(tmp_path, OWN)).form
    assert [one.id for one in form.fields][-5:] == ["crew", "problem", "measure", "suggestion", "note"]


def test_the_form_is_told_in_words_with_what_it_costs_and_what_counts(tmp_path: Path) -> None:
    said = as_text(load_scheme(scheme(tmp_path, OWN)))
    assert "经县（市、区）或牵头部门审核的月报在数据截止时计入。" in said
    assert "每次填 11 项 × 1 个项目 × 每年 12 次 = 每年 132 项，其中 6 项沿用上月" in said
    assert "个数（人），沿用上月，调度数。" in said
    assert "本地选择：本地加报。" in said


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        ('[form]\nstandard = ["invested_mouth"]', "form.standard[0]", "是不是 invested_month？"),
        ('[form]\nstandard = ["note", "note"]', "form.standard[1]", "重复"),
        ('[form]\nstandard = ["note"]\nrequired = ["paid"]', "form.required[0]", "不在 standard 里"),
        (OWN + OWN, "report_field[1].id", "“crew”已有"),
        (OWN.replace('"crew"', '"paid"'), "report_field[0].id", "“paid”已有"),
        (OWN.replace('"crew"', '"Crew-1"'), "report_field[0].id", "小写英文字母"),
        (OWN.replace("现场人数", "形象进度"), "report_field[0].name", "“形象进度”已有"),
        (OWN.replace('"count"', '"choice"'), "report_field[0].choices", "要给出 choices"),
        (OWN.replace('"problem"', '"probem"'), "report_field[0].before", "没有字段“probem”"),
        (OWN.replace('"count"', '"number"'), "report_field[0].kind", "不能是 'number'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_key(tmp_path: Path, more: str, key: str, said: str) -> None:
    with pytest.raises(SchemeError) as refused:
        load_scheme(scheme(tmp_path, more))
    fault = next(fault for fault in refused.value.faults if fault.key == key)
    assert said in fault.message
