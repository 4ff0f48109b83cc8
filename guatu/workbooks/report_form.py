"""The form of a month as a workbook to fill in without the site, and the same file back with its faults marked.

`write_form` and `read_form` belong together: the head row names every column, and the reader is told what each of
them is, so that nothing is guessed. Money is in 万元.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from guatu.language import gettext as _
from guatu.reporting.form import FormField, ReportForm, Value
from guatu.reporting.typed import Untyped, read_value
from guatu.values import Period, amount
from guatu.workbooks.sheets import WorkbookError

CODE: Final = "项目代码"
NAME: Final = "项目名称"
EDITION: Final = "版次"
YEAR_PLAN, MONTH_PLAN, PLAN_SO_FAR, LAST = "年度计划", "本月计划", "累计计划", "上月累计完成"
BESIDE: Final = (CODE, NAME, EDITION, YEAR_PLAN, MONTH_PLAN, PLAN_SO_FAR, LAST)
"""The columns that nobody types in. `版次` says which draft stood on the site when the file was made."""
HEAD_ROW: Final = 3
LARGEST_FILE: Final = 5_000_000
MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class FormRow:
    """One project in the workbook: what stands beside it in 分, the fields' values, the edition of its draft."""

    code: str
    name: str
    edition: int
    beside: Mapping[str, int | None]
    values: Mapping[str, Value | None]
    open: bool = True


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as filled in: where it stands, the texts of its cells and what was read of them."""

    row: int
    code: str
    edition: int
    values: Mapping[str, Value | None]
    faults: Mapping[str, str]
    columns: Mapping[str, str]

    @property
    def empty(self) -> bool:
        return not self.faults and all(value is None for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong with a cell: refused, or only suspicious."""

    row: int
    column: str
    words: str
    refused: bool


