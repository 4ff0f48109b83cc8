"""The bulletin opened again: the page of GB/T 9704, fonts, tables, order."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table as DocxTable

from guatu.documents.bulletin import compose_bulletin
from guatu.documents.docx import write_docx
from guatu.documents.month import JudgedMonth
from guatu.documents.page_layout import TYPE_WIDTH
from guatu.documents.paper import Column, Table
from guatu.documents.tables import column_widths
from tests.documents.cast import COUNTIES, light, month, place, silent, summary


def opened(of: JudgedMonth, **signing: Any) -> DocxDocument:
    """The bulletin, written and read again."""
    stream = io.BytesIO()
    write_docx(compose_bulletin(of, **signing), stream)
    stream.seek(0)
    return Document(stream)


def texts(paper: DocxDocument) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs]


def grid_widths(table: DocxTable) -> list[int]:
    """The widths of the columns in twips."""
    return [round(column.w / 635) for column in table._tbl.tblGrid.gridCol_lst if column.w is not None]


@pytest.fixture(scope="module")
def paper() -> DocxDocument:
    return opened(month())


def test_the_page_is_a4_with_the_type_area_of_the_standard(paper: DocxDocument) -> None:
    section = paper.sections[0]

    def mm(length: Any) -> float:
        return round(float(length.mm), 1)

    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    assert (mm(section.top_margin), mm(section.left_margin)) == (37, 28)
    width = mm(section.page_width) - mm(section.left_margin) - mm(section.right_margin)
    height = mm(section.page_height) - mm(section.top_margin) - mm(section.bottom_margin)
    assert (round(width), round(height)) == (156, 225)


def test_the_grid_holds_22_lines_of_28_characters(paper: DocxDocument) -> None:
    grid = paper.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch")))
    letter = 16 * 20 + int(grid.get(qn("w:charSpace"))) / 4096 * 20
    assert 12756 // pitch == 22
    assert int(8844.5 // letter) == 28
    body = paper.styles["公文正文"]
    assert body.paragraph_format.line_spacing == Pt(pitch / 20)
    assert body.element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("发文机关标志", "方正小标宋简体", 22),
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("表格文字", "仿宋_GB2312", 12),
        ("页码", "宋体", 14),
    ],
)
def test_styles_carry_the_official_fonts_and_sizes(
    paper: DocxDocument, style: str, font: str, size: int
) -> None:
    found = paper.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size == Pt(size)


def test_mark_and_rule_are_red_and_the_number_stands_between(paper: DocxDocument) -> None:
    mark, number = paper.paragraphs[:2]
    assert mark.text == "澜江市重点建设项目领导小组办公室文件"
    assert mark.style is not None and str(mark.style.font.color.rgb) == "D71918"
    assert number.text.startswith("澜重建办通报〔2023〕")
    rule = number._p.get_or_add_pPr().find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "D71918"


def test_headers_repeat_and_rows_do_not_split(paper: DocxDocument) -> None:
    tables = paper.tables[:-1]
    assert len(tables) == 5
    for table in tables:
        first, *rest = [row._tr.trPr for row in table.rows]
        assert first.find(qn("w:tblHeader")) is not None
        assert all(each.find(qn("w:tblHeader")) is None for each in rest)
        assert all(each.find(qn("w:cantSplit")) is not None for each in (first, *rest))


def test_tables_fit_the_type_area_exactly(paper: DocxDocument) -> None:
    for table in paper.tables[:-1]:
        assert sum(grid_widths(table)) == TYPE_WIDTH


def test_numbers_are_right_aligned_and_names_left(paper: DocxDocument) -> None:
    row = paper.tables[0].rows[1].cells
    assert [str(cell.paragraphs[0].alignment).split(" ")[0] for cell in row] == [
        "CENTER", "CENTER", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT", "CENTER",
    ]  # fmt: skip


def test_every_county_stands_in_the_table_in_rank_order(paper: DocxDocument) -> None:
    names = [row.cells[2].text for row in paper.tables[0].rows[1:]]
    assert names == sorted(
        (c[0] for c in COUNTIES), key=[r["entity"] for r in month().ranking("county")].index
    )


def test_lights_have_shape_word_and_colour(paper: DocxDocument) -> None:
    last = paper.tables[0].rows[-1].cells[-1]
    assert last.text == "▲ 黄"
    assert str(last.paragraphs[0].runs[0].font.color.rgb) == "8F5F00"


def test_page_numbers_stand_outside_on_odd_and_even_pages(paper: DocxDocument) -> None:
    section = paper.sections[0]
    assert paper.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert str(odd.alignment).startswith("RIGHT") and str(even.alignment).startswith("LEFT")
    assert odd.text.startswith("— ") and odd.text.endswith(" —")
    assert "PAGE" in odd._p.xml


def test_attachments_start_a_page_and_the_imprint_closes_the_paper(paper: DocxDocument) -> None:
    attachment = next(p for p in paper.paragraphs if p.text == "附件")
    assert attachment.paragraph_format.page_break_before
    foot = paper.tables[-1].rows[0].cells[0].text
    assert "抄送：市委、市人大常委会、市政府、市政协办公室。" in foot
    assert "2023年10月13日印发" in foot


def test_the_draft_note_goes_when_somebody_signs() -> None:
    assert "（征求意见稿，未经签发）" in texts(opened(month()))
    signed = opened(month(), signed_by="王某", number="9")
    assert "（征求意见稿，未经签发）" not in texts(signed)
    assert "澜重建办通报〔2023〕9号" in texts(signed)


def test_the_file_names_the_agency_and_not_the_machine(paper: DocxDocument) -> None:
    properties = paper.core_properties
    assert properties.author == "澜江市重点建设项目领导小组办公室"
    assert "2023年9月" in properties.title
    assert properties.created is not None and properties.created.year == 2023


@pytest.mark.parametrize("count", [0, 1, 300])
def test_none_one_and_300_red_projects_lay_out(count: int) -> None:
    red = [light(n, "red", 80 - n * 0.1, COUNTIES[n % 12][0], project=f"P{n:03d}") for n in range(count)]
    calm = summary() | {"silent": [], "late": [], "missed_starts": []}
    paper = opened(month(lights=red, findings=[], summary=calm))
    assert any("批评" in text for text in texts(paper)) == bool(count)
    rows = [
        row
        for table in paper.tables
        for row in table.rows
        if row.cells[-1 if len(row.cells) < 4 else 3].text == "■ 红"
    ]
    assert len(rows) == count


def test_a_county_name_of_twelve_characters_keeps_the_table_on_the_page() -> None:
    long = "澜沧江上游生态经济示范新区"[:12]
    rows = [place("county", long, 12_345_678, 10_000_000, 11_234_567, 1, 2)]
    table = opened(month(rankings=rows)).tables[0]
    widths = grid_widths(table)
    assert sum(widths) == TYPE_WIDTH and min(widths) > 400
    assert table.rows[1].cells[2].text == long


def test_fixed_columns_keep_their_figures_on_one_line_when_texts_are_long() -> None:
    columns = (
        Column("序号", "center"),
        Column("项目", wraps=True),
        Column("疑点", wraps=True),
        Column("数", "right"),
    )
    table = Table("", columns, (("1", "很长的名字" * 12, "很长的说明" * 40, "1,234,567.89"),))
    size, widths = column_widths(table)
    assert sum(widths) == TYPE_WIDTH
    assert widths[3] >= len("1,234,567.89") / 2 * size * 20
    assert widths[1] > 4 * size * 20 and widths[2] > widths[1]


def test_a_silent_project_without_unit_or_county_still_prints() -> None:
    bare = silent(1, "北山县") | {
        "county": None,
        "responsible_unit": None,
        "lead_department": None,
        "times": None,
    }
    paper = opened(month(summary=summary() | {"silent": [bare]}))
    cells = [cell.text for cell in paper.tables[-2].rows[1].cells]
    assert cells == ["1", "北山县污水处理厂扩容工程", "–", "–", "10月5日", "5", "–"]
