"""What a rule of due days leaves open or contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from guatu.calendars.due import MONTHS_OF, PARTS_OF, Due, due_days
from guatu.language import gettext as _


def due_faults(rule: Due) -> list[tuple[str, str]]:
    """What a rule leaves open or contradicts: the key, and what would be right."""
    return [*_faults(rule), *_exception_faults(rule)] or _never(rule)


def _faults(rule: Due) -> Iterator[tuple[str, str]]:
    said = [
        rule.day != "any",
        rule.weekday is not None,
        rule.working_day is not None,
        rule.within is not None,
        rule.hours is not None,
    ]
    if sum(said) > 1:
        yield "", _("day、weekday、working_day、within、hours 只能写一个")
    if rule.hours is not None and rule.every != "event":
        yield "hours", _('hours（几小时内）用于 every = "event"；别的请用 within 写几天')
    if rule.every == "event":
        for key in ("day", "weekday", "working_day", "months", "exception"):
            if getattr(rule, key) not in ("any", None, ()):
                yield key, _("每次发生时要办的只看 within 或 hours，不能写 {key}").format(key=key)
    if rule.weekday is not None and rule.every != "week" and rule.nth is None:
        yield "weekday", _('星期几用于 every = "week"；每月的，请用 nth 写第几个')
    if rule.nth is not None and (rule.weekday is None or rule.every == "week" or not 1 <= abs(rule.nth) <= 5):
        yield (
            "nth",
            _("第几个星期几：nth 为 1 至 5（−1 为最后一个），与 weekday 同用，every 为月、季、半年或年"),
        )
    yield from _day_faults(rule.every, rule.day, rule.working_day, "")
    if rule.months_after and rule.every in ("event", "day", "week"):
        yield "months_after", _("months_after 用于按旬、半月、月、季、半年或年的")
    if rule.weeks_after and rule.every != "week":
        yield "weeks_after", _('weeks_after 用于 every = "week"')
    if rule.each > 1 and rule.every in ("event", "ten_days", "half_month"):
        yield "each", _("each 用于按天、周、月、季、半年或年的")
    if rule.each > 1 and rule.start is None and 12 % (MONTHS_OF.get(rule.every, 5) * rule.each):
        yield "start", _("每几期一次的，请写从哪一天数起（start）")


def _day_faults(every: str, day: Any, working_day: int | None, key: str) -> Iterator[tuple[str, str]]:
    days = day if isinstance(day, tuple) else (day,) if isinstance(day, int) else ()
    if any(not (1 <= one <= 31 or -31 <= one <= -1) for one in days):
        yield f"{key}day", _("几日应在 1 至 31 之间，从月末数的在 −31 至 −1 之间")
    if every in PARTS_OF and days and len(days) != len(PARTS_OF[every]):
        yield (
            f"{key}day",
            _("按{what}的，day 要写 {n} 个日子，每段一个").format(
                what={"ten_days": _("旬"), "half_month": _("半月")}[every], n=len(PARTS_OF[every])
            ),
        )
    if every in ("day", "week") and day not in (None, "any"):
        yield f"{key}day", _("按天、按周的不写几日；按周的请用 weekday 写星期几")
    if working_day is not None and (working_day == 0 or every in ("event", "day", *PARTS_OF)):
        yield f"{key}working_day", _("第几个工作日：不能是 0，用于按周、月、季、半年或年的")


def _exception_faults(rule: Due) -> Iterator[tuple[str, str]]:
    seen: set[int] = set()
    for n, one in enumerate(rule.exception):
        key = f"exception[{n}]."
        said = [one.day is not None, one.working_day is not None, one.within is not None, one.skip]
        if sum(said) > 1 or (not any(said) and one.months_after is None):
            yield (
                key.rstrip("."),
                _("例外要写 day、working_day、within、skip 中的一个（或只写 months_after）"),
            )
        if seen & set(one.months):
            yield f"{key}months", _("同一个月份写了两个例外")
        seen |= set(one.months)
        yield from _day_faults(rule.every, one.day, one.working_day, key)


def _never(rule: Due) -> list[tuple[str, str]]:
    """A rule that never falls in ten years."""
    if rule.every == "event":
        return []
    begin = rule.start or date(2020, 1, 1)
    if due_days(rule, begin, begin + timedelta(days=3653), anchor=begin, estimate=True):
        return []
    return [("", _("照这样写永远没有一天到期：请看 months、exception 和 nth"))]
