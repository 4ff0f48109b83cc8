"""The functions a formula may call, each with its Chinese name: one list, one place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

AGGREGATES: Mapping[str, str] = MappingProxyType(
    {
        "sum": "合计",
        "average": "平均",
        "largest": "最大",
        "smallest": "最小",
        "count": "个数",
    }
)
"""What turns an entity's projects into one figure. `count()` counts all, `count(条件)` those that meet it."""

WINDOWS: Mapping[str, str] = MappingProxyType(
    {
        "previous": "上期",
        "streak": "连续期数",
        "times": "本年次数",
        "series_average": "组平均",
        "series_best": "组内最大",
        "series_worst": "组内最小",
        "series_sum": "组合计",
    }
)
"""What looks at the entity's other terms (`previous`, `streak`, `times`: terms of the year up to now in which a
condition held) or at the other entities of its series in the same term."""

CHOICES: Mapping[str, str] = MappingProxyType({"min": "较小者", "max": "较大者"})
"""Of two figures the smaller or the larger one."""
