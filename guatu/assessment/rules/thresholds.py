from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals as nw

from guatu.assessment.rules.rule import GUARD, Company, Rule, Table, clip_exact, clipped, plain
from guatu.language import gettext as _
from guatu.written import Number


class AllOrNothing(Rule):
    """`all_or_nothing`: all points where the value reaches `at_least` (or does not pass `at_most`), else none.

    The edge counts as reached unless `edge_included = false`.
    """

    type: Literal["all_or_nothing"]
    at_least: Number | None = None
    at_most: Number | None = None
    edge_included: bool = True

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        guard = GUARD if self.edge_included else -GUARD
        if self.at_least is not None:
            reached = value >= float(self.at_least) - guard
        else:
            assert self.at_most is not None
            reached = value <= float(self.at_most) + guard
        points = nw.when(reached).then(nw.lit(float(full))).otherwise(nw.lit(0.0))
        return nw.when(~value.is_null()).then(points)

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        edge = Fraction(self.at_least if self.at_least is not None else self.at_most or 0)
        beyond = value > edge if self.at_least is not None else value < edge
        reached = beyond or (self.edge_included and value == edge)
        return Fraction(full) if reached else Fraction(0)

    def sentence(self, full: Decimal, unit: str) -> str:
        if self.at_least is not None:
            words = _("达到 {edge}{unit}") if self.edge_included else _("超过 {edge}{unit}")
        else:
            words = _("不超过 {edge}{unit}") if self.edge_included else _("低于 {edge}{unit}")
        edge = self.at_least if self.at_least is not None else self.at_most
        return words.format(edge=plain(edge), unit=unit or " ") + _("得 {full} 分，否则不得分").format(
            full=plain(full)
        )

    def faults(self, full: Decimal) -> list[str]:
        return (
            [_("at_least 和 at_most 要写其中一个")]
            if (self.at_least is None) == (self.at_most is None)
            else []
        )


class Direct(Rule):
    """`direct`: the value is the points, kept between `floor` (default 0) and the full points.

    `open = true` leaves it without limits, for points that add up per project.
    """

    type: Literal["direct"]
    floor: Number = Decimal(0)
    open: bool = False

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        return value if self.open else clipped(value, self.floor, full)

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        return value if self.open else clip_exact(value, self.floor, full)

    def sentence(self, full: Decimal, unit: str) -> str:
        return (
            _("按实得分计，不封顶") if self.open else _("按实得分计，最多 {full} 分").format(full=plain(full))
        )


class Mark(Rule):
    """`mark`: points that a person gives, between `low` (default 0) and `high` (default: the full points).

    The fact must name who gave the mark and why; a mark outside the range is refused when the facts are read.
    """

    type: Literal["mark"]
    low: Number = Decimal(0)
    high: Number | None = None

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        return clipped(value, self.low, full if self.high is None else self.high)

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        return clip_exact(value, self.low, full if self.high is None else self.high)

    def sentence(self, full: Decimal, unit: str) -> str:
        high = full if self.high is None else self.high
        return _("由评定人在 {low} 至 {high} 分之间评定，写明理由").format(
            low=plain(self.low), high=plain(high)
        )

    def faults(self, full: Decimal) -> list[str]:
        high = full if self.high is None else self.high
        return [_("low 大于 high")] if self.low > high else []
