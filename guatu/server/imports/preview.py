"""What saving an import would do, in words and figures: made before anything is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.findings import Finding, Severity
from guatu.portfolio.project import Project as LedgerProject
from guatu.reporting.report import Report as HandedIn
from guatu.schemes.load import Scheme
from guatu.server.portfolio.changes import LedgerChanges, ledger_changes
from guatu.server.portfolio.fact_words import FACT_WORDS, fact_text
from guatu.server.portfolio.facts import MONEY_FIELDS
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.record.chain import canonical, digest
from guatu.server.reporting.actions import changed_versions, content
from guatu.server.reporting.models import Report
from guatu.values import Period, amount, money_text, number_text
from guatu.workbooks.reading import Reading, TableKind

SHOWN: Final = 60
"""How many rows of a list the page shows; the workbook of the preview has all of them."""
MONEY: Final = ("invested_month", "invested_ytd")
KIND_WORDS: Final = {
    TableKind.LEDGER: gettext_noop("项目台账"),
    TableKind.PRELIMINARY: gettext_noop("前期项目"),
    TableKind.REPORTS: gettext_noop("月报"),
    TableKind.UNKNOWN: gettext_noop("未认出用途的表"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that would change: of which project (and month), which field, from what to what, read where."""

    code: str
    name: str
    period: str
    field: str
    before: str
    after: str
    place: str


@dataclass(frozen=True, slots=True)
class Added:
    """A project that would be added."""

    code: str
    name: str
    county: str
    planned: str
    place: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding about a cell; `refused` when the cell or row is not taken over."""

    refused: bool
    kind: str
    message: str
    cure: str
    place: str
    code: str
    period: str


@dataclass(frozen=True, slots=True)
class TableSeen:
    """A table as it was understood."""

    place: str
    kind: str
    period: str
    unit: str
    rows: int
    refused: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that saving would add, change and refuse.

    `known_before` are the codes of a ledger that are there already, `same` those of them that stay as they are;
    `reports` how many versions are added, `corrections` how many of them correct an earlier one;
    `unknown` the codes of reports whose project nobody knows; `months` the months of the reports.
    """

    projects: int
    added: tuple[Added, ...]
    same: int
    facts: int
    plans: int
    changes: tuple[Change, ...]
    reports_read: int
    reports: int
    corrections: int
    months: tuple[str, ...]
    unknown: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    tables: tuple[TableSeen, ...]

    @property
    def empty(self) -> bool:
        """Whether saving would change nothing."""
        return not (self.added or self.changes or self.reports or self.facts or self.plans)

    @property
    def refused(self) -> int:
        return sum(1 for doubt in self.doubts if doubt.refused)

    @property
    def questioned(self) -> int:
        return sum(1 for doubt in self.doubts if doubt.kind == str(Severity.WARNING))

    def as_text(self) -> str:
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        return digest(self.as_text())


def preview_from(text: str) -> Preview | None:
    """The preview that was kept as JSON; None where there is none yet."""
    kept: dict[str, Any] = json.loads(text)
    if not kept:
        return None
    kept["added"] = tuple(Added(**row) for row in kept["added"])
    kept["changes"] = tuple(Change(**row) for row in kept["changes"])
    kept["doubts"] = tuple(Doubt(**row) for row in kept["doubts"])
    kept["tables"] = tuple(TableSeen(**{**row, "unknown": tuple(row["unknown"])}) for row in kept["tables"])
    for name in ("months", "unknown"):
        kept[name] = tuple(kept[name])
    return Preview(**kept)


def preview_of(reading: Reading, scheme: Scheme, *, valid_from: date, year: int, day: date) -> Preview:
    """Hold what was read against what is known. Raises ValidationError as `import_projects` does.

    `day` is the day on which the reports would be taken over. A dozen queries, whatever the size.
    """
    ledger = ledger_changes(reading.projects, day=valid_from, year=year)
    versions, unknown = changed_versions(reading.reports, day)
    coming = {row.code for row in ledger.new}
    first = [row for row in reading.reports if row.code in coming]
    names = dict(
        Project.objects.filter(pk__in={row.project_id for row in versions if row.supersedes_id}).values_list(
            "pk", "code"
        )
    )
    corrections = [row for row in versions if row.supersedes_id]
    changed = {row.code for row in reading.projects if ledger.facts[row.code]} | {
        row.code for row in ledger.plans
    }
    return Preview(
        projects=len(reading.projects),
        added=tuple(_added(row) for row in ledger.new),
        same=sum(1 for row in reading.projects if row.code not in changed),
        facts=ledger.versions,
        plans=len(ledger.plans),
        changes=(*_ledger_rows(reading, ledger, scheme, year), *_report_rows(corrections, names)),
        reports_read=len(reading.reports),
        reports=len(versions) + len(first),
        corrections=len(corrections),
        months=tuple(sorted({row.period for row in versions} | {str(row.period) for row in first})),
        unknown=tuple(code for code in unknown if code not in coming),
        doubts=tuple(_doubt(found) for found in _by_gravity(reading.findings)),
        tables=tuple(
            TableSeen(
                place=f"{table.file} · {table.sheet.strip()}",
                kind=_(KIND_WORDS[table.kind]),
                period=Period.parse(table.period).label if table.period else "",
                unit=table.unit or "",
                rows=table.rows,
                refused=table.refused,
                unknown=tuple(
                    column.header for column in table.columns if column.field is None and column.header
                ),
            )
            for table in reading.tables
        ),
    )


