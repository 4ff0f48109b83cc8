"""The terms of reports: every day lies in the term that it is about, keys find their terms again, hours run on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.calendars import Due, due_faults
from guatu.reporting.form import standard_fields
from guatu.reporting.kinds import Said, punctuality, said_before
from guatu.reporting.terms import ReportTerm, term_of, term_to_report, term_words, terms_due, time_limit

WEEKLY = Due(every="week", weekday="friday", shift="before")
LAST_WEEK = Due(every="week", weekday="monday", weeks_after=1, shift="after")
TEN_DAYS = Due(every="ten_days", day=(9, 19, 28), shift="before")
HALF_MONTH = Due(every="half_month", day=(18, 3))
QUARTER = Due(every="quarter", day=10, months_after=1, shift="after")
TWICE_A_WEEK = Due(every="week", weekday=("tuesday", "friday"))
TWICE_A_MONTH = Due(every="month", day=(5, 20))
RULES = (WEEKLY, LAST_WEEK, TEN_DAYS, HALF_MONTH, QUARTER, TWICE_A_WEEK, TWICE_A_MONTH)
DAYS = st.dates(date(2005, 1, 1), date(2025, 6, 30))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RULES), DAYS)
def test_a_key_finds_its_term_again_and_no_two_terms_share_one(rule: Due, day: date) -> None:
    terms = terms_due(rule, day, day + timedelta(days=60))
    assert len({one.key for one in terms}) == len(terms)
    assert [term_of(rule, one.key) for one in terms] == terms


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RULES), DAYS)
def test_the_terms_of_a_rule_leave_no_day_out_and_fall_due_once_each(rule: Due, day: date) -> None:
    terms = terms_due(rule, day - timedelta(days=200), day + timedelta(days=200))
    assert any(one.begins <= day <= one.ends for one in terms)
    assert terms == sorted(terms, key=lambda one: one.due)
    if rule in (TWICE_A_WEEK, TWICE_A_MONTH):
        same = [one for one in terms if one.begins <= day <= one.ends]
        assert [one.number for one in same] == [1, 2]
    else:
        assert all(one.number == 1 for one in terms)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RULES), DAYS)
def test_the_term_to_report_has_begun_and_is_the_first_whose_day_has_not_passed(rule: Due, day: date) -> None:
    term = term_to_report(rule, day)
    assert term is not None and term.opens <= day
    for other in terms_due(rule, day, day + timedelta(days=200)):
        if other.opens <= day:
            assert term.due <= other.due
    if term.due < day:
        assert not [
            one
            for one in terms_due(rule, term.due + timedelta(days=1), day + timedelta(days=200))
            if one.opens <= day
        ]


@given(st.integers(1, 720), st.datetimes(datetime(2005, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC)))
def test_hours_run_on_from_the_moment_through_nights_and_holidays(hours: int, moment: datetime) -> None:
    assert time_limit(Due(every="event", hours=hours), moment) == moment + timedelta(hours=hours)


@given(st.integers(0, 20), st.datetimes(datetime(2005, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC)))
def test_of_days_the_whole_last_one_counts(days: int, moment: datetime) -> None:
    limit = time_limit(Due(every="event", within=days), moment)
    assert limit is not None and limit >= moment.replace(microsecond=0)
    assert limit.date() == moment.date() + timedelta(days=days)


def test_working_days_pass_over_the_national_holiday() -> None:
    happened = datetime(2023, 9, 28, 20, 15, tzinfo=UTC)
    limit = time_limit(Due(every="event", within=2, days="working"), happened)
    assert limit == datetime(2023, 10, 8, 23, 59, 59, tzinfo=UTC), "7 and 8 October were worked"


def test_an_event_has_no_terms_and_a_rule_without_a_limit_none() -> None:
    assert terms_due(Due(every="event", hours=2), date(2023, 1, 1), date(2023, 12, 31)) == []
    assert time_limit(Due(every="event"), datetime(2023, 9, 28, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "key", ["", "2023-09", "2023-09-19", "2023-13-01", "2023-09-18.1", "2023-09-18.2", "９"]
)
def test_what_is_no_key_finds_nothing(key: str) -> None:
    assert term_of(WEEKLY, key) is None


@pytest.mark.parametrize(
    ("rule", "day", "words"),
    [
        (WEEKLY, date(2023, 9, 20), "2023年第38周（9月18日至24日）"),
        (WEEKLY, date(2023, 9, 28), "2023年第39周（9月25日至10月1日）"),
        (TEN_DAYS, date(2023, 9, 5), "2023年9月上旬"),
        (TEN_DAYS, date(2023, 9, 15), "2023年9月中旬"),
        (TEN_DAYS, date(2023, 9, 25), "2023年9月下旬"),
        (HALF_MONTH, date(2023, 9, 5), "2023年9月上半月"),
        (HALF_MONTH, date(2023, 9, 25), "2023年9月下半月"),
        (QUARTER, date(2023, 8, 5), "2023年三季度"),
        (Due(every="month", day=5), date(2023, 8, 5), "2023年8月"),
        (Due(every="half", day=5), date(2023, 8, 5), "2023年下半年"),
        (Due(every="year", months=(12,), day=31), date(2023, 8, 5), "2023年"),
        (Due(every="day"), date(2023, 8, 5), "2023年8月5日"),
        (Due(every="day", each=3, start=date(2023, 6, 1)), date(2023, 6, 2), "2023年6月1日至3日"),
    ],
)
def test_a_term_is_named_as_offices_name_it(rule: Due, day: date, words: str) -> None:
    term = next(
        one
        for one in terms_due(rule, day - timedelta(days=400), day + timedelta(days=400))
        if one.begins <= day <= one.ends
    )
    assert term_words(rule.every, term.begins, term.ends) == words


def test_hours_are_for_what_happens_and_stand_alone() -> None:
    assert due_faults(Due(every="event", hours=2)) == []
    assert [key for key, _words in due_faults(Due(every="week", hours=2))] == ["hours"]
    assert [key for key, _words in due_faults(Due(every="event", hours=2, within=1))] == [""]


def _week(number: int) -> ReportTerm:
    monday = date(2023, 9, 4) + timedelta(days=7 * number)
    return ReportTerm(monday, monday + timedelta(days=6), 1, monday + timedelta(days=4))


@given(st.lists(st.none() | st.integers(-3, 10), min_size=1, max_size=8), st.integers(0, 60))
def test_every_term_that_was_due_is_in_time_late_or_missing(came: list[int | None], after: int) -> None:
    terms = [_week(number) for number in range(len(came))]
    handed = {
        term.key: term.due + timedelta(days=days)
        for term, days in zip(terms, came, strict=True)
        if days is not None
    }
    day = date(2023, 9, 1) + timedelta(days=after)
    kept = punctuality(terms, handed, day)
    assert kept.due == sum(term.due < day for term in terms)
    assert kept.late + kept.missing <= kept.due
    known = {key: came for key, came in handed.items() if came <= day}
    assert kept == punctuality(terms, known, day), "what came later was missing on that day"
    assert punctuality(terms, {term.key: term.due for term in terms}, day).late == 0


def test_the_last_that_was_said_of_a_field_is_what_is_known() -> None:
    fields = standard_fields(["physical", "problem", "invested_ytd"])
    found = said_before(
        fields,
        [
            ("第37周", {"problem": "缺砂", "physical": 3}),
            ("第38周", {"problem": "缺电", "invested_ytd": 5, "note": "x"}),
        ],
    )
    assert found == {"physical": Said(3, "第37周"), "problem": Said("缺电", "第38周")}
