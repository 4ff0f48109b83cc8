"""judge_month: a scheme, projects and reports → the judged month, each figure with its workings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.frozen import IDENTITY
from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.documents.month import Basis, JudgedMonth, PaperWords
from guatu.findings import Finding
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.entity_lights import entity_lights
from guatu.judge.figures import Grounds, Json, json_number, level_of, light_figures, measure_of
from guatu.judge.levels import lights_of
from guatu.judge.lights import collect, light_rows, without_questioned
from guatu.judge.rankings import rankings
from guatu.judge.series import series_findings
from guatu.judge.summary import MonthInput, summarise
from guatu.judge.table import facts_digest, facts_table
from guatu.language import gettext as _
from guatu.portfolio.project import BUILDING, Project
from guatu.reporting.checks import questioned_cells, questioned_plans
from guatu.reporting.report import Report
from guatu.schemes.lights import Light
from guatu.schemes.load import Scheme
from guatu.values import Period

CONTRACT = "guatu/1"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged month with what it was judged from, so that every figure can be explained."""

    month: JudgedMonth
    given: MonthInput

    @property
    def scheme(self) -> Scheme:
        return self.given.scheme


def judge_month(
    scheme: Scheme,
    projects: Sequence[Project],
    reports: Sequence[Report],
    findings: Sequence[Finding],
    *,
    period: Period,
    as_of: date | None = None,
    facts: Sequence[FactRow] = (),
    jurisdiction: str | None = None,
    agency: str | None = None,
) -> Judged:
    """Judge `period` by `scheme` on what was known on `as_of`.

    `facts` are those that the scheme declares, handed in beside the reports.

    Reports of later months, and those handed in after `as_of`, are not known; the default `as_of` is
    the last day on which a report up to the period was handed in (at least the period's last day).
    Questioned cells are taken from `findings`; those of later months are left out. `jurisdiction` and
    `agency` name the place and the office on the papers, where they are not the scheme's own. Money in the result is 万元, as docs/reference/json.md says.
    """
    named = [_in_scheme_words(scheme, project) for project in projects]
    upto = [r for r in reports if r.period <= period and r.period.year == period.year]
    day = as_of or max((r.handed_in for r in upto if r.handed_in), default=period.last_day)
    day = max(day, period.last_day) if as_of is None else day
    known = [r for r in upto if r.handed_in is None or r.handed_in <= day]
    findings = [f for f in findings if f.period is None or f.period <= str(period)]
    questioned = questioned_cells(findings)
    given = MonthInput(scheme, named, known, pl.DataFrame(), period, day, Assessor(scheme, pl.DataFrame()))
    schedule = scheme.text.schedule
    table = facts_table(
        named, known, through=period, questioned=questioned, questioned_plans=questioned_plans(findings), due=given.due,
        curve=schedule.curve, when_missing=schedule.when_missing,
    )  # fmt: skip
    assessor = Assessor(scheme, table, facts, day, {one.code: _stands(one) for one in named})
    if (
        assessor.declared.get("project")
        or scheme.text.recognition
        or lights_of(scheme, "project")
        or any(row.fact in assessor.kinds_of("project") for row in facts)
    ):
        table = assessor.month_table()
    given = replace(given, table=table, assessor=assessor)
    lights = _lights(given)
    first = next((light.id for light in scheme.text.light if light.entity == "project"), None)
    levels = Counter(row["level"] for row in lights if row["light"] == first)
    doubtful = sum(1 for _code, month in questioned if month == str(period))
    term = Term("month", period.year, period.month)
    month = JudgedMonth(
        head={
            "contract": CONTRACT,
            "scheme": {"id": scheme.id, "name": scheme.name, "digest": scheme.digest},
            "period": str(period),
            "as_of": day.isoformat(),
            "facts_digest": facts_digest(table, facts),
            "money_unit": "万元",
        },
        summary=summarise(given, levels, doubtful) if projects or not facts else {},
        lights=lights,
        rankings=rankings(given),
        findings=[finding.as_json() for finding in (*findings, *series_findings(assessor, term))],
        papers=paper_words(scheme, jurisdiction, agency),
        entity_lights=entity_lights(assessor, period),
        assessments=assessments(assessor, term),
    )
    return Judged(month, given)


