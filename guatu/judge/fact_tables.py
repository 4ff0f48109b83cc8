"""What a scheme is judged from: the facts table of projects and what was handed in, as tables of things and terms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.frames import (
    COLUMN_OF,
    LASTING,
    as_of_last_month,
    column_type,
    fact_frame,
    joined,
    kind_of,
    month_of,
    over_projects,
    projects_at,
    with_counts_of_none,
    with_everybody,
    with_project_facts,
)
from guatu.assessment.frozen import IDENTITY, frozen_list, held_from, is_held, on_the_list
from guatu.assessment.given import FactRow, KnownFact, LastKnown
from guatu.assessment.recognition import recognised
from guatu.assessment.sheet import DeclaredFact, Entity, Sheet
from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.judge.levels import lights_of, with_combined
from guatu.judge.lights import light_rows, measured_rows
from guatu.judge.scenes import About, SceneSource, TableScene
from guatu.judge.settle import in_doubt, settled_levels
from guatu.judge.workings import Worker
from guatu.portfolio.facts import FACTS
from guatu.portfolio.formula import Formula, Scope, parse_formula
from guatu.portfolio.formula.over_tables import with_runs
from guatu.schemes.lights import Light
from guatu.schemes.load import Scheme
from guatu.schemes.scopes import ENTITY_OF
from guatu.supervision.ladder import letter_steps
from guatu.supervision.letters import letter_facts
from guatu.written import as_fraction

LightParts = tuple[Any, Any, Any, Any]
"""Narwhals frames that a light is worked out from; the last three may be None."""


def known_facts(scheme: Scheme) -> dict[str, KnownFact]:
    """Every fact that may be handed in for a scheme: declared ones, events of sheets, and columns of projects."""
    known = {
        name: KnownFact(name, fact.label, kind_of(fact.unit), "project")
        for name, fact in FACTS.items()
        if name != "project"
    }
    for sheet in scheme.text.sheet:
        for event in sheet.event:
            chosen = event.points is None
            known[event.id] = KnownFact(
                event.id, event.name, "mark" if chosen else "count", sheet.entity,
                as_fraction(event.low), as_fraction(event.high), needs_reason=chosen,
            )  # fmt: skip
    for fact in scheme.text.fact:
        marked = fact.unit == "mark"
        known[fact.id] = KnownFact(
            fact.id,
            fact.name,
            fact.unit,
            fact.entity,
            as_fraction(fact.low),
            as_fraction(fact.high),
            marked,
            fact.sources,
        )
    for step in letter_steps(scheme.text.step):
        known |= {name: KnownFact(name, label, "day", step.entity) for name, label in letter_facts(step)}
    return known


def run_table(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The table with what formulas that look at other terms need, and the month with which each term ends."""
    runs: pl.DataFrame = with_runs(nw.from_native(table.lazy()), 12 // MONTHS[kind]).collect().to_native()
    return runs.with_columns(month=month_of(kind))


def at_end_of(levels: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """What holds by month (`period`), in the last month of each term of a kind (`order`)."""
    months = MONTHS[kind]
    last = levels.filter((pl.col("period") + 1) % months == 0)
    return last.with_columns(order=(pl.col("period") + 1) // months - 1).drop("period")


def _orders(table: pl.DataFrame, name: str) -> list[int]:
    """The terms that a table speaks of."""
    return [] if table.is_empty() else table[name].unique().to_list()


@dataclass
class FactTables:
    """Everything that a scheme is judged from, as tables of things and terms.

    `projects` is the facts table of projects by month (may be empty), `facts` what was handed in beside it, `day`
    the day on which it is judged (None: the last of the judged term). `ledger` says of each project of the ledger, those
    that are no longer built among them, where it stands (`IDENTITY`).
    """

    scheme: Scheme
    projects: pl.DataFrame
    facts: Sequence[FactRow] = ()
    day: date | None = None
    ledger: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    _made: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    """Tables that many rules ask for, as they were made; made anew once projects have further scores."""
    _scores: dict[tuple[str, Kind], pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frozen = {fact.id: fact.frozen_on for fact in self.scheme.text.fact if fact.frozen_on is not None}
        if frozen:
            self.facts = held_from(self.facts, frozen)

    @cached_property
    def frozen(self) -> dict[str, date]:
        """The facts of projects that are frozen, each with its day."""
        declared = self.declared.get("project", {}).items()
        return {name: fact.frozen_on for name, fact in declared if fact.frozen_on is not None}

    @cached_property
    def _last_known(self) -> LastKnown:
        """What was handed in about projects, for their recognition."""
        return LastKnown(self.facts, self.declared.get("project", {}))

    @property
    def declared(self) -> dict[Entity, dict[str, DeclaredFact]]:
        return self.scheme.scopes.declared

    def formula_in(self, scope: Scope) -> Callable[[str], Formula]:
        known: dict[str, Formula] = {}

        def formula(text: str) -> Formula:
            if text not in known:
                known[text] = parse_formula(text, scope)
            return known[text]

        return formula

    def sheet_formula(self, sheet: Sheet) -> Callable[[str], Formula]:
        """How the formulas of a sheet's lines, series and vetoes are read."""
        return self.formula_in(self.scheme.scopes.of(sheet.entity))

    def result_formula(self, sheet: Sheet) -> Callable[[str], Formula]:
        """How the formulas of its lists are read: they may name the result."""
        return self.formula_in(self.scheme.scopes.lists_of(sheet))

    def _scenes(self, about: About, kind: Kind, table: pl.DataFrame) -> SceneSource:
        """The entities of a table, for exact arithmetic."""
        return SceneSource(self, about, kind, table, Worker)

    # tables -----------------------------------------------------------------------------------------

    def kinds_of(self, entity: Entity) -> dict[str, str]:
        """The facts that may be given for an entity, with their kinds: declared ones and the events of sheets."""
        kinds: dict[str, str] = {name: fact.unit for name, fact in self.declared.get(entity, {}).items()}
        if entity == "project":
            kinds = {**{name: kind_of(fact.unit) for name, fact in FACTS.items()}, **kinds}
        for sheet in self.scheme.text.sheet:
            if sheet.entity == entity:
                kinds |= {event.id: "number" for event in sheet.event}
        return kinds

    def lasting(self, entity: Entity) -> set[str]:
        """The facts that hold for every shorter term of the one they are given for."""
        own = {n for n, fact in self.declared.get(entity, {}).items() if fact.lasting or fact.frozen_on}
        return own | LASTING if entity == "project" else own

    def project_table(self, kind: Kind) -> pl.DataFrame:
        """Projects at the end of each term of a kind: the facts table, what was given, their own scores, and the levels
        of their lights in the last month of the term."""

        def make() -> pl.DataFrame:
            table = self._project_facts(kind)
            levels = self._project_levels()
            if levels is None:
                return table
            return table.join(at_end_of(levels, kind), on=["entity", "order"], how="left")

        return self._once(("projects", kind), make)

    def _once(self, name: tuple[str, ...], make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _project_levels(self) -> pl.DataFrame | None:
        """The lights of projects that formulas name, by `entity` and `period`; None where there are none."""
        if not lights_of(self.scheme, "project"):
            return None

        def make() -> pl.DataFrame:
            months = self._by_month(self._project_facts("month"))
            for light in lights_of(self.scheme, "project"):
                level = pl.col("level").alias(f"light_{light.id}")
                levels = self.light_table(light).select("period", level, project="entity")
                months = months.join(levels, on=["project", "period"], how="left")
            lit = {light.id for light in lights_of(self.scheme, "project")}
            found = with_combined(nw.from_native(months), self.scheme, lit).to_native()
            names = [name for name in found.columns if name.startswith("light_")]
            whole: pl.DataFrame = found.select("period", *names, entity="project")
            return whole

        return self._once(("levels",), make)

    def _project_facts(self, kind: Kind) -> pl.DataFrame:
        return self._once(("facts", kind), lambda: self._with_project_facts(kind))

    def _with_project_facts(self, kind: Kind) -> pl.DataFrame:
        kinds = self.kinds_of("project")
        table = projects_at(self.projects, kind) if not self.projects.is_empty() else self.projects
        terms = [] if table.is_empty() else [Term.of_order(kind, order) for order in table["order"].unique()]
        own = [row for row in self.facts if not is_held(row, self.frozen)]
        facts = [*as_of_last_month(own, kind, self.declared.get("project", {})), *own]
        given = fact_frame(facts, kinds, kind, terms=terms, lasting=self.lasting("project"))
        used = {row.fact for row in own}
        given = given.select("entity", "order", *(name for name in kinds if name in used))
        table = with_project_facts(table, given)
        table = table.with_columns(
            *(
                pl.lit(None, dtype=column_type(unit)).alias(name)
                for name, unit in kinds.items()
                if name not in table.columns
            ),
            year=pl.col("order") // (12 // MONTHS[kind]),
            month=month_of(kind),
        )
        if self.frozen:
            held = self._frozen_list(kind, table).select("entity", "order", *self.frozen)
            table = joined(table, table.select("entity", "order").join(held, on=["entity", "order"]))
        for rule in self.scheme.text.recognition:
            when = parse_formula(rule.when, self.scheme.scopes.before_recognition)
            declared = self.declared.get("project", {})
            table = recognised(table, rule, when, kind, self._last_known, declared)
        for (sheet, of), scores in self._scores.items():
            if of == kind:
                score = scores.select("entity", "order", pl.col("score").alias(f"score_{sheet}"))
                table = table.join(score, on=["entity", "order"], how="left")
        unscored = [f"score_{sheet.id}" for sheet in self.scheme.text.sheet if sheet.entity == "project"]
        return table.with_columns(
            pl.lit(None, dtype=pl.Float64).alias(name) for name in unscored if name not in table.columns
        )

    def _frozen_list(self, kind: Kind, table: pl.DataFrame) -> pl.DataFrame:
        """The projects of which something is frozen (`frozen_list`), in the terms of a table of projects."""
        credit = {sheet.credit for sheet in self.scheme.text.sheet if sheet.credit is not None}
        return frozen_list(
            self.facts, self.frozen, self.kinds_of("project"), kind, _orders(table, "order"),
            identity=sorted({*IDENTITY, *credit}), ledger=self.ledger,
        )  # fmt: skip

    def listed_projects(self, kind: Kind) -> pl.DataFrame | None:
        """The table of projects as sums of frozen facts see it (`on_the_list`); None where nothing is frozen."""
        return self._once(("listed", kind), lambda: self._on_the_list(kind)) if self.frozen else None

    def _on_the_list(self, kind: Kind) -> pl.DataFrame:
        table = self.project_table(kind)
        listed = self._frozen_list(kind, table).rename({"entity": "project"})
        frame = on_the_list(nw.from_native(table), nw.from_native(listed))
        whole: pl.DataFrame = frame.to_native()
        return whole.with_columns(entity=pl.col("project"), month=month_of(kind))

    def listed_in_months(self) -> pl.DataFrame | None:
        """The frozen list by month (`project`, `period`), for lights and rankings; None where nothing is frozen."""
        if not self.frozen:
            return None
        table = self._project_facts("month")
        return self._frozen_list("month", table).rename({"entity": "project", "order": "period"})

    def scored_projects(self, kind: Kind) -> list[tuple[Sheet, pl.DataFrame]]:
        """The sheets of projects that were scored in terms of a kind, each with its table."""
        by_id = {sheet.id: sheet for sheet in self.scheme.text.sheet}
        return [(by_id[sheet], table) for (sheet, of), table in self._scores.items() if of == kind]

    def month_table(self) -> pl.DataFrame:
        """The facts table of projects by month (`period`), with what was given beside it."""
        return self._by_month(self.project_table("month"))

    @staticmethod
    def _by_month(table: pl.DataFrame) -> pl.DataFrame:
        return table.with_columns(period=pl.col("order")).drop("order", "entity", "year")

    def light_table(self, light: Light) -> pl.DataFrame:
        """The rows (`light_rows`) of a light in every month."""
        return self._once(("light", light.entity, light.id), lambda: self._light_rows(light))

    def _light_rows(self, light: Light) -> pl.DataFrame:
        parts, scheme = self._parts_of(light), self.scheme
        rows: pl.DataFrame = light_rows(parts[0], light, scheme, *parts[1:]).collect().to_native()
        measures = {version.measure: scheme.formulas[version.measure] for version in light.versions()}
        if not in_doubt(light, rows, measures.values()):
            return rows
        measured = {
            text: (measure, self._measured(light, measure, parts)) for text, measure in measures.items()
        }
        exact = settled_levels(
            light, measured, lambda table: self._scenes(self._about(light), "month", table)
        )
        if exact is None:
            return rows
        decided = nw.from_native(exact.lazy())
        rows = light_rows(parts[0], light, scheme, *parts[1:], decided).collect().to_native()
        return rows

    def light_scene(self, light: Light, entity: str, period: int) -> tuple[Formula, TableScene] | None:
        """The measure of a light in force in a month, and the entity on which it is worked out exactly; None where the
        light is not about it in that month."""
        measure = self.scheme.formulas[light.version_in(period).measure]
        table = self._measured(light, measure, self._parts_of(light))
        rows = table.filter((pl.col("entity") == entity) & (pl.col("period") == period)).rows(named=True)
        return (
            (measure, TableScene(self._scenes(self._about(light), "month", table), rows[0])) if rows else None
        )

    def _about(self, light: Light) -> About:
        entity = ENTITY_OF[light.entity]
        applies = self.scheme.formulas[light.applies] if light.applies and entity != "project" else None
        return About(entity, applies=applies)

    def _measured(self, light: Light, measure: Formula, parts: LightParts) -> pl.DataFrame:
        found: pl.DataFrame = (
            measured_rows(parts[0], light, self.scheme, measure, *parts[1:]).collect().to_native()
        )
        return found

    def _parts_of(self, light: Light) -> LightParts:
        """What a light is worked out from: projects by month, the entities' own facts, the city's, and who left."""
        entity = ENTITY_OF[light.entity]
        projects = self._by_month(self._project_facts("month")) if entity == "project" else self.month_table()
        own = city = listed = None
        if entity != "project":
            given = self.given_table(entity, "month")
            of_city = self.city_facts(
                entity, "month", [*_orders(projects, "period"), *_orders(given, "order")]
            )
            own = nw.from_native(given.lazy())
            city = None if of_city is None else nw.from_native(of_city.lazy())
            formulas = (self.scheme.formulas[version.measure] for version in light.versions())
            of_list = self.listed_in_months() if any(one.names_frozen for one in formulas) else None
            listed = None if of_list is None else nw.from_native(of_list.lazy())
        return nw.from_native(projects.lazy()), own, city, listed

    def _with_levels(
        self, table: pl.DataFrame, entity: Entity, kind: Kind, formulas: Iterable[Formula]
    ) -> pl.DataFrame:
        """A table of entities and terms with the levels of their own lights that the formulas name, in the last month
        of the term; those that only a light knows get a row."""
        named = {name.removeprefix("light_") for formula in formulas for name in formula.facts}
        combined = [one for one in self.scheme.text.combined_light if one.id in named]
        named |= {light for one in combined for light in one.of}
        lights = [light for light in lights_of(self.scheme, entity) if light.id in named]
        for light in lights:
            level = pl.col("level").alias(f"light_{light.id}")
            levels = at_end_of(self.light_table(light).select("entity", "period", level), kind)
            table = table.join(levels, on=["entity", "order"], how="full", coalesce=True)
        frame = with_combined(nw.from_native(table), self.scheme, {light.id for light in lights})
        whole: pl.DataFrame = frame.to_native()
        return whole

    def city_facts(self, entity: Entity, kind: Kind, orders: Iterable[int]) -> pl.DataFrame | None:
        """The facts of the city in each term, which formulas about others may name; None where there are none."""
        kinds = {name: fact.unit for name, fact in self.declared.get("city", {}).items()}
        if not kinds or entity == "city":
            return None
        terms = [Term.of_order(kind, order) for order in set(orders)]
        given = fact_frame(self.facts, kinds, kind, terms=terms, lasting=self.lasting("city"))
        return given.filter(pl.col("entity") == "全市").drop("entity", "year")

    def entity_table(
        self,
        entity: Entity,
        kind: Kind,
        formulas: Iterable[Formula],
        credit: str | None = None,
        members: Collection[str] | None = None,
    ) -> pl.DataFrame:
        """One row per entity and term of a kind with its facts and the aggregates that the formulas need, over
        the projects that `credit` gives it; where `members` are named, nobody of them or known in the year is left
        out of a term (`with_everybody`)."""
        if entity == "project":
            return self._with_city(self.project_table(kind), entity, kind)
        projects = self.project_table(kind)
        formulas = list(formulas)
        aggregates = [aggregate for formula in formulas for aggregate in formula.aggregates]
        listed = self.listed_projects(kind) if any(one.frozen for one in aggregates) else None
        sums = over_projects(projects, entity, aggregates, credit, listed)
        terms = [Term.of_order(kind, order) for order in sums["order"].unique()]
        given = self.given_table(entity, kind, terms)
        table = joined(sums, given)
        if members is not None:
            table = with_everybody(table, given, members, 12 // MONTHS[kind])
        if credit is not None or entity in COLUMN_OF or entity == "city":
            table = with_counts_of_none(table, projects, aggregates, sums)
        table = self._with_city(self._with_levels(table, entity, kind, formulas), entity, kind)
        return table.with_columns(year=pl.col("order") // (12 // MONTHS[kind])).sort("entity", "order")

    def _with_city(self, table: pl.DataFrame, entity: Entity, kind: Kind) -> pl.DataFrame:
        city = self.city_facts(entity, kind, _orders(table, "order"))
        return table if city is None else table.join(city, on="order", how="left")

    def given_table(self, entity: Entity, kind: Kind, terms: Sequence[Term] = ()) -> pl.DataFrame:
        """What was handed in about entities for terms of a kind; lasting facts hold in `terms` too."""
        return fact_frame(self.facts, self.kinds_of(entity), kind, terms=terms, lasting=self.lasting(entity))
