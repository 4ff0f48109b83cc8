"""Formula text → a checked tree: only what is allowed, with units that fit.

Money ÷ money is a ratio; ratio − ratio is a difference that may be called percentage points; nothing else may.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, UNIT_NAMES, Fact, Unit
from guatu.portfolio.formula.functions import AGGREGATES, CHOICES, WINDOWS

OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "×",
    ast.Div: "÷",
    ast.Eq: "=",
    ast.NotEq: "≠",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.And: "且",
    ast.Or: "或",
    ast.Not: "非",
}
"""Operators as they are printed."""


class FormulaError(ValueError):
    """A formula that cannot be used; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a formula may name: facts of the thing it is about, and facts of its projects inside aggregates.

    `windows` says whether it may look at other terms and at the series.
    """

    names: Mapping[str, Fact]
    projects: Mapping[str, Fact] = field(default_factory=dict)
    windows: bool = False

    @property
    def all(self) -> Mapping[str, Fact]:
        return {**self.projects, **self.names}


PROJECT = Scope(FACTS)
"""A formula about one project and month."""

OVER_PROJECTS = Scope({}, FACTS)
"""A formula about an entity, made of its projects alone."""


def parse(text: str, scope: Scope) -> tuple[ast.expr, Unit]:
    """The tree and the unit of a formula. Raises FormulaError."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaError(
            _("公式“{text}”写法有误：第 {column} 个字符附近").format(text=text, column=error.offset or 1)
        ) from error
    unit = unit_of(tree, scope, inside=False)
    _set_money(tree, scope, inside=False)
    return tree, unit


def argument(call: ast.Call) -> ast.expr | None:
    """The single argument of a call, if it has one."""
    return call.args[0] if call.args else None


WAN = "万元"
"""The kind of a constant that stands beside money: written in 万元, held in 分."""

FEN = 1_000_000


def _set_money(node: ast.AST, scope: Scope, *, inside: bool) -> None:
    """Turn the numbers that money is held against, written in 万元, into 分."""
    inside = inside or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in AGGREGATES
    )
    parts: list[ast.expr] = []
    match node:
        case ast.Compare(
            left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple() | ast.List() as right]
        ):
            parts = [left, *right.elts]
        case ast.Compare(left=left, comparators=[right]):
            parts = [left, right]
        case ast.Call(func=ast.Name(id=function), args=args) if function in CHOICES:
            parts = args
    units = [unit_of(part, scope, inside=inside) for part in parts]
    if Unit.MONEY in units:
        for part, unit in zip(parts, units, strict=True):
            if unit is Unit.NUMBER:
                _as_money(part)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _set_money(child, scope, inside=inside)


def _as_money(node: ast.expr) -> None:
    constant = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(constant, ast.Constant):
        raise FormulaError(_("金额只能和金额或写明的数（万元）相比：“{part}”").format(part=ast.unparse(node)))
    if constant.kind != WAN:
        constant.value, constant.kind = int(Decimal(repr(constant.value)) * FEN), WAN


def unit_of(node: ast.expr, scope: Scope, *, inside: bool) -> Unit:
    """The unit of a part; `inside` an aggregate, where the facts of projects stand."""
    match node:
        case ast.Constant(value=bool()):
            return Unit.FLAG
        case ast.Constant(value=int() | float()):
            return Unit.NUMBER
        case ast.Constant(value=str()):
            return Unit.TEXT
        case ast.Name(id=name):
            return _fact(name, scope, inside).unit
        case ast.Call(func=ast.Name(id=function), keywords=[]):
            return _unit_of_call(function, node, scope, inside)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return unit_of(operand, scope, inside=inside)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _flag(operand, scope, inside)
        case ast.BoolOp(values=values):
            for value in values:
                _flag(value, scope, inside)
            return Unit.FLAG
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _unit_of_comparison(left, op, right, scope, inside)
        case ast.BinOp(left=left, op=op, right=right):
            return _unit_of_operation(
                unit_of(left, scope, inside=inside), op, unit_of(right, scope, inside=inside)
            )
    raise FormulaError(_not_allowed(node))


def _not_allowed(node: ast.expr) -> str:
    return _("公式里不能用“{part}”：只能用事实、数字、加减乘除、比较和 {functions}").format(
        part=ast.unparse(node), functions="、".join((*AGGREGATES, *CHOICES, *WINDOWS))
    )


def _fact(name: str, scope: Scope, inside: bool) -> Fact:
    known = scope.projects if inside else scope.names
    if name in known:
        return known[name]
    if not inside and name in scope.projects:
        raise FormulaError(_("“{name}”是单个项目的事实，这里要写合计，例如 sum({name})").format(name=name))
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        _("，是不是 {near}？").format(near=near[0])
        if near
        else _("；可用的有：{names}").format(names="、".join(known) or _("（无）"))
    )
    raise FormulaError(_("没有名为“{name}”的事实").format(name=name) + hint)


