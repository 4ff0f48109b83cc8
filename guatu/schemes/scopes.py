"""What the formulas of a scheme may name: the facts table, what the scheme declares, and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from guatu.assessment.sheet import DeclaredFact, Entity, Sheet
from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, Fact, Unit
from guatu.portfolio.formula import Scope
from guatu.schemes.model import Light, SchemeText

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

    @cached_property
    def project_names(self) -> dict[str, Fact]:
        """What a formula may say of one project: the facts table, declared facts, scores of project sheets."""
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
        """What a formula about an entity may say; `results` are names beside the facts."""
        extra = {fact.name: fact for fact in results}
        if entity == "project":
            return Scope({**self.project_names, **extra}, {}, windows=True)
        own = {name: as_fact(fact) for name, fact in self.declared.get(entity, {}).items()}
        return Scope({**own, **extra}, self.project_names, windows=True)

    @property
    def one_project(self) -> Scope:
        """A condition that picks projects before they are summed up."""
        return Scope(self.project_names)

    def lists_of(self, sheet: Sheet) -> Scope:
        """What the lists of a sheet may say."""
        return self.of(sheet.entity, RESULTS)

    def steps_of(self, entity: Entity, sheet: Sheet | None) -> Scope:
        """What a step of the ladder may say: results and lists of its sheet, and the levels of lights."""
        lists = sheet.list_ if sheet else ()
        listed = [Fact(f"listed_{rule.id}", rule.name, Unit.FLAG, rule.name) for rule in lists]
        lights = [
            Fact(f"light_{light.id}", light.name, Unit.TEXT, light.name)
            for light in self.text.light
            if ENTITY_OF[light.entity] == entity
        ]
        return self.of(entity, [*RESULTS, *listed, *lights] if sheet else lights)

    def of_light(self, light: Light) -> tuple[Scope, Scope]:
        """The scopes of a light's measure and of its `applies`."""
        entity = ENTITY_OF[light.entity]
        return self.of(entity), self.of("project") if entity == "project" else self.one_project


def as_fact(fact: DeclaredFact) -> Fact:
    """A declared fact as a formula knows it."""
    return Fact(fact.id, fact.name, UNIT_OF_KIND[fact.unit], fact.meaning or fact.name)
