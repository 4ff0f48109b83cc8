"""Columns of a table, and the split of the year's plan: what its figures prove about its columns.

Where a header says only 一季度 or 3月, or does not say whether the months are cumulative, the figures
decide, and only when they add up to the year's plan in nearly every row. Nothing else is concluded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from guatu.language import gettext as _
from guatu.workbooks.cells import number_of
from guatu.workbooks.fields import Header
from guatu.workbooks.sheets import Sheet, column_letter

PROOF: Final = Decimal("0.8")
"""The share of rows that must add up."""

_QUARTER = re.compile(r"第?([一二三四1-4])季度")
_MONTH = re.compile(r"(\d{1,2}|十[一二]|[一二三四五六七八九十])月份?")
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}
_MONTHS: Final = {
    word: number
    for number, word in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
    )
}


@dataclass(slots=True)
class Column:
    """One column of a table: where it stands, its header, and how it was understood."""

    index: int
    header: Header
    field: str | None
    confidence: float
    reason: str
    month: int | None = None
    unit: str | None = None
    hidden: bool = False
    mark: str | None = None
    """The word that a tick in the column stands for: the stage 新建 in a column 建设性质/新建."""

    @property
    def letter(self) -> str:
        return column_letter(self.index)


_QUARTER_ENDS: Final = (
    (3, re.compile(r"(?:第?[一1]季度|1-3月)(?:累计)?")),
    (6, re.compile(r"(?:上半年|1-6月|前[二两2]个?季度|(?:1|一)-(?:2|二)季度)(?:累计)?")),
    (9, re.compile(r"(?:1-9月|前[三3]个?季度|(?:1|一)-(?:3|三)季度)(?:累计)?")),
    (12, re.compile(r"(?:全年|1-12月|(?:1|一)-(?:4|四)季度)(?:累计)?")),
)
"""Headers of the year's four cumulative figures that say neither plan nor done."""


def settle_splits(sheet: Sheet, columns: Sequence[Column], bottom: int) -> None:
    """Give the columns of months and quarters the field that their sums prove."""
    planned = next((column for column in columns if column.field == "planned"), None)
    if planned is None:
        return
    quarters = _bare(columns, _QUARTER, _QUARTERS, 4)
    if quarters and _proved(sheet, planned, quarters, bottom, sum):
        _take(quarters, "planned_quarter", _("各季之和等于年度计划"))
    _settle_cumulative_quarters(sheet, columns, planned, bottom)
    months = _bare(columns, _MONTH, _MONTHS, 12) or _known(columns)
    if not months:
        return
    if _proved(sheet, planned, months, bottom, sum):
        _take(months, "planned_month", _("各月之和等于年度计划"))
    elif _proved(sheet, planned, months, bottom, _last_of_rising):
        _take(months, "planned_cumulative", _("12 月的数等于年度计划，各月只增不减，是累计数"))


def _settle_cumulative_quarters(
    sheet: Sheet, columns: Sequence[Column], planned: Column, bottom: int
) -> None:
    """上半年累计 beside 全年累计 is plan or done: a plan where the figures rise to the year's plan, and
    nobody's where they do not."""
    found: list[tuple[int, Column]] = []
    for month, pattern in _QUARTER_ENDS:
        column = next(
            (c for c in columns if len(c.header.bare) == 1 and pattern.fullmatch(c.header.bare[0])), None
        )
        if column is None or column.confidence == 1.0:
            return
        found.append((month, column))
    proved = _proved(sheet, planned, [column for _month, column in found], bottom, _last_of_rising)
    for month, column in found:
        column.month = None
        if proved:
            column.field, column.confidence = f"planned_cumulative.{month}", 0.9
            column.reason = _("全年的数等于年度计划，各数只增不减，是累计计划")
        else:
            column.field, column.confidence = None, 0.0
            column.reason = _("没有写明是计划还是完成")


def _take(columns: Sequence[Column], field: str, reason: str) -> None:
    for number, column in enumerate(columns, 1):
        column.field, column.confidence, column.reason = f"{field}.{number}", 0.9, reason


def _bare(
    columns: Sequence[Column], pattern: re.Pattern[str], words: dict[str, int], count: int
) -> list[Column]:
    """The columns that nobody knows and that are headed by nothing but 1 to `count`, all of them."""
    found: dict[int, Column] = {}
    for column in columns:
        match = (
            pattern.fullmatch(column.header.bare[-1]) if column.header.bare and column.field is None else None
        )
        if match:
            found.setdefault(int(match[1]) if match[1].isdigit() else words[match[1]], column)
    return [found[number] for number in range(1, count + 1)] if set(range(1, count + 1)) == set(found) else []


def _known(columns: Sequence[Column]) -> list[Column]:
    """The twelve columns read as the plans of single months, if there are twelve."""
    found = {column.field: column for column in columns}
    fields = [f"planned_month.{month}" for month in range(1, 13)]
    return [found[field] for field in fields] if all(field in found for field in fields) else []


def _last_of_rising(values: Sequence[Decimal]) -> Decimal | None:
    return values[-1] if list(values) == sorted(values) else None


def _proved(
    sheet: Sheet,
    planned: Column,
    split: Sequence[Column],
    bottom: int,
    total: Callable[[Sequence[Decimal]], Decimal | int | None],
) -> bool:
    rows = proved = 0
    for row in range(bottom + 1, min(len(sheet.rows), bottom + 500)):
        plan = number_of(sheet.value(row, planned.index))[0].value
        if plan is None:
            continue
        values = [number_of(sheet.value(row, column.index))[0].value or Decimal(0) for column in split]
        rows += 1
        proved += total(values) == plan
    return rows > 0 and proved >= PROOF * rows
