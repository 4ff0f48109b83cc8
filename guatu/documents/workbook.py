"""The month as an Excel workbook: overview, rankings, lights, missing reports, questioned cells.

Values only, no formulas: what is printed is what was judged. Money is in 万元 or 亿元 as the column
says; a cell without a figure holds "–".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guatu.documents import sheets
from guatu.documents.figures import (
    LIGHT_COLOURS,
    LIGHT_SHAPES,
    NONE,
    day_text,
    ems,
)
from guatu.documents.month import JudgedMonth
from guatu.documents.sheets import Kind, Sheet
from guatu.documents.wording import gettext as _

NARROWEST, WIDEST, WIDEST_LONG = 6.0, 30.0, 48.0
FONT = "宋体"
NUMBERS: Final = {
    "whole": "0",
    "wan": "[>=10000]#,##0;[<0]−#,##0;0",
    "yi": "[>=10000]#,##0.0;[<0]−#,##0.0;0.0",
    "percent": "0.0;−0.0",
    "points": "+0.0;−0.0;0.0",
}
"""The number format of each kind: separators from five digits, − and not a hyphen."""


def write_workbook(month: JudgedMonth, target: str | Path | IO[bytes]) -> None:
    """Write the month's workbook to a path or a binary stream."""
    book = xlsxwriter.Workbook(target if hasattr(target, "write") else str(target), {"in_memory": True})
    book.set_properties({
        "title": _("{month}项目推进情况").format(month=month.period.label),
        "author": month.papers.agency,
        "comments": _("方案 {id}，摘要 {digest}；数据摘要 {facts}").format(
            id=month.head["scheme"]["id"], digest=month.head["scheme"]["digest"], facts=month.head["facts_digest"]
        ),
    })  # fmt: skip
    formats = Formats(book)
    put(
        book,
        formats,
        month,
        _("概况"),
        [sheets.totals(month), sheets.cuts(month), sheets.months(month), sheets.quarters(month)],
    )
    for ranking_id in month.ranking_ids():
        rows = month.ranking(ranking_id)
        put(
            book,
            formats,
            month,
            _sheet_name(book, str(rows[0]["ranking_name"])),
            [sheets.ranking(ranking_id, rows)],
        )
    put(book, formats, month, _("灯"), [sheets.lights(month)])
    put(book, formats, month, _("未报迟报"), [sheets.silent(month), sheets.late(month), sheets.missed(month)])
    put(book, formats, month, _("待核数字"), [sheets.findings(month)])
    book.close()


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def _get(self, **options: Any) -> Format:
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 11, "valign": "vcenter"} | options
            )
        return self._made[key]

    def title(self) -> Format:
        return self._get(font_size=16, bold=True)

    def note(self) -> Format:
        return self._get(font_size=10, font_color="#4C5A66")

    def part(self) -> Format:
        return self._get(font_size=12, bold=True)

    def head(self) -> Format:
        return self._get(
            bold=True, align="center", text_wrap=True, border=1, border_color="#8A949C", bg_color="#EEF1F2"
        )

    def cell(self, kind: Kind, value: Any, places: int) -> Format:
        line: dict[str, Any] = {"border": 1, "border_color": "#C9D0D4"}
        if kind == "light":
            level = next((name for name, shape in LIGHT_SHAPES.items() if str(value).startswith(shape)), None)
            colour = LIGHT_COLOURS.get(level or "")
            return self._get(**line, align="center", **({"font_color": f"#{colour}"} if colour else {}))
        if kind in ("text", "long"):
            return self._get(**line, align="left", text_wrap=True)
        if kind == "center":
            return self._get(**line, align="center")
        digits = "0." + "0" * places
        number = NUMBERS.get(kind) or f"{digits};−{digits}"
        return self._get(**line, align="right", num_format=number)


def put(
    book: xlsxwriter.Workbook, formats: Formats, month: JudgedMonth, name: str, tables: Sequence[Sheet]
) -> None:
    """Write tables below each other on a sheet: header frozen, landscape A4, one page wide."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer(_("&L{place}&C第 &P 页，共 &N 页&R截至{day}").format(
        place=month.papers.jurisdiction, day=day_text(month.head["as_of"])))  # fmt: skip
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{month.papers.jurisdiction}{month.period.label}{name}", formats.title())
    sheet.set_row(0, 28)
    sheet.write_string(1, 0, _("截至{day}，按方案“{scheme}”计算").format(
        day=day_text(month.head["as_of"]), scheme=month.head["scheme"]["name"]), formats.note())  # fmt: skip
    row = 2
    for table in tables:
        if len(tables) > 1:
            sheet.write_string(row, 0, table.title, formats.part())
            sheet.set_row(row, 24)
            row += 1
        head = row
        row = _table(sheet, formats, table, row) + 1
        if len(tables) == 1:
            sheet.freeze_panes(head + 1, 0)
            sheet.repeat_rows(head)
            if table.rows:
                sheet.autofilter(head, 0, head + len(table.rows), len(table.columns) - 1)
    if len(tables) > 1:
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(0, 1)
    _widths(sheet, tables)


def _table(sheet: Worksheet, formats: Formats, table: Sheet, row: int) -> int:
    """Write one table from `row` on; gives the row after it."""
    for column, (header, _kind) in enumerate(table.columns):
        sheet.write_string(row, column, header, formats.head())
    sheet.set_row(row, 34)
    for values in table.rows or [[NONE] * len(table.columns)]:
        row += 1
        for column, ((_header, kind), value) in enumerate(zip(table.columns, values, strict=True)):
            _write(sheet, row, column, value, formats.cell(kind, value, table.places), kind)
    return row + 1


def _write(sheet: Worksheet, row: int, column: int, value: Any, format_: Format, kind: Kind) -> None:
    if value is None:
        sheet.write_string(row, column, NONE, format_)
    elif kind in ("text", "long", "light", "center") and not isinstance(value, int):
        sheet.write_string(row, column, str(value), format_)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value), format_)
    else:
        sheet.write_string(row, column, str(value), format_)


def _widths(sheet: Worksheet, tables: Sequence[Sheet]) -> None:
    for column in range(max(len(table.columns) for table in tables)):
        widths = [NARROWEST]
        for table in tables:
            if column < len(table.columns):
                header, kind = table.columns[column]
                limit = WIDEST_LONG if kind == "long" else WIDEST
                texts = [_shown(values[column], kind, table.places) for values in table.rows]
                longest = max([ems(line) for line in (*header.split("\n"), *texts)], default=0)
                widths.append(min(longest * 2 + 2.5, limit))
        sheet.set_column(column, column, max(widths))


def _shown(value: Any, kind: Kind, places: int) -> str:
    """About what a cell shows, for its width."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        digits = {"wan": 0, "whole": 0, "center": 0, "yi": 1, "percent": 1, "points": 1}.get(kind, places)
        return f"{value:+,.{digits}f}"
    return NONE if value is None else str(value)


def _sheet_name(book: xlsxwriter.Workbook, name: str) -> str:
    """A name that Excel takes: no :*?/\\[], at most 31 letters, not used yet."""
    plain = re.sub(r"[:*?/\\\[\]]", "", name)[:28] or _("排名")
    taken = {sheet.get_name() for sheet in book.worksheets()}
    return next(each for each in (plain, *(f"{plain}{n}" for n in range(2, 99))) if each not in taken)
