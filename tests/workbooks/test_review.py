"""Workbooks of forms met later: what a title, a file's name, a tick or the arithmetic supplies, and says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.cli_judge import jurisdiction_of
from guatu.findings import Severity
from guatu.portfolio.project import Stage
from guatu.reporting.checks import questioned_cells
from guatu.values import Period, fen
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading
from tests.workbooks.books import code, ods, xls, xlsx

LEDGER = ["序号", "项目代码", "项目名称", "县区", "建设性质", "总投资", "年度计划投资"]


def wan(amount: float) -> int:
    return fen(amount, "万元")


def said(reading: Reading, kind: str) -> list[str]:
    return [finding.message for finding in reading.findings if finding.id == kind]


def months(path: Path, rows: list[list[Any]], width: int = 4) -> Reading:
    head = [
        ["2023年投资完成情况（单位：万元）"],
        ["项目代码", "项目名称", *(f"{m}月完成投资" for m in range(1, width + 1))],
    ]
    return read_workbooks([xlsx(path / "months.xlsx", {"完成": [*head, *rows]})])


def test_months_alone_are_added_up_from_january_and_said_once(tmp_path: Path) -> None:
    reading = months(tmp_path, [[code(1), "甲", 10, 20, 30, 40], [code(2), "乙", 1, 0, 2, 3]])
    series = {(r.name, r.period.month): r.invested_ytd for r in reading.reports}
    assert [series["甲", m] for m in (1, 2, 3, 4)] == [wan(10), wan(30), wan(60), wan(100)]
    assert series["乙", 4] == wan(6)
    assert len(said(reading, "cumulative_from_months")) == 1
    assert not said(reading, "cumulative_missing")


def test_a_month_that_cannot_be_read_leaves_the_later_sums_open_and_questioned(tmp_path: Path) -> None:
    reading = months(tmp_path, [[code(1), "甲", 10, "约20", 30, 40], [code(2), "乙", 1, 1, 1, 1]])
    assert [r.invested_ytd for r in reading.reports if r.name == "甲"] == [wan(10), None, None, None]
    (message,) = said(reading, "cumulative_missing")
    assert "2 份月报" in message and "甲（2023年3月）" in message


def test_a_month_in_the_wrong_unit_is_questioned_where_only_months_are_reported(tmp_path: Path) -> None:
    reading = months(tmp_path, [[code(1), "甲", 1100, 1200, 0.09, 1000]])
    (found,) = [f for f in reading.findings if f.id == "unit_yi_in_wan"]
    assert (found.row, found.column, found.expected) == (3, "E", "900 万元")
    assert questioned_cells(reading.findings) == {(code(1), "2023-03")}


def test_a_cumulative_figure_that_was_written_is_never_replaced_by_a_sum(tmp_path: Path) -> None:
    def sheet(month: int, done: int, since: Any) -> list[list[Any]]:
        return [
            [f"2023年{month}月月报（万元）"],
            ["项目代码", "项目名称", "本月完成", "本年累计"],
            [code(1), "甲", done, since],
        ]

    book = xlsx(tmp_path / "r.xlsx", {"1月": sheet(1, 10, 10), "2月": sheet(2, 20, "")})
    reading = read_workbooks([book])
    assert [r.invested_ytd for r in reading.reports] == [wan(10), None]
    assert not said(reading, "cumulative_from_months")


def county_book(path: Path, name: str, first: int) -> Path:
    rows: list[list[Any]] = [
        [f"{name}2023年重点建设项目一览表"],
        ["单位：万元"],
        ["编号", "项目名称", "国家编码", "总投资", "年度计划"],
        [1, f"{name}甲", code(first), 100, 10],
        [2, f"{name}乙", code(first + 1), 200, 20],
    ]
    return xls(
        path / f"{name}.xls",
        {"新开工": rows, "续建": [rows[0], *rows[1:3], [1, f"{name}丙", code(first + 2), 300, 30]]},
    )


def test_a_file_for_each_county_gives_its_projects_that_county(tmp_path: Path) -> None:
    reading = read_workbooks([county_book(tmp_path, "清溪县", 1), county_book(tmp_path, "白石区", 11)])
    assert {p.name[-1] + str(p.county) for p in reading.projects} == {
        word + county for word in "甲乙丙" for county in ("清溪县", "白石区")
    }
    assert len(said(reading, "county_from_title")) == 4
    assert jurisdiction_of(reading) is None


def test_one_place_in_a_title_is_the_jurisdiction_and_not_a_county(tmp_path: Path) -> None:
    reading = read_workbooks([county_book(tmp_path, "清溪县", 1)])
    assert {p.county for p in reading.projects} == {None}
    assert jurisdiction_of(reading) == "清溪县"
    assert all("县（市、区）" in message for message in said(reading, "column_missing"))
    assert len(said(reading, "column_missing")) == 2


def test_titles_of_counties_between_two_tables_of_one_form_head_their_rows(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "项目代码", "性质", "总投资（万元）", "年度计划（万元）"]
    rows: list[list[Any]] = [
        ["2023年重点项目清单"],
        ["（一）丰乐区重点项目（1个）"],
        head,
        [1, "甲", code(1), "续建", 10, 5],
        ["（二）安平县重点项目（1个）"],
        head,
        [1, "乙", code(2), "续建", 20, 6],
    ]
    reading = read_workbooks([ods(tmp_path / "c.ods", {"清单": rows})])
    assert [(p.name, p.county, p.category) for p in reading.projects] == [
        ("甲", "丰乐区", None),
        ("乙", "安平县", None),
    ]


def december(path: Path, day: str) -> Reading:
    rows = [
        ["12月份重点项目月报"],
        [f"单位：万元   填报时间：{day}"],
        ["代码", "项目名称", "累计完成"],
        [code(1), "甲", 9],
    ]
    return read_workbooks([xlsx(path / "december.xlsx", {"12月": rows})])


@pytest.mark.parametrize("day", ["2024年1月4日", "2023年12月28日", "2024-01-04"])
def test_a_december_report_filled_in_in_january_belongs_to_the_year_before(tmp_path: Path, day: str) -> None:
    assert [r.period for r in december(tmp_path, day).reports] == [Period(2023, 12)]


def test_a_column_nobody_knows_where_the_plan_should_be_is_a_warning_that_names_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2023年重点项目（万元）"],
        ["项目代码", "项目名称", "县区", "建设性质", "总投资", "全年盘子"],
        [code(1), "甲", "东县", "续建", 10, 5],
    ]
    reading = read_workbooks([xlsx(tmp_path / "p.xlsx", {"表": rows})])
    (found,) = [f for f in reading.findings if f.id == "column_missing"]
    assert found.severity is Severity.WARNING
    assert "年度计划投资" in found.message and "F 列“全年盘子”" in found.message


@pytest.mark.parametrize(
    "word", ["本年投资任务", "当年投资目标", "全年投资安排", "2023年投资任务数", "年内投资计划"]
)
def test_more_ways_of_writing_the_plan_of_the_year(tmp_path: Path, word: str) -> None:
    rows: list[list[Any]] = [
        ["2023年重点项目（万元）"],
        [*LEDGER[:6], word],
        [1, code(1), "甲", "东县", "续建", 10, 5],
    ]
    reading = read_workbooks([xlsx(tmp_path / "w.xlsx", {"表": rows})])
    assert [p.planned for p in reading.projects] == [wan(5)]
    assert not reading.findings


QUARTERS = ["一季度累计", "上半年累计", "前三季度累计", "全年累计"]


def quarters(path: Path, figures: list[int]) -> Reading:
    rows: list[list[Any]] = [
        ["2023年重点项目（万元）"],
        [*LEDGER, *QUARTERS],
        [1, code(1), "甲", "东县", "续建", 100, 50, *figures],
    ]
    return read_workbooks([xlsx(path / "q.xlsx", {"库": rows})])


def test_cumulative_quarters_that_rise_to_the_plan_are_the_plan(tmp_path: Path) -> None:
    reading = quarters(tmp_path, [5, 20, 40, 50])
    (project,) = reading.projects
    assert [project.planned_cumulative[m - 1] for m in (3, 6, 9, 12)] == [wan(5), wan(20), wan(40), wan(50)]
    assert not reading.reports


def test_cumulative_quarters_that_prove_nothing_are_kept_and_named(tmp_path: Path) -> None:
    reading = quarters(tmp_path, [5, 20, 30, 31])
    assert not reading.reports
    assert reading.projects[0].planned_cumulative == ()
    assert len(said(reading, "unknown_column")) == 4


def test_ticks_under_new_and_continuing_are_the_stage(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2023年重点项目（万元）"],
        ["序号", "项目名称", "代码", "县区", "建设性质", "", "总投资", "年度计划"],
        ["", "", "", "", "新建", "续建", "", ""],
        [1, "甲", code(1), "东县", "√", "", 10, 5],
        [2, "乙", code(2), "东县", "", "√", 20, 6],
        [3, "丙", code(3), "东县", "√", "√", 30, 7],
    ]
    merges = {"表": [(1, 4, 1, 5), *((1, c, 2, c) for c in (0, 1, 2, 3, 6, 7))]}
    reading = read_workbooks([xlsx(tmp_path / "t.xlsx", {"表": rows}, merges=merges)])
    assert [(p.name, p.stage) for p in reading.projects] == [
        ("甲", Stage.NEW),
        ("乙", Stage.CONTINUING),
        ("丙", None),
    ]
    assert [f.row for f in reading.findings if f.id == "stage_unknown"] == [6]


def test_two_tables_side_by_side_are_both_read(tmp_path: Path) -> None:
    head = ["序号", "项目代码", "项目名称", "县区", "总投资", "年度计划"]
    rows: list[list[Any]] = [
        ["2023年重点项目（单位：万元）"],
        ["新开工项目", "", "", "", "", "", "", "续建项目"],
        [*head, "", *head],
        [1, code(1), "甲", "东县", 10, 5, "", 1, code(2), "乙", "西县", 20, "6,0"],
        [2, code(3), "丙", "西县", 30, 7],
    ]
    reading = read_workbooks([xlsx(tmp_path / "s.xlsx", {"并列": rows})])
    assert [(p.name, p.stage, p.county, p.total) for p in reading.projects] == [
        ("甲", Stage.NEW, "东县", wan(10)),
        ("丙", Stage.NEW, "西县", wan(30)),
        ("乙", Stage.CONTINUING, "西县", wan(20)),
    ]
    assert [(f.id, f.row, f.column) for f in reading.findings] == [("cell_unreadable", 4, "M")]
