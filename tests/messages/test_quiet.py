"""When messages may go out: in the day, on working days; make-up Saturdays are working days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from guatu.messages.quiet import QuietHours

CHINA = ZoneInfo("Asia/Shanghai")
USUAL = QuietHours()
moments = st.datetimes(min_value=datetime(2022, 1, 1), max_value=datetime(2028, 12, 1))
hours = st.builds(QuietHours, st.times().map(lambda t: t.replace(second=0, microsecond=0)),
                  st.times().map(lambda t: t.replace(second=0, microsecond=0)), st.booleans())  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_in_the_day_of_a_working_day_a_message_goes_out_at_once() -> None:
    assert USUAL.allowed_from(at("2023-10-13T09:30")) == at("2023-10-13T09:30")
    assert USUAL.allowed_from(at("2023-10-13T08:00")) == at("2023-10-13T08:00"), "the morning begins at eight"


def test_in_the_evening_it_waits_for_the_morning_and_at_night_too() -> None:
    assert USUAL.allowed_from(at("2023-10-12T20:00")) == at("2023-10-13T08:00")
    assert USUAL.allowed_from(at("2023-10-13T03:15")) == at("2023-10-13T08:00")


def test_over_the_holiday_it_waits_for_the_make_up_saturday() -> None:
    assert USUAL.allowed_from(at("2023-09-28T21:00")) == at("2023-10-07T08:00")


def test_on_a_friday_evening_it_waits_for_monday() -> None:
    assert USUAL.allowed_from(at("2023-10-13T22:00")) == at("2023-10-16T08:00")


def test_where_no_holidays_are_published_monday_to_friday_count() -> None:
    assert USUAL.allowed_from(at("2031-03-01T10:00")) == at("2031-03-03T08:00")


def test_equal_times_mean_no_quiet_hours() -> None:
    always = QuietHours(time(0), time(0), days_off=False)
    assert always.allowed_from(at("2023-10-14T03:00")) == at("2023-10-14T03:00")


@given(hours, moments)
def test_the_moment_allowed_is_never_before_and_never_held(quiet: QuietHours, moment: datetime) -> None:
    allowed = quiet.allowed_from(moment)
    assert allowed >= moment
    assert not quiet.holds(allowed)


@given(hours, moments)
def test_no_earlier_hour_would_have_been_allowed(quiet: QuietHours, moment: datetime) -> None:
    allowed = quiet.allowed_from(moment)
    between = moment
    while between < allowed:
        assert quiet.holds(between)
        between += timedelta(hours=1)
