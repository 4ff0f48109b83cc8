"""Formulas over facts, written as an Excel user would: `sum(invested_ytd) / sum(planned_year)`.

A formula is parsed with `ast`, whitelisted, checked for units (parse.py), and runs two ways from the same tree:
as Narwhals expressions over a table of any size (over_tables.py), and exactly, in fractions, for one row or
entity (exactly.py), which is how a result is explained.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, Fact, Unit
from guatu.portfolio.formula.exactly import Row, RowScene, Scene, Value, aggregate, evaluate, exact_value
from guatu.portfolio.formula.functions import AGGREGATES, CHOICES, WINDOWS
from guatu.portfolio.formula.in_words import words
from guatu.portfolio.formula.over_tables import aggregate_expression, expression
from guatu.portfolio.formula.parse import (
    OVER_PROJECTS,
    PROJECT,
    FormulaError,
    Scope,
    argument,
    parse,
    unit_of,
)

Show = Callable[[Value, Unit], str]
"""How an input is printed."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate inside a formula, such as `sum(invested_ytd)`; its text names its column."""

    function: str
    node: ast.expr | None
    scope: Scope

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
        if self.function == "count" or self.node is None:
            return Unit.COUNT
        return unit_of(self.node, self.scope, inside=True)

    @property
    def label(self) -> str:
        """In Chinese: 累计完成合计."""
        if self.node is None:
            return _("项目个数")
        inside = words(self.node, self._label, self._choice_words)
        inside = inside if isinstance(self.node, ast.Name) else f"（{inside}）"
        return inside + AGGREGATES[self.function]

    def _label(self, name: str) -> str:
        return self.scope.projects[name].label

    def _choice_words(self, function: str, node: ast.Call) -> str:
        parts = "，".join(words(part, self._label, self._choice_words) for part in node.args)
        return f"{CHOICES[function]}（{parts}）"

    def of(self, rows: Sequence[Row]) -> Fraction | None:
        """The exact aggregate over an entity's projects."""
        return aggregate(self.function, self.node, rows)

    def expression(self) -> nw.Expr:
        """The aggregate over a table of projects, named by its text."""
        return aggregate_expression(self.function, self.node).alias(self.text)


@dataclass(frozen=True, slots=True)
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
    def looks_around(self) -> bool:
        """Whether it looks at other terms, or at other entities of the series."""
        calls = (node.func for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return any(isinstance(name, ast.Name) and name.id in WINDOWS for name in calls)

    @property
    def project_facts(self) -> tuple[str, ...]:
        """The facts of projects that the aggregates name."""
        inside = (aggregate.node for aggregate in self.aggregates if aggregate.node is not None)
        names = (node.id for tree in inside for node in ast.walk(tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(names))

    def row_expression(self) -> nw.Expr:
        """The value per row of a table that has the facts, and the aggregates under their texts."""
        return expression(self.tree, {aggregate.text: aggregate.text for aggregate in self.aggregates})

    entity_expression = row_expression

    def aggregate_expressions(self) -> list[nw.Expr]:
        """What to aggregate per entity: one named expression per aggregate of the formula."""
        return [aggregate.expression() for aggregate in self.aggregates]

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

        def call(function: str, node: ast.Call) -> str | None:
            if function in CHOICES:
                return None
            return show(evaluate(node, scene), unit_of(node, self.scope, inside=False))

        return words(self.tree, lambda name: show(scene.fact(name), self.scope.names[name].unit), call)

    def _label(self, name: str) -> str:
        return self.scope.all[name].label

    def _call_words(self, function: str, node: ast.Call) -> str | None:
        if function in AGGREGATES:
            return Aggregate(function, argument(node), self.scope).label
        if function in WINDOWS:
            inner = words(node.args[0], self._label, self._call_words)
            return f"{WINDOWS[function]}（{inner}）"
        return f"{CHOICES[function]}（{'，'.join(words(part, self._label, self._call_words) for part in node.args)}）"


def parse_formula(text: str, scope: Scope | None = None) -> Formula:
    """Parse and check a formula. Raises FormulaError that names the word and says what may stand there.

    Without a scope it is about one project, or, where it has aggregates, about an entity's projects.
    """
    if scope is None:
        named = {n.func.id for n in _calls(text) if isinstance(n.func, ast.Name)}
        scope = OVER_PROJECTS if named & set(AGGREGATES) else PROJECT
    tree, unit = parse(text, scope)
    aggregates: dict[str, Aggregate] = {}
    names: dict[str, None] = {}
    _collect(tree, scope, aggregates, names)
    return Formula(text.strip(), unit, tuple(names), tuple(aggregates.values()), tree, scope)


def _calls(text: str) -> list[ast.Call]:
    try:
        return [node for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []


def _collect(node: ast.expr, scope: Scope, aggregates: dict[str, Aggregate], names: dict[str, None]) -> None:
    """The aggregates of a tree, and the facts it names outside of them."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in AGGREGATES:
            found = Aggregate(node.func.id, argument(node), scope)
            aggregates.setdefault(found.text, found)
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
    "Scope", "Unit", "Value", "exact_value", "parse_formula",
]  # fmt: skip
