"""Due days: given a rule and a span, the days; hand-worked, and laws that hold for every rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guatu.calendars import (
    Due,
    UnpublishedYear,
    due_after,
    due_days,
    due_faults,
    is_working_day,
    working_days_after,
)

YEAR = date(2023, 1, 1), date(2023, 12, 31)


def days(first: date, last: date, **rule: Any) -> list[str]:
    written = Due.model_validate(rule)
    assert due_faults(written) == []
    return [due.day.strftime("%m-%d") for due in due_days(written, first, last)]


def test_a_day_of_the_month_has_its_exceptions() -> None:
    found = days(*YEAR, day=28, exception=[{"months": [12], "day": 25}, {"months": [1], "skip": True}])
    assert found[:2] == ["02-28", "03-28"]
    assert found[-2:] == ["11-28", "12-25"]


def test_the_exception_is_that_of_the_month_it_is_about_not_of_the_month_it_falls_in() -> None:
    found = days(*YEAR, day=6, months_after=1, exception=[{"months": [12], "day": 10}])
    assert found[:2] == ["01-10", "02-06"]


def test_days_from_the_end_of_a_month() -> None:
    assert days(date(2023, 2, 1), date(2023, 3, 31), day=-3) == ["02-26", "03-29"]
    assert days(date(2023, 2, 1), date(2023, 3, 31), day=31) == ["02-28", "03-31"]


def test_a_weekend_goes_to_the_friday_before_or_the_monday_after() -> None:
    assert days(date(2023, 7, 1), date(2023, 7, 31), day=9, shift="before") == ["07-07"]
    assert days(date(2023, 7, 1), date(2023, 7, 31), day=9, shift="after") == ["07-10"]
    assert days(date(2023, 7, 1), date(2023, 7, 31), day=9) == ["07-09"]


def test_a_make_up_saturday_is_as_good_as_any_working_day() -> None:
    assert days(date(2023, 10, 1), date(2023, 10, 31), day=7, shift="before") == ["10-07"]
    assert days(date(2023, 9, 20), date(2023, 10, 31), day=6, shift="after") == ["10-07"]


def test_a_day_that_moves_out_of_the_span_is_not_in_it() -> None:
    assert days(date(2023, 10, 1), date(2023, 10, 31), day=1, shift="before") == []
    assert days(date(2023, 9, 28), date(2023, 9, 30), day=1, shift="before") == ["09-28"]


def test_what_is_due_after_an_event_counts_from_the_next_day() -> None:
    found = due_after(Due(every="event", within=7, days="working"), date(2023, 9, 27))
    assert found is not None
    assert found.day == date(2023, 10, 12)
    at_once = due_after(Due(every="event", within=0), date(2023, 10, 1))
    assert at_once is not None
    assert at_once.day == date(2023, 10, 1)
    assert due_after(Due(every="event"), date(2023, 10, 1)) is None


def test_a_due_day_knows_the_period_it_is_about() -> None:
    (due,) = due_days(Due(every="quarter", day=10, months_after=1), date(2023, 7, 1), date(2023, 7, 31))
    assert (due.begins, due.ends) == (date(2023, 4, 1), date(2023, 6, 30))


def test_every_second_week_is_counted_from_its_start_and_not_before_it() -> None:
    found = days(
        date(2023, 1, 1), date(2023, 2, 10), every="week", each=2, start=date(2023, 1, 4), weekday="friday"
    )
    assert found == ["01-13", "01-27", "02-10"]


def test_two_days_a_week_and_the_last_working_day_of_a_week() -> None:
    week = date(2023, 6, 19), date(2023, 6, 25)
    assert days(*week, every="week", weekday=["tuesday", "friday"]) == ["06-20", "06-23"]
    assert days(*week, every="week", working_day=-1) == ["06-25"]


def test_a_month_without_a_fifth_friday_has_none() -> None:
    assert days(*YEAR, weekday="friday", nth=5) == ["03-31", "06-30", "09-29", "12-29"]


def test_a_year_whose_holidays_are_not_published_is_said_or_marked() -> None:
    rule = Due(within=5, days="working")
    with pytest.raises(UnpublishedYear, match="2027"):
        due_days(rule, date(2027, 1, 1), date(2027, 1, 31))
    (due,) = due_days(rule, date(2027, 1, 1), date(2027, 1, 31), estimate=True)
    assert (due.day, due.certain) == (date(2027, 1, 7), False)
    assert [one.certain for one in due_days(rule, date(2026, 11, 1), date(2026, 12, 31))] == [True, True]


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ({"day": 5, "within": 3}, ""),
        ({"day": 0}, "day"),
        ({"every": "ten_days", "day": [9, 19]}, "day"),
        ({"every": "week", "day": 3}, "day"),
        ({"weekday": "friday"}, "weekday"),
        ({"weekday": "friday", "nth": 6}, "nth"),
        ({"every": "day", "each": 3}, "start"),
        ({"every": "event", "day": 3, "within": 1}, ""),
        ({"every": "event", "within": 1, "months": [3]}, "months"),
        ({"every": "week", "months_after": 1}, "months_after"),
        ({"weeks_after": 1, "day": 1}, "weeks_after"),
        ({"day": 5, "exception": [{"months": [12]}]}, "exception[0]"),
        ({"day": 5, "exception": [{"months": [12], "day": 1}, {"months": [12], "skip": True}]}, "exception[1].months"),
        ({"every": "ten_days", "working_day": 1}, "working_day"),
    ],
)  # fmt: skip
def test_a_rule_that_leaves_something_open_is_refused_at_its_key(rule: dict[str, Any], key: str) -> None:
    assert key in [where for where, _message in due_faults(Due.model_validate(rule))]


def test_a_rule_that_never_falls_is_found() -> None:
    rule = Due.model_validate({"months": [2], "day": 5, "exception": [{"months": [2], "skip": True}]})
    assert [message for _key, message in due_faults(rule)] == [
        "照这样写永远没有一天到期：请看 months、exception 和 nth"
    ]


@pytest.mark.parametrize("day", [True, "last", 3.5, ["a"]])
def test_a_day_that_is_none_is_refused_in_one_sentence(day: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Due.model_validate({"day": day})
    (detail,) = caught.value.errors()
    assert "应为几日" in detail["msg"]


RULES = st.one_of(
    st.builds(Due, day=st.integers(1, 31), months_after=st.integers(0, 2), shift=st.sampled_from(["none", "before", "after"])),
    st.builds(Due, within=st.integers(0, 12), days=st.sampled_from(["calendar", "working"])),
    st.builds(Due, every=st.just("week"), weekday=st.sampled_from(["monday", "friday"]), shift=st.sampled_from(["before", "after"])),
    st.builds(Due, every=st.just("ten_days"), day=st.just((9, 19, 28)), shift=st.sampled_from(["none", "before"])),
    st.builds(Due, every=st.just("day"), each=st.integers(1, 10), start=st.just(date(2022, 1, 1))),
)  # fmt: skip
DAYS = st.dates(date(2022, 1, 1), date(2025, 1, 31))


@settings(deadline=None)
@given(RULES, DAYS, st.integers(0, 300), st.integers(0, 300))
def test_two_spans_that_follow_each_other_have_the_days_of_the_whole(
    rule: Due, first: date, length: int, more: int
) -> None:
    middle = first + timedelta(days=length)
    last = middle + timedelta(days=more)
    one, other = due_days(rule, first, middle), due_days(rule, middle + timedelta(days=1), last)
    assert one + other == due_days(rule, first, last)


@settings(deadline=None)
@given(RULES, DAYS)
def test_a_moved_day_is_a_working_day_and_none_lies_between(rule: Due, first: date) -> None:
    for due in due_days(rule, first, first + timedelta(days=90)):
        assert first <= due.day <= first + timedelta(days=90)
        if rule.shift == "none":
            assert due.day == due.unshifted
            continue
        assert is_working_day(due.day)
        step = timedelta(days=1 if rule.shift == "after" else -1)
        day = due.unshifted
        while day != due.day:
            assert not is_working_day(day)
            day += step


@settings(deadline=None)
@given(st.dates(date(2022, 1, 1), date(2025, 12, 31)), st.integers(0, 30))
def test_a_term_in_working_days_holds_exactly_so_many(event: date, count: int) -> None:
    due = due_after(Due(every="event", within=count, days="working"), event)
    assert due is not None
    assert working_days_after(event, due.day) == count
