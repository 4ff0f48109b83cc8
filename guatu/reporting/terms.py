"""The terms of a report – which week, ten days, half-month or quarter it is about – and until when it is in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from guatu.calendars import Due, DueDay, due_after, due_days
from guatu.calendars.due import LONGEST_HOLIDAY
from guatu.language import gettext as _
from guatu.values import Period

FAR = timedelta(days=430)
"""No term falls due further than this from the day on which it begins or ends, but for `months_after`."""
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True, order=True)
class ReportTerm:
    """What one report is about: from `begins` to `ends`, in time up to `due`, that day included.

    Where a rule has several due days in one period, `number` tells them apart (1, 2, …). `certain` is false where the
    holidays that move the due day are not published yet.
    """

    begins: date
    ends: date
    number: int
    due: date
    certain: bool = True

    @property
    def key(self) -> str:
        """What it is called in addresses and tables: the day on which it begins; 2023-09-18.2 for a second due day."""
        return self.begins.isoformat() + (f".{self.number}" if self.number > 1 else "")

    @property
    def opens(self) -> date:
        """From which day it can be reported: its first, or its due day where a holiday has moved that before it."""
        return min(self.begins, self.due)


def terms_due(rule: Due, first: date, last: date, anchor: date | None = None) -> list[ReportTerm]:
    """The terms whose due day lies from `first` to `last`, in the order of their days; none for an event."""
    several = _has_several(rule)
    slack = FAR if several else timedelta()
    found = due_days(rule, first - slack, last + slack, anchor=anchor, estimate=True)
    numbered = _numbered(found) if several else ((1, due) for due in found)
    terms = [ReportTerm(due.begins, due.ends, number, due.day, due.certain) for number, due in numbered]
    return sorted((one for one in terms if first <= one.due <= last), key=lambda one: (one.due, one))


def _has_several(rule: Due) -> bool:
    """Whether one period can have more than one due day."""
    days = isinstance(rule.day, tuple) and rule.every not in ("ten_days", "half_month")
    exceptions = any(isinstance(one.day, tuple) for one in rule.exception)
    return days or exceptions or len(rule.weekdays) > 1 or len(rule.months) > 1


def _numbered(days: list[DueDay]) -> Iterator[tuple[int, DueDay]]:
    for _period, same in groupby(
        sorted(days, key=lambda due: (due.begins, due.ends, due.day)), key=lambda due: (due.begins, due.ends)
    ):
        yield from enumerate(same, start=1)


def term_of(rule: Due, key: str, anchor: date | None = None) -> ReportTerm | None:
    """The term of that key; None where the rule has none."""
    said = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:\.([2-9]|[1-9]\d))?", key)
    if said is None:
        return None
    try:
        begins = date.fromisoformat(said[1])
        near = terms_due(rule, begins - timedelta(days=LONGEST_HOLIDAY), begins + _reach(rule), anchor)
    except (ValueError, OverflowError):
        return None
    return next((one for one in near if one.key == key), None)


def _reach(rule: Due) -> timedelta:
    return (
        FAR
        + timedelta(days=31 * rule.months_after + 7 * rule.weeks_after + 3 * (rule.within or 0)) * rule.each
    )


def term_to_report(rule: Due, day: date, anchor: date | None = None) -> ReportTerm | None:
    """The term that is to be reported on `day`: of those that have begun the first whose day has not passed, else the
    last one; None where none has begun (`opens`)."""
    ahead = [one for one in terms_due(rule, day, day + _reach(rule), anchor) if one.opens <= day]
    if ahead:
        return ahead[0]
    past = terms_due(rule, day - FAR, day - timedelta(days=1), anchor)
    return past[-1] if past else None


def time_limit(rule: Due, happened: datetime) -> datetime | None:
    """Until when something that happened at that moment must be reported; None where the rule states no term.

    Hours run on from the moment, through nights and holidays; of days, calendar or working, the whole last day counts.
    """
    if rule.hours is not None:
        return happened + timedelta(hours=rule.hours)
    due = due_after(rule, happened.date(), estimate=True)
    return None if due is None else datetime.combine(due.day, END_OF_DAY, tzinfo=happened.tzinfo)


def term_words(every: str, begins: date, ends: date) -> str:
    """A term for people: 2023年第38周（9月18日至24日）, 2023年9月上旬, 2023年三季度."""
    month = Period.of(begins).label
    whole = begins.day == 1 and ends == Period.of(ends).last_day
    length = Period.of(ends).index - Period.of(begins).index + 1
    if every == "week" and (ends - begins).days == 6:
        year, week, _day = begins.isocalendar()
        return _("{year}年第{week}周（{days}）").format(year=year, week=week, days=_span(begins, ends))
    if every == "ten_days":
        return month + {1: _("上旬"), 11: _("中旬")}.get(begins.day, _("下旬"))
    if every == "half_month":
        return month + (_("上半月") if begins.day == 1 else _("下半月"))
    if whole and length == 1:
        return month
    if whole and length == 3 and begins.month % 3 == 1:
        return _("{year}年{quarter}季度").format(year=begins.year, quarter="一二三四"[begins.month // 3])
    if whole and length == 6 and begins.month % 6 == 1:
        return (_("{year}年上半年") if begins.month == 1 else _("{year}年下半年")).format(year=begins.year)
    if whole and length == 12 and begins.month == 1:
        return _("{year}年").format(year=begins.year)
    return _("{year}年{days}").format(year=begins.year, days=_span(begins, ends))


def _span(begins: date, ends: date) -> str:
    first = _("{month}月{day}日").format(month=begins.month, day=begins.day)
    if begins == ends:
        return first
    if begins.month == ends.month and begins.year == ends.year:
        return _("{first}至{day}日").format(first=first, day=ends.day)
    return _("{first}至{last}").format(
        first=first, last=_("{month}月{day}日").format(month=ends.month, day=ends.day)
    )
