"""Making small workbooks of any layout for the tests of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

Rows = Sequence[Any]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 0."""


def code(number: int) -> str:
    """A well-formed national code, a different one for each number."""
    return f"2024-130200-48-01-{number:06d}"


def xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Mapping[str, Iterable[Merge]] | None = None,
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[str] = (),
    comments: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Path:
    """Write a workbook; hidden rows (from 0), columns, comments and error cells go to every sheet."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is None or value == "":
                    continue
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)  # type: ignore[arg-type,unused-ignore]
                else:
                    sheet.write(row, column, value)
        for first_row, first_column, last_row, last_column in (merges or {}).get(name, ()):
            value = rows[first_row][first_column]
            sheet.merge_range(first_row, first_column, last_row, last_column, value)
        for row in hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
        for letters in hidden_columns:
            sheet.set_column(f"{letters}:{letters}", None, None, {"hidden": True})
        for cell, text in (comments or {}).items():
            sheet.write_comment(cell, text)
        for cell, text in (errors or {}).items():
            sheet.write_formula(cell, "=1/0", None, text)
    book.close()
    return path


def xls(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Mapping[str, Iterable[Merge]] | None = None,
    hidden_rows: Iterable[int] = (),
) -> Path:
    """The same as an old .xls workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        areas = list((merges or {}).get(name, ()))
        covered = {(r, c) for a in areas for r in range(a[0], a[2] + 1) for c in range(a[1], a[3] + 1)}
        for first_row, first_column, last_row, last_column in areas:
            sheet.write_merge(first_row, last_row, first_column, last_column, rows[first_row][first_column])
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is None or value == "" or (row, column) in covered:
                    continue
                if isinstance(value, date):
                    sheet.write(row, column, value, day)
                else:
                    sheet.write(row, column, value)
        for row in hidden_rows:
            sheet.row(row).hidden = True
    book.save(str(path))
    return path


def ods(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merges: Mapping[str, Iterable[Merge]] | None = None,
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    comments: Mapping[tuple[int, int], str] | None = None,
) -> Path:
    """The same as an OpenDocument spreadsheet."""
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        areas = {(a[0], a[1]): a for a in (merges or {}).get(name, ())}
        covered = {
            (r, c)
            for a in areas.values()
            for r in range(a[0], a[2] + 1)
            for c in range(a[1], a[3] + 1)
            if (r, c) != (a[0], a[1])
        }
        width = max(len(row) for row in rows)
        for column in range(width):
            hidden = {"visibility": "collapse"} if column in set(hidden_columns) else {}
            table.addElement(TableColumn(**hidden))
        for row, values in enumerate(rows):
            line = TableRow(**({"visibility": "collapse"} if row in set(hidden_rows) else {}))
            for column in range(width):
                value = values[column] if column < len(values) else ""
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                span: dict[str, Any] = {}
                if area := areas.get((row, column)):
                    span = {
                        "numberrowsspanned": area[2] - area[0] + 1,
                        "numbercolumnsspanned": area[3] - area[1] + 1,
                    }
                if value is None or value == "":
                    cell = TableCell(**span)
                elif isinstance(value, int | float):
                    cell = TableCell(valuetype="float", value=value, **span)
                elif isinstance(value, date):
                    cell = TableCell(valuetype="date", datevalue=value.isoformat(), **span)
                else:
                    cell = TableCell(valuetype="string", **span)
                if comments and (row, column) in comments:
                    note = Annotation()
                    note.addElement(P(text=comments[row, column]))
                    cell.addElement(note)
                if isinstance(value, str) and value:
                    cell.addElement(P(text=value))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))
    return path
