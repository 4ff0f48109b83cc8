"""Figures and their words on paper: money, per cent, points, places, lights, clauses, days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from guatu.documents.month import Basis
from guatu.documents.wording import gettext as _
from guatu.values import date_text, fen, half_up, money_text, number_text

NONE: Final = "–"
"""What stands where a figure cannot exist."""

LEVELS: Final = ("red", "yellow", "blue", "normal", "none")
"""The levels of a light, gravest first."""

LIGHT_SHAPES: Final[Mapping[str, str]] = {
    "red": "■",
    "yellow": "▲",
    "blue": "●",
    "normal": "○",
    "none": NONE,
}
"""A shape for every level, so that a black-and-white print still tells them apart."""

LIGHT_COLOURS: Final[Mapping[str, str]] = {
    "red": "C2281D",
    "yellow": "8F5F00",
    "blue": "1F6FB8",
    "normal": "2C7A4B",
}

_LOOSE_BLANK: Final = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef+=÷×−]) | (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef+=÷×−])"
)

POINTS: Final = ("percentage_points", "百分点", "个百分点")
PERCENT: Final = ("percent", "%")
"""How the contract writes these units."""

Figure = int | float | Decimal | None
"""A number of the contract."""


def exact(value: Figure) -> Decimal | None:
    """The number as the contract writes it: 0.1 is one tenth."""
    return None if value is None else Decimal(str(value))


def yi(value_wan: Figure) -> str:
    """万元 → 亿元 with one decimal."""
    return money_text(None if value_wan is None else fen(value_wan, "万元"), "亿元", 1)


def places_for(values: Iterable[Figure]) -> int:
    """The decimals that a column needs so that no figure of it is shortened; at least one."""
    decimals = [1]
    for value in values:
        number = exact(value)
        exponent = 0 if number is None else number.normalize().as_tuple().exponent
        decimals.append(-exponent if isinstance(exponent, int) else 0)
    return min(max(decimals), 4)


def figure(value: Figure, places: int | None = None, *, signed: bool = False) -> str:
    """A figure with `places` decimals, or with as many as it has (at least one)."""
    return number_text(exact(value), places_for([value]) if places is None else places, signed=signed)


def with_unit(value: Figure, unit: str | None) -> str:
    """A figure in a sentence: 36.6个百分点, 81.25%, 3个."""
    if value is None:
        return NONE
    if unit in POINTS:
        return _("{figure}个百分点").format(figure=figure(value))
    if unit in PERCENT:
        return f"{figure(value)}%"
    return f"{figure(value)}{unit or ''}"


def fact(entry: Mapping[str, Any], name: str) -> Figure:
    """A fact among the inputs of a judgement, alone or as a sum; None when it is not among them."""
    inputs: Mapping[str, Figure] = entry.get("inputs") or {}
    return inputs.get(name, inputs.get(f"sum({name})"))


def ahead_points(entry: Mapping[str, Any]) -> Decimal | None:
    """How far an entity of a ranking is ahead of its schedule (below 0: behind), one decimal.

    (done − scheduled) ÷ annual plan × 100 from its inputs, else what its own light measured.
    """
    done, due, plan = (exact(fact(entry, name)) for name in ("invested_ytd", "planned_ytd", "planned_year"))
    if done is not None and due is not None and plan:
        return half_up(Fraction(done - due) / Fraction(plan) * 100, 1)
    light = entry.get("light") or {}
    behind = exact(light.get("measure"))
    return None if behind is None else -behind


def pace(points: Figure, schedule: Figure = None, places: int | None = None) -> str:
    """Ahead of or behind the schedule, in words, with the schedule's own figure where it is given;
    empty when it cannot be said."""
    value = exact(points)
    if value is None:
        return ""
    due = "" if schedule is None else _("（{percent}%）").format(percent=figure(schedule, places))
    if value == 0:
        return _("与序时进度{due}持平").format(due=due)
    words = _("比序时进度{due}快{points}个百分点") if value > 0 else _("比序时进度{due}慢{points}个百分点")
    return words.format(due=due, points=figure(abs(value), places))


def change_mark(change: int | None) -> str:
    """The change of place in a table: ↑2, ↓1, – for none."""
    if not change:
        return NONE
    return f"↑{change}" if change > 0 else f"↓{-change}"


def change_words(change: int | None) -> str:
    """The change of place in a sentence; empty when there is no month before."""
    if change is None:
        return ""
    if change == 0:
        return _("与上月持平")
    words = _("较上月上升{places}位") if change > 0 else _("较上月下降{places}位")
    return words.format(places=abs(change))


def measured(light: Mapping[str, Any]) -> str:
    """What a light measured, in a sentence: 投资进度落后36.6个百分点."""
    name, measure = str(light.get("light_name") or ""), exact(light.get("measure"))
    if light.get("unit") in POINTS and measure is not None and measure > 0:
        return _("{measure}落后{points}个百分点").format(measure=name, points=figure(measure))
    return name + with_unit(light.get("measure"), light.get("unit"))


def level_names(lights: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The name of every level, as the scheme calls it, else the usual one."""
    usual = {"red": _("红"), "yellow": _("黄"), "blue": _("蓝"), "normal": _("正常"), "none": _("不适用")}
    return usual | {
        str(light["level"]): str(light["level_name"]) for light in lights if light.get("level_name")
    }


