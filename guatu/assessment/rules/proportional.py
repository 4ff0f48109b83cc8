from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals as nw

from guatu.assessment.rules.rule import Company, Rule, Table, clip_exact, clipped, plain
from guatu.language import gettext as _
from guatu.written import Number


class Proportional(Rule):
    """`proportional`: points = full × value ÷ `of`, kept between `floor` and `cap` of the full points.

    Keys: `of`, the value that earns all points (default 100 where the line's unit is per cent or percentage points, else
    1: the whole either way); `floor` and `cap`, shares of the
    full points (default 0 and 1); `open = true` takes the cap away.
    """

    type: Literal["proportional"]
    of: Number = Decimal(1)
    floor: Number = Decimal(0)
    cap: Number = Decimal(1)
    open: bool = False

    def _limits(self, full: Decimal) -> tuple[Decimal, Decimal | None]:
        return self.floor * full, None if self.open else self.cap * full

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        return clipped(value * float(full) / float(self.of), *self._limits(full))

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        return clip_exact(value * Fraction(full) / Fraction(self.of), *self._limits(full))

    def sentence(self, full: Decimal, unit: str) -> str:
        words = _("达到 {of}{unit} 得满分 {full} 分，按比例计").format(
            of=plain(self.of), unit=unit, full=plain(full)
        )
        return words + ("" if self.open else _("，最多 {cap} 分").format(cap=plain(self.cap * full)))

    def faults(self, full: Decimal) -> list[str]:
        if self.of == 0:
            return [_("of 不能是 0")]
        return [_("floor 大于 cap")] if not self.open and self.floor > self.cap else []
