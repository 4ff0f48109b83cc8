"""What the formulas of a scheme may name: the facts table, what the scheme declares, and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from guatu.assessment.sheet import DeclaredFact, Entity, Sheet
from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, OF_TERM, Fact, Unit
from guatu.portfolio.formula import Scope
from guatu.schemes.lights import Light
from guatu.schemes.model import SchemeText

UNIT_OF_KIND: Mapping[str, Unit] = {
    "money": Unit.MONEY,
    "ratio": Unit.RATIO,
    "percent": Unit.PERCENT,
    "count": Unit.COUNT,
    "number": Unit.NUMBER,
    "flag": Unit.FLAG,
    "text": Unit.TEXT,
    "mark": Unit.NUMBER,
}
"""The unit of a declared fact by its kind."""

RESULTS = (
    Fact("score", "得分", Unit.NUMBER, "本考核表的得分"),
    Fact("rank", "名次", Unit.COUNT, "组内名次"),
    Fact("series", "组别", Unit.TEXT, "所在组"),
    Fact("barred", "取消评先", Unit.FLAG, "一票否决，不得评先"),
)
"""What lists and steps may name beside the facts: the result of a sheet."""

ENTITY_OF: Mapping[str, Entity] = {
    "lead_department": "department",
    "county": "county",
    "project": "project",
    "city": "city",
}
"""The entity of a light or ranking as sheets and facts call it."""


class Scopes:
    """The scopes of one scheme."""

    def __init__(self, text: SchemeText) -> None:
        self.text = text

    @cached_property
    def declared(self) -> dict[Entity, dict[str, DeclaredFact]]:
        """The declared facts, counted ballots among them, by the entity they are about."""
        found: dict[Entity, dict[str, DeclaredFact]] = {}
        for fact in self.text.fact:
            found.setdefault(fact.entity, {})[fact.id] = fact
        for ballot in self.text.ballot:
            counted = DeclaredFact(
                id=ballot.id, name=ballot.name, entity=ballot.entity, unit="number", clause=ballot.clause
            )
            found.setdefault(ballot.entity, {})[ballot.id] = counted
        return found

    def lights_of(self, entity: Entity) -> dict[str, Fact]:
        """The levels of the lights of a kind of entity, combined ones among them."""
        kinds = {light.id: ENTITY_OF[light.entity] for light in self.text.light}
        named = [(light.id, light.name) for light in self.text.light if kinds[light.id] == entity]
        named += [
            (one.id, one.name)
            for one in self.text.combined_light
            if one.of and kinds.get(one.of[0]) == entity
        ]
        return {f"light_{id}": Fact(f"light_{id}", name, Unit.TEXT, name) for id, name in named}

    def handed_in(self, entity: Entity) -> dict[str, Fact]:
        """What is handed in about an entity, term by term: declared facts and the events of sheets."""
        found = {name: as_fact(fact) for name, fact in self.declared.get(entity, {}).items()}
        for sheet in self.text.sheet:
            if sheet.entity == entity:
                for event in sheet.event:
                    unit = Unit.COUNT if event.points is not None else Unit.NUMBER
                    found[event.id] = Fact(event.id, event.name, unit, event.name)
        return {**(FACTS if entity == "project" else OF_TERM), **found}

    @cached_property
    def of_city(self) -> dict[str, Fact]:
        """The facts of the city, which the formulas of others may name too."""
        return {name: as_fact(fact) for name, fact in self.declared.get("city", {}).items()}

    @cached_property
    def project_names(self) -> dict[str, Fact]:
        """What a formula may say of one project: the facts table, declared facts, scores of project sheets, lights."""
        return {**self._project_facts, **self.lights_of("project")}

    @cached_property
    def _project_facts(self) -> dict[str, Fact]:
        own = {name: as_fact(fact) for name, fact in self.declared.get("project", {}).items()}
        scores = {
            f"score_{sheet.id}": Fact(f"score_{sheet.id}", sheet.name, Unit.NUMBER, sheet.name)
            for sheet in self.text.sheet
            if sheet.entity == "project"
        }
        found = {
            f"recognised_{rule.id}": Fact(
                f"recognised_{rule.id}", _("认定{name}").format(name=rule.name), Unit.FLAG, rule.name
            )
            for rule in self.text.recognition
        }
        return {**FACTS, **own, **scores, **found}

    @cached_property
    def before_recognition(self) -> Scope:
        """What a standard of recognition may say of one project: facts, no scores and no other recognition."""
        own = {name: as_fact(fact) for name, fact in self.declared.get("project", {}).items()}
        return Scope({**FACTS, **own})

    def of(self, entity: Entity, results: Iterable[Fact] = ()) -> Scope:
        """What a formula about an entity may say in a sheet or a step; `results` are names beside the facts."""
        extra = {fact.name: fact for fact in results}
        handed_in = self.handed_in(entity)
        if entity == "project":
            names = {**self.of_city, **self.project_names, **extra}
            return Scope(names, {}, windows=True, handed_in=handed_in)
        own = {name: as_fact(fact) for name, fact in self.declared.get(entity, {}).items()}
        names = {**OF_TERM, **self.of_city, **own, **self.lights_of(entity), **extra}
        return Scope(names, self.project_names, windows=True, handed_in=handed_in)

    def of_rule(self, entity: Entity) -> Scope:
        """What a light or a ranking may say: no light of the same kind of entity, and nothing of shorter terms."""
        if entity == "project":
            return Scope(self._project_facts, {}, windows=True)
        own = {name: as_fact(fact) for name, fact in self.declared.get(entity, {}).items()}
        return Scope({**OF_TERM, **self.of_city, **own}, self.project_names, windows=True)

    @property
    def one_project(self) -> Scope:
        """A condition that picks projects before they are summed up."""
        return Scope(self.project_names)

    def lists_of(self, sheet: Sheet) -> Scope:
        """What the lists of a sheet may say."""
        return self.of(sheet.entity, RESULTS)

    def steps_of(self, entity: Entity, sheet: Sheet | None) -> Scope:
        """What a step of the ladder may say: results and lists of its sheet, in its term and in those within it, and the
        levels of lights."""
        if sheet is None:
            return self.of(entity)
        listed = [Fact(f"listed_{rule.id}", rule.name, Unit.FLAG, rule.name) for rule in sheet.list_]
        results = [*RESULTS, *listed]
        scope = self.of(entity, results)
        return replace(scope, handed_in={**scope.handed_in, **{fact.name: fact for fact in results}})

    def of_light(self, light: Light) -> tuple[Scope, Scope]:
        """The scopes of a light's measure and of its `applies`."""
        entity = ENTITY_OF[light.entity]
        own = self.of_rule(entity)
        return own, own if entity == "project" else self.one_project


def lights_with_levels(text: SchemeText) -> dict[str, tuple[str, set[str]]]:
    """Each light as formulas name it, with its name and the levels that it can have."""
    found = {
        f"light_{light.id}": (
            light.name,
            {band.level for band in light.every_band} | {rule.becomes for rule in light.escalate},
        )
        for light in text.light
    }
    for combined in text.combined_light:
        levels = {rule.becomes for rule in combined.count}
        for light in combined.of:
            levels |= found.get(f"light_{light}", ("", set()))[1]
        found[f"light_{combined.id}"] = (combined.name, levels)
    return found


def as_fact(fact: DeclaredFact) -> Fact:
    """A declared fact as a formula knows it."""
    return Fact(
        fact.id, fact.name, UNIT_OF_KIND[fact.unit], fact.meaning or fact.name, fact.frozen_on is not None
    )
