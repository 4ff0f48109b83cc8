"""Writing what was read: JSON for programs, CSV that Excel opens, and the findings to send back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from guatu.finding_kinds import KINDS
from guatu.findings import Finding, Severity
from guatu.language import gettext as _
from guatu.portfolio.project import STAGE_NAMES, Project
from guatu.reporting.report import Report
from guatu.values import Period, amount
from guatu.workbooks.mapping import write_mapping
from guatu.workbooks.reading import Reading, TableRead

CONTRACT: Final = "guatu/1"

SEVERITY_NAMES: Final = {Severity.ERROR: _("未读入"), Severity.WARNING: _("存疑"), Severity.NOTE: _("说明")}


def write_reading(reading: Reading, out: Path) -> list[str]:
    """Write all files of a reading into the folder `out`, which is made; their names."""
    out.mkdir(parents=True, exist_ok=True)
    _json(out / "reading.json", reading_as_json(reading))
    _json(out / "findings.json", findings_as_json(reading))
    _csv(out / "projects.csv", _PROJECT_COLUMNS, (_project_row(project) for project in reading.projects))
    _csv(out / "reports.csv", _REPORT_COLUMNS, (_report_row(report) for report in reading.reports))
    _findings_workbook(out / "findings.xlsx", reading.findings)
    write_mapping(reading, out / "mapping.toml")
    return ["reading.json", "findings.json", "projects.csv", "reports.csv", "findings.xlsx", "mapping.toml"]


def _json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _wan(fen: int | None) -> int | float | None:
    """Money for JSON: a number in 万元, whole where it is whole."""
    if fen is None:
        return None
    exact = amount(fen, "万元")
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def findings_as_json(reading: Reading) -> dict[str, Any]:
    """The content of findings.json (docs/reference/json.md)."""
    return {
        "contract": CONTRACT,
        **_head(reading),
        "findings": [finding.as_json() for finding in reading.findings],
    }


def _head(reading: Reading) -> dict[str, Any]:
    return {
        "files": [{"file": name, "digest": digest} for name, digest in reading.digests.items()],
        "money_unit": "万元",
    }


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """The content of reading.json: how every table was understood, and its sums."""
    return {
        "contract": CONTRACT,
        **_head(reading),
        "projects": len(reading.projects),
        "reports": len(reading.reports),
        "counties": dict(reading.aliases),
        "tables": [_table_as_json(table) for table in reading.tables],
    }


def _table_as_json(table: TableRead) -> dict[str, Any]:
    plain = asdict(table)
    plain["kind"] = str(table.kind)
    plain["subtotals"] = [
        {
            "row": sum_.row,
            "label": sum_.label,
            "field": sum_.field,
            "stated": _wan(sum_.stated),
            "computed": _wan(sum_.computed),
            "agrees": sum_.agrees,
        }
        for sum_ in table.subtotals
    ]
    plain["groups"] = [{"row": row, "label": label} for row, label in table.groups]
    plain["comments"] = [{"cell": cell, "text": text} for cell, text in table.comments]
    return plain


# CSV ------------------------------------------------------------------------------------------------

_PROJECT_COLUMNS: Final = (
    "code", "name", "county", "category", "stage", "level", "total_wan", "done_before_wan", "planned_wan",
    *(f"planned_cumulative_{month}_wan" for month in range(1, 13)),
    "planned_start", "planned_finish", "lead_department", "responsible_unit", "county_leader", "city_leader",
    "company", "phone", "longitude", "latitude", "coordinate_system", "content", "year_goal", "approvals", "note",
    "extra", "file", "sheet", "row",
)  # fmt: skip
_REPORT_COLUMNS: Final = (
    "code", "period", "name", "county", "blank", "invested_month_wan", "invested_ytd_wan", "physical", "progress",
    "actual_start", "actual_finish", "in_statistics", "problem", "measure", "suggestion", "reporter", "handed_in",
    "note", "extra", "file", "sheet", "row",
)  # fmt: skip


def _csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _plain(value) for name, value in row.items()})


def _plain(value: Any) -> str:
    """A value for CSV; a text that a spreadsheet would take for a formula is set off by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | Period):
        return str(value)
    if isinstance(value, dict):
        return "；".join(f"{key}：{text}" for key, text in value.items())
    text = str(value)
    return "'" + text if text[:1] in "=+@" or (text[:1] == "-" and not _is_number(text)) else text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def _exact(fen: int | None) -> Decimal | None:
    return None if fen is None else amount(fen, "万元")


def _project_row(project: Project) -> dict[str, Any]:
    split = project.planned_cumulative or (None,) * 12
    same = (
        "code", "name", "county", "category", "level", "planned_start", "planned_finish", "lead_department",
        "responsible_unit", "county_leader", "city_leader", "company", "phone", "longitude", "latitude",
        "coordinate_system", "content", "year_goal", "note",
    )  # fmt: skip
    return {
        **{name: getattr(project, name) for name in same},
        "stage": STAGE_NAMES[project.stage] if project.stage else None,
        "total_wan": _exact(project.total),
        "done_before_wan": _exact(project.done_before),
        "planned_wan": _exact(project.planned),
        **{f"planned_cumulative_{month}_wan": _exact(split[month - 1]) for month in range(1, 13)},
        "approvals": dict(project.approvals),
        "extra": dict(project.extra),
        **_source(project),
    }


def _report_row(report: Report) -> dict[str, Any]:
    same = (
        "code", "period", "name", "county", "blank", "physical", "progress", "actual_start", "actual_finish",
        "in_statistics", "problem", "measure", "suggestion", "reporter", "handed_in", "note",
    )  # fmt: skip
    return {
        **{name: getattr(report, name) for name in same},
        "invested_month_wan": _exact(report.invested_month),
        "invested_ytd_wan": _exact(report.invested_ytd),
        "extra": dict(report.extra),
        **_source(report),
    }


def _source(record: Project | Report) -> dict[str, Any]:
    source = record.source
    return {"file": source.file, "sheet": source.sheet, "row": source.row} if source else {}


# the workbook to send back ---------------------------------------------------------------------------


def _findings_workbook(path: Path, findings: Sequence[Finding]) -> None:
    """What an office sends back to the unit: where, what was found, what was expected, the cure."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format(
        {"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(_("待核清单"))
    columns = (
        (_("序号"), 6), (_("程度"), 8), (_("文件"), 22), (_("工作表"), 14), (_("行"), 6), (_("列"), 6),
        (_("列名"), 18), (_("项目代码"), 26), (_("月份"), 10), (_("现有内容"), 22), (_("应为"), 26),
        (_("问题"), 60), (_("改法"), 44), (_("核实结果"), 20),
    )  # fmt: skip
    for index, (title, width) in enumerate(columns):
        sheet.write(0, index, title, head)
        sheet.set_column(index, index, width)
    meanings = {kind.id: kind for kind in KINDS}
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    for row, found in enumerate(sorted(findings, key=lambda f: order[f.severity]), 1):
        values = (
            row, SEVERITY_NAMES[found.severity], found.file, found.sheet, found.row, found.column, found.header,
            found.project, found.period, found.found, found.expected, found.message, found.cure or meanings[found.id].cure, "",
        )  # fmt: skip
        for column, value in enumerate(values):
            sheet.write(row, column, value if value is not None else "", cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(findings)), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
