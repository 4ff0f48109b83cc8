"""The facts of a project in words: the name of each field, and its values for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.schemes.load import Scheme
from guatu.server.portfolio.facts import MONEY_FIELDS, MONTH_FIELDS
from guatu.server.portfolio.filters import stage_words
from guatu.values import Period, money_text

FACT_WORDS: Final[Mapping[str, str]] = {
    "name": gettext_noop("项目名称"),
    "county": gettext_noop("县（市、区）"),
    "category": gettext_noop("行业"),
    "stage": gettext_noop("阶段"),
    "level": gettext_noop("层级"),
    "content": gettext_noop("建设内容及规模"),
    "total": gettext_noop("总投资"),
    "done_before": gettext_noop("往年完成"),
    "planned_start": gettext_noop("计划开工"),
    "planned_finish": gettext_noop("计划竣工"),
    "year_goal": gettext_noop("年度目标"),
    "longitude": gettext_noop("经度"),
    "latitude": gettext_noop("纬度"),
    "coordinate_system": gettext_noop("坐标系"),
    "note": gettext_noop("备注"),
}
"""The facts shown, in order. Who answers, the telephone and the approvals have places of their own."""


def fact_text(field: str, value: Any, scheme: Scheme) -> str:
    """A fact for people: money in 万元, a month as 2023年9月, a stage by the scheme's name."""
    if value is None:
        return _("不再列")
    if field in MONEY_FIELDS:
        return _("%s 万元") % money_text(value, "万元", 0)
    if field in MONTH_FIELDS:
        return Period.parse(str(value)).label if value else "–"
    return stage_words(str(value), scheme) if field == "stage" else str(value)
