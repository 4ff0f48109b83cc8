"""What reading workbooks gives: tables as understood, projects, reports and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from guatu.findings import Finding
from guatu.portfolio.project import Project
from guatu.reporting.report import Report


class TableKind(StrEnum):
    """What a table is: the ledger of projects under construction, of preliminary projects,
    monthly reports, or something that the reader does not know."""

    LEDGER = "ledger"
    PRELIMINARY = "preliminary"
    REPORTS = "reports"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How one column was understood.

    `field` is a field of Project or Report (`planned_cumulative.3` for January–March), or None
    for a column that is kept by its header. `confidence` is 0–1; `reason` says in words why.
    """

    letter: str
    header: str
    field: str | None
    confidence: float
    unit: str | None
    reason: str
    hidden: bool = False
    path: str = ""
    """All levels of the header joined by slashes, as the mapping file names the column."""


@dataclass(frozen=True, slots=True)
class SubtotalRead:
    """A subtotal or total row, held against the rows it covers.

    `stated` and `computed` are in 分 by field; `agrees` says whether they are equal.
    """

    row: int
    label: str
    field: str
    stated: int
    computed: int

    @property
    def agrees(self) -> bool:
        return self.stated == self.computed


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table of one sheet as understood."""

    file: str
    sheet: str
    kind: TableKind
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    unit: str | None
    period: str | None
    columns: tuple[ColumnRead, ...]
    rows: int
    refused: int
    subtotals: tuple[SubtotalRead, ...]
    groups: tuple[tuple[int, str], ...]
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    year: int | None = None
    notes: tuple[str, ...] = ()
    title: str | None = None
    """The text above the header, as written: the table's own title."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from one or more workbooks.

    `digests` maps each file name to the SHA-256 of its bytes. `aliases` are short names of places by
    their full name, learnt from notes or the mapping. `due_day` is the day of the following month by
    which the report form itself asks for reports, None where no form says so.
    """

    digests: dict[str, str]
    tables: tuple[TableRead, ...]
    projects: tuple[Project, ...]
    reports: tuple[Report, ...]
    findings: tuple[Finding, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    due_day: int | None = None
