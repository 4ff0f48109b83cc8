"""The ledger as a workbook: what is seen, with all its pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from guatu.server.portfolio.columns import CODE, Column, Line, Value
from guatu.server.portfolio.ledger_queries import Row, Sums

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so could be taken for a formula by a program that reads the workbook."""

NOT_EXPORTED: Final = frozenset({"bar"})
HEAD_ROWS: Final = 3


def workbook(
    lines: Iterable[Line], columns: tuple[Column, ...], sums: Sums, *, title: str, words: str
) -> IO[bytes]:
    """The open file of a workbook with one sheet: title, filter in words, head, rows, sums.

    Rows are written as they come, so that a ledger of any length needs the same memory. Every text is
    written as a text cell; one that looks like a formula is marked as text besides. 10,000 rows take 1 s.
    """
    shown = _exported(columns)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (whoever sends it closes it)
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(_("项目台账"))
    head = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "bottom": 2,
            "bg_color": "#F3F4F1",
        }
    )
    formats = {column.key: book.add_format(_look(column)) for column in shown}
    marked = {column.key: book.add_format({**_look(column), "quote_prefix": True}) for column in shown}
    bold = {column.key: book.add_format({**_look(column), "bold": True, "top": 2}) for column in shown}
    for index, column in enumerate(shown):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 15}))
    sheet.write_string(1, 0, words, book.add_format({"font_color": "#4C5A66"}))
    for index, column in enumerate(shown):
        unit = f"\n（{_(column.unit)}）" if column.unit else ""
        sheet.write_string(HEAD_ROWS - 1, index, _(column.words) + unit, head)
    sheet.set_row(HEAD_ROWS - 1, 34)
    last = HEAD_ROWS - 1
    for last, line in enumerate(lines, start=HEAD_ROWS):
        for index, column in enumerate(shown):
            _write(sheet, last, index, column.value(line), formats[column.key], marked[column.key])
    for index, column in enumerate(shown):
        value: Value = column.sums_value(sums) if column.sums_value else None
        if column.key == "name":
            value = _("合计 %d 个") % sums.projects
        _write(sheet, last + 1, index, value, bold[column.key], bold[column.key])
    sheet.freeze_panes(HEAD_ROWS, 1 + [column.key for column in shown].index("name"))
    if last >= HEAD_ROWS:
        sheet.autofilter(HEAD_ROWS - 1, 0, last, len(shown) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROWS - 1)
    book.close()
    file.seek(0)
    return file


def lines_of(rows: Iterable[Row], scheme: Any) -> Iterable[Line]:
    """Rows as the columns read them, numbered from 1."""
    return (Line(row, number, "", scheme) for number, row in enumerate(rows, start=1))


def _exported(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of the page, the drawn ones left out, the code beside the name."""
    shown: list[Column] = []
    for column in columns:
        if column.key in NOT_EXPORTED:
            continue
        shown.append(column)
        if column.key == "name":
            shown.append(CODE)
    return tuple(shown)


def _look(column: Column) -> dict[str, Any]:
    look: dict[str, Any] = {"valign": "vcenter"}
    if column.format:
        look["num_format"] = column.format
    return look


def _write(sheet: Any, row: int, index: int, value: Value, plain: Any, as_text: Any) -> None:
    if value is None:
        sheet.write_blank(row, index, None, plain)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, index, value, plain)
    else:
        text = as_text if value.startswith(FORMULA_SIGNS) else plain
        sheet.write_string(row, index, value[:32_767], text)
