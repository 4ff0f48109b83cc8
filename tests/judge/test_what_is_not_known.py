"""What nobody stated is not known: no schedule is no lead, no column of starts is no missed start, no report no praise."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.judge import Judged, judge_month
from guatu.portfolio.project import Project, Stage
from guatu.reporting.report import Report
from guatu.schemes.load import Scheme, find_scheme, load_scheme
from guatu.values import Period, fen

JUNE = Period(2023, 6)


def wan(value: int) -> int:
    return fen(value, "万元")


@pytest.fixture
def scheme(tmp_path: Path) -> Scheme:
    """The shipped scheme without a word on plans that are not split."""
    folder = Path(shutil.copytree(find_scheme("tangshan-2023"), tmp_path / "scheme"))
    path = folder / "scheme.toml"
    text = path.read_text(encoding="utf-8")
    assert 'when_missing = "linear"' in text
    path.write_text(text.replace('when_missing = "linear"', 'when_missing = "none"'), encoding="utf-8")
    return load_scheme(folder)


def project(code: str, county: str = "甲县", *, split: bool = True, planned: int = 1200) -> Project:
    return Project(
        code=code, name=f"项目{code}", county=county, category="产业", stage=Stage.NEW, total=wan(9000), planned=wan(planned),
        planned_cumulative=tuple(wan(planned * month // 12) for month in range(1, 13)) if split else (),
        planned_start=Period(2023, 3), lead_department="市发展改革委",
    )  # fmt: skip


def report(code: str, done: int, *, start: date | None = None, asks: bool = True) -> Report:
    return Report(
        code=code, period=JUNE, invested_ytd=wan(done), actual_start=start, handed_in=date(2023, 7, 3),
        columns={"actual_start": "L"} if asks else {},
    )  # fmt: skip


def judged(scheme: Scheme, projects: list[Project], reports: list[Report], *findings: Finding) -> Judged:
    return judge_month(scheme, projects, reports, findings, period=JUNE)


def test_without_a_plan_to_the_month_nobody_is_ahead_and_no_light_is_judged(scheme: Scheme) -> None:
    month = judged(
        scheme, [project("1"), project("2", split=False)], [report("1", 600), report("2", 600)]
    ).month
    state = month.summary["state"]
    assert (state["unscheduled"], state["schedule_percent"], state["ahead_points"]) == (1, None, None)
    assert [light["level"] for light in month.lights] == ["normal", "none"]
    county = next(entry for entry in month.rankings if entry["entity"] == "甲县")
    assert (county["value"], county["light"]["level"], county["inputs"]["planned_ytd"]) == (50, "none", None)


def test_the_scheme_may_say_that_a_missing_split_is_even() -> None:
    month = judged(load_scheme("tangshan-2023"), [project("1", split=False)], [report("1", 480)]).month
    assert (month.lights[0]["level"], month.lights[0]["measure"]) == ("yellow", 10)


def test_reports_that_do_not_ask_for_a_start_accuse_nobody(scheme: Scheme) -> None:
    summary = judged(scheme, [project("1")], [report("1", 600, asks=False)]).month.summary
    assert (summary["state"]["started"], summary["missed_starts"]) == (None, [])
    asked = judged(scheme, [project("1")], [report("1", 600)]).month.summary
    assert (asked["state"]["started"], len(asked["missed_starts"])) == (0, 1)


def test_a_plan_in_a_wrong_unit_is_left_out_where_questioned_figures_are(scheme: Scheme) -> None:
    wrong = replace(project("2"), planned=wan(12_000_000), planned_cumulative=(wan(12_000_000),) * 12)
    doubt = finding("unit_yi_in_wan", "年度计划差一万倍", file="台账.xlsx", project="2", field="planned")
    month = judged(scheme, [project("1"), wrong], [report("1", 600), report("2", 600)], doubt).month
    county = next(entry for entry in month.rankings if entry["entity"] == "甲县")
    assert county["as_reported"]["value"] < 1
    assert county["without_questioned"]["value"] == 50
    assert county["questioned"] == 1
