"""A formula as Narwhals expressions: the same for ten rows and for 10^7."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import narwhals as nw

from guatu.portfolio.formula.functions import CHOICES
from guatu.portfolio.formula.parse import FEN, WAN, is_guarded, lights_in

COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}

ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}

LONG_AGO = -1_000_000
"""An order that no term has."""

LAST_BITS = 1e-12
"""The part of a number that floats may have lost on the way."""

GUARD = 1e-9
"""What is this close to a whole step counts as on it."""

BEYOND = 1e300
"""Larger than any figure."""

GROUP = ("series", "order")
"""The columns that make up the entities compared in one term."""


def column_of(text: str) -> str:
    """The column that holds a part of a formula, by the text of the part: Spark takes a dot for a field of a field."""
    return text.replace(".", "·")


def expression(node: ast.expr, columns: Mapping[str, str]) -> nw.Expr:
    """The value per row. `columns` names the column of each aggregate by its text."""
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as literal):
            return nw.lit(literal)
        case ast.Name(id=name):
            return nw.col(name)
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, node, args, columns)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -expression(operand, columns)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~expression(operand, columns)
        case ast.BoolOp(op=op, values=values):
            result = expression(values[0], columns)
            for value in values[1:]:
                other = expression(value, columns)
                result = result & other if isinstance(op, ast.And) else result | other
            return result
        case ast.Compare(
            left=left,
            ops=[ast.In() | ast.NotIn() as op],
            comparators=[ast.Tuple(elts=elements) | ast.List(elts=elements)],
        ):
            found = expression(left, columns).is_in([ast.literal_eval(element) for element in elements])
            return found if isinstance(op, ast.In) else ~found
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            one, other = expression(left, columns), expression(right, columns)
            if is_guarded(node):
                return _compared(op, one.cast(nw.Float64), other.cast(nw.Float64))
            compared: nw.Expr = COMPARE[type(op)](one, other)
            return compared
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            # A divisor of 0 gives null, never infinity: no plan means that no rate exists.
            divisor = expression(right, columns).cast(nw.Float64)
            divisor = nw.when(divisor != 0).then(divisor)
            return expression(left, columns).cast(nw.Float64) / divisor
        case ast.BinOp(left=left, op=op, right=right):
            worked: nw.Expr = ARITHMETIC[type(op)](expression(left, columns), expression(right, columns))
            return worked
    raise AssertionError(ast.dump(node))


def _compared(op: ast.cmpop, one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Two worked-out numbers compared: what lies within the last bits of a float counts as equal."""
    slack = (one.abs() + other.abs() + 1.0) * LAST_BITS
    apart = one - other
    match op:
        case ast.Eq():
            return apart.abs() <= slack
        case ast.NotEq():
            return apart.abs() > slack
        case ast.Lt():
            return apart < -slack
        case ast.LtE():
            return apart <= slack
        case ast.Gt():
            return apart > slack
    return apart >= -slack


def _call(function: str, node: ast.expr, args: list[ast.expr], columns: Mapping[str, str]) -> nw.Expr:
    text = ast.unparse(node)
    if text in columns:
        return nw.col(columns[text])
    parts = [expression(part, columns) for part in args]
    if function in CHOICES:
        return _choice(function, args, parts)
    if function in ("series_count", "all_count"):
        one = parts[0].fill_null(False).cast(nw.Int64) if parts else nw.col("order") * 0 + 1
        return one.sum().over(*_company(function))
    value = parts[0]
    reach = int(ast.literal_eval(args[1])) if len(args) > 1 else None
    if function.startswith(("series_", "all_")):
        return _of_series(function, value)
    match function:
        case "previous" if reach is None:
            before = value.shift(1).over("entity", order_by="order")
            return nw.when(nw.col("order") > nw.col("run_start")).then(before)
        case "previous":
            found: nw.Expr = nw.when(_ago(reach or 1) == reach).then(_before(value, reach or 1))
            for back in range(1, reach or 1):
                found = nw.when(_ago(back) == reach).then(_before(value, back)).otherwise(found)
            return found
        case "last_year":
            over = ("entity", "number")
            year = nw.col("year").shift(1).over(*over, order_by="order")
            return nw.when(year == nw.col("year") - 1).then(value.shift(1).over(*over, order_by="order"))
        case "year_first":
            first = nw.when(nw.col("number") == 1).then(value)
            return first.max().over("entity", "year")
        case "streak":
            return streak_expression(value)
        case "times" if reach is None:
            return value.cast(nw.Int64).fill_null(0).cum_sum().over("entity", "year", order_by="order")
        case "ever":
            return value.cast(nw.Int64).fill_null(0).cum_sum().over("entity", order_by="order") > 0
        case "times":
            return _recent(value.cast(nw.Int64).fill_null(0), reach or 1)
        case "recent_sum" | "recent_average":
            number = value.cast(nw.Float64)
            total = _recent(number.fill_null(0.0), reach or 1)
            many = _recent((~number.is_null()).cast(nw.Int64), reach or 1)
            return nw.when(many > 0).then(total if function == "recent_sum" else total / many)
    return _of_year(function, value)


