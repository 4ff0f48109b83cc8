"""Steps of the ladder that can never be reached, and chains with gaps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from guatu.language import gettext as _
from guatu.portfolio.formula import FormulaError
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.scopes import lights_with_levels
from guatu.supervision.ladder import Step, letter_steps
from guatu.supervision.letters import UNTIL


def _error(scheme: Scheme, key: str, message: str, clause: str | None = None) -> SchemeFault:
    return SchemeFault("error", "scheme.toml", key, message, scheme.cite(clause))


def _warning(scheme: Scheme, key: str, message: str, clause: str | None = None) -> SchemeFault:
    return SchemeFault("warning", "scheme.toml", key, message, scheme.cite(clause))


def check_steps(scheme: Scheme) -> Iterator[SchemeFault]:
    """Steps that can never be reached: of an unknown sheet, on a level that a light does not have, or never true."""
    sheets = {sheet.id: sheet for sheet in scheme.text.sheet}
    levels = {name: of for name, (_name, of) in lights_with_levels(scheme.text).items()}
    for n, step in enumerate(scheme.text.step):
        key = f"step[{n}]"
        sheet = sheets.get(step.sheet or "")
        if step.sheet is not None and sheet is None:
            yield _error(
                scheme, f"{key}.sheet", _("没有名为“{sheet}”的考核表").format(sheet=step.sheet), step.clause
            )
            continue
        if sheet is not None and sheet.entity != step.entity:
            yield _error(scheme, f"{key}.entity", _("考核表“{sheet}”考核的是另一类对象").format(sheet=sheet.name), step.clause)  # fmt: skip
        if step.when is not None:
            yield from _unreachable(scheme, key, step.when, levels, step.clause)
        elif not step.follows:
            yield _error(
                scheme, key, _("没有写何时采取：when（条件），或 after（在哪一步期满未办之后）"), step.clause
            )
    yield from _chains(scheme)


def _chains(scheme: Scheme) -> Iterator[SchemeFault]:
    """Chains with gaps, and steps that follow a step after which they can never come."""
    steps = {step.id: step for step in scheme.text.step}
    seen: set[str] = set()
    for n, step in enumerate(scheme.text.step):
        key = f"step[{n}]"
        if step.id in seen:
            yield _error(scheme, f"{key}.id", _("“{id}”重复").format(id=step.id), step.clause)
        seen.add(step.id)
        if step.follows and step.chain is None:
            yield _error(
                scheme, f"{key}.chain", _("写了 after 的措施，要用 chain 写明属于哪个阶梯"), step.clause
            )
        for name in step.follows:
            message = _wrong_link(step, steps.get(name), name)
            if message:
                yield _error(scheme, f"{key}.after", message, step.clause)
            elif steps[name].term_days is None:
                yield _warning(scheme, f"{key}.after", _(
                    "“{before}”没有写 term_days；每张单子的期满日要另报（{fact}），没有报的到不了这一步").format(
                        before=steps[name].name, fact=UNTIL + name), step.clause)  # fmt: skip
        if step.fulfilled is not None and step not in letter_steps(scheme.text.step):
            yield _error(scheme, f"{key}.fulfilled", _(
                "fulfilled 用于后面还有一步的措施：请在下一步写 after = \"{id}\"").format(id=step.id), step.clause)  # fmt: skip
    yield from _gaps(scheme)


def _wrong_link(step: Step, before: Step | None, name: str) -> str:
    """Why a step can never come after another; empty where it can."""
    if before is None:
        return _("没有名为“{step}”的措施").format(step=name)
    if before.chain != step.chain or before.entity != step.entity or before.term != step.term:
        return _("“{before}”要和这一步在同一个阶梯（chain），对象（entity）和期别（term）也要相同").format(
            before=before.name)  # fmt: skip
    if before.order > step.order or (before.order == step.order and before.id != step.id):
        return _("这一步永远到不了：“{before}”是第 {n} 级，不在这一步（第 {own} 级）之前；请改 order").format(
            before=before.name, n=before.order, own=step.order)  # fmt: skip
    return ""


def _gaps(scheme: Scheme) -> Iterator[SchemeFault]:
    """A level of a ladder that no step takes."""
    ladders: dict[tuple[str, str], list[tuple[int, Step]]] = {}
    for n, step in enumerate(scheme.text.step):
        if step.chain is not None:
            ladders.setdefault((step.chain, step.entity), []).append((n, step))
    for chain in ladders.values():
        orders = sorted({step.order for _n, step in chain})
        for before, after in pairwise(orders):
            if after - before > 1:
                n, step = next((n, step) for n, step in chain if step.order == after)
                yield _warning(scheme, f"step[{n}].order", _(
                    "阶梯“{chain}”从第 {before} 级跳到第 {after} 级，中间空缺；请改 order，或补上缺的措施").format(
                        chain=step.chain, before=before, after=after), step.clause)  # fmt: skip
        if all(step.follows for _n, step in chain):
            n, step = chain[0]
            yield _error(scheme, f"step[{n}].after", _(
                "阶梯“{chain}”的每一步都在另一步之后，没有第一步；请给第一步写 when，不写 after").format(
                    chain=step.chain), step.clause)  # fmt: skip


def _unreachable(
    scheme: Scheme, key: str, when: str, levels: dict[str, set[str]], clause: str
) -> Iterator[SchemeFault]:
    try:
        tree = ast.parse(when.strip(), mode="eval")
    except (SyntaxError, FormulaError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Compare(
                left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=str(level))]
            ):
                if name in levels and level not in levels[name]:
                    yield _error(scheme, f"{key}.when", _("这一步永远到不了：“{light}”没有“{level}”这一档").format(
                        light=name, level=level), clause)  # fmt: skip
