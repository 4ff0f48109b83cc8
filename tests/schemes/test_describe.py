"""`guatu scheme explain`: every rule in words, with its clause, and what is local choice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from guatu.cli import main
from guatu.schemes.describe import Entry, as_text, describe
from guatu.schemes.load import Scheme, load_scheme

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"
FOLDERS = sorted(path.parent for path in SCHEMES.glob("**/scheme.toml"))


def entries(scheme: Scheme) -> dict[str, Entry]:
    return {
        entry.key: entry
        for section in describe(scheme)
        if section.id != "local_choices"
        for entry in section.entries
    }


def sections(scheme: Scheme) -> dict[str, list[str]]:
    return {section.id: [entry.name for entry in section.entries] for section in describe(scheme)}


@pytest.fixture(scope="module")
def tangshan() -> Scheme:
    return load_scheme("tangshan-2023")


@pytest.fixture(scope="module")
def model() -> Scheme:
    return load_scheme(SCHEMES / "_model")


def test_a_light_says_what_it_measures_and_each_band_with_its_edges(tangshan: Scheme) -> None:
    found = entries(tangshan)
    light = found["light[schedule]"]
    assert light.clause == "唐山 三(六)"
    assert "数值 = 计划累计 ÷ 年度计划 − 累计完成 ÷ 年度计划，保留 2 位小数。" in light.sentences
    assert "只算满足条件的项目：阶段属于（新开工、续建）。" in light.sentences
    assert found["light[schedule].band[yellow]"].sentences == ("10（含）至 25 个百分点。",)


def test_a_line_of_a_sheet_says_its_points_its_formula_and_its_rule(model: Scheme) -> None:
    line = entries(model)["sheet[county].item[investment]"]
    assert line.sentences == (
        "满分 60 分。",
        "按“累计完成合计 ÷ 计划累计合计”计。",
        "以 100% 为基准得 60 分，每高 1 个百分点加 0.5 分，每低 1 个百分点扣 1 分，不足一档按比例计，最多加 5 分，最多扣 60 分。",
    )
    assert line.clause == "某市 三(一)"


def test_a_fact_says_who_hands_it_in_by_when(model: Scheme) -> None:
    assert "由市统计局在次月 15 日前提供。" in entries(model)["fact[new_enterprises]"].sentences


def test_events_vetoes_grades_lists_and_steps_are_told(model: Scheme) -> None:
    found = entries(model)
    assert found["sheet[county].event[false_report]"].sentences == ("每次扣 5 分。",)
    assert found["sheet[county].event[on_site_meeting]"].sentences == ("每次加 2 分。", "每年最多计 2 次。")
    assert found["sheet[county].net_cap[]"].sentences == ("合计最多加 3 分。",)
    assert found["sheet[county].veto[serious]"].sentences == ("遇有“发生较大以上安全事故”，不得评先。",)
    assert found["sheet[county].grade[优秀]"].sentences == ("90 分（含）以上。",)
    assert "每组前 1 名。" in found["sheet[county].list[praise]"].sentences
    assert "每季看每个县（市、区）：连续期数（得分 < 60） ≥ 2。" in found["step[admonition_talk]"].sentences


def test_the_weights_of_a_longer_term_are_told() -> None:
    found = entries(load_scheme(SCHEMES / "examples" / "zhumadian"))
    assert found["sheet[county].roll_up[year]"].sentences == (
        "月得分（平均）× 0.1 + 半年得分（最后一期）× 0.45 + 年得分（最后一期）× 0.45。",
    )


def test_what_the_document_leaves_open_stands_together_at_the_end(tangshan: Scheme) -> None:
    last = describe(tangshan)[-1]
    assert last.id == "local_choices"
    assert [entry.name for entry in last.entries if entry.key == "light[schedule].band[red]"] == [
        "投资进度，红灯"
    ]
    assert len(last.entries) == sum(bool(entry.local_choice) for entry in entries(tangshan).values())


def test_a_section_without_rules_is_left_out(tangshan: Scheme) -> None:
    assert "steps" not in sections(tangshan)
    assert "rankings" in sections(tangshan)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_rule_of_a_shipped_scheme_has_its_entry(folder: Path) -> None:
    scheme = load_scheme(folder)
    text, found = scheme.text, entries(scheme)
    wanted = [f"fact[{one.id}]" for one in text.fact] + [f"light[{one.id}]" for one in text.light]
    wanted += [f"combined_light[{one.id}]" for one in text.combined_light]
    wanted += [f"ranking[{one.id}]" for one in text.ranking] + [f"step[{one.id}]" for one in text.step]
    wanted += [f"cadence[{one.id}]" for one in text.cadence]
    for sheet in text.sheet:
        key = f"sheet[{sheet.id}]"
        wanted += [key, *(f"{key}.item[{one.id}]" for one in sheet.item)]
        wanted += [f"{key}.event[{one.id}]" for one in sheet.event]
        wanted += [f"{key}.veto[{one.id}]" for one in sheet.veto]
        wanted += [f"{key}.series[{one.id}]" for one in sheet.series]
        wanted += [f"{key}.list[{one.id}]" for one in sheet.list_]
    assert set(wanted) - set(found) == set()


def written(value: Any, key: str) -> list[str]:
    """Everything that stands under a key anywhere in a document."""
    if isinstance(value, dict):
        own = [value[key]] if value.get(key) else []
        return own + [one for inner in value.values() for one in written(inner, key)]
    return [one for inner in value for one in written(inner, key)] if isinstance(value, list) else []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_local_choice_of_a_shipped_scheme_is_said_at_the_end(folder: Path) -> None:
    scheme = load_scheme(folder)
    wanted = written(scheme.text.model_dump(mode="json"), "local_choice")
    told = [entry.sentences[0] for entry in describe(scheme)[-1].entries] if wanted else []
    assert sorted(told) == sorted(wanted)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_no_name_of_a_formula_reaches_the_reader(folder: Path) -> None:
    words = as_text(load_scheme(folder)).partition("\n")[2]
    assert re.findall(r"\w*[a-z]+_[a-z_]+\w*|\bstreak\b|\bsum\b|\bcount\b|\bmin\b|\bmax\b", words) == []


def test_the_command_prints_the_same_as_text_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheme", "explain", "tangshan-2023"]) == 0
    printed = capsys.readouterr().out
    assert main(["scheme", "explain", "tangshan-2023", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["scheme"]["id"] == "tangshan-2023"
    for section in document["sections"]:
        assert section["title"] in printed
        for entry in section["entries"]:
            assert all(sentence in printed for sentence in entry["sentences"])


def test_a_scheme_that_is_not_there_is_said_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheme", "explain", "nowhere"]) == 2
    assert "没有这个方案" in capsys.readouterr().err
