"""Facts as they are handed in: one row per thing, term and fact, with who says so and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guatu.assessment.terms import Term

GivenValue = Fraction | bool | str
"""Money in 分, a per cent as 0–100, a ratio as part of one, a mark in points."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of one thing in one term.

    `fact` is the id of a fact that the scheme declares, of an event, or of a column of the facts table.
    `checked` is the value found by a spot check; it counts instead of `value`, and both are kept.
    `by` handed it in (or gave the mark) on `day`, `second` is the second person of a mark, `reason` says why.
    `place` is the cell it came from, for people.
    """

    entity: str
    term: Term
    fact: str
    value: GivenValue
    checked: GivenValue | None = None
    source: str = ""
    by: str = ""
    second: str = ""
    day: date | None = None
    reason: str = ""
    place: str = ""

    @property
    def counts(self) -> GivenValue:
        """The value that counts."""
        return self.value if self.checked is None else self.checked


@dataclass(frozen=True, slots=True)
class KnownFact:
    """What a reader of facts must know of one: its name, the unit of what is written, its limits, and whose figure
    comes first where several hand it in.

    `kind` is `money`, `ratio`, `percent`, `count`, `number`, `flag`, `text` or `mark`.
    """

    id: str
    name: str
    kind: str
    entity: str
    low: Fraction | None = None
    high: Fraction | None = None
    needs_reason: bool = False
    sources: tuple[str, ...] = ()


Known = Mapping[str, KnownFact]
