"""judge_month: a scheme, projects and reports → the judged month, each figure with its workings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.documents.month import Basis, JudgedMonth, PaperWords
from guatu.findings import Finding
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.entity_lights import entity_lights
from guatu.judge.figures import UNIT_WORDS, show
from guatu.judge.lights import collect, light_levels, places, without_questioned
from guatu.judge.summary import Json, MonthInput, number, summarise, wan
from guatu.judge.table import facts_digest, facts_table
from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, Unit
from guatu.portfolio.formula import Formula
from guatu.portfolio.project import BUILDING, Project
from guatu.reporting.checks import questioned_cells
from guatu.reporting.report import Report
from guatu.schemes.load import Scheme
from guatu.schemes.model import Light, Ranking
from guatu.supervision.bands import Band
from guatu.values import Period, half_up, number_text

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
    given = MonthInput(scheme, named, known, pl.DataFrame(), period, day)
    schedule = scheme.text.schedule
    table = facts_table(
        named, known, through=period, questioned=questioned, due=given.due,
        curve=schedule.curve, when_missing=schedule.when_missing,
    )  # fmt: skip
    assessor = Assessor(scheme, table, facts)
    if any(row.fact in assessor.kinds_of("project") for row in facts):
        table = assessor.month_table()
    given = replace(given, table=table, assessor=assessor)
    lights = _lights(given)
    first = next((light.id for light in scheme.text.light if light.entity == "project"), None)
    levels = Counter(row["level"] for row in lights if row["light"] == first)
    doubtful = sum(1 for _code, month in questioned if month == str(period))
    month = JudgedMonth(
        head={
            "contract": CONTRACT,
            "scheme": {"id": scheme.id, "name": scheme.name, "digest": scheme.digest},
            "period": str(period),
            "as_of": day.isoformat(),
            "facts_digest": facts_digest(table, facts),
            "money_unit": "万元",
        },
        summary=summarise(given, levels, doubtful),
        lights=lights,
        rankings=_rankings(given),
        findings=[finding.as_json() for finding in findings],
        papers=paper_words(scheme, jurisdiction, agency),
        entity_lights=entity_lights(assessor, period),
        assessments=assessments(assessor, Term("month", period.year, period.month)),
    )
    return Judged(month, given)


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
                any(band.local_choice for band in light.band) if light else False,
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
    levels = collect(light_levels(frame, light, given.scheme))
    streaks = _streaks(levels, now)
    official = {row["entity"]: row for row in levels if row["period"] == now}
    without = {
        row["entity"]: row
        for row in collect(
            light_levels(without_questioned(frame.filter(nw.col("period") == now)), light, given.scheme)
        )
    }
    rows = {row["project"]: row for row in given.table.filter(pl.col("period") == now).rows(named=True)}
    formula = given.scheme.formulas[light.measure]
    entries = []
    for project in given.projects:
        if project.stage not in BUILDING:
            continue
        row = rows[project.code]
        judged, other = official.get(project.code), without.get(project.code)
        entries.append({
            "project": project.code, "name": project.name, "county": project.county, "category": project.category,
            "stage": str(project.stage), "lead_department": project.lead_department,
            **_light_figures(given, light, formula, judged, [row]),
            "reported": row["reported"], "late": row["late"], "questioned": row["questioned"],
            "without_questioned": {
                "level": _level(other), "measure": _steps(other, light.decimals),
            },
            "streak": streaks.get(project.code, 0),
        })  # fmt: skip
    return entries


def _level(row: Json | None) -> str:
    return (row or {}).get("level") or "none"


def _steps(row: Json | None, decimals: int) -> int | float | None:
    steps = (row or {}).get("steps")
    return None if steps is None else number(Decimal(steps).scaleb(-decimals))


def _light_figures(
    given: MonthInput, light: Light, formula: Formula, judged: Json | None, rows: list[Json]
) -> Json:
    """Level, measure, threshold, inputs and arithmetic of one light for one entity."""
    level = _level(judged)
    names = {entry.id: entry.name for entry in given.scheme.text.level}
    band = next((band for band in light.bands() if band.level == level), None)
    figures: Json = {
        "light": light.id, "light_name": light.name, "level": level, "level_name": names.get(level, _("无")),
        "measure": _steps(judged, light.decimals), "unit": light.unit, "clause": given.scheme.cite(light.clause),
        "threshold": _threshold(band, light.unit), "inputs": inputs_of(formula, rows),
        "arithmetic": arithmetic(formula, rows, light.unit, light.decimals),
    }  # fmt: skip
    if level == "none":
        applies = given.scheme.formulas[light.applies] if light.applies else None
        out_of_scope = applies is not None and not any(applies.of_row(row) for row in rows)
        figures["reason"] = _("不在本灯适用范围内") if out_of_scope else missing_reason(formula, rows)
    return figures


def missing_reason(formula: Formula, rows: list[Json]) -> str:
    """Why a measure cannot exist: which input is missing or is a divisor of 0."""
    row = rows[0] if rows else {}
    names = formula.facts or formula.project_facts
    empty = [FACTS[name].label for name in names if row.get(name) is None]
    if empty:
        return _("缺少：{names}").format(names="、".join(empty))
    return _("除数为 0，无法计算")


def _threshold(band: Band | None, unit: str) -> Json | None:
    if band is None:
        return None

    def edge(value: Fraction | None) -> int | float | None:
        return None if value is None else number(Decimal(value.numerator) / Decimal(value.denominator))

    return {
        "from": edge(band.low), "from_included": band.low_included if band.low is not None else None,
        "to": edge(band.high), "to_included": band.high_included if band.high is not None else None,
        "sentence": band.sentence(UNIT_WORDS[unit]), "local_choice": band.local_choice,
    }  # fmt: skip


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


# Rankings


def _rankings(given: MonthInput) -> list[Json]:
    frame = nw.from_native(given.table.lazy())
    lights = {light.entity: light for light in reversed(given.scheme.text.light)}
    entries: list[Json] = []
    for ranking in given.scheme.text.ranking:
        reported = collect(places(frame, ranking, given.scheme))
        without = collect(places(without_questioned(frame), ranking, given.scheme))
        light = lights.get(ranking.entity)
        levels = collect(light_levels(frame, light, given.scheme)) if light else []
        entries += _ranked(given, ranking, reported, without, light, levels)
    return entries


def _ranked(
    given: MonthInput,
    ranking: Ranking,
    reported: list[Json],
    without: list[Json],
    light: Light | None,
    levels: list[Json],
) -> list[Json]:
    now = given.period.index
    both = {"as_reported": _by_period(reported), "without_questioned": _by_period(without)}
    official = given.scheme.text.official.figures
    lit = {row["entity"]: row for row in levels if row["period"] == now}
    formula = given.scheme.formulas[ranking.value]
    applies = given.scheme.formulas[ranking.applies] if ranking.applies else None
    members: dict[str, list[Json]] = {}
    for row in given.table.filter(pl.col("period") == now).rows(named=True):
        if row[ranking.entity] is not None and (applies is None or applies.of_row(row)):
            members.setdefault(row[ranking.entity], []).append(row)
    entries = []
    for entity in both[official].get(now, {}):
        rows = members[entity]
        figures = {key: _place(table, entity, now, ranking.decimals) for key, table in both.items()}
        mine = figures[official]
        rank, previous = mine["rank"], mine["previous_rank"]
        tied = [
            e
            for e, r in both[official][now].items()
            if e != entity and r["rank"] == rank and rank is not None
        ]
        entry = {
            "ranking": ranking.id, "ranking_name": ranking.name, "entity": entity, **mine, "unit": ranking.unit,
            "change": None if rank is None or previous is None else previous - rank, "tied_with": tied,
            "projects": len(rows), "inputs": inputs_of(formula, rows) | _entity_inputs(rows),
            "arithmetic": arithmetic(formula, rows, ranking.unit, ranking.decimals),
            "clause": given.scheme.cite(ranking.clause), "local_choice": ranking.local_choice,
            "questioned": sum(bool(r["questioned"]) for r in rows), "silent": sum(not r["reported"] for r in rows),
            "late": sum(bool(r["late"]) for r in rows), **figures,
        }  # fmt: skip
        if light:
            entry["light"] = _light_figures(
                given, light, given.scheme.formulas[light.measure], lit.get(entity), rows
            )
        entries.append(entry)
    return sorted(entries, key=lambda e: (e["rank"] is None, e["rank"] or 0, e["entity"]))


def _by_period(rows: list[Json]) -> dict[int, dict[str, Json]]:
    table: dict[int, dict[str, Json]] = {}
    for row in rows:
        table.setdefault(row["period"], {})[row["entity"]] = row
    return table


def _place(table: dict[int, dict[str, Json]], entity: str, now: int, decimals: int) -> Json:
    row = table.get(now, {}).get(entity)
    before = table.get(now - 1, {}).get(entity)
    return {
        "value": _steps(row, decimals),
        "rank": row["rank"] if row else None,
        "previous_rank": before["rank"] if before else None,
    }


def _entity_inputs(rows: list[Json]) -> Json:
    """The sums that every table of a ranking prints, whatever its formula."""
    return {
        name: wan(sum(row[name] or 0 for row in rows))
        for name in ("invested_ytd", "planned_year", "planned_ytd")
    }


# Workings


def inputs_of(formula: Formula, rows: list[Json]) -> Json:
    """The inputs of a formula as JSON numbers by name: facts, sums of a fact under the fact's name,
    other aggregates as written."""
    if not formula.over_projects:
        return {name: _json(rows[0].get(name), FACTS[name].unit) for name in formula.facts}
    return {
        aggregate.name_of_sum or aggregate.text: _json(aggregate.of(rows), aggregate.unit)
        for aggregate in formula.aggregates
    }


def _json(value: Any, unit: Unit) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if unit is Unit.MONEY:
        return wan(int(value))
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 else float(exact)


def arithmetic(formula: Formula, rows: list[Json], unit: str, decimals: int) -> str:
    """The formula with its numbers and the result: 38570 ÷ 49400 − 29490 ÷ 49400 = 18.4 个百分点."""
    exact = formula.of_rows(rows) if formula.over_projects else formula.of_row(rows[0])
    worked = formula.with_numbers(rows, show)
    if exact is None or isinstance(exact, bool | str):
        return worked
    scale = (
        100
        if unit in ("percent", "percentage_points") and formula.unit in (Unit.RATIO, Unit.RATIO_DIFFERENCE)
        else 1
    )
    result = number_text(half_up(exact * scale, decimals), decimals)
    space = "" if unit == "percent" else " "
    return f"{worked} = {result}{space}{UNIT_WORDS[unit]}".rstrip()
