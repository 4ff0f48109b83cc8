"""Formulas over facts, written as an Excel user would: `sum(invested_ytd) / sum(planned_year)`.

A formula is parsed with `ast`, whitelisted, checked for units, and runs two ways from the same
tree: as Narwhals expressions over a table of any size, and exactly (fractions) for one row, which
is how a result is explained. Money ÷ money is a ratio; ratio − ratio is a difference that may be
called percentage points; nothing else may.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, UNIT_NAMES, Fact, Unit

AGGREGATES: Mapping[str, str] = {
    "sum": "合计",
    "average": "平均",
    "largest": "最大",
    "smallest": "最小",
    "count": "个数",
}
"""The functions that turn an entity's projects into one figure, with their Chinese names."""

_OPERATORS: Mapping[type[ast.AST], str] = {
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

Row = Mapping[str, Any]
"""One row of facts: column name → int (money in 分), Decimal, bool, str or None."""


class FormulaError(ValueError):
    """A formula that cannot be used; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate inside a formula, such as `sum(invested_ytd)`: `name` is its temporary column."""

    name: str
    function: str
    node: ast.expr | None

    @property
    def text(self) -> str:
        """As written: sum(invested_ytd)."""
        return f"{self.function}({ast.unparse(self.node) if self.node else ''})"

    @property
    def name_of_sum(self) -> str | None:
        """The fact that is summed, where the aggregate is the plain sum of one."""
        return self.node.id if self.function == "sum" and isinstance(self.node, ast.Name) else None

    @property
    def unit(self) -> Unit:
        return Unit.COUNT if self.function == "count" else _unit_of_argument(self.node)

    @property
    def label(self) -> str:
        """In Chinese: 累计完成合计."""
        if self.node is None:
            return _("项目个数")
        return _words(self.node, lambda name: FACTS[name].label, lambda *_: "") + AGGREGATES[self.function]

    def of(self, rows: Sequence[Row]) -> Fraction | None:
        """The exact aggregate over an entity's projects."""
        if self.node is None:
            return Fraction(len(rows))
        values = [value for row in rows if (value := _exact(self.node, row, None)) is not None]
        if self.function == "count":
            return Fraction(sum(1 for value in values if value))
        numbers = [Fraction(value) for value in values]
        match self.function:
            case "sum":
                return sum(numbers, Fraction(0))
            case "average":
                return sum(numbers, Fraction(0)) / len(numbers) if numbers else None
            case "largest":
                return max(numbers, default=None)
            case _:
                return min(numbers, default=None)


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text, its unit, the facts it uses, and its aggregates (empty for a
    formula about one project)."""

    text: str
    unit: Unit
    facts: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    tree: ast.expr

    @property
    def over_projects(self) -> bool:
        """True when the formula sums up an entity's projects, false when it is about one project."""
        return bool(self.aggregates)

    def row_expression(self) -> nw.Expr:
        """The value per row of a table of facts. For a formula without aggregates."""
        return _expression(self.tree, {})

    def aggregate_expressions(self) -> list[nw.Expr]:
        """What to aggregate per entity: one named expression per aggregate of the formula."""
        return [_aggregate_expression(aggregate) for aggregate in self.aggregates]

    def entity_expression(self) -> nw.Expr:
        """The value per entity, over the columns that `aggregate_expressions` made."""
        return _expression(self.tree, {_key(a.function, a.node): a.name for a in self.aggregates})

    def of_row(self, row: Row) -> Fraction | bool | str | None:
        """The exact value for one row; None where an input is missing or the divisor is 0."""
        return _exact(self.tree, row, None)

    def of_rows(self, rows: Sequence[Row]) -> Fraction | bool | str | None:
        """The exact value for an entity's projects."""
        return _exact(self.tree, {}, rows)

    def sentence(self) -> str:
        """The formula in Chinese names and printed operators."""
        return _words(self.tree, lambda name: FACTS[name].label, lambda f, node: Aggregate("", f, node).label)

    def with_numbers(
        self, rows: Sequence[Row], show: Callable[[Fraction | bool | str | None, Unit], str]
    ) -> str:
        """The formula with each input replaced by its number, as `show` prints it."""
        row = rows[0] if rows else {}
        return _words(
            self.tree,
            lambda name: show(_plain(row.get(name)), FACTS[name].unit),
            lambda function, node: _shown(Aggregate("", function, node), rows, show),
        )


def _shown(
    aggregate: Aggregate, rows: Sequence[Row], show: Callable[[Fraction | bool | str | None, Unit], str]
) -> str:
    return show(aggregate.of(rows), aggregate.unit)


def parse_formula(text: str, facts: Mapping[str, Fact] = FACTS) -> Formula:
    """Parse and check a formula. Raises FormulaError that names the word and says what may stand there."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaError(
            _("公式“{text}”写法有误：第 {column} 个字符附近").format(text=text, column=error.offset or 1)
        ) from error
    unit = _unit_of(tree, facts, inside=False)
    names = tuple(dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in facts))
    aggregates: dict[str, Aggregate] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func.id  # type: ignore[attr-defined]
            argument = node.args[0] if node.args else None
            aggregates.setdefault(
                _key(function, argument), Aggregate(f"aggregate_{len(aggregates)}", function, argument)
            )
    formula = Formula(text.strip(), unit, names, tuple(aggregates.values()), tree)
    if aggregates and _names_outside_aggregates(tree):
        raise FormulaError(
            _("公式“{text}”把单个项目的“{name}”与合计混用：请写成 sum({name}) 一类").format(
                text=text, name=_names_outside_aggregates(tree)[0]
            )
        )
    return formula


def _key(function: str, node: ast.expr | None) -> str:
    return f"{function}({ast.dump(node) if node else ''})"


def _names_outside_aggregates(tree: ast.expr) -> list[str]:
    if isinstance(tree, ast.Call):
        return []
    if isinstance(tree, ast.Name):
        return [tree.id]
    return [name for child in ast.iter_child_nodes(tree) if isinstance(child, ast.expr)
            for name in _names_outside_aggregates(child)]  # fmt: skip


# Units


def _unit_of(node: ast.expr, facts: Mapping[str, Fact], *, inside: bool) -> Unit:
    match node:
        case ast.Constant(value=bool()):
            return Unit.FLAG
        case ast.Constant(value=int() | float()):
            return Unit.NUMBER
        case ast.Constant(value=str()):
            return Unit.TEXT
        case ast.Name(id=name):
            if name not in facts:
                raise FormulaError(_unknown(name, facts))
            return facts[name].unit
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]) if function in AGGREGATES:
            if inside:
                raise FormulaError(_("合计里不能再套合计：{function}").format(function=function))
            if function == "count":
                if len(args) > 1 or (args and _unit_of(args[0], facts, inside=True) is not Unit.FLAG):
                    raise FormulaError(_("count() 数全部项目，count(条件) 数满足条件的项目"))
                return Unit.COUNT
            if len(args) != 1:
                raise FormulaError(_("{function}() 里要写一个事实或算式").format(function=function))
            return _unit_of(args[0], facts, inside=True)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _unit_of(operand, facts, inside=inside)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _flag(operand, facts, inside)
        case ast.BoolOp(values=values):
            for value in values:
                _flag(value, facts, inside)
            return Unit.FLAG
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _unit_of_comparison(left, op, right, facts, inside)
        case ast.BinOp(left=left, op=op, right=right):
            return _unit_of_operation(
                _unit_of(left, facts, inside=inside), op, _unit_of(right, facts, inside=inside)
            )
    raise FormulaError(_("公式里不能用“{part}”：只能用事实、数字、加减乘除、比较和 {functions}").format(
        part=ast.unparse(node), functions="、".join(AGGREGATES)))  # fmt: skip


def _unknown(name: str, facts: Mapping[str, Fact]) -> str:
    near = difflib.get_close_matches(name, facts, n=1)
    hint = (
        _("，是不是 {near}？").format(near=near[0])
        if near
        else _("；可用的有：{names}").format(names="、".join(facts))
    )
    return _("没有名为“{name}”的事实").format(name=name) + hint


def _flag(node: ast.expr, facts: Mapping[str, Fact], inside: bool) -> Unit:
    if _unit_of(node, facts, inside=inside) is not Unit.FLAG:
        raise FormulaError(_("“{part}”不是条件").format(part=ast.unparse(node)))
    return Unit.FLAG


def _unit_of_comparison(
    left: ast.expr, op: ast.cmpop, right: ast.expr, facts: Mapping[str, Fact], inside: bool
) -> Unit:
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple | ast.List):
            raise FormulaError(_("in 的右边要写一组值，例如 stage in ('new', 'continuing')"))
        units = {_unit_of(element, facts, inside=inside) for element in right.elts}
    else:
        units = {_unit_of(right, facts, inside=inside)}
    of_left = _unit_of(left, facts, inside=inside)
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
    elif isinstance(op, ast.Mult):
        for one, other in (pair, pair[::-1]):
            if one in (Unit.NUMBER, Unit.RATIO):
                return other
    elif isinstance(op, ast.Sub) and left is right:
        return {Unit.RATIO: Unit.RATIO_DIFFERENCE, Unit.PERCENT: Unit.PERCENTAGE_POINTS}.get(left, left)
    elif isinstance(op, ast.Add):
        if left is right:
            return left
        if Unit.RATIO_DIFFERENCE in pair and Unit.RATIO in pair:
            return Unit.RATIO
    raise FormulaError(
        _("单位对不上：{left} {operator} {right}").format(
            left=UNIT_NAMES[left],
            operator=_OPERATORS.get(type(op), type(op).__name__),
            right=UNIT_NAMES[right],
        )
    )


# Over tables


def _expression(node: ast.expr, columns: Mapping[str, str]) -> nw.Expr:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as literal):
            return nw.lit(literal)
        case ast.Name(id=name):
            return nw.col(name)
        case ast.Call(func=ast.Name(id=function), args=args):
            return nw.col(columns[_key(function, args[0] if args else None)])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_expression(operand, columns)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_expression(operand, columns)
        case ast.BoolOp(op=op, values=values):
            result = _expression(values[0], columns)
            for value in values[1:]:
                other = _expression(value, columns)
                result = result & other if isinstance(op, ast.And) else result | other
            return result
        case ast.Compare(
            left=left, ops=[ast.In()], comparators=[ast.Tuple(elts=elements) | ast.List(elts=elements)]
        ):
            return _expression(left, columns).is_in([ast.literal_eval(element) for element in elements])
        case ast.Compare(
            left=left, ops=[ast.NotIn()], comparators=[ast.Tuple(elts=elements) | ast.List(elts=elements)]
        ):
            return ~_expression(left, columns).is_in([ast.literal_eval(element) for element in elements])
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            one, other = _expression(left, columns), _expression(right, columns)
            compared: nw.Expr = _COMPARE[type(op)](one, other)
            return compared
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            # A divisor of 0 gives null, never infinity: no plan means that no rate exists.
            divisor = _expression(right, columns).cast(nw.Float64)
            divisor = nw.when(divisor != 0).then(divisor)
            return _expression(left, columns).cast(nw.Float64) / divisor
        case ast.BinOp(left=left, op=op, right=right):
            worked: nw.Expr = _ARITHMETIC[type(op)](_expression(left, columns), _expression(right, columns))
            return worked
    raise AssertionError(ast.dump(node))


_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}

_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def _aggregate_expression(aggregate: Aggregate) -> nw.Expr:
    if aggregate.node is None:
        return nw.len().alias(aggregate.name)
    value = _expression(aggregate.node, {})
    match aggregate.function:
        case "count":
            value = value.cast(nw.Int64).sum()
        case "sum":
            value = value.sum()
        case "average":
            value = value.mean()
        case "largest":
            value = value.max()
        case "smallest":
            value = value.min()
    return value.alias(aggregate.name)


# Exactly, for one row


def _plain(value: Any) -> Fraction | bool | str | None:
    if value is None or isinstance(value, bool | str):
        return value
    return Fraction(value)


def _exact(node: ast.expr, row: Row, rows: Sequence[Row] | None) -> Fraction | bool | str | None:
    match node:
        case ast.Constant(value=literal):
            return _plain(Fraction(str(literal)) if isinstance(literal, float) else literal)
        case ast.Name(id=name):
            return _plain(row.get(name))
        case ast.Call(func=ast.Name(id=function), args=args):
            assert rows is not None
            return Aggregate("", function, args[0] if args else None).of(rows)
        case ast.UnaryOp(op=op, operand=operand):
            value = _exact(operand, row, rows)
            if value is None:
                return None
            return (not value) if isinstance(op, ast.Not) else -Fraction(value)
        case ast.BoolOp(op=op, values=values):
            results = [bool(_exact(value, row, rows)) for value in values]
            return all(results) if isinstance(op, ast.And) else any(results)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            value = _exact(left, row, rows)
            if isinstance(op, ast.In | ast.NotIn):
                assert isinstance(right, ast.Tuple | ast.List)
                found = value in [_exact(element, row, rows) for element in right.elts]
                return found if isinstance(op, ast.In) else not found
            other = _exact(right, row, rows)
            return None if value is None or other is None else bool(_COMPARE[type(op)](value, other))
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _exact(left, row, rows), _exact(right, row, rows)
            if one is None or other is None or (isinstance(op, ast.Div) and other == 0):
                return None
            result: Fraction = _ARITHMETIC[type(op)](Fraction(one), Fraction(other))
            return result
    raise AssertionError(ast.dump(node))


# In words


def _unit_of_argument(node: ast.expr | None) -> Unit:
    return Unit.COUNT if node is None else _unit_of(node, FACTS, inside=True)


def _words(
    node: ast.expr, name_words: Callable[[str], str], call_words: Callable[[str, ast.expr | None], str]
) -> str:
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.Name(id=name):
            return name_words(name)
        case ast.Call(func=ast.Name(id=function), args=args):
            return call_words(function, args[0] if args else None)
        case ast.UnaryOp(op=op, operand=operand):
            sign = "非" if isinstance(op, ast.Not) else "−"
            return sign + _words(operand, name_words, call_words)
        case ast.BoolOp(op=op, values=values):
            return f" {_OPERATORS[type(op)]} ".join(_words(v, name_words, call_words) for v in values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, ast.In | ast.NotIn):
                assert isinstance(right, ast.Tuple | ast.List)
                members = "、".join(_words(e, name_words, call_words) for e in right.elts)
                word = _("属于") if isinstance(op, ast.In) else _("不属于")
                return f"{_words(left, name_words, call_words)}{word}（{members}）"
            return f"{_words(left, name_words, call_words)} {_OPERATORS[type(op)]} {_words(right, name_words, call_words)}"
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _words(left, name_words, call_words), _words(right, name_words, call_words)
            if isinstance(op, ast.Mult | ast.Div):
                one = f"（{one}）" if _is_sum(left) else one
                other = f"（{other}）" if isinstance(right, ast.BinOp) else other
            elif isinstance(op, ast.Sub) and _is_sum(right):
                other = f"（{other}）"
            return f"{one} {_OPERATORS[type(op)]} {other}"
    raise AssertionError(ast.dump(node))


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
