"""Formula text → a checked tree: only what is allowed, with units that fit, and every number in the unit it meets."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from decimal import Decimal

from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula.functions import AGGREGATES, WINDOWS, WITHIN
from guatu.portfolio.formula.units import PLAIN, FormulaError, Scope, numeral, unit_of

WAN = "万元"
"""The kind of a constant that stands beside money: written in 万元, held in 分."""

FEN = 1_000_000

_IF = re.compile(r"""('[^']*'|"[^"]*")|\bif(?=\s*\()""")


def parse(text: str, scope: Scope) -> tuple[ast.expr, Unit]:
    """The tree and the unit of a formula. Raises FormulaError."""
    tree = tree_of(text)
    unit = unit_of(tree, scope, inside=False)
    _settle_units(tree, scope, inside=False)
    return tree, unit


def tree_of(text: str) -> ast.expr:
    """The tree of a formula as it is written, before it is checked. Raises FormulaError.

    `if(…)` is what an Excel user writes and a word that the parser keeps to itself: in the tree it is `if_`.
    """
    clean = text.strip()
    readable = _IF.sub(lambda found: found[1] or "if_", clean)
    try:
        return ast.parse(readable, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None) or 1
        column = max(place - readable[:place].count("if_") + clean[:place].count("if_"), 1)
        raise FormulaError(
            _("公式“{text}”写法有误：第 {column} 个字符附近").format(text=text, column=column)
        ) from error


def calls(tree: ast.AST, functions: Container[str]) -> Iterator[ast.Call]:
    """The calls of some functions in a tree, the innermost first."""
    for child in ast.iter_child_nodes(tree):
        yield from calls(child, functions)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in functions:
        yield tree


def inner_windows(tree: ast.expr) -> list[ast.Call]:
    """The windows that stand inside another window, the innermost first: each needs a column of its own first."""
    found: dict[str, ast.Call] = {}
    for outer in calls(tree, WINDOWS):
        for part in outer.args:
            for inner in calls(part, WINDOWS):
                found.setdefault(ast.unparse(inner), inner)
    return list(found.values())


def is_guarded(node: ast.Compare) -> bool:
    """Whether a comparison is of worked-out numbers, where the last bit of a float must not decide."""
    return bool(getattr(node, "guarded", False))


def names_frozen(node: ast.AST, scope: Scope) -> bool:
    """Whether an aggregate names a fact of projects that is frozen on a day."""
    names = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    return any(name in scope.projects and scope.projects[name].frozen for name in names)


def lights_in(node: ast.AST) -> list[str]:
    """The lights that a part names. Not to have a light is known: it is none of its levels."""
    names = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    return [name for name in names if name.startswith("light_")]


def is_frozen(call: ast.Call) -> bool:
    """Whether an aggregate of a checked tree counts those who have left the list since a fact of theirs was frozen."""
    return bool(getattr(call, "frozen", False))


def _settle_units(node: ast.AST, scope: Scope, *, inside: bool) -> None:
    """Turn the numbers that money is held against, written in 万元, into 分; mark the comparisons of numbers, and the
    aggregates of frozen facts."""
    function = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if function in AGGREGATES:
        node.frozen = names_frozen(node, scope)  # type: ignore[attr-defined]
    inside = inside or function in AGGREGATES
    parts: list[ast.expr] = []
    match node:
        case ast.Compare(
            left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple() | ast.List() as right]
        ):
            parts = [left, *right.elts]
        case ast.Compare(left=left, comparators=[right]):
            parts = [left, right]
            units = {unit_of(part, scope, inside=inside) for part in parts}
            worked = any(not isinstance(part, ast.Name) and numeral(part) is None for part in parts)
            node.guarded = worked and not units & PLAIN  # type: ignore[attr-defined]
        case ast.Call(args=args) if function in ("min", "max", "if_missing"):
            parts = args
        case ast.Call(args=args) if function == "if_":
            parts = args[1:]
        case ast.Call(args=args) if function in ("round", "floor", "ceil"):
            _set_step(function, args, money=unit_of(args[0], scope, inside=inside) is Unit.MONEY)
    found = [unit_of(part, scope, inside=inside) for part in parts]
    if Unit.MONEY in found:
        for part, unit in zip(parts, found, strict=True):
            if unit is Unit.NUMBER:
                _as_money(part)
    below = scope.shorter if function in WITHIN else scope
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _settle_units(child, below, inside=inside)


def _set_step(function: str, args: list[ast.expr], *, money: bool) -> None:
    """Write out what may be left out: 0 decimals, steps of 1. Money is rounded in 万元."""
    if len(args) == 1:
        args.append(ast.Constant(0 if function == "round" else 1))
    if not money:
        return
    if function == "round":
        digits = args[1].operand if isinstance(args[1], ast.UnaryOp) else args[1]
        assert isinstance(digits, ast.Constant)
        digits.kind = WAN
    else:
        _as_money(args[1])


def _as_money(node: ast.expr) -> None:
    constant = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(constant, ast.Constant):
        raise FormulaError(_("金额只能和金额或写明的数（万元）相比：“{part}”").format(part=ast.unparse(node)))
    if constant.kind != WAN:
        constant.value, constant.kind = int(Decimal(repr(constant.value)) * FEN), WAN
