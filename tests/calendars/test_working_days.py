"""Working days with make-up weekends, and due days."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.calendars import UnpublishedYear, due_day, is_working_day, working_days_after
from guatu.values import Period


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_not() -> None:
    assert is_working_day(date(2023, 10, 7))
    assert not is_working_day(date(2023, 10, 2))


def test_working_days_skip_the_national_holiday() -> None:
    assert working_days_after(date(2023, 9, 28), date(2023, 10, 9)) == 3


def test_no_working_day_has_passed_on_or_before_the_start() -> None:
    assert working_days_after(date(2023, 10, 13), date(2023, 10, 13)) == 0
    assert working_days_after(date(2023, 10, 13), date(2023, 9, 1)) == 0


def test_a_year_whose_holidays_are_not_published_is_said_and_not_guessed() -> None:
    with pytest.raises(UnpublishedYear, match="2027"):
        working_days_after(date(2026, 12, 31), date(2027, 1, 5))


def test_a_report_is_due_on_its_day_of_the_following_month() -> None:
    assert due_day(Period(2023, 12), day=5, months_after=1) == date(2024, 1, 5)


def test_a_due_day_that_the_month_does_not_have_is_its_last_day() -> None:
    assert due_day(Period(2023, 1), day=31, months_after=1) == date(2023, 2, 28)
