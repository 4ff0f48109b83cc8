"""Scenes for exact arithmetic: an entity in a term, on the tables of an assessor and the facts as handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from guatu.assessment.frames import COLUMN_OF
from guatu.assessment.sheet import Entity, Sheet
from guatu.assessment.terms import MONTHS, Kind
from guatu.judge.within import Results, terms_within
from guatu.portfolio.formula import Formula, RowScene, Scene, Value, exact_value
from guatu.schemes.formulas import list_formulas, sheet_formulas

if TYPE_CHECKING:
    from guatu.judge.fact_tables import FactTables

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """Whom scenes are about: a kind of entity, the fact that says whom projects count for (`credit`), which projects count at
    all (`applies`), the formulas that will be worked out, the sheet that they belong to, and what came out in its terms."""

    entity: Entity
    credit: str | None = None
    formulas: tuple[str, ...] = ()
    sheet: Sheet | None = None
    applies: Formula | None = None
    results: Results | None = None

    @classmethod
    def of(cls, sheet: Sheet) -> About:
        texts = (text for _key, text in (*sheet_formulas(sheet), *list_formulas(sheet)))
        return cls(sheet.entity, sheet.credit, tuple(texts), sheet)


class Scorer(Protocol):
    """Who works out the scores of one sheet exactly."""

    def exact_score(self, entity: str, order: int) -> Fraction | None:
        """The score before it is rounded; None where it cannot exist."""


class TableScene(Scene):
    """An entity in a term, on the tables of an assessor."""

    def __init__(self, source: SceneSource, row: Json) -> None:
        self.source, self.row = source, row

    def fact(self, name: str) -> Value:
        return exact_value(self.source.exact_cell(self.row, name))

    def projects(self, *, frozen: bool = False) -> Sequence[Json] | None:
        return self.source.projects_of(self.row, frozen=frozen)

    def moments(self) -> Sequence[tuple[int, Scene]]:
        now = self.row["order"]
        rows = self.source.history(self.row["entity"])
        return [(now - row["order"], TableScene(self.source, row)) for row in rows if row["order"] <= now]

    def place_in_year(self) -> tuple[int, int]:
        in_year = 12 // MONTHS[self.source.kind]
        return self.row["order"] % in_year + 1, in_year

    def company(self) -> Sequence[Scene]:
        return [TableScene(self.source, row) for row in self.source.company_of(self.row)]

    def everybody(self) -> Sequence[Scene]:
        return [TableScene(self.source, row) for row in self.source.everybody_in(self.row["order"])]

    def within(self) -> Sequence[Scene]:
        return [RowScene(row) for row in self.source.terms_within(self.row)]


class SceneSource:
    """The rows behind scenes: a scored table of a sheet, the facts as given, the projects below."""

    def __init__(
        self,
        assessor: FactTables,
        about: About,
        kind: Kind,
        table: pl.DataFrame,
        scorer: Callable[[FactTables, Sheet, Kind, pl.DataFrame], Scorer],
    ) -> None:
        self.scorer = scorer
        self.assessor, self.about, self.kind = assessor, about, kind
        self.rows = table.rows(named=True)
        self._exact_projects: dict[tuple[bool, Any, int], list[Json]] = {}

    @cached_property
    def _by_entity(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for row in sorted(self.rows, key=lambda row: row["order"]):
            found.setdefault(row["entity"], []).append(row)
        return found

    @cached_property
    def _given(self) -> dict[tuple[str, int, str], Any]:
        """Facts as handed in, exactly; the table holds some of them as floats."""
        return {
            (row.entity, row.term.order, row.fact): row.counts
            for row in self.assessor.facts
            if row.term.kind == self.kind
        }

    @cached_property
    def _projects(self) -> dict[tuple[Any, int], list[Json]]:
        return self._by_member(self.assessor.project_table(self.kind))

    @cached_property
    def _listed(self) -> dict[tuple[Any, int], list[Json]]:
        """The projects as aggregates of frozen facts see them."""
        listed = self.assessor.listed_projects(self.kind)
        return self._projects if listed is None else self._by_member(listed)

    def _by_member(self, projects: pl.DataFrame) -> dict[tuple[Any, int], list[Json]]:
        found: dict[tuple[Any, int], list[Json]] = {}
        column = self.about.credit or COLUMN_OF.get(self.about.entity)
        if column is None and self.about.entity != "city":
            return found
        applies = self.about.applies
        for row in projects.rows(named=True):
            if applies is not None and not applies.of_row(row):
                continue
            key = "全市" if column is None else row[column]
            found.setdefault((key, row["order"]), []).append(row)
        return found

    @cached_property
    def _scorers(self) -> dict[str, Scorer]:
        """Who works out the scores of projects that the formulas name, by the name of the score."""
        asked = " ".join(self.about.formulas)
        return {
            f"score_{sheet.id}": self.scorer(self.assessor, sheet, self.kind, table)
            for sheet, table in self.assessor.scored_projects(self.kind)
            if sheet is not self.about.sheet and re.search(rf"\bscore_{sheet.id}\b", asked)
        }

    def _with_exact_scores(self, row: Json) -> Json:
        """A project with the scores that the table holds as floats in exact fractions."""
        return row | {
            name: worker.exact_score(row["entity"], row["order"]) for name, worker in self._scorers.items()
        }

    def row(self, entity: str, order: int) -> Json | None:
        return next((row for row in self.history(entity) if row["order"] == order), None)

    def history(self, entity: str) -> list[Json]:
        return self._by_entity.get(entity, [])

    @cached_property
    def _companies(self) -> dict[tuple[Any, int], list[Json]]:
        found: dict[tuple[Any, int], list[Json]] = {}
        for row in self.rows:
            found.setdefault((row["series"], row["order"]), []).append(row)
        return found

    def company_of(self, row: Json) -> list[Json]:
        return self._companies[row["series"], row["order"]]

    def everybody_in(self, order: int) -> list[Json]:
        return [row for (_series, of), rows in self._companies.items() if of == order for row in rows]

    def terms_within(self, row: Json) -> list[Json]:
        """What was handed in about a row's entity for each term within its own."""
        return self._within.get((row["entity"], row["order"]), [])

    @cached_property
    def _within(self) -> dict[tuple[str, int], list[Json]]:
        given: dict[tuple[str, Kind, int], Json] = {}
        for one in self.assessor.facts:
            given.setdefault((one.entity, one.term.kind, one.term.order), {})[one.fact] = one.counts
        found: dict[tuple[str, int], list[Json]] = {}
        for kind, table in terms_within(self.assessor, self.about.entity, self.kind, self.about.results):
            many = MONTHS[self.kind] // MONTHS[kind]
            for row in table.rows(named=True):
                exact = given.get((row["entity"], kind, row["order"]), {})
                found.setdefault((row["entity"], row["order"] // many), []).append({**row, **exact})
        return found

    def projects_of(self, row: Json, *, frozen: bool = False) -> list[Json] | None:
        """The projects of a row's entity in its term, for aggregates of frozen facts those that have left since too; None
        where the term has no projects at all."""
        key = (row["entity"], row["order"])
        projects = self._listed if frozen else self._projects
        if key not in projects and row["order"] not in self._terms_with_projects:
            return None
        if (frozen, *key) not in self._exact_projects:
            self._exact_projects[frozen, *key] = [
                self._with_exact_scores(one) for one in projects.get(key, [])
            ]
        return self._exact_projects[frozen, *key]

    @cached_property
    def _terms_with_projects(self) -> set[int]:
        return {order for _entity, order in self._projects}

    def exact_cell(self, row: Json, name: str) -> Any:
        entity = "全市" if name in self.assessor.declared.get("city", {}) else row["entity"]
        given = self._given.get((entity, row["order"], name))
        return row.get(name) if given is None else given
