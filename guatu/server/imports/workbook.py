"""The preview of an import as a workbook: everything that the page shows the beginning of."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from guatu.documents.listing import FORMULA_SIGNS
from guatu.server.imports.preview import Preview

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def preview_workbook(preview: Preview) -> bytes:
    """Sheets of what is added, changed and questioned. Texts that look like formulas are marked as texts."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    _sheet(
        book, _("新增项目"), ((_("项目代码"), 26), (_("项目名称"), 40), (_("县（市、区）"), 14), (_("年度计划（万元）"), 16), (_("位置"), 40)),
        ((row.code, row.name, row.county, row.planned, row.place) for row in preview.added),
    )  # fmt: skip
    _sheet(
        book, _("改动"), ((_("项目代码"), 26), (_("项目名称"), 40), (_("报告期"), 10), (_("项目"), 22), (_("现为"), 30), (_("改为"), 30), (_("位置"), 40)),
        ((row.code, row.name, row.period, row.field, row.before, row.after, row.place) for row in preview.changes),
    )  # fmt: skip
    _sheet(
        book, _("疑点"), ((_("是否采用"), 10), (_("说明"), 80), (_("办法"), 50), (_("位置"), 40), (_("项目代码"), 26), (_("报告期"), 10)),
        (
            (_("未采用") if row.refused else _("已采用"), row.message, row.cure, row.place, row.code, row.period)
            for row in preview.doubts
        ),
    )  # fmt: skip
    book.close()
    return stream.getvalue()


def _sheet(book: Any, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#F3F4F1", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    marked = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    for index, (title, width) in enumerate(columns):
        sheet.write_string(0, index, title, head)
        sheet.set_column(index, index, width)
    for number, row in enumerate(rows, start=1):
        for index, text in enumerate(row):
            sheet.write_string(
                number, index, text[:32_767], marked if text.startswith(FORMULA_SIGNS) else plain
            )
    sheet.freeze_panes(1, 0)
