"""Working days with make-up weekends (调休), and the days on which something falls due."""

from guatu.calendars.due import Due, DueDay, DueException, Every, Weekday, due_after, due_days
from guatu.calendars.due_faults import due_faults
from guatu.calendars.working_days import (
    PUBLISHED_YEARS,
    UnpublishedYear,
    due_day,
    is_working_day,
    working_days_after,
)

__all__ = [
    "PUBLISHED_YEARS", "Due", "DueDay", "DueException", "Every", "UnpublishedYear", "Weekday", "due_after", "due_day",
    "due_days", "due_faults", "is_working_day", "working_days_after",
]  # fmt: skip
