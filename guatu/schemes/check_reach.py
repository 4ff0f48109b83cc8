"""What can come out of a rule that nobody wants or nobody gets: points below 0, conditions and grades out of reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal

from guatu.assessment.rules import Rule
from guatu.assessment.rules.brackets import Brackets
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Item, Sheet
from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import parse_formula
from guatu.schemes.formulas import every_formula
from guatu.schemes.load import Scheme, SchemeFault

NEVER_NEGATIVE = {Unit.RATIO, Unit.COUNT, Unit.MONEY}
"""What a formula that subtracts nothing gives, and that is not below 0."""

FLIPPED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq}


def check_reach(scheme: Scheme) -> Iterator[SchemeFault]:
    """A warning for each rule without a floor, grade above all points, credit without effect, and condition that
    can never hold."""
    for n, sheet in enumerate(scheme.text.sheet):
        key = f"sheet[{n}]"
        for m, item in enumerate(sheet.item):
            yield from _floors(scheme, f"{key}.item[{m}]", sheet, item)
        yield from _grades(scheme, key, sheet)
        if sheet.entity == "project" and sheet.credit is not None:
            yield _warning(scheme, f"{key}.credit", _(
                "这张表考核项目本身，credit 不起作用；项目记在谁名下，请写在汇总项目得分的那张表（县区、部门或单位）里"), sheet.clause)  # fmt: skip
    for where, text, scope in every_formula(scheme.text, scheme.scopes):
        for part in _never(parse_formula(text, scope).tree):
            yield _warning(
                scheme, where, _("“{part}”永远不成立：最近几期里的次数不会超过期数").format(part=part), None
            )


def _warning(scheme: Scheme, key: str, message: str, clause: str | None) -> SchemeFault:
    return SchemeFault("warning", "scheme.toml", key, message, scheme.cite(clause))


def _floors(scheme: Scheme, key: str, sheet: Sheet, item: Item) -> Iterator[SchemeFault]:
    """Rules around a pivot that take points without end."""
    versions = [("rule", item.measure, item.rule)]
    for n, change in enumerate(item.change):
        versions.append((f"change[{n}].rule", change.measure or versions[-1][1], change.rule))
    full = sheet.full_points(item)
    for where, measure, rule in versions:
        if isinstance(rule, Linear) and measure and _endless(scheme, sheet, measure, rule, full):
            falling = rule.up < 0
            yield _warning(scheme, f"{key}.{where}", (
                _("每高 {step} 扣 {points} 分，没有下限，可能扣成负分；请写 limit = \"base\"（扣完为止）或 cap_down（最多扣几分）")
                if falling else
                _("每低 {step} 扣 {points} 分，没有下限，可能扣成负分；请写 limit = \"base\"（扣完为止）或 cap_down（最多扣几分）")
            ).format(step=plain(rule.step), points=plain(abs(rule.up) if falling else rule.falls)), item.clause)  # fmt: skip


def _endless(scheme: Scheme, sheet: Sheet, measure: str, rule: Linear, full: Decimal) -> bool:
    """Whether the points of a line that starts above 0 may fall below it."""
    base = full if rule.base is None else rule.base
    if rule.cap_down is not None or rule.limit == "base" or base <= 0:
        return False
    if rule.up < 0:
        return True
    if rule.falls <= 0:
        return False
    formula = parse_formula(measure, scheme.scopes.of(sheet.entity))
    if isinstance(rule.pivot, str) or formula.unit not in NEVER_NEGATIVE or _subtracts(formula.tree):
        return True
    return base - rule.pivot / rule.step * rule.falls < 0


def _subtracts(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Sub | ast.USub) for node in ast.walk(tree))


def _grades(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    """Grades that ask for more points than the sheet has to give."""
    if sheet.points is None or sheet.roll_up or any(_adds(sheet, item) for item in sheet.item):
        return
    if any((event.points or event.high or 0) > 0 for event in sheet.event):
        return
    for n, grade in enumerate(sheet.grade):
        if grade.low > sheet.points:
            yield _warning(scheme, f"{key}.grade[{n}].from", _(
                "“{grade}”永远到不了：从 {low} 分起，这张表满分 {points} 分，没有加分").format(
                    grade=grade.name, low=plain(grade.low), points=plain(sheet.points)), grade.clause)  # fmt: skip


def _adds(sheet: Sheet, item: Item) -> bool:
    """Whether a line may earn more than it is worth."""
    full = sheet.full_points(item)
    rules: list[Rule | None] = [item.rule, *(change.rule for change in item.change)]
    return bool(item.change) or any(
        isinstance(rule, Linear | Brackets) or rule.type == "direct" or (rule.most(full) or full) > full  # type: ignore[attr-defined]
        for rule in rules
        if rule is not None
    )


def _never(tree: ast.AST) -> Iterator[str]:
    """Comparisons that ask for more times than there are terms."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        pair, asked = (node.left, node.comparators[0]), type(node.ops[0])
        for (one, other), how in ((pair, asked), (pair[::-1], FLIPPED.get(asked))):
            match one, other:
                case (
                    ast.Call(func=ast.Name(id="times"), args=[_condition, ast.Constant(value=int(terms))]),
                    ast.Constant(value=int() | float() as number),
                ):
                    if (how in (ast.GtE, ast.Eq) and number > terms) or (how is ast.Gt and number >= terms):
                        yield ast.unparse(node)
