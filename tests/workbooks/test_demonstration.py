"""The demonstration files, read without knowing them: every value and every finding as stated."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from guatu.portfolio.project import BUILDING, STAGE_NAMES, Project, Stage
from guatu.reporting.checks import questioned_cells
from guatu.values import FEN_PER_WAN, Period, fen
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading

ROOT = Path(__file__).parents[2]
DATA = ROOT / "guatu" / "demo" / "data"
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests" / "demo" / "expected.json").read_text("utf-8"))
LEDGER, REPORTS = EXPECTED["ledger"], EXPECTED["reports"]
REPORTED_KINDS = set(REPORTS["cells_by_kind"])
FORMAT_KINDS = {cell["kind"] for part in (LEDGER, REPORTS) for cell in part["format_cells"]}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_workbooks([DATA / LEDGER["file"], DATA / REPORTS["file"]])


def project(reading: Reading, code: str) -> Project:
    return next(project for project in reading.projects if project.code == code)


def in_fen(value: float | None) -> int | None:
    return None if value is None else fen(value, "万元")


def month(value: str | None) -> Period | None:
    return Period.parse(value) if value else None


@pytest.mark.parametrize("stated", EXPECTED["projects"], ids=lambda stated: stated["code"])
def test_every_project_under_construction_is_read_to_the_last_value(
    reading: Reading, stated: dict[str, Any]
) -> None:
    read = project(reading, stated["code"])
    assert {
        "name": read.name,
        "county": read.county,
        "category": read.category,
        "stage": STAGE_NAMES[read.stage] if read.stage else None,
        "level": read.level,
        "total": read.total,
        "done_before": read.done_before,
        "plan": read.planned,
        "cumulative": list(read.planned_cumulative),
        "start": read.planned_start,
        "finish": read.planned_finish,
        "lead_department": read.lead_department,
        "responsible_unit": read.responsible_unit,
        "county_leader": read.county_leader,
        "city_leader": read.city_leader,
        "company": read.company,
        "phone": read.phone,
        "lon": float(read.longitude or 0),
        "lat": float(read.latitude or 0),
        "row": read.source.row if read.source else None,
    } == {
        **{key: stated[key] for key in stated if key not in ("code",)},
        "total": in_fen(stated["total"]),
        "done_before": in_fen(stated["done_before"]),
        "plan": in_fen(stated["plan"]),
        "cumulative": [in_fen(value) for value in stated["cumulative"]],
        "start": month(stated["start"]),
        "finish": month(stated["finish"]),
    }


@pytest.mark.parametrize("stated", EXPECTED["preliminary_projects"], ids=lambda stated: stated["code"])
def test_every_preliminary_project_is_read_to_the_last_value(
    reading: Reading, stated: dict[str, Any]
) -> None:
    read = project(reading, stated["code"])
    assert read.stage is Stage.PRELIMINARY
    assert {
        "code": read.code,
        "name": read.name,
        "county": read.county,
        "category": read.category,
        "level": read.level,
        "total": read.total,
        "approvals": dict(read.approvals),
        "target": (read.year_goal or "").rstrip("。"),
        "planned_start": read.planned_start,
        "lead_department": read.lead_department,
        "responsible_unit": read.responsible_unit,
        "county_leader": read.county_leader,
        "city_leader": read.city_leader,
        "company": read.company,
        "phone": read.phone,
        "lon": float(read.longitude or 0),
        "lat": float(read.latitude or 0),
        "row": read.source.row if read.source else None,
    } == {
        **stated,
        "target": stated["target"].rstrip("。"),
        "total": in_fen(stated["total"]),
        "planned_start": month(stated["planned_start"]),
    }


def test_the_sums_are_the_published_ones(reading: Reading) -> None:
    building = [p for p in reading.projects if p.stage in BUILDING]
    assert (len(reading.projects), sum(p.total or 0 for p in reading.projects)) == (
        LEDGER["all"]["projects"],
        in_fen(LEDGER["all"]["total_wan"]),
    )
    for cut, of in (("by_category", "category"), ("by_county", "county")):
        for name, stated in LEDGER[cut].items():
            chosen = [p for p in building if getattr(p, of) == name]
            assert [len(chosen), sum(p.total or 0 for p in chosen), sum(p.planned or 0 for p in chosen)] == [
                stated["projects"],
                in_fen(stated["total_wan"]),
                in_fen(stated["planned_wan"]),
            ], name
    assert sum(p.done_before or 0 for p in building) == in_fen(LEDGER["done_before_wan"])


def test_sums_hidden_parts_comments_and_short_names_of_the_ledger_are_seen(reading: Reading) -> None:
    table = reading.tables[0]
    assert list(table.hidden_rows) == LEDGER["hidden_rows"]
    assert list(table.hidden_columns) == LEDGER["hidden_columns"]
    assert [cell for cell, _text in table.comments] == [comment["cell"] for comment in LEDGER["comments"]]
    assert {s.row for s in table.subtotals} == {*LEDGER["subtotal_rows"].values(), LEDGER["grand_total_row"]}
    assert all(subtotal.agrees for subtotal in table.subtotals)
    assert reading.aliases == LEDGER["county_aliases"]


def test_reports_silence_and_starts_are_counted_as_stated(reading: Reading) -> None:
    building = {p.code: p for p in reading.projects if p.stage in BUILDING}
    starts: set[str] = set()
    for number, stated in REPORTS["months"].items():
        period = Period(2023, int(number))
        rows = [r for r in reading.reports if r.period == period]
        told = {r.code for r in rows if not r.blank}
        starts |= {r.code for r in rows if r.actual_start and building[r.code].stage is Stage.NEW}
        assert len(rows) == stated["rows_in_sheet"]
        assert len(told) == stated["reports"]
        assert set(building) - told == {silent["code"] for silent in stated["silent"]}
        blank = {r.code for r in rows if r.blank}
        assert blank == {silent["code"] for silent in stated["silent"] if silent["row"] == "blank"}
        assert len(starts) == stated["new_started"]
        assert {r.source.sheet for r in rows if r.source} == {stated["sheet"]}


def test_every_suspicious_cell_is_found_and_no_other(reading: Reading) -> None:
    found = Counter((f.sheet, f.row, f.column, f.id) for f in reading.findings if f.id in REPORTED_KINDS)
    required = Counter(_place(cell) for cell in REPORTS["cells"] if cell["required"])
    allowed = Counter(_place(cell) for cell in REPORTS["cells"])
    assert required - found == Counter()
    assert found - allowed == Counter()


def test_every_oddly_written_number_is_found_and_no_other(reading: Reading) -> None:
    found = Counter((f.sheet, f.row, f.column, f.id) for f in reading.findings if f.id in FORMAT_KINDS)
    assert found == Counter(_place(cell) for part in (LEDGER, REPORTS) for cell in part["format_cells"])


def _place(cell: dict[str, Any]) -> tuple[str | None, int | None, str | None, str]:
    return cell["sheet"], cell["row"], cell["column"], cell["kind"]


def test_suspicious_cells_say_what_was_found_and_what_was_meant(reading: Reading) -> None:
    units = {(f.sheet, f.row, f.column): f for f in reading.findings if f.id == "unit_yi_in_wan"}
    for cell in REPORTS["cells"]:
        if cell["kind"] == "unit_yi_in_wan":
            finding = units[cell["sheet"], cell["row"], cell["column"]]
            assert finding.expected == f"{cell['meant']} 万元"
            assert finding.found == f"{cell['value']} 万元"
            assert finding.header == cell["header"]
            assert (finding.project, finding.file) == (cell["code"], REPORTS["file"])


def test_nothing_else_is_said_of_the_demonstration(reading: Reading) -> None:
    others = Counter(f.id for f in reading.findings if f.id not in REPORTED_KINDS | FORMAT_KINDS)
    assert others == {"hidden_row": 1, "hidden_column": 1, "comment": 1}


@pytest.mark.parametrize("without", [False, True], ids=["as_reported", "without_questioned_cells"])
def test_county_cumulative_figures_are_those_expected(reading: Reading, without: bool) -> None:
    questioned = questioned_cells(reading.findings)
    county = {p.code: p.county for p in reading.projects if p.stage in BUILDING}
    last: dict[str, int] = {}
    by_month = defaultdict(list)
    for report in reading.reports:
        by_month[report.period.month].append(report)
    table = REPORTS["county_excluding_bad_cells" if without else "county_as_reported"]
    for number, stated in table.items():
        for report in by_month[int(number)]:
            if report.invested_ytd is not None and not (
                without and (report.code, str(report.period)) in questioned
            ):
                last[report.code] = report.invested_ytd
        sums: Counter[str] = Counter()
        for code, value in last.items():
            sums[str(county[code])] += value
            sums["全市"] += value
        assert {name: sums[name] for name in stated} == {
            name: round(entry["cumulative"] * FEN_PER_WAN) for name, entry in stated.items()
        }
