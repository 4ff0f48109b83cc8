"""Facts as they are handed in: one row per thing, term and fact, with who says so and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guatu.assessment.terms import MONTHS, Term

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


class LastKnown:
    """What was handed in last about each thing, up to a term."""

    def __init__(self, rows: Iterable[FactRow], facts: Collection[str]) -> None:
        self._rows: dict[tuple[str, str], list[FactRow]] = {}
        for row in rows:
            if row.fact in facts:
                self._rows.setdefault((row.entity, row.fact), []).append(row)
        for of_fact in self._rows.values():
            of_fact.sort(key=lambda row: (row.term.last_month, -MONTHS[row.term.kind]))

    def at(self, entity: str, fact: str, term: Term) -> GivenValue | None:
        """The value of the last term that ends by the end of `term`, or, where there is none, of a longer one that holds
        it; of terms that end together the shortest counts."""
        rows = self._rows.get((entity, fact), ())
        ended = [row for row in rows if row.term.last_month <= term.last_month]
        if ended:
            last = ended[-1].term.last_month
            return next(row.counts for row in ended if row.term.last_month == last)
        return next((row.counts for row in rows if row.term.holds(term)), None)

    def first(self, entity: str, fact: str) -> GivenValue | None:
        """The value of the first term of which anything was handed in."""
        return next((row.counts for row in self._rows.get((entity, fact), ())), None)
