"""The numbers by which figures are questioned: filled from a scheme, none of them a place's own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """When a figure is questioned.

    `money_ahead_points`: percentage points by which money may not run ahead of physical progress.
    `unit_factor`: what a figure in the wrong unit is off by (亿元 for 万元).
    `unit_tolerance`: how far, as a share, the corrected figure may lie from what the series expects.
    `unit_gap`: a figure that many times smaller (or larger) than what is expected does not fit.
    `tolerance_fen`: a difference between stated and computed money, in 分, that is not worth a word.
    """

    money_ahead_points: Decimal = Decimal(30)
    unit_factor: int = 10_000
    unit_tolerance: Decimal = Decimal("0.1")
    unit_gap: int = 100
    tolerance_fen: int = 0


DEFAULT_SETTINGS = CheckSettings()