def light_word(name: str) -> str:
    """The name of a level in a sentence: 红 → 红灯."""
    return name if name.endswith("灯") else _("{level}灯").format(level=name)


def light_text(level: str | None, name: str | None) -> str:
    """A light in a table: shape and word."""
    if level is None or level == "none":
        return NONE
    return f"{LIGHT_SHAPES.get(level, '◆')} {(name or level).removesuffix('灯')}"


def clause_text(clause: str) -> str:
    """A clause with the full-width brackets of Chinese text; its blank is of fixed width."""
    return clause.strip().translate({ord("("): "（", ord(")"): "）", ord(" "): "\u00a0"})


def closed_up(text: str) -> str:
    """A sentence of the program as it is set on paper: no blanks beside Chinese characters and signs."""
    return _LOOSE_BLANK.sub("", " ".join(text.split()))


def basis_text(basis: Basis | None) -> str:
    """The clause behind a figure in brackets; empty when none is known."""
    if basis is None or not (basis.clause or basis.local_choice):
        return ""
    clause = clause_text(basis.clause)
    if not clause:
        return _("（本地选择）")
    words = _("（依据：{clause}，本地选择）") if basis.local_choice else _("（依据：{clause}）")
    return words.format(clause=clause)


def bases_text(bases: Iterable[Basis]) -> str:
    """Several clauses in one pair of brackets, each once."""
    known = dict.fromkeys(basis for basis in bases if basis.clause or basis.local_choice)
    inner = [basis_text(basis).removeprefix("（").removesuffix("）") for basis in known]
    if not inner:
        return ""
    first, *rest = inner
    prefix = _("依据：")
    return "（" + "；".join([first, *(text.removeprefix(prefix) for text in rest)]) + "）"


def day_text(day: str | None) -> str:
    """A day of the contract for people: 2023年10月13日."""
    return date_text(date.fromisoformat(day)) if day else NONE


def short_day(day: str | None) -> str:
    """A day without its year: 10月5日."""
    return day_text(day).partition("年")[2] if day else NONE


def _is_wide(letter: str) -> bool:
    return letter not in "–−" and unicodedata.east_asian_width(letter) in "WFA"


def ems(text: str) -> float:
    """The width of a line in character widths: a Chinese character is 1, a digit one half."""
    return sum(1.0 if _is_wide(letter) else 0.5 for letter in text)


def ems_spaced(text: str) -> float:
    """The same for programs that set a quarter between Chinese and digits whatever they are told."""
    seams = sum(
        _is_wide(one) != _is_wide(other) and one.isalnum() and other.isalnum()
        for one, other in pairwise(text)
    )
    return ems(text) + seams / 4
