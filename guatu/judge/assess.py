"""assess: a scheme's sheets, lists and ladder over given facts, for one term and all before it in the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw
import polars as pl

from guatu.assessment.frames import month_of
from guatu.assessment.points import Ready, line_column, score_table, veto_conditions, with_veto_conditions
from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import (
    list_conditions,
    on_lists,
    with_list_conditions,
    with_places,
    with_series,
)
from guatu.assessment.terms import MONTHS, Kind
from guatu.judge.fact_tables import FactTables, run_table
from guatu.judge.rolled import Scores, rolled, rounded_scores
from guatu.judge.scenes import About
from guatu.judge.settle import settled
from guatu.judge.within import with_terms_within
from guatu.judge.workings import Worker
from guatu.portfolio.formula import with_inner_windows
from guatu.schemes.formulas import list_formulas, sheet_formulas
from guatu.values import half_up


@dataclass(frozen=True)
class Assessed:
    """The result of one sheet in terms of one kind: a table of entities and terms with all columns of
    `guatu.assessment.points` and `standings`."""

    sheet: Sheet
    kind: Kind
    table: pl.DataFrame
    rolled: bool = False


def members_of(sheet: Sheet, kind: Kind) -> set[str] | None:
    """Whom a sheet names in its series. None for a sheet that has no lines in terms of a kind: of events alone there is
    nothing that anybody could fail to hand in."""
    if not any(not item.terms or kind in item.terms for item in sheet.item):
        return None
    return {name for series in sheet.series for name in series.members}


@dataclass
class Assessor(FactTables):
    """The sheets of a scheme over its tables."""

    def assess(self) -> list[Assessed]:
        """Every sheet in every kind of term it is written for; sheets of projects first, then in their order."""
        sheets = sorted(self.scheme.text.sheet, key=lambda sheet: sheet.entity != "project")
        found: list[Assessed] = []
        for sheet in sheets:
            by_kind: dict[Kind, pl.DataFrame] = {}
            for kind in sheet.terms:
                by_kind[kind] = self._scored(sheet, kind)
                if sheet.entity == "project":
                    self._scores[sheet.id, kind] = by_kind[kind]
                    self._made.clear()
            rolled_scores: dict[Kind, Scores] = {}
            for roll_up in sheet.roll_up:
                scores = {
                    part.kind: rolled_scores[part.kind]
                    if roll_up.of == "exact" and part.kind in rolled_scores
                    else self._scores_of(sheet, part.kind, by_kind[part.kind], exact=roll_up.of == "exact")
                    for part in roll_up.part
                    if part.kind in by_kind
                }
                table, rolled_scores[roll_up.to] = rolled(sheet, roll_up, by_kind, scores)
                by_kind[roll_up.to] = self._with_own(sheet, roll_up.to, table, by_kind)
            for kind, table in by_kind.items():
                joined_up = any(roll_up.to == kind for roll_up in sheet.roll_up)
                found.append(Assessed(sheet, kind, self.placed(sheet, kind, table), joined_up))
        return found

    def ready_table(self, sheet: Sheet, kind: Kind) -> pl.DataFrame:
        """What a sheet is scored on: entities and terms with facts, aggregates and events, before any rule."""
        formula, lists = self.sheet_formula(sheet), self.result_formula(sheet)
        used = [formula(text) for _key, text in sheet_formulas(sheet)]
        used += [lists(text) for _key, text in list_formulas(sheet)]
        table = self.entity_table(sheet.entity, kind, used, sheet.credit, members_of(sheet, kind))
        table = with_terms_within(self, table, sheet.entity, kind, used)
        events = [event.id for event in sheet.event if event.id not in table.columns]
        table = table.with_columns(*(pl.lit(None, dtype=pl.Float64).alias(name) for name in events))
        return run_table(table, kind)

    def _scored(self, sheet: Sheet, kind: Kind) -> pl.DataFrame:
        formula = self.sheet_formula(sheet)
        table = self.ready_table(sheet, kind)
        ready = Ready(sheet, kind, formula)
        frame = with_series(nw.from_native(table.lazy()), sheet, formula)
        struck = with_veto_conditions(frame, ready).collect().to_native()
        struck = settled(struck, veto_conditions(ready), lambda: self._scenes(About.of(sheet), kind, struck))
        scored: pl.DataFrame = score_table(nw.from_native(struck.lazy()), ready).collect().to_native()
        return scored

    def _scores_of(self, sheet: Sheet, kind: Kind, table: pl.DataFrame, *, exact: bool) -> Scores:
        """The scores of a scored table, worked out exactly where the last bit of a float could decide one."""
        found = rounded_scores(sheet, table)
        scaled = pl.col("score").abs() * 10**sheet.decimals
        close = ((scaled - scaled.floor() - 0.5).abs() < 1e-6) if not exact else pl.lit(True)
        if "part:0" in table.columns:
            return found
        asked = table.filter(pl.col("steps").is_not_null() & close).select("entity", "order").rows()
        worker = Worker(self, sheet, kind, table) if asked else None
        for who, order in asked:
            score = worker.exact_score(who, order) if worker else None
            if score is not None:
                found[who, order] = score if exact else Fraction(half_up(score, sheet.decimals))
        return found

    def _with_own(
        self, sheet: Sheet, kind: Kind, whole: pl.DataFrame, by_kind: Mapping[Kind, pl.DataFrame]
    ) -> pl.DataFrame:
        """A rolled-up table with what tie-breakers and lists may name: facts of its own term, and lines, which
        are null where the term has none of its own. Who has nothing in the longer term itself stands in the
        series of the last shorter term."""
        ready = self.ready_table(sheet, kind)
        whole = _with_series_of_parts(kind, whole, by_kind)
        wanted = [name for name in ready.columns if name not in whole.columns]
        whole = whole.join(ready.select("entity", "order", *wanted), on=["entity", "order"], how="left")
        lines = [line_column("p", item.id) for item in sheet.item]
        lines = [name for name in lines if name not in whole.columns]
        whole = whole.with_columns(
            *(pl.lit(None, dtype=pl.Float64).alias(name) for name in lines), month=month_of(kind)
        )
        return self._barred_here(sheet, kind, whole)

    def _barred_here(self, sheet: Sheet, kind: Kind, rolled: pl.DataFrame) -> pl.DataFrame:
        """A rolled-up table with those whom a veto bars in terms that the sheet has from its roll-ups alone."""
        formula = self.sheet_formula(sheet)
        asked = [
            formula(veto.when)
            for veto in sheet.veto
            if veto.scope == "award" and kind in veto.terms and kind not in sheet.terms
        ]
        if not asked:
            return rolled
        table = run_table(with_terms_within(self, rolled, sheet.entity, kind, asked), kind)
        conditions = {f"barred:{number}": condition for number, condition in enumerate(asked)}
        frame = with_inner_windows(nw.from_native(table.lazy()), asked)
        flags = {name: condition.row_expression() for name, condition in conditions.items()}
        struck: pl.DataFrame = frame.with_columns(**flags).collect().to_native()
        struck = settled(struck, conditions, lambda: self._scenes(About.of(sheet), kind, struck))
        barred = pl.any_horizontal(pl.col("barred", *conditions).fill_null(False))
        return struck.with_columns(barred=barred).drop(*conditions)

    def placed(self, sheet: Sheet, kind: Kind, table: pl.DataFrame) -> pl.DataFrame:
        """A scored table with places and lists, from its `steps`."""
        formula, lists = self.sheet_formula(sheet), self.result_formula(sheet)
        table = table.with_columns(score=pl.col("steps") / 10**sheet.decimals)
        frame = with_places(nw.from_native(table.lazy()), sheet, formula)
        met: pl.DataFrame = with_list_conditions(frame, sheet, lists).collect().to_native()
        conditions = list_conditions(sheet, lists)
        met = settled(met, conditions, lambda: self._scenes(About.of(sheet), kind, met))
        placed: pl.DataFrame = on_lists(nw.from_native(met), sheet).to_native()
        return placed.sort("order", "series", "rank", "entity", nulls_last=True)


def _with_series_of_parts(
    kind: Kind, whole: pl.DataFrame, by_kind: Mapping[Kind, pl.DataFrame]
) -> pl.DataFrame:
    shorter = [
        table.select("entity", order=pl.col("order") // (MONTHS[kind] // MONTHS[of]), place=(pl.col("order") + 1) * MONTHS[of], of_part="series")
        for of, table in by_kind.items()
        if MONTHS[of] < MONTHS[kind]
    ]  # fmt: skip
    last = pl.concat(shorter).sort("place").unique(["entity", "order"], keep="last").drop("place")
    joined_up = whole.join(last, on=["entity", "order"], how="left")
    return joined_up.with_columns(
        series=pl.coalesce("series", "of_part", pl.lit("")), barred=pl.col("barred").fill_null(False)
    ).drop("of_part")
