"""Formulas over facts, written as an Excel user would: `sum(invested_ytd) / sum(planned_year)`.

A formula is parsed with `ast`, whitelisted, checked for units (parse.py), and runs two ways from the same tree:
as Narwhals expressions over a table of any size (over_tables.py), and exactly, in fractions, for one row or
entity (exactly.py), which is how a result is explained.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import narwhals as nw

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, Fact, Unit
from guatu.portfolio.formula.close_calls import CloseCalls, close, close_calls, in_whole_numbers
from guatu.portfolio.formula.exactly import Row, RowScene, Scene, Value, aggregate, evaluate, exact_value
from guatu.portfolio.formula.functions import AGGREGATES, CHOICES, FUNCTIONS, WINDOWS, WITHIN
from guatu.portfolio.formula.in_words import called, words
from guatu.portfolio.formula.over_tables import aggregate_expression, column_of, expression
from guatu.portfolio.formula.parse import calls, inner_windows, names_frozen, parse, tree_of
from guatu.portfolio.formula.units import OVER_PROJECTS, PROJECT, FormulaError, Scope, unit_of

Show = Callable[[Value, Unit], str]
"""How an input is printed."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate inside a formula, such as `sum(invested_ytd)`."""

    function: str
    parts: tuple[ast.expr, ...]
    scope: Scope

    @property
    def text(self) -> str:
        """As written: sum(invested_ytd)."""
        return f"{self.function}({', '.join(ast.unparse(part) for part in self.parts)})"

    @property
    def column(self) -> str:
        """The column that holds it in a table of entities."""
        return column_of(self.text)

    @property
    def name_of_sum(self) -> str | None:
        """The fact that is summed, where the aggregate is the plain sum of one."""
        (node,) = self.parts if len(self.parts) == 1 else (None,)
        return node.id if self.function == "sum" and isinstance(node, ast.Name) else None

    @property
    def unit(self) -> Unit:
        if FUNCTIONS[self.function].gives == "count":
            return Unit.COUNT
        return unit_of(self.parts[0], self.scope, inside=True)

    @property
    def counts(self) -> bool:
        """Whether it is 0, not unknown, for one who has no projects where others have some."""
        return self.function in ("count", "distinct", "sum")

    @property
    def frozen(self) -> bool:
        """Whether it names a frozen fact, and so counts the projects that have left the list since."""
        return any(names_frozen(part, self.scope) for part in self.parts)

    @property
    def label(self) -> str:
        """In Chinese: 累计完成合计."""
        if not self.parts:
            return _("项目个数")
        said = [words(part, self._label, self._call_words) for part in self.parts]
        inside = said[0] if isinstance(self.parts[0], ast.Name) else f"（{said[0]}）"
        figure = inside + AGGREGATES[self.function].label
        if len(said) == 1:
            return figure
        return _("{figure}（仅计“{condition}”的项目）").format(figure=figure, condition=said[1])

    def _label(self, name: str) -> str:
        return self.scope.projects[name].label

    def _call_words(self, function: str, node: ast.Call) -> str | None:
        return called(function, node, self._label, self._call_words)

    def of(self, rows: Sequence[Row]) -> Fraction | None:
        """The exact aggregate over an entity's projects."""
        return aggregate(self.function, self.parts, rows)

    def expression(self) -> nw.Expr:
        """The aggregate over a table of projects, named by its column."""
        return aggregate_expression(self.function, self.parts).alias(self.column)