def _unit_of_call(function: str, call: ast.Call, scope: Scope, inside: bool) -> Unit:
    if function in AGGREGATES:
        if inside:
            raise FormulaError(_("合计里不能再套合计：{function}").format(function=function))
        if not scope.projects:
            raise FormulaError(_("按项目计算的公式不能写合计：{function}").format(function=function))
        if function == "count":
            if len(call.args) > 1 or (
                call.args and unit_of(call.args[0], scope, inside=True) is not Unit.FLAG
            ):
                raise FormulaError(_("count() 数全部项目，count(条件) 数满足条件的项目"))
            return Unit.COUNT
        _arguments(function, call, 1)
        return unit_of(call.args[0], scope, inside=True)
    if function in CHOICES:
        _arguments(function, call, 2)
        one, other = (unit_of(part, scope, inside=inside) for part in call.args)
        if one is not other and Unit.NUMBER not in (one, other):
            raise FormulaError(_("{function}() 里两个数的单位不同").format(function=function))
        return other if one is Unit.NUMBER else one
    if function in WINDOWS:
        if inside or not scope.windows:
            raise FormulaError(_("{function}() 只能用在考核表和按期的规则里").format(function=function))
        _arguments(function, call, 1)
        if function in ("streak", "times"):
            _flag(call.args[0], scope, inside)
            return Unit.COUNT
        return unit_of(call.args[0], scope, inside=inside)
    raise FormulaError(_not_allowed(call))


def _arguments(function: str, call: ast.Call, wanted: int) -> None:
    if len(call.args) != wanted:
        raise FormulaError(
            _("{function}() 里要写 {wanted} 个事实或算式").format(function=function, wanted=wanted)
        )


def _flag(node: ast.expr, scope: Scope, inside: bool) -> Unit:
    if unit_of(node, scope, inside=inside) is not Unit.FLAG:
        raise FormulaError(_("“{part}”不是条件").format(part=ast.unparse(node)))
    return Unit.FLAG


def _unit_of_comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope, inside: bool) -> Unit:
    if type(op) not in OPERATORS and not isinstance(op, ast.In | ast.NotIn):
        raise FormulaError(_("“{part}”不是能用的比较").format(part=ast.unparse(left)))
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple | ast.List):
            raise FormulaError(_("in 的右边要写一组值，例如 stage in ('new', 'continuing')"))
        units = {unit_of(element, scope, inside=inside) for element in right.elts}
    else:
        units = {unit_of(right, scope, inside=inside)}
    of_left = unit_of(left, scope, inside=inside)
    if any(unit not in (of_left, Unit.NUMBER) and of_left is not Unit.NUMBER for unit in units):
        raise FormulaError(_("“{part}”两边单位不同").format(part=ast.unparse(left)))
    return Unit.FLAG


def _unit_of_operation(left: Unit, op: ast.operator, right: Unit) -> Unit:
    pair = (left, right)
    if isinstance(op, ast.Div):
        if left is right:
            return Unit.NUMBER if left is Unit.NUMBER else Unit.RATIO
        if right in (Unit.NUMBER, Unit.RATIO) or pair == (Unit.MONEY, Unit.COUNT):
            return left
        if pair == (Unit.NUMBER, Unit.COUNT):
            return Unit.NUMBER
    elif isinstance(op, ast.Mult):
        for one, other in (pair, pair[::-1]):
            if one in (Unit.NUMBER, Unit.RATIO) and other is not Unit.FLAG:
                return other
        for one, other in (pair, pair[::-1]):
            if one is Unit.COUNT and other is not Unit.FLAG:
                return other
    elif isinstance(op, ast.Sub | ast.Add):
        unit = _unit_of_sum(left, right, falling=isinstance(op, ast.Sub))
        if unit is not None:
            return unit
    raise FormulaError(
        _("单位对不上：{left} {operator} {right}").format(
            left=UNIT_NAMES[left],
            operator=OPERATORS.get(type(op), type(op).__name__),
            right=UNIT_NAMES[right],
        )
    )


def _unit_of_sum(left: Unit, right: Unit, *, falling: bool) -> Unit | None:
    if left is right and left not in (Unit.FLAG, Unit.TEXT):
        if not falling:
            return left
        return {Unit.RATIO: Unit.RATIO_DIFFERENCE, Unit.PERCENT: Unit.PERCENTAGE_POINTS}.get(left, left)
    pair = {left, right}
    if pair == {Unit.RATIO, Unit.RATIO_DIFFERENCE}:
        return Unit.RATIO
    if pair == {Unit.PERCENT, Unit.PERCENTAGE_POINTS}:
        return Unit.PERCENT
    if Unit.NUMBER in pair and pair & {Unit.COUNT, Unit.RATIO, Unit.PERCENT, Unit.PERCENTAGE_POINTS}:
        return next(unit for unit in (left, right) if unit is not Unit.NUMBER)
    return None
