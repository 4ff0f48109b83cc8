from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import narwhals as nw

from guatu.assessment.ranking import half_up_steps
from guatu.assessment.rules.rule import Company, Rule, Table, clip_exact, clipped, plain
from guatu.language import gettext as _
from guatu.values import half_up
from guatu.written import Number


class Places(Rule):
    """`places`: points by the place of the value among the entities of the series.

    Keys: `points`, the points of place 1, 2, 3 …; `rest`, those of every later place (default 0); or `first` and
    `less`, the points of the first place and how many fewer each next place has, not below `floor` (default 0).
    Ties share a place and the next is skipped. `order`: `descending` (default: the largest is first) or
    `ascending`. `decimals`: the value is rounded half-up to so many decimals before places are given.
    """

    compares: ClassVar[bool] = True

    type: Literal["places"]
    table: tuple[Number, ...] = ()
    rest: Number = Decimal(0)
    first: Number | None = None
    less: Number = Decimal(1)
    floor: Number = Decimal(0)
    order: Literal["descending", "ascending"] = "descending"
    decimals: int = 6

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        steps = nw.when(~value.is_null()).then(half_up_steps(value, self.decimals))
        place = (
            steps.rank(method="min", descending=self.order == "descending").over(*table.group).cast(nw.Int64)
        )
        if self.first is not None:
            return clipped(float(self.first) - (place - 1) * float(self.less), self.floor, None)
        points: nw.Expr = nw.when(~place.is_null()).then(nw.lit(float(self.rest)))
        for number, worth in enumerate(self.table, 1):
            points = nw.when(place == number).then(nw.lit(float(worth))).otherwise(points)
        return points

    def place(self, value: Fraction, company: Company) -> int:
        """The place of a value among those of the series, equal ones sharing theirs."""
        mine = half_up(value, self.decimals)
        others = [half_up(other, self.decimals) for other in company.values]
        return 1 + sum(other > mine if self.order == "descending" else other < mine for other in others)

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        place = self.place(value, company)
        if self.first is not None:
            return clip_exact(Fraction(self.first) - (place - 1) * Fraction(self.less), self.floor, None)
        return Fraction(self.table[place - 1] if place <= len(self.table) else self.rest)

    def sentence(self, full: Decimal, unit: str) -> str:
        best = _("最大") if self.order == "descending" else _("最小")
        if self.first is not None:
            return _(
                "按组内名次（{best}为第一）：第一名 {first} 分，每降一名少 {less} 分，最低 {floor} 分"
            ).format(best=best, first=plain(self.first), less=plain(self.less), floor=plain(self.floor))
        return _("按组内名次（{best}为第一）：依次 {points} 分，其余 {rest} 分；并列同分").format(
            best=best, points="、".join(plain(p) for p in self.table), rest=plain(self.rest)
        )

    def most(self, full: Decimal) -> Decimal | None:
        return self.first if self.first is not None else max(self.table, default=None)

    def faults(self, full: Decimal) -> list[str]:
        if (self.first is None) == (not self.table):
            return [_("table（各名次的分）和 first（第一名的分）要写其中一样")]
        return []
