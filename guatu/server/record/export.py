"""The record leaves the database: as JSON lines that prove themselves, or as a workbook for reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from guatu import __version__
from guatu.documents.listing import FORMULA_SIGNS
from guatu.record.chain import GENESIS
from guatu.record.export import lines_of
from guatu.server.record.models import Entry
from guatu.server.record.queries import chain, end_of_chain
from guatu.server.record.words import action_words, changes_of, subject_words

SHEET_ROWS: Final = 1_000_000
"""Entries on one sheet of a workbook; more begin another sheet."""
CELL: Final = 32_767
"""Characters that a cell can hold."""


class ExportRefused(Exception):
    """An export that cannot be written; the message (Chinese) says why and what to do."""


def jsonl() -> Iterator[str]:
    """The whole record as the lines of a file that `guatu verify` proves. Three queries, read in steps."""
    end = end_of_chain()
    last, hash = (end.sequence, end.hash) if end else (0, GENESIS)
    return lines_of(chain(last), sequence=last, hash=hash, version=__version__)


def export_to(path: Path) -> tuple[int, str]:
    """Write the whole record into a new file, readable by its owner alone; its entries and the last hash.

    The ending chooses: .jsonl proves itself, .xlsx is for reading. The file is whole or not there. Raises
    ExportRefused for another ending, a file that exists or a folder that cannot be written.
    """
    if path.suffix not in (".jsonl", ".xlsx"):
        raise ExportRefused(_("“%s”：文件名应以 .jsonl（可核对）或 .xlsx（供阅读）结尾。") % path)
    if path.exists():
        raise ExportRefused(_("“%s”已经存在，请换一个文件名。") % path)
    end = end_of_chain()
    last, hash = (end.sequence, end.hash) if end else (0, GENESIS)
    part = path.with_name(path.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            if path.suffix == ".xlsx":
                write_workbook(chain(last), file)
            else:
                for line in lines_of(chain(last), sequence=last, hash=hash, version=__version__):
                    file.write(line.encode())
        part.replace(path)
    except OSError as error:
        raise ExportRefused(_("不能写“%(file)s”：%(why)s") % {"file": path, "why": error.strerror}) from error
    finally:
        part.unlink(missing_ok=True)
    return last, hash


def write_workbook(entries: Iterable[Entry], file: IO[bytes]) -> None:
    """Write entries as the rows of a workbook, in words; every cell is text. About 15,000 rows a second."""
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    heads = (
        (_("序号"), 9), (_("时间"), 19), (_("操作人"), 16), (_("职务"), 20), (_("操作"), 18), (_("对象"), 30),
        (_("改动"), 60), (_("理由"), 30), (_("摘要"), 66), (_("前一条摘要"), 66),
    )  # fmt: skip
    bold = book.add_format({"bold": True, "bottom": 2, "bg_color": "#F3F4F1"})
    plain, marked = (
        book.add_format({"valign": "top"}),
        book.add_format({"valign": "top", "quote_prefix": True}),
    )
    sheet, row = None, 0
    for entry in entries:
        if sheet is None or row > SHEET_ROWS:
            sheet, row = book.add_worksheet(), 1
            sheet.freeze_panes(1, 1)
            for column, (head, width) in enumerate(heads):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head, bold)
        changes = "；".join(
            _("%(what)s：%(before)s → %(after)s")
            % {"what": one.what, "before": one.before, "after": one.after}
            if one.before
            else f"{one.what}：{one.after}"
            for one in changes_of(entry)
        )
        texts = (
            str(entry.sequence), localtime(entry.time).strftime("%Y-%m-%d %H:%M:%S"), entry.actor, entry.post,
            action_words(entry.action), subject_words(entry), changes, entry.reason, entry.hash,
            entry.previous_hash,
        )  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text[:CELL], marked if text.startswith(FORMULA_SIGNS) else plain)
        row += 1
    if sheet is None:
        sheet = book.add_worksheet()
        for column, (head, _width) in enumerate(heads):
            sheet.write_string(0, column, head, bold)
    book.close()
