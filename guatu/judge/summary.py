"""The month in figures: cuts of the ledger, months, quarters, the silent and the late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from guatu.calendars import UnpublishedYear, working_days_after
from guatu.judge.assess import Assessor
from guatu.judge.figures import Json, number, wan
from guatu.language import gettext as _
from guatu.portfolio.project import BUILDING, Project, Stage
from guatu.reporting.report import Report
from guatu.schemes.check import check_scheme, published_rows
from guatu.schemes.load import Scheme
from guatu.supervision.bands import band_of
from guatu.values import FEN_PER_YI, Period, half_up, percent

UNCLASSED = "未分类"
"""The class of a project whose ledger row does not say one."""


def yi_text(value: int | None) -> str:
    """分 as 亿元 with one decimal, as the policy prints it (no separators)."""
    return "–" if value is None else str(half_up(Fraction(value, FEN_PER_YI), 1))


@dataclass(frozen=True, slots=True)
class MonthInput:
    """What the figures of a month are made from."""

    scheme: Scheme
    projects: Sequence[Project]
    reports: Sequence[Report]
    table: pl.DataFrame
    period: Period
    as_of: date
    assessor: Assessor

    def due(self, period: Period) -> date:
        """The last day on which a month's report is in time; the end of time where the scheme states none."""
        return self.scheme.due(period)

    @property
    def building(self) -> list[Project]:
        return [project for project in self.projects if project.stage in BUILDING]


def summarise(given: MonthInput, levels: Counter[str], questioned: int) -> Json:
    """`summary.json` without its head. `levels` counts the building projects by level of the first
    light about projects; `questioned` counts projects with a questioned figure in the month."""
    months = month_figures(given)
    silent, late, missed = silent_projects(given), late_projects(given), missed_starts(given)
    return {
        "totals": totals(given),
        "cuts": cuts(given.scheme, given.projects),
        "months": months,
        "quarters": quarters(given),
        "state": state(given, months, levels, len(silent), len(late), questioned),
        "due": given.due(given.period).isoformat(),
        "silent": silent,
        "late": late,
        "missed_starts": missed,
        "contradictions": contradictions(given),
    }


def _sum(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)


def totals(given: MonthInput) -> Json:
    building = given.building
    preliminary = [p for p in given.projects if p.stage is Stage.PRELIMINARY]

    def figures(projects: Sequence[Project]) -> Json:
        total = _sum(p.total for p in projects)
        return {"projects": len(projects), "total": wan(total), "total_yi": yi_text(total)}

    planned = _sum(p.planned for p in building)
    return {
        **figures(given.projects),
        "building": {
            **figures(building),
            "planned": wan(planned),
            "planned_yi": yi_text(planned),
            "done_before": wan(_sum(p.done_before for p in building)),
        },
        "preliminary": figures(preliminary),
    }


def size_class(scheme: Scheme, project: Project) -> str:
    """The class of the scheme's size tiers that a project's total investment falls into."""
    if project.total is None:
        return UNCLASSED
    band = band_of(Fraction(project.total, FEN_PER_YI), [tier.band() for tier in scheme.text.size_tier])
    return band.level if band else UNCLASSED


def cuts(scheme: Scheme, projects: Sequence[Project]) -> list[Json]:
    """Every cut of the ledger: projects, total and annual plan by class, in the scheme's order."""
    building = [p for p in projects if p.stage in BUILDING]
    preliminary = [p for p in projects if p.stage is Stage.PRELIMINARY]
    stages = {stage.id: stage.name for stage in scheme.text.stage}
    categories = [category.name for category in scheme.text.category]
    return [
        *_cut("progress", _("按进度"), building, lambda p: stages.get(p.stage, str(p.stage)),
              [stages[s] for s in (Stage.NEW, Stage.CONTINUING) if s in stages]),
        *_cut("category", _("按行业"), building, lambda p: p.category or UNCLASSED, categories),
        *_cut("size", _("按规模"), building, lambda p: size_class(scheme, p),
              [tier.class_ for tier in scheme.text.size_tier], {t.class_: t.name for t in scheme.text.size_tier}),
        *_cut("county", _("按县（市、区）"), building, lambda p: p.county or UNCLASSED, []),
        *_cut("level", _("按级别"), building, lambda p: p.level or UNCLASSED, []),
        *_cut("preliminary_category", _("前期项目按行业"), preliminary, lambda p: p.category or UNCLASSED, categories),
    ]  # fmt: skip


