"""Finding the tables of a workbook: where each begins and ends, its year, its month and its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.values import Period
from guatu.workbooks import titles
from guatu.workbooks.beside import parts_of
from guatu.workbooks.cells import plain, shown
from guatu.workbooks.fields import Dictionary
from guatu.workbooks.heads import year_of_days
from guatu.workbooks.layout import Layout, cut_after, find_header, first_title_row, layout_of
from guatu.workbooks.mapping import Mapping, TableMapping
from guatu.workbooks.places import at_sheet
from guatu.workbooks.reading import SubtotalRead, TableKind
from guatu.workbooks.records import Surroundings, supplied_by_sheet
from guatu.workbooks.sheets import Sheet, open_workbook
from guatu.workbooks.table import TableData


@dataclass(slots=True)
class FoundTable:
    """A table found in a sheet, before its rows are read."""

    sheet: Sheet
    layout: Layout
    titles: list[str]
    below: list[str]
    asked: TableMapping
    lines: list[str]
    """The rows above the header, each as one text: a unit may stand apart from its word."""
    year: int | None = None
    data: TableData | None = None
    sums: tuple[SubtotalRead, ...] = ()
    around: Surroundings = field(default_factory=Surroundings)


class TableFinder:
    """Finds the tables of files, by the words of the field dictionary and by what a mapping file says of them."""

    def __init__(self, mapping: Mapping, dictionary: Dictionary, say: Callable[[Finding], None]) -> None:
        self.mapping, self.dictionary, self._say = mapping, dictionary, say
        self.spoken_of: set[str | None] = set()

    def say(self, said: Finding) -> None:
        self.spoken_of.add(said.file)
        self._say(said)

    def tables_of(self, path: Path) -> list[FoundTable]:
        """The tables of one file, each with its year and with what the name of its sheet supplies."""
        found: list[FoundTable] = []
        for sheet in open_workbook(path):
            asked = self.mapping.table(sheet.file, sheet.name)
            filled = any(value != "" for row in sheet.rows for value in row)
            if asked.skip or not filled:
                continue
            if sheet.hidden:
                self.say(
                    at_sheet(
                        "hidden_sheet", sheet, _("工作表是隐藏的，其中的数据照常读入。"), found=_("隐藏")
                    )
                )
            parts = parts_of(sheet, self.dictionary, self._words(sheet, None))
            tables = [table for part in parts for table in self._tables_in(part)]
            if not tables:
                texts = [shown(v) for row in sheet.rows[:5] for v in row if v != ""]
                self.say(
                    at_sheet(
                        "no_table",
                        sheet,
                        _("没有认出项目表，未读入。"),
                        found=" ".join(texts)[:80],
                        expected=_("含有“项目名称”等列名的表头"),
                    )
                )
            found += tables
        if not found and path.name not in self.spoken_of:
            text = _("文件“{file}”是空的，没有一张表。").format(file=path.name)
            self.say(finding("no_table", text, file=path.name, expected=_("含有“项目名称”等列名的表头")))
        self._sheet_names(found)
        self._years(path, found)
        return found

    def _tables_in(self, sheet: Sheet) -> list[FoundTable]:
        tables: list[FoundTable] = []
        start = 0
        while True:
            words = self._words(sheet, None)
            place = find_header(sheet, start, self.dictionary, words)
            if place is None:
                return tables
            top, bottom = place
            layout = layout_of(sheet, top, bottom, self.dictionary, words)
            headers = frozenset(
                plain(part) for c in layout.columns for part in (c.header.text, c.header.path)
            )
            asked = self.mapping.table(sheet.file, sheet.name, headers)
            if asked.columns and dict(asked.columns) != words:
                layout = layout_of(sheet, top, bottom, self.dictionary, self._words(sheet, headers))
            if asked.kind:
                layout.kind = asked.kind
            above = [shown(v) for row in sheet.rows[start:top] for v in row if v != ""]
            lines = ["".join(shown(v) for v in row) for row in sheet.rows[start:top]]
            layout.end = end = self._end_of(sheet, layout)
            below = [
                shown(v)
                for row in sheet.rows[max(bottom + 1, end - 25) : end]
                for v in row
                if isinstance(v, str) and len(v) > 3
            ]
            tables.append(FoundTable(sheet, layout, above, below, asked, lines))
            start = end
            if start >= len(sheet.rows):
                return tables

    def _words(self, sheet: Sheet, headers: frozenset[str] | None) -> dict[str, str]:
        entry = self.mapping.table(sheet.file, sheet.name, headers)
        return {re.sub(r"\s+", "", header): name for header, name in entry.columns.items()}

    def _end_of(self, sheet: Sheet, layout: Layout) -> int:
        """Where the next table of another form begins, or the end of the sheet."""
        own = layout.signature
        row = layout.bottom + 1
        name = layout.column("name") or layout.column("code")
        while row < len(sheet.rows):
            texts = [v for v in sheet.rows[row] if isinstance(v, str) and len(v) <= 14]
            if len(texts) >= 3 and any("名称" in v or "代码" in v or "编号" in v for v in texts):
                place = find_header(cut_after(sheet, row), row, self.dictionary, self._words(sheet, None))
                if place and place[0] <= row <= place[1] and name is not None:
                    other = layout_of(sheet, *place, self.dictionary, self._words(sheet, None))
                    if other.signature != own and other.kind is not TableKind.UNKNOWN:
                        return first_title_row(sheet, layout.bottom + 1, place[0])
                    row = place[1]
            row += 1
        return len(sheet.rows)

    def _sheet_names(self, found: list[FoundTable]) -> None:
        """Let a sheet's name supply the county, category or stage of its rows: a place always, the
        others where several sheets have the same form."""
        for table in found:
            supplied = supplied_by_sheet(table.sheet.name)
            alike = {other.sheet.name for other in found if other.layout.signature == table.layout.signature}
            if len(alike) < 2:
                supplied = {name: label for name, label in supplied.items() if name == "county"}
            table.around.from_sheet = supplied

    def _years(self, path: Path, found: list[FoundTable]) -> None:
        for table in found:
            years = titles.years_in(titles.undated(table.titles))
            from_headers = [c.header.year for c in table.layout.columns if c.header.year]
            candidates = [*years[:1], *from_headers, *titles.years_in([table.sheet.name])]
            table.year = table.asked.year or (candidates[0] if candidates else None)
            if table.year is None:
                months = titles.column_months(c.month for c in table.layout.columns)
                said = titles.period_of(None, table.titles, table.sheet.name, months)[1]
                table.year = titles.year_of_papers(table.titles, [month for _where, month in said])
        known = {table.year for table in found if table.year}
        for table in found:
            if table.year is None and len(known) == 1:
                table.year = next(iter(known))
            if table.year is None:
                table.year = year_of_days(table.sheet, table.layout) or next(
                    iter(titles.years_in([path.stem])), None
                )

    def unit(self, table: FoundTable) -> str | None:
        """The unit of money that a table states for all of it; None where it states none, or several."""
        if table.asked.unit:
            return table.asked.unit
        for units in (
            titles.units_in(table.titles) or titles.units_in(table.lines),
            [unit] if (unit := titles.unit_in_name(table.sheet.name)) else [],
            titles.units_in(table.below, notes=True),
        ):
            if len(units) == 1:
                return units[0]
            if units:
                return None
        return None

    def period(self, table: FoundTable) -> Period | None:
        """The month of a report table; None with a finding where it is unclear or unstated."""
        layout = table.layout
        months = titles.column_months(c.month for c in layout.columns)
        if layout.kind is not TableKind.REPORTS or layout.column("period") or len(months) > 1:
            return None
        if table.asked.period:
            return table.asked.period
        period, said = titles.period_of(table.year, table.titles, table.sheet.name, months)
        if not said:
            period, said = titles.period_of(table.year, [], Path(table.sheet.file).stem, [])
        if (
            said
            and period
            and all(titles.part_of_year(text) for text, _month in said)
            and layout.column("invested_month")
        ):
            period = None
        if period is None:
            if table.year is None:
                self.say(
                    at_sheet(
                        "year_missing",
                        table.sheet,
                        _("月报表找不到年份，未读入。"),
                        row=layout.top + 1,
                        found=" ".join(table.titles)[:80],
                        expected=_("表题写明年份，如“2023年9月”"),
                    )
                )
            else:
                found = "；".join(
                    _("“{text}”是 {month} 月").format(text=text, month=month) for text, month in said
                )
                self.say(
                    at_sheet(
                        "period_unclear",
                        table.sheet,
                        _("月报表的月份没有写明，或几处不一致，未读入。"),
                        row=layout.top + 1,
                        found=found or _("没有写明月份"),
                        expected=_("一个月份"),
                    )
                )
        return period
