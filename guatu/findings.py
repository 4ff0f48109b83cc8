"""A finding about the input: what was found where, what was expected, how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """error: the cell or row was not taken over; warning: taken over, but questioned;
    note: read as the number or text it shows, said for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One suspicious or unreadable place of an input.

    `id` is the kind (for example `cumulative_falls`); the full list with its sentences is
    `guatu.reporting.checks` and `guatu.workbooks`. `row` is the row number as the spreadsheet
    shows it (1 is the first), `column` its letter; both None when the whole sheet or file is meant.
    `project` is the code of the project concerned, `period` the month (YYYY-MM) of the report.
    `field` is the field of Project or Report that the cell fills, where the finding is about one.
    `cells` are further cells concerned as `sheet!A1`. `message` is the whole sentence for people.
    """

    id: str
    severity: Severity
    file: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    found: str | None = None
    expected: str | None = None
    cure: str | None = None
    project: str | None = None
    period: str | None = None
    field: str | None = None
    cells: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as `findings.json` holds it (docs/reference/json.md)."""
        return {**asdict(self), "severity": str(self.severity), "cells": list(self.cells)}
