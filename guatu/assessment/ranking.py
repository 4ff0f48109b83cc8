"""Rounding and ranking over tables, the same on every engine.

Values are rounded half-up *before* they are ranked, so what is printed alike is placed alike.
"""

from __future__ import annotations

import narwhals as nw

_GUARD = 1e-9


def half_up_steps(value: nw.Expr, decimals: int) -> nw.Expr:
    """`value` rounded half away from zero, as a whole number of steps of 10^-decimals (Int64).

    A guard of 10^-9 steps lifts what a float lost of a tie (1.005 is stored as 1.00499…), so the
    result equals exact decimal rounding for every value that has at most eight more decimals.
    """
    scaled = value.abs() * float(10**decimals) + 0.5 + _GUARD
    steps = scaled.floor().cast(nw.Int64)
    return nw.when(value < 0).then(-steps).otherwise(steps)


def rank(steps: nw.Expr, *, within: list[str], descending: bool) -> nw.Expr:
    """The place of each row among the rows that share the `within` columns: ties share a place and
    the next place is skipped (1, 2, 2, 4). Null where there is no value. Int64."""
    return steps.rank(method="min", descending=descending).over(*within).cast(nw.Int64)
