"""Reading whole workbooks: any office's ledger and monthly reports, without knowing its scheme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.checks import check_projects
from guatu.portfolio.project import Project
from guatu.reporting.checks import check_reports
from guatu.reporting.report import Report
from guatu.reporting.settings import DEFAULT_SETTINGS, CheckSettings
from guatu.reporting.told import Due
from guatu.workbooks import cells, titles
from guatu.workbooks.cells import plain
from guatu.workbooks.cumulative import with_cumulative
from guatu.workbooks.fields import Dictionary, load_dictionary
from guatu.workbooks.find_tables import FoundTable, TableFinder
from guatu.workbooks.heads import places_of, say_missing_columns, say_supplied, stage_in
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
    states_projects,
)
from guatu.workbooks.mapping import Mapping
from guatu.workbooks.places import at_sheet
from guatu.workbooks.reading import ColumnRead, Reading, TableKind, TableRead
from guatu.workbooks.records import Surroundings, day_near, project_of, reports_of
from guatu.workbooks.remarks import say_categories_from_sheets, say_remarks
from guatu.workbooks.rows import RowKind
from guatu.workbooks.sheets import column_letter, digest_of
from guatu.workbooks.sums import hold_sums
from guatu.workbooks.table import TableData, TableReader

Progress = Callable[[int, Sequence[Finding]], None]
"""Called as reading goes on: rows read so far, and the findings since the last call."""


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
        self.finder = TableFinder(mapping, self.dictionary, self.say)

    def say(self, said: Finding) -> None:
        self.findings.append(said)

    def tell(self, rows: int) -> None:
        self.rows += rows
        if self.progress:
            self.progress(self.rows, self.findings[self.told :])
            self.told = len(self.findings)

    def read(self, paths: list[Path]) -> Reading:
        digests: dict[str, str] = {}
        tables: list[FoundTable] = []
        for path in paths:
            found = self.finder.tables_of(path)
            digests[path.name] = digest_of(path)
            for table in found:
                self._read_table(table)
            tables += found
        return self._together(digests, tables)

    def _read_table(self, table: FoundTable) -> None:
        sheet, layout = table.sheet, table.layout
        period = self.finder.period(table)
        self.due_day = self.due_day or titles.due_day_in(table.titles)
        due = self.due
        reader = TableReader(
            sheet, layout, self.dictionary,
            unit=self.finder.unit(table), units={re.sub(r"\s+", "", k): v for k, v in table.asked.units.items()},
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

    def _together(self, digests: dict[str, str], tables: list[FoundTable]) -> Reading:
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

    def _supplied_by_heads(self, tables: list[FoundTable]) -> None:
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


def _with_headers(findings: Iterable[Finding], tables: Sequence[FoundTable]) -> list[Finding]:
    """The findings about projects with the header of their column, which a project does not keep."""
    headers = {
        (t.sheet.file, t.sheet.name, c.letter): c.header.text for t in tables for c in t.layout.columns
    }
    return [
        replace(said, header=headers.get((said.file, said.sheet or "", said.column or "")))
        for said in findings
    ]


def _table_read(table: FoundTable) -> TableRead:
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
