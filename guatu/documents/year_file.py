"""The year-end file (年度考核档案) of a unit, a leader or a project: frozen tables, as a paper and as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from guatu.documents.docx import add, add_block, describe, letter_head, title
from guatu.documents.listing import FORMULA_SIGNS
from guatu.documents.page_layout import STYLE_BODY, STYLE_NOTE, new_paper
from guatu.documents.paper import Column, Heading, Table
from guatu.documents.wording import gettext as _

SHEET_NAME = 31
"""Characters that a workbook takes for the name of a sheet."""


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A column: its words with the unit, and whether it holds numbers."""

    words: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class YearTable:
    """One part of the file; without rows `empty` says what that means. An empty cell is not known, never 0."""

    title: str
    columns: tuple[YearColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True)
class YearFile:
    """The file as it was frozen: `said` are its lines of head, each a label and a text."""

    title: str
    agency: str
    day: str
    said: tuple[tuple[str, str], ...]
    tables: tuple[YearTable, ...]

    def as_json(self) -> dict[str, Any]:
        """The content that is frozen, and of which the digest is made."""
        return asdict(self)


def year_file_of(content: Mapping[str, Any]) -> YearFile:
    """The file that `as_json` gave."""
    return YearFile(
        content["title"],
        content["agency"],
        content["day"],
        tuple((label, text) for label, text in content["said"]),
        tuple(
            YearTable(
                one["title"],
                tuple(YearColumn(**column) for column in one["columns"]),
                tuple(tuple(row) for row in one["rows"]),
                one["empty"],
            )
            for one in content["tables"]
        ),
    )


def write_year_docx(file: YearFile, proof: Sequence[str], target: str | Path | IO[bytes]) -> None:
    """Write the paper to a path or a binary stream; `proof` are the lines on version, digest and signature."""
    paper = new_paper()
    describe(paper, file.title, file.agency, file.day, None)
    letter_head(paper, file.agency)
    title(paper, file.title, None)
    for label, text in file.said:
        add(paper, _("{label}：{text}").format(label=label, text=text), STYLE_BODY)
    for number, one in enumerate(file.tables, 1):
        add_block(paper, Heading(f"{number}. {one.title}", 2))
        if not one.rows:
            add(paper, one.empty, STYLE_BODY)
            continue
        columns = tuple(
            Column(column.words, "right" if column.number else "left", wraps=not column.number)
            for column in one.columns
        )
        add_block(paper, Table("", columns, tuple(tuple(cell or "–" for cell in row) for row in one.rows)))
    for line in proof:
        add(paper, line, STYLE_NOTE)
    paper.save(str(target) if isinstance(target, Path) else target)


def write_year_workbook(file: YearFile, proof: Sequence[str], target: IO[bytes]) -> None:
    """Write the tables to a binary stream, a sheet each, numbers as numbers and every text as text."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    strong = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
    marked = book.add_format({"quote_prefix": True})
    first = book.add_worksheet(_("档案"))
    first.set_column(0, 0, 24)
    first.set_column(1, 1, 90)
    first.write_string(0, 0, file.title, book.add_format({"bold": True, "font_size": 15}))
    lines = [*file.said, *((_("证明") if not at else "", line) for at, line in enumerate(proof))]
    for row, (label, text) in enumerate(lines, 2):
        first.write_string(row, 0, label)
        first.write_string(row, 1, text, marked if text.startswith(FORMULA_SIGNS) else None)
    for number, one in enumerate(file.tables, 1):
        sheet = book.add_worksheet(f"{number} {one.title}"[:SHEET_NAME])
        sheet.set_column(0, max(len(one.columns) - 1, 0), 18)
        for at, column in enumerate(one.columns):
            sheet.write_string(0, at, column.words, strong)
        for row, cells in enumerate(one.rows or ((one.empty,),), 1):
            for at, text in enumerate(cells):
                exact = _exact(text) if one.rows and one.columns[at].number else None
                if exact is not None:
                    sheet.write_number(row, at, exact)
                elif text:
                    sheet.write_string(row, at, text, marked if text.startswith(FORMULA_SIGNS) else None)
        sheet.freeze_panes(1, 0)
    book.close()


def _exact(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace("−", "-").rstrip("%"))
    except InvalidOperation:
        return None
