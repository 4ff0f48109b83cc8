"""The ladder over judged terms: which steps the scheme proposes, for whom, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.sheet import Entity, Sheet
from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.judge.assess import Assessed, Assessor
from guatu.judge.fact_tables import run_table
from guatu.judge.levels import with_combined
from guatu.judge.scenes import About, SceneSource
from guatu.judge.settle import settled
from guatu.judge.within import with_terms_within
from guatu.judge.workings import Worker
from guatu.portfolio.formula import parse_formula, with_inner_windows
from guatu.schemes.formula_words import formula_words
from guatu.schemes.scopes import ENTITY_OF
from guatu.supervision.ladder import Step, letter_steps
from guatu.supervision.letters import DONE, ISSUED, UNTIL, Letter, last_letter

Json = dict[str, Any]


def order_at(term: Term, kind: Kind) -> int | None:
    """The order of the term of `kind` that ends with `term`; None where none ends there."""
    month = term.last_month.index
    return (month + 1) // MONTHS[kind] - 1 if (month + 1) % MONTHS[kind] == 0 else None


def proposals(assessor: Assessor, results: list[Assessed], term: Term) -> list[Json]:
    """The steps of the ladder that hold in terms ending with `term`; of one chain only the highest."""
    letters = Letters(assessor, term)
    asked: list[tuple[Step, int, dict[str, Json]]] = []
    for step in assessor.scheme.text.step:
        order = order_at(term, step.term)
        if order is not None:
            table = step_table(assessor, results, step).filter(pl.col("order") == order)
            rows = {row["entity"]: row for row in table.rows(named=True)}
            letters.learn(step, rows)
            asked.append((step, order, rows))
    found: list[tuple[Step, Json]] = []
    for step, order, rows in asked:
        for entity in [*rows, *(name for name in letters.entities(step) if name not in rows)]:
            because = letters.because(step, entity, rows.get(entity, {}))
            if because is not None:
                found.append((step, _proposal(assessor, step, entity, order, because)))
    highest: dict[tuple[str, str], int] = {}
    for step, proposal in found:
        if step.chain:
            key = (step.chain, proposal["entity"])
            highest[key] = max(highest.get(key, step.order), step.order)
    return [
        proposal
        for step, proposal in found
        if not step.chain or highest[step.chain, proposal["entity"]] == step.order
    ]


def step_table(assessor: Assessor, results: list[Assessed], step: Step) -> pl.DataFrame:
    """The entities of a step in every term, with flags: `proposed` where `when` holds, `exempted`, `fulfilled`."""
    texts = {"proposed": step.when, "exempted": step.exempt, "fulfilled": step.fulfilled}
    return flag_table(assessor, results, step.entity, step.term, step.sheet, texts)


def flag_table(
    assessor: Assessor, results: list[Assessed], entity: Entity, kind: Kind, sheet_id: str | None,
    conditions: Mapping[str, str | None],
) -> pl.DataFrame:  # fmt: skip
    """The entities of a kind in every term, with a flag for each condition, null where it is not known.

    The conditions may name the results of the sheet and, by month, lights. A flag without a condition is not among the
    columns.
    """
    sheet = next((one for one in assessor.scheme.text.sheet if one.id == sheet_id), None)
    scope = assessor.scheme.scopes.steps_of(entity, sheet)
    asked = {name: parse_formula(text, scope) for name, text in conditions.items() if text}
    table = assessor.entity_table(entity, kind, list(asked.values()), sheet.credit if sheet else None)
    of_sheet = {r.kind: _outcome(r) for r in results if sheet is not None and r.sheet.id == sheet.id}
    if kind in of_sheet:
        table = table.join(of_sheet[kind], on=["entity", "order"], how="full", coalesce=True)
    elif "series" not in table.columns:
        table = table.with_columns(series=pl.lit(""))
    if kind == "month":
        table = _with_lights(assessor, entity, table)
    within = {
        of: _as_published(sheet, of, came_out) for of, came_out in of_sheet.items() if sheet is not None
    }
    table = with_terms_within(assessor, table, entity, kind, asked.values(), within)
    year, series = pl.col("order") // (12 // MONTHS[kind]), pl.col("series").fill_null("")
    table = run_table(table.with_columns(year=year, series=series), kind)
    flags = {name: formula.row_expression() for name, formula in asked.items()}
    if not flags:
        return table
    frame = with_inner_windows(nw.from_native(table.lazy()), asked.values())
    marked: pl.DataFrame = frame.with_columns(**flags).collect().to_native()
    texts = tuple(formula.text for formula in asked.values())
    about = About(entity, sheet.credit if sheet else None, texts, sheet, results=within)
    return settled(marked, asked, lambda: SceneSource(assessor, about, kind, marked, Worker))


def _outcome(result: Assessed) -> pl.DataFrame:
    """What conditions may name of a sheet's result."""
    lists = [f"listed_{rule.id}" for rule in result.sheet.list_]
    return result.table.select("entity", "order", "score", "rank", "series", "barred", *lists)


