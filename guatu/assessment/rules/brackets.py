from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals as nw

from guatu.assessment.rules.rule import (
    GUARD,
    Company,
    Rule,
    Table,
    apart,
    clip_exact,
    clipped,
    plain,
    whole_faults,
    whole_steps,
    whole_steps_exact,
    whole_words,
)
from guatu.language import gettext as _
from guatu.written import Number, Part, Size


class Bracket(Part):
    """One stretch of the distance from the pivot: up to `to` (none: without end), `points` for each `step`."""

    to: Number | None = None
    points: Number
    step: Number = Decimal(1)


class Brackets(Rule):
    """`brackets`: a slope that changes with the distance from the pivot, as a tax does.

    Keys: `pivot`; `base`, the points there (default: the full points); `above` and `below`, lists of stretches
    of the distance from the pivot, each with `to` (the last one without), `points` per `step`; below the pivot
    the points are taken off. `below = []` takes nothing. `whole_steps`, or `whole_steps_up` and
    `whole_steps_down` for one side alone; `cap_up`, `cap_down`.
    """

    type: Literal["brackets"]
    pivot: Number
    base: Number | None = None
    above: tuple[Bracket, ...] = ()
    below: tuple[Bracket, ...] = ()
    whole_steps: bool = False
    whole_steps_up: bool = False
    whole_steps_down: bool = False
    cap_up: Size | None = None
    cap_down: Size | None = None

    @property
    def whole_up(self) -> bool:
        """Whether only finished steps count above the pivot."""
        return self.whole_steps or self.whole_steps_up

    @property
    def whole_down(self) -> bool:
        """The same below it."""
        return self.whole_steps or self.whole_steps_down

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        base = float(full if self.base is None else self.base)
        distance = value - float(self.pivot)
        gained = clipped(self._sum(distance, self.above, self.whole_up), None, self.cap_up)
        lost = clipped(self._sum(-distance, self.below, self.whole_down), None, self.cap_down)
        return gained - lost + base

    def _sum(self, distance: nw.Expr, brackets: tuple[Bracket, ...], whole: bool) -> nw.Expr:
        total = distance * 0.0
        start = Decimal(0)
        for bracket in brackets:
            length = None if bracket.to is None else float(bracket.to - start)
            steps = (distance - float(start)).clip(0.0, length) / float(bracket.step)
            total = total + (whole_steps(steps + GUARD) if whole else steps) * float(bracket.points)
            start = start if bracket.to is None else bracket.to
        return total

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        base = Fraction(full if self.base is None else self.base)
        distance = value - Fraction(self.pivot)
        gained = clip_exact(self._sum_exact(distance, self.above, self.whole_up), None, self.cap_up)
        lost = clip_exact(self._sum_exact(-distance, self.below, self.whole_down), None, self.cap_down)
        return gained - lost + base

    def _sum_exact(self, distance: Fraction, brackets: tuple[Bracket, ...], whole: bool) -> Fraction:
        total, start = Fraction(0), Fraction(0)
        for bracket in brackets:
            end = distance if bracket.to is None else min(distance, Fraction(bracket.to))
            steps = max(end - start, Fraction(0)) / Fraction(bracket.step)
            total += (whole_steps_exact(steps) if whole else steps) * Fraction(bracket.points)
            start = start if bracket.to is None else Fraction(bracket.to)
        return total

    def sentence(self, full: Decimal, unit: str) -> str:
        words = _("以 {pivot}{unit} 为基准得 {base} 分").format(
            pivot=plain(self.pivot), unit=unit, base=plain(full if self.base is None else self.base)
        )
        for word, sign, brackets in ((_("高出"), _("加"), self.above), (_("低于"), _("扣"), self.below)):
            start = Decimal(0)
            for bracket in brackets:
                end = _("以上") if bracket.to is None else _("至 {to}").format(to=plain(bracket.to))
                words += _("；{word} {start} {end}的部分，每 {step}{unit}{sign} {points} 分").format(
                    word=word, start=plain(start), end=end, step=plain(bracket.step), unit=apart(unit), sign=sign, points=plain(bracket.points)
                )  # fmt: skip
                start = start if bracket.to is None else bracket.to
        if self.whole_up or self.whole_down:
            words += whole_words(self.whole_up, self.whole_down)
        return words

    def faults(self, full: Decimal) -> list[str]:
        found = []
        for name, brackets in (("above", self.above), ("below", self.below)):
            ends = [bracket.to for bracket in brackets[:-1]]
            if any(end is None for end in ends):
                found.append(_("{name} 里只有最后一段可以不写 to").format(name=name))
            elif any(
                one >= other for one, other in zip([Decimal(0), *ends], ends, strict=False) if one and other
            ):
                found.append(_("{name} 里各段的 to 要由小到大").format(name=name))
        return found + whole_faults(self)