def _cut(
    cut: str,
    name: str,
    projects: Sequence[Project],
    class_of: Any,
    order: Sequence[str],
    names: dict[str, str] | None = None,
) -> list[Json]:
    classes: dict[str, list[Project]] = {label: [] for label in order}
    for project in projects:
        classes.setdefault(class_of(project), []).append(project)
    planned_exists = cut != "preliminary_category"
    rows = []
    for label, members in classes.items():
        if not members:
            continue
        total = _sum(p.total for p in members)
        planned = _sum(p.planned for p in members) if planned_exists else None
        rows.append({
            "cut": cut, "cut_name": name, "class": label, "class_name": (names or {}).get(label, label),
            "projects": len(members), "total": wan(total), "planned": wan(planned),
            "total_yi": yi_text(total), "planned_yi": yi_text(planned),
        })  # fmt: skip
    return rows


def _unscheduled() -> pl.Expr:
    """Projects with a plan for the year and none to the month: without them there is no schedule to compare with."""
    return pl.col("planned_ytd").is_null() & pl.col("planned_year").is_not_null()


def month_figures(given: MonthInput) -> list[Json]:
    """Plan and completion by month of the year; what lies after the judged month is null."""
    building = given.building
    planned_year = _sum(p.planned for p in building)
    curve = [
        _sum(p.planned_cumulative[m] if len(p.planned_cumulative) == 12 else None for p in building)
        for m in range(12)
    ]
    known = {
        row["period"]: row
        for row in given.table.group_by("period").agg(
            pl.col("planned_ytd").sum(), _unscheduled().sum().alias("unscheduled"), pl.col("started").count().alias("starts_known"),
            pl.col("invested_ytd").sum(), pl.col("invested_ytd_without").sum(),
            pl.col("reported").sum().alias("reports"), (~pl.col("reported")).sum().alias("silent"), pl.col("late").sum(),
            (pl.col("started") & (pl.col("stage") == "new")).sum().alias("started"),
            (pl.col("start_due") & (pl.col("stage") == "new")).sum().alias("start_due"),
        ).rows(named=True)
    }  # fmt: skip
    figures = []
    for month in range(1, 13):
        period = Period(given.period.year, month)
        row = known.get(period.index, {})
        planned = row.get("planned_ytd", curve[month - 1] or None)
        if row.get("unscheduled"):
            planned = None
        if row and not row["starts_known"]:
            row["started"] = None
        done, without = row.get("invested_ytd"), row.get("invested_ytd_without")
        figures.append({
            "period": str(period),
            "planned": wan(planned),
            "planned_percent": None if planned is None else number(percent(planned, planned_year, 2)),
            "reported": wan(done),
            "reported_percent": None if done is None else number(percent(done, planned_year, 2)),
            "without_questioned": wan(without),
            "without_questioned_percent": None if without is None else number(percent(without, planned_year, 2)),
            **{key: row.get(key) for key in ("reports", "silent", "late", "started", "start_due")},
        })  # fmt: skip
    return figures


def quarters(given: MonthInput) -> list[Json]:
    """Investment and starts by quarter from the ledger, beside what the scheme publishes."""
    building = given.building
    new = [p for p in building if p.stage is Stage.NEW]
    year = given.period.year
    planned_year = _sum(p.planned for p in building)
    published = given.scheme.text.published.quarters if given.scheme.text.published else None
    rows, done, begun = [], 0, 0
    for quarter in range(1, 5):
        end = _sum(
            p.planned_cumulative[quarter * 3 - 1] if len(p.planned_cumulative) == 12 else None
            for p in building
        )
        starts = sum(
            1
            for p in new
            if p.planned_start and (p.planned_start.year, p.planned_start.quarter) == (year, quarter)
        )
        begun += starts
        finished = (
            sum(1 for p in building if p.planned_finish and p.planned_finish.year == year)
            if quarter == 4
            else None
        )
        row: Json = {
            "quarter": quarter,
            "planned": wan(end - done),
            "planned_yi": yi_text(end - done),
            "cumulative_percent": number(percent(end, planned_year, 1)),
            "starts": starts,
            "starts_percent": number(percent(begun, len(new), 1)),
            "completions": finished,
        }
        done = end
        if published:
            row["published"] = _published_quarter(published, quarter - 1)
            row["agrees"] = all(
                _agree(row.get(key), value) for key, value in row["published"].items() if value is not None
            )
        rows.append(row)
    return rows


def _agree(computed: Any, stated: Any) -> bool:
    return Decimal(str(computed)) == Decimal(str(stated)) if computed not in (None, "–") else False


