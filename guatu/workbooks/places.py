"""Where a finding stands, said in one way everywhere."""

from __future__ import annotations

from typing import Any

from guatu.finding_kinds import finding, where
from guatu.findings import Finding
from guatu.workbooks.cells import shown
from guatu.workbooks.sheets import Sheet, Value, column_letter


def at_cell(
    kind: str,
    sheet: Sheet,
    row: int,
    column: int,
    header: str,
    value: Value,
    expected: str | None,
    said: str,
    **more: Any,
) -> Finding:
    """A finding about one cell (row and column from 0). `said` is the sentence after the place."""
    letter = column_letter(column)
    return finding(
        kind,
        where(sheet.name, row + 1, letter, header) + "：" + said,
        file=sheet.file,
        sheet=sheet.name,
        row=row + 1,
        column=letter,
        header=header,
        found=shown(value),
        expected=expected,
        **more,
    )


def at_row(kind: str, sheet: Sheet, row: int, said: str, **more: Any) -> Finding:
    """A finding about a whole row (from 0)."""
    return finding(
        kind, where(sheet.name, row + 1) + "：" + said, file=sheet.file, sheet=sheet.name, row=row + 1, **more
    )


def at_column(kind: str, sheet: Sheet, letter: str, header: str, said: str, **more: Any) -> Finding:
    """A finding about a whole column."""
    place = where(sheet.name, None, letter, header)
    return finding(
        kind, place + "：" + said, file=sheet.file, sheet=sheet.name, column=letter, header=header, **more
    )


def at_sheet(kind: str, sheet: Sheet, said: str, **more: Any) -> Finding:
    """A finding about a whole sheet."""
    return finding(kind, where(sheet.name) + "：" + said, file=sheet.file, sheet=sheet.name, **more)
