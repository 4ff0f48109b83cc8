from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import narwhals as nw

from guatu.assessment.rules.rule import Company, Rule, Table, plain
from guatu.language import gettext as _
from guatu.written import Number


class Efficacy(Rule):
    """`efficacy`: efficacy coefficient (功效系数): full × (basic + (1 − basic) × (x − worst) ÷ (best − worst)).

    Keys: `basic`, the share that the worst of the series earns (default 0.6); `best`: `largest` (default) or
    `smallest`; `best_value` and `worst_value` fix the ends instead of taking them from the series. When all are
    alike, all have the full points.
    """

    compares: ClassVar[bool] = True

    type: Literal["efficacy"]
    basic: Number = Decimal("0.6")
    best: Literal["largest", "smallest"] = "largest"
    best_value: Number | None = None
    worst_value: Number | None = None

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        low, high = value.min().over(*table.group), value.max().over(*table.group)
        best, worst = (high, low) if self.best == "largest" else (low, high)
        best = best if self.best_value is None else nw.lit(float(self.best_value))
        worst = worst if self.worst_value is None else nw.lit(float(self.worst_value))
        span = best - worst
        share = (
            nw.when(span == 0).then(nw.lit(1.0)).otherwise((value - worst) / nw.when(span != 0).then(span))
        )
        share = nw.when(~value.is_null()).then(share.clip(0.0, 1.0))
        return (share * float(1 - self.basic) + float(self.basic)) * float(full)

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        low, high = min(company.values), max(company.values)
        best, worst = (high, low) if self.best == "largest" else (low, high)
        best = best if self.best_value is None else Fraction(self.best_value)
        worst = worst if self.worst_value is None else Fraction(self.worst_value)
        share = (
            Fraction(1)
            if best == worst
            else min(max((value - worst) / (best - worst), Fraction(0)), Fraction(1))
        )
        return (share * (1 - Fraction(self.basic)) + Fraction(self.basic)) * Fraction(full)

    def sentence(self, full: Decimal, unit: str) -> str:
        return _("功效系数法：{full} 分 ×（{basic} + {rest} ×（本数 − 最差）÷（最好 − 最差）），{best}为好").format(
            full=plain(full), basic=plain(self.basic), rest=plain(1 - self.basic),
            best=_("大") if self.best == "largest" else _("小"),
        )  # fmt: skip

    def faults(self, full: Decimal) -> list[str]:
        return [] if 0 <= self.basic < 1 else [_("basic 要在 0 和 1 之间")]


class ShareOfBest(Rule):
    """`share_of_best`: full × value ÷ the best of the series; the best earns all points. Not below 0."""

    compares: ClassVar[bool] = True

    type: Literal["share_of_best"]

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        best = value.max().over(*table.group)
        return (value / nw.when(best > 0).then(best)).clip(0.0, None).fill_null(0.0) * float(
            full
        ) + value * 0.0

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        best = max(company.values)
        return Fraction(0) if best <= 0 else max(value, Fraction(0)) / best * Fraction(full)

    def sentence(self, full: Decimal, unit: str) -> str:
        return _("组内最高的得 {full} 分，其余按与最高者的比例计").format(full=plain(full))