def _published_quarter(published: Any, place: int) -> Json:
    def at(values: Sequence[Any]) -> Any:
        return values[place] if place < len(values) else None

    planned = at(published.planned)
    return {
        "planned_yi": None if planned is None else str(half_up(planned, published.decimals)),
        "cumulative_percent": number(at(published.cumulative_percent)),
        "starts": at(published.starts),
        "starts_percent": number(at(published.starts_cumulative_percent)),
        "completions": published.completions if place == 3 else None,
    }


def state(
    given: MonthInput, months: list[Json], levels: Counter[str], silent: int, late: int, questioned: int
) -> Json:
    """The figures of the opening sentence, each exact before it is rounded."""
    now = months[given.period.month - 1]
    rows = given.table.filter(pl.col("period") == given.period.index)
    done, planned_ytd = int(rows["invested_ytd"].sum()), int(rows["planned_ytd"].sum() or 0)
    unscheduled = rows.filter(_unscheduled()).height
    planned = _sum(p.planned for p in given.building)
    ahead = half_up(Fraction((done - planned_ytd) * 100, planned), 2) if planned and not unscheduled else None
    normal = {level.id: 0 for level in given.scheme.text.level}
    return {
        "projects": len(given.projects),
        "building": len(given.building),
        "new": sum(1 for p in given.building if p.stage is Stage.NEW),
        "reported": now["reported"],
        "planned": wan(planned),
        "percent": now["reported_percent"],
        "schedule_percent": now["planned_percent"],
        "ahead_points": number(ahead),
        "start_due": now["start_due"],
        "started": now["started"],
        "unscheduled": unscheduled,
        "lights": normal | dict(levels),
        "silent": silent,
        "late": late,
        "questioned": questioned,
    }


def _working_days_late(due: date, day: date) -> int | None:
    """Working days after the due day; None where the year's holidays are not published."""
    try:
        return working_days_after(due, day)
    except UnpublishedYear:
        return None


def silent_projects(given: MonthInput) -> list[Json]:
    """The building projects with no report for the month, with the days they are late by `as_of`."""
    due = given.due(given.period)
    handed = {(r.code, r.period) for r in given.reports if not r.blank}
    months = [Period(given.period.year, m) for m in range(1, given.period.month + 1)]
    return [
        {
            "project": p.code, "name": p.name, "county": p.county, "lead_department": p.lead_department,
            "responsible_unit": p.responsible_unit, "due": due.isoformat(),
            "working_days_late": _working_days_late(due, given.as_of),
            "times": sum((p.code, month) not in handed for month in months),
        }
        for p in given.building if (p.code, given.period) not in handed
    ]  # fmt: skip


def late_projects(given: MonthInput) -> list[Json]:
    due = given.due(given.period)
    by_code = {p.code: p for p in given.building}
    return [
        {
            "project": r.code, "name": by_code[r.code].name, "county": by_code[r.code].county,
            "responsible_unit": by_code[r.code].responsible_unit, "handed_in": r.handed_in.isoformat(),
            "due": due.isoformat(), "working_days_late": _working_days_late(due, r.handed_in),
        }
        for r in given.reports
        if r.period == given.period and not r.blank and r.handed_in and r.handed_in > due and r.code in by_code
    ]  # fmt: skip


def missed_starts(given: MonthInput) -> list[Json]:
    """New projects whose planned start has come and that no report shows as started."""
    rows = given.table.filter(
        (pl.col("period") == given.period.index)
        & pl.col("start_due")
        & ~pl.col("started")
        & (pl.col("stage") == "new")
    )
    codes = set(rows["project"])
    return [
        {"project": p.code, "name": p.name, "county": p.county, "planned_start": str(p.planned_start)}
        for p in given.building if p.code in codes
    ]  # fmt: skip


def contradictions(given: MonthInput) -> list[Json]:
    """What the published figures contradict: among themselves, and against the ledger."""
    found = [
        {"id": "published_rounding" if fault.severity == "note" else "published_contradiction",
         "clause": fault.clause, "message": fault.message}
        for fault in check_scheme(given.scheme) if fault.key.startswith("published")
    ]  # fmt: skip
    computed = {(row["cut"], row["class"]): row for row in cuts(given.scheme, given.projects)}
    for cut, row, clause in published_rows(given.scheme):
        mine = computed.get((cut, row.class_), {})
        for key, label, stated in (
            ("projects", _("项目数"), row.projects),
            ("total_yi", _("总投资（亿元）"), row.total),
            ("planned_yi", _("年度计划（亿元）"), row.planned),
        ):
            if stated is not None and not _agree(mine.get(key), stated):
                found.append({"id": "published_differs", "clause": clause, "message": _(
                    "{name}{label}：方案印 {stated}，台账为 {computed}").format(
                        name=row.class_, label=label, stated=stated, computed=mine.get(key, "–"))})  # fmt: skip
    return found
