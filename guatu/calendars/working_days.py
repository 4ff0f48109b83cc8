"""Working days with make-up weekends (调休)."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from guatu.values import Period

PUBLISHED_YEARS = range(2004, 2027)
"""The years whose holidays and make-up days the State Council has published and the library holds."""


class UnpublishedYear(ValueError):
    """A day lies in a year whose holidays are not published; working days cannot be counted there."""


def is_working_day(day: date) -> bool:
    """Whether offices work on that day, make-up weekends included.

    Raises UnpublishedYear for a year outside PUBLISHED_YEARS.
    """
    if day.year not in PUBLISHED_YEARS:
        raise UnpublishedYear(f"{day.year} 年的放假安排尚未公布，无法推算工作日")
    return bool(chinese_calendar.is_workday(day))


def working_days_after(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; 0 when `end` is not later.

    Raises UnpublishedYear.
    """
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


def due_day(period: Period, *, day: int, months_after: int) -> date:
    """The day of the month `months_after` the period; the month's last day where it is shorter."""
    month = period.plus(months_after)
    return month.first_day.replace(day=min(day, month.last_day.day))
