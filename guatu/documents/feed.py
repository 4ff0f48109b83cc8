"""The calendar of one person: what falls due, as iCalendar to which any calendar program subscribes (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Todo

from guatu.calendars import UnpublishedYear, is_working_day
from guatu.language import gettext as _

CHINA: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
RINGS_AT: Final = time(9, 0)
"""When the calendar reminds of a due day, on the working day before it."""
FRESH: Final = timedelta(hours=1)
"""How often a calendar program should ask again."""


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One day on which something falls due. `uid` stays the same as long as it is about the same thing."""

    uid: str
    day: date
    title: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """One thing to do, until a day (None: no day)."""

    uid: str
    title: str
    text: str
    href: str
    due: date | None


def calendar_file(
    name: str,
    own: str,
    entries: Sequence[DueEntry],
    tasks: Sequence[TaskEntry],
    *,
    moment: datetime,
    day: date,
) -> bytes:
    """The calendar `name`: due days as all-day events with an alarm, things to do as tasks.

    Many programs show events alone: where there is anything to do, one event on `day` lists it. `own` sets the
    identifiers of this calendar apart from those of others.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Guatu//guatu.documents.feed//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", FRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if tasks:
        words = "\n".join(f"{task.title}：{task.text}" for task in tasks)
        today = DueEntry("to-do", day, _("今天要办 %d 项") % len(tasks), words, tasks[0].href)
        calendar.add_component(_event(today, own, moment))
    for entry in entries:
        event = _event(entry, own, moment)
        event.add_component(_alarm(entry))
        calendar.add_component(event)
    for task in tasks:
        calendar.add_component(_task(task, own, moment))
    return bytes(calendar.to_ical())


def _event(entry: DueEntry, own: str, moment: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}.{own}@guatu")
    event.add("dtstamp", moment.astimezone(UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + DAY)
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("url", entry.href)
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(entry: DueEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    rings = datetime.combine(working_day_before(entry.day), RINGS_AT, CHINA)
    alarm.add("trigger", rings.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _task(task: TaskEntry, own: str, moment: datetime) -> Todo:
    todo = Todo()
    todo.add("uid", f"{task.uid}.{own}@guatu")
    todo.add("dtstamp", moment.astimezone(UTC))
    todo.add("summary", task.title)
    todo.add("description", task.text)
    todo.add("url", task.href)
    todo.add("status", "NEEDS-ACTION")
    if task.due is not None:
        todo.add("due", task.due)
    return todo


def working_day_before(day: date) -> date:
    """The last working day before `day`; the day before, where the holidays of its year are not published."""
    before = day - DAY
    try:
        while not is_working_day(before):
            before -= DAY
    except UnpublishedYear:
        return day - DAY
    return before
