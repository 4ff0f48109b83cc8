"""The entries of a scheme in words, and the sentences that several of its parts share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from guatu.assessment.rules import Rule
from guatu.assessment.rules.linear import Linear
from guatu.portfolio.formula import Scope
from guatu.schemes.formula_words import formula_words
from guatu.schemes.load import Scheme
from guatu.schemes.units import UNIT_WORDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: its key in the scheme (`light[schedule]`), its name, what it says, and where that stands.

    `clause` is the citation as printed; empty where the scheme gives none. `local_choice` says what the document
    leaves open and the place has chosen. `depth` is how far it stands below another line (0: it does not).
    """

    key: str
    name: str
    clause: str
    sentences: tuple[str, ...]
    local_choice: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a scheme that people look up as one: its id, its title, its entries."""

    id: str
    title: str
    entries: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "entries": [asdict(entry) for entry in self.entries]}


def rule_sentence(scheme: Scheme, rule: Rule, full: Decimal, unit: str, scope: Scope) -> str:
    """The rule of an indicator for people; a pivot that is a formula stands in words."""
    if isinstance(rule, Linear) and isinstance(rule.pivot, str):
        rule = rule.model_copy(update={"pivot": formula_words(scheme, rule.pivot, scope)})
    return rule.sentence(full, UNIT_WORDS.get(unit, ""))


def full_stop(parts: Iterable[str]) -> tuple[str, ...]:
    """The sentences that say something, each with its full stop."""
    return tuple(part if part.endswith("。") else f"{part}。" for part in parts if part)


def level_name(scheme: Scheme, level: str) -> str:
    """The name of a level on screen: 黄."""
    return scheme.levels[level].name if level in scheme.levels else level
