"""The one clock of the server. Whatever needs the day asks here; nothing else reads the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

CHINA = ZoneInfo("Asia/Shanghai")
_day: ContextVar[date | None] = ContextVar("day", default=None)


def now() -> datetime:
    """The present moment in UTC, in whole milliseconds (what every database and every backup keeps).

    Where a day is set (`GUATU_TODAY`, or `on_day`), that day at the real time of day.
    """
    moment = datetime.now(UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    fixed: date | None = _day.get() or settings.GUATU_TODAY
    if fixed is None:
        return moment
    return moment + timedelta(days=(fixed - moment.astimezone(CHINA).date()).days)


def today() -> date:
    """The day in China, or the day set by `GUATU_TODAY`."""
    return now().astimezone(CHINA).date()


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Inside the block it is `day`: the demonstration lives through its year with it."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
