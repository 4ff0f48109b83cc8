"""Where in a formula the last bits of a float could decide: comparisons and roundings of worked-out numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from guatu.portfolio.formula.functions import AGGREGATES, WINDOWS, WITHIN
from guatu.portfolio.formula.over_tables import expression
from guatu.portfolio.formula.parse import FEN, WAN, is_guarded

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
