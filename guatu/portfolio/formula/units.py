"""What a formula may say and which unit comes out of each part of it.

Money ÷ money is a ratio; ratio − ratio is a difference that may be called percentage points; nothing else may.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, UNIT_NAMES, Fact, Unit
from guatu.portfolio.formula.functions import (
    AGGREGATES,
    CHOICES,
    COUNT,
    FLAG,
    FUNCTIONS,
    MANY,
    MOST_TERMS,
    WINDOWS,
    WITHIN,
    shown,
)

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

    `windows` says whether it may look at other terms and at the series; `handed_in` is what it may say of the shorter
    terms within its own.
    """

    names: Mapping[str, Fact]
    projects: Mapping[str, Fact] = field(default_factory=dict)
    windows: bool = False
    handed_in: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def all(self) -> Mapping[str, Fact]:
        return {**self.projects, **self.handed_in, **self.names}

    @property
    def shorter(self) -> Scope:
        """What may be said of a term within the one that the formula is about."""
        return Scope(self.handed_in)


PROJECT = Scope(FACTS)
"""A formula about one project and month."""

OVER_PROJECTS = Scope({}, FACTS)
"""A formula about an entity, made of its projects alone."""

PLAIN = frozenset({Unit.FLAG, Unit.TEXT})
"""Units of what is no number."""


def unit_of(node: ast.expr, scope: Scope, *, inside: bool) -> Unit:
    """The unit of a part; `inside` an aggregate, where the facts of projects stand. Raises FormulaError."""
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
            return _figure(operand, scope, inside)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _flag(operand, scope, inside)
        case ast.BoolOp(values=values):
            for value in values:
                _flag(value, scope, inside)
            return Unit.FLAG
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _unit_of_comparison(left, op, right, scope, inside)
        case ast.BinOp(left=left, op=ast.Div(), right=right) if numeral(right) == 100:
            # 12.5 per cent, divided by 100, is the ratio 0.125.
            unit = unit_of(left, scope, inside=inside)
            return {Unit.PERCENT: Unit.RATIO, Unit.PERCENTAGE_POINTS: Unit.RATIO_DIFFERENCE}.get(
                unit, _unit_of_operation(unit, ast.Div(), Unit.NUMBER)
            )
        case ast.BinOp(left=left, op=op, right=right):
            return _unit_of_operation(
                unit_of(left, scope, inside=inside), op, unit_of(right, scope, inside=inside)
            )
    raise FormulaError(_not_allowed(node))


def numeral(node: ast.expr) -> int | float | None:
    """The number where a part is a written number, with or without a sign before it; else None."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return None if isinstance(number, bool) else -number
    return None


def _not_allowed(node: ast.expr) -> str:
    said = _("公式里不能用“{part}”：只能用事实、数字、加减乘除、比较和 {functions}").format(
        part=ast.unparse(node), functions="、".join(shown(name) for name in FUNCTIONS)
    )
    if isinstance(node, ast.IfExp):
        said += _("；按条件取数写作 if(条件, 数, 否则的数)")
    if isinstance(node, ast.Compare):
        said += _("；两头都比的，用 and 连起来，例如 0 <= x and x < 10")
    return said


def _over_projects(fact: Fact) -> str:
    """How an entity's formula may write a fact of its projects."""
    match fact.unit:
        case Unit.FLAG:
            return f"count({fact.name})"
        case Unit.TEXT:
            return f"distinct({fact.name})"
        case Unit.PERCENT | Unit.PERCENTAGE_POINTS | Unit.RATIO | Unit.RATIO_DIFFERENCE:
            return f"average({fact.name})"
    return f"sum({fact.name})"


def _fact(name: str, scope: Scope, inside: bool) -> Fact:
    known = scope.projects if inside else scope.names
    if name in known:
        return known[name]
    if not inside and name in scope.projects:
        raise FormulaError(
            _("“{name}”是单个项目的事实，这里要写合计，例如 {written}").format(
                name=name, written=_over_projects(scope.projects[name])
            )
        )
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        _("，是不是 {near}？").format(near=near[0])
        if near
        else _("；可用的有：{names}").format(names="、".join(known) or _("（无）"))
    )
    raise FormulaError(_("没有名为“{name}”的事实").format(name=name) + hint)


def _unit_of_call(function: str, call: ast.Call, scope: Scope, inside: bool) -> Unit:
    if function not in FUNCTIONS:
        raise FormulaError(_not_allowed(call))
    if function in AGGREGATES:
        if inside:
            raise FormulaError(_("合计里不能再套合计：{function}").format(function=function))
        if not scope.projects:
            raise FormulaError(_("按项目计算的公式不能写合计：{function}").format(function=function))
        inside = True
    elif function in WINDOWS and (inside or not scope.windows):
        raise FormulaError(_("{function}() 只能用在考核表和按期的规则里").format(function=function))
    elif function in WITHIN:
        if inside or not scope.handed_in:
            raise FormulaError(
                _("{function}() 只能用在考核表和措施里，里面写对象自己上报的事实").format(function=function)
            )
        scope = scope.shorter
    _arguments(function, call, scope, inside)
    rule = FUNCTIONS[function]
    if function not in CHOICES and call.args and not _names_a_fact(call):
        raise FormulaError(_("{function}() 里要写事实，不能只写数字").format(function=shown(function)))
    if rule.gives == COUNT:
        return Unit.COUNT
    if rule.gives == FLAG:
        return Unit.FLAG
    if function in (*MANY, "if_", "if_missing"):
        return _unit_of_either(function, call.args[1:] if function == "if_" else call.args, scope, inside)
    return unit_of(call.args[0], scope, inside=inside)


