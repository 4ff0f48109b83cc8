"""Reading the term of a fact as offices write it: 2023Q3, 2023年三季度, 2023年9月, 上半年, 2023年."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from guatu.assessment.terms import Kind, Term
from guatu.workbooks.cells import month_of, plain
from guatu.workbooks.sheets import Value

_DIGITS: Final = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
_QUARTERS: Final = {sign: _DIGITS[sign] for sign in "一二三四"}
_YEAR = r"(?:((?:19|20)\d{2})年?-?)?"
_QUARTER = re.compile(_YEAR + r"(?:第?([1-4一二三四])季度?|Q([1-4]))")
_HALF = re.compile(_YEAR + r"(?:([上下])半年|H([12]))")
_WHOLE_YEAR = re.compile(r"((?:19|20)\d{2})(?:年度?|年?全年)?")
_BARE_MONTH = re.compile(r"0?([1-9]|1[0-2])")
_BARE_QUARTER = re.compile(r"[1-4一二三四]")
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])月份?")


def term_of(value: Value, near: Term | None, kind: Kind | None = None) -> Term | None:
    """The term written in a cell or a sheet's name; None where it is none, or has two readings.

    A term without its year takes that of `near`. `kind` is what a bare number means, where the header
    says so (9 under 月份, 3 under 季度).
    """
    if isinstance(value, str) or (isinstance(value, int | float) and float(value).is_integer()):
        return _term_in(plain(value).upper(), near.year if near else None, kind)
    month = month_of(value, None)
    return Term("month", month.value.year, month.value.month) if month.value else None


@lru_cache(maxsize=10_000)
def _term_in(bare: str, year: int | None, kind: Kind | None) -> Term | None:
    if match := _WHOLE_YEAR.fullmatch(bare):
        return Term("year", int(match[1]), 1)
    if bare in ("全年", "年度", "本年") and year is not None:
        return Term("year", year, 1)
    if kind == "month" and year is not None and (match := _BARE_MONTH.fullmatch(bare)):
        return Term("month", year, int(match[1]))
    if kind == "quarter" and year is not None and _BARE_QUARTER.fullmatch(bare):
        return Term("quarter", year, _QUARTERS.get(bare) or int(bare))
    if match := _QUARTER.fullmatch(bare):
        of_year = int(match[1]) if match[1] else year
        number = match[2] or match[3]
        return Term("quarter", of_year, _QUARTERS.get(number) or int(number)) if of_year else None
    if match := _HALF.fullmatch(bare):
        of_year = int(match[1]) if match[1] else year
        return Term("half", of_year, 1 if (match[2] or match[3]) in ("上", "1") else 2) if of_year else None
    if match := _CHINESE_MONTH.fullmatch(bare):
        number = match[1]
        month = 10 + _DIGITS.get(number[1:], 0) if number[0] == "十" else _DIGITS[number]
        return Term("month", year, month) if year is not None else None
    read = month_of(bare, year)
    return Term("month", read.value.year, read.value.month) if read.value else None
