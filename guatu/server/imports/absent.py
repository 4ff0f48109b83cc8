"""Columns that a workbook does not have: what is known stays, instead of being taken for no longer stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from guatu.portfolio.project import Project as LedgerProject
from guatu.server.portfolio.facts import FIELDS, ledger_project
from guatu.server.portfolio.queries import facts_on, ids_by_code, plans_on
from guatu.workbooks.reading import Reading

Table = tuple[str, str]
"""File and sheet."""
PLAN_FIELDS = ("planned", "planned_cumulative")


def with_absent_kept(reading: Reading, *, valid_from: date, year: int) -> Reading:
    """The reading with what is in force on `valid_from` in every field that its table says nothing of at all.

    A table says something of a field when it has a column for it, or states it for any row (a category in a
    sub-heading). An empty cell under a column stays empty. Four queries.
    """
    silent = _silent_fields(reading)
    ids = ids_by_code([row.code for row in reading.projects])
    facts = facts_on(valid_from, list(ids.values()))
    plans = plans_on(valid_from, year, list(ids.values()))
    rows = []
    for row in reading.projects:
        fields = silent.get(_table(row), ())
        identity = ids.get(row.code)
        if not fields or identity is None:
            rows.append(row)
            continue
        known = ledger_project(row.code, facts.get(identity, {}), plans.get(identity))
        rows.append(replace(row, **{field: getattr(known, field) for field in fields}))
    return replace(reading, projects=tuple(rows))


def _table(row: LedgerProject) -> Table:
    return (row.source.file, row.source.sheet) if row.source else ("", "")


def _silent_fields(reading: Reading) -> Mapping[Table, Sequence[str]]:
    """The fields of which each table says nothing."""
    named: dict[Table, set[str]] = {}
    for table in reading.tables:
        fields = named.setdefault((table.file, table.sheet), set())
        fields.update(_field_of(column.field) for column in table.columns if column.field)
    for row in reading.projects:
        named.setdefault(_table(row), set()).update(
            field for field in (*FIELDS, *PLAN_FIELDS) if _stated(getattr(row, field))
        )
    return {
        table: [field for field in (*FIELDS, *PLAN_FIELDS) if field not in fields]
        for table, fields in named.items()
    }


def _field_of(column: str) -> str:
    """The field of a project that a column fills: `planned_month.3` fills the split of the plan."""
    name = column.partition(".")[0]
    return "planned_cumulative" if name == "planned_month" else name


def _stated(value: Any) -> bool:
    return value is not None and value != "" and value != {} and value != ()
