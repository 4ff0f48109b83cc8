"""Where in a formula the last bits of a float could decide: comparisons and roundings of worked-out numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from guatu.portfolio.facts import Unit
from guatu.portfolio.formula.functions import AGGREGATES, MANY, WINDOWS, WITHIN
from guatu.portfolio.formula.over_tables import expression
from guatu.portfolio.formula.parse import FEN, WAN, is_guarded
from guatu.portfolio.formula.units import Scope

CLOSE = 1e-9
"""How near to an edge a float is looked at again: far more than it may have lost, far less than any rule tells apart."""

Call = ast.Compare | ast.Call


@dataclass(frozen=True, slots=True)
class CloseCalls:
    """The parts of a formula in which floats decide: those of each row, those that are looked at in other rows, and
    whether something is decided where a table of rows cannot show it (among projects, by place, within shorter terms)."""

    rows: tuple[Call, ...]
    elsewhere: tuple[Call, ...]
    always: bool

    @property
    def none(self) -> bool:
        return not (self.rows or self.elsewhere or self.always)


def close_calls(tree: ast.expr) -> CloseCalls:
    """The close calls of a checked formula."""
    rows: list[Call] = []
    elsewhere: list[Call] = []
    always = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("_place")
        for node in ast.walk(tree)
    )
    for call, inside in _calls(tree, ""):
        if inside == "below":
            always = True
        else:
            (elsewhere if inside else rows).append(call)
    return CloseCalls(tuple(rows), tuple(elsewhere), always)


def _calls(node: ast.AST, inside: str) -> Iterator[tuple[Call, str]]:
    """The deciding parts below a node, each with where it stands: in the row, in a `window`, `below` the table."""
    function = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if (isinstance(node, ast.Compare) and (is_guarded(node) or _of_scores(node))) or (
        isinstance(node, ast.Call) and function in ("round", "floor", "ceil")
    ):
        yield node, inside
    if function in AGGREGATES or function in WITHIN:
        inside = "below"
    elif function in WINDOWS and inside != "below":
        inside = "window"
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inside)


def _of_scores(node: ast.Compare) -> bool:
    """Whether a score of projects, which a table holds unrounded, is compared as it stands."""
    parts = (node.left, *node.comparators)
    return any(isinstance(part, ast.Name) and part.id.startswith("score_") for part in parts)


def close(call: Call, columns: Mapping[str, str]) -> nw.Expr:
    """Whether a deciding part is decided by less than floats can be trusted with."""
    if isinstance(call, ast.Compare):
        one = expression(call.left, columns).cast(nw.Float64)
        other = expression(call.comparators[0], columns).cast(nw.Float64)
        return (one - other).abs() <= (one.abs() + other.abs() + 1.0) * CLOSE
    assert isinstance(call.func, ast.Name)
    value = expression(call.args[0], columns).cast(nw.Float64)
    if call.func.id == "round":
        digits = call.args[1].operand if isinstance(call.args[1], ast.UnaryOp) else call.args[1]
        money = isinstance(digits, ast.Constant) and digits.kind == WAN
        steps = value * float(10.0 ** ast.literal_eval(call.args[1])) / (FEN if money else 1) + 0.5
    else:
        steps = value / float(ast.literal_eval(call.args[1]))
    return (steps - (steps + 0.5).floor()).abs() <= (steps.abs() + 1.0) * CLOSE


COUNTED = frozenset({"count", "distinct", "streak", "times", "ever", "known", "times_within"})
"""The functions that give a whole number, or a condition, whatever they look at."""

PARTED = frozenset({"average", "median", "round", "floor", "ceil"})
"""The functions that may give a part of a whole number."""


def in_whole_numbers(node: ast.expr, scope: Scope) -> bool:
    """Whether a formula gives whole numbers that a float holds exactly: counts and 分, added and multiplied. What it decides
    on the way is among its close calls."""
    match node:
        case ast.Constant(value=literal):
            return not isinstance(literal, float) or literal.is_integer()
        case ast.Name(id=name):
            return scope.all[name].unit in (Unit.MONEY, Unit.COUNT, Unit.FLAG)
        case ast.BinOp(left=left, op=op, right=right):
            return not isinstance(op, ast.Div) and all(
                in_whole_numbers(part, scope) for part in (left, right)
            )
        case ast.UnaryOp(operand=operand):
            return in_whole_numbers(operand, scope)
        case ast.BoolOp() | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id=function), args=args):
            figure = function.rpartition("_")[2]
            if function in COUNTED or figure in ("count", "place"):
                return True
            figures = (
                args[1:] if function == "if_" else args[:1] if function not in (*MANY, "if_missing") else args
            )
            return figure not in PARTED and all(in_whole_numbers(part, scope) for part in figures)
    return False
