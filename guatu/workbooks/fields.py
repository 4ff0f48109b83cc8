"""The field dictionary: what a column's header means.

Words are data (fields.toml, and an office's own synonyms in its mapping file). A header is tried as a
whole exact synonym first, then by patterns, then by its lower level alone; investment columns of
months and quarters follow the words of [investment] and the month in the header.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Final

from guatu.language import gettext as _
from guatu.workbooks.cells import plain

_DASHES: Final = str.maketrans(dict.fromkeys("－—–―‐‑‒﹣−─━~～〜至到", "-"))
MONEY_UNIT: Final = r"(千万元|百万元|亿元|万元|千元|元|亿|万)"
_UNIT_SUFFIX = re.compile(
    rf"[(\[【〔](?:单位[:：]?)?(?:人民币)?{MONEY_UNIT}(?:人民币)?[)\]】〕]|[,/、:：]?(?:单位[:：]){MONEY_UNIT}$"
)
_UNIT_TAIL = re.compile(r"(亿元|万元)$")
_PERCENT = re.compile(r"[(\[【]?(?:%|％|百分比|百分数)[)\]】]?$")
_CHINESE_MONTHS: Final = {
    "十二": 12,
    "十一": 11,
    "十": 10,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_MONTH_WORD = r"(\d{1,2}|十[一二]|[一二三四五六七八九十])"
_RANGE = re.compile(rf"{_MONTH_WORD}月?-{_MONTH_WORD}月")
_MONTH = re.compile(rf"(?<![\d.]){_MONTH_WORD}月(?!底前)")
_MONTH_ALONE = re.compile(rf"(?:(?:19|20)\d\d年)?{_MONTH_WORD}月份?")
_QUARTER = re.compile(r"第?([一二三四1-4])季度?|(?<![A-Z])Q([1-4])")
_QUARTER_RANGE = re.compile(r"(?:(?:1|一)(?:季度)?-|前)([二三四2-4])个?季度?")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_COUNT: Final = {"一": 1, "二": 2, "三": 3, "四": 4}
_SHORT: Final = {"亿": "亿元", "万": "万元"}

MONTHLY: Final = ("invested_month", "invested_ytd", "planned_month", "planned_cumulative")
"""The fields that a header may give for one month: `invested_ytd.5` is January to May."""

BY_MONTH: Final = ("progress", "physical", "problem", "measure", "handed_in", "note")
"""Other fields of a report that may stand once under each month of a wide table."""

KEPT: Final = ("invested_total", "planned_now")
"""Columns that are known and kept as written: no field of a project or report is theirs."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the dictionary."""

    id: str
    label: str
    kind: str
    synonyms: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What a header was read as: `month` where the header names one, `reason` in words."""

    field: str
    confidence: float
    reason: str
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A header of one or more levels: the texts as written from the top, their bare forms, the money
    unit and year stated in them, and whether a sign of per cent stands in it."""

    levels: tuple[str, ...]
    bare: tuple[str, ...]
    unit: str | None
    year: int | None

    @classmethod
    def of(cls, levels: Sequence[str]) -> Header:
        bare: list[str] = []
        unit: str | None = None
        year: int | None = None
        for level in levels:
            text, own_unit = bare_header(level)
            unit = own_unit or unit
            if text:
                bare.append(text)
            if (found := _YEAR.search(text)) and not re.search(r"年(底|末|12月)", text):
                year = int(found[0])
            elif found := re.search(r"((?:19|20)\d\d)年?(?:底|末|12月)", text):
                year = year or int(found[1]) + 1
        shown = tuple(re.sub(r"\s+", "", level) for level in levels)
        return cls(shown, tuple(bare), unit, year)

    @property
    def text(self) -> str:
        """The lowest level, as findings name the column."""
        return self.levels[-1] if self.levels else ""

    @property
    def path(self) -> str:
        """All levels, joined as the mapping file writes them."""
        return "/".join(self.levels)


@lru_cache(maxsize=20_000)
def bare_header(text: str) -> tuple[str, str | None]:
    """A header for comparing: half-width, no white space, no unit (given apart), one sort of dash."""
    bare = plain(text).translate(_DASHES).replace("（", "(").replace("）", ")")
    unit: str | None = None
    if match := _UNIT_SUFFIX.search(bare):
        unit = match[1] or match[2]
        bare = bare[: match.start()] + bare[match.end() :]
    elif match := _UNIT_TAIL.search(bare):
        unit = match[1]
        bare = bare[: match.start()]
    bare = bare.strip(":*※.,、;。")
    if _PERCENT.search(bare) and bare != "%":
        bare = _PERCENT.sub("", bare) + "%"
    return bare, _SHORT.get(unit, unit) if unit else None


