"""The facts table: rows of projects and reports → one row per project and month.

Exactly the columns of `guatu.portfolio.facts.FACTS`, plus `period` (months since year 0) and
`invested_ytd_without`, the cumulative completion without the questioned cells. Money is Int64 分.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import date

import polars as pl

from guatu.assessment.given import FactRow
from guatu.portfolio.project import BUILDING, Project
from guatu.reporting.report import Report
from guatu.values import Period

Cell = tuple[str, str]
"""A questioned cumulative figure: project code and period (YYYY-MM)."""


def facts_table(
    projects: Sequence[Project],
    reports: Sequence[Report],
    *,
    through: Period,
    questioned: Collection[Cell],
    questioned_plans: Collection[str] = (),
    due: Callable[[Period], date],
    curve: str = "monthly_plan",
    when_missing: str = "none",
) -> pl.DataFrame:
    """One row per project under construction and month, January of `through`'s year to `through`.

    A project that did not report keeps its last reported cumulative figure (0 if none ever); in
    `invested_ytd_without` a questioned cell counts as not reported, and `plan_questioned` marks the projects that
    are left out whole where questioned figures are. Whether anything has started is not known (null) where no
    report of the year can say so. A plan that the ledger does not split follows `when_missing`: null, or the
    annual plan × months ÷ 12.
    """
    building = [project for project in projects if project.stage in BUILDING]
    months = [Period(through.year, month) for month in range(1, through.month + 1)]
    base = _plans(building, months, curve, when_missing)
    handed = _handed_in(
        [r for r in reports if not r.blank and months[0] <= r.period <= through], questioned, due
    )
    order = pl.col("period")
    started = pl.col("started").fill_null(False).cast(pl.Int8).cum_max().over("project", order_by=order)
    starts_known = any(report.actual_start or "actual_start" in report.columns for report in reports)
    table = base.join(handed, on=["project", "period"], how="left")
    return table.with_columns(
        reported=pl.col("reported").fill_null(False),
        late=pl.col("late").fill_null(False),
        questioned=pl.col("questioned").fill_null(False),
        invested_ytd=pl.col("invested_ytd").forward_fill().over("project", order_by=order).fill_null(0),
        invested_ytd_without=pl.col("invested_ytd_without").forward_fill().over("project", order_by=order).fill_null(0),
        physical=pl.col("physical").forward_fill().over("project", order_by=order),
        started=started.cast(pl.Boolean) if starts_known else pl.lit(None, dtype=pl.Boolean),
        plan_questioned=pl.col("project").is_in(list(questioned_plans)),
        start_due=(pl.col("planned_start") <= pl.col("period")).fill_null(False),
        month=pl.col("period") % 12 + 1,
    ).drop("planned_start").sort("project", "period")  # fmt: skip


def _plans(
    projects: Sequence[Project], months: Sequence[Period], curve: str, when_missing: str
) -> pl.DataFrame:
    columns: dict[str, list[object]] = {name: [] for name in _PLAN_SCHEMA}
    for project in projects:
        for period in months:
            split = project.planned_cumulative
            planned = split[period.month - 1] if curve == "monthly_plan" and len(split) == 12 else None
            linear = curve == "linear" or when_missing == "linear"
            if planned is None and linear and project.planned is not None:
                planned = project.planned * period.month // 12
            values = (
                project.code, period.index, project.county, project.category, str(project.stage), project.level,
                project.lead_department, project.total, project.done_before, project.planned, planned,
                project.planned_start.index if project.planned_start else None,
            )  # fmt: skip
            for name, value in zip(columns, values, strict=True):
                columns[name].append(value)
    return pl.DataFrame(columns, schema=_PLAN_SCHEMA)


_PLAN_SCHEMA = {
    "project": pl.String, "period": pl.Int64, "county": pl.String, "category": pl.String, "stage": pl.String,
    "level": pl.String, "lead_department": pl.String, "total": pl.Int64, "done_before": pl.Int64,
    "planned_year": pl.Int64, "planned_ytd": pl.Int64, "planned_start": pl.Int64,
}  # fmt: skip

_REPORT_SCHEMA = {
    "project": pl.String, "period": pl.Int64, "invested_ytd": pl.Int64, "invested_ytd_without": pl.Int64,
    "invested_month": pl.Int64, "physical": pl.Float64, "reported": pl.Boolean, "late": pl.Boolean,
    "questioned": pl.Boolean, "started": pl.Boolean,
}  # fmt: skip


def _handed_in(
    reports: Sequence[Report], questioned: Collection[Cell], due: Callable[[Period], date]
) -> pl.DataFrame:
    bad = set(questioned)
    rows = []
    for report in reports:
        doubtful = (report.code, str(report.period)) in bad
        rows.append((
            report.code, report.period.index, report.invested_ytd, None if doubtful else report.invested_ytd,
            report.invested_month, None if report.physical is None else float(report.physical), True,
            report.handed_in is not None and report.handed_in > due(report.period), doubtful,
            report.actual_start is not None,
        ))  # fmt: skip
    return pl.DataFrame(rows, schema=_REPORT_SCHEMA, orient="row")


def facts_digest(table: pl.DataFrame, facts: Sequence[FactRow] = ()) -> str:
    """SHA-256 of the table as CSV, sorted by project and period, and of the facts beside it, sorted: equal facts
    have equal digests."""
    digest = hashlib.sha256()
    if not table.is_empty():
        ordered = table.select(sorted(table.columns)).sort("project", "period")
        digest.update(ordered.write_csv().encode())
    for line in sorted(f"{r.entity}\t{r.term}\t{r.fact}\t{r.value}\t{r.checked}" for r in facts):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
