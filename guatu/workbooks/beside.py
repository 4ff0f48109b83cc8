"""Tables that stand side by side in one sheet, parted: each becomes a sheet with the other left blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from guatu.workbooks.cells import plain
from guatu.workbooks.fields import Dictionary, Header
from guatu.workbooks.layout import Words, find_header
from guatu.workbooks.sheets import Sheet


def parts_of(sheet: Sheet, dictionary: Dictionary, words: Words) -> Iterator[Sheet]:
    """The sheet itself, or one sheet for each table of the same form beside the others; the places of
    the cells stay, and a row of one text above the header stays in each part."""
    place = find_header(sheet, 0, dictionary, words)
    starts = _starts(sheet, place[1], dictionary) if place else []
    if place is None or len(starts) < 2:
        yield sheet
        return
    bounds = [0, *starts[1:], max(len(row) for row in sheet.rows)]
    for first, after in pairwise(bounds):
        rows = []
        for index, row in enumerate(sheet.rows):
            filled = [column for column, value in enumerate(row) if value != ""]
            shared = index < place[0] and len(filled) <= 1
            rows.append(
                list(row)
                if shared
                else [value if first <= column < after else "" for column, value in enumerate(row)]
            )
        yield replace(sheet, rows=rows)


def _starts(sheet: Sheet, row: int, dictionary: Dictionary) -> list[int]:
    """The first column of each table where the header row says the same words over again, the code and
    the name among them; one column otherwise."""
    texts = [
        (column, plain(value))
        for column, value in enumerate(sheet.rows[row])
        if isinstance(value, str) and value
    ]
    if len(texts) < 6:
        return []
    first = texts[0][1]
    starts = [position for position, (_column, text) in enumerate(texts) if text == first]
    if len(starts) < 2:
        return []
    length = starts[1] - starts[0]
    blocks = [[text for _column, text in texts[p : p + length]] for p in starts]
    if any(block != blocks[0] for block in blocks) or length * len(starts) != len(texts):
        return []
    fields = {found.field for text in blocks[0] if (found := dictionary.match(Header.of([text])))}
    if not fields & {"name", "name_code"} or not fields & {"code", "own_number", "number", "name_code"}:
        return []
    return [texts[position][0] for position in starts]
