"""A formula in Chinese: with the names of its facts, or with their numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal

from guatu.language import gettext as _
from guatu.portfolio.formula.functions import FUNCTIONS, MANY
from guatu.portfolio.formula.parse import FEN, WAN
from guatu.portfolio.formula.units import OPERATORS, numeral

NameWords = Callable[[str], str]
CallWords = Callable[[str, ast.Call], str | None]
"""What stands for a call; None: write it as a function of its parts."""


def words(node: ast.expr, name_words: NameWords, call_words: CallWords) -> str:
    """The formula with facts and calls as the two functions say them."""

    def of(part: ast.expr) -> str:
        return words(part, name_words, call_words)

    match node:
        case ast.Constant(value=int() as fen, kind="万元"):
            return f"{Decimal(fen) / FEN:f} {WAN}"
        case ast.Constant(value=bool() as literal):
            return _("是") if literal else _("否")
        case ast.Constant(value=literal):
            return str(literal)
        case ast.Name(id=name):
            return name_words(name)
        case ast.Call(func=ast.Name(id=function)):
            said = call_words(function, node)
            return said if said is not None else called(function, node, name_words, call_words)
        case ast.UnaryOp(op=op, operand=operand):
            sign = "非" if isinstance(op, ast.Not) else "−"
            joined = isinstance(operand, ast.BoolOp | ast.Compare) or _is_sum(operand)
            return f"{sign}（{of(operand)}）" if joined else sign + of(operand)
        case ast.BoolOp(op=op, values=values):
            parts = [f"（{of(value)}）" if isinstance(value, ast.BoolOp) else of(value) for value in values]
            return f" {OPERATORS[type(op)]} ".join(parts)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, ast.In | ast.NotIn):
                assert isinstance(right, ast.Tuple | ast.List)
                word = _("属于") if isinstance(op, ast.In) else _("不属于")
                return f"{of(left)}{word}（{'、'.join(of(element) for element in right.elts)}）"
            return f"{of(left)} {OPERATORS[type(op)]} {of(right)}"
        case ast.BinOp(left=left, op=op, right=right):
            one, other = of(left), of(right)
            if isinstance(op, ast.Mult | ast.Div):
                one = f"（{one}）" if _is_sum(left) else one
                other = f"（{other}）" if isinstance(right, ast.BinOp) else other
            elif isinstance(op, ast.Sub) and _is_sum(right):
                other = f"（{other}）"
            return f"{one} {OPERATORS[type(op)]} {other}"
    raise AssertionError(ast.dump(node))


def called(function: str, node: ast.Call, name_words: NameWords, call_words: CallWords) -> str:
    """A function of its parts in Chinese: 近3期次数（……）, 四舍五入到 2 位小数（……）."""
    parts = [words(part, name_words, call_words) for part in node.args]
    label = FUNCTIONS[function].label
    reach = numeral(node.args[1]) if len(parts) == 2 and function not in MANY else None
    match function:
        case "if_":
            return _("（若 {condition} 则 {one}，否则 {other}）").format(
                condition=parts[0], one=parts[1], other=parts[2]
            )
        case "if_missing":
            return _("{figure}（缺数按 {other}）").format(figure=parts[0], other=parts[1])
        case "previous" if reach is not None:
            label = _("前 {n} 期").format(n=reach)
        case "times" if reach is not None:
            label = _("近 {n} 期次数").format(n=reach)
        case "recent_sum":
            label = _("近 {n} 期合计").format(n=reach)
        case "recent_average":
            label = _("近 {n} 期平均").format(n=reach)
        case "round" if reach is not None and reach >= 0:
            label = _("四舍五入到 {n} 位小数").format(n=reach)
        case "round":
            label = _("四舍五入到 {n} 的整数倍").format(n=10 ** -int(reach or 0))
        case "floor" if parts[1] not in ("1", f"1 {WAN}"):
            label = _("向下取到 {step} 的整数倍").format(step=parts[1])
        case "ceil" if parts[1] not in ("1", f"1 {WAN}"):
            label = _("向上取到 {step} 的整数倍").format(step=parts[1])
    shown = parts if reach is None else parts[:1]
    return f"{label}（{'，'.join(shown)}）" if shown else label


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