@dataclass(frozen=True)
class Formula:
    """A checked formula: its text, its unit, the facts it names of the thing it is about, and its aggregates
    over the thing's projects (empty for a formula about one thing alone)."""

    text: str
    unit: Unit
    facts: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    tree: ast.expr
    scope: Scope

    @property
    def over_projects(self) -> bool:
        """True when the formula sums up an entity's projects, false when it is about one thing alone."""
        return bool(self.aggregates)

    @property
    def names_frozen(self) -> bool:
        """True when it sums up a frozen fact, and so counts the projects that have left the list since."""
        return any(aggregate.frozen for aggregate in self.aggregates)

    @property
    def looks_around(self) -> bool:
        """Whether it looks at other terms, or at other entities of the series."""
        return any(calls(self.tree, {*WINDOWS, *WITHIN}))

    @cached_property
    def within(self) -> dict[str, tuple[str, ast.expr]]:
        """What it asks of the shorter terms within its own, by the text of the call: the function and its part."""
        found = calls(self.tree, WITHIN)
        return {
            ast.unparse(call): (call.func.id, call.args[0])
            for call in found
            if isinstance(call.func, ast.Name)
        }

    @cached_property
    def close_calls(self) -> CloseCalls:
        """Where the last bits of a float could decide it."""
        return close_calls(self.tree)

    @cached_property
    def in_whole_numbers(self) -> bool:
        """Whether its value is a whole number that a float holds exactly, or a fact as it was handed in."""
        return isinstance(self.tree, ast.Name) or in_whole_numbers(self.tree, self.scope)

    def close_expressions(self) -> tuple[list[nw.Expr], list[nw.Expr]]:
        """Whether a row is such a call, and whether it is one where others look at it; on a table `with_inner_windows`."""
        columns = self._columns(self.inner_windows)
        calls = self.close_calls
        return [close(call, columns) for call in calls.rows], [
            close(call, columns) for call in calls.elsewhere
        ]

    @cached_property
    def inner_windows(self) -> list[ast.Call]:
        """The windows that stand inside another one, the innermost first (`with_inner_windows`)."""
        return inner_windows(self.tree)

    @property
    def project_facts(self) -> tuple[str, ...]:
        """The facts of projects that the aggregates name."""
        names: dict[str, None] = {}
        for one in self.aggregates:
            for part in one.parts:
                _collect(part, self.scope, {}, names)
        return tuple(names)

    def row_expression(self) -> nw.Expr:
        """The value per row of a table that has the facts, and the aggregates in their columns."""
        return expression(self.tree, self._columns(self.inner_windows))

    entity_expression = row_expression

    def _columns(self, inner: Sequence[ast.Call]) -> dict[str, str]:
        texts = [*(aggregate.text for aggregate in self.aggregates), *self.within]
        texts += [ast.unparse(call) for call in inner]
        return {text: column_of(text) for text in texts}

    def with_inner_windows(self, table: Any) -> Any:
        """The table with a column for each window that stands inside another: no engine looks around in what it
        looks around for."""
        for number, call in enumerate(self.inner_windows):
            value = expression(call, self._columns(self.inner_windows[:number]))
            table = table.with_columns(value.alias(column_of(ast.unparse(call))))
        return table

    def aggregate_expressions(self, *, frozen: bool = False) -> list[nw.Expr]:
        """What to aggregate per entity: one named expression per aggregate of the formula, those of frozen facts apart."""
        return [aggregate.expression() for aggregate in self.aggregates if aggregate.frozen is frozen]

    def of_row(self, row: Row) -> Value:
        """The exact value for one row; None where an input is missing or the divisor is 0."""
        return self.of(RowScene(row))

    def of_rows(self, rows: Sequence[Row]) -> Value:
        """The exact value for an entity, from its projects alone."""
        return self.of(RowScene({}, rows))

    def of(self, scene: Scene) -> Value:
        """The exact value on a scene."""
        return evaluate(self.tree, scene)

    def sentence(self) -> str:
        """The formula in Chinese names and printed operators."""
        return words(self.tree, self._label, self._call_words)

    def with_numbers(self, rows: Sequence[Row], show: Show) -> str:
        """The formula with each input replaced by its number, for one row or an entity's projects."""
        return self.worked(RowScene(rows[0] if rows else {}, rows), show)

    def worked(self, scene: Scene, show: Show) -> str:
        """The formula with each input replaced by its number on a scene, as `show` prints it."""

        def name(fact: str) -> str:
            return show(scene.fact(fact), self.scope.names[fact].unit)

        def call(function: str, node: ast.Call) -> str | None:
            if function in CHOICES:
                return called(function, node, name, call)
            return show(evaluate(node, scene), unit_of(node, self.scope, inside=False))

        return words(self.tree, name, call)

    def _label(self, name: str) -> str:
        return self.scope.all[name].label

    def _call_words(self, function: str, node: ast.Call) -> str | None:
        if function in AGGREGATES:
            return Aggregate(function, tuple(node.args), self.scope).label
        return called(function, node, self._label, self._call_words)


def with_inner_windows(table: Any, formulas: Iterable[Formula]) -> Any:
    """A Narwhals table on which the formulas can be worked out, whatever stands inside their windows."""
    for formula in formulas:
        table = formula.with_inner_windows(table)
    return table


def parse_formula(text: str, scope: Scope | None = None) -> Formula:
    """Parse and check a formula. Raises FormulaError that names the word and says what may stand there.

    Without a scope it is about one project, or, where it has aggregates, about an entity's projects.
    """
    if scope is None:
        scope = OVER_PROJECTS if any(calls(tree_of(text), AGGREGATES)) else PROJECT
    tree, unit = parse(text, scope)
    aggregates: dict[str, Aggregate] = {}
    names: dict[str, None] = {}
    _collect(tree, scope, aggregates, names)
    return Formula(text.strip(), unit, tuple(names), tuple(aggregates.values()), tree, scope)


def _collect(node: ast.expr, scope: Scope, aggregates: dict[str, Aggregate], names: dict[str, None]) -> None:
    """The aggregates of a tree, and the facts it names outside of them."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in AGGREGATES:
            found = Aggregate(node.func.id, tuple(node.args), scope)
            aggregates.setdefault(found.text, found)
            return
        if node.func.id in WITHIN:
            return
        for part in node.args:
            _collect(part, scope, aggregates, names)
        return
    if isinstance(node, ast.Name):
        names[node.id] = None
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _collect(child, scope, aggregates, names)


__all__ = [
    "FACTS", "OVER_PROJECTS", "PROJECT", "Aggregate", "Fact", "Formula", "FormulaError", "Row", "RowScene", "Scene",
    "Scope", "Unit", "Value", "exact_value", "parse_formula", "with_inner_windows",
]  # fmt: skip