def write_form(
    period: Period, form: ReportForm, fields: Sequence[FormField], rows: Sequence[FormRow]
) -> bytes:
    """The workbook of a month: plan and last month beside, locked; the fields to fill in, choices as lists."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("{month}填报").format(month=period.label))
    locked = {"border": 1, "bg_color": "#ECEFF0", "valign": "top", "text_wrap": True}
    free = {"border": 1, "locked": False, "valign": "top", "text_wrap": True}
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#D9E2EC"}),
        "locked": book.add_format(locked),
        "locked_money": book.add_format({**locked, "num_format": "#,##0.######"}),
        "free": book.add_format(free),
        "money": book.add_format({**free, "num_format": "#,##0.######"}),
        "date": book.add_format({**free, "num_format": "yyyy-mm-dd", "align": "left"}),
    }
    sheet.write(0, 0, _("{month}重点项目月报").format(month=period.label), looks["title"])
    sheet.write(
        1,
        0,
        _("单位：万元。灰色的不要改；没有变化的可以不动。填好后在网上“填报”里交回，有问题的格子会标出来。"),
    )
    titles = [*BESIDE, *(one.name for one in fields)]
    for column, title in enumerate(titles):
        sheet.write(HEAD_ROW - 1, column, title, looks["head"])
    for place, row in enumerate(rows, HEAD_ROW):
        _write_row(sheet, place, row, fields, looks)
    last = HEAD_ROW + max(len(rows), 1) - 1
    for column, one in enumerate(fields, len(BESIDE)):
        _validate(sheet, HEAD_ROW, last, column, one)
        sheet.set_column(column, column, 36 if one.long else 16)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 6, None, {"hidden": True})
    sheet.set_column(3, len(BESIDE) - 1, 12)
    sheet.freeze_panes(HEAD_ROW, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return file.getvalue()


def _write_row(
    sheet: Any, place: int, row: FormRow, fields: Sequence[FormField], looks: Mapping[str, Any]
) -> None:
    sheet.write_string(place, 0, row.code, looks["locked"])
    sheet.write_string(place, 1, row.name, looks["locked"])
    sheet.write_number(place, 2, row.edition, looks["locked"])
    for column, key in enumerate(BESIDE[3:], 3):
        _write(sheet, place, column, row.beside.get(key), looks["locked_money"])
    for column, one in enumerate(fields, len(BESIDE)):
        look = looks["locked"] if not row.open else looks.get(one.kind, looks["free"])
        value = row.values.get(one.id)
        if one.kind == "money":
            _write(sheet, place, column, value if isinstance(value, int) else None, look)
        elif value is None:
            sheet.write_blank(place, column, None, look)
        elif isinstance(value, bool):
            sheet.write_string(place, column, _("是") if value else _("否"), look)
        elif isinstance(value, date):
            sheet.write_datetime(place, column, datetime(value.year, value.month, value.day), look)
        elif isinstance(value, int | Decimal):
            sheet.write_number(place, column, float(value), look)
        else:
            sheet.write_string(place, column, str(value), look)


def _write(sheet: Any, place: int, column: int, fen: int | None, look: Any) -> None:
    if fen is None:
        sheet.write_blank(place, column, None, look)
    elif abs(fen) < 10**15:
        sheet.write_number(place, column, float(amount(fen, "万元")), look)
    else:
        # More digits than a spreadsheet's number holds: as text it stays exact.
        sheet.write_string(place, column, f"{amount(fen, '万元'):f}", look)


def _validate(sheet: Any, first: int, last: int, column: int, one: FormField) -> None:
    choices = [_("是"), _("否")] if one.kind == "flag" else list(one.choices)
    if choices and sum(map(len, choices)) + len(choices) < 250:
        sheet.data_validation(
            first, column, last, column,
            {"validate": "list", "source": choices, "error_message": _("请从列表里选。")},
        )  # fmt: skip
    elif one.help:
        sheet.data_validation(
            first, column, last, column,
            {"validate": "any", "input_title": one.name[:32], "input_message": one.help[:255]},
        )  # fmt: skip


def read_form(path: Path, fields: Sequence[FormField]) -> list[ReadRow]:
    """The rows of a workbook that `write_form` made. Raises WorkbookError for a file that is none of them.

    Numbers are read as the sheet shows them (15 digits), a formula by the value it was last worked out to.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise WorkbookError(_("文件超过 5 MB，不像是这里下载的填报表。请下载本月的表再填。"))
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        raise WorkbookError(_("打不开这个文件，应为这里下载的 .xlsx 填报表。请下载本月的表再填。")) from error
    sheet = book.worksheets[0]
    head = [str(cell.value or "").strip() for cell in sheet[HEAD_ROW]] if sheet.max_row >= HEAD_ROW else []
    lacking = [title for title in (CODE, EDITION, *(one.name for one in fields)) if title not in head]
    if lacking:
        raise WorkbookError(
            _("工作表“{sheet}”第 {row} 行缺少列：{columns}。请下载本月的表，把数字贴过去。").format(
                sheet=sheet.title, row=HEAD_ROW, columns="、".join(lacking)
            )
        )
    if sheet.max_row > MOST_ROWS:
        raise WorkbookError(_("表里有 {rows} 行，太多了。").format(rows=sheet.max_row))
    found = []
    for cells in sheet.iter_rows(min_row=HEAD_ROW + 1):
        code = _text(cells[head.index(CODE)].value)
        if code:
            found.append(_read_row(cells, head, code, fields))
    return found


def _read_row(cells: Sequence[Any], head: Sequence[str], code: str, fields: Sequence[FormField]) -> ReadRow:
    values: dict[str, Value | None] = {}
    faults: dict[str, str] = {}
    columns = {CODE: cells[head.index(CODE)].column_letter}
    for one in fields:
        cell = cells[head.index(one.name)]
        columns[one.id] = cell.column_letter
        try:
            values[one.id] = read_value(one, _text(cell.value))
        except Untyped as error:
            faults[one.id] = str(error)
    edition = _text(cells[head.index(EDITION)].value)
    return ReadRow(cells[0].row, code, int(edition) if edition.isdigit() else 0, values, faults, columns)


def _text(value: Any) -> str:
    """A cell as the sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    return str(value).strip()


def marked(path: Path, marks: Sequence[Mark]) -> bytes:
    """The same workbook with every refused cell red, every suspicious one yellow, and what is wrong as a comment."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    colours = {
        True: PatternFill("solid", fgColor="FFF3C6C2"),
        False: PatternFill("solid", fgColor="FFFDF0C4"),
    }
    by_cell: dict[str, list[Mark]] = {}
    for mark in marks:
        by_cell.setdefault(f"{mark.column}{mark.row}", []).append(mark)
    for place, several in by_cell.items():
        cell = sheet[place]
        cell.fill = colours[any(mark.refused for mark in several)]
        cell.comment = Comment("\n".join(mark.words for mark in several), _("挂图"))
        cell.comment.width, cell.comment.height = 320, 120
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
