"""A project's reports as the checks see them, and how a check says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from guatu.finding_kinds import finding, where
from guatu.findings import Finding
from guatu.portfolio.project import Project
from guatu.reporting.report import Report
from guatu.reporting.series import UnitErrors
from guatu.values import Period

Due = Callable[[Period], date]
"""The day by which the report of a month is due."""


@dataclass(frozen=True, slots=True)
class Told:
    """A project (None when the ledger is not at hand), its reports in order, and their unit errors."""

    project: Project | None
    reports: tuple[Report, ...]
    units: UnitErrors


def about(kind: str, report: Report, field: str, said: str, found: str, expected: str) -> Finding:
    """A finding about a field of a report, with the place it was read from."""
    source, letter, header = report.source, report.columns.get(field), report.headers.get(field)
    place = where(source.sheet, source.row, letter, header) + "：" if source else ""
    return finding(
        kind,
        place + said,
        file=source.file if source else "",
        sheet=source.sheet if source else None,
        row=source.row if source else None,
        column=letter,
        header=header,
        found=found,
        expected=expected,
        project=report.code,
        period=str(report.period),
        field=field,
    )


def name_of(report: Report) -> str:
    """By what people know the project of a report."""
    return report.name or report.code
