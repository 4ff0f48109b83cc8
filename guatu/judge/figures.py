"""Inputs and units as workings print them."""

from __future__ import annotations

from fractions import Fraction

from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.values import amount, money_text, number_text

UNIT_WORDS = {
    "percentage_points": "个百分点",
    "percent": "%",
    "ratio": "",
    "count": "个",
    "number": "",
    "money": "",
    "points": "分",
    "days": "天",
}
"""How a declared unit is printed after a number."""


def money(value: int | None) -> str:
    """万元 for people, whole where it is whole."""
    if value is None:
        return "–"
    exact = amount(value, "万元")
    exponent = exact.as_tuple().exponent
    return money_text(value, "万元", max(0, -exponent) if isinstance(exponent, int) else 0)


def show(value: Fraction | bool | str | None, unit: Unit) -> str:
    """One input as the arithmetic prints it: money in 万元."""
    if value is None or isinstance(value, bool):
        return {None: "–", True: _("是"), False: _("否")}[value]
    if isinstance(value, str):
        return value
    if unit is Unit.MONEY:
        return money(int(value))
    return number_text(value, 0 if value.denominator == 1 else 2)
