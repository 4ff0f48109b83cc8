"""Opening a workbook (.xlsx, .xls, .ods): the grid of each sheet with all that a reader must know.

Values come from python-calamine; what it does not give (hidden rows and columns, comments, cells in
error, the merged cells of .ods) comes from a light scan of the file itself in `marks`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from guatu.language import gettext as _
from guatu.workbooks.marks import Marks, NotReadableError, marks_of

Value = str | float | int | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell is the empty string."""


class WorkbookError(Exception):
    """A workbook that cannot be read; the text names the file and the cure, for people."""


@dataclass(slots=True)
class Sheet:
    """One sheet as a full grid from A1: `rows[0][0]` is cell A1. `merged` are inclusive ranges
    (first row, first column, last row, last column), all from 0; `merged_at` finds the range of a cell."""

    file: str
    name: str
    rows: list[list[Value]]
    merged: list[tuple[int, int, int, int]]
    marks: Marks
    hidden: bool = False
    merged_at: dict[tuple[int, int], tuple[int, int, int, int]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows[:50]), default=0)

    def value(self, row: int, column: int) -> Value:
        """The value of a cell; the empty string outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def merged_value(self, row: int, column: int) -> Value:
        """The value of a cell, or of the top left cell of the merged area that it lies in."""
        area = self.merged_at.get((row, column))
        return self.value(area[0], area[1]) if area else self.value(row, column)


def column_letter(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def digest_of(path: Path) -> str:
    """The SHA-256 of the file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def open_workbook(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook in their order, hidden ones too; chart sheets are left out.

    Raises WorkbookError for a file that is missing, no workbook, damaged or protected by a password.
    """
    name = path.name
    if not path.exists():
        raise WorkbookError(_("找不到文件“{file}”。请核对路径和文件名。").format(file=path))
    if not path.is_file():
        raise WorkbookError(_("“{file}”不是文件。请给出一个 .xlsx、.xls 或 .ods 工作簿。").format(file=path))
    try:
        book = CalamineWorkbook.from_path(str(path))
        marks = marks_of(path)
    except PasswordError as error:
        raise WorkbookError(
            _("“{file}”设有打开密码，无法读取。请在表格软件中取消密码另存后再试。").format(file=path)
        ) from error
    except PermissionError as error:
        raise WorkbookError(
            _("没有读取“{file}”的权限。请检查文件权限，或先关闭占用它的程序。").format(file=path)
        ) from error
    except (CalamineError, NotReadableError, OSError, ValueError, KeyError) as error:
        if _looks_encrypted(path):
            raise WorkbookError(
                _("“{file}”设有打开密码或加密保护，无法读取。请在表格软件中取消密码另存后再试。").format(
                    file=path
                )
            ) from error
        raise WorkbookError(
            _("“{file}”不是能读取的工作簿，或文件已损坏。请用表格软件打开并另存为 .xlsx 后再试。").format(
                file=path
            )
        ) from error
    for entry in book.sheets_metadata:
        if entry.typ is not SheetTypeEnum.WorkSheet:
            continue
        try:
            grid = book.get_sheet_by_name(entry.name)
            rows = grid.to_python(skip_empty_area=False)
            merged = [(a[0], a[1], b[0], b[1]) for a, b in grid.merged_cell_ranges or ()]
        except CalamineError as error:
            raise WorkbookError(
                _("“{file}”的工作表“{sheet}”已损坏，无法读取。请用表格软件打开并另存后再试。").format(
                    file=path, sheet=entry.name
                )
            ) from error
        own = marks.get(entry.name, Marks())
        merged = merged or own.merged
        sheet = Sheet(
            file=name,
            name=entry.name,
            rows=rows,
            merged=merged,
            marks=own,
            hidden=entry.visible is not SheetVisibleEnum.Visible,
        )
        for area in merged:
            if (area[2] - area[0] + 1) * (area[3] - area[1] + 1) > 200_000:
                continue
            for row in range(area[0], area[2] + 1):
                for column in range(area[1], area[3] + 1):
                    sheet.merged_at[row, column] = area
        yield sheet


def _looks_encrypted(path: Path) -> bool:
    """Whether an Office file is an encrypted package (an OLE container holding EncryptedPackage)."""
    with path.open("rb") as file:
        head = file.read(8)
        rest = file.read(2_000_000)
    return head[:4] == b"\xd0\xcf\x11\xe0" and "EncryptedPackage".encode("utf-16-le") in rest
