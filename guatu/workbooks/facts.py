"""Reading declared facts out of workbooks and text tables, with every fault by its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from guatu.assessment.given import FactRow, GivenValue, Known, KnownFact
from guatu.assessment.terms import Term
from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.workbooks.cells import day_of, name_of, plain, shown, text_of
from guatu.workbooks.facts_cells import expected_units, is_blank, unit_of, value_of
from guatu.workbooks.facts_csv import SUFFIXES, open_csv
from guatu.workbooks.facts_percent import Places, percent_cells
from guatu.workbooks.facts_sources import preferred
from guatu.workbooks.facts_tables import (
    FactColumn,
    FactTable,
    Names,
    Role,
    find_table,
    is_entity_word,
    table_at,
)
from guatu.workbooks.facts_terms import term_of
from guatu.workbooks.facts_things import CITY, is_note, is_total, is_whole_or_goal
from guatu.workbooks.sheets import Sheet, Value, column_letter, digest_of, open_workbook
from guatu.workbooks.titles import units_in

FAR = 1000
"""So many times apart, the reported value and what a spot check found are not in one unit."""


@dataclass(frozen=True, slots=True)
class FactsReading:
    """What was read: the facts, the findings, and the SHA-256 of each file by its name."""

    rows: tuple[FactRow, ...]
    findings: tuple[Finding, ...]
    digests: dict[str, str]


def read_facts(
    paths: Iterable[Path | str], known: Known, *, term: Term | None = None, members: Collection[str] = ()
) -> FactsReading:
    """Read the facts that a scheme declares from .csv, .xlsx, .xls and .ods files together.

    `term` is the term of what states none, and gives its year to a term written without one. A row that
    cannot be taken refuses only itself; two different values of one fact are both refused. `members` are things that
    the scheme itself names: a row of theirs counts, also where its name looks like that of a total, a goal or a whole.
    Raises WorkbookError for a file that cannot be read at all.
    """
    reader = _Reader(known, term, frozenset(members))
    for path in paths:
        reader.read(Path(path))
    return FactsReading(tuple(reader.taken()), tuple(reader.findings), reader.digests)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a row says of all its facts."""

    entity: str
    term: Term
    source: str
    by: str
    second: str
    day: date | None
    reason: str


class _Reader:
    def __init__(self, known: Known, term: Term | None, members: frozenset[str] = frozenset()) -> None:
        self.names, self.term, self.known, self.members = Names(known), term, known, members
        self.wants_percent = any(fact.kind != "text" for fact in known.values())
        self.findings: list[Finding] = []
        self.digests: dict[str, str] = {}
        self.rows: dict[tuple[str, Term, str], FactRow] = {}
        self.contradicted: set[tuple[str, Term, str]] = set()

    def taken(self) -> Iterator[FactRow]:
        return (row for key, row in self.rows.items() if key not in self.contradicted)

    def read(self, path: Path) -> None:
        as_text = path.suffix.lower() in SUFFIXES
        sheets: Iterable[Sheet] = (open_csv(path),) if as_text else open_workbook(path)
        percents: Places | None = {} if as_text or not self.wants_percent else None
        for sheet in sheets:
            if not any(value != "" for row in sheet.rows for value in row):
                if as_text:
                    self._say_no_table(sheet)
                continue
            if percents is None:
                percents = percent_cells(path)
            table = find_table(sheet, self.names)
            if table is None:
                self._say_no_table(sheet)
            else:
                _TableReader(self, sheet, table, percents.get(sheet.name, set())).read()
        self.digests[path.name if path.name not in self.digests else str(path)] = digest_of(path)

    def keep(self, row: FactRow) -> FactRow | None:
        """Keep a fact; the earlier row where it says something else of the same fact, and no source comes first."""
        key = (row.entity, row.term, row.fact)
        earlier = self.rows.setdefault(key, row)
        if (earlier.value, earlier.checked) == (row.value, row.checked):
            return None
        known = self.known[row.fact]
        first = preferred(earlier, row, known.sources, known.kind)
        if first is not None:
            if first.source != earlier.source:
                self.contradicted.discard(key)
            self.rows[key] = first
            return None
        self.contradicted.add(key)
        return earlier

    def _say_no_table(self, sheet: Sheet) -> None:
        texts = [shown(value) for row in sheet.rows[:5] for value in row if value != ""]
        self.findings.append(
            finding(
                "facts_no_table",
                _("{place}：没有认出事实表，未读入。").format(place=_place(sheet)),
                file=sheet.file,
                sheet=sheet.name or None,
                found=" ".join(texts)[:80],
                expected=_("含有“对象”“事实”“数值”的表头，或含有对象列和事实名称的表头"),
            )
        )


