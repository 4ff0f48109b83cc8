"""Thresholds that look as if they were written in another scale: 0.95 where per cent are meant, 100 where a ratio is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal

from guatu.assessment.rules import Rule
from guatu.assessment.rules.bands import Bands
from guatu.assessment.rules.brackets import Brackets
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.proportional import Proportional
from guatu.assessment.rules.rule import plain
from guatu.assessment.rules.thresholds import AllOrNothing
from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import Formula, parse_formula
from guatu.portfolio.formula.functions import AGGREGATES
from guatu.portfolio.formula.units import unit_of
from guatu.schemes.formulas import every_formula
from guatu.schemes.load import Scheme, SchemeFault

RATIO_AT_MOST = 10
"""No ratio of a document is held against ten times the whole or more; that is meant in per cent."""

DIFFERENCE_AT_MOST = 2
"""No two ratios lie twice the whole apart."""


def check_scales(scheme: Scheme) -> Iterator[SchemeFault]:
    """A warning for each threshold in the wrong scale, and for each text that nothing handed in can be."""
    for n, light in enumerate(scheme.text.light):
        edges = [edge for band in light.every_band for edge in (band.low, band.high) if edge is not None]
        yield from _edges(scheme, f"light[{n}].band", light.unit, edges, light.clause)
    for n, sheet in enumerate(scheme.text.sheet):
        for m, item in enumerate(sheet.item):
            rules = [("rule", item.rule), *((f"change[{k}].rule", c.rule) for k, c in enumerate(item.change))]
            for key, rule in rules:
                if rule is not None:
                    where = f"sheet[{n}].item[{m}].{key}"
                    yield from _edges(scheme, where, item.unit, edges_of(rule), item.clause)
    for key, text, scope in every_formula(scheme.text, scheme.scopes):
        formula = parse_formula(text, scope)
        for message in (*_comparisons(formula.tree, formula, inside=False), *_texts(formula.tree)):
            yield SchemeFault("warning", "scheme.toml", key, message)


def edges_of(rule: Rule) -> list[Decimal]:
    """The numbers of a rule that its value is held against."""
    match rule:
        case AllOrNothing():
            found = [rule.at_least, rule.at_most]
        case Bands():
            found = [edge for band in rule.band for edge in (band.low, band.high)]
        case Linear(pivot=Decimal()) | Brackets(pivot=Decimal()):
            found = [rule.pivot]  # type: ignore[list-item]
        case Proportional():
            found = [rule.of]
        case _:
            found = []
    return [edge for edge in found if edge is not None]


def _edges(scheme: Scheme, key: str, unit: str, edges: list[Decimal], clause: str) -> Iterator[SchemeFault]:
    sizes = sorted({abs(edge) for edge in edges if edge != 0})
    if not sizes:
        return
    written = "、".join(plain(size) for size in sizes)
    message = ""
    if unit == "ratio" and sizes[-1] >= RATIO_AT_MOST:
        message = _(
            '单位是比率（1 就是 100%），这里写的是 {written}：如指百分之几，请写 unit = "percent"，或除以 100'
        )
    elif (unit == "percent" and sizes[-1] < 1) or (
        unit == "percentage_points" and len(sizes) > 1 and sizes[-1] < 1
    ):
        message = _("单位是百分之几，{written} 就是 {written}%：如指比率，请乘以 100（0.95 写 95）")
    if message:
        yield SchemeFault("warning", "scheme.toml", key, message.format(written=written), scheme.cite(clause))


def _comparisons(node: ast.AST, formula: Formula, *, inside: bool) -> Iterator[str]:
    inside = inside or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in AGGREGATES
    )
    if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.In | ast.NotIn):
        pair = (node.left, node.comparators[0])
        for one, other in (pair, pair[::-1]):
            if isinstance(other, ast.Constant) and isinstance(other.value, int | float):
                message = _scale(unit_of(one, formula.scope, inside=inside), abs(other.value))
                if message:
                    yield message.format(part=ast.unparse(node))
    for child in ast.iter_child_nodes(node):
        yield from _comparisons(child, formula, inside=inside)


def _scale(unit: Unit, size: float) -> str:
    if (unit is Unit.RATIO and size >= RATIO_AT_MOST) or (
        unit is Unit.RATIO_DIFFERENCE and size >= DIFFERENCE_AT_MOST
    ):
        return _("“{part}”：左边是比率（1 就是 100%），数字像是百分之几；请除以 100，90% 写 0.9")
    if unit is Unit.PERCENT and 0 < size < 1:
        return _("“{part}”：这个事实是百分之几（80.5），数字像是比率；请乘以 100，0.9 写 90")
    return ""


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value != node.value.strip()
        ):
            yield _("文字“{text}”前后有空格，填报的文字都去掉了空格，永远对不上；请删去空格").format(
                text=node.value
            )
