"""What is said around a table: the money unit, the year, the month, the day it is due, short names.

Statements are looked for in the title rows, the sheet's name and the notes below. Two statements that
contradict each other are both given back; the caller says so and takes neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from guatu.values import Period
from guatu.workbooks.cells import plain
from guatu.workbooks.fields import MONEY_UNIT, bare_header, month_number

_DASH: Final = str.maketrans(dict.fromkeys("－—–―‐‑‒﹣−─━~～〜至到", "-"))
_SHORT: Final = {"亿": "亿元", "万": "万元"}
_UNIT = re.compile(rf"单位(?:为|是|均为)?[:：]?\(?[^,，;；。:：]{{0,6}}?{MONEY_UNIT}(?![平立吨人])")
_UNIT_IN_BRACKETS = re.compile(rf"[(\[【]{MONEY_UNIT}[)\]】]")
_UNIT_IN_NOTE = re.compile(
    rf"(?:投资|金额|资金|数据|计量).{{0,12}}?(?:以|按|为|均以|均为){MONEY_UNIT}(?:为单位|计|填列|填报)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[-./]\d|度)")
_YEAR_CHINESE = re.compile(r"([二〇零○一三四五六七八九]{4})年")
_DIGITS: Final = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_WORD = r"(\d{1,2}|十[一二]|[一二三四五六七八九十])"
_UNTIL = re.compile(rf"截[-止](?:日期|时间)?[:：]?(?:(?:19|20)\d\d[年\-./])?{_WORD}(?:月|[-./])")
_RANGE = re.compile(rf"(?<!\d){_WORD}月?-{_WORD}月")
_MONTH = re.compile(rf"(?<![\d.]){_WORD}月(?:份|度)?")
_DATED = re.compile(r"(?:19|20)\d\d[年\-./]\d{1,2}[月\-./]\d{1,2}日?")
_CUT_OFF = re.compile(r"截[至止]|-.{0,12}截止")
_PARTS: Final = {
    "上半年": 6,
    "全年": 12,
    "1-3季度": 9,
    "一-三季度": 9,
    "前三季度": 9,
    "三季度": 9,
    "二季度": 6,
    "一季度": 3,
    "四季度": 12,
}
_DUE = re.compile(r"次月(\d{1,2})[日号](?:之?前|以前|前|内)")
_ALIAS = re.compile(
    r"[“\"「『]?([一-鿿]{2,12}?)[”\"」』]?(?:即|系指|系|是指|指的是|为|简称为?|下称)[“\"「『]?([一-鿿]{2,20})[”\"」』]?(?:的简称)?(?=$|[。;,，；、)])"
)


def normal(text: str) -> str:
    """Half-width, without white space, one sort of dash."""
    return plain(text).translate(_DASH)


def units_in(texts: Iterable[str], *, notes: bool = False) -> list[str]:
    """The money units stated in titles (or in notes below), each once, in their order."""
    found: list[str] = []
    for text in texts:
        bare = plain(text)
        matches = list(_UNIT.finditer(bare)) or list(_UNIT_IN_BRACKETS.finditer(bare))
        if notes:
            matches += list(_UNIT_IN_NOTE.finditer(bare))
        for match in matches:
            unit = _SHORT.get(match[1], match[1])
            if unit not in found:
                found.append(unit)
    return found


def unit_in_name(name: str) -> str | None:
    """The money unit in a sheet's name: “汇总(亿元)”."""
    match = re.search(r"(千元|万元|亿元)", plain(name))
    return match[1] if match else None


def years_in(texts: Iterable[str]) -> list[int]:
    """The years stated, each once, in their order; full-width and Chinese digits too."""
    found: list[int] = []
    for text in texts:
        bare = normal(text)
        written = [int(match[1]) for match in _YEAR.finditer(bare)]
        for match in _YEAR_CHINESE.finditer(bare):
            written.append(int("".join(_DIGITS[c] for c in match[1])))
        for year in written:
            if year not in found and 1949 < year < 2200:
                found.append(year)
    return found


