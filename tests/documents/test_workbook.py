"""The month's workbook, read again."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from guatu.documents.workbook import write_workbook
from tests.documents.cast import COUNTIES, lights, month, place

Rows = list[list[Any]]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("book") / "九月.xlsx"
    write_workbook(month(), target)
    return target


def sheet(path: Path, name: str) -> Rows:
    return [list(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()]


def below(rows: Rows, first_header: str) -> Rows:
    """The rows below the header that begins with this cell, to the next empty row."""
    start = next(i for i, row in enumerate(rows) if row[0] == first_header) + 1
    end = next((i for i in range(start, len(rows)) if not any(rows[i])), len(rows))
    return rows[start:end]


def test_the_sheets_stand_in_reading_order(path: Path) -> None:
    assert CalamineWorkbook.from_path(str(path)).sheet_names == [
        "概况", "县（市、区）累计完成率", "牵头部门累计完成率", "灯", "未报迟报", "待核数字",
    ]  # fmt: skip


def test_the_ranking_has_the_judged_figures(path: Path) -> None:
    rows = below(sheet(path, "县（市、区）累计完成率"), "名次")
    assert len(rows) == len(COUNTIES)
    assert rows[0][:7] == [1, 2, "松台区", 1_043_200, 1_186_000, 87.96, 9.5]
    bamboo = next(row for row in rows if row[2] == "竹岭县")
    assert bamboo[8:11] == [76.1, 9, 1]


def test_every_light_has_arithmetic_and_clause(path: Path) -> None:
    rows = below(sheet(path, "灯"), "项目代码")
    assert len(rows) == len(lights())
    assert rows[0][5:7] == ["■ 红", 48.3]
    assert rows[0][8] == "7870 ÷ 10000 − 3040 ÷ 10000 = 48.3 个百分点"
    assert rows[0][9] == "澜江\u00a0三（六）；本地选择"
    assert [row[11] for row in rows if row[6] == 31.0] == ["▲ 黄"]


def test_months_to_come_hold_a_dash_and_not_a_zero(path: Path) -> None:
    rows = below(sheet(path, "概况"), "月份")
    assert rows[8][0] == "2023年9月" and rows[8][3] == sum(county[3] for county in COUNTIES)
    assert rows[9][3] == "–"


def test_cuts_keep_the_exact_money(path: Path) -> None:
    rows = below(sheet(path, "概况"), "口径")
    assert rows[0] == ["进展", "新开工", 70, 21_000_000, 5_300_000.5, 2100, 530.00005, *rows[0][7:]]
    assert rows[2][4] == "–"


def test_the_silent_the_late_and_the_missed_starts_stand_on_one_sheet(path: Path) -> None:
    rows = sheet(path, "未报迟报")
    names = [row[1] for row in rows]
    for name in ("北山县污水处理厂扩容工程", "河阳县环湖公路改建工程", "石渡县乡村供水一体化工程"):
        assert name in names


def test_findings_stand_with_place_and_cure_the_questioned_first(path: Path) -> None:
    rows = below(sheet(path, "待核数字"), "处理")
    assert rows[0][:9] == [
        "待核", "2023-09", light_code(), "竹岭县环湖公路改建工程", "月报.xlsx", "9月", "I41", "1—9月累计", "0.271",
    ]  # fmt: skip
    assert rows[-1][0] == "已照读"


def light_code() -> str:
    return str(lights()[2]["project"])


def test_sheets_print_landscape_one_page_wide_with_repeated_headers(path: Path) -> None:
    for page in load_workbook(path).worksheets:
        assert page.page_setup.orientation == "landscape"
        assert str(page.page_setup.paperSize) == "9"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1) and int(page.page_setup.fitToHeight) == 0
        assert page.print_title_rows
        assert page.freeze_panes
        assert "共 &[Pages] 页" in page.oddFooter.center.text or "&N" in page.oddFooter.center.text


def test_there_is_no_formula_that_could_give_another_figure(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in book.read(name)


def test_a_ranking_name_that_excel_refuses_is_written_under_a_plain_one(tmp_path: Path) -> None:
    rows = [
        place(
            "county",
            "甲县",
            1_000,
            700,
            900,
            1,
            1,
            ranking_name="县/区：[完成率]排名，按本年累计完成投资占年度计划的比例计算",
        )
    ]
    write_workbook(month(rankings=rows), tmp_path / "a.xlsx")
    names = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).sheet_names
    assert names[1].startswith("县区：完成率排名") and len(names[1]) <= 31


def test_a_month_without_silent_or_findings_still_has_its_sheets(tmp_path: Path) -> None:
    calm = month(findings=[], lights=[])
    calm.summary["silent"].clear()
    write_workbook(calm, tmp_path / "b.xlsx")
    assert below(sheet(tmp_path / "b.xlsx", "灯"), "项目代码")[0][0] == "–"