def _by_gravity(findings: Sequence[Finding]) -> list[Finding]:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return sorted(findings, key=lambda found: order[found.severity])


def _doubt(found: Finding) -> Doubt:
    where = found.file if not found.sheet else f"{found.file} · {found.sheet.strip()}"
    cell = f"{found.column or ''}{found.row or ''}"
    return Doubt(
        refused=found.severity is Severity.ERROR,
        kind=str(found.severity),
        message=found.message,
        cure=found.cure or "",
        place=f"{where} {cell}".strip(),
        code=found.project or "",
        period=found.period or "",
    )


def _place(row: LedgerProject | HandedIn, field: str) -> str:
    if row.source is None:
        return ""
    column = row.columns.get(field, "")
    return f"{row.source.file} · {row.source.sheet.strip()} {column}{row.source.row}"


def _added(row: LedgerProject) -> Added:
    return Added(
        code=row.code,
        name=row.name,
        county=row.county or "",
        planned=money_text(row.planned, "万元", 0),
        place=_place(row, "name"),
    )


def _field_words() -> Mapping[str, str]:
    duties = {str(duty): str(duty.label) for duty in Responsibility.Duty}
    return {
        **{field: _(words) for field, words in FACT_WORDS.items()},
        **duties,
        "phone": _("联系电话"),
        "approvals": _("前期手续"),
        "extra": _("其他列"),
    }


def _ledger_rows(reading: Reading, ledger: LedgerChanges, scheme: Scheme, year: int) -> list[Change]:
    """The values of known projects that would change; those of new ones are all new and not listed."""
    words = _field_words()
    changes: list[Change] = []
    for row in reading.projects:
        if row.code not in ledger.ids:
            continue
        before = ledger.before.get(ledger.ids[row.code], {})
        for field, value in ledger.facts[row.code].items():
            old = before[field].value if field in before else None
            new = json.loads(value)
            if isinstance(old, dict) or isinstance(new, dict):
                changes += _parts(row, field, old or {}, new or {}, words[field])
                continue
            changes.append(
                Change(
                    row.code,
                    row.name,
                    "",
                    words.get(field, field),
                    _fact(field, old, scheme, "–"),
                    _fact(field, new, scheme, _("不再列")),
                    _place(row, field),
                )
            )
    for row in ledger.plans:
        if row.code in ledger.ids:
            changes += _plan_rows(row, ledger, year)
    return changes


def _fact(field: str, value: Any, scheme: Scheme, none: str) -> str:
    if value is None:
        return none
    return _exact_wan(value) if field in MONEY_FIELDS else fact_text(field, value, scheme)


def _parts(
    row: LedgerProject, field: str, old: Mapping[str, Any], new: Mapping[str, Any], words: str
) -> list[Change]:
    """The parts of a field that is a table of its own (approvals, further columns)."""
    names = [
        name for name in (*old, *(name for name in new if name not in old)) if old.get(name) != new.get(name)
    ]
    return [
        Change(
            row.code, row.name, "", f"{words}：{name}", str(old.get(name, "–")), str(new.get(name, _("不再列"))),
            _place(row, field),
        )
        for name in names
    ]  # fmt: skip


def _plan_rows(row: LedgerProject, ledger: LedgerChanges, year: int) -> list[Change]:
    before = ledger.plans_before.get(ledger.ids[row.code])
    old = before.amount if before else None
    changes = []
    if old != row.planned:
        changes.append(
            Change(
                row.code,
                row.name,
                "",
                _("%d年计划") % year,
                _exact_wan(old),
                _exact_wan(row.planned),
                _place(row, "planned"),
            )
        )
    split = before.cumulative if before and before.cumulative else (None,) * 12
    coming = row.planned_cumulative or (None,) * 12
    moved = [month for month, (one, other) in enumerate(zip(split, coming, strict=True), 1) if one != other]
    if moved:
        first, last = moved[0], moved[-1]
        changes.append(
            Change(
                row.code,
                row.name,
                "",
                _("%(year)d年1至%(month)d月累计计划") % {"year": year, "month": first}
                + (_("（至12月共%d个月有变）") % len(moved) if last != first else ""),
                _exact_wan(split[first - 1]),
                _exact_wan(coming[first - 1]),
                _place(row, f"planned_cumulative.{first}"),
            )
        )
    return changes


def _report_rows(corrections: Sequence[Report], codes: Mapping[int, str]) -> list[Change]:
    """Field by field what the corrections of reports change."""
    words = {field.name: str(field.verbose_name) for field in Report._meta.concrete_fields}
    changes: list[Change] = []
    for row in corrections:
        assert row.supersedes is not None
        old, new = content(row.supersedes), content(row)
        for field in new:
            if old[field] == new[field]:
                continue
            changes.append(
                Change(
                    codes[row.project_id],
                    row.name,
                    row.period,
                    words[field],
                    _report_text(field, old[field]),
                    _report_text(field, new[field]),
                    f"{row.file} · {row.sheet.strip()} {json.loads(row.columns).get(field, '')}{row.row or ''}",
                )
            )
    return changes


def _report_text(field: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field in MONEY:
        return _exact_wan(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _exact_wan(value: int | None) -> str:
    """分 → 万元 with as many decimals as the amount has, so that no change is hidden by rounding."""
    if value is None:
        return "–"
    exact = amount(value, "万元").normalize()
    return number_text(exact, max(0, -int(exact.as_tuple().exponent))) + _(" 万元")
