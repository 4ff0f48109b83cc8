from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import narwhals as nw
from pydantic import Field

from guatu.assessment.rules.rule import Company, Rule, Table, plain
from guatu.language import gettext as _
from guatu.supervision.bands import Band, band_errors, band_of, level_expression
from guatu.written import Number, Part


class PointBand(Part):
    """One band: from which value to which, edges with their inclusion, and its points, or its `share` of the full
    points of the line."""

    low: Number | None = Field(default=None, alias="from")
    low_included: bool = Field(default=True, alias="from_included")
    high: Number | None = Field(default=None, alias="to")
    high_included: bool = Field(default=False, alias="to_included")
    points: Number | None = None
    share: Number | None = None

    def worth(self, full: Decimal) -> Decimal:
        """The points of the band where the line is worth `full`."""
        return self.points if self.points is not None else full * (self.share or Decimal(0))


class Bands(Rule):
    """`bands`: the value falls into a band, the band has points.

    Key: `band`, a list of bands with `from`, `from_included` (default true), `to`, `to_included` (default
    false) and `points`, or `share` of the full points (0.8 is eight tenths). Together they must hold every number exactly once.
    """

    type: Literal["bands"]
    band: tuple[PointBand, ...]

    def _bands(self) -> list[Band]:
        return [
            Band(
                str(number),
                None if band.low is None else Fraction(band.low),
                band.low_included,
                None if band.high is None else Fraction(band.high),
                band.high_included,
            )
            for number, band in enumerate(self.band, 1)
        ]

    def points(self, value: nw.Expr, full: Decimal, table: Table) -> nw.Expr:
        level = level_expression(value, self._bands())
        points = nw.lit(None, dtype=nw.Float64)
        for number, band in enumerate(self.band, 1):
            points = nw.when(level == str(number)).then(nw.lit(float(band.worth(full)))).otherwise(points)
        return points

    def exact(self, value: Fraction, full: Decimal, company: Company) -> Fraction | None:
        band = band_of(value, self._bands())
        return None if band is None else Fraction(self.band[int(band.level) - 1].worth(full))

    def sentence(self, full: Decimal, unit: str) -> str:
        return "；".join(
            _("{band}得 {points} 分").format(band=band.sentence(unit), points=plain(written.worth(full)))
            for band, written in zip(self._bands(), self.band, strict=True)
        )

    def most(self, full: Decimal) -> Decimal | None:
        return max((band.worth(full) for band in self.band), default=None)

    def faults(self, full: Decimal) -> list[str]:
        found = band_errors(self._bands())
        if any((band.points is None) == (band.share is None) for band in self.band):
            found.append(_("每一档写 points（分）或 share（占这一项满分的几成，0.8 是八成）中的一样"))
        most = max((band.worth(full) for band in self.band), default=full)
        if most > full:
            found.append(
                _("最高一档 {most} 分，超过这一项的 {full} 分").format(most=plain(most), full=plain(full))
            )
        return found