def _choice(function: str, args: list[ast.expr], parts: list[nw.Expr]) -> nw.Expr:
    """A function of its parts alone."""
    match function:
        case "if_":
            holds, one, other = parts
            return nw.when(holds).then(one).otherwise(nw.when(~holds).then(other))
        case "known":
            return ~parts[0].is_null()
        case "if_missing":
            return nw.when(~parts[0].is_null()).then(parts[0]).otherwise(parts[1])
        case "abs":
            return parts[0].abs()
        case "min" | "max":
            found = parts[0]
            for part in parts[1:]:
                smaller = found <= part
                found = nw.when(smaller if function == "min" else ~smaller).then(found).otherwise(part)
            missing = parts[0].is_null()
            for part in parts[1:]:
                missing = missing | part.is_null()
            return nw.when(~missing).then(found)
    value = parts[0].cast(nw.Float64)
    if function == "round":
        digits = args[1].operand if isinstance(args[1], ast.UnaryOp) else args[1]
        money = isinstance(digits, ast.Constant) and digits.kind == WAN
        scale = float(10.0 ** ast.literal_eval(args[1])) / (FEN if money else 1)
        steps = _whole(value.abs() * scale + 0.5)
        rounded: nw.Expr = nw.when(value < 0).then(-steps).otherwise(steps) / scale
        return rounded
    step = float(ast.literal_eval(args[1]))
    if function == "floor":
        return _whole(value / step) * step
    return -_whole(-value / step) * step


def _whole(steps: nw.Expr) -> nw.Expr:
    """Whole steps downwards; what a float lost of a whole one is given back."""
    return (steps + steps.abs() * 1e-15 + GUARD).floor()


def _before(value: nw.Expr, rows: int) -> nw.Expr:
    """The value so many rows of the entity before."""
    return value.shift(rows).over("entity", order_by="order")


def _ago(rows: int) -> nw.Expr:
    """How many terms ago the row so many rows before was; null where there is none."""
    return nw.col("order") - _before(nw.col("order"), rows)


def _recent(value: nw.Expr, terms: int) -> nw.Expr:
    """The sum over the last terms, this one among them; a term without a row adds nothing. `value` has no nulls."""
    total = value
    for back in range(1, terms):
        inside = (_ago(back) < terms).fill_null(False)
        total = total + nw.when(inside).then(_before(value, back)).otherwise(nw.lit(0))
    return total


def _of_year(function: str, value: nw.Expr) -> nw.Expr:
    """A figure for the terms of the year up to the row's; null where none is known."""
    over = ("entity", "year")
    number = value.cast(nw.Float64)
    many = (~number.is_null()).cast(nw.Int64).cum_sum().over(*over, order_by="order")
    total = number.fill_null(0.0).cum_sum().over(*over, order_by="order")
    match function:
        case "year_sum":
            found = total
        case "year_average":
            found = total / many
        case "year_best":
            found = number.fill_null(-BEYOND).cum_max().over(*over, order_by="order")
        case "year_worst":
            found = number.fill_null(BEYOND).cum_min().over(*over, order_by="order")
        case _:
            raise AssertionError(function)
    return nw.when(many > 0).then(found)


def _of_series(function: str, value: nw.Expr) -> nw.Expr:
    """A figure for the entities of the series, or for all, in the row's term."""
    group = _company(function)
    match function.partition("_")[2]:
        case "average":
            return value.cast(nw.Float64).mean().over(*group)
        case "median":
            return value.cast(nw.Float64).median().over(*group)
        case "best":
            return value.max().over(*group)
        case "worst":
            return value.min().over(*group)
        case "sum":
            return value.sum().over(*group)
        case "place":
            # Rounded first: what is equal must not be parted by the last bit of a float.
            alike = value.cast(nw.Float64).round(9)
            return alike.rank(method="min", descending=True).over(*group).cast(nw.Int64)
    raise AssertionError(function)


def _company(function: str) -> tuple[str, ...]:
    """The columns that make up those whom a function compares."""
    return GROUP if function.startswith("series_") else ("order",)


def streak_expression(holds: nw.Expr) -> nw.Expr:
    """How many terms in a row, up to the row's, a condition has held. It does not hold where it is null, and a
    term without a row breaks the streak. The table needs `run_start` (`with_runs`)."""
    order = nw.col("order")
    broken = nw.when(holds.fill_null(False)).then(nw.lit(LONG_AGO)).otherwise(order)
    last_broken = broken.cum_max().over("entity", order_by="order")
    before = nw.col("run_start") - 1
    return nw.when(last_broken > before).then(order - last_broken).otherwise(order - before)


def with_runs(table: Any, in_year: int = 12) -> Any:
    """Add what formulas over terms need: `run_start`, the order of the first term of the unbroken row of terms that
    each row stands in, and `number`, the how manieth of the `in_year` terms of the year it is.

    `previous` and `streak` look no further back than that. The table has `entity` and `order`, one row for each.
    """
    order = nw.col("order")
    table = table.with_columns(
        order_before=order.shift(1).over("entity", order_by="order"), number=order % in_year + 1
    )
    begins = nw.col("order_before").is_null() | (order - nw.col("order_before") != 1)
    table = table.with_columns(run_start=nw.when(begins).then(order).otherwise(nw.lit(LONG_AGO)))
    return table.with_columns(run_start=nw.col("run_start").cum_max().over("entity", order_by="order")).drop(
        "order_before"
    )


def aggregate_expression(function: str, args: Sequence[ast.expr]) -> nw.Expr:
    """What to aggregate over an entity's projects."""
    if not args:
        return nw.len()
    value = expression(args[0], {})
    if len(args) > 1:
        value = nw.when(expression(args[1], {})).then(value)
    match function:
        case "count":
            told = ~value.is_null()
            for light in lights_in(args[0]):
                told = told | nw.col(light).is_null()
            # Where none could be told there is no largest, and with it no count.
            return value.cast(nw.Int64).sum() + nw.when(told).then(nw.lit(0)).max()
        case "distinct":
            return value.n_unique().cast(nw.Int64) - value.is_null().cast(nw.Int64).max()
        case "sum":
            return value.sum()
        case "average":
            return value.mean()
        case "median":
            return value.cast(nw.Float64).median()
        case "largest":
            return value.max()
        case "smallest":
            return value.min()
    raise AssertionError(function)