def undated(texts: Iterable[str]) -> list[str]:
    """The texts without the days on which a table was filled in or printed: a report of December bears
    a day of the next January. The day until which figures count (截至) stays."""
    return [text if _CUT_OFF.search(plain(text)) else _DATED.sub("", normal(text)) for text in texts]


def year_of_papers(texts: Iterable[str], months: list[int]) -> int | None:
    """The year that the days of filling in mean: the report of a month later than that day's belongs
    to the year before. None where they do not agree."""
    found: set[int] = set()
    for text in texts:
        for match in _DATED.finditer(normal(text)):
            year, month = (int(number) for number in re.findall(r"\d+", match[0])[:2])
            found.add(year - 1 if months and max(months) > month else year)
    return found.pop() if len(found) == 1 else None


def months_in(text: str) -> list[int]:
    """The month that a title or a sheet's name means: the end of a range, else the month named.

    Days (2023年5月18日) say when a table was made, not its month, and are left out.
    """
    bare = normal(text)
    if match := _UNTIL.search(bare):
        number = month_number(match[1])
        return [number] if 1 <= number <= 12 else []
    bare = _DATED.sub("", bare)
    bare = re.sub(r"次月\d+[日号]", "", bare)
    if match := _RANGE.search(bare):
        number = month_number(match[2])
        return [number] if 1 <= number <= 12 else []
    found = [month_number(match[1]) for match in _MONTH.finditer(bare)]
    if not found and (match := re.search(r"(?:19|20)\d\d[-./](\d{1,2})(?![\d\-./])", bare)):
        found = [int(match[1])]
    if not found and (match := re.fullmatch(r"(?:19|20)\d\d(\d\d)", bare)):
        found = [int(match[1])]
    if not found:
        found = [month for word, month in _PARTS.items() if word in bare][:1]
    return [number for number in dict.fromkeys(found) if 1 <= number <= 12]


def part_of_year(text: str) -> bool:
    """Whether the month of a text comes from a half-year or quarter word only."""
    bare = _DATED.sub("", normal(text))
    return not _MONTH.search(bare) and any(word in bare for word in _PARTS)


def due_day_in(texts: Iterable[str]) -> int | None:
    """The day of the following month by which reports are asked (次月5日前), if a title says so."""
    for text in texts:
        if match := _DUE.search(plain(text)):
            return int(match[1])
    return None


def aliases_in(texts: Iterable[str]) -> dict[str, str]:
    """Short names that a note explains: 「“高新区”即高新技术产业开发区」."""
    found: dict[str, str] = {}
    for text in texts:
        for clause in re.split(r"[;；。\n]|(?<=\D)\d+[.、．]", plain(text)):
            match = _ALIAS.search(clause)
            if (
                match
                and match[1] != match[2]
                and re.search(r"[县市区镇乡]$", match[1])
                and re.search(r"[县市区镇乡]$", match[2])
            ):
                found[match[1]] = match[2]
    return found


def column_months(matches: Iterable[int | None]) -> list[int]:
    """The distinct months that columns name."""
    return sorted({month for month in matches if month is not None})


def period_of(
    year: int | None, titles: list[str], sheet: str, columns: list[int]
) -> tuple[Period | None, list[tuple[str, int]]]:
    """The month of a report table: each statement as (where, month); the period where they agree."""
    said: list[tuple[str, int]] = []
    for text in titles:
        if not re.search(r"填报日期|制表日期|报送日期", text) or re.search(r"截[至止]", text):
            said += [(text.strip(), month) for month in months_in(text)]
    said += [(sheet, month) for month in months_in(sheet)]
    said += [(bare_header(f"1-{month}月")[0], month) for month in columns]
    months = {month for _where, month in said}
    if len(months) != 1 or year is None:
        return None, said
    return Period(year, months.pop()), said
