"""Facts are read from the long and the wide layout, from every kind of file, with their exact values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from guatu.assessment.given import FactRow, KnownFact
from guatu.assessment.terms import Term
from guatu.workbooks.facts import FactsReading, read_facts
from guatu.workbooks.facts_terms import term_of
from guatu.workbooks.sheets import WorkbookError
from tests.workbooks.books import ods, xls, xlsx

ROOT = Path(__file__).parents[2]
THIRD = Term("quarter", 2023, 3)
WAN = 1_000_000
"""分 in one 万元."""


def _known(*facts: KnownFact) -> dict[str, KnownFact]:
    return {fact.id: fact for fact in facts}


KNOWN = _known(
    KnownFact("done", "完成投资", "money", "county"),
    KnownFact("start_rate", "开工率", "percent", "county"),
    KnownFact("share", "到位比例", "ratio", "county"),
    KnownFact("started", "开工个数", "count", "county"),
    KnownFact("growth", "增量", "number", "county"),
    KnownFact("joined", "是否联审", "flag", "county"),
    KnownFact("remark", "概况", "text", "county"),
    KnownFact("visit", "督查评分", "mark", "county", Fraction(0), Fraction(100), needs_reason=True),
)


def csv_file(folder: Path, text: str, name: str = "facts.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def values(reading: FactsReading) -> dict[tuple[str, str, str], object]:
    return {(row.entity, str(row.term), row.fact): row.value for row in reading.rows}


def one(tmp_path: Path, fact: str, value: str, unit: str = "") -> FactsReading:
    text = f'对象,事实,数值,计量单位,填报人,理由\n甲县,{fact},"{value}",{unit},王五,整洁\n'
    return read_facts([csv_file(tmp_path, text)], KNOWN, term=THIRD)


def test_the_long_layout_gives_every_field_of_a_fact(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "对象,期别,事实,数值,单位,核查值,来源,填报人,复核人,日期,理由\n"
        "甲县,2023Q3,done,1.2,亿元,1.1,月报,王五,赵六,2023-10-08,核减\n",
    )
    reading = read_facts([path], KNOWN)
    assert reading.findings == ()
    assert reading.rows == (
        FactRow(
            "甲县",
            THIRD,
            "done",
            Fraction(12_000 * WAN),
            Fraction(11_000 * WAN),
            "月报",
            "王五",
            "赵六",
            date(2023, 10, 8),
            "核减",
            "facts.csv D2",
        ),
    )
    assert list(reading.digests) == ["facts.csv"]
    assert re.fullmatch(r"[0-9a-f]{64}", reading.digests["facts.csv"])


def test_english_headers_name_the_same_columns(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "entity,term,fact,value,by,reason\nA,2023-09,visit,85.5,W,tidy\n")
    assert values(read_facts([path], KNOWN)) == {("A", "2023-09", "visit"): Fraction(171, 2)}


def test_the_wide_layout_reads_a_fact_from_each_column_with_its_unit_and_its_spot_check(
    tmp_path: Path,
) -> None:
    path = csv_file(
        tmp_path,
        "2023年考核数据,,,,,\n序号,县区,完成投资（亿元）,完成投资（核查）（万元）,开工率(%),started\n"
        "1,甲县,1.2,11800,80.5,7\n2,乙县,,,—,0\n",
    )
    reading = read_facts([path], KNOWN, term=THIRD)
    assert reading.findings == ()
    assert values(reading) == {
        ("甲县", "2023Q3", "done"): Fraction(12_000 * WAN),
        ("甲县", "2023Q3", "start_rate"): Fraction(161, 2),
        ("甲县", "2023Q3", "started"): Fraction(7),
        ("乙县", "2023Q3", "started"): Fraction(0),
    }
    assert reading.rows[0].checked == Fraction(11_800 * WAN)
    assert reading.rows[0].place == "facts.csv C3"


def test_a_spot_check_column_is_known_by_its_id_too(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "部门,started,started.checked,来源\n住建局,7,6,月报\n")
    (row,) = read_facts([path], KNOWN, term=THIRD).rows
    assert (row.value, row.checked, row.counts, row.source) == (7, 6, 6, "月报")


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_every_sheet_of_a_workbook_is_read_and_its_name_may_be_the_term(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    rows = [
        ["县区", "完成投资", "开工率"],
        ["甲县", 0.1, 80.5],
        ["合计", 0.1, 80.5],
        ["填表人：王五", "", ""],
    ]
    later = [["对象", "期别", "事实", "数值"], ["甲县", "2023年上半年", "开工个数", 3]]
    path = write(tmp_path / f"book.{write.__name__}", {"2023年三季度": rows, "9月": rows, "其他": later})
    reading = read_facts([path], KNOWN, term=THIRD)
    assert values(reading) == {
        ("甲县", "2023Q3", "done"): Fraction(WAN, 10),
        ("甲县", "2023Q3", "start_rate"): Fraction(161, 2),
        ("甲县", "2023-09", "done"): Fraction(WAN, 10),
        ("甲县", "2023-09", "start_rate"): Fraction(161, 2),
        ("甲县", "2023H1", "started"): Fraction(3),
    }
    assert [found.id for found in reading.findings] == ["facts_total_row"] * 2


def test_a_cell_shown_as_per_cent_is_read_as_it_is_shown(tmp_path: Path) -> None:
    modern, old = tmp_path / "a.xlsx", tmp_path / "b.xls"
    book = xlsxwriter.Workbook(str(modern))
    sheet = book.add_worksheet("一")
    sheet.write_row(0, 0, ["县区", "开工率", "到位比例（%）"])
    sheet.write(1, 0, "甲县")
    for column in (1, 2):
        sheet.write(1, column, 0.805, book.add_format({"num_format": "0.0%"}))
    book.close()
    legacy = xlwt.Workbook()
    page = legacy.add_sheet("一")
    for column, header in enumerate(("县区", "开工率", "到位比例（%）")):
        page.write(0, column, header)
    page.write(1, 0, "甲县")
    for column in (1, 2):
        page.write(1, column, 0.805, xlwt.easyxf(num_format_str="0.0%"))
    legacy.save(str(old))
    for path in (modern, old):
        assert list(values(read_facts([path], KNOWN, term=THIRD)).values()) == [
            Fraction(161, 2),
            Fraction(805, 1000),
        ], path


def test_a_percentage_of_an_opendocument_sheet_is_read_as_it_is_shown(tmp_path: Path) -> None:
    book = OpenDocumentSpreadsheet()
    table = Table(name="一")
    for entity, rate in (("县区", None), ("甲县", 0.805)):
        line = TableRow()
        name = TableCell(valuetype="string")
        name.addElement(P(text=entity))
        line.addElement(name)
        cell = TableCell(valuetype="percentage", value=rate) if rate else TableCell(valuetype="string")
        cell.addElement(P(text="80.5%" if rate else "开工率"))
        line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "a.ods"))
    (row,) = read_facts([tmp_path / "a.ods"], KNOWN, term=THIRD).rows
    assert row.value == Fraction(161, 2)


def test_a_number_and_a_truth_in_a_cell_are_not_taken_for_each_other(tmp_path: Path) -> None:
    rows = [["县区", "概况", "增量"], ["甲县", 1, 1], ["乙县", True, 2]]
    reading = read_facts([xlsx(tmp_path / "a.xlsx", {"一": rows})], KNOWN, term=THIRD)
    assert [row.value for row in reading.rows if row.fact == "remark"] == ["1", "TRUE"]


def test_an_entity_in_merged_cells_belongs_to_all_their_rows(tmp_path: Path) -> None:
    rows = [["对象", "事实", "数值"], ["甲县", "完成投资", 5], ["", "开工率", 50]]
    path = xlsx(tmp_path / "a.xlsx", {"一": rows}, merges={"一": [(1, 0, 2, 0)]})
    assert {row.entity for row in read_facts([path], KNOWN, term=THIRD).rows} == {"甲县"}
    assert len(read_facts([path], KNOWN, term=THIRD).rows) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_tables_are_read_in_each_encoding_and_with_each_sign(
    tmp_path: Path, encoding: str, sign: str
) -> None:
    rows = [["对象", "事实", "数值", "理由"], ["甲县", "开工个数", "7", '"雨天，停工 3 天, 复工 2 天; 正常"']]
    text = "\r\n".join(sign.join(row) for row in rows)
    (row,) = read_facts([csv_file(tmp_path, text, encoding=encoding)], KNOWN, term=THIRD).rows
    assert (row.entity, row.value, row.reason) == ("甲县", 7, "雨天，停工 3 天, 复工 2 天; 正常")


@pytest.mark.parametrize(
    ("fact", "written", "unit", "read"),
    [
        ("完成投资", "12.5", "", Fraction(25 * WAN, 2)),
        ("完成投资", "12.5", "亿元", Fraction(125_000 * WAN)),
        ("完成投资", "1,234.56", "元", Fraction(123_456)),
        ("完成投资", "1.5亿元", "万元", Fraction(15_000 * WAN)),
        ("完成投资", "−3", "", Fraction(-3 * WAN)),
        ("开工率", "80.5%", "", Fraction(161, 2)),
        ("开工率", "104", "%", Fraction(104)),
        ("到位比例", "0.805", "", Fraction(161, 200)),
        ("到位比例", "80.5％", "", Fraction(161, 200)),
        ("到位比例", "80.5", "%", Fraction(161, 200)),
        ("开工个数", "７", "个", Fraction(7)),
        ("增量", "-0.3", "", Fraction(-3, 10)),
        ("督查评分", "85.5分", "分", Fraction(171, 2)),
        ("概况", "无", "", "无"),
        *(("是否联审", yes, "", True) for yes in ("是", "√", "1", "true", "TRUE")),
        *(("是否联审", no, "", False) for no in ("否", "×", "0", "false", "FALSE")),
    ],
)
def test_a_value_is_read_by_the_kind_of_its_fact(
    tmp_path: Path, fact: str, written: str, unit: str, read: object
) -> None:
    reading = one(tmp_path, fact, written, unit)
    assert reading.findings == ()
    assert [row.value for row in reading.rows] == [read]
    assert type(reading.rows[0].value) is type(read)


@pytest.mark.parametrize("blank", ["", " ", "–", "—", "-"])
@pytest.mark.parametrize("fact", [fact.name for fact in KNOWN.values()])
def test_a_blank_is_no_fact_and_never_nought(tmp_path: Path, fact: str, blank: str) -> None:
    assert one(tmp_path, fact, blank) == FactsReading((), (), one(tmp_path, fact, blank).digests)


def test_the_unit_in_the_title_holds_for_money_without_its_own(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "三季度,,单位：亿元\n县区,完成投资,到位比例\n甲县,2,0.5\n")
    assert list(values(read_facts([path], KNOWN, term=THIRD)).values()) == [20_000 * WAN, Fraction(1, 2)]


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("2023Q3", THIRD),
        ("2023年三季度", THIRD),
        ("2023年第三季度", THIRD),
        ("三季度", THIRD),
        ("2023年9月", Term("month", 2023, 9)),
        ("十二月", Term("month", 2023, 12)),
        ("2022-09", Term("month", 2022, 9)),
        ("2022年上半年", Term("half", 2022, 1)),
        ("2022H2", Term("half", 2022, 2)),
        ("2022年", Term("year", 2022, 1)),
        (2022.0, Term("year", 2022, 1)),
        (2023.1, None),
        ("13月", None),
        ("2023年1-9月", None),
        ("Sheet1", None),
    ],
)
def test_a_term_is_read_as_offices_write_it(written: str | float, term: Term | None) -> None:
    assert term_of(written, Term("quarter", 2023, 1)) == term


def test_a_year_and_a_month_in_two_columns_are_one_term(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "县区,月份,年份,开工个数\n甲县,9,2022,7\n")
    assert list(values(read_facts([path], KNOWN, term=THIRD))) == [("甲县", "2022-09", "started")]


def test_a_second_table_below_the_first_is_read_by_its_own_header(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "县区,开工个数\n甲县,7\n,\n县区,开工率\n甲县,50\n")
    reading = read_facts([path], KNOWN, term=THIRD)
    assert {row.fact: row.value for row in reading.rows} == {"started": 7, "start_rate": 50}


def test_the_thing_of_a_project_fact_is_the_code_and_not_the_county(tmp_path: Path) -> None:
    known = _known(KnownFact("quality", "质量得分", "number", "project"))
    path = csv_file(tmp_path, "县区,项目名称,项目代码,质量得分\n甲县,大桥,2023-130200-48-01-000001,9\n")
    (row,) = read_facts([path], known, term=THIRD).rows
    assert row.entity == "2023-130200-48-01-000001"


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_any_decimal_written_as_text_comes_back_exactly(tmp_path: Path, numbers: list[Decimal]) -> None:
    lines = [f"县{i},增量,{n:f}\n县{i},到位比例,{n:f}%" for i, n in enumerate(numbers)]
    path = csv_file(tmp_path, "对象,事实,数值\n" + "\n".join(lines))
    reading = read_facts([path], KNOWN, term=THIRD)
    assert [row.value for row in reading.rows] == [
        value for n in numbers for value in (Fraction(n), Fraction(n) / 100)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_any_decimal_in_a_workbook_comes_back_exactly(tmp_path: Path, numbers: list[Decimal]) -> None:
    rows: list[Sequence[object]] = [["县区", "完成投资", "增量"]]
    rows += [[f"县{i}", float(n), float(n)] for i, n in enumerate(numbers)]
    reading = read_facts([xlsx(tmp_path / "a.xlsx", {"一": rows})], KNOWN, term=THIRD)
    expected = [value for n in numbers for value in (Fraction(n) * WAN, Fraction(n))]
    assert [row.value for row in reading.rows] == expected


def test_the_examples_of_the_page_are_read_as_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "facts-file.md").read_text("utf-8")
    long, wide = re.findall(r"```csv\n(.*?)```", page, re.S)
    first = read_facts([csv_file(tmp_path, long)], KNOWN)
    assert first.findings == ()
    assert values(first) == {
        ("甲县", "2023Q3", "done"): Fraction(12_000 * WAN),
        ("甲县", "2023Q3", "start_rate"): Fraction(161, 2),
        ("乙县", "2023Q3", "visit"): Fraction(175, 2),
    }
    second = read_facts([csv_file(tmp_path, wide)], KNOWN)
    assert second.findings == ()
    assert values(second) == {
        ("甲县", "2023Q3", "done"): Fraction(12_000 * WAN),
        ("甲县", "2023Q3", "start_rate"): Fraction(161, 2),
        ("乙县", "2023Q3", "done"): Fraction(9_500 * WAN),
    }
    assert [row.checked for row in second.rows] == [Fraction(11_800 * WAN), None, None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"),
        ("a.csv", '对象,事实,数值\n"甲县,done,1\n'.encode()),
        ("a.xlsx", b"no workbook"),
        ("a.json", b"{}"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=re.escape(name)):
        read_facts([path], KNOWN, term=THIRD)


def test_a_missing_text_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"找不到文件.*facts\.csv"):
        read_facts([tmp_path / "facts.csv"], KNOWN)


def test_a_spot_check_in_another_unit_is_read_and_questioned(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "对象,期别,事实,数值,单位,核查值\n甲县,2023Q3,done,1.2,亿元,11800\n乙县,2023Q3,done,1.2,亿元,0.4\n",
    )
    reading = read_facts([path], KNOWN)
    (found,) = reading.findings
    assert (found.id, found.row, found.column) == ("checked_far_off", 2, "F")
    assert len(reading.rows) == 2
