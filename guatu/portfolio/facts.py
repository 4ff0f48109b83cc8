"""What a rule may know: the columns of the facts table, each with its meaning and unit.

The table has one row per project and month. A formula of a scheme uses these names; a rule that
needs something else gets a new column here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """The unit of a column or of a formula.

    MONEY is 分. RATIO is part of one (0.8 is 80 %). RATIO_DIFFERENCE is what subtracting two ratios
    gives (0.1 is 10 percentage points). PERCENT is 0–100. NUMBER has no unit. FLAG is true or false.
    """

    MONEY = "money"
    RATIO = "ratio"
    RATIO_DIFFERENCE = "ratio_difference"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"


UNIT_NAMES: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.MONEY: "金额",
        Unit.RATIO: "比率",
        Unit.RATIO_DIFFERENCE: "比率之差",
        Unit.PERCENT: "百分数",
        Unit.PERCENTAGE_POINTS: "百分点",
        Unit.COUNT: "个数",
        Unit.NUMBER: "数",
        Unit.FLAG: "是否",
        Unit.TEXT: "文字",
    }
)
"""Units for people."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of the facts table: its name in formulas, its Chinese name, its unit, its meaning.

    What is `frozen` on a day stands for the year: sums of it count the projects that have left the list since.
    """

    name: str
    label: str
    unit: Unit
    meaning: str
    frozen: bool = False


_FACTS = (
    Fact("project", "项目", Unit.TEXT, "项目代码"),
    Fact("county", "县（市、区）", Unit.TEXT, "项目所在辖区"),
    Fact("category", "行业", Unit.TEXT, "方案规定的行业分类名称"),
    Fact("stage", "阶段", Unit.TEXT, "new、continuing、preliminary、reserve、completed、withdrawn 之一"),
    Fact("level", "级别", Unit.TEXT, "项目级别"),
    Fact("lead_department", "牵头部门", Unit.TEXT, "牵头推进的部门"),
    Fact("total", "总投资", Unit.MONEY, "项目总投资"),
    Fact("done_before", "上年底累计完成", Unit.MONEY, "截至上年底累计完成投资"),
    Fact("planned_year", "年度计划", Unit.MONEY, "年度计划投资"),
    Fact("planned_ytd", "计划累计", Unit.MONEY, "按计划自 1 月 1 日至当月末应累计完成的投资"),
    Fact(
        "invested_ytd",
        "累计完成",
        Unit.MONEY,
        "自 1 月 1 日至当月末累计完成投资；由月报算出时，当月未报的沿用上次所报，从未报的为 0；由数据文件给出时以当月所给为准",
    ),
    Fact("invested_month", "本月完成", Unit.MONEY, "当月报告的本月完成投资"),
    Fact("physical", "形象进度", Unit.PERCENT, "完成总形象进度的百分数"),
    Fact("reported", "已报", Unit.FLAG, "当月已报送"),
    Fact("late", "迟报", Unit.FLAG, "当月报送晚于规定日期"),
    Fact("questioned", "待核", Unit.FLAG, "当月累计数存疑"),
    Fact("started", "已开工", Unit.FLAG, "截至当月的任一期报告填有实际开工时间"),
    Fact("start_due", "应开工", Unit.FLAG, "计划开工月份不晚于当月"),
    Fact("month", "月份", Unit.NUMBER, "当期最后一个月是一年中的第几个月；考核任何对象的公式都能写"),
)

FACTS: Mapping[str, Fact] = MappingProxyType({fact.name: fact for fact in _FACTS})
"""Every column of the facts table by name."""

OF_TERM: Mapping[str, Fact] = MappingProxyType({"month": FACTS["month"]})
"""What a term says of itself, and so is known about every kind of thing."""
