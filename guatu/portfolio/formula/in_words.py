"""A formula in Chinese: with the names of its facts, or with their numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal

from guatu.language import gettext as _
from guatu.portfolio.formula.parse import FEN, OPERATORS, WAN

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
        case ast.Constant(value=literal):
            return str(literal)
        case ast.Name(id=name):
            return name_words(name)
        case ast.Call(func=ast.Name(id=function), args=args):
            said = call_words(function, node)
            return said if said is not None else f"{function}（{'，'.join(of(part) for part in args)}）"
        case ast.UnaryOp(op=op, operand=operand):
            return ("非" if isinstance(op, ast.Not) else "−") + of(operand)
        case ast.BoolOp(op=op, values=values):
            return f" {OPERATORS[type(op)]} ".join(of(value) for value in values)
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


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