def _as_published(sheet: Sheet, kind: Kind, outcome: pl.DataFrame) -> pl.DataFrame:
    """The outcome in terms of a kind, with nobody on lists that are not drawn up in them."""
    others = [f"listed_{rule.id}" for rule in sheet.list_ if rule.terms and kind not in rule.terms]
    return outcome.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name) for name in others)


def _with_lights(assessor: Assessor, entity: Entity, table: pl.DataFrame) -> pl.DataFrame:
    """With the level of every light of these entities; those that only a light knows get a row."""
    lights = [light for light in assessor.scheme.text.light if ENTITY_OF[light.entity] == entity]
    table = table.drop([name for name in table.columns if name.startswith("light_")])
    for light in lights:
        levels = assessor.light_table(light)
        named = levels.select("entity", order="period", **{f"light_{light.id}": "level"})
        table = table.join(named, on=["entity", "order"], how="full", coalesce=True)
    frame = with_combined(nw.from_native(table), assessor.scheme, {light.id for light in lights})
    whole: pl.DataFrame = frame.to_native()
    return whole


def _proposal(assessor: Assessor, step: Step, entity: str, order: int, because: str) -> Json:
    return {
        "step": step.id, "name": step.name, "entity": entity, "entity_kind": step.entity, "sheet": step.sheet,
        "term": str(Term.of_order(step.term, order)), "term_kind": step.term, "chain": step.chain, "order": step.order,
        "actor": step.actor, "called": step.called, "paper": step.paper, "term_days": step.term_days,
        "days": step.days, "because": because,
        "published": step.published, "clause": assessor.scheme.cite(step.clause), "local_choice": step.local_choice,
    }  # fmt: skip


class Letters:
    """What was handed in about the steps that were taken, and what follows from it on the judged day."""

    def __init__(self, assessor: Assessor, term: Term) -> None:
        self.scheme = assessor.scheme
        self.day = assessor.day or term.last_month.last_day
        self.steps = letter_steps(self.scheme.text.step)
        self.days: dict[tuple[str, str], dict[str, list[date]]] = {}
        self.fulfilled: dict[tuple[str, str], bool | None] = {}
        names = {f"{word}{step.id}": step for step in self.steps for word in (ISSUED, UNTIL, DONE)}
        for row in assessor.facts:
            step = names.get(row.fact)
            if step is not None:
                known = self.days.setdefault((step.entity, row.entity), {})
                known.setdefault(row.fact, []).append(date.fromisoformat(str(row.counts)))

    def entities(self, step: Step) -> list[str]:
        """Those of a step's kind about whom a letter is known."""
        return [name for kind, name in self.days if kind == step.entity] if step in self.steps else []

    def learn(self, step: Step, rows: Mapping[str, Json]) -> None:
        """What the tables say of whether a step was fulfilled."""
        if step.fulfilled:
            self.fulfilled |= {(step.id, entity): row["fulfilled"] for entity, row in rows.items()}

    def because(self, step: Step, entity: str, row: Json) -> str | None:
        """Why a step is proposed for an entity, whose row of the step's table is given; None where it is not."""
        if (step.when and not row.get("proposed")) or row.get("exempted"):
            return None
        letter = self._last(step, entity)
        state = self._state(letter) if letter else "done"
        if step.follows:
            if letter is None or letter.step.id not in step.follows or state != "over":
                return None
            return letter.sentence(self.day)
        if letter is not None and state != "done" and step.order <= letter.step.order:
            return None
        sheet = next((one for one in self.scheme.text.sheet if one.id == step.sheet), None)
        return formula_words(self.scheme, step.when or "", self.scheme.scopes.steps_of(step.entity, sheet))

    def _last(self, step: Step, entity: str) -> Letter | None:
        if step not in self.steps:
            return None
        chain = [one for one in self.steps if (one.chain, one.entity) == (step.chain, step.entity)]
        return last_letter(chain, self.days.get((step.entity, entity), {}), entity, self.day)

    def _state(self, letter: Letter) -> str:
        """How a letter stands; where its condition of fulfilment cannot be told, its term is not over."""
        state = letter.state(self.day)
        if not letter.step.fulfilled or state == "done":
            return state
        fulfilled = self.fulfilled.get((letter.step.id, letter.entity))
        return "done" if fulfilled else state if fulfilled is False else "running"
