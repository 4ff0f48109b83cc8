"""The numbers by which figures are questioned: filled from a scheme, none of them a place's own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guatu.values import FEN_PER_WAN


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """When a figure is questioned.

    `money_ahead_points`: percentage points by which money may not run ahead of physical progress.
    `unit_factor`: what a figure in the wrong unit is off by (亿元 for 万元).
    `unit_tolerance`: how far, as a share, the corrected figure may lie from what the series expects.
    `unit_gap`: a figure that many times smaller (or larger) than what is expected does not fit.
    `plan_reach`: with nothing but the plan to compare with, the corrected figure lies within this many
    times the plan of the months so far.
    `smallest_total_fen`: a total below this, in 分, is taken for the figure in the wrong unit when total
    and plan are apart by the factor; otherwise the plan is.
    `tolerance_fen`: a difference between stated and computed money, in 分, that is not worth a word.

    What follows is asked only where a scheme says from when on (None: not asked).
    `text_alike`: per cent from which the text of progress is taken for last month's.
    `same_problem_months`: months running in which the same problem is told in the same words.
    `on_plan_months`: months running in which the month's figure is the plan's to the 分.
    `stuck_months`: months running in which physical progress stays where it is, at `stuck_percent` or more.
    `statistics_gap`: per cent of the dispatch figure by which the statistics figure may differ without a reason.
    """

    money_ahead_points: Decimal = Decimal(30)
    unit_factor: int = 10_000
    unit_tolerance: Decimal = Decimal("0.1")
    unit_gap: int = 100
    plan_reach: int = 3
    smallest_total_fen: int = 1_000 * FEN_PER_WAN
    tolerance_fen: int = 0
    text_alike: Decimal | None = None
    same_problem_months: int | None = None
    on_plan_months: int | None = None
    stuck_months: int | None = None
    stuck_percent: Decimal = Decimal(90)
    statistics_gap: Decimal | None = None


DEFAULT_SETTINGS = CheckSettings()
