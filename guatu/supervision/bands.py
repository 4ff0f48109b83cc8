"""Bands: which level a measure falls into, with the inclusion of each edge stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import narwhals as nw

from guatu.language import gettext as _
from guatu.values import half_up, number_text

EDGE = 1e-9
"""What lies this close to an edge is on it, so that the last bit of a float never decides a level."""

MORE_DECIMALS = 8
"""How many more decimals than usual are printed at the most: no value that close to an edge is off it."""


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a measure. `low` and `high` are in the unit of the measure (percentage points,
    per cent, days …); None is without limit. An edge belongs to the band when `*_included`."""

    level: str
    low: Fraction | None = None
    low_included: bool = True
    high: Fraction | None = None
    high_included: bool = False
    local_choice: str | None = None

    def holds(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        below = self.high is None or value < self.high or (self.high_included and value == self.high)
        return above and below

    def sentence(self, unit: str) -> str:
        """The band for people: 10（含）至 25 个百分点."""
        if self.low is None and self.high is None:
            return _("不设界限")
        if self.low is None:
            words = _("{edge} {unit}（含）以内") if self.high_included else _("不满 {edge} {unit}")
            return words.format(edge=_edge(self.high), unit=unit)
        if self.high is None:
            words = _("{edge} {unit}及以上") if self.low_included else _("超过 {edge} {unit}")
            return words.format(edge=_edge(self.low), unit=unit)
        return _("{low}{low_included}至 {high}{high_included} {unit}").format(
            low=_edge(self.low),
            low_included=_("（含）") if self.low_included else _("（不含）"),
            high=_edge(self.high),
            high_included=_("（含）") if self.high_included else "",
            unit=unit,
        )


def _edge(value: Fraction | None) -> str:
    assert value is not None
    places = 0
    while places < 6 and (value * 10**places).denominator != 1:
        places += 1
    return number_text(value, places)


def level_expression(value: nw.Expr, bands: Sequence[Band]) -> nw.Expr:
    """The level of each row of a table; null where the measure is null.

    The bands must be free of gaps and overlaps (`band_errors`).
    """
    return _chosen(value, bands, [band.level for band in bands], nw.String)


def band_expression(value: nw.Expr, bands: Sequence[Band]) -> nw.Expr:
    """The same, as the number of the band in `bands`: two bands may stand for one level. Int64."""
    return _chosen(value, bands, list(range(len(bands))), nw.Int64)


def _chosen(value: nw.Expr, bands: Sequence[Band], named: Sequence[str | int], dtype: Any) -> nw.Expr:
    value = value.cast(nw.Float64)
    result = nw.lit(None, dtype=dtype)
    for band, name in zip(bands, named, strict=True):
        inside = ~value.is_null()
        if band.low is not None:
            low = float(band.low) + (-EDGE if band.low_included else EDGE)
            inside = inside & (value >= low if band.low_included else value > low)
        if band.high is not None:
            high = float(band.high) + (EDGE if band.high_included else -EDGE)
            inside = inside & (value <= high if band.high_included else value < high)
        result = nw.when(inside).then(nw.lit(name, dtype=dtype)).otherwise(result)
    return result


def band_of(value: Fraction, bands: Sequence[Band]) -> Band | None:
    """The band that holds an exact value."""
    return next((band for band in bands if band.holds(value)), None)


def telling_decimals(value: Fraction, band: Band, bands: Sequence[Band], decimals: int) -> int:
    """With how many decimals a value is printed so that what is printed lies in the band that was decided.

    At least `decimals`; bands look at the value before it is rounded, so that 79.96 stays below 80.
    """
    for places in range(decimals, decimals + MORE_DECIMALS):
        if band_of(Fraction(half_up(value, places)), bands) is band:
            return places
    return decimals + MORE_DECIMALS


def band_errors(bands: Sequence[Band]) -> list[str]:
    """What is wrong with a table of bands: gaps, overlaps, edges that nobody or two own, ends left open.

    Returns one sentence per fault; an empty list means that every number has exactly one level.
    """
    if not bands:
        return [_("没有写任何一档")]
    errors = [
        _("“{level}”档下限 {low} 不小于上限 {high}").format(
            level=band.level, low=_edge(band.low), high=_edge(band.high)
        )
        for band in bands
        if band.low is not None and band.high is not None and band.low >= band.high
    ]
    if errors:
        return errors
    ordered = sorted(bands, key=lambda b: (b.low is not None, b.low or Fraction(0)))
    if ordered[0].low is not None:
        errors.append(_("小于 {edge} 的数没有归档").format(edge=_edge(ordered[0].low)))
    for lower, upper in pairwise(ordered):
        if lower.high is None or upper.low is None or lower.high > upper.low:
            errors.append(_("“{one}”与“{other}”两档重叠").format(one=lower.level, other=upper.level))
        elif lower.high < upper.low:
            errors.append(
                _("{low} 与 {high} 之间没有归档（“{one}”之上、“{other}”之下）").format(
                    low=_edge(lower.high), high=_edge(upper.low), one=lower.level, other=upper.level
                )
            )
        elif lower.high_included and upper.low_included:
            errors.append(_("{edge} 同时归入“{one}”和“{other}”").format(
                edge=_edge(upper.low), one=lower.level, other=upper.level))  # fmt: skip
        elif not lower.high_included and not upper.low_included:
            errors.append(_("{edge} 没有归档：“{one}”和“{other}”都不含它").format(
                edge=_edge(upper.low), one=lower.level, other=upper.level))  # fmt: skip
    if ordered[-1].high is not None:
        errors.append(_("大于 {edge} 的数没有归档").format(edge=_edge(ordered[-1].high)))
    return errors
