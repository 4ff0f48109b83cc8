"""Opening a text table (.csv): as one sheet, with the same grid that a workbook gives.

UTF-8 with or without a mark, UTF-16 with one, else GB18030, as spreadsheets save it in China; parted by
commas, semicolons or tabs.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from guatu.language import gettext as _
from guatu.workbooks.marks import Marks
from guatu.workbooks.sheets import Sheet, Value, WorkbookError

SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
"""Names of files that are opened as text tables."""

_DELIMITERS: Final = (",", ";", "\t")
_LINES_TO_WEIGH: Final = 50
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def open_csv(path: Path) -> Sheet:
    """The table as a sheet without a name; every cell is text, every row as long as the longest.

    Raises WorkbookError for a file that is missing, is no text, or whose quotation marks do not close.
    """
    text = _text(path)
    try:
        records = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise WorkbookError(
            _(
                "“{file}”不是能读取的 CSV 表格：双引号没有成对，或单元格过长。请用表格软件打开并另存为 .xlsx 后再试。"
            ).format(file=path)
        ) from error
    width = max(map(len, records), default=0)
    rows: list[list[Value]] = [[*record, *[""] * (width - len(record))] for record in records]
    return Sheet(file=path.name, name="", rows=rows, merged=[], marks=Marks())


def _text(path: Path) -> str:
    if not path.exists():
        raise WorkbookError(_("找不到文件“{file}”。请核对路径和文件名。").format(file=path))
    try:
        content = path.read_bytes()
    except PermissionError as error:
        raise WorkbookError(
            _("没有读取“{file}”的权限。请检查文件权限，或先关闭占用它的程序。").format(file=path)
        ) from error
    except OSError as error:
        raise WorkbookError(
            _("“{file}”不是能读取的文件。请给出一个 .csv、.xlsx、.xls 或 .ods 文件。").format(file=path)
        ) from error
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise WorkbookError(
        _(
            "“{file}”的文字编码读不出（既不是 UTF-8，也不是 GB18030）。请另存为 UTF-8 编码的 CSV 后再试。"
        ).format(file=path)
    )


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the most cells; the comma where none does."""
    lines = list(islice(StringIO(text, newline=""), _LINES_TO_WEIGH))

    def usual_width(delimiter: str) -> int:
        try:
            widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells))
        except csv.Error:
            return 0
        return max(widths, key=lambda width: (widths[width], width), default=0)

    return max(_DELIMITERS, key=usual_width)