def _stands(project: Project) -> dict[str, str | None]:
    """Where a project of the ledger stands (`IDENTITY`)."""
    stage = None if project.stage is None else str(project.stage)
    return {name: getattr(project, name) for name in IDENTITY} | {"stage": stage}


def _in_scheme_words(scheme: Scheme, project: Project) -> Project:
    """The project with its category under the scheme's own name."""
    for category in scheme.text.category:
        if project.category in category.aliases:
            return replace(project, category=category.name)
    return project


def paper_words(scheme: Scheme, jurisdiction: str | None = None, agency: str | None = None) -> PaperWords:
    """The words of the papers: the scheme's patterns with the name of the place, and the office that issues
    them; both the scheme's own where they are not given."""
    rule = scheme.text.bulletin
    jurisdiction = jurisdiction or scheme.text.scheme.jurisdiction
    pattern = rule.agency if rule else _("{jurisdiction}重点项目办公室")
    agency = agency or pattern.format(jurisdiction=jurisdiction)
    light = next((light for light in scheme.text.light if light.entity == "project"), None)
    reports = scheme.text.report
    due = reports.due if reports else None
    report = Basis(
        scheme.cite((due.clause if due else None) or (reports.clause if reports else None)),
        bool(due and due.local_choice),
    )
    bulletin = Basis(scheme.cite(rule.clause if rule else None))
    return PaperWords(
        jurisdiction=jurisdiction,
        agency=agency,
        mark=agency,
        recipients=rule.recipients if rule else "",
        copies_to=rule.copies if rule else "",
        number_pattern=(rule.number_pattern if rule else "").replace("{jurisdiction}", jurisdiction),
        praised_places=rule.praise_places if rule else 0,
        bases={
            "bulletin": bulletin,
            "state": Basis(
                scheme.cite(scheme.text.schedule.clause), scheme.text.schedule.local_choice is not None
            ),
            "starts": report,
            "lights": Basis(
                scheme.cite(light.clause) if light else "",
                any(band.local_choice for band in light.every_band) if light else False,
            ),
            "silent": report,
            "late": report,
            "questioned": Basis(
                scheme.cite(scheme.text.official.clause or (rule.clause if rule else None)),
                scheme.text.official.local_choice is not None,
            ),
            "reminder": report,
        },
    )


# Lights


def _lights(given: MonthInput) -> list[Json]:
    frame = nw.from_native(given.table.lazy())
    entries: list[Json] = []
    for light in given.scheme.text.light:
        if light.entity == "project":
            entries += _project_lights(given, light, frame)
    return entries


def _project_lights(given: MonthInput, light: Light, frame: Any) -> list[Json]:
    now = given.period.index
    levels = given.assessor.light_table(light).rows(named=True)
    streaks = _streaks(levels, now)
    official = {row["entity"]: row for row in levels if row["period"] == now}
    without = {
        row["entity"]: row
        for row in collect(
            light_rows(without_questioned(frame.filter(nw.col("period") == now)), light, given.scheme)
        )
    }
    rows = {row["project"]: row for row in given.table.filter(pl.col("period") == now).rows(named=True)}
    entries = []
    for project in given.projects:
        if project.stage not in BUILDING:
            continue
        row = rows[project.code]
        judged, other = official.get(project.code), without.get(project.code)
        entries.append({
            "project": project.code, "name": project.name, "county": project.county, "category": project.category,
            "stage": str(project.stage), "lead_department": project.lead_department,
            **light_figures(given.scheme, light, judged, Grounds(row), now),
            "reported": row["reported"], "late": row["late"], "questioned": row["questioned"] or row["plan_questioned"],
            "without_questioned": {
                "level": level_of(other), "measure": json_number(measure_of(other, light)),
            },
            "streak": streaks.get(project.code, 0),
        })  # fmt: skip
    return entries


def _streaks(levels: list[Json], now: int) -> dict[str, int]:
    """Months in a row, up to now, that each entity has stood at its present level."""
    history: dict[str, dict[int, str | None]] = {}
    for row in levels:
        history.setdefault(row["entity"], {})[row["period"]] = row["level"]
    streaks = {}
    for entity, months in history.items():
        length = 0
        while months.get(now) is not None and months.get(now - length) == months[now]:
            length += 1
        streaks[entity] = length
    return streaks
