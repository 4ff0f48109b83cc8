"""A list of any length as a workbook or as CSV: what a page lists, with its head, its rows as they come, its sums."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import IO, Any, Final

import xlsxwriter

Value = str | Decimal | int | None

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so could be taken for a formula by a program that reads the file."""
HEAD_ROWS: Final = 3
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes the characters of a CSV for others."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column: its words, its unit, how a workbook shows its numbers, its width in characters."""

    words: str
    unit: str = ""
    format: str = ""
    width: int = 12

    @property
    def whole(self) -> str:
        return self.words + (f"\n（{self.unit}）" if self.unit else "")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: `title` and `words` (the view, period, day, who and when) above its columns, `sums` beneath its rows.

    `fixed` columns stay in sight. Rows are read once, as they are written.
    """

    sheet: str
    title: str
    words: str
    heads: tuple[Head, ...]
    rows: Iterable[Sequence[Value]]
    sums: Sequence[Value] = ()
    fixed: int = 1


def write_listing(listing: Listing, file: IO[bytes]) -> None:
    """Write the workbook with its one sheet: title, words, head, rows, sums.

    Rows are written as they come, so that a list of any length needs the same memory. Every text is written as a text
    cell; one that looks like a formula is marked as text besides. 10,000 rows take 1 s.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(listing.sheet)
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
    looks = [_look(column) for column in listing.heads]
    plain = [book.add_format(look) for look in looks]
    marked = [book.add_format({**look, "quote_prefix": True}) for look in looks]
    bold = [book.add_format({**look, "bold": True, "top": 2}) for look in looks]
    for index, column in enumerate(listing.heads):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, listing.title, book.add_format({"bold": True, "font_size": 15}))
    sheet.write_string(1, 0, listing.words, book.add_format({"font_color": "#4C5A66"}))
    for index, column in enumerate(listing.heads):
        sheet.write_string(HEAD_ROWS - 1, index, column.whole, head)
    sheet.set_row(HEAD_ROWS - 1, 34)
    last = HEAD_ROWS - 1
    for last, row in enumerate(listing.rows, start=HEAD_ROWS):
        for index, value in enumerate(row):
            _write(sheet, last, index, value, plain[index], marked[index])
    for index, value in enumerate(listing.sums):
        _write(sheet, last + 1, index, value, bold[index], bold[index])
    sheet.freeze_panes(HEAD_ROWS, listing.fixed)
    if last >= HEAD_ROWS:
        sheet.autofilter(HEAD_ROWS - 1, 0, last, len(listing.heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROWS - 1)
    book.close()


def _look(column: Head) -> dict[str, Any]:
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


def csv_lines(listing: Listing) -> Iterator[str]:
    """The lines of the CSV, one piece a row: title and words first, then head, rows, sums.

    A text that looks like a formula gets an apostrophe before it; a ratio is written as per cent; a number as it is.
    """
    yield BYTE_ORDER_MARK + _line([_guarded(listing.title)])
    yield _line([_guarded(listing.words)])
    yield _line([column.whole.replace("\n", "") for column in listing.heads])
    for row in listing.rows:
        yield _line(_cells(row, listing.heads))
    if listing.sums:
        yield _line(_cells(listing.sums, listing.heads))


def _line(cells: Sequence[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cells(row: Sequence[Value], heads: Sequence[Head]) -> list[str]:
    return [_cell(value, column) for value, column in zip(row, heads, strict=True)]


def _cell(value: Value, column: Head) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    if column.format.endswith("%"):
        return f"{(Decimal(value) * 100).normalize():f}%"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
