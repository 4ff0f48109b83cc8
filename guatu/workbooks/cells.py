"""Reading one cell: text, money, per cent, months, days and project codes as offices write them.

Every reader gives what it read and, where the writing is odd or hopeless, the kind of finding that
names it. No reader guesses: what has two meanings is not read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, Generic, TypeVar

from guatu.values import Period, fen, half_up
from guatu.workbooks.sheets import Value

BLANKS: Final = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "/",
        "//",
        "\\",
        "_",
        "—",
        "——",
        "–",
        "―",
        "无",
        "暂无",
        "空",
        "N/A",
        "n/a",
        "...",
        "…",
        "未报",
        "未填报",
        "缺报",
        "未报送",
    }
)
"""Writings of an empty cell."""

_SPACES = re.compile(r"\s+")
_DASHES: Final = str.maketrans(dict.fromkeys("－—–―‐‑‒﹣−─━~～〜", "-"))
_LINE_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a cell was read as: the value, or None; the kind of finding it gives, if any; and what was
    expected, in words."""

    value: T | None = None
    kind: str | None = None
    expected: str | None = None


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    """NFKC without any white space: how words are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def plain(value: Value) -> str:
    """The text of a cell for comparing: half-width, without white space."""
    if isinstance(value, str):
        return _plain(value) if value else ""
    return _plain(shown(value))


def shown(value: Value) -> str:
    """The cell as a person sees it: whole numbers without a point, days as YYYY-MM-DD."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ", "minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def text_of(value: Value) -> str | None:
    """A text as it is to be kept: outer blanks and line breaks gone; None for an empty writing."""
    if value == "":
        return None
    text = _LINE_BREAKS.sub(" ", shown(value)).strip().strip("　").strip()
    return None if _plain(text) in BLANKS else text


def name_of(value: Value) -> str | None:
    """A name: no white space at all, letters and digits as written; None for an empty writing."""
    if value == "":
        return None
    text = _SPACES.sub("", shown(value))
    return None if text in BLANKS else text


# numbers and money --------------------------------------------------------------------------------

_WIDE_DIGIT = re.compile(r"[０-９．，]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?|[+-]?\.\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_UNIT_IN_CELL = re.compile(
    r"(?:人民币|￥|¥|RMB)?(.*?)(千万元|百万元|亿元|万元|千元|亿|万|元)?(?:人民币)?", re.S
)
_SHORT_UNITS: Final = {"亿": "亿元", "万": "万元"}
EXPECTED_NUMBER: Final = "数字"


def number_of(value: Value) -> tuple[Read[Decimal], str | None]:
    """A number and the money unit written behind it in the cell itself, if any."""
    if isinstance(value, bool):
        return Read(kind="cell_unreadable", expected=EXPECTED_NUMBER), None
    if isinstance(value, int | float):
        return Read(Decimal(f"{value:.15g}")), None
    if isinstance(value, str):
        return _number_in(value)
    return Read(kind="cell_unreadable", expected=EXPECTED_NUMBER), None


@lru_cache(maxsize=50_000)
def _number_in(text: str) -> tuple[Read[Decimal], str | None]:
    bare = _plain(text)
    if bare in BLANKS:
        return Read(), None
    if bare.startswith("#"):
        return Read(kind="error_value", expected=EXPECTED_NUMBER), None
    parts = _UNIT_IN_CELL.fullmatch(bare)
    digits, unit = (parts[1], parts[2]) if parts else (bare, None)
    if _GROUPED.fullmatch(digits):
        plain_digits, kind = digits.replace(",", ""), "number_as_text_with_thousands_separator"
    elif _NUMBER.fullmatch(digits):
        plain_digits, kind = digits, None
    else:
        return Read(kind="cell_unreadable", expected=EXPECTED_NUMBER), None
    if _WIDE_DIGIT.search(text):
        kind = "full_width_digits"
    elif kind is None and _SPACES.search(text):
        kind = "number_as_text_with_spaces"
    return Read(Decimal(plain_digits), kind), _SHORT_UNITS.get(unit, unit) if unit else None


