"""Subtotals, totals and stated counts, held against the rows that they cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.values import amount, fen, half_up
from guatu.workbooks import cells
from guatu.workbooks.cells import plain
from guatu.workbooks.places import at_cell, at_row
from guatu.workbooks.reading import SubtotalRead
from guatu.workbooks.rows import GRAND, RowKind, RowRead, group_of, ordinal_of
from guatu.workbooks.splits import Column
from guatu.workbooks.table import RawRow, TableData


@dataclass(frozen=True, slots=True)
class _Stated:
    """One figure of a subtotal row."""

    column: Column
    fen: int
    decimals: int


def hold_sums(
    data: TableData, money: list[Column], report: Callable[[Finding], None]
) -> tuple[SubtotalRead, ...]:
    """Hold every subtotal and total row, and every stated count, against the rows it can cover.

    Which rows a total covers is not written anywhere: of the possible spans (the rows above it or
    below it up to the next heading or subtotal, its group, its county, all rows) the one that agrees
    best is taken, so that a wrong figure is named once and against the nearest span.
    """
    order = data.sorted_rows
    before = [0]
    for row in order:
        before.append(before[-1] + (row.kind is RowKind.DATA))
    held: list[SubtotalRead] = []
    for position, row in enumerate(order):
        if row.kind is RowKind.DATA:
            continue
        stated = _stated(data, row, money, report)
        if not stated and row.count is None:
            continue
        spans = _spans(data, order, before, position)
        best = max(spans, key=lambda span: _agreement(span, stated, row.count), default=None)
        if best is None:
            continue
        for figure in stated:
            computed = sum(raw.amounts.get(figure.column.index, 0) for raw in best)
            held.append(
                SubtotalRead(row.index + 1, row.label, str(figure.column.field), figure.fen, computed)
            )
            if not _equal(figure, computed, best):
                report(_mismatch(data, row, figure, computed, len(best)))
        if row.count is not None and row.count != len(best):
            said = _("“{label}”写明 {stated} 个，实有 {actual} 行项目。").format(
                label=row.label, stated=row.count, actual=len(best)
            )
            report(
                at_row(
                    "group_count_mismatch",
                    data.sheet,
                    row.index,
                    said,
                    found=str(row.count),
                    expected=str(len(best)),
                )
            )
    return tuple(held)


def _stated(
    data: TableData, row: RowRead, money: list[Column], report: Callable[[Finding], None]
) -> list[_Stated]:
    found: list[_Stated] = []
    for column in money:
        value = data.sheet.value(row.index, column.index)
        if value == "" or column.unit is None:
            continue
        read, own = cells.number_of(value)
        if read.value is None:
            if read.kind is not None:
                said = _("“{label}”行的“{found}”读不成数字，未与各行核对。").format(
                    label=row.label, found=cells.shown(value)
                )
                report(
                    at_cell(
                        read.kind,
                        data.sheet,
                        row.index,
                        column.index,
                        column.header.text,
                        value,
                        read.expected,
                        said,
                    )
                )
            continue
        found.append(_Stated(column, fen(read.value, own or column.unit), cells.decimals_of(value)))
    return found


def _spans(data: TableData, order: list[RowRead], before: list[int], position: int) -> list[list[RawRow]]:
    """The spans of rows that a total may cover, the likeliest first; none is empty."""

    def rows(first: int, last: int) -> list[RawRow]:
        return data.rows[before[first] : before[last]]

    def is_total(i: int) -> bool:
        return order[i].kind is RowKind.SUBTOTAL

    row = order[position]
    start = position
    while start > 0 and order[start - 1].kind is RowKind.DATA:
        start -= 1
    end = position + 1
    while end < len(order) and order[end].kind is RowKind.DATA:
        end += 1
    above, below = rows(start, position), rows(position + 1, end)
    everything = data.rows
    spans: list[list[RawRow]] = []
    if row.kind is RowKind.GROUP:
        stop = position + 1
        while stop < len(order) and not (
            order[stop].kind is RowKind.GROUP and order[stop].depth <= row.depth
        ):
            stop += 1
        spans = [rows(position + 1, stop), below]
    else:
        label = plain(row.label)
        grand = GRAND.search(label) is not None
        group = position
        while group > 0 and not (order[group - 1].kind is RowKind.GROUP and order[group - 1].depth == 0):
            group -= 1
        last_total = position
        while last_total > 0 and not is_total(last_total - 1):
            last_total -= 1
        place = group_of(ordinal_of(label)[1].split("小计")[0].split("合计")[0])[1]
        named = [
            raw
            for raw in everything
            if place and place in (raw.values.get("county"), raw.values.get("category"), *raw.groups.values())
        ]
        if grand:
            spans = [everything, above, rows(group, position)]
        else:
            spans = [above, below, named, rows(last_total, position), rows(group, position), everything]
    return [span for span in spans if span] or ([everything] if everything else [])


def _agreement(span: list[RawRow], stated: list[_Stated], count: int | None) -> int:
    agreed = sum(
        _equal(figure, sum(raw.amounts.get(figure.column.index, 0) for raw in span), span)
        for figure in stated
    )
    return 2 * agreed + (count == len(span))


def _equal(figure: _Stated, computed: int, span: list[RawRow]) -> bool:
    """Equal, or equal at the decimals that the total shows when its rows show more."""
    if figure.fen == computed:
        return True
    finer = any(raw.decimals > figure.decimals for raw in span)
    unit = figure.column.unit or "万元"
    return finer and half_up(amount(computed, unit), figure.decimals) == amount(figure.fen, unit)


def _mismatch(data: TableData, row: RowRead, figure: _Stated, computed: int, rows: int) -> Finding:
    unit = figure.column.unit or "万元"
    stated, sum_text = f"{amount(figure.fen, unit):f}", f"{amount(computed, unit):f}"
    said = _("“{label}”写为 {stated} {unit}，所辖 {rows} 行之和是 {computed} {unit}。").format(
        label=row.label or _("合计"), stated=stated, unit=unit, rows=rows, computed=sum_text
    )
    value = data.sheet.value(row.index, figure.column.index)
    return at_cell(
        "subtotal_mismatch",
        data.sheet,
        row.index,
        figure.column.index,
        figure.column.header.text,
        value,
        f"{sum_text} {unit}",
        said,
    )
