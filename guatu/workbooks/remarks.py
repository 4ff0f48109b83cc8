"""What is said of a table as a whole: hidden rows and columns, comments, columns that nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.workbooks.places import at_cell, at_column, at_row, at_sheet
from guatu.workbooks.reading import TableKind
from guatu.workbooks.table import TableData


def say_remarks(data: TableData, report: Callable[[Finding], None]) -> None:
    """Say the hidden rows and columns, comments and unknown columns of a table."""
    sheet, layout = data.sheet, data.layout
    losers = [loser for _winner, loser in layout.twice]
    for row in data.rows:
        if row.row in sheet.marks.hidden_rows:
            report(
                at_row(
                    "hidden_row",
                    sheet,
                    row.row,
                    _("该行是隐藏的，数据照常计入。"),
                    found=_("隐藏"),
                    project=row.values.get("code"),
                )
            )
    for column in layout.columns:
        if column.hidden:
            report(
                at_column(
                    "hidden_column",
                    sheet,
                    column.letter,
                    column.header.text,
                    _("该列是隐藏的，数据照常计入。"),
                    found=_("隐藏"),
                )
            )
        if column.field is None and column.confidence < 1 and column.header.text and column not in losers:
            report(
                at_column(
                    "unknown_column",
                    sheet,
                    column.letter,
                    column.header.text,
                    _("{reason}，已按原列名保留。").format(reason=column.reason),
                    found=column.header.path,
                )
            )
    for winner, loser in layout.twice:
        report(
            at_column(
                "column_twice",
                sheet,
                loser.letter,
                loser.header.text,
                _("与 {letter} 列“{header}”读成同一字段，只采用 {letter} 列。").format(
                    letter=winner.letter, header=winner.header.text
                ),
                found=loser.header.path,
            )
        )
    for (row_index, index), text in sorted(sheet.marks.comments.items()):
        if layout.top <= row_index < data.end:
            column_of = next((c for c in layout.columns if c.index == index), None)
            header = column_of.header.text if column_of else ""
            said = _("单元格带有批注：{text}").format(text=text)
            report(
                at_cell("comment", sheet, row_index, index, header, sheet.value(row_index, index), None, said)
            )


def say_categories_from_sheets(
    tables: Sequence[TableData], categories: Mapping[int, str | None], report: Callable[[Finding], None]
) -> None:
    """Say where a sheet's name is the only source of its projects' category (`categories` by the
    identity of the table)."""
    for data in tables:
        category = categories.get(id(data))
        if category is None or data.kind is TableKind.REPORTS or data.layout.column("category"):
            continue
        if any("category" not in row.groups and not row.refused for row in data.rows):
            said = _("以工作表的名称“{name}”作为其中各项目的行业。").format(name=category)
            report(at_sheet("category_from_sheet", data.sheet, said, found=data.sheet.name))
