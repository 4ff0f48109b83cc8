"""The functions a formula may call, each with its Chinese name: one list, one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SAME, COUNT, FLAG = "same", "count", "flag"
"""What a function gives: a figure in the unit of its first part, a count, or a condition."""


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is written, how it is named for people, and what it promises.

    `parts` says what stands in the brackets: `x` a figure, `any` a figure, a text or a condition, `if` a condition,
    `n` a whole number of terms, `d` of decimals, `step` a number; a part with a question mark may be left out.
    """

    label: str
    parts: tuple[str, ...]
    meaning: str
    gives: str = SAME

    def written(self, name: str) -> str:
        """As it is written: sum(x, condition)."""
        words = {"x": "x", "any": "x", "if": "condition", "n": "n", "d": "decimals", "step": "step"}
        said = [words[part.rstrip("?")] + ("?" if part.endswith("?") else "") for part in self.parts]
        if name in MANY:
            said = ["x", "y", "…"]
        elif name == "if_":
            said = ["condition", "x", "otherwise"]
        elif name == "if_missing":
            said = ["x", "instead"]
        return f"{shown(name)}({', '.join(said)})"


def shown(name: str) -> str:
    """The name as a formula writes it; `if` is a word that the parser keeps to itself."""
    return name.rstrip("_")


AGGREGATES: Mapping[str, Function] = MappingProxyType(
    {
        "sum": Function("合计", ("x", "if?"), "the sum; 0 where nothing is known of any of them"),
        "average": Function("平均", ("x", "if?"), "the mean of those that are known"),
        "median": Function("中位数", ("x", "if?"), "the middle one; of an even number the mean of the two in the middle"),
        "largest": Function("最大", ("x", "if?"), "the largest"),
        "smallest": Function("最小", ("x", "if?"), "the smallest"),
        "count": Function("个数", ("if?",), "how many; with a condition, how many are known to meet it; no value where it can be told of none of them", COUNT),
        "distinct": Function("不重复个数", ("any", "if?"), "how many different values", COUNT),
    }
)  # fmt: skip
"""What turns an entity's projects into one figure; with a condition, those of its projects that meet it."""

WINDOWS: Mapping[str, Function] = MappingProxyType(
    {
        "previous": Function("上期", ("any", "n?"), "the value of the term before, or of n terms before"),
        "last_year": Function("上年同期", ("any",), "the value of the same term of the year before"),
        "year_first": Function("本年首期", ("any",), "the value of the year's first term"),
        "year_sum": Function("本年累计", ("x",), "the sum over the terms of the year up to now"),
        "year_average": Function("本年平均", ("x",), "the mean over the terms of the year up to now"),
        "year_best": Function("本年最大", ("x",), "the largest of the terms of the year up to now"),
        "year_worst": Function("本年最小", ("x",), "the smallest of the terms of the year up to now"),
        "recent_sum": Function("近期合计", ("x", "n"), "the sum over the last n terms, this one among them"),
        "recent_average": Function("近期平均", ("x", "n"), "the mean over the last n terms, this one among them"),
        "streak": Function("连续期数", ("if",), "in how many terms in a row, up to this one, it held", COUNT),
        "times": Function("本年次数", ("if", "n?"),
                          "in how many terms of the year up to now it held; with n, of the last n terms", COUNT),
        "ever": Function("曾经", ("if",), "whether it held in this term or any term before", FLAG),
        "series_average": Function("组平均", ("x",), "the mean of the series"),
        "series_median": Function("组中位数", ("x",), "the median of the series"),
        "series_best": Function("组内最大", ("x",), "the largest of the series"),
        "series_worst": Function("组内最小", ("x",), "the smallest of the series"),
        "series_sum": Function("组合计", ("x",), "the sum of the series"),
        "series_place": Function("组内名次", ("x",),
                                 "the place in the series, the largest first; equal values share a place", COUNT),
        "series_count": Function("组内个数", ("if?",),
                                 "how many entities the series has, or how many of them meet a condition", COUNT),
        "all_average": Function("全体平均", ("x",), "the mean of all who are assessed in the term, of whatever series"),
        "all_median": Function("全体中位数", ("x",), "the median of all who are assessed"),
        "all_best": Function("全体最大", ("x",), "the largest of all who are assessed"),
        "all_worst": Function("全体最小", ("x",), "the smallest of all who are assessed"),
        "all_sum": Function("全体合计", ("x",), "the sum of all who are assessed"),
        "all_place": Function("全体名次", ("x",),
                              "the place among all who are assessed, the largest first; equal values share a place", COUNT),
        "all_count": Function("全体个数", ("if?",),
                              "how many are assessed, or how many of them meet a condition", COUNT),
    }
)  # fmt: skip
"""What looks at the entity's other terms, at the entities of its series in the same term, or at all of them."""

WITHIN: Mapping[str, Function] = MappingProxyType(
    {
        "times_within": Function("期内次数", ("if",),
                                 "in how many terms within this one (months, quarters … and itself) it held, by what was "
                                 "handed in for each of them; in steps and rewards by the result of the sheet too", COUNT),
        "sum_within": Function("期内合计", ("x",), "the sum of what was handed in for the terms within this one, and for itself"),
    }
)  # fmt: skip
"""What looks at the shorter terms within the entity's term: at its own facts and events, as they were handed in."""

CHOICES: Mapping[str, Function] = MappingProxyType(
    {
        "min": Function("较小者", ("x", "x"), "the smallest of two or more figures; no value where one is missing"),
        "max": Function("较大者", ("x", "x"), "the largest of two or more figures; no value where one is missing"),
        "if_": Function("若", ("if", "any", "any"), "x where the condition holds, else the other; no value where it is not known"),
        "abs": Function("绝对值", ("x",), "the size without the sign"),
        "round": Function("四舍五入", ("x", "d?"), "half-up, away from 0, to so many decimals (none said: 0); money in 万元"),
        "floor": Function("向下取整", ("x", "step?"), "down to a whole number, or to a whole multiple of step; money in 万元"),
        "ceil": Function("向上取整", ("x", "step?"), "up to a whole number, or to a whole multiple of step; money in 万元"),
        "known": Function("已有数", ("any",), "whether there is a value", FLAG),
        "if_missing": Function("缺数替代", ("any", "any"), "x, or the other where x has no value"),
    }
)  # fmt: skip
"""What works on its parts alone."""

MANY = ("min", "max")
"""The functions that take as many parts as are written, two at least."""

FUNCTIONS: Mapping[str, Function] = MappingProxyType({**AGGREGATES, **WINDOWS, **WITHIN, **CHOICES})

MOST_TERMS = 120
"""How many terms back a formula may look by number."""
