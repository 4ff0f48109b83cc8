"""What every rule type promises: points over a table, the same points exactly, and a sentence."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import narwhals as nw

from guatu.language import gettext as _
from guatu.values import number_text
from guatu.written import Part

GUARD = 1e-9
"""What is this close to a whole step, or to an edge, counts as on it: the last bit of a float decides nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a rule may use beside the value, over a table: the columns that make up a group of entities
    ranked together in one term, and the pivot where it comes from a formula."""

    group: tuple[str, ...] = ("series", "order")
    pivot: nw.Expr | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """The same for one entity: the values of all entities of its group, its own among them, and the pivot."""

    values: Sequence[Fraction] = ()
    pivot: Fraction | None = None


class Rule(Part):
    """Turns the value of an indicator into points. `full` is what the item is worth.

    `points` and `exact` agree to the last published decimal; both are null where the value is. `compares` says
    whether the points depend on the other entities of the series.
    """

    compares: ClassVar[bool] = False

    @abstractmethod
    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        """Points of every row of a table."""

    @abstractmethod
    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        """Points of one entity, exactly."""

    @abstractmethod
    def sentence(self, full: Decimal, unit: str) -> str:
        """The rule for people."""

    def most(self, full: Decimal) -> Decimal | None:
        """The most points that it can give, where it writes points out itself; None where they follow the full ones."""
        return None

    def faults(self, full: Decimal) -> list[str]:
        """What the rule leaves open or contradicts; empty when it is whole."""
        return []


def apart(unit: str) -> str:
    """The unit of a distance between two values: what parts two percentages is percentage points."""
    return _(" 个百分点") if unit == "%" else unit or " "


def clipped(points: nw.Expr, low: Decimal | None, high: Decimal | None) -> nw.Expr:
    """`points` kept between `low` and `high` (None: no limit)."""
    if low is None and high is None:
        return points
    return points.clip(None if low is None else float(low), None if high is None else float(high))


def clip_exact(points: Fraction, low: Decimal | None, high: Decimal | None) -> Fraction:
    """The same, exactly."""
    if low is not None:
        points = max(points, Fraction(low))
    return points if high is None else min(points, Fraction(high))


def whole_steps(steps: nw.Expr) -> nw.Expr:
    """Whole steps towards zero: 2.9 → 2, −2.9 → −2; 1.9999999999 counts as 2."""
    size = (steps.abs() + GUARD).floor()
    return nw.when(steps < 0).then(-size).otherwise(size)


def whole_steps_exact(steps: Fraction) -> Fraction:
    """The same, exactly."""
    size = abs(steps).__floor__()
    return Fraction(-size if steps < 0 else size)


def whole_words(up: bool, down: bool) -> str:
    """On which side of the pivot only finished steps count."""
    if up and down:
        return _("，不足一档不计")
    if up:
        return _("，高的不足一档不计，低的不足一档按比例计")
    return _("，低的不足一档不计，高的不足一档按比例计") if down else _("，不足一档按比例计")


def whole_faults(rule: Any) -> list[str]:
    """Both sides said at once and one side said again."""
    if rule.whole_steps and (rule.whole_steps_up or rule.whole_steps_down):
        return [_("whole_steps 是两边都只计整档，不要再写 whole_steps_up、whole_steps_down")]
    return []


def plain(value: Decimal | Fraction | None) -> str:
    """A number of a rule as it was typed."""
    if value is None:
        return "–"
    exact = Fraction(value)
    places = 0
    while places < 8 and (exact * 10**places).denominator != 1:
        places += 1
    return number_text(exact, places)
