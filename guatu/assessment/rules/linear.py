from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals as nw

from guatu.assessment.rules.rule import (
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
from guatu.written import Number, Size


class Linear(Rule):
    """`linear`: around a pivot, so many points more or fewer for each step above or below it. A negative `up` takes
    points above the pivot and, where `down` is not written, adds them below.

    Keys: `pivot`, a number in the unit of the value or a formula over the entity's facts; `step`, how large a
    step is; `up` and `down`, points for each step above and below (`down` defaults to `up`); `base`, the points at
    the pivot (default: the full points); `whole_steps`, only finished steps count (default false: pro rata), or
    `whole_steps_up` and `whole_steps_down` for one side alone;
    `cap_up` and `cap_down`, how many points it may add or take at most; `limit = "base"` limits both to the
    base points, so that the item ends between 0 and twice its base. Without `cap_down` or `limit` it takes points
    without end, below 0 too; the check warns of it.
    """

    type: Literal["linear"]
    pivot: Number | str
    step: Number = Decimal(1)
    up: Number
    down: Number | None = None
    base: Number | None = None
    whole_steps: bool = False
    whole_steps_up: bool = False
    whole_steps_down: bool = False
    cap_up: Size | None = None
    cap_down: Size | None = None
    limit: Literal["base"] | None = None

    @property
    def whole_up(self) -> bool:
        """Whether only finished steps count above the pivot."""
        return self.whole_steps or self.whole_steps_up

    @property
    def whole_down(self) -> bool:
        """The same below it."""
        return self.whole_steps or self.whole_steps_down

    @property
    def falls(self) -> Decimal:
        """How many points a step below the pivot takes (negative: adds)."""
        return self.up if self.down is None else self.down

    def _base(self, full: Decimal) -> Decimal:
        return full if self.base is None else self.base

    def _caps(self, full: Decimal) -> tuple[Decimal | None, Decimal | None]:
        """The most that may be taken (as a negative number) and added."""
        base = self._base(full)
        up = base if self.limit == "base" and self.cap_up is None else self.cap_up
        down = base if self.limit == "base" and self.cap_down is None else self.cap_down
        return None if down is None else -down, up

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        pivot = table.pivot if isinstance(self.pivot, str) else nw.lit(float(self.pivot))
        assert pivot is not None
        steps = (value - pivot) / float(self.step)
        if self.whole_up or self.whole_down:
            whole = whole_steps(steps)
            above, below = whole if self.whole_up else steps, whole if self.whole_down else steps
            steps = nw.when(steps < 0).then(below).otherwise(above)
        up, down = float(self.up), float(self.up if self.down is None else self.down)
        change = nw.when(steps < 0).then(steps * down).otherwise(steps * up)
        return clipped(change, *self._caps(full)) + float(self._base(full))

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        pivot = company.pivot if isinstance(self.pivot, str) else Fraction(self.pivot)
        if pivot is None:
            return None
        steps = (value - pivot) / Fraction(self.step)
        if self.whole_up if steps >= 0 else self.whole_down:
            steps = whole_steps_exact(steps)
        slope = self.up if steps >= 0 or self.down is None else self.down
        return clip_exact(steps * Fraction(slope), *self._caps(full)) + Fraction(self._base(full))

    def sentence(self, full: Decimal, unit: str) -> str:
        pivot = self.pivot if isinstance(self.pivot, str) else plain(self.pivot)
        down = self.up if self.down is None else self.down
        adds, takes = _("加 {points} 分"), _("扣 {points} 分")
        words = _("以 {pivot}{unit} 为基准得 {base} 分，每高 {step}{apart}{above}，每低 {step}{apart}{below}").format(
            pivot=pivot, unit=unit, apart=apart(unit), base=plain(self._base(full)), step=plain(self.step),
            above=(takes if self.up < 0 else adds).format(points=plain(abs(self.up))),
            below=(adds if down < 0 else takes).format(points=plain(abs(down))),
        )  # fmt: skip
        words += whole_words(self.whole_up, self.whole_down)
        low, high = self._caps(full)
        if high is not None:
            words += _("，最多加 {points} 分").format(points=plain(high))
        if low is not None:
            words += _("，最多扣 {points} 分").format(points=plain(-low))
        return words

    def faults(self, full: Decimal) -> list[str]:
        found = [_("step 要大于 0")] if self.step <= 0 else []
        return found + whole_faults(self)