def money_of(value: Value, unit: str) -> tuple[Read[int], str]:
    """Money in 分, read in `unit` unless the cell states its own; and the unit that was used."""
    read, own = number_of(value)
    used = own or unit
    if read.value is None:
        return Read(kind=read.kind, expected=read.expected), used
    return Read(fen(read.value, used), read.kind), used


def percent_of(value: Value) -> Read[Decimal]:
    """Per cent, 0–100. A number is taken as it stands; a sign of per cent behind it is left off."""
    if isinstance(value, str):
        bare = _plain(value).removesuffix("%")
        if bare in BLANKS:
            return Read()
        value = bare
    read, own = number_of(value)
    if read.value is None or own:
        return Read(kind=read.kind or "cell_unreadable", expected="0 到 100 的百分数")
    if not 0 <= read.value <= 100:
        return Read(kind="percent_out_of_range", expected="0 到 100 的百分数")
    return Read(_trimmed(read.value))


def serial_of(value: Value) -> bool:
    """Whether a cell holds a serial number (序号): a small whole number, also as text."""
    bare = plain(value)
    return bare.isdigit() and len(bare) <= 5


# months and days ----------------------------------------------------------------------------------

EXPECTED_MONTH: Final = "月份，如 2023年5月"
EXPECTED_DATE: Final = "日期，如 2023-05-18"
_CHINESE_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}
_CHINESE_MONTH: Final = {
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12,
}  # fmt: skip
_MONTH_END = r"(?:份|底|末|初|中旬|上旬|下旬|中|底前|前|底以前)?"
_FULL_DAY = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:T?[\d:]+)?")
_YEAR_MONTH = re.compile(rf"(\d{{4}}|\d{{2}}(?=年))(?:年|[-./])(\d{{1,2}})月?{_MONTH_END}")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})?")
_MONTH_ONLY = re.compile(rf"(?:(今年|本年|当年|去年|上年|明年|次年))?(\d{{1,2}})月{_MONTH_END}")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?")
_CHINESE_WRITING = re.compile(r"([〇零○O一二三四五六七八九]{4})年(十[一二]|[一二三四五六七八九十])月(.*)")
_PART_OF_YEAR = re.compile(
    r"(?:(\d{4})年)?(年底|年末|上半年|下半年|第?[一二三四1234]季度|[一二三四1234]季)(?:前|末|底)?"
)
_QUARTER_END: Final = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
_YEAR_SHIFT: Final = {"去年": -1, "上年": -1, "明年": 1, "次年": 1}
_SERIAL_DAYS: Final = (29_221, 73_050)
"""Excel day numbers from 1980 to 2099: a bare number in a column of days may be one."""


def _period(year: int, month: int) -> Read[Period]:
    try:
        return Read(Period(year, month))
    except ValueError:
        return Read(kind="date_impossible", expected=EXPECTED_MONTH)


def _chinese(text: str) -> str:
    match = _CHINESE_WRITING.fullmatch(text)
    if not match:
        return text
    year = "".join(str(_CHINESE_DIGITS[c]) for c in match[1])
    return f"{year}年{_CHINESE_MONTH[match[2]]}月{match[3]}"


def month_of(value: Value, year: int | None, *, end: bool = False) -> Read[Period]:
    """A month. `year` belongs to a month written without one; `end` says that the last month is meant
    where a part of the year is written (a finish by 三季度 is September; a start then is unclear)."""
    if isinstance(value, datetime | date):
        return _period(value.year, value.month)
    if isinstance(value, bool | timedelta):
        return Read(kind="cell_unreadable", expected=EXPECTED_MONTH)
    if isinstance(value, int | float):
        return _month_in_number(float(value))
    return (
        _month_in(value, year, end)
        if isinstance(value, str)
        else Read(kind="cell_unreadable", expected=EXPECTED_MONTH)
    )


