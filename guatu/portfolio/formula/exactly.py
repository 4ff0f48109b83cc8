"""A formula for one row or one entity, in exact fractions: how a result is explained and a close call decided."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from guatu.portfolio.formula.functions import AGGREGATES, CHOICES, WITHIN
from guatu.portfolio.formula.over_tables import ARITHMETIC, COMPARE
from guatu.portfolio.formula.parse import FEN, WAN, is_frozen, lights_in
from guatu.values import half_up

Value = Fraction | bool | str | None
Row = Mapping[str, Any]
"""One row of facts: column name → int (money in 分), Decimal, float as typed, bool, str or None."""


def exact_value(value: Any) -> Value:
    """A fact as an exact value; a float counts as the decimal it shows."""
    if value is None or isinstance(value, bool | str | Fraction):
        return value
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


class Scene:
    """What an exact evaluation stands on: the facts of one thing in one term."""

    @abstractmethod
    def fact(self, name: str) -> Value:
        """A fact of the thing itself."""

    def projects(self, *, frozen: bool = False) -> Sequence[Row] | None:
        """The rows of its projects, for aggregates; None where no project at all is known in the term. Those for
        aggregates of a `frozen` fact hold the projects that have left since."""
        raise AssertionError("a formula about one project has no aggregates")

    def moments(self) -> Sequence[tuple[int, Scene]]:
        """The same thing in every term up to this one of which something is known, the oldest first, each with
        how many terms ago it was; this one, 0 terms ago, is the last."""
        raise AssertionError("this scene knows no other terms")

    def place_in_year(self) -> tuple[int, int]:
        """The how manieth term of its year this one is, and how many the year has."""
        raise AssertionError("this scene knows no other terms")

    def company(self) -> Sequence[Scene]:
        """The things of its series in the same term, itself among them."""
        raise AssertionError("this scene knows no series")

    def everybody(self) -> Sequence[Scene]:
        """All things that are assessed in the same term."""
        raise AssertionError("this scene knows nobody else")

    def within(self) -> Sequence[Scene]:
        """The same thing in each term within this one for which something was handed in, itself among them."""
        raise AssertionError("this scene knows no shorter terms")


class RowScene(Scene):
    """One row of a facts table, and the rows of projects below it where it is an entity's; `listed` are those with the
    projects that have left since a fact of theirs was frozen (not said: the same)."""

    def __init__(
        self, row: Row, rows: Sequence[Row] | None = (), listed: Sequence[Row] | None = None
    ) -> None:
        self.row, self.rows = row, rows
        self.listed = rows if listed is None else listed

    def fact(self, name: str) -> Value:
        return exact_value(self.row.get(name))

    def projects(self, *, frozen: bool = False) -> Sequence[Row] | None:
        return self.listed if frozen else self.rows


def evaluate(node: ast.expr, scene: Scene) -> Value:
    """The exact value of a part; None where an input is missing or a divisor is 0.

    A condition is None where what is not known could turn it."""
    match node:
        case ast.Constant(value=literal):
            return exact_value(literal)
        case ast.Name(id=name):
            return scene.fact(name)
        case ast.Call(func=ast.Name(id=function), args=args) if function in AGGREGATES:
            return aggregate(function, args, scene.projects(frozen=is_frozen(node)))
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
    if function in CHOICES:
        return _choice(function, args, scene)
    if function.startswith(("series_", "all_")):
        return _of_company(function, args, scene)
    if function in WITHIN:
        return _within(function, args, scene)
    return _over_terms(function, args, scene)


def _choice(function: str, args: list[ast.expr], scene: Scene) -> Value:
    match function:
        case "if_":
            holds = evaluate(args[0], scene)
            return None if holds is None else evaluate(args[1] if holds else args[2], scene)
        case "known":
            return evaluate(args[0], scene) is not None
        case "if_missing":
            value = evaluate(args[0], scene)
            return evaluate(args[1], scene) if value is None else value
    values = [evaluate(part, scene) for part in args]
    numbers = [Fraction(value) for value in values if value is not None]
    if len(numbers) < len(values):
        return None
    match function:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "abs":
            return abs(numbers[0])
        case "round":
            unit = _money_unit(args[1])
            return _rounded(numbers[0] / unit, int(numbers[1])) * unit
        case "floor":
            return (numbers[0] / numbers[1]).__floor__() * numbers[1]
        case _:
            return (numbers[0] / numbers[1]).__ceil__() * numbers[1]


def _money_unit(digits: ast.expr) -> int:
    """What money is divided by before it is rounded: 万元 is what the decimals are of."""
    constant = digits.operand if isinstance(digits, ast.UnaryOp) else digits
    return FEN if isinstance(constant, ast.Constant) and constant.kind == WAN else 1


def _rounded(value: Fraction, places: int) -> Fraction:
    step = Fraction(10) ** -places
    return Fraction(half_up(value / step)) * step


def _over_terms(function: str, args: list[ast.expr], scene: Scene) -> Value:
    """What a function says of the terms of one thing."""
    number, in_year = scene.place_in_year()
    reach = int(Fraction(evaluate(args[1], scene) or 0)) if len(args) > 1 else 0
    back = {"previous": reach or 1, "last_year": in_year, "year_first": number - 1}.get(function)
    if back is not None:
        return next((evaluate(args[0], moment) for ago, moment in scene.moments() if ago == back), None)
    values = [(ago, evaluate(args[0], moment)) for ago, moment in reversed(scene.moments())]
    if function == "streak":
        length = 0
        for ago, holds in values:
            if ago != length or not holds:
                break
            length += 1
        return Fraction(length)
    if function == "ever":
        return any(bool(holds) for _ago, holds in values)
    here = [value for ago, value in values if ago < (reach or number)]
    if function == "times":
        return Fraction(sum(bool(holds) for holds in here))
    return _figure(function.partition("_")[2], [Fraction(value) for value in here if value is not None])


def _of_company(function: str, args: list[ast.expr], scene: Scene) -> Fraction | None:
    company = scene.company() if function.startswith("series_") else scene.everybody()
    if not args:
        return Fraction(len(company))
    values = [value for other in company if (value := evaluate(args[0], other)) is not None]
    numbers = [Fraction(value) for value in values]
    match function.partition("_")[2]:
        case "count":
            return Fraction(sum(1 for number in numbers if number))
        case "place":
            mine = evaluate(args[0], scene)
            return None if mine is None else Fraction(1 + sum(number > Fraction(mine) for number in numbers))
        case "sum":
            return sum(numbers, Fraction(0))
    return _figure(function.partition("_")[2], numbers)


def _within(function: str, args: list[ast.expr], scene: Scene) -> Fraction | None:
    """What a function says of the shorter terms within the scene's."""
    values = [value for shorter in scene.within() if (value := evaluate(args[0], shorter)) is not None]
    if function == "times_within":
        return Fraction(sum(bool(value) for value in values))
    return _figure("sum", [Fraction(value) for value in values])


