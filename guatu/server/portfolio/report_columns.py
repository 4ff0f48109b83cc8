"""The columns of the ledger's workbook that a scheme's own fields of the report make: as last reported, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import escape

from guatu.reporting.form import FormField
from guatu.reporting.typed import shown_text
from guatu.server.portfolio.columns import Column, Line, Value
from guatu.server.portfolio.ledger_queries import Seen
from guatu.server.reporting.queries import own_values, reports_as_known_on
from guatu.values import amount


def report_columns(seen: Seen) -> tuple[Column, ...]:
    """One column for each field of the form that is none of the ledger; none before a month was judged. One query."""
    fields = seen.scheme.form.own
    if not fields or seen.month is None:
        return ()
    month = seen.month
    rows = reports_as_known_on(month.as_of, counts=seen.scheme.counts, entered=month.entry).filter(
        period=month.period
    )
    said = {row.project.code: own_values(row, fields) for row in rows.select_related("project")}
    return tuple(_column(one, said) for one in fields)


def _column(one: FormField, said: Mapping[str, Mapping[str, Any]]) -> Column:
    unit = "万元" if one.kind == "money" else one.unit
    value = _reader(one, said)
    return Column(
        f"own.{one.id}", one.name, lambda line: escape(value(line) or "–"), value, unit=unit, width=16
    )


def _reader(one: FormField, said: Mapping[str, Mapping[str, Any]]) -> Callable[[Line], Value]:
    def value(line: Line) -> Value:
        found = said.get(line.row.code, {}).get(one.id)
        if found is None:
            return None
        if one.kind == "money":
            return amount(found, "万元")
        if one.kind in ("count", "percent"):
            return Decimal(found)
        return shown_text(one, found)

    return value