def month_number(word: str) -> int:
    """5, 五, 十二 as a number."""
    return int(word) if word.isdigit() else _CHINESE_MONTHS[word]


@dataclass(frozen=True)
class Dictionary:
    """The fields, and the words by which investment columns are told apart."""

    fields: Mapping[str, Field]
    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def exact(self) -> dict[str, str]:
        """Field id by bare header."""
        return {word: field.id for field in self.fields.values() for word in field.synonyms}

    @cached_property
    def name_words(self) -> frozenset[str]:
        return self.fields["name"].synonyms

    def kind(self, field: str) -> str:
        """The kind of a field, with or without a month behind it."""
        base = field.partition(".")[0]
        if base in KEPT:
            return "kept"
        if base in MONTHLY or base == "planned_quarter":
            return "money"
        return self.fields[base].kind

    def match(self, header: Header) -> HeaderMatch | None:
        """The field of a header, or None for one that the dictionary does not know."""
        found = self._match(header)
        if found and found.month is None and found.field in BY_MONTH and len(header.bare) > 1:
            month = next((m for level in header.bare[:-1] if (m := _MONTH_ALONE.fullmatch(level))), None)
            if month:
                return replace(found, month=month_number(month[1]))
        return found

    def _match(self, header: Header) -> HeaderMatch | None:
        if not header.bare:
            return None
        whole = "".join(header.bare)
        leaf = header.bare[-1]
        if known := self.exact.get(whole):
            return HeaderMatch(known, 1.0, self._usual(header, known))
        for first in range(1, len(header.bare) - 1):
            if known := self.exact.get("".join(header.bare[first:])):
                return HeaderMatch(known, 0.95, self._usual(header, known))
        undated = re.sub(r"^(?:19|20)\d\d年(?:度)?", "", whole)
        if undated != whole and (known := self.exact.get(undated)):
            return HeaderMatch(
                known, 0.9, _("去掉年份后是“{label}”的通用写法").format(label=self.fields[known].label)
            )
        if found := self._investment(header, whole):
            return found
        if len(header.bare) > 1:
            parent = "".join(header.bare[:-1])
            for field in self.fields.values():
                if any(word in parent for word in field.parents):
                    return HeaderMatch(
                        field.id,
                        0.9,
                        _("上级表头“{parent}”之下的一项").format(parent="".join(header.levels[:-1])),
                    )
            if (known := self.exact.get(leaf)) and known not in ("name", "phone"):
                return HeaderMatch(known, 0.9, self._usual(header, known))
        for text, confidence in ((whole, 0.8), (leaf, 0.7)):
            for field in self.fields.values():
                if any(pattern.search(text) for pattern in field.patterns):
                    return HeaderMatch(
                        field.id, confidence, _("列名与“{label}”的写法相近").format(label=field.label)
                    )
        if known := self.exact.get(leaf):
            return HeaderMatch(known, 0.7, self._usual(header, known))
        bare_of_brackets = re.sub(r"\(.*?\)", "", whole)
        if bare_of_brackets != whole and (known := self.exact.get(bare_of_brackets)):
            return HeaderMatch(
                known, 0.8, _("去掉括注后是“{label}”的通用写法").format(label=self.fields[known].label)
            )
        return None

    def _usual(self, header: Header, field: str) -> str:
        label = self.fields[field].label
        return _("列名“{header}”是“{label}”的通用写法").format(header=header.text, label=label)

    def _has(self, kind: str, text: str) -> bool:
        return any(word in text for word in self.words[kind])

    def _investment(self, header: Header, whole: str) -> HeaderMatch | None:
        """Investment planned or done of a month, a quarter or since January."""
        if "%" in whole or re.search(
            r"率|占|比例|资金来源|-位|贷款|形象|进展|进度|问题|目标任务|建设内容|工作", whole
        ):
            return None
        if re.search(r"(上年|去年|(?:19|20)\d\d年?)(底|末|12月)|(以前|历)年", whole):
            return None
        undated = re.sub(r"(?:19|20)\d\d年(?:度)?", "", whole)
        leaf = re.sub(r"(?:19|20)\d\d年(?:度)?", "", header.bare[-1])
        if self._has("since_start", undated):
            return HeaderMatch("invested_total", 0.9, _("自开工以来的累计，原样保留"))
        month, ranged = self._month(header.bare)
        quarter, quarter_ranged = self._quarter(header.bare)
        planned = self._has("plan", undated) and not re.search(
            r"实际|已完成|完成情况|本月完成|累计完成(?!.*计划)", undated
        )
        if re.search(r"计划完成|计划.*累计|累计.*计划", undated) and not re.search(
            r"实际|计划完成情况", undated
        ):
            planned = True
        if re.search(r"(开工|竣工|完工|时间|日期|单位|领导|名称|备注)", leaf):
            return None
        cumulative = ranged or self._has("cumulative", undated)
        done = self._has("done", undated) or (cumulative and not planned)
        if quarter is not None and planned:
            base = "planned_cumulative" if cumulative or quarter_ranged else "planned_quarter"
            number = quarter * 3 if base == "planned_cumulative" else quarter
            return HeaderMatch(f"{base}.{number}", 0.9, _("第 {quarter} 季度的计划").format(quarter=quarter))
        if month is not None and planned:
            base = "planned_cumulative" if cumulative else "planned_month"
            reason = _("1 月至 {month} 月的累计计划") if cumulative else _("{month} 月的计划")
            return HeaderMatch(f"{base}.{month}", 0.95, reason.format(month=month))
        if month is not None and done:
            base = "invested_ytd" if cumulative else "invested_month"
            reason = _("1 月至 {month} 月累计完成") if cumulative else _("{month} 月完成")
            return HeaderMatch(base, 0.95, reason.format(month=month), month)
        if planned and self._has("month", undated):
            return HeaderMatch("planned_now", 0.8, _("当月的计划，原样保留"))
        for field, words in (("invested_month", "this_month"), ("invested_ytd", "year_to_date")):
            stripped = undated.removesuffix("额").removesuffix("情况")
            if (
                undated in self.words[words]
                or stripped in self.words[words]
                or (not planned and leaf in self.words[words])
            ):
                return HeaderMatch(
                    field,
                    0.95 if field == "invested_month" or re.search("年|月", whole) else 0.75,
                    _("投资完成列的通用写法"),
                )
        if not planned and done and self._has("month", undated):
            return HeaderMatch("invested_month", 0.8, _("列名写有“本月”和“完成”"))
        if not planned and cumulative and re.search("完成|投资", undated) and quarter is None:
            return HeaderMatch("invested_ytd", 0.7, _("列名写有“累计”和“完成”"))
        if _YEAR.search(whole) and not planned and re.search(r"^(实际)?完成(投资)?(额)?$", undated):
            return HeaderMatch("invested_ytd", 0.7, _("本年完成投资"))
        return None

    @staticmethod
    def _month(levels: Sequence[str]) -> tuple[int | None, bool]:
        """The month that a header names, the lowest level first, and whether it is a range from January."""
        for level in reversed(levels):
            if match := _RANGE.search(level):
                if month_number(match[1]) == 1 and month_number(match[2]) <= 12:
                    return month_number(match[2]), True
                continue
            if re.search(r"上半年", level):
                return 6, True
            if match := _MONTH.search(level):
                number = month_number(match[1])
                if 1 <= number <= 12:
                    return number, False
        return None, False

    @staticmethod
    def _quarter(levels: Sequence[str]) -> tuple[int | None, bool]:
        for level in reversed(levels):
            if match := _QUARTER_RANGE.search(level):
                return _COUNT.get(match[1]) or int(match[1]), True
            if match := _QUARTER.search(level):
                word = match[1] or match[2]
                return _COUNT.get(word) or int(word), False
        return None, False


