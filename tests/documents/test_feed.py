"""The calendar of a person, read back by the library that calendar programs of others are tested with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from guatu.documents.feed import DueEntry, TaskEntry, calendar_file, working_day_before

MOMENT = datetime(2023, 10, 13, 2, 0, tzinfo=UTC)
DUE = DueEntry(
    "due.report.2023-09-30", date(2023, 10, 8), "月报截止：2023年9月", "依据：三(四)。", "https://g/reports/"
)
FILL = TaskEntry(
    "fill.2023-09", "填报 9 月月报", "还有 2 个项目未提交", "https://g/reports/2023-09/", date(2023, 10, 8)
)
SIGN = TaskEntry("sign.2023-09", "9 月月报待签发", "1 份", "https://g/reports/2023-09/?state=submitted", None)


def read(*entries: DueEntry, tasks: tuple[TaskEntry, ...] = (), day: date = date(2023, 10, 13)) -> Calendar:
    found = calendar_file("挂图 · 顾长风", "own", entries, tasks, moment=MOMENT, day=day)
    return Calendar.from_ical(found)


def test_a_due_day_is_an_event_of_the_whole_day_that_blocks_nobodys_time() -> None:
    (event,) = read(DUE).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 10, 8), date(2023, 10, 9))
    assert (event["summary"], event["description"]) == (DUE.title, DUE.text)
    assert event["transp"] == "TRANSPARENT"


def test_the_alarm_rings_at_nine_in_china_on_the_working_day_before() -> None:
    (alarm,) = read(DUE).walk("VALARM")
    assert alarm.decoded("trigger") == datetime(2023, 10, 7, 1, 0, tzinfo=UTC), (
        "a Saturday, worked after the holiday"
    )


def test_the_working_day_before_a_holiday_lies_before_the_whole_of_it() -> None:
    assert working_day_before(date(2023, 10, 7)) == date(2023, 9, 28)
    assert working_day_before(date(2031, 3, 3)) == date(2031, 3, 2), "no holidays known: the day before"


def test_identifiers_stay_the_same_from_one_reading_to_the_next() -> None:
    first, second = (
        [str(part["uid"]) for part in read(DUE, tasks=(FILL, SIGN), day=day).subcomponents]
        for day in (date(2023, 10, 13), date(2023, 10, 14))
    )
    assert first == second
    assert len(set(first)) == 4
    assert all(uid.endswith(".own@guatu") for uid in first)


def test_things_to_do_are_tasks_and_one_event_of_today_that_lists_them() -> None:
    found = read(tasks=(FILL, SIGN))
    fill, sign = found.walk("VTODO")
    assert fill.decoded("due") == date(2023, 10, 8)
    assert sign.get("due") is None and sign["status"] == "NEEDS-ACTION"
    (today,) = found.walk("VEVENT")
    assert today["summary"] == "今天要办 2 项" and today.decoded("dtstart") == date(2023, 10, 13)
    assert "9 月月报待签发：1 份" in str(today["description"])


def test_with_nothing_to_do_there_is_no_event_of_today() -> None:
    assert read().walk("VEVENT") == []


def test_line_breaks_and_commas_of_a_text_do_not_end_it() -> None:
    odd = DueEntry("x", date(2023, 10, 8), "甲,乙;丙\\丁", "一\n二", "https://g/")
    (event,) = read(odd).walk("VEVENT")
    assert (event["summary"], event["description"]) == (odd.title, odd.text)
