"""Reading the rows of one table: every cell by its column's kind, with the findings on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.project import Stage
from guatu.values import FEN_PER, Period
from guatu.workbooks import cells
from guatu.workbooks.cells import Read, plain, shown
from guatu.workbooks.fields import Dictionary
from guatu.workbooks.layout import TICKS, Layout
from guatu.workbooks.places import at_cell, at_column, at_sheet
from guatu.workbooks.reading import TableKind
from guatu.workbooks.rows import RowKind, RowRead, read_rows
from guatu.workbooks.sheets import Sheet, Value
from guatu.workbooks.splits import Column

BLOCK: Final = 1000
"""Rows between two calls of the progress callback."""

_FILLED_BY_MERGE: Final = frozenset(
    {"county", "category", "stage", "level", "lead_department", "responsible_unit", "county_leader", "city_leader",
     "company", "period", "year"}
)  # fmt: skip
_FILLED_DOWN: Final = ("county", "category", "lead_department", "period")
_STAGES: Final = (
    (re.compile(r"调出|退出"), Stage.WITHDRAWN),
    (re.compile(r"前期"), Stage.PRELIMINARY),
    (re.compile(r"储备"), Stage.RESERVE),
    (re.compile(r"新开工?|新建|拟开工|新增"), Stage.NEW),
    (re.compile(r"续建|在建|结转|跨年"), Stage.CONTINUING),
    (re.compile(r"竣工|完工|建成|投产|收尾"), Stage.COMPLETED),
)
_YES: Final = frozenset(
    {"是", "已纳统", "已入统", "已入库", "已列统", "√", "✓", "Y", "y", "有", "已", "TRUE", "1"}
)
_NO: Final = frozenset(
    {"否", "未纳统", "未入统", "未入库", "未列统", "×", "✗", "X", "x", "N", "n", "没有", "未", "FALSE", "0"}
)
_SYSTEM: Final = (("WGS-84", r"WGS-?84"), ("GCJ-02", r"GCJ-?02|火星"), ("BD-09", r"BD-?09|百度"), ("CGCS2000", r"CGCS-?2000|国家2000|2000坐标"))  # fmt: skip

_SAID: Final = {
    "cell_unreadable": _("“{found}”读不成{expected}，未读入。"),
    "error_value": _("单元格是公式错误值“{found}”，未读入。"),
    "number_as_text_with_thousands_separator": _("数字以带千位分隔符的文本“{found}”填写，已读为 {read}。"),
    "number_as_text_with_spaces": _("数字以带空格的文本“{found}”填写，已读为 {read}。"),
    "full_width_digits": _("数字以全角字符“{found}”填写，已读为 {read}。"),
    "percent_out_of_range": _("“{found}”不在 0 到 100 之间，未读入。"),
    "date_impossible": _("“{found}”不是存在的日期，未读入。"),
    "date_as_serial": _("日期存成了序列数“{found}”，已换算读入。"),
    "month_ambiguous": _("“{found}”有不止一种读法，未读入。"),
    "year_missing": _("“{found}”没有写年份，表中也找不到年份，未读入。"),
}


def stage_of(value: Value) -> Stage | None:
    """The stage that a cell or heading names, None for one that no word of the list fits."""
    bare = plain(value)
    return next((stage for pattern, stage in _STAGES if pattern.search(bare)), None)


def coordinate_system_of(text: str) -> str | None:
    """The coordinate system named in a header or note."""
    bare = plain(text).upper()
    return next((name for name, pattern in _SYSTEM if re.search(pattern, bare)), None)


@dataclass(slots=True)
class RawRow:
    """One row of a table as read. `values` by field (money in 分), `by_month` the same for fields that a
    header gives for one month, `letters` and `headers` the column of each field (one dict for all rows of
    a table), `amounts` money by column for the sums."""

    sheet: Sheet
    row: int
    groups: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    by_month: dict[int, dict[str, Any]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    approvals: dict[str, str] = field(default_factory=dict)
    amounts: dict[int, int] = field(default_factory=dict)
    decimals: int = 0
    typed: set[str] = field(default_factory=set)
    """Fields whose cell holds anything, readable or not."""
    refused: bool = False


@dataclass(slots=True)
class TableData:
    """A table as read, before its rows become projects and reports."""

    sheet: Sheet
    layout: Layout
    kind: TableKind
    unit: str | None
    year: int | None
    period: Period | None
    rows: list[RawRow] = field(default_factory=list)
    sorted_rows: list[RowRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: int = 0


class TableReader:
    """Reads one table of a sheet row by row."""

    def __init__(
        self,
        sheet: Sheet,
        layout: Layout,
        dictionary: Dictionary,
        *,
        unit: str | None,
        units: dict[str, str],
        year: int | None,
        period: Period | None,
        near: Callable[[Period], date],
        report: Callable[[Finding], None],
    ) -> None:
        self.sheet, self.layout, self.dictionary = sheet, layout, dictionary
        self.year, self.near, self.report = year, near, report
        self.data = TableData(sheet, layout, layout.kind, unit, year, period)
        self.columns = [(c, self._kind(c)) for c in layout.columns]
        without: list[Column] = []
        for column, kind in self.columns:
            if kind == "money":
                column.unit = (
                    units.get(column.header.path) or units.get(column.header.text) or column.unit or unit
                )
                if column.unit not in FEN_PER and self._bare_amounts(column):
                    without.append(column)
        if without:
            self._unit_missing(without)
        self.letters = {_key(c): c.letter for c in layout.columns if c.field}
        self.headers = {_key(c): c.header.text for c in layout.columns if c.field}
        for names in (self.letters, self.headers):
            if "name_code" in names:
                names.setdefault("name", names["name_code"])
                names.setdefault("code", names["name_code"])
        self.fractions = self._fraction_columns()

    def _kind(self, column: Column) -> str:
        if column.mark:
            return "mark"
        return self.dictionary.kind(column.field) if column.field else "extra"

    def _bare_amounts(self, column: Column) -> bool:
        """Whether an amount of the column states no unit of its own."""
        for row in self.sheet.rows[self.layout.bottom + 1 : self.layout.end]:
            read, own = (
                cells.number_of(row[column.index]) if column.index < len(row) else (Read[Decimal](), None)
            )
            if read.value is not None and own is None:
                return True
        return False

    def _unit_missing(self, columns: list[Column]) -> None:
        names = "、".join(f"{c.letter} 列“{c.header.text}”" for c in columns)
        self.report(
            at_sheet(
                "unit_missing",
                self.sheet,
                _("金额列（{columns}）没有写明是万元还是亿元，这些金额未读入。").format(columns=names),
                row=self.layout.bottom + 1,
                column=columns[0].letter,
                header=columns[0].header.text,
                expected=_("表题或表头写明“单位：万元”或“单位：亿元”"),
                cells=tuple(f"{self.sheet.name}!{c.letter}{self.layout.bottom + 1}" for c in columns),
            )
        )

    def _fraction_columns(self) -> set[int]:
        """Columns of per cent kept as shares of 1 (a spreadsheet's own percent format)."""
        found: set[int] = set()
        for column, kind in self.columns:
            if kind != "percent":
                continue
            cells_of = (
                row[column.index]
                for row in self.sheet.rows[self.layout.bottom + 1 :]
                if column.index < len(row)
            )
            values = [float(value) for value in cells_of if isinstance(value, int | float)]
            if values and max(values) <= 1 and any(0 < value < 1 for value in values):
                found.add(column.index)
                self.report(
                    at_column(
                        "percent_as_fraction",
                        self.sheet,
                        column.letter,
                        column.header.text,
                        _("全列都在 0 与 1 之间，按百分数的小数形式读入（0.45 读为 45%）。"),
                        found="0–1",
                        expected="0–100",
                    )
                )
        return found

    def read(self, titles: frozenset[str]) -> Iterator[int]:
        """Read the rows; yields the number of rows read so far after each block."""
        data, seen = self.data, 0
        for row in read_rows(self.sheet, self.layout, self.dictionary, titles):
            data.end = row.index + 1
            if row.kind is RowKind.DATA:
                data.rows.append(self._row(row))
                data.sorted_rows.append(row)
            elif row.kind is RowKind.NOTE:
                data.notes.append(row.label)
            elif row.kind in (RowKind.SUBTOTAL, RowKind.GROUP):
                data.sorted_rows.append(row)
            seen += 1
            if seen % BLOCK == 0:
                yield BLOCK
        self._fill_down()
        yield seen % BLOCK

    # one row ------------------------------------------------------------------------------------

    def _row(self, row: RowRead) -> RawRow:
        raw = RawRow(self.sheet, row.index, row.groups, letters=self.letters, headers=self.headers)
        values = self.sheet.rows[row.index]
        merged_at, errors = self.sheet.merged_at, self.sheet.marks.errors
        for column, kind in self.columns:
            index = column.index
            value = values[index] if index < len(values) else ""
            if value == "":
                if (row.index, index) in errors:
                    value = errors[row.index, index]
                elif column.field in _FILLED_BY_MERGE and (row.index, index) in merged_at:
                    value = self.sheet.merged_value(row.index, index)
                    if value == "":
                        continue
                else:
                    continue
            self._cell(raw, column, kind, value)
        return raw

    def _cell(self, raw: RawRow, column: Column, kind: str, value: Value) -> None:
        field_name = column.field
        if kind == "serial":
            return
        if kind == "mark":
            self._ticked(raw, column, value)
            return
        if kind in ("extra", "kept"):
            if (text := cells.text_of(value)) is not None:
                raw.extra[column.header.text or column.letter] = text
            return
        assert field_name is not None
        read: Any
        if kind == "money":
            if column.unit not in FEN_PER and cells.number_of(value)[1] is None:
                return
            money, used = cells.money_of(value, column.unit or "")
            read = money.value
            self._say(raw, column, money, value, f"{_number(value)} {used}")
            if read is not None:
                raw.amounts[column.index] = read
                raw.decimals = max(raw.decimals, cells.decimals_of(value))
                if read < 0:
                    self.report(
                        at_cell(
                            "negative_amount",
                            self.sheet,
                            raw.row,
                            column.index,
                            column.header.text,
                            value,
                            _("不小于 0 的金额"),
                            _("金额为负数 {found}。").format(found=shown(value)),
                        )
                    )
        elif kind == "text":
            read = cells.text_of(value)
        elif kind == "name":
            read = cells.name_of(value)
        elif kind == "code":
            read = cells.code_of(value)
        elif kind == "name_code":
            name, code = cells.name_and_code(value)
            raw.values.update({key: text for key, text in (("name", name), ("code", code)) if text})
            return
        elif kind == "remark":
            read = cells.text_of(value)
        elif kind == "percent":
            read = self._percent(raw, column, value)
        elif kind == "month":
            month = self._month(raw, column, value)
            self._say(raw, column, month, value, str(month.value))
            read = month.value
        elif kind == "day":
            read = self._day(raw, column, value)
        else:
            read = self._yes_no(raw, column, value)
        self._keep(raw, column, value, read)

    def _ticked(self, raw: RawRow, column: Column, value: Value) -> None:
        """A tick under a stage; two ticks in one row say two stages, and neither is taken."""
        if plain(value) not in TICKS:
            return
        other = raw.values.get("stage")
        raw.values["stage"] = column.mark if other is None else "√√"

    def _keep(self, raw: RawRow, column: Column, value: Value, read: Any) -> None:
        name = str(column.field)
        if name == "approval":
            if read is not None:
                raw.approvals[column.header.text] = read
            return
        key = _key(column)
        if read is not None or plain(value) not in cells.BLANKS:
            raw.typed.add(key)
        if read is None:
            return
        if column.month:
            raw.by_month.setdefault(column.month, {})[name] = read
        raw.values[key] = read

    def _say(self, raw: RawRow, column: Column, read: Read[Any], value: Value, as_read: str) -> None:
        if read.kind is None:
            return
        said = _SAID[read.kind].format(found=shown(value).strip(), expected=read.expected or "", read=as_read)
        self.report(
            at_cell(
                read.kind,
                self.sheet,
                raw.row,
                column.index,
                column.header.text,
                value,
                read.expected or as_read,
                said,
            )
        )

    def _month(self, raw: RawRow, column: Column, value: Value) -> Read[Period]:
        year = self.year
        if column.field == "period":
            written = self.layout.column("year")
            if written and (
                match := re.search(r"(?:19|20)\d\d", plain(self.sheet.merged_value(raw.row, written.index)))
            ):
                year = int(match[0])
            bare = plain(value)
            if re.fullmatch(r"\d{1,2}", bare) and 1 <= int(bare) <= 12:
                return (
                    Read(Period(year, int(bare)))
                    if year
                    else Read(kind="year_missing", expected=cells.EXPECTED_MONTH)
                )
        return cells.month_of(value, year, end=column.field == "planned_finish")

    def _percent(self, raw: RawRow, column: Column, value: Value) -> Decimal | None:
        if column.index in self.fractions and isinstance(value, int | float):
            return cells.scaled_percent(Decimal(f"{value:.15g}"))
        read = cells.percent_of(value)
        self._say(raw, column, read, value, "")
        return read.value

    def _day(self, raw: RawRow, column: Column, value: Value) -> date | None:
        near: date | None = None
        if column.field == "handed_in":
            period = raw.values.get("period") or self.data.period
            near = self.near(period) if isinstance(period, Period) else None
        if near is None and self.year:
            near = date(self.year, 7, 2)
        read = cells.day_of(value, near)
        if read.kind == "cell_unreadable":
            month = cells.month_of(value, self.year)
            if month.value is not None and month.kind is None:
                self.report(
                    at_cell("day_missing", self.sheet, raw.row, column.index, column.header.text, value, cells.EXPECTED_DATE,
                            _("“{found}”只写到月份，按当月 1 日读入。").format(found=shown(value).strip()))
                )  # fmt: skip
                return month.value.first_day
        self._say(raw, column, read, value, str(read.value))
        return read.value

    def _yes_no(self, raw: RawRow, column: Column, value: Value) -> bool | None:
        bare = plain(value)
        if bare in _YES or bare in _NO:
            return bare in _YES
        if bare not in cells.BLANKS:
            self._say(raw, column, Read[bool](kind="cell_unreadable", expected=_("是或否")), value, "")
        return None

    # filling down -------------------------------------------------------------------------------

    def _fill_down(self) -> None:
        """Fill a place written only on the first row of its group, where the column is clearly so
        written: not merged, many blanks, each value in one run, none repeated on the next row."""
        for name in _FILLED_DOWN:
            column = self.layout.column(name)
            if column is None or len(self.data.rows) < 3:
                continue
            top, bottom = self.layout.bottom + 1, self.data.end
            if any(
                top <= a[0] < bottom and a[1] <= column.index <= a[3] and a[2] > a[0]
                for a in self.sheet.merged
            ):
                continue
            written = [row.values.get(name) for row in self.data.rows]
            filled = [value for value in written if value is not None]
            blanks = len(written) - len(filled)
            grouped_by_headings = any(name in row.groups for row in self.data.rows)
            if (
                not filled
                or written[0] is None
                or blanks < 0.4 * len(written)
                or len(set(filled)) < len(filled)
                or grouped_by_headings
            ):
                continue
            last, filled_rows = None, []
            groups: dict[str, str] | None = None
            for row in self.data.rows:
                if row.values.get(name) is not None:
                    last, groups = row.values[name], row.groups
                elif last is not None and row.groups == groups:
                    row.values[name] = last
                    filled_rows.append(row.row + 1)
            if filled_rows:
                self.report(
                    at_column(
                        "county_filled_down",
                        self.sheet,
                        column.letter,
                        column.header.text,
                        _("只在每组首行填写，{count} 个空格按上一行的内容读入。").format(
                            count=len(filled_rows)
                        ),
                        found=_("{count} 个空格").format(count=len(filled_rows)),
                        expected=_("每行填写，或合并单元格"),
                        cells=tuple(f"{self.sheet.name}!{column.letter}{row}" for row in filled_rows[:50]),
                    )
                )


def _key(column: Column) -> str:
    """How a row keeps the column's value: the field, with its month where the header names one."""
    return f"{column.field}.{column.month}" if column.month else str(column.field)


def _number(value: Value) -> str:
    read, _unit = cells.number_of(value)
    return f"{read.value:f}" if read.value is not None else ""
