"""Reading whole workbooks: any office's ledger and monthly reports, without knowing its scheme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.checks import check_projects
from guatu.portfolio.project import Project
from guatu.reporting.checks import check_reports
from guatu.reporting.report import Report
from guatu.reporting.settings import DEFAULT_SETTINGS, CheckSettings
from guatu.reporting.told import Due
from guatu.values import Period
from guatu.workbooks import cells, titles
from guatu.workbooks.beside import parts_of
from guatu.workbooks.cells import plain, shown
from guatu.workbooks.cumulative import with_cumulative
from guatu.workbooks.fields import Dictionary, load_dictionary
from guatu.workbooks.heads import places_of, say_missing_columns, say_supplied, stage_in, year_of_days
from guatu.workbooks.identity import (
    known_reports,
    one_report_per_month,
    one_row_per_code,
    propose_aliases,
    refuse_without_code,
    say_what_is_left_open,
)
from guatu.workbooks.layout import (
    Layout,
    cut_after,
    find_header,
    first_title_row,
    layout_of,
    states_projects,
)
from guatu.workbooks.mapping import Mapping, TableMapping
from guatu.workbooks.places import at_sheet
from guatu.workbooks.reading import ColumnRead, Reading, SubtotalRead, TableKind, TableRead
from guatu.workbooks.records import Surroundings, day_near, project_of, reports_of, supplied_by_sheet
from guatu.workbooks.remarks import say_categories_from_sheets, say_remarks
from guatu.workbooks.rows import RowKind
from guatu.workbooks.sheets import Sheet, column_letter, digest_of, open_workbook
from guatu.workbooks.sums import hold_sums
from guatu.workbooks.table import TableData, TableReader

Progress = Callable[[int, Sequence[Finding]], None]
"""Called as reading goes on: rows read so far, and the findings since the last call."""


@dataclass(slots=True)
class _Found:
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


def read_workbooks(
    paths: Iterable[Path | str],
    *,
    mapping: Mapping | None = None,
    settings: CheckSettings = DEFAULT_SETTINGS,
    progress: Progress | None = None,
    due: Due | None = None,
) -> Reading:
    """Read workbooks together: tables as understood, projects, reports, and every finding.

    The findings hold those of the rows' checks (`check_projects`, `check_reports`) as well. `due` is
    the day a report is due; without it the day that the report form itself asks for, if it does.
    Raises WorkbookError for a file that cannot be read at all.
    """
    reader = _Reader(mapping or Mapping(), settings, progress, due)
    return reader.read([Path(path) for path in paths])


class _Reader:
    def __init__(
        self, mapping: Mapping, settings: CheckSettings, progress: Progress | None, due: Due | None
    ) -> None:
        self.mapping, self.settings, self.progress, self.due = mapping, settings, progress, due
        self.dictionary: Dictionary = load_dictionary(mapping.synonyms)
        self.findings: list[Finding] = []
        self.told = 0
        self.rows = 0
        self.due_day: int | None = None

    def say(self, said: Finding) -> None:
        self.findings.append(said)

    def tell(self, rows: int) -> None:
        self.rows += rows
        if self.progress:
            self.progress(self.rows, self.findings[self.told :])
            self.told = len(self.findings)

    def read(self, paths: list[Path]) -> Reading:
        digests: dict[str, str] = {}
        tables: list[_Found] = []
        for path in paths:
            found = self._tables_of(path)
            digests[path.name] = digest_of(path)
            self._years(path, found)
            for table in found:
                self._read_table(table)
            tables += found
        return self._together(digests, tables)

    # one file -----------------------------------------------------------------------------------

    def _tables_of(self, path: Path) -> list[_Found]:
        found: list[_Found] = []
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
        if not found and not any(said.file == path.name for said in self.findings):
            text = _("文件“{file}”是空的，没有一张表。").format(file=path.name)
            self.say(finding("no_table", text, file=path.name, expected=_("含有“项目名称”等列名的表头")))
        self._sheet_names(found)
        return found

    def _tables_in(self, sheet: Sheet) -> list[_Found]:
        tables: list[_Found] = []
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
            tables.append(_Found(sheet, layout, above, below, asked, lines))
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

    def _sheet_names(self, found: list[_Found]) -> None:
        """Let a sheet's name supply the county, category or stage of its rows: a place always, the
        others where several sheets have the same form."""
        for table in found:
            supplied = supplied_by_sheet(table.sheet.name)
            alike = {other.sheet.name for other in found if other.layout.signature == table.layout.signature}
            if len(alike) < 2:
                supplied = {name: label for name, label in supplied.items() if name == "county"}
            table.around.from_sheet = supplied

    def _years(self, path: Path, found: list[_Found]) -> None:
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

    def _unit(self, table: _Found) -> str | None:
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

    def _period(self, table: _Found) -> Period | None:
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

    def _read_table(self, table: _Found) -> None:
        sheet, layout = table.sheet, table.layout
        period = self._period(table)
        self.due_day = self.due_day or titles.due_day_in(table.titles)
        due = self.due
        reader = TableReader(
            sheet, layout, self.dictionary,
            unit=self._unit(table), units={re.sub(r"\s+", "", k): v for k, v in table.asked.units.items()},
            year=table.year, period=period, report=self.say,
            near=due if due else lambda month: day_near(month, self.due_day),
        )  # fmt: skip
        for rows in reader.read(frozenset(plain(text) for text in table.titles)):
            self.tell(rows)
        table.data = data = reader.data
        if table.asked.code:
            self._chosen_code(data, table.asked.code)
        if layout.kind is TableKind.UNKNOWN:
            said = _("有项目名称，但没有认出投资、计划或完成的列，用途不明，各行未读入。")
            self.say(
                at_sheet(
                    "no_table",
                    sheet,
                    said,
                    row=layout.bottom + 1,
                    found="、".join(c.header.text for c in layout.columns)[:80],
                    expected=_("总投资、年度计划或累计完成等列"),
                )
            )
        elif not data.rows:
            self.say(at_sheet("no_rows", sheet, _("认出了表头，但没有一行项目。"), row=layout.bottom + 1))
        say_remarks(data, self.say)
        money = [c for c in layout.columns if c.field and self.dictionary.kind(c.field) == "money"]
        table.sums = hold_sums(data, money, self.say)
        self.tell(0)

    def _chosen_code(self, data: TableData, header: str) -> None:
        """Take the column that the office names as the code, even its name column."""
        column = next(
            (c for c in data.layout.columns if plain(header) in (plain(c.header.text), plain(c.header.path))),
            None,
        )
        if column is None:
            return
        for raw in data.rows:
            if (code := cells.name_of(data.sheet.merged_value(raw.row, column.index))) is not None:
                raw.values["code"] = code
                raw.letters["code"], raw.headers["code"] = column.letter, column.header.text

    # all files together -------------------------------------------------------------------------

    def _together(self, digests: dict[str, str], tables: list[_Found]) -> Reading:
        aliases = {
            **titles.aliases_in(text for t in tables if t.data for text in [*t.titles, *t.data.notes]),
            **self.mapping.counties,
        }
        around: dict[int, Surroundings] = {}
        for table in tables:
            table.around.aliases = aliases
            around[id(table.data)] = table.around
        self._supplied_by_heads(tables)
        data = [table.data for table in tables if table.data]
        refuse_without_code(data, lambda d: around[id(d)], self.say)
        ledger = any(d.kind is TableKind.LEDGER for d in data)
        projects: list[Project] = []
        seen: set[str] = set()
        entries = []
        for d in data:
            combined = d.kind is TableKind.REPORTS and not ledger and states_projects(d.layout)
            if d.kind in (TableKind.LEDGER, TableKind.PRELIMINARY) or combined:
                for raw in d.rows:
                    if raw.refused:
                        continue
                    project = project_of(raw, d, around[id(d)])
                    if combined and project.code in seen:
                        continue
                    seen.add(project.code)
                    say_what_is_left_open(raw, d, project, self.say)
                    entries.append((raw, d, project))
        from_sheets = {id(t.data): t.around.from_sheet.get("category") for t in tables}
        say_categories_from_sheets(data, from_sheets, self.say)
        projects = one_row_per_code(entries, self.say)
        reports = self._reports(data, around, {p.code: p.name for p in projects})
        propose_aliases(data, projects, reports, self.say)
        due = self.due
        if due is None and self.due_day is not None:
            due = lambda month: day_near(month, self.due_day)  # noqa: E731
        self.findings += _with_headers(check_projects(projects, self.settings), tables)
        self.findings += check_reports(projects, reports, self.settings, due)
        self.tell(0)
        return Reading(
            digests=digests,
            tables=tuple(_table_read(table) for table in tables if table.data),
            projects=tuple(projects),
            reports=tuple(reports),
            findings=tuple(dict.fromkeys(self.findings)),
            aliases=aliases,
            due_day=self.due_day,
        )

    def _supplied_by_heads(self, tables: list[_Found]) -> None:
        """Let titles and file names supply a county or stage that a table gives in no other way."""
        places = places_of(
            [(t.data, t.titles) for t in tables if t.data and "county" not in t.around.from_sheet]
        )
        alone = all(t.data is None or t.data.kind is TableKind.REPORTS for t in tables)
        for table in tables:
            data, supplied = table.data, dict(table.around.from_sheet)
            if data is None:
                continue
            if (place := places.get(id(data))) and any("county" not in row.groups for row in data.rows):
                supplied["county"] = place
                say_supplied(data, supplied, self.say)
            if not data.layout.has("stage") and (stage := stage_in(table.titles)):
                supplied.setdefault("stage", stage)
            table.around.from_sheet = supplied
            if data.kind is TableKind.LEDGER or (alone and states_projects(data.layout)):
                say_missing_columns(data, supplied, self.say)

    def _reports(
        self, data: list[TableData], around: dict[int, Surroundings], known: dict[str, str]
    ) -> list[Report]:
        entries = []
        for d in data:
            if d.kind is not TableKind.REPORTS:
                continue
            months = titles.column_months(c.month for c in d.layout.columns)
            if len(months) > 1:
                months = [m for m in months if any(raw.by_month.get(m) for raw in d.rows)]
                if d.year is None:
                    self.say(
                        at_sheet(
                            "year_missing",
                            d.sheet,
                            _("分月列找不到年份，未读入。"),
                            expected=_("表题写明年份"),
                        )
                    )
            else:
                months = []
            for raw in d.rows:
                if not raw.refused:
                    entries += [(raw, d, report) for report in reports_of(raw, d, around[id(d)], months)]
        once = one_report_per_month(known_reports(entries, known, self.say), self.say)
        return with_cumulative(once, self.say)


def _with_headers(findings: Iterable[Finding], tables: Sequence[_Found]) -> list[Finding]:
    """The findings about projects with the header of their column, which a project does not keep."""
    headers = {
        (t.sheet.file, t.sheet.name, c.letter): c.header.text for t in tables for c in t.layout.columns
    }
    return [
        replace(said, header=headers.get((said.file, said.sheet or "", said.column or "")))
        for said in findings
    ]


def _table_read(table: _Found) -> TableRead:
    data = table.data
    assert data is not None
    sheet, layout = data.sheet, data.layout
    rows = range(layout.top, data.end)
    return TableRead(
        file=sheet.file,
        sheet=sheet.name,
        kind=layout.kind,
        header_rows=tuple(range(layout.top + 1, layout.bottom + 2)),
        first_row=layout.bottom + 2,
        last_row=data.end,
        unit=data.unit,
        period=str(data.period) if data.period else None,
        columns=tuple(
            ColumnRead(
                letter=c.letter,
                header=c.header.text,
                field=f"{c.field}.{c.month}" if c.field and c.month and _wide(layout) else c.field,
                confidence=c.confidence,
                unit=c.unit,
                reason=c.reason,
                hidden=c.hidden,
                path=c.header.path,
            )
            for c in layout.columns
        ),
        rows=len(data.rows),
        refused=sum(1 for raw in data.rows if raw.refused),
        subtotals=table.sums,
        groups=tuple((row.index + 1, row.label) for row in data.sorted_rows if row.kind is RowKind.GROUP),
        hidden_rows=tuple(row + 1 for row in sorted(sheet.marks.hidden_rows) if row in rows),
        hidden_columns=tuple(column_letter(c) for c in sorted(sheet.marks.hidden_columns) if c < sheet.width),
        comments=tuple(
            (f"{column_letter(c)}{r + 1}", text)
            for (r, c), text in sorted(sheet.marks.comments.items())
            if r in rows
        ),
        title=table.titles[0].strip() if table.titles else None,
        year=data.year,
        notes=tuple(data.notes),
    )


def _wide(layout: Layout) -> bool:
    return len(titles.column_months(c.month for c in layout.columns)) > 1
