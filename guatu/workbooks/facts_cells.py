"""Reading the value of a fact by its kind, and the unit that is stated for it.

What is given back is in the units of `FactRow.value`: money in 分, a per cent as 0–100, a ratio as part
of one. A number is read at 15 digits, exactly as written; no writing with two meanings is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from guatu.assessment.given import GivenValue, KnownFact
from guatu.language import gettext as _
from guatu.values import FEN_PER, FEN_PER_WAN, fen
from guatu.workbooks.cells import BLANKS, day_of, number_of, plain, text_of
from guatu.workbooks.sheets import Value

_DASHES: Final = frozenset({"", "-", "--", "---", "—", "——", "–", "―", "/"})
"""Blanks of a fact that is said in words: 无 is an answer there, not a blank."""

_YES: Final = frozenset({"是", "√", "✓", "✔", "☑", "1", "TRUE", "YES", "Y"})
_NO: Final = frozenset({"否", "×", "✗", "✘", "☒", "X", "0", "FALSE", "NO", "N"})
_SHORT_MONEY: Final = {"亿": "亿元", "万": "万元"}
_PERCENT_UNITS: Final = frozenset({"%", "百分比", "百分数", "百分点", "个百分点"})
_RATIO_UNITS: Final = frozenset({"小数", "比值", "倍"})
_MARK_UNITS: Final = frozenset({"分", "分值", "分数"})
_TOO_MUCH: Final = 10**15
"""No office has as much of any money unit, and beyond it 分 would no longer be exact."""

_SCALES: Final = ("十", "百", "千", "万", "亿", "%", "‰")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is not taken: the id of the finding, what was expected, the sentence after the place."""

    kind: str
    expected: str
    said: str


Answer = tuple[GivenValue | None, Fault | None]
"""The value and no fault, or a fault; neither where the cell holds no fact."""


def unit_of(text: str, fact: KnownFact) -> str | None:
    """The unit by which values of the fact are read: a key of FEN_PER for money, "%" for a share that is
    written in per cent, else "". None where the stated unit does not fit the kind of the fact."""
    stated = plain(text).removeprefix("单位:").removeprefix("单位")
    if fact.kind == "money":
        full = _SHORT_MONEY.get(stated, stated or "万元")
        return full if full in FEN_PER else None
    if fact.kind == "percent":
        return "%" if not stated or stated in _PERCENT_UNITS else None
    if fact.kind == "ratio":
        if stated in _PERCENT_UNITS:
            return "%"
        return "" if not stated or stated in _RATIO_UNITS else None
    if fact.kind == "mark":
        return "" if not stated or stated in _MARK_UNITS else None
    if fact.kind == "count":
        return None if stated.startswith(_SCALES) or stated in FEN_PER else ""
    return ""


def expected_units(fact: KnownFact) -> str:
    """The units that a fact may be written in, for people."""
    if fact.kind == "money":
        return _("元、万元或亿元")
    if fact.kind == "percent":
        return "%"
    if fact.kind == "ratio":
        return _("%，或不写（小数）")
    if fact.kind == "mark":
        return _("分，或不写")
    return _("个、家、次等，不带“万”“亿”")


def value_of(cell: Value, fact: KnownFact, unit: str, *, in_percent: bool = False) -> Answer:
    """The value of a fact in one cell. `unit` comes from `unit_of`; `in_percent` says that a workbook
    shows the cell as per cent, so that it holds a hundredth of what a person reads."""
    if cell == "":
        return None, None
    if isinstance(cell, str) and cell.startswith("−"):
        cell = "-" + cell[1:]
    answer = _READERS[fact.kind](cell, unit, in_percent)
    value = answer[0]
    if value is None or isinstance(value, bool | str) or inside(value, fact):
        return answer
    return None, Fault("fact_out_of_range", limits(fact), _("数值超出允许的范围，未读入。"))


def inside(value: Fraction, fact: KnownFact) -> bool:
    """Whether a value lies within the limits of the fact."""
    low = Fraction(0) if fact.low is None and fact.kind == "count" else fact.low
    return (low is None or value >= low) and (fact.high is None or value <= fact.high)


def limits(fact: KnownFact) -> str:
    """The limits of a fact that has any, for people."""
    scale = FEN_PER_WAN if fact.kind == "money" else 1
    unit = {"money": _("万元"), "percent": "%", "mark": _("分")}.get(fact.kind, "")
    low = Fraction(0) if fact.low is None and fact.kind == "count" else fact.low
    low_text = None if low is None else f"{_written(low / scale)}{unit}"
    high_text = None if fact.high is None else f"{_written(fact.high / scale)}{unit}"
    if low_text is None:
        return _("不大于 {high}").format(high=high_text)
    if high_text is None:
        return _("不小于 {low}").format(low=low_text)
    return _("{low} 到 {high}").format(low=low_text, high=high_text)


