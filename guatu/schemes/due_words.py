"""When something falls due, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guatu.calendars import Due, DueException
from guatu.calendars.due import PARTS_OF
from guatu.language import gettext as _
from guatu.schemes.units import every_term, word
from guatu.values import date_text


def due_words(rule: Due) -> str:
    """A rule of due days as one sentence, without a full stop: 每月，28 日，12 月为 25 日."""
    parts = [_rhythm(rule)]
    if rule.months:
        parts.append(_("在 {months} 月").format(months="、".join(map(str, rule.months))))
    parts.append(when_words(rule))
    return "，".join(part for part in (*parts, *due_exceptions(rule)) if part)


def when_words(rule: Due) -> str:
    """The day of the period alone: 次月 6 日; empty where it is the end of the period."""
    if rule.hours is not None:
        return _("{n} 小时内").format(n=rule.hours)
    return _day(rule, rule.day, rule.working_day, rule.within, rule.months_after)


def due_exceptions(rule: Due) -> list[str]:
    """What is otherwise: months with another day, and days on which offices are closed."""
    said = [_exception(rule, one) for one in rule.exception]
    if rule.shift != "none":
        before = rule.shift == "before"
        said.append(_("遇休息日提前到前一个工作日") if before else _("遇休息日顺延到下一个工作日"))
    return said


def _rhythm(rule: Due) -> str:
    if rule.each == 1:
        return every_term(rule.every)
    unit = {"day": _("天"), "week": _("周"), "month": _("个月"), "quarter": _("个季度"), "half": _("个半年"),
            "year": _("年")}[rule.every]  # fmt: skip
    said = _("每 {n} {unit}一次").format(n=rule.each, unit=unit)
    return said + (_("（自 {day} 数起）").format(day=date_text(rule.start)) if rule.start else "")


def _day(rule: Due, day: Any, working_day: int | None, within: int | None, months_after: int) -> str:
    if within is not None:
        if rule.every == "event":
            return _("{n}{days}内").format(n=within, days=word(rule.days)) if within else _("即时")
        return (
            _("期满后 {n} {days}内").format(n=within, days=word(rule.days).strip())
            if within
            else _("期满当日")
        )
    month = _month(rule, months_after)
    if working_day is not None:
        if rule.every == "week":
            month = _("次周") if rule.weeks_after == 1 else ""
        number = (
            _("第 {n} 个工作日").format(n=working_day) if working_day > 0
            else _("最后一个工作日") if working_day == -1 else _("倒数第 {n} 个工作日").format(n=-working_day)
        )  # fmt: skip
        return month + number
    if rule.weekdays:
        names = "、".join(word(name) for name in rule.weekdays)
        if rule.nth is not None:
            nth = _("第 {n} 个").format(n=rule.nth) if rule.nth > 0 else _("最后一个") if rule.nth == -1 else _(
                "倒数第 {n} 个").format(n=-rule.nth)  # fmt: skip
            return f"{month}{nth}{names}"
        after = {0: "", 1: _("次周")}.get(rule.weeks_after, _("其后第 {n} 周").format(n=rule.weeks_after))
        return after + names
    if day == "any":
        return _("{month}底前").format(month=month) if months_after else ""
    if day == "month_end":
        return _("{month}底").format(month=month) if months_after else _("月末")
    days: Sequence[int] = day if isinstance(day, tuple) else (day,)
    said = []
    for place, one in enumerate(days):
        later = months_after
        if rule.every in PARTS_OF:
            later += sum(days[n] <= days[n - 1] for n in range(1, place + 1))
        month = _month(rule, later)
        number = _("{day} 日").format(day=one) if one > 0 else _("最后一日") if one == -1 else _(
            "倒数第 {n} 日").format(n=-one)  # fmt: skip
        said.append(f"{month} {number}" if month else number)
    return "、".join(said)


def _month(rule: Due, months_after: int) -> str:
    """The month in which it falls, where that is not the one in which the period ends."""
    if months_after == 0:
        return (
            {"quarter": _("季末月"), "half": _("末月"), "year": _("12 月")}.get(rule.every, "")
            if not rule.months
            else ""
        )
    return _("次月") if months_after == 1 else _("其后第 {n} 个月").format(n=months_after)


def _exception(rule: Due, one: DueException) -> str:
    months = "、".join(map(str, one.months))
    if one.skip:
        return _("{months} 月除外").format(months=months)
    later = rule.months_after if one.months_after is None else one.months_after
    day, working_day, within = one.day, one.working_day, one.within
    if day is None and working_day is None and within is None:
        day, working_day, within = rule.day, rule.working_day, rule.within
    return _("{months} 月为 {when}").format(months=months, when=_day(rule, day, working_day, within, later))