def _month_in_number(value: float) -> Read[Period]:
    """A month typed as a number: 202305 and 2023.05 are clear, 2023.1 may be January or October."""
    if value.is_integer():
        whole = int(value)
        if 190_001 <= whole <= 219_912:
            return _period(whole // 100, whole % 100)
        if 19_000_101 <= whole <= 21_991_231:
            return _period(whole // 10_000, whole // 100 % 100)
        if _SERIAL_DAYS[0] <= whole <= _SERIAL_DAYS[1]:
            day = _from_serial(value)
            return Read(Period.of(day), "date_as_serial")
        return Read(kind="cell_unreadable", expected=EXPECTED_MONTH)
    match = re.fullmatch(r"((?:19|20)\d{2})\.(\d{1,2})", f"{value:.10g}")
    if match and match[2] == "1":
        return Read(kind="month_ambiguous", expected=f"{match[1]}年1月 或 {match[1]}年10月")
    if match:
        return _period(int(match[1]), int(match[2]))
    return Read(kind="cell_unreadable", expected=EXPECTED_MONTH)


@lru_cache(maxsize=50_000)
def _month_in(text: str, year: int | None, end: bool) -> Read[Period]:
    bare = _chinese(_plain(text).translate(_DASHES).strip("()."))
    if bare in BLANKS or bare in ("-", "待定", "未定"):
        return Read()
    if bare.startswith("#"):
        return Read(kind="error_value", expected=EXPECTED_MONTH)
    if match := _FULL_DAY.fullmatch(bare):
        return _whole_day(int(match[1]), int(match[2]), int(match[3]), EXPECTED_MONTH, as_month=True)
    if match := _YEAR_MONTH.fullmatch(bare):
        return _period(int(match[1]) + (2000 if len(match[1]) == 2 else 0), int(match[2]))
    if match := _COMPACT.fullmatch(bare):
        return _period(int(match[1]), int(match[2]))
    if match := _MONTH_ONLY.fullmatch(bare):
        if year is None:
            return Read(kind="year_missing", expected=EXPECTED_MONTH)
        return _period(year + _YEAR_SHIFT.get(match[1] or "", 0), int(match[2]))
    if (match := re.fullmatch(r"(\d{1,2})月(\d{1,2})[日号]", bare)) and year is not None:
        return _whole_day(year, int(match[1]), int(match[2]), EXPECTED_MONTH, as_month=True)
    if match := _PART_OF_YEAR.fullmatch(bare):
        of_year = int(match[1]) if match[1] else year
        if of_year is None:
            return Read(kind="year_missing", expected=EXPECTED_MONTH)
        part = match[2]
        if part in ("年底", "年末"):
            return _period(of_year, 12)
        if not end:
            return Read(kind="month_ambiguous", expected=EXPECTED_MONTH)
        if "半年" in part:
            return _period(of_year, 6 if part[0] == "上" else 12)
        return _period(of_year, _QUARTER_END[part.removeprefix("第")[0]])
    if match := re.fullmatch(r"(\d{4})年?底前?", bare):
        return _period(int(match[1]), 12)
    if re.fullmatch(r"(?:19|20)\d{2}年?", bare):
        return Read(kind="month_ambiguous", expected=EXPECTED_MONTH)
    return Read(kind="cell_unreadable", expected=EXPECTED_MONTH)


def _whole_day(year: int, month: int, day: int, expected: str, *, as_month: bool) -> Read[Period]:
    try:
        return Read(Period.of(date(year, month, day)))
    except ValueError:
        return Read(kind="date_impossible", expected=expected)


def _from_serial(value: float) -> date:
    return date(1899, 12, 30) + timedelta(days=int(value))


def day_of(value: Value, near: date | None) -> Read[date]:
    """A day. One written without a year takes the year that brings it closest to `near`."""
    if isinstance(value, datetime):
        return Read(value.date())
    if isinstance(value, date):
        return Read(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if float(value).is_integer():
            if _SERIAL_DAYS[0] <= value <= _SERIAL_DAYS[1]:
                return Read(_from_serial(float(value)), "date_as_serial")
            return _day_in(str(int(value)), near)
        return Read(kind="cell_unreadable", expected=EXPECTED_DATE)
    return (
        _day_in(value, near)
        if isinstance(value, str)
        else Read(kind="cell_unreadable", expected=EXPECTED_DATE)
    )


@lru_cache(maxsize=50_000)
def _day_in(text: str, near: date | None) -> Read[date]:
    bare = _plain(text).translate(_DASHES)
    if bare in BLANKS or bare in ("未开工", "未竣工", "尚未开工", "待定"):
        return Read()
    if bare.startswith("#"):
        return Read(kind="error_value", expected=EXPECTED_DATE)
    match = _FULL_DAY.fullmatch(bare)
    if match is None and (compact := _COMPACT.fullmatch(bare)) and compact[3]:
        match = compact
    try:
        if match:
            return Read(date(int(match[1]), int(match[2]), int(match[3])))
        if match := _MONTH_DAY.fullmatch(bare):
            if near is None:
                return Read(kind="year_missing", expected=EXPECTED_DATE)
            return Read(_nearest(int(match[1]), int(match[2]), near))
    except ValueError:
        return Read(kind="date_impossible", expected=EXPECTED_DATE)
    if month := _YEAR_MONTH.fullmatch(bare):
        # A month without its day: taken as the first of the month by `day_or_month_of` only.
        return Read(
            kind="cell_unreadable" if int(month[2]) <= 12 else "date_impossible", expected=EXPECTED_DATE
        )
    return Read(kind="cell_unreadable", expected=EXPECTED_DATE)


def _nearest(month: int, day: int, near: date) -> date:
    """The day of that month and day closest to `near`. Raises ValueError if no year has it."""
    days = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        raise ValueError("no such day")
    return min(days, key=lambda found: abs(found - near))


# codes --------------------------------------------------------------------------------------------

NATIONAL_CODE: Final = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
EXPECTED_CODE: Final = "投资项目统一代码，如 2023-130200-48-01-123456"


def code_of(value: Value) -> str | None:
    """A project code: half-width, no white space, plain hyphens; 20 bare digits get their hyphens."""
    bare = plain(value).translate(_DASHES)
    if bare in BLANKS:
        return None
    if re.fullmatch(r"\d{20}", bare):
        return f"{bare[:4]}-{bare[4:10]}-{bare[10:12]}-{bare[12:14]}-{bare[14:]}"
    return bare


def name_and_code(value: Value) -> tuple[str | None, str | None]:
    """The name and the national code of one cell, in either order; the code None where there is none."""
    text = name_of(value)
    if text is None:
        return None, None
    wide = unicodedata.normalize("NFKC", text).translate(_DASHES)
    match = NATIONAL_CODE.search(wide)
    if not match:
        return text, None
    rest = (
        text[: match.start()] + text[match.end() :] if len(wide) == len(text) else wide.replace(match[0], "")
    )
    return re.sub(r"[(（\[][)）\]]|项目代码[:：]?", "", rest).strip(" :：,，") or None, match[0]


# several things in one cell -----------------------------------------------------------------------

_PHONE = re.compile(r"(?<!\d)(1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?|\d{7,8})(?!\d)")
_DEGREES = re.compile(r"(\d{1,3}(?:\.\d+)?)")


def company_and_phone(value: Value) -> tuple[str | None, str | None]:
    """The company and the telephone of one cell, in either order; the phone None where there is none."""
    text = text_of(value)
    if text is None:
        return None, None
    wide = unicodedata.normalize("NFKC", text)
    match = _PHONE.search(wide)
    if not match:
        return text, None
    rest = re.sub(r"(联系电话|联系方式|电话|手机)\s*[：:]?", "", text.replace(match[0], ""))
    return rest.strip(" ,，;；、/:：()（）") or None, match[0]


def two_coordinates(value: Value) -> tuple[str, str] | None:
    """Longitude and latitude out of one cell, in either order (in China the larger is the longitude);
    None when there are not exactly two decimal degrees."""
    found = _DEGREES.findall(plain(value).replace("，", ","))
    if len(found) != 2:
        return None
    first, second = Decimal(found[0]), Decimal(found[1])
    if 73 <= first <= 136 and 3 <= second <= 54:
        return found[0], found[1]
    if 73 <= second <= 136 and 3 <= first <= 54:
        return found[1], found[0]
    return None


def decimals_of(value: Value) -> int:
    """How many decimals a number shows."""
    if isinstance(value, float) and value.is_integer():
        return 0
    read, _unit = number_of(value)
    if read.value is None:
        return 0
    exponent = read.value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def scaled_percent(value: Decimal) -> Decimal:
    """A share of 1 as per cent, at most six decimals."""
    return _trimmed(half_up(value * 100, 6))


def _trimmed(value: Decimal) -> Decimal:
    """Without trailing zeros after the point, and never in powers of ten."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
