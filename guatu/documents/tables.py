"""Tables on paper: columns that fit the type area, a header on every page, rows that stay whole."""

from __future__ import annotations

from typing import Any, Final

from docx.document import Document as DocxDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell

from guatu.documents.figures import LIGHT_COLOURS, LIGHT_SHAPES, ems, ems_spaced
from guatu.documents.page_layout import (
    SIZE_5,
    SIZE_SMALL_4,
    STYLE_CELL,
    STYLE_CELL_HEAD,
    TYPE_WIDTH,
    element,
    thin_line,
    twips,
)
from guatu.documents.paper import Column, Table

PADDING: Final = 70
"""Twips between the text of a cell and its rule, on each side."""
WHOLE_ROWS: Final = 5
"""A table of up to so many rows is not divided between two pages."""
LONELY_ROWS: Final = 2
LEAST_WRAPPED_EMS: Final = 4.0
"""A column that gives way keeps at least so many characters."""

_ALIGNS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_COLOUR_OF_SHAPE: Final = {LIGHT_SHAPES[level]: colour for level, colour in LIGHT_COLOURS.items()}


def column_widths(table: Table, total: int = TYPE_WIDTH) -> tuple[float, list[int]]:
    """The font size (pt) and the width of every column in twips; the widths add to `total`.

    小四 where every line fits, else 五号; then the columns that may wrap share what the others
    leave. Only a table whose fixed columns are wider than the page presses all of them together.
    """
    natural = [_natural(index, column, table) for index, column in enumerate(table.columns)]
    size = SIZE_SMALL_4 if _width(natural, SIZE_SMALL_4) <= total else SIZE_5
    widths = [ems_wide * size * 20 + 2 * PADDING for ems_wide in natural]
    wrapping = [index for index, column in enumerate(table.columns) if column.wraps]
    spare = total - sum(widths)
    if spare >= 0 or not wrapping:
        scale = total / sum(widths) if spare < 0 else 1
        widths = [width * scale for width in widths]
        spare = max(0.0, spare)
        widths = [width + spare / len(widths) for width in widths]
    else:
        room = total - sum(width for index, width in enumerate(widths) if index not in wrapping)
        widths = _share(widths, wrapping, room, _floors(table, size), total)
    rounded = [int(width) for width in widths]
    rounded[-1] += total - sum(rounded)
    return size, rounded


def _floors(table: Table, size: float) -> list[float]:
    """The least width of every column: its header on one line, up to seven characters."""
    return [
        min(max(LEAST_WRAPPED_EMS, *(ems(line) + 0.2 for line in column.header.split("\n"))), 7.2) * size * 20
        + 2 * PADDING
        for column in table.columns
    ]


def _share(
    widths: list[float], wrapping: list[int], room: float, floors: list[float], total: int
) -> list[float]:
    """Give the wrapping columns `room` twips: what is narrow stays, what is wide gives way.

    Wide ones share by the root of their wish, so that a very long text does not starve its neighbour.
    """
    if room < sum(floors[index] for index in wrapping):
        for index in wrapping:
            widths[index] = floors[index]
        scale = total / sum(widths)
        return [width * scale for width in widths]
    left, waiting = room, list(wrapping)
    while waiting:
        wish = {index: widths[index] ** 0.5 for index in waiting}
        share = {index: left * wish[index] / sum(wish.values()) for index in waiting}
        settled = next((index for index in waiting if widths[index] <= share[index]), None)
        pressed = next((index for index in waiting if share[index] < floors[index]), None)
        if settled is None and pressed is None:
            for index in waiting:
                widths[index] = share[index]
            break
        chosen = pressed if settled is None else settled
        assert chosen is not None
        widths[chosen] = max(floors[chosen], min(widths[chosen], share[chosen]))
        left -= widths[chosen]
        waiting.remove(chosen)
    spare = total - sum(widths)
    return [width + spare / len(widths) for width in widths]


def _natural(index: int, column: Column, table: Table) -> float:
    cells = [row[index] for row in table.rows]
    return (
        max([ems_spaced(line) for text in (column.header, *cells) for line in text.split("\n")], default=1.0)
        + 0.2
    )


def _width(natural: list[float], size: float) -> float:
    return sum(natural) * size * 20 + 2 * PADDING * len(natural)


def add_table(paper: DocxDocument, table: Table) -> None:
    """Put the table into the paper: fixed widths, header repeated on every page, no row split."""
    size, widths = column_widths(table)
    made = paper.add_table(rows=0, cols=len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _frame(made._tbl, widths)
    # looked up once: setting a style by name costs a walk through all styles for every cell
    head_style, cell_style = (str(paper.styles[name].style_id) for name in (STYLE_CELL_HEAD, STYLE_CELL))
    head = made.add_row()
    _row(head._tr, header=True)
    for cell, column in zip(head.cells, table.columns, strict=True):
        _fill(cell, column.header, "center", head_style, size)
    for row in table.rows:
        line = made.add_row()
        _row(line._tr, header=False)
        for cell, column, text in zip(line.cells, table.columns, row, strict=True):
            colour = _COLOUR_OF_SHAPE.get(text[:1]) if column.light else None
            _fill(cell, text, column.align, cell_style, size, colour)
    _keep_together(made)
    for tr in made._tbl.tr_lst:
        for tc, width in zip(tr.tc_lst, widths, strict=True):
            tc.width = twips(width)


def _keep_together(made: DocxTable) -> None:
    """No page ends or begins with a lonely row; a short table stays whole."""
    rows = list(made._tbl.tr_lst)
    short = len(rows) <= WHOLE_ROWS
    for index, tr in enumerate(rows[:-1]):
        if short or index < LONELY_ROWS or index >= len(rows) - LONELY_ROWS:
            for paragraph in tr.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def _frame(tbl: Any, widths: list[int]) -> None:
    properties = tbl.tblPr
    for old in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    layout = properties.find(qn("w:tblLayout"))
    borders = element("tblBorders")
    for side, weight in (
        ("top", 8),
        ("left", 8),
        ("bottom", 8),
        ("right", 8),
        ("insideH", 4),
        ("insideV", 4),
    ):
        borders.append(thin_line(side, weight))
    margins = element("tblCellMar")
    for side, gap in (("top", 15), ("left", PADDING), ("bottom", 25), ("right", PADDING)):
        margins.append(element(side, w=gap, type="dxa"))
    width = element("tblW", w=sum(widths), type="dxa")
    jc = properties.find(qn("w:jc"))
    for child in (width, jc, borders, layout, margins):
        if child is not None:
            properties.append(child)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.append(look)
    for column, each in zip(tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = twips(each)


def _row(tr: Any, *, header: bool) -> None:
    properties = tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("trHeight", val=500 if header else 420, hRule="atLeast"))
    if header:
        properties.append(element("tblHeader"))


def _fill(
    cell: _Cell,
    text: str,
    align: str,
    style: str,
    size: float,
    colour: str | None = None,
) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    paragraph.alignment = _ALIGNS[align]
    for index, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        if index:
            run._r.insert(0, element("br"))
        if size != SIZE_SMALL_4:
            run.font.size = Pt(size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
