"""A formula for one row or one entity, in exact fractions: how a result is explained and a close call decided."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from guatu.portfolio.formula.over_tables import ARITHMETIC, COMPARE

Value = Fraction | bool | str | None
Row = Mapping[str, Any]
"""One row of facts: column name → int (money in 分), Decimal, float as typed, bool, str or None."""


def exact_value(value: Any) -> Value:
    """A fact as an exact value; a float counts as the decimal it shows."""
    if value is None or isinstance(value, bool | str | Fraction):
        return value
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


class Scene:
    """What an exact evaluation stands on: the facts of one thing."""

    @abstractmethod
    def fact(self, name: str) -> Value:
        """A fact of the thing itself."""

    def projects(self) -> Sequence[Row]:
        """The rows of its projects, for aggregates."""
        raise AssertionError("a formula about one project has no aggregates")

    def earlier(self) -> Sequence[Scene]:
        """The same thing in the earlier terms, the oldest first, without gaps."""
        raise AssertionError("this scene knows no other terms")

    def year_so_far(self) -> Sequence[Scene]:
        """The same thing in the terms of this year up to and including this one."""
        raise AssertionError("this scene knows no other terms")

    def company(self) -> Sequence[Scene]:
        """The things of its series in the same term, itself among them."""
        raise AssertionError("this scene knows no series")


class RowScene(Scene):
    """One row of a facts table, and the rows of projects below it where it is an entity's."""

    def __init__(self, row: Row, rows: Sequence[Row] = ()) -> None:
        self.row, self.rows = row, rows

    def fact(self, name: str) -> Value:
        return exact_value(self.row.get(name))

    def projects(self) -> Sequence[Row]:
        return self.rows


def evaluate(node: ast.expr, scene: Scene) -> Value:
    """The exact value of a part; None where an input is missing or a divisor is 0.

    A condition is None where what is not known could turn it."""
    match node:
        case ast.Constant(value=literal):
            return exact_value(literal)
        case ast.Name(id=name):
            return scene.fact(name)
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, args, scene)
        case ast.UnaryOp(op=op, operand=operand):
            value = evaluate(operand, scene)
            if value is None:
                return None
            return (not value) if isinstance(op, ast.Not) else -Fraction(value)
        case ast.BoolOp(op=op, values=values):
            return _joined(isinstance(op, ast.And), [evaluate(value, scene) for value in values])
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            value = evaluate(left, scene)
            if isinstance(op, ast.In | ast.NotIn):
                assert isinstance(right, ast.Tuple | ast.List)
                if value is None:
                    return None
                found = value in [evaluate(element, scene) for element in right.elts]
                return found if isinstance(op, ast.In) else not found
            other = evaluate(right, scene)
            return None if value is None or other is None else bool(COMPARE[type(op)](value, other))
        case ast.BinOp(left=left, op=op, right=right):
            one, other = evaluate(left, scene), evaluate(right, scene)
            if one is None or other is None or (isinstance(op, ast.Div) and other == 0):
                return None
            result: Fraction = ARITHMETIC[type(op)](Fraction(one), Fraction(other))
            return result
    raise AssertionError(ast.dump(node))


def _joined(both: bool, results: Sequence[Value]) -> bool | None:
    """Conditions joined by and or or. What is not known decides nothing: it is left open where the others do not
    settle the matter."""
    if any(result is not None and bool(result) is not both for result in results):
        return not both
    return None if any(result is None for result in results) else both


def _call(function: str, args: list[ast.expr], scene: Scene) -> Value:
    match function:
        case "min" | "max":
            values = [evaluate(part, scene) for part in args]
            if any(value is None for value in values):
                return None
            numbers = [Fraction(value) for value in values if value is not None]
            return min(numbers) if function == "min" else max(numbers)
        case "previous":
            earlier = scene.earlier()
            return evaluate(args[0], earlier[-1]) if earlier else None
        case "streak":
            length = 0
            for moment in reversed([*scene.earlier(), scene]):
                if not evaluate(args[0], moment):
                    break
                length += 1
            return Fraction(length)
        case "times":
            return Fraction(sum(bool(evaluate(args[0], moment)) for moment in scene.year_so_far()))
        case "series_average" | "series_best" | "series_worst" | "series_sum":
            return _of_company(function, args[0], scene)
    return aggregate(function, args[0] if args else None, scene.projects())


def _of_company(function: str, node: ast.expr, scene: Scene) -> Fraction | None:
    values = [value for other in scene.company() if (value := evaluate(node, other)) is not None]
    numbers = [Fraction(value) for value in values]
    if not numbers:
        return Fraction(0) if function == "series_sum" else None
    total = sum(numbers, Fraction(0))
    return {
        "series_average": total / len(numbers),
        "series_best": max(numbers),
        "series_worst": min(numbers),
        "series_sum": total,
    }[function]


def aggregate(function: str, node: ast.expr | None, rows: Sequence[Row]) -> Fraction | None:
    """The exact aggregate over an entity's projects."""
    if node is None:
        return Fraction(len(rows))
    values = [value for row in rows if (value := evaluate(node, RowScene(row))) is not None]
    if function == "count":
        return Fraction(sum(1 for value in values if value))
    numbers = [Fraction(value) for value in values]
    match function:
        case "sum":
            return sum(numbers, Fraction(0))
        case "average":
            return sum(numbers, Fraction(0)) / len(numbers) if numbers else None
        case "largest":
            return max(numbers, default=None)
        case _:
            return min(numbers, default=None)
