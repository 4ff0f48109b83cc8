"""Sheets over a facts table on any engine: scores, places and lists made of projects alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import narwhals as nw

from guatu.assessment.frames import COLUMN_OF
from guatu.assessment.points import Ready, score_table
from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import with_lists, with_places, with_series
from guatu.assessment.terms import MONTHS, Kind
from guatu.language import gettext as _
from guatu.portfolio.facts import OF_TERM
from guatu.portfolio.formula import Formula, parse_formula
from guatu.portfolio.formula.over_tables import with_runs
from guatu.schemes.formulas import list_formulas, sheet_formulas
from guatu.schemes.load import Scheme
from guatu.schemes.scopes import RESULTS


def lacking(sheet: Sheet, scheme: Scheme, columns: Collection[str]) -> str:
    """Why a sheet cannot be judged from a facts table with these columns; empty where it can."""
    if sheet.event:
        return _("有加减分事项，要另报次数")
    if sheet.entity not in (*COLUMN_OF, "city"):
        return _("考核的不是项目、辖区、部门或全市")
    formulas = _formulas(sheet, scheme)
    if any(formula.within for formula in formulas):
        return _("要看期内各期另报的数据")
    if any(formula.names_frozen for formula in formulas):
        return _("要用冻结的事实，须连同退出的项目一起给出：请用 --facts")
    known = {*OF_TERM, *(fact.name for fact in RESULTS)}
    own = {name for formula in formulas for name in formula.facts} - known
    below = {name for formula in formulas for name in formula.project_facts}
    if sheet.credit:
        below.add(sheet.credit)
    missing = {*below, *own} - {*columns} if sheet.entity == "project" else own | (below - {*columns})
    return _("表里没有 {names}").format(names="、".join(sorted(missing))) if missing else ""


def _formulas(sheet: Sheet, scheme: Scheme) -> list[Formula]:
    of_sheet, of_lists = scheme.scopes.of(sheet.entity), scheme.scopes.lists_of(sheet)
    found = [parse_formula(text, of_sheet) for _key, text in sheet_formulas(sheet)]
    return found + [parse_formula(text, of_lists) for _key, text in list_formulas(sheet)]


def sheet_rows(frame: Any, sheet: Sheet, kind: Kind, scheme: Scheme, scores: Mapping[str, Any]) -> Any:
    """A sheet in every term of a kind: `entity, order, series, score, unrounded, rank, barred` and `listed_ID`.

    `frame` is a Narwhals frame of the facts table by month (`period`, months since year 0). A term sees its projects as
    they stand in its last month. Scores are rounded half-up, as floats allow; `scores` are the rows of sheets of projects in
    terms of the same kind, by their ids.
    """
    scopes = scheme.scopes

    def formula(text: str) -> Formula:
        return parse_formula(text, scopes.of(sheet.entity))

    def of_lists(text: str) -> Formula:
        return parse_formula(text, scopes.lists_of(sheet))

    rows = _entities(_with_scores(at_terms(frame, kind), scores), sheet, _formulas(sheet, scheme))
    rows = with_runs(rows, 12 // MONTHS[kind])
    scored = score_table(with_series(rows, sheet, formula), Ready(sheet, kind, formula))
    scored = scored.with_columns(unrounded=nw.col("score"), score=nw.col("steps") / 10**sheet.decimals)
    listed = with_lists(with_places(scored, sheet, formula), sheet, of_lists)
    lists = [f"listed_{rule.id}" for rule in sheet.list_ if not rule.terms or kind in rule.terms]
    return listed.select("entity", "order", "series", "score", "unrounded", "rank", "barred", *lists)


def at_terms(frame: Any, kind: Kind) -> Any:
    """The facts table at the last month of each term of a kind: with the term's `order` and `year`, and its `month`."""
    months, in_year = MONTHS[kind], 12 // MONTHS[kind]
    at_end = frame.filter((nw.col("period") + 1) % months == 0)
    order = (nw.col("period") + 1) // months - 1
    month = nw.col("period") % 12 + 1
    return at_end.with_columns(order=order, year=order // in_year, month=month)


def _with_scores(projects: Any, scores: Mapping[str, Any]) -> Any:
    """Projects with their scores in sheets of their own, each under `score_ID`, before they are rounded."""
    for name, rows in scores.items():
        of_project = rows.select("entity", "order", "unrounded").rename(
            {"entity": "project", "unrounded": f"score_{name}"}
        )
        projects = projects.join(of_project, on=["project", "order"], how="left")
    return projects


def _entities(projects: Any, sheet: Sheet, formulas: Collection[Formula]) -> Any:
    """The things that a sheet assesses, one row per term, with the aggregates that its formulas name."""
    if sheet.entity == "project":
        return projects.with_columns(entity=nw.col("project"))
    column = sheet.credit or COLUMN_OF.get(sheet.entity)
    key = nw.lit("全市") if column is None else nw.col(column)
    rows = projects.with_columns(entity=key).filter(~nw.col("entity").is_null())
    wanted = {aggregate.column: aggregate for formula in formulas for aggregate in formula.aggregates}
    return rows.group_by("entity", "order", "year", "month").agg(
        *(aggregate.expression() for aggregate in wanted.values())
    )
