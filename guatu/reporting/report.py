"""A monthly report (月报) as a unit handed it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guatu.portfolio.project import Source
from guatu.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One project's report of one month. Money is in 分, `physical` in per cent (0–100).

    `invested_month` is what was done in the month, `invested_ytd` since 1 January. A report is
    `blank` when the row names the project but every reported cell is empty: the project is silent.
    `columns` maps a field of this class to the column letter it was read from. `own` holds what the form asks
    beyond the fields of this class (guatu.reporting.form), by the id of the field.
    """

    code: str
    period: Period
    name: str | None = None
    county: str | None = None
    invested_month: int | None = None
    invested_ytd: int | None = None
    progress: str | None = None
    physical: Decimal | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    in_statistics: bool | None = None
    problem: str | None = None
    measure: str | None = None
    suggestion: str | None = None
    reporter: str | None = None
    handed_in: date | None = None
    note: str | None = None
    blank: bool = False
    source: Source | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, int | Decimal | str | bool | date] = field(default_factory=dict)

    @property
    def added_up(self) -> bool:
        """Whether the cumulative figure is the sum of the months reported, not one that was written."""
        return (
            self.invested_ytd is not None
            and "invested_month" in self.columns
            and "invested_ytd" not in self.columns
        )