def _place(sheet: Sheet, row: int | None = None, column: int | None = None) -> str:
    """A place for people; a text table has no sheets, so its file is named."""
    words = [_("工作表“{sheet}”").format(sheet=sheet.name) if sheet.name else f"“{sheet.file}”"]
    if row is not None:
        words.append(_("第 {row} 行").format(row=row + 1))
    if column is not None:
        words.append(_("{letter} 列").format(letter=column_letter(column)))
    return " ".join(words)


class _TableReader:
    """Reads the rows of one table of one sheet."""

    def __init__(
        self, reader: _Reader, sheet: Sheet, table: FactTable, percents: set[tuple[int, int]]
    ) -> None:
        self.reader, self.sheet, self.table, self.percents = reader, sheet, table, percents
        self.term = term_of(sheet.name, reader.term) or reader.term
        above = [value for row in sheet.rows[: table.header] for value in row if isinstance(value, str)]
        stated = units_in(above)
        self.money_unit = stated[0] if len(stated) == 1 else ""
        self.units: dict[tuple[str, str], str | None] = {}
        self.unknown: dict[str, int] = {}
        self.prefix = f"{sheet.file} {sheet.name}!" if sheet.name else f"{sheet.file} "

    def read(self) -> None:
        sheet, table = self.sheet, self.table
        if table.entity is None:
            self.say("entity_missing", table.header, None, None, _("表头中没有对象列，该表未读入。"))
            return
        if self.term is None and not table.terms:
            self.say("term_missing", table.header, None, None, _("表中没有写明期别，该表未读入。"))
            return
        columns = [] if table.long else self._fact_columns()
        marks = sheet.marks
        if sheet.hidden:
            self.say("hidden_sheet", None, None, None, _("工作表是隐藏的，其中的数据照常读入。"))
        for column in columns:
            if column.index in marks.hidden_columns:
                self.say("hidden_column", None, column.index, None, _("该列是隐藏的，数据照常计入。"))
        for row in range(table.header + 1, len(sheet.rows)):
            cells = sheet.rows[row]
            named = cells[table.entity]
            if isinstance(named, str) and named and is_entity_word(named):
                further = table_at(sheet, row, self.reader.names)
                if further:
                    _TableReader(self.reader, sheet, further, self.percents).read()
                    return
            if self._passed_over(row, cells):
                continue
            given = self._long_facts(row) if table.long else self._wide_facts(row, columns)
            if given and row in marks.hidden_rows:
                self.say("hidden_row", row, None, None, _("该行是隐藏的，数据照常计入。"))

    # rows ---------------------------------------------------------------------------------------

    def _passed_over(self, row: int, cells: list[Value]) -> bool:
        """Whether the row is empty, a note, a signature, or the total of others, which is no thing."""
        for value in cells[: (self.table.entity or 0) + 1]:
            if not isinstance(value, str) or not value:
                continue
            if is_note(value):
                return True
            if is_total(value) and _name(value) not in self.reader.members:
                if any(not is_blank(cell) for cell in cells if cell is not value):
                    self.say("facts_total_row", row, None, value, _("合计或平均行不是考核对象，未读入。"))
                return True
        return not any(cells)

    def _cell(self, row: int, column: int) -> Value:
        value = self.sheet.rows[row][column]
        return self.sheet.merged_value(row, column) if value == "" and self.sheet.merged_at else value

    def _text(self, row: int, role: Role) -> str:
        column = self.table.roles.get(role)
        return "" if column is None else _kept(self._cell(row, column)) or ""

    def _long_facts(self, row: int) -> bool:
        roles = self.table.roles
        cell = self.sheet.rows[row][roles["value"]]
        checked = roles.get("checked")
        named = self._cell(row, roles["fact"])
        if is_blank(named) and is_blank(cell):
            return False
        fact = self.reader.names.find(shown(named))
        if fact is None:
            self._say_unknown(row, roles["fact"], shown(named))
            return False
        if not self._filled(row, roles["value"]) and (checked is None or not self._filled(row, checked)):
            return False
        if not self._about_things(row, [fact]):
            return False
        shared = self._shared(row)
        if shared is None:
            return False
        at = roles.get("unit")
        stated = "" if at is None else text_of(self._cell(row, at)) or ""
        unit = self._unit(fact, stated)
        if unit is None:
            self._say_unit(row, at, stated, fact)
            return False
        return self._take(
            row, fact, shared, (roles["value"], unit), None if checked is None else (checked, unit)
        )

    def _wide_facts(self, row: int, columns: list[FactColumn]) -> bool:
        filled = [column for column in columns if self._filled(row, column.index)]
        about = self._about_things(row, [column.fact for column in filled if column.fact])
        filled = [column for column in filled if column.fact in about]
        if not filled:
            return False
        shared = self._shared(row)
        if shared is None:
            return False
        taken = False
        checks = {column.fact.id: column for column in filled if column.fact and column.checked}
        stated = {column.fact.id for column in filled if column.fact and not column.checked}
        for column in filled:
            fact = column.fact
            if fact is None or (column.checked and fact.id in stated):
                continue
            found = checks.get(fact.id)
            check = (found.index, self._unit(fact, found.unit) or "") if found else None
            value = None if column.checked else (column.index, self._unit(fact, column.unit) or "")
            taken |= self._take(row, fact, shared, value, check)
        return taken

    def _about_things(self, row: int, facts: list[KnownFact]) -> list[KnownFact]:
        """The facts that a row hands in of a thing: all, unless its name is that of a whole or of a goal. Under 全市
        those of the city alone."""
        named = _name(self._cell(row, self.table.entity or 0))
        if not facts or named is None or named in self.reader.members or not is_whole_or_goal(named):
            return facts
        taken = [fact for fact in facts if named == CITY and fact.entity == "city"]
        if left := dict.fromkeys(fact.name for fact in facts if fact not in taken):
            self.say("facts_total_row", row, self.table.entity, named, _(
                "“{entity}”不是考核对象，这一行的{facts}未读入。").format(
                    entity=named, facts="、".join(f"“{name}”" for name in left)))  # fmt: skip
        return taken

    def _filled(self, row: int, column: int) -> bool:
        value = self.sheet.rows[row][column]
        return (row, column) in self.sheet.marks.errors if value == "" else not is_dash(value)

    def _shared(self, row: int) -> _Shared | None:
        """What the row says of all its facts; None, and a finding, where it names no thing or no term."""
        table = self.table
        column = table.entity or 0
        entity = _name(self._cell(row, column))
        if entity is None:
            self.say("entity_missing", row, column, "", _("没有写明对象，该行未读入。"))
        term = self._term(row)
        if entity is None or term is None:
            return None
        day = None
        at = table.roles.get("day")
        if at is not None:
            cell = self._cell(row, at)
            read = day_of(cell, None)
            day = read.value
            if day is None and read.kind:
                kind = "date_impossible" if read.kind == "date_impossible" else "cell_unreadable"
                self.say(kind, row, at, cell, _("日期读不出，按未写日期读入。"), _("日期，如 2023-09-30"))
        texts = {role: self._text(row, role) for role in ("source", "by", "second", "reason")}
        return _Shared(entity, term, day=day, **texts)

    def _term(self, row: int) -> Term | None:
        near, found = self.term, None
        for column, kind in self.table.terms:
            cell = self._cell(row, column)
            if is_blank(cell):
                continue
            found = term_of(cell, near, kind)
            if found is None:
                self.say(
                    "term_unreadable",
                    row,
                    column,
                    cell,
                    _("期别读不出，该行未读入。"),
                    _("2023-09、2023Q3、2023H1、2023 或 2023年三季度"),
                )
                return None
            near = found
        if found is None and self.term is None:
            self.say("term_missing", row, self.table.terms[0][0], "", _("没有写明期别，该行未读入。"))
        return found or self.term

    # facts --------------------------------------------------------------------------------------

    def _take(
        self,
        row: int,
        fact: KnownFact,
        shared: _Shared,
        value: tuple[int, str] | None,
        checked: tuple[int, str] | None,
    ) -> bool:
        """Take one fact: the column and unit of its value and of what a spot check found."""
        given = self._value(row, fact, value) if value else (None, True)
        check = self._value(row, fact, checked) if checked else (None, True)
        if not given[1] or not check[1]:
            return False
        column = value[0] if value else checked[0] if checked else 0
        if given[0] is None:
            if check[0] is not None:
                said = _("“{fact}”只有核查值，没有填报值，未读入。").format(fact=fact.name)
                self.say("fact_unreadable", row, column, "", said, _("填报值"))
            return False
        if fact.needs_reason and not (shared.by and shared.reason):
            missing = [
                word for word, text in ((_("填报人"), shared.by), (_("理由"), shared.reason)) if not text
            ]
            said = _("“{fact}”须写明填报人和理由，未读入。").format(fact=fact.name)
            self.say("mark_without_reason", row, column, "", said, "、".join(missing))
            return False
        if fact.kind == "mark" and shared.second and plain(shared.second) == plain(shared.by):
            said = _("“{fact}”的打分人与复核人是同一人，未读入。").format(fact=fact.name)
            expected = _("与填报人不同的复核人")
            self.say("mark_same_person", row, self.table.roles["second"], shared.second, said, expected)
            return False
        if _far_off(given[0], check[0]) and checked is not None:
            said = _("“{fact}”的核查值与填报值相差一千倍以上。").format(fact=fact.name)
            cell = self.sheet.rows[row][checked[0]]
            self.say("checked_far_off", row, checked[0], cell, said, _("与填报值同一单位的数"))
        taken = FactRow(
            shared.entity,
            shared.term,
            fact.id,
            given[0],
            check[0],
            shared.source,
            shared.by,
            shared.second,
            shared.day,
            shared.reason,
            f"{self.prefix}{column_letter(column)}{row + 1}",
        )
        earlier = self.reader.keep(taken)
        if earlier:
            said = _("“{entity}”{term}的“{fact}”与 {earlier} 所填不同，两处都未读入。").format(
                entity=taken.entity, term=taken.term.label, fact=fact.name, earlier=earlier.place
            )
            cell = self.sheet.rows[row][column]
            self.say("fact_twice", row, column, cell, said, _("只填一次"), cells=(earlier.place,))
        return earlier is None

    def _value(self, row: int, fact: KnownFact, at: tuple[int, str]) -> tuple[GivenValue | None, bool]:
        """The value of a cell (None for a blank), and whether the cell could be read."""
        column, unit = at
        cell = self.sheet.marks.errors.get((row, column)) or self.sheet.rows[row][column]
        value, fault = value_of(cell, fact, unit, in_percent=(row, column) in self.percents)
        if fault:
            said = _("“{fact}”的{said}").format(fact=fact.name, said=fault.said)
            self.say(fault.kind, row, column, cell, said, fault.expected)
        return value, fault is None

    def _unit(self, fact: KnownFact, stated: str) -> str | None:
        key = (fact.id, stated)
        if key not in self.units:
            default = self.money_unit if fact.kind == "money" else ""
            self.units[key] = unit_of(stated or default, fact)
        return self.units[key]

    def _fact_columns(self) -> list[FactColumn]:
        """The columns that can be read; a finding for each filled one that cannot."""
        readable = []
        for column in self.table.facts:
            if column.fact and self._unit(column.fact, column.unit) is not None:
                readable.append(column)
            elif any(
                self._filled(row, column.index) for row in range(self.table.header + 1, len(self.sheet.rows))
            ):
                if column.fact:
                    self._say_unit(self.table.header, column.index, column.unit, column.fact)
                else:
                    self._say_unknown(self.table.header, column.index, column.name)
        return readable

    # findings -----------------------------------------------------------------------------------

    def say(
        self,
        kind: str,
        row: int | None,
        column: int | None,
        found: Value | None,
        said: str,
        expected: str | None = None,
        **more: Any,
    ) -> None:
        sheet = self.sheet
        header = None if column is None else shown(sheet.value(self.table.header, column)).strip() or None
        self.reader.findings.append(
            finding(
                kind,
                f"{_place(sheet, row, column)}：{said}",
                file=sheet.file,
                sheet=sheet.name or None,
                row=None if row is None else row + 1,
                column=None if column is None else column_letter(column),
                header=header,
                found=None if found is None else shown(found),
                expected=expected,
                **more,
            )
        )

    def _say_unknown(self, row: int, column: int, name: str) -> None:
        """A name that is no known fact, said once a table; the other cells that hold it are listed."""
        cell = f"{column_letter(column)}{row + 1}"
        place = f"{self.sheet.name}!{cell}" if self.sheet.name else cell
        if name in self.unknown:
            index = self.unknown[name]
            said = self.reader.findings[index]
            self.reader.findings[index] = replace(said, cells=(*said.cells, place))
            return
        self.unknown[name] = len(self.reader.findings)
        near = self.reader.names.near(name)
        if near:
            said_of_it = _("“{name}”不是方案声明的事实，未读入；最接近的是 {near}。").format(
                name=name, near=near
            )
        else:
            said_of_it = _("“{name}”不是方案声明的事实，未读入。").format(name=name)
        self.say("fact_unknown", row, column, name, said_of_it, near or _("方案声明的事实编号或名称"))

    def _say_unit(self, row: int, column: int | None, stated: str, fact: KnownFact) -> None:
        said = _("“{unit}”不是“{fact}”的单位，未读入。").format(unit=stated, fact=fact.name)
        self.say("unit_unknown", row, column, stated, said, expected_units(fact))


@lru_cache(maxsize=20_000, typed=True)
def _kept(value: Value) -> str | None:
    return text_of(value)


@lru_cache(maxsize=20_000, typed=True)
def _name(value: Value) -> str | None:
    return name_of(value)


@lru_cache(maxsize=20_000, typed=True)
def is_dash(value: Value) -> bool:
    """Whether a cell holds nothing but dashes or white space."""
    return isinstance(value, str) and plain(value) in ("", "-", "--", "—", "——", "–", "―")


def _far_off(value: GivenValue | None, checked: GivenValue | None) -> bool:
    """Whether what a spot check found is so far from what was reported that a unit must be wrong."""
    if not isinstance(value, Fraction) or not isinstance(checked, Fraction) or not value or not checked:
        return False
    return not Fraction(1, FAR) < abs(checked / value) < FAR
