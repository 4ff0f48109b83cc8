"""From rounded scores to places and lists: series ranked apart, ties, tie-breakers, conditions, no back-fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals as nw

from guatu.assessment.points import line_column
from guatu.assessment.sheet import ListRule, Series, Sheet
from guatu.portfolio.formula import Formula, with_inner_windows

GROUP = ("series", "order")
LEAST = -1e200
"""Smaller than any figure."""

MANY = 1_000_000
"""More entities than one group ever holds: keeps a tie-breaker below the score it breaks the tie of."""


def series_column(sheet: Sheet, formula: Callable[[str], Formula]) -> nw.Expr:
    """The series of each row: the first whose members or condition fit, else the empty one."""
    found = nw.lit("")
    for series in reversed(sheet.series):
        found = nw.when(within_series(series, formula)).then(nw.lit(series.id)).otherwise(found)
    return found


def within_series(series: Series, formula: Callable[[str], Formula]) -> nw.Expr:
    """Whether a row fits a series: as a member by name, or by its condition. Not known is not in it."""
    inside = nw.col("entity").is_in(list(series.members))
    if series.where is not None:
        inside = inside | formula(series.where).row_expression().fill_null(False)
    return inside


def leaves_out(sheet: Sheet) -> bool:
    """Whether one who fits no series is not ranked: a sheet that ranks in series ranks nobody outside of them. Where
    its series only take entities out of the ranking, all others are ranked together."""
    return any(series.ranked for series in sheet.series)


def with_series(table: Any, sheet: Sheet, formula: Callable[[str], Formula]) -> Any:
    """Add `series`, the series of each row."""
    conditions = [formula(series.where) for series in sheet.series if series.where is not None]
    return with_inner_windows(table, conditions).with_columns(series=series_column(sheet, formula))


def with_places(table: Any, sheet: Sheet, formula: Callable[[str], Formula]) -> Any:
    """Add `rank` within series and term; null where there is no score, or the series is not ranked.

    Ties share a place and the next is skipped; the sheet's tie-breakers (lines, or formulas; larger is better)
    are asked one after the other before a tie stands.
    """
    if not sheet.ranked:
        return table.with_columns(rank=nw.lit(None, dtype=nw.Int64))
    better_is_larger = sheet.order == "descending"
    key = nw.col("steps") if better_is_larger else -nw.col("steps")
    table = table.with_columns(rank_key=key)
    lines = {item.id for item in sheet.item}
    for breaker in sheet.tie_breakers:
        value = nw.col(line_column("p", breaker))
        if breaker not in lines:
            table = with_inner_windows(table, [formula(breaker)])
            value = formula(breaker).row_expression()
        # Not known comes last; what is equal must not be parted by the last bit of a float.
        table = table.with_columns(breaker_key=value.cast(nw.Float64).fill_null(LEAST).round(6))
        table = table.with_columns(
            rank_key=_dense(nw.col("rank_key")), breaker_key=_dense(nw.col("breaker_key"))
        )
        table = table.with_columns(rank_key=nw.col("rank_key") * MANY + nw.col("breaker_key"))
    unranked = [series.id for series in sheet.series if not series.ranked]
    if leaves_out(sheet):
        unranked.append("")
    ranked = ~nw.col("steps").is_null() & ~nw.col("series").is_in(unranked)
    table = table.with_columns(rank_key=nw.when(ranked).then(nw.col("rank_key")))
    place = nw.col("rank_key").rank(method="min", descending=True).over(*GROUP).cast(nw.Int64)
    back = nw.col("rank_key").rank(method="min", descending=False).over(*GROUP).cast(nw.Int64)
    return table.with_columns(rank=place, rank_from_last=back)


def _dense(value: nw.Expr) -> nw.Expr:
    return value.rank(method="dense").over(*GROUP).cast(nw.Int64)


def with_lists(table: Any, sheet: Sheet, formula: Callable[[str], Formula]) -> Any:
    """Add a flag `listed_ID` for each list: within the depth of its series AND the condition AND not exempt.

    Nobody moves up for one who is left out. Those barred from an award are on no list of praise.
    """
    return on_lists(with_list_conditions(table, sheet, formula), sheet)


def list_conditions(sheet: Sheet, formula: Callable[[str], Formula]) -> dict[str, Formula]:
    """The conditions of a sheet's lists, by the columns that hold them: `when:ID` and `exempt:ID`."""
    return {
        f"{word}:{rule.id}": formula(text)
        for rule in sheet.list_
        for word, text in (("when", rule.when), ("exempt", rule.exempt))
        if text is not None
    }


def with_list_conditions(table: Any, sheet: Sheet, formula: Callable[[str], Formula]) -> Any:
    """Add a column for each condition of the lists, null where it is not known."""
    conditions = list_conditions(sheet, formula)
    table = with_inner_windows(table, conditions.values())
    for name, condition in conditions.items():
        table = table.with_columns(condition.row_expression().alias(name))
    return table


def on_lists(table: Any, sheet: Sheet) -> Any:
    """Add a flag `listed_ID` for each list, from places and conditions."""
    for rule in sheet.list_:
        table = table.with_columns(_listed(rule).alias(f"listed_{rule.id}"))
    return table


def _listed(rule: ListRule) -> nw.Expr:
    listed = nw.lit(True)
    if rule.first is not None or rule.last is not None or rule.depth:
        place = "rank" if rule.last is None else "rank_from_last"
        usual = rule.last if rule.last is not None else rule.first
        depth = nw.lit(usual or 0)
        for series, mine in rule.depth.items():
            depth = nw.when(nw.col("series") == series).then(nw.lit(mine)).otherwise(depth)
        listed = (nw.col(place) <= depth).fill_null(False)
    if rule.when is not None:
        listed = listed & nw.col(f"when:{rule.id}").fill_null(False)
    if rule.exempt is not None:
        listed = listed & ~nw.col(f"exempt:{rule.id}").fill_null(False)
    if rule.kind == "praise":
        listed = listed & ~nw.col("barred")
    return listed