def _names_a_fact(call: ast.Call) -> bool:
    calls = {id(node.func) for node in ast.walk(call) if isinstance(node, ast.Call)}
    return any(
        (isinstance(node, ast.Name) and id(node) not in calls)
        or (isinstance(node, ast.Call) and node is not call and not node.args)
        for node in ast.walk(call)
    )


def _unit_of_either(function: str, parts: list[ast.expr], scope: Scope, inside: bool) -> Unit:
    """The one unit of several parts; a written number takes the unit of the others."""
    units = [unit_of(part, scope, inside=inside) for part in parts]
    others = {unit for unit in units if unit is not Unit.NUMBER}
    if len(others) > 1 or (others & PLAIN and Unit.NUMBER in units):
        raise FormulaError(_("{function}() 里两个数的单位不同").format(function=shown(function)))
    return next(iter(others), Unit.NUMBER)


def _arguments(function: str, call: ast.Call, scope: Scope, inside: bool) -> None:
    """Whether what stands in the brackets is what the function takes. Raises FormulaError."""
    parts = FUNCTIONS[function].parts
    needed = sum(not part.endswith("?") for part in parts)
    most = len(call.args) if function in MANY else len(parts)
    if not needed <= len(call.args) <= max(most, needed):
        raise FormulaError(
            _("{function}() 写作 {written}").format(
                function=shown(function), written=FUNCTIONS[function].written(function)
            )
        )
    for place, node in enumerate(call.args):
        _argument(function, parts[min(place, len(parts) - 1)].rstrip("?"), node, scope, inside)


def _argument(function: str, part: str, node: ast.expr, scope: Scope, inside: bool) -> None:
    match part:
        case "if":
            _flag(node, scope, inside)
        case "x":
            _figure(node, scope, inside)
        case "any":
            unit_of(node, scope, inside=inside)
        case "n":
            number = numeral(node)
            if not isinstance(number, int) or not 1 <= number <= MOST_TERMS:
                raise FormulaError(
                    _("{function}() 的期数要写成 1 至 {most} 的整数").format(
                        function=function, most=MOST_TERMS
                    )
                )
        case "d":
            number = numeral(node)
            if not isinstance(number, int) or not -6 <= number <= 8:
                raise FormulaError(
                    _("{function}() 的小数位数要写成 −6 至 8 的整数").format(function=function)
                )
        case "step":
            number = numeral(node)
            if number is None or number <= 0:
                raise FormulaError(_("{function}() 的步长要写成大于 0 的数").format(function=function))


def _figure(node: ast.expr, scope: Scope, inside: bool) -> Unit:
    unit = unit_of(node, scope, inside=inside)
    if unit is Unit.FLAG:
        raise FormulaError(
            _(
                "“{part}”是条件，这里要写数；要数个数用 count(条件)、times(条件)，要换成数用 if(条件, 1, 0)"
            ).format(part=ast.unparse(node))
        )
    if unit is Unit.TEXT:
        raise FormulaError(_("“{part}”是文字，这里要写数").format(part=ast.unparse(node)))
    return unit


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
    if PLAIN & set(pair):
        pass
    elif isinstance(op, ast.Div):
        if left is right:
            return Unit.NUMBER if left is Unit.NUMBER else Unit.RATIO
        if right in (Unit.NUMBER, Unit.RATIO):
            return left
        if right is Unit.COUNT:
            return left
        if set(pair) == {Unit.PERCENT, Unit.PERCENTAGE_POINTS}:
            return Unit.RATIO
    elif isinstance(op, ast.Mult):
        for one, other in (pair, pair[::-1]):
            if one in (Unit.NUMBER, Unit.RATIO):
                return other
        for one, other in (pair, pair[::-1]):
            if one is Unit.COUNT:
                return other
    elif isinstance(op, ast.Sub | ast.Add):
        unit = _unit_of_sum(left, right, falling=isinstance(op, ast.Sub))
        if unit is not None:
            return unit
    hint = ""
    if isinstance(op, ast.Mult) and Unit.PERCENT in pair:
        hint = _("；百分数先除以 100 再乘，例如 physical / 100 * total")
    if Unit.FLAG in pair:
        hint = _("；条件要换成数，写作 if(条件, 1, 0)")
    raise FormulaError(
        _("单位对不上：{left} {operator} {right}").format(
            left=UNIT_NAMES[left],
            operator=OPERATORS.get(type(op), type(op).__name__),
            right=UNIT_NAMES[right],
        )
        + hint
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
