"""`guatu scheme compare`: past months under two editions, what would change and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.cli import main
from guatu.judge.compare import Comparison, compare
from guatu.judge.inputs import Inputs
from guatu.judge.month import Judged
from guatu.portfolio.project import Project, Stage
from guatu.reporting.report import Report
from guatu.schemes.load import Scheme, load_scheme
from guatu.values import Period

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "guatu" / "demo" / "data"
MODEL = ROOT / "schemes" / "_model"
WAN = 1_000_000
Edit = Callable[..., Scheme]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Another edition of a scheme folder."""

    def edit(folder: Path, *changes: tuple[str, str]) -> Scheme:
        copy = Path(shutil.copytree(folder, tmp_path / "second"))
        path = copy / "scheme.toml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return load_scheme(copy)

    return edit


def project(code: str, county: str, planned: int) -> Project:
    return Project(
        code=code, name=f"{county}项目", county=county, stage=Stage.NEW, planned=planned * WAN, category="产业",
        planned_cumulative=tuple(planned * WAN * n // 12 for n in range(1, 13)), lead_department="市发展改革委",
    )  # fmt: skip


def done(code: str, month: int, money: int) -> Report:
    return Report(code=code, period=Period(2026, month), invested_ytd=money * WAN)


LEDGER = Inputs(
    period=Period(2026, 3),
    projects=(project("A", "甲县", 12_000), project("B", "乙县", 12_000)),
    reports=(done("A", 1, 1_000), done("A", 2, 600), done("A", 3, 1_500), done("B", 1, 1_000), done("B", 2, 2_000), done("B", 3, 2_940)),
    facts=tuple(
        FactRow(county, Term("quarter", 2026, 1), fact, Fraction(value))
        for county, given in {"甲县": (3, 10), "乙县": (1, 5)}.items()
        for fact, value in zip(("new_enterprises", "site_mark"), given, strict=True)
    ),
)  # fmt: skip


def compared(old: Scheme, new: Scheme, *months: int) -> Comparison:
    def judge(scheme: Scheme, period: Period) -> Judged:
        return replace(LEDGER, period=period).judge(scheme)

    return compare(old, new, [Period(2026, month) for month in months], judge)


def test_the_same_edition_changes_nothing() -> None:
    scheme = load_scheme(MODEL)
    comparison = compared(scheme, scheme, 1, 2, 3)
    assert comparison.changes == ()
    assert [row["changes"] for row in comparison.summary()] == [0, 0, 0]


def test_a_light_that_changes_is_told_with_its_measure_and_the_rule_that_differs(edited: Edit) -> None:
    new = edited(
        MODEL, ("from = 10\nto = 20", "from = 12\nto = 20"), ("from = 5\nto = 10", "from = 5\nto = 12")
    )
    (light,) = (one for one in compared(load_scheme(MODEL), new, 2).changes if one.what == "light")
    assert (light.entity, light.rule, light.before, light.after) == (
        "甲县项目",
        "light[schedule]",
        "黄",
        "蓝",
    )
    assert light.measures == ("11.67个百分点", "11.67个百分点")
    assert "“投资进度”黄灯下限由 10 改为 12 个百分点（四(一)）" in light.why
    assert light.sentence() == "甲县项目 投资进度由黄变为蓝（数值 11.67个百分点）"


def test_a_score_and_a_place_that_change_name_the_line_that_did_it(edited: Edit) -> None:
    new = edited(MODEL, ("{ from = 1, to = 3, points = 15 }", "{ from = 1, to = 3, points = 30 }"),
                 ("down = 1,", "down = 2,"))  # fmt: skip
    changes = {(one.what, one.entity): one for one in compared(load_scheme(MODEL), new, 3).changes}
    # 甲县 50 %: 60 − 50 + 30 + 10 = 50, then 60 − 60 + 30 + 10; 乙县 98 %: 60 − 2 + 15 + 5 = 78, then 60 − 4 + 30 + 5
    assert (changes["score", "甲县"].before, changes["score", "甲县"].after) == ("50", "40")
    assert (changes["score", "乙县"].before, changes["score", "乙县"].after) == ("78", "91")
    assert "其中“投资完成”由 58 分变为 56 分" in changes["score", "乙县"].why
    assert any("每低一档扣的分由 1 改为 2" in sentence for sentence in changes["score", "乙县"].why)
    assert (changes["lists", "乙县"].before, changes["lists", "乙县"].after) == ("无", "“通报表扬”")


def test_a_change_that_did_not_reach_a_score_is_not_named_as_its_cause(edited: Edit) -> None:
    new = edited(MODEL, ("{ from = 1, to = 3, points = 15 }", "{ from = 1, to = 3, points = 30 }"),
                 ("down = 1,", "down = 2,"))  # fmt: skip
    why = next(
        one
        for one in compared(load_scheme(MODEL), new, 3).changes
        if (one.what, one.entity) == ("score", "甲县")
    ).why
    # 甲县 has three new enterprises: the band that was raised is not its own.
    assert any("每低一档扣的分由 1 改为 2" in sentence for sentence in why)
    assert not any("15" in sentence and "30" in sentence for sentence in why), why


def test_a_place_that_changes_is_told_with_both_values(edited: Edit) -> None:
    new = edited(
        MODEL,
        (
            'unit = "percent"\ndecimals = 2\n\n# ---',
            'unit = "percent"\ndecimals = 2\norder = "ascending"\n\n# ---',
        ),
    )
    places = [one for one in compared(load_scheme(MODEL), new, 3).changes if one.what == "rank"]
    assert [(one.entity, one.before, one.after) for one in places] == [
        ("甲县", "第 2 名", "第 1 名"), ("乙县", "第 1 名", "第 2 名"),
    ]  # fmt: skip
    assert places[0].measures == ("12.5%", "12.5%")


def test_a_rule_that_is_gone_judges_no_longer(edited: Edit) -> None:
    text = (MODEL / "scheme.toml").read_text(encoding="utf-8")
    light = text[
        text.index('[[light]]\nid = "schedule"') : text.index(
            "# ---------------------------------------------------------------- 排名"
        )
    ]
    changes = compared(load_scheme(MODEL), edited(MODEL, (light, "")), 3).changes
    assert {(one.entity, one.after) for one in changes if one.what == "light"} == {
        ("甲县项目", "不判"),
        ("乙县项目", "不判"),
    }
    assert "取消预警灯“投资进度”（四(一)）" in changes[0].why


def test_the_command_replays_the_demonstration_city(edited: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    new = edited(
        ROOT / "schemes" / "tangshan-2023",
        ("from = 10\nto = 25", "from = 12\nto = 25"),
        ("from = 5\nto = 10", "from = 5\nto = 12"),
    )
    words = [
        "scheme", "compare", "tangshan-2023", new.folder, "--ledger", str(DEMONSTRATION / "ledger-2023.xlsx"),
        "--reports", str(DEMONSTRATION / "monthly-reports-2023.xlsx"), "--periods", "2023-08..2023-09",
    ]  # fmt: skip
    assert main([*words, "--format", "json"]) == 1
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [row["period"] for row in document["summary"]] == ["2023-08", "2023-09"]
    assert document["changes"]
    for change in document["changes"]:
        assert (change["before"], change["after"]) == ("黄", "蓝")
        assert 10 <= float(change["measures"][0].removesuffix("个百分点")) < 12
    assert main(words) == 1
    printed = capsys.readouterr().out
    assert f"2023年8月：灯 {document['summary'][0]['light']}" in printed


def test_wrong_months_are_refused_with_the_cure(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scheme", "compare", "tangshan-2023", "tangshan-2023", "--ledger", "x.xlsx", "--periods"]
    assert main([*words, "2023-09..2023-01"]) == 2
    assert "首尾两个月" in capsys.readouterr().err
    assert main([*words, "九月"]) == 2
    assert "YYYY-MM" in capsys.readouterr().err
    assert main(["scheme", "compare", "tangshan-2023", "tangshan-2023", "--periods", "2023-09"]) == 2
    assert "--ledger" in capsys.readouterr().err
