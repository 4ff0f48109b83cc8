"""A sheet over a table: the value and the points of every line, events, vetoes, the score.

Columns that are added (`line_column`): `v:ID` the value of an indicator, `p:ID` the points of a line, `e:ID` the points of an
event, `events` their sum within the net caps, `score` before rounding, `steps` the rounded score as a whole
number of steps of 10^-decimals, `barred` (no award), `grade`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import narwhals as nw

from guatu.assessment.ranking import half_up_steps
from guatu.assessment.rules import Rule, Table
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.rule import GUARD, clipped
from guatu.assessment.sheet import Event, Item, Sheet
from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import Formula, with_inner_windows
from guatu.portfolio.formula.parse import FEN
from guatu.values import Period

TOTAL = ""
"""The id of the line above all others."""


def unit_factor(declared: str, actual: Unit) -> Fraction:
    """By how much a formula's value is multiplied to be in the declared unit: ratios become per cent, 分 万元."""
    ratios = (Unit.RATIO, Unit.RATIO_DIFFERENCE)
    if declared in ("percent", "percentage_points") and actual in ratios:
        return Fraction(100)
    return Fraction(1, FEN) if declared == "money" and actual is Unit.MONEY else Fraction(1)


def in_unit(value: nw.Expr, declared: str, actual: Unit) -> nw.Expr:
    """A formula's value over a table in the declared unit."""
    factor = unit_factor(declared, actual)
    value = value.cast(nw.Float64) * float(factor.numerator)
    return value / float(factor.denominator)


@dataclass(frozen=True, slots=True)
class Variant:
    """A line as it stands from a term on: its full points by series (empty: of none), its measure and its rule."""

    first_order: int
    fulls: Mapping[str, Decimal | None]
    measure: Formula
    rule: Rule
    clause: str

    def full_for(self, series: str) -> Decimal | None:
        """The full points of the entities of a series; None where the scheme does not say."""
        return self.fulls.get(series)


@dataclass(frozen=True)
class Ready:
    """A sheet whose formulas are parsed, for terms of one kind."""

    sheet: Sheet
    kind: Kind
    formula: Callable[[str], Formula]

    def lines(self, parent: str | None) -> list[Item]:
        """The lines below one that count in terms of this kind."""
        return [item for item in self.sheet.children(parent) if not item.terms or self.kind in item.terms]

    def variants(self, item: Item) -> list[Variant]:
        """A line's versions in the order in which they begin; the first one is in force from the start."""
        assert item.measure is not None and item.rule is not None
        series = ("", *(one.id for one in self.sheet.series))
        fulls = {one: self.sheet.full_in(item, one) for one in series}
        found = [Variant(-1, fulls, self.formula(item.measure), item.rule, item.clause)]
        for change in sorted(item.change, key=lambda c: c.valid_from):
            last = found[-1]
            months = MONTHS[self.kind]
            begin = Period.of(change.valid_from).index // months
            found.append(
                Variant(
                    begin,
                    {
                        one: change.points_by_series.get(
                            one, full if change.points is None else change.points
                        )
                        for one, full in last.fulls.items()
                    },
                    last.measure if change.measure is None else self.formula(change.measure),
                    change.rule or last.rule,
                    change.clause,
                )
            )
        return found

    def formulas(self) -> list[Formula]:
        """Every formula of the lines and vetoes."""
        found = [self.formula(veto.when) for veto in self.sheet.veto]
        for item in self.sheet.item:
            if item.measure is not None:
                for variant in self.variants(item):
                    found.append(variant.measure)
                    if isinstance(variant.rule, Linear) and isinstance(variant.rule.pivot, str):
                        found.append(self.formula(variant.rule.pivot))
            if item.applies is not None:
                found.append(self.formula(item.applies))
        return found

    def variant_at(self, item: Item, term: Term) -> Variant:
        """The version in force in a term."""
        return [variant for variant in self.variants(item) if variant.first_order <= term.order][-1]


