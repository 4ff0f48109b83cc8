"""Which rows of a table of facts are no things: notes, totals, means, the whole place, goals."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from guatu.workbooks.cells import plain
from guatu.workbooks.rows import SUBTOTAL

_NOTE = re.compile(
    r"(备?注|说明|填表说明|附注)(\d*[:.、]|$)|(审核|复核|制表|填表|填报|报送|负责|联系|经办)(人|单位|日期|时间|电话)?:"
)
_AVERAGE = re.compile(r".{0,6}(平均[值数]?|均值|中位[数值]|最[高低大小]值)(\(.*\))?")
_WHOLE = re.compile(r"全[国省市县区州盟旗镇乡](\(.*\))?")
_GOAL = re.compile(
    r"(年度|全年|本年|当年|上半年|下半年|[一二三四]季度|全?[省市县区]定?)?(目标|计划|任务)(任务|值|数)?(\(.*\))?"
)
CITY: Final = "全市"
"""The name under which facts of the city are handed in."""


@lru_cache(maxsize=20_000)
def is_note(text: str) -> bool:
    """Whether a text begins a note below a table, or a signature."""
    return _NOTE.match(plain(text)) is not None


@lru_cache(maxsize=20_000)
def is_total(text: str) -> bool:
    """Whether a row of that name is a total, a mean or an extreme of others."""
    bare = plain(text)
    return bool(SUBTOTAL.match(bare) or _AVERAGE.fullmatch(bare))


@lru_cache(maxsize=20_000)
def is_whole_or_goal(text: str) -> bool:
    """Whether a row of that name is about the whole place, or says what is to be reached."""
    bare = plain(text)
    return bool(_WHOLE.fullmatch(bare) or _GOAL.fullmatch(bare))
