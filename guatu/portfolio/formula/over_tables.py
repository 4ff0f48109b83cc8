"""A formula as Narwhals expressions: the same for ten rows and for 10^7."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw

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

GROUP = ("series", "order")
"""The columns that make up the entities compared in one term."""


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
            compared: nw.Expr = COMPARE[type(op)](expression(left, columns), expression(right, columns))
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


def _call(function: str, node: ast.expr, args: list[ast.expr], columns: Mapping[str, str]) -> nw.Expr:
    text = ast.unparse(node)
    if text in columns:
        return nw.col(columns[text])
    if function in ("min", "max"):
        one, other = (expression(part, columns) for part in args)
        smaller = one <= other
        return nw.when(smaller if function == "min" else ~smaller).then(one).otherwise(other)
    value = expression(args[0], columns)
    match function:
        case "previous":
            before = value.shift(1).over("entity", order_by="order")
            return nw.when(nw.col("order") > nw.col("run_start")).then(before)
        case "streak":
            return streak_expression(value)
        case "times":
            return value.cast(nw.Int64).fill_null(0).cum_sum().over("entity", "year", order_by="order")
        case "series_average":
            return value.cast(nw.Float64).mean().over(*GROUP)
        case "series_best":
            return value.max().over(*GROUP)
        case "series_worst":
            return value.min().over(*GROUP)
        case "series_sum":
            return value.sum().over(*GROUP)
    raise AssertionError(function)


def streak_expression(holds: nw.Expr) -> nw.Expr:
    """How many terms in a row, up to the row's, a condition has held. It does not hold where it is null, and a
    term without a row breaks the streak. The table needs `run_start` (`with_runs`)."""
    order = nw.col("order")
    broken = nw.when(holds.fill_null(False)).then(nw.lit(LONG_AGO)).otherwise(order)
    last_broken = broken.cum_max().over("entity", order_by="order")
    before = nw.col("run_start") - 1
    return nw.when(last_broken > before).then(order - last_broken).otherwise(order - before)


def with_runs(table: Any) -> Any:
    """Add `run_start`: the order of the first term of the unbroken row of terms that each row stands in.

    `previous` and `streak` look no further back than that. The table has `entity` and `order`, one row for each.
    """
    order = nw.col("order")
    table = table.with_columns(order_before=order.shift(1).over("entity", order_by="order"))
    begins = nw.col("order_before").is_null() | (order - nw.col("order_before") != 1)
    table = table.with_columns(run_start=nw.when(begins).then(order).otherwise(nw.lit(LONG_AGO)))
    return table.with_columns(run_start=nw.col("run_start").cum_max().over("entity", order_by="order")).drop(
        "order_before"
    )


def aggregate_expression(function: str, node: ast.expr | None) -> nw.Expr:
    """What to aggregate over an entity's projects."""
    if node is None:
        return nw.len()
    value = expression(node, {})
    match function:
        case "count":
            return value.cast(nw.Int64).sum()
        case "sum":
            return value.sum()
        case "average":
            return value.mean()
        case "largest":
            return value.max()
        case "smallest":
            return value.min()
    raise AssertionError(function)
