"""Conditions on the level of a light that the light never has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from guatu.language import gettext as _
from guatu.portfolio.formula import FormulaError, parse_formula
from guatu.schemes.formulas import every_formula
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.scopes import lights_with_levels


def check_levels(scheme: Scheme) -> Iterator[SchemeFault]:
    """An error for each formula of a light, ranking or sheet that asks for a level which does not come; what steps ask
    is told with the steps."""
    lights = lights_with_levels(scheme.text)
    for key, text, scope in every_formula(scheme.text, scheme.scopes):
        if key.startswith("step["):
            continue
        try:
            tree = parse_formula(text, scope).tree
        except FormulaError:
            continue
        for node in ast.walk(tree):
            for name, level in _asked(node):
                light, levels = lights.get(name, ("", {level}))
                if level not in levels:
                    yield SchemeFault("error", "scheme.toml", key, _("“{light}”没有“{level}”这一档").format(
                        light=light, level=level))  # fmt: skip


def _asked(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names and the texts that a comparison holds against each other."""
    match node:
        case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=str(level))]):
            yield name, level
        case ast.Compare(
            left=ast.Name(id=name), comparators=[ast.Tuple(elts=several) | ast.List(elts=several)]
        ):
            for one in several:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield name, one.value