def score_table(table: Any, ready: Ready) -> Any:
    """Add the columns of a sheet to a Narwhals table of entities and terms (`entity, order, year, series`)."""
    sheet = ready.sheet
    table = with_inner_windows(table, ready.formulas())
    known = set(table.collect_schema().names())
    if not known.issuperset(veto_conditions(ready)):
        table = with_veto_conditions(table, ready)
    table = _barred_items(table, ready)
    for item in sheet.item:
        if item.measure is not None and (not item.terms or ready.kind in item.terms):
            table = _indicator(table, ready, item)
    for item in sorted(sheet.item, key=lambda i: -i.id.count(".")):
        if item.measure is None and (not item.terms or ready.kind in item.terms):
            table = _sum(table, ready, item.id)
    table = _sum(table, ready, TOTAL)
    table = _events(table, ready)
    score = clipped(nw.col(_points(TOTAL)) + nw.col("events"), sheet.floor, sheet.cap)
    table = table.with_columns(score=score)
    for veto in sheet.veto:
        if veto.scope == "total":
            struck = nw.col(_veto(veto.id))
            table = table.with_columns(
                score=nw.when(struck).then(nw.col("score") * 0.0).otherwise(nw.col("score"))
            )
    steps = nw.when(~nw.col("score").is_null()).then(half_up_steps(nw.col("score"), sheet.decimals))
    return table.with_columns(steps=steps)


def line_column(what: str, item: str) -> str:
    """The column of a line: `p` its points, `v` its value, `w` its weight …; `p:quality/starts` are those of quality.starts."""
    return f"{what}:{item.replace('.', '/')}"


def _points(item: str) -> str:
    return line_column("p", item)


def _veto(name: str) -> str:
    return f"x:{name}"