def load_dictionary(extra: Mapping[str, Sequence[str]] | None = None) -> Dictionary:
    """The dictionary of the package, with an office's own synonyms by field id."""
    raw: dict[str, Any] = tomllib.loads(files("guatu.workbooks").joinpath("fields.toml").read_text("utf-8"))
    fields: dict[str, Field] = {}
    for identity, entry in raw["fields"].items():
        synonyms = [*entry.get("synonyms", ()), *(extra or {}).get(identity, ())]
        fields[identity] = Field(
            id=identity,
            label=entry["label"],
            kind=entry["kind"],
            synonyms=frozenset(bare_header(word)[0] for word in synonyms),
            patterns=tuple(re.compile(pattern) for pattern in entry.get("patterns", ())),
            parents=tuple(entry.get("parents", ())),
        )
    if extra:
        # What an office says wins over the package's own use of the same word.
        own = {bare_header(word)[0]: identity for identity, words in extra.items() for word in words}
        for identity, field in fields.items():
            kept = frozenset(word for word in field.synonyms if own.get(word, identity) == identity)
            fields[identity] = Field(field.id, field.label, field.kind, kept, field.patterns, field.parents)
    words = {
        name: tuple(bare_header(word)[0] for word in values) for name, values in raw["investment"].items()
    }
    return Dictionary(fields, words)


FIELD_IDS: Final = frozenset(load_dictionary().fields) | {
    "invested_month", "invested_ytd", "invested_total", "planned_now",
    *(f"{base}.{month}" for base in (*MONTHLY, *BY_MONTH) for month in range(1, 13)),
    *(f"planned_quarter.{quarter}" for quarter in range(1, 5)),
}  # fmt: skip
"""Every field id that a mapping file may name."""
