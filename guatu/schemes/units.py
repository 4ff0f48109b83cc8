"""How the words of a scheme file are printed for people: units, entities, terms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guatu.language import gettext as _
from guatu.language import language

UNIT_WORDS: Mapping[str, str] = {
    "percentage_points": "个百分点",
    "percent": "%",
    "ratio": "",
    "count": "个",
    "number": "",
    "money": "万元",
    "points": "分",
    "days": "天",
}
"""How a declared unit is printed after a number."""


def word(value: str) -> str:
    """A word that a scheme chooses from a list, in Chinese; itself where it is not one of them."""
    return _words(language()).get(value, value)


@cache
def _words(spoken: str) -> Mapping[str, str]:
    """The words in the language that is spoken."""
    return {
        "project": _("项目"), "county": _("县（市、区）"), "department": _("部门"),
        "lead_department": _("牵头部门"), "unit": _("单位"), "leader": _("领导"), "person": _("个人"),
        "group": _("工作组"), "enterprise": _("企业"), "city": _("全市"),
        "week": _("每周"), "month": _("月"), "quarter": _("季"), "half": _("半年"), "year": _("年"),
        "money": _("金额（万元）"), "ratio": _("比率"), "percent": _("百分数"), "count": _("个数"),
        "number": _("数"), "flag": _("是否"), "text": _("文字"), "mark": _("评分"), "points": _("分"),
        "days": _("天数"), "percentage_points": _("百分点"),
        "mean": _("平均"), "sum": _("合计"), "last": _("最后一期"), "best": _("最好几期的平均"),
        "worst": _("从重"), "praise": _("表扬"), "criticism": _("批评"), "attention": _("关注"),
        "item": _("该项"), "total": _("总分"), "award": _("评先资格"),
        "ascending": _("由小到大"), "descending": _("由大到小"),
        "reweight": _("其余各项按比例折算"), "zero": _("不得分"), "full": _("得满分"), "series_average": _("按组内适用者的平均得分计"), "none": _("无"),
        "monthly": _("每月"), "monthly_plan": _("分月计划"), "linear": _("按月均摊"), "any": _("任何一天"),
        "month_end": _("月末"), "as_reported": _("所报的数字"), "without_questioned": _("剔除待核后的数字"),
        "share_and_skip": _("并列同名次，其后跳过"), "base": _("以基准分为限"),
        "largest": _("大为好"), "smallest": _("小为好"),
        "octagon": _("八角形"), "triangle": _("三角形"), "disc": _("圆形"), "check": _("对勾"), "ring": _("圆环"),
        "proportional": _("按比例"), "brackets": _("分段"), "bands": _("分档"), "places": _("按名次"),
        "efficacy": _("功效系数"), "share_of_best": _("与最高者之比"), "all_or_nothing": _("达标得分"),
        "direct": _("按实得分"), "event": _("每次发生时"), "ten_days": _("每旬"), "calendar": _("天"),
        "working": _("个工作日"), "ranking": _("排出名次"), "marks": _("逐个打分"), "barred": _("无效"),
        "allowed": _("有效"), "before": _("提前"), "after": _("顺延"), "day": _("每天"), "half_month": _("每半月"),
        "monday": _("周一"), "tuesday": _("周二"), "wednesday": _("周三"), "thursday": _("周四"), "friday": _("周五"),
        "firm": _("刚性"), "strive": _("争取"), "each": _("各得"), "split": _("平分"), "equally": _("平分"), "by_score": _("按得分分配"), "saturday": _("周六"), "sunday": _("周日"),
        "handed_in": _("由填报人提交"), "signed": _("经责任单位签发"), "checked": _("经县（市、区）或牵头部门审核"), "accepted": _("经重点办采用"),
        "date": _("日期"), "choice": _("选项"), "dispatch": _("调度数"), "statistics": _("统计数"),
    }  # fmt: skip


def every_term(kind: str) -> str:
    """A kind of term as a rhythm: 每月、每季、每半年、每年."""
    return {"month": _("每月"), "quarter": _("每季"), "half": _("每半年"), "year": _("每年"),
            "week": _("每周"), "ten_days": _("每旬"), "event": _("每次发生时"), "day": _("每天"),
            "half_month": _("每半月")}.get(kind, kind)  # fmt: skip