def _here(item: Item, kind: Kind) -> nw.Expr:
    """Whether a line counts in the row's term."""
    if not item.only:
        return nw.lit(True)
    return ((nw.col("order") % (12 // MONTHS[kind])) + 1).is_in(list(item.only))


def veto_conditions(ready: Ready) -> dict[str, Formula]:
    """The conditions of the vetoes that hold in terms of the kind, by the columns that hold them: `veto:ID`."""
    return {
        f"veto:{veto.id}": ready.formula(veto.when)
        for veto in ready.sheet.veto
        if not veto.terms or ready.kind in veto.terms
    }


def with_veto_conditions(table: Any, ready: Ready) -> Any:
    """Add a column for each condition of the vetoes, null where it is not known."""
    conditions = veto_conditions(ready)
    table = with_inner_windows(table, conditions.values())
    for name, condition in conditions.items():
        table = table.with_columns(condition.row_expression().alias(name))
    return table


def _barred_items(table: Any, ready: Ready) -> Any:
    """A column for each veto: whether it strikes in the row's term, or struck up to `terms_after` before."""
    for veto in ready.sheet.veto:
        here = not veto.terms or ready.kind in veto.terms
        struck = nw.col(f"veto:{veto.id}").fill_null(False) if here else nw.lit(False)
        table = table.with_columns(struck.cast(nw.Int64).alias(_veto(veto.id)))
        found = nw.col(_veto(veto.id))
        for back in range(1, veto.terms_after + 1):
            before = nw.col(_veto(veto.id)).shift(back).over("entity", order_by="order").fill_null(0)
            since = nw.col("order") - nw.col("order").shift(back).over("entity", order_by="order")
            found = found + nw.when(since <= veto.terms_after).then(before).otherwise(nw.lit(0))
        table = table.with_columns((found > 0).alias(_veto(veto.id)))
    award = [nw.col(_veto(veto.id)) for veto in ready.sheet.veto if veto.scope == "award"]
    barred = nw.lit(False)
    for flag in award:
        barred = barred | flag
    return table.with_columns(barred=barred)


def _indicator(table: Any, ready: Ready, item: Item) -> Any:
    """The value and the points of one indicator; `w:ID` is the weight with which it counts (0: left out)."""
    value: nw.Expr | None = None
    points: nw.Expr | None = None
    full: nw.Expr | None = None
    for number, variant in enumerate(ready.variants(item)):
        # Columns of their own first: a rule may look around among the values of the series.
        of_value, of_pivot = line_column(f"m{number}", item.id), line_column(f"pivot{number}", item.id)
        worked = in_unit(variant.measure.row_expression(), item.unit, variant.measure.unit)
        table = table.with_columns(worked.alias(of_value))
        if item.missing == "last":
            last = nw.col(of_value).fill_null(strategy="forward")
            table = table.with_columns(last.over("entity", "year", order_by="order").alias(of_value))
        measured, pivot = nw.col(of_value), None
        if isinstance(variant.rule, Linear) and isinstance(variant.rule.pivot, str):
            of = ready.formula(variant.rule.pivot)
            table = table.with_columns(in_unit(of.row_expression(), item.unit, of.unit).alias(of_pivot))
            pivot = nw.col(of_pivot)
        here = nw.col("order") >= variant.first_order
        looks = Table(pivot=pivot)
        earned = _by_series(variant.fulls, partial(variant.rule.points, measured, table=looks))
        worth = _by_series(variant.fulls, lambda full: nw.lit(float(full)))
        if value is None or points is None or full is None:
            value, points, full = measured, earned, worth
        else:
            value = nw.when(here).then(measured).otherwise(value)
            points = nw.when(here).then(earned).otherwise(points)
            full = nw.when(here).then(worth).otherwise(full)
    assert value is not None and points is not None and full is not None
    name = item.id
    table = table.with_columns(value.alias(line_column("v", name)), full.alias(line_column("f", name)))
    table = table.with_columns(points.alias(_points(name)))
    counts = _here(item, ready.kind)
    weight = nw.when(counts).then(nw.col(line_column("f", name))).otherwise(nw.lit(0.0))
    mine = nw.when(counts).then(nw.col(_points(name))).otherwise(nw.lit(0.0))
    blank = nw.col(line_column("v", name)).is_null() & counts
    applies = None if item.applies is None else ready.formula(item.applies).row_expression()
    if applies is not None:
        # Not to know whether a line applies is to lack a figure: silence must not pay.
        blank = (blank | applies.is_null()) & counts
        if item.missing not in ("zero", "reweight"):
            mine = nw.when(~(applies.is_null() & counts)).then(mine)
    if item.missing == "zero":
        mine = nw.when(blank).then(nw.lit(0.0)).otherwise(mine)
    elif item.missing == "reweight":
        mine = nw.when(blank).then(nw.lit(0.0)).otherwise(mine)
        weight = nw.when(blank).then(nw.lit(0.0)).otherwise(weight)
    if applies is not None:
        outside = ~applies.fill_null(True)
        instead = nw.col(line_column("f", name)) if item.not_applicable == "full" else nw.lit(0.0)
        mine = nw.when(outside).then(instead).otherwise(mine)
        if item.not_applicable in ("reweight", "series_average"):
            weight = nw.when(outside).then(nw.lit(0.0)).otherwise(weight)
    for veto in ready.sheet.veto:
        if veto.scope == "item" and veto.item == name:
            mine = nw.when(nw.col(_veto(veto.id))).then(nw.lit(0.0)).otherwise(mine)
    table = _rounded(
        table.with_columns(mine.alias(_points(name)), weight.alias(line_column("w", name))), ready, name
    )
    if applies is not None and item.not_applicable == "series_average":
        table = _averaged(table, ready, item, applies, counts)
    return table


def _by_series(fulls: Mapping[str, Decimal | None], of: Callable[[Decimal], nw.Expr]) -> nw.Expr:
    """What follows from the full points of each row's series; null where the scheme does not say them."""
    usual = fulls[""]
    found = nw.lit(None, dtype=nw.Float64) if usual is None else of(usual)
    for series, full in fulls.items():
        if full is not None and full != usual:
            found = nw.when(nw.col("series") == series).then(of(full)).otherwise(found)
    return found


def _rounded(table: Any, ready: Ready, name: str) -> Any:
    """The points of a line rounded, where the sheet rounds its lines."""
    if ready.sheet.item_decimals is None:
        return table
    points = nw.col(_points(name))
    rounded = half_up_steps(points, ready.sheet.item_decimals).cast(nw.Float64)
    rounded = rounded / float(10**ready.sheet.item_decimals)
    return table.with_columns(nw.when(~points.is_null()).then(rounded).alias(_points(name)))


def _averaged(table: Any, ready: Ready, item: Item, applies: nw.Expr, counts: nw.Expr) -> Any:
    """Those to whom a line does not apply with the mean points of those of their series to whom it does."""
    name, points = item.id, nw.col(_points(item.id))
    inside = applies.fill_null(False) & counts
    if item.missing == "reweight":
        inside = inside & ~nw.col(line_column("v", name)).is_null()
    table = table.with_columns(nw.when(inside).then(points).alias(line_column("a", name)))
    table = table.with_columns(
        nw.col(line_column("a", name)).mean().over("series", "order").alias(line_column("a", name))
    )
    mean = nw.col(line_column("a", name))
    instead = ~applies.fill_null(True) & counts & ~mean.is_null()
    weight = nw.when(instead).then(nw.col(line_column("f", name))).otherwise(nw.col(line_column("w", name)))
    earns = instead
    for veto in ready.sheet.veto:
        if veto.scope == "item" and veto.item == name:
            earns = earns & ~nw.col(_veto(veto.id))
    mine = nw.when(earns).then(mean).otherwise(points)
    return _rounded(
        table.with_columns(mine.alias(_points(name)), weight.alias(line_column("w", name))), ready, name
    )


def _sum(table: Any, ready: Ready, name: str) -> Any:
    """The points of a line that has lines below it: their sum, put back to the whole where some are left out."""
    lines = ready.lines(name or None)
    if not lines:
        return table.with_columns(nw.lit(0.0).alias(_points(name)), nw.lit(0.0).alias(line_column("w", name)))
    earned, apart, present, whole = nw.lit(0.0), nw.lit(0.0), nw.lit(0.0), nw.lit(0.0)
    for line in lines:
        here = _here(line, ready.kind)
        worth = nw.col(line_column("f", line.id))
        mine = nw.col(_points(line.id))
        if line.measure is None:
            series = ("", *(one.id for one in ready.sheet.series))
            worth = _by_series(
                {one: ready.sheet.full_in(line, one) for one in series}, lambda full: nw.lit(float(full))
            )
            # Nothing below it is applicable: the line is left out, and takes nothing away.
            left_out = (nw.col(line_column("w", line.id)) <= GUARD) & (worth > 0)
            mine = nw.when(left_out).then(nw.lit(0.0)).otherwise(mine)
        # A line worth no points only adds or takes: it is no part of the whole, and is never scaled with it.
        earned = earned + nw.when(worth != 0).then(mine).otherwise(nw.lit(0.0))
        apart = apart + nw.when(worth != 0).then(nw.lit(0.0)).otherwise(mine)
        present = present + nw.col(line_column("w", line.id))
        whole = whole + nw.when(here).then(worth).otherwise(nw.lit(0.0))
    left_out = present < whole - GUARD
    scaled = nw.when(left_out).then(earned * whole / nw.when(present > GUARD).then(present)).otherwise(earned)
    weight = nw.when(present > GUARD).then(whole).otherwise(nw.lit(0.0))
    points = scaled + apart
    for veto in ready.sheet.veto:
        if name and veto.scope == "item" and veto.item == name:
            points = nw.when(nw.col(_veto(veto.id))).then(nw.lit(0.0)).otherwise(points)
    return table.with_columns(points.alias(_points(name)), weight.alias(line_column("w", name)))


def _events(table: Any, ready: Ready) -> Any:
    """The points of events, each within its own limits and together within the net caps."""
    sheet = ready.sheet
    months = MONTHS[ready.kind]
    per_quarter = max(3 // months, 1)
    table = table.with_columns(quarter=nw.col("order") // per_quarter)
    for event in sheet.event:
        table = _counted(table, event, max(months // 3, 1))
        table = table.with_columns(_event_points(event).alias(f"e:{event.id}"))
    groups: dict[str | None, nw.Expr] = {}
    for event in sheet.event:
        mine = nw.col(f"e:{event.id}")
        groups[event.group] = groups[event.group] + mine if event.group in groups else mine
    for cap in sheet.net_cap:
        if cap.group is not None and cap.group in groups:
            groups[cap.group] = clipped(groups[cap.group], None if cap.down is None else -cap.down, cap.up)
    total = nw.col("order") * 0.0
    for part in groups.values():
        total = total + part
    for cap in sheet.net_cap:
        if cap.group is None:
            total = clipped(total, None if cap.down is None else -cap.down, cap.up)
    return table.with_columns(events=total)


def _counted(table: Any, event: Event, quarters: int) -> Any:
    """The column `n:ID`: what was handed in for an event, or how often it still counts within its limits.

    A term of several `quarters` may hold the limit of a quarter that many times.
    """
    name = f"n:{event.id}"
    table = table.with_columns(nw.col(event.id).cast(nw.Float64).fill_null(0.0).alias(name))
    if event.points is None:
        return table
    per_quarter = None if event.most_per_quarter is None else event.most_per_quarter * quarters
    for most, period in ((per_quarter, "quarter"), (event.most_per_year, "year")):
        if most is not None:
            sofar = nw.col(name).cum_sum().over("entity", period, order_by="order")
            within = sofar.clip(0.0, float(most)) - (sofar - nw.col(name)).clip(0.0, float(most))
            table = table.with_columns(within.alias(name))
    return table


def _event_points(event: Event) -> nw.Expr:
    points = nw.col(f"n:{event.id}")
    if event.points is not None:
        points = points * float(event.points)
    if event.cap is not None:
        points = clipped(points, -abs(event.cap), abs(event.cap))
    return points
