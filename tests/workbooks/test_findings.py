"""Each kind of finding: a workbook that gives it, where it stands, and what is then read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.findings import Finding, Severity
from guatu.values import fen
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading
from tests.workbooks.books import code, ods, xls, xlsx

HEAD: list[Any] = [
    "项目代码",
    "项目名称",
    "县区",
    "建设性质",
    "总投资",
    "年度计划投资",
    "计划开工",
    "计划竣工",
    "备注",
]
TITLE = "2024年重点项目台账（单位：万元）"
Make = Callable[..., Reading]


def row(number: int, **values: Any) -> list[Any]:
    """A good row of the ledger; columns by their letter replace its values."""
    good: list[Any] = [
        code(number),
        f"项目{number}",
        "东湖区",
        "续建",
        5000,
        1000,
        "2023年5月",
        "2025年6月",
        "",
    ]
    for letter, value in values.items():
        good["ABCDEFGHI".index(letter)] = value
    return good


@pytest.fixture
def ledger(tmp_path: Path) -> Make:
    """Reads a ledger of the given rows under the usual title and header (rows 1 and 2)."""

    def make(*rows: list[Any], title: str = TITLE, head: list[Any] | None = None, **options: Any) -> Reading:
        return read_workbooks(
            [xlsx(tmp_path / "台账.xlsx", {"项目": [[title], head or HEAD, *rows]}, **options)]
        )

    return make


REPORT_HEAD: list[Any] = [
    "项目代码",
    "项目名称",
    "本月完成",
    "累计完成",
    "形象进度",
    "完成比例（％）",
    "报送日期",
]


@pytest.fixture
def reports(tmp_path: Path) -> Make:
    """Reads a ledger of projects 1–3 (5000 in all, 1000 a year) and a sheet of reports for each month."""

    def make(months: dict[int, list[list[Any]]], total: float = 5000, planned: float = 1000) -> Reading:
        rows = [row(n, E=total, F=planned) for n in (1, 2, 3)]
        book = xlsx(tmp_path / "台账.xlsx", {"项目": [[TITLE], HEAD, *rows]})
        sheets: dict[str, Any] = {
            f"{month}月": [[f"2024年{month}月月报（单位：万元，次月5日前报送）"], REPORT_HEAD, *told]
            for month, told in months.items()
        }
        return read_workbooks([book, xlsx(tmp_path / "月报.xlsx", sheets)])

    return make


def told(
    number: int, month: Any, cumulative: Any, text: str = "", physical: Any = "", day: Any = ""
) -> list[Any]:
    return [code(number), f"项目{number}", month, cumulative, text, physical, day]


def only(reading: Reading, kind: str, among: int = 1) -> Finding:
    """The single finding of a reading that must have no other (or `among` in all)."""
    found = [finding for finding in reading.findings if finding.id == kind]
    assert [finding.id for finding in reading.findings if finding.id == kind] == [kind]
    assert len(reading.findings) == among, [finding.message for finding in reading.findings]
    assert found[0].message and found[0].cure
    return found[0]


def test_a_good_ledger_gives_no_finding(ledger: Make) -> None:
    reading = ledger(row(1), row(2))
    assert reading.findings == ()
    assert len(reading.projects) == 2


# cells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "value", "kind", "severity"),
    [
        ("E", "约五千", "cell_unreadable", Severity.ERROR),
        ("E", "1,0800", "cell_unreadable", Severity.ERROR),
        ("E", "5,000", "number_as_text_with_thousands_separator", Severity.NOTE),
        ("E", " 5000 ", "number_as_text_with_spaces", Severity.NOTE),
        ("E", "５０００", "full_width_digits", Severity.NOTE),
        ("E", "#REF!", "error_value", Severity.ERROR),
        ("F", -5, "negative_amount", Severity.WARNING),
        ("G", "2023年13月", "date_impossible", Severity.ERROR),
        ("G", "2023-06-31", "date_impossible", Severity.ERROR),
        ("G", "2023年", "month_ambiguous", Severity.ERROR),
        ("G", 2023.1, "month_ambiguous", Severity.ERROR),
        ("G", "2023年三季度", "month_ambiguous", Severity.ERROR),
        ("G", 45000, "date_as_serial", Severity.NOTE),
        ("H", "明年", "cell_unreadable", Severity.ERROR),
        ("D", "甲类", "stage_unknown", Severity.WARNING),
        ("C", "", "county_missing", Severity.WARNING),
    ],
)
def test_an_odd_cell_is_named_by_its_place(
    ledger: Make, letter: str, value: Any, kind: str, severity: Severity
) -> None:
    reading = ledger(row(1), row(2, **{letter: value}), row(3), row(4), row(5))
    finding = only(reading, kind)
    assert (finding.sheet, finding.row, finding.column, finding.file) == ("项目", 4, letter, "台账.xlsx")
    assert finding.severity is severity
    assert finding.header == HEAD["ABCDEFGHI".index(letter)]
    assert len(reading.projects) == 5, "a bad cell refuses itself only"


def test_a_cell_in_error_is_not_read_as_empty(ledger: Make, tmp_path: Path) -> None:
    finding = only(ledger(row(1), row(2, E=""), errors={"E4": "#DIV/0!"}), "error_value")
    assert (finding.row, finding.column, finding.found) == (4, "E", "#DIV/0!")


def test_a_month_without_any_year_is_not_guessed(ledger: Make) -> None:
    reading = ledger(row(1, G="5月"), title="重点项目台账（单位：万元）")
    assert only(reading, "year_missing").column == "G"
    assert reading.projects[0].planned_start is None


def test_a_share_of_one_is_read_as_per_cent_and_said(reports: Make) -> None:
    reading = reports({1: [told(1, 100, 100, "桩基", 0.25), told(2, 100, 100, "基坑", 0.5)]})
    assert only(reading, "percent_as_fraction").column == "F"
    assert [str(report.physical) for report in reading.reports] == ["25", "50"]


def test_a_percentage_above_a_hundred_is_not_read(reports: Make) -> None:
    reading = reports({1: [told(1, 100, 100, "桩基", 250)]})
    assert only(reading, "percent_out_of_range").found == "250"
    assert reading.reports[0].physical is None


def test_a_day_without_its_day_is_the_first_of_the_month_and_said(tmp_path: Path) -> None:
    rows = [
        ["2024年1月月报（万元）"],
        ["项目代码", "项目名称", "累计完成", "实际开工"],
        [code(1), "一", 5, "2023年8月"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "a.xlsx", {"1月": rows})])
    assert only(reading, "day_missing").column == "D"
    assert reading.reports[0].actual_start == date(2023, 8, 1)


# sheets, tables, columns -----------------------------------------------------------------------------


def test_a_sheet_without_a_table_is_named(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "a.xlsx", {"封面": [["示例市重点项目"]], "项目": [[TITLE], HEAD, row(1)]})
    assert only(read_workbooks([book]), "no_table").sheet == "封面"


def test_a_sheet_of_names_without_any_figures_is_named_and_so_is_an_empty_file(tmp_path: Path) -> None:
    rows = [["2024年重点项目"], ["项目代码", "项目名称", "县区"], [code(1), "一号", "东湖区"]]
    named = read_workbooks([xlsx(tmp_path / "a.xlsx", {"名单": rows})])
    assert only(named, "no_table").row == 2
    empty = read_workbooks([xlsx(tmp_path / "b.xlsx", {"空": []})])
    assert only(empty, "no_table").file == "b.xlsx"


def test_a_check_of_the_ledger_names_the_column_by_its_header(ledger: Make) -> None:
    finding = only(ledger(row(1, F=6000)), "plan_exceeds_total")
    assert (finding.row, finding.column, finding.header) == (3, "F", "年度计划投资")


def test_a_table_without_rows_is_named(ledger: Make) -> None:
    assert only(ledger(), "no_rows").sheet == "项目"


def test_an_unknown_column_is_kept_and_named(ledger: Make) -> None:
    reading = ledger([*row(1), "甲级"], head=[*HEAD, "星级"])
    assert only(reading, "unknown_column").column == "J"
    assert reading.projects[0].extra == {"星级": "甲级"}


def test_two_columns_for_one_field_are_named(ledger: Make) -> None:
    reading = ledger([*row(1), 7000], head=[*HEAD, "项目总投资"])
    assert only(reading, "column_twice").column == "J"
    assert reading.projects[0].extra == {"项目总投资": "7000"}
    assert reading.projects[0].total == fen(5000, "万元")


def test_money_without_a_unit_is_not_read(ledger: Make) -> None:
    reading = ledger(row(1), title="2024年重点项目台账")
    finding = only(reading, "unit_missing")
    assert finding.severity is Severity.ERROR and "映射" in str(finding.cure)
    assert (reading.projects[0].total, reading.projects[0].planned) == (None, None)


def test_two_units_that_contradict_each_other_are_not_chosen_from(ledger: Make) -> None:
    only(ledger(row(1), title="2024年台账（单位：万元）（单位：亿元）"), "unit_missing")


def test_reports_without_a_year_are_not_read(tmp_path: Path) -> None:
    rows = [["1月月报（万元）"], REPORT_HEAD, told(1, 5, 5)]
    reading = read_workbooks([xlsx(tmp_path / "a.xlsx", {"1月": rows})])
    only(reading, "year_missing")
    assert reading.reports == ()


@pytest.mark.parametrize("title", ["2024年3月月报（万元）", "2024年月报（万元）"])
def test_reports_of_an_unclear_month_are_not_read(tmp_path: Path, title: str) -> None:
    rows = [[title], REPORT_HEAD, told(1, 5, 5)]
    name = "2月" if "3月" in title else "表一"
    reading = read_workbooks([xlsx(tmp_path / "a.xlsx", {name: rows})])
    only(reading, "period_unclear")
    assert reading.reports == ()


def test_hidden_rows_and_columns_count_and_are_named(ledger: Make) -> None:
    reading = ledger(row(1), row(2), hidden_rows=[3], hidden_columns=["E"])
    assert {(f.id, f.row, f.column) for f in reading.findings} == {
        ("hidden_row", 4, None),
        ("hidden_column", None, "E"),
    }
    assert sum(p.total or 0 for p in reading.projects) == fen(10000, "万元")


def test_hidden_rows_of_the_other_formats_are_named(tmp_path: Path) -> None:
    sheets = {"项目": [[TITLE], HEAD, row(1), row(2)]}
    for book in (
        xls(tmp_path / "a.xls", sheets, hidden_rows=[3]),
        ods(tmp_path / "a.ods", sheets, hidden_rows=[3]),
    ):
        assert only(read_workbooks([book]), "hidden_row").row == 4


def test_a_comment_is_kept(ledger: Make) -> None:
    reading = ledger(row(1), comments={"E3": "按批复概算"})
    assert "按批复概算" in only(reading, "comment").message
    assert reading.tables[0].comments == (("E3", "按批复概算"),)


def test_a_subtotal_is_held_against_its_rows(ledger: Make) -> None:
    reading = ledger(row(1), row(2), ["小 计", "", "", "", 10000, 2500, "", "", ""])
    finding = only(reading, "subtotal_mismatch")
    assert (finding.row, finding.column, finding.found, finding.expected) == (5, "F", "2500", "2000 万元")
    assert [s.agrees for s in reading.tables[0].subtotals] == [True, False]


def test_a_stated_number_of_projects_is_counted(ledger: Make) -> None:
    reading = ledger(["一、产业项目（3个）"], row(1), row(2))
    finding = only(reading, "group_count_mismatch")
    assert (finding.row, finding.found, finding.expected) == (3, "3", "2")


def test_two_spellings_of_a_county_are_proposed_as_one_and_left_apart(ledger: Make) -> None:
    reading = ledger(row(1, C="高新区"), row(2, C="高新技术产业开发区"))
    finding = only(reading, "county_alias_proposed")
    assert (finding.found, finding.expected) == ("高新区", "高新技术产业开发区")
    assert {p.county for p in reading.projects} == {"高新区", "高新技术产业开发区"}


def test_a_note_explains_a_short_name(ledger: Make) -> None:
    reading = ledger(
        row(1, C="高新区"), row(2, C="高新技术产业开发区"), ["注：“高新区”即高新技术产业开发区。"]
    )
    assert reading.findings == ()
    assert {p.county for p in reading.projects} == {"高新技术产业开发区"}


# identity --------------------------------------------------------------------------------------------


def test_a_row_without_a_code_is_refused_and_its_match_only_proposed(ledger: Make) -> None:
    reading = ledger(row(1), row(2, A="", B="项目1"), row(3))
    assert {(f.id, f.row) for f in reading.findings} == {("code_missing", 4), ("match_proposed", 4)}
    assert [p.code for p in reading.projects] == [code(1), code(3)]


def test_a_ledger_without_a_code_column_is_refused_with_the_cure(ledger: Make) -> None:
    reading = ledger(row(1)[1:], row(2)[1:], head=HEAD[1:])
    assert 'code = "项目名称"' in str(only(reading, "code_missing").cure)
    assert reading.projects == ()


def test_a_malformed_code_refuses_its_row(ledger: Make) -> None:
    reading = ledger(row(1), row(2, A="2024-130200-48-01-12345"), row(3))
    assert only(reading, "code_malformed").row == 4
    assert len(reading.projects) == 2


def test_the_same_row_twice_is_read_once(ledger: Make) -> None:
    reading = ledger(row(1), row(1))
    assert only(reading, "code_duplicate").row == 4
    assert len(reading.projects) == 1


def test_one_code_for_two_projects_gives_neither(ledger: Make) -> None:
    reading = ledger(row(1), row(1, B="另一项目"), row(2))
    assert [f.row for f in reading.findings if f.id == "code_two_names"] == [3, 4]
    assert [p.code for p in reading.projects] == [code(2)]


def test_a_code_is_recognised_through_blanks_full_width_and_line_breaks(ledger: Make) -> None:
    reading = ledger(row(1, A=" ２０２４-130200－48-01-\n000001 "), row(2, A="20241302004801000002"))
    assert reading.findings == ()
    assert [p.code for p in reading.projects] == [code(1), code(2)]


def test_a_report_of_an_unknown_project_is_refused(reports: Make) -> None:
    reading = reports({1: [told(1, 5, 5), told(9, 5, 5)]})
    assert only(reading, "project_unknown").row == 4
    assert [r.code for r in reading.reports] == [code(1)]


def test_a_report_under_another_name_is_questioned(reports: Make) -> None:
    reading = reports({1: [[code(1), "别的项目", 5, 5, "", "", ""]]})
    assert only(reading, "report_name_differs").expected == "项目1"


def test_a_month_reported_twice_with_different_figures_is_kept_out(reports: Make) -> None:
    reading = reports({1: [told(1, 5, 5), told(1, 6, 6), told(2, 7, 7)]})
    assert [f.row for f in reading.findings if f.id == "report_duplicate"] == [3, 4]
    assert [r.code for r in reading.reports] == [code(2)]


def test_a_month_reported_twice_alike_counts_once(reports: Make) -> None:
    reading = reports({1: [told(1, 5, 5), told(1, 5, 5)]})
    assert only(reading, "report_repeated").row == 4
    assert len(reading.reports) == 1