def _written(value: Fraction) -> str:
    """A limit as a decimal, or as a fraction where it has none that ends."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) != value:
        return str(value)
    return f"{exact:f}"


def _unreadable(kind: str) -> Answer:
    """Only now is the sentence translated: a hundred thousand good cells need none."""
    expected = {
        "money": _("金额数字"),
        "percent": _("百分数，如 80.5 或 80.5%"),
        "ratio": _("小数或百分数，如 0.805 或 80.5%"),
        "count": _("不小于 0 的整数"),
        "number": _("数字，不带单位和百分号"),
        "mark": _("分数，如 85.5"),
        "flag": _("是 或 否（也可写 √、×、1、0）"),
        "day": _("日期，如 2023-06-30"),
    }[kind]
    return None, Fault("fact_unreadable", expected, _("数值读不成该事实应有的样子，未读入。"))


def _number(cell: Value, kind: str, tail: str = "") -> tuple[Decimal | None, Fault | None]:
    """A bare number; `tail` is a sign that may stand behind it."""
    if tail and isinstance(cell, str):
        cell = plain(cell).removesuffix(tail)
    read, own = number_of(cell)
    if read.value is not None and own is None:
        return read.value, None
    if read.kind is None and own is None:
        return None, None
    return None, _unreadable(kind)[1]


def _money(cell: Value, unit: str, in_percent: bool) -> Answer:
    read, own = number_of(cell)
    if in_percent or (read.value is None and read.kind):
        return _unreadable("money")
    if read.value is not None and abs(read.value) >= _TOO_MUCH:
        return _unreadable("money")
    return (None if read.value is None else Fraction(fen(read.value, own or unit))), None


def _percent(cell: Value, unit: str, in_percent: bool) -> Answer:
    value, fault = _number(cell, "percent", "%")
    if value is None:
        return None, fault
    return Fraction(value) * 100 if in_percent else Fraction(value), None


def _ratio(cell: Value, unit: str, in_percent: bool) -> Answer:
    value, fault = _number(cell, "ratio", "%")
    if value is None:
        return None, fault
    signed = isinstance(cell, str) and plain(cell).endswith("%")
    written_in_percent = signed or (unit == "%" and not in_percent)
    return Fraction(value) / 100 if written_in_percent else Fraction(value), None


def _count(cell: Value, unit: str, in_percent: bool) -> Answer:
    value, fault = _number(cell, "count")
    if value is None:
        return None, fault
    if in_percent or value != value.to_integral_value():
        return _unreadable("count")
    return Fraction(value), None


def _plain_number(cell: Value, unit: str, in_percent: bool) -> Answer:
    value, fault = _number(cell, "number")
    if in_percent and value is not None:
        return _unreadable("number")
    return (None if value is None else Fraction(value)), fault


def _mark(cell: Value, unit: str, in_percent: bool) -> Answer:
    value, fault = _number(cell, "mark", "分")
    if in_percent and value is not None:
        return _unreadable("mark")
    return (None if value is None else Fraction(value)), fault


def _flag(cell: Value, unit: str, in_percent: bool) -> Answer:
    bare = plain(cell).upper()
    if bare in _DASHES:
        return None, None
    if bare in _YES or bare in _NO:
        return bare in _YES, None
    return _unreadable("flag")


def _text(cell: Value, unit: str, in_percent: bool) -> Answer:
    if plain(cell) in _DASHES:
        return None, None
    return text_of(cell) or plain(cell), None


def _day(cell: Value, unit: str, in_percent: bool) -> Answer:
    if plain(cell) in _DASHES:
        return None, None
    read = day_of(cell, None)
    if read.value is None:
        return (None, None) if read.kind is None else _unreadable("day")
    return read.value.isoformat(), None


def is_blank(cell: Value) -> bool:
    """Whether a cell that names something (a thing, a person, a reason) is empty."""
    return cell == "" or (isinstance(cell, str) and plain(cell) in BLANKS)


_READERS: Final[Mapping[str, Callable[[Value, str, bool], Answer]]] = {
    "money": _money,
    "percent": _percent,
    "ratio": _ratio,
    "count": _count,
    "number": _plain_number,
    "flag": _flag,
    "text": _text,
    "mark": _mark,
    "day": _day,
}
