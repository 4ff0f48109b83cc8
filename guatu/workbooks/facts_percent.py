"""Which cells of a workbook are shown as per cent: 80.5% typed into a cell is kept there as 0.805.

A light scan of the file itself, since the values alone do not tell 0.805% from 80.5%. Rows and columns
count from 0.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

import defusedxml.ElementTree as ElementTree
import xlrd

Places = dict[str, set[tuple[int, int]]]
"""The cells shown as per cent, by the name of the sheet."""

_BUILT_IN: Final = frozenset({9, 10})
"""The ids of 0% and 0.00% in .xlsx and .xls."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_PLACE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_STYLE = re.compile(rb"\bs=\"(\d+)\"")
_QUOTED = re.compile(r"\"[^\"]*\"|\\.")
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def percent_cells(path: Path) -> Places:
    """The cells of every sheet that are shown as per cent. The file is one that opened as a workbook."""
    if not zipfile.is_zipfile(path):
        return _in_xls(path)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return _in_ods(archive)
        if "xl/styles.xml" in names and "xl/workbook.xml" in names:
            return _in_xlsx(archive, names)
    return {}


def _shows_percent(pattern: str) -> bool:
    return "%" in _QUOTED.sub("", pattern)


def _in_xlsx(archive: zipfile.ZipFile, names: set[str]) -> Places:
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = set(_BUILT_IN)
    for element in styles.iter():
        if element.tag.endswith("}numFmt") and _shows_percent(element.get("formatCode", "")):
            formats.add(int(element.get("numFmtId", "0")))
    lists = [element for element in styles if element.tag.endswith("}cellXfs")]
    shown = {
        str(index).encode()
        for element in lists
        for index, style in enumerate(element)
        if int(style.get("numFmtId", "0")) in formats
    }
    if not shown:
        return {}
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    places: Places = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not element.tag.endswith("}sheet"):
            continue
        target = targets.get(element.get(_RELATION, ""), "")
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        if part in names:
            places[element.get("name", "")] = _styled(archive.read(part), shown)
    return places


def _styled(text: bytes, shown: set[bytes]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for cell in _CELL.finditer(text):
        style, place = _STYLE.search(cell[1]), _PLACE.search(cell[1])
        if style and place and style[1] in shown:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            found.add((int(place[2]) - 1, column - 1))
    return found


def _in_xls(path: Path) -> Places:
    book = xlrd.open_workbook(str(path), formatting_info=True)
    shown = {
        index
        for index, style in enumerate(book.xf_list)
        if style.format_key in _BUILT_IN or _shows_percent(book.format_map[style.format_key].format_str)
    }
    return (
        {
            sheet.name: {
                (row, column)
                for row in range(sheet.nrows)
                for column in range(sheet.row_len(row))
                if sheet.cell_xf_index(row, column) in shown
            }
            for sheet in book.sheets()
        }
        if shown
        else {}
    )


def _in_ods(archive: zipfile.ZipFile) -> Places:
    places: Places = {}
    with archive.open("content.xml") as content:
        for _event, table in ElementTree.iterparse(content, events=("end",)):
            if table.tag != _TABLE + "table":
                continue
            found = places.setdefault(table.get(_TABLE + "name", ""), set())
            row = 0
            for line in table.iter(_TABLE + "table-row"):
                down = int(line.get(_TABLE + "number-rows-repeated", "1"))
                column = 0
                for cell in line:
                    if not cell.tag.endswith("table-cell"):
                        continue
                    across = int(cell.get(_TABLE + "number-columns-repeated", "1"))
                    if cell.get(_OFFICE + "value-type") == "percentage":
                        found.update((row + r, column + c) for r in range(down) for c in range(across))
                    column += across
                row += down
            table.clear()
    return places
