"""The words that every folder shares: money, periods, citations, rounding.

Money is an integer of 分 (0.01 CNY) everywhere inside the program. 万元 is 10^4 CNY,
亿元 is 10^8 CNY. No float ever holds money that is shown, stored or added up.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

FEN_PER: Final = {
    "分": 1,
    "元": 100,
    "千元": 100_000,
    "万元": 1_000_000,
    "百万元": 100_000_000,
    "千万元": 1_000_000_000,
    "亿元": 10_000_000_000,
}
"""How many 分 one of each money unit holds."""

FEN_PER_WAN: Final = FEN_PER["万元"]
FEN_PER_YI: Final = FEN_PER["亿元"]


def half_up(value: Decimal | Fraction | int, places: int = 0) -> Decimal:
    """Round half away from zero at `places` decimals, exactly.

    The same rule as a printed table: 0.125 → 0.13, −0.125 → −0.13 (2 places).
    """
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**places
        whole = (scaled + Fraction(1, 2)).__floor__()
        sign = -1 if value < 0 else 1
        return Decimal(sign * whole).scaleb(-places)
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def fen(amount: Decimal | int | float | str, unit: str) -> int:
    """Turn an amount written in `unit` (a key of FEN_PER) into 分.

    A float is read at its 15 significant digits (what a spreadsheet shows), so 0.271 万元 is
    exactly 271,000 分. What is finer than 1 分 is rounded half-up.
    Raises KeyError for an unknown unit and ValueError when `amount` is not a number.
    """
    try:
        exact = Decimal(f"{amount:.15g}") if isinstance(amount, float) else Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {amount!r}") from error
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {amount!r}")
    return int(half_up(exact * FEN_PER[unit]))


def amount(fen_value: int, unit: str) -> Decimal:
    """The exact amount of `fen_value` in `unit`, without trailing zeros after the point."""
    exact = Decimal(fen_value) / Decimal(FEN_PER[unit])
    whole = exact.to_integral_value()
    return whole if whole == exact else exact.normalize()


def money_text(fen_value: int | None, unit: str, places: int) -> str:
    """Money for people: half-up at `places`, thousands separators from five digits, − for minus.

    "–" stands where no number exists (None).
    """
    if fen_value is None:
        return "–"
    return number_text(Fraction(fen_value, FEN_PER[unit]), places)


def number_text(value: Decimal | Fraction | int | None, places: int, *, signed: bool = False) -> str:
    """A number for people: half-up, thousands separators from five digits, − and not a hyphen."""
    if value is None:
        return "–"
    rounded = half_up(value, places)
    digits = f"{abs(rounded):,.{places}f}"
    if abs(rounded) < 10_000:
        digits = digits.replace(",", "")
    if rounded < 0:
        return "−" + digits
    return "+" + digits if signed and rounded > 0 else digits


def percent(part: int, whole: int, places: int) -> Decimal | None:
    """part ÷ whole × 100, half-up at `places`; None when `whole` is 0."""
    return half_up(Fraction(part * 100, whole), places) if whole else None


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A calendar month, the period of a report: `Period(2023, 9)` is 2023年9月."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2200):
            raise ValueError(f"没有 {self.year} 年 {self.month} 月这个月份，月份应为 01 至 12")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `YYYY-MM`. Raises ValueError that says what was expected."""
        match = re.fullmatch(r"(\d{4})-(\d{1,2})", text.strip())
        if not match:
            raise ValueError(f"{text!r}: 应写作 YYYY-MM，例如 2023-09")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Period:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> Period:
        index = self.index + months
        return Period(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since year 0: consecutive months have consecutive indexes."""
        return self.year * 12 + self.month - 1

    @property
    def quarter(self) -> int:
        return (self.month + 2) // 3

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from: the short name of the document and the clause in it."""

    document: str
    clause: str

    def __str__(self) -> str:
        return f"{self.document} {self.clause}"


def date_text(day: date | None) -> str:
    """A day for people: 2023年9月30日; "–" when there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "–"
