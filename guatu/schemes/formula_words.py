"""The formulas of a scheme in Chinese: names of facts, stages and levels as people know them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from dataclasses import replace

from guatu.portfolio.formula import FormulaError, Scope, parse_formula
from guatu.portfolio.project import STAGE_NAMES
from guatu.schemes.load import Scheme


class _Named(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            return ast.copy_location(ast.Constant(self.names.get(node.value, node.value)), node)
        return node


def formula_words(scheme: Scheme, text: str, scope: Scope) -> str:
    """A formula as a sentence; as written where it cannot be read in that scope."""
    try:
        formula = parse_formula(text, scope)
    except FormulaError:
        return text
    names = {str(stage): name for stage, name in STAGE_NAMES.items()}
    names |= {level.id: level.name for level in scheme.text.level}
    names |= {category.id: category.name for category in scheme.text.category}
    tree = _Named(names).visit(copy.deepcopy(formula.tree))
    return replace(formula, tree=tree).sentence()
