"""What stands in a workbook beside its values: hidden rows and columns, comments, cells in error.

A light scan, not a second reading of the values: regular expressions over the sheet's XML for .xlsx,
xlrd's formatting for .xls, one pass over content.xml for .ods. Rows and columns count from 0.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as ElementTree
import xlrd
from defusedxml.common import DefusedXmlException


class NotReadableError(Exception):
    """The file is damaged or of another kind than its name says."""


@dataclass(slots=True)
class Marks:
    """The marks of one sheet. `merged` is filled for .ods only, as inclusive ranges."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def marks_of(path: Path) -> dict[str, Marks]:
    """The marks of every sheet by its name as written. Raises NotReadableError for a damaged file."""
    with path.open("rb") as file:
        head = file.read(4)
    try:
        if head[:2] == b"PK":
            with zipfile.ZipFile(path) as archive:
                names = set(archive.namelist())
                if "content.xml" in names:
                    return _ods_marks(archive)
                if "xl/workbook.xml" in names:
                    return _xlsx_marks(archive)
                return {}
        return _xls_marks(path)
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, xlrd.XLRDError) as error:
        raise NotReadableError(str(error)) from error


# .xlsx ---------------------------------------------------------------------------------------------

_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]+)(\d+)\"[^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.S
)
_NUMBER = {name: re.compile(rb"\b" + name + rb"=\"(\d+)\"") for name in (b"r", b"min", b"max")}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _number(tag: bytes, name: bytes) -> int:
    match = _NUMBER[name].search(tag)
    return int(match[1]) if match else 0


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in ElementTree.fromstring(archive.read(path)):
        target = element.get("Target", "")
        full = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id", "")] = (element.get("Type", ""), full)
    return found


def _xlsx_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    relations = _relations(archive, "xl/workbook.xml")
    result: dict[str, Marks] = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not element.tag.endswith("}sheet"):
            continue
        part = relations.get(element.get(_RELATION, ""), ("", ""))[1]
        if part not in archive.namelist():
            continue
        text = archive.read(part)
        marks = Marks()
        marks.hidden_rows = {_number(tag, b"r") - 1 for tag in _ROW.findall(text)} - {-1}
        for tag in _COLUMN.findall(text):
            first, last = _number(tag, b"min"), _number(tag, b"max")
            marks.hidden_columns.update(range(first - 1, min(last, first + 500)))
        if b't="e"' in text:
            for letters, row, value in _ERROR.findall(text):
                marks.errors[int(row) - 1, _column_number(letters.decode())] = value.decode()
        for kind, target in _relations(archive, part).values():
            if kind.endswith("/comments") and target in archive.namelist():
                marks.comments.update(_xlsx_comments(archive.read(target)))
        result[element.get("name", "")] = marks
    return result


def _xlsx_comments(text: bytes) -> dict[tuple[int, int], str]:
    comments: dict[tuple[int, int], str] = {}
    for element in ElementTree.fromstring(text).iter():
        match = (
            re.fullmatch(r"([A-Z]+)(\d+)", element.get("ref", ""))
            if element.tag.endswith("}comment")
            else None
        )
        if match:
            said = "".join(part.text or "" for part in element.iter() if part.tag.endswith("}t"))
            comments[int(match[2]) - 1, _column_number(match[1])] = said.strip()
    return comments


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


# .xls ----------------------------------------------------------------------------------------------


def _xls_marks(path: Path) -> dict[str, Marks]:
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, on_demand=False)
    except (
        AssertionError,
        IndexError,
        UnicodeDecodeError,
        NotImplementedError,
        xlrd.compdoc.CompDocError,
    ) as error:
        raise NotReadableError(str(error)) from error
    result: dict[str, Marks] = {}
    for sheet in book.sheets():
        marks = Marks()
        marks.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        marks.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
        marks.comments = {place: note.text.strip() for place, note in sheet.cell_note_map.items()}
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    marks.errors[row, column] = xlrd.error_text_from_code.get(
                        sheet.cell_value(row, column), "#N/A"
                    )
        result[sheet.name] = marks
    return result


# .ods ----------------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_HIDDEN = ("collapse", "filter")


def _ods_marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    result: dict[str, Marks] = {}
    with archive.open("content.xml") as content:
        for _event, element in ElementTree.iterparse(content, events=("end",)):
            if element.tag == _TABLE + "table":
                result[element.get(_TABLE + "name", "")] = _ods_table(element)
                element.clear()
    return result


def _ods_table(table: Element) -> Marks:
    marks = Marks()
    column = 0
    for element in table.iter(_TABLE + "table-column"):
        count = int(element.get(_TABLE + "number-columns-repeated", "1"))
        if element.get(_TABLE + "visibility") in _HIDDEN:
            marks.hidden_columns.update(range(column, column + min(count, 500)))
        column += count
    row = 0
    for element in table.iter(_TABLE + "table-row"):
        count = int(element.get(_TABLE + "number-rows-repeated", "1"))
        if element.get(_TABLE + "visibility") in _HIDDEN:
            marks.hidden_rows.update(range(row, row + min(count, 2000)))
        column = 0
        for cell in element:
            if not cell.tag.endswith("table-cell"):
                continue
            width = int(cell.get(_TABLE + "number-columns-repeated", "1"))
            down = int(cell.get(_TABLE + "number-rows-spanned", "1"))
            across = int(cell.get(_TABLE + "number-columns-spanned", "1"))
            if down > 1 or across > 1:
                marks.merged.append((row, column, row + down - 1, column + across - 1))
            for note in cell.iter(_OFFICE + "annotation"):
                texts = [
                    part.text or ""
                    for part in note.iter()
                    if part.tag.endswith("}p") or part.tag.endswith("}span")
                ]
                marks.comments[row, column] = "".join(texts).strip()
            formula_text = "".join(part.text or "" for part in cell.iter() if part.tag.endswith("}p"))
            if re.fullmatch(r"#[A-Z/0!?]+|Err:\d+", formula_text.strip()) and cell.get(_TABLE + "formula"):
                marks.errors[row, column] = formula_text.strip()
            column += width
        row += count
    return marks