def _figure(name: str, numbers: Sequence[Fraction]) -> Fraction | None:
    """One figure for several; None where there are none."""
    if not numbers:
        return None
    match name:
        case "sum":
            return sum(numbers, Fraction(0))
        case "average":
            return sum(numbers, Fraction(0)) / len(numbers)
        case "median":
            ordered, middle = sorted(numbers), len(numbers) // 2
            return (ordered[middle] + ordered[-middle - 1]) / 2
        case "best" | "largest":
            return max(numbers)
        case "worst" | "smallest":
            return min(numbers)
    raise AssertionError(name)


def aggregate(function: str, args: Sequence[ast.expr], rows: Sequence[Row] | None) -> Fraction | None:
    """The exact aggregate over an entity's projects; None where none at all are known."""
    if rows is None:
        return None
    if not args:
        return Fraction(len(rows))
    if len(args) > 1:
        rows = [row for row in rows if evaluate(args[1], RowScene(row))]
    values = [value for row in rows if (value := evaluate(args[0], RowScene(row))) is not None]
    match function:
        case "count":
            told = (
                values
                or not rows
                or any(row.get(name) is None for name in lights_in(args[0]) for row in rows)
            )
            return Fraction(sum(1 for value in values if value)) if told else None
        case "distinct":
            return Fraction(len(set(values)))
        case "sum":
            return sum((Fraction(value) for value in values), Fraction(0))
    return _figure(function, [Fraction(value) for value in values])
