"""Looking back: what was known here at the end of a past day.

Two things decide: the day from which something holds (`valid_from`, `known_from`, the day of a step), and the
entry of the record by which it came. What was entered later does not count, even where it is said to hold from
earlier on; so what comes out is what the pages showed at the end of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from guatu.server.clock import CHINA
from guatu.server.record.models import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """The end of a past day: the day, and the last entry that the record held by then."""

    day: date
    entry: int


def end_of(day: date) -> datetime:
    """The moment at which the day ends in China."""
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)


def known_on(day: date) -> Known:
    """The end of `day`. One query."""
    last = Entry.objects.filter(time__lt=end_of(day)).order_by("-time", "-sequence").first()
    return Known(day, last.sequence if last else 0)


def first_day() -> date | None:
    """The day of the first entry: nothing was known before it. One query."""
    first = Entry.objects.order_by("sequence").values_list("time", flat=True).first()
    return first.astimezone(CHINA).date() if first else None


def entered_by(known: Known | int | None) -> Q:
    """The condition that a row had come by then (an entry may be given instead); no condition for None."""
    if known is None:
        return Q()
    return Q(entry_id__lte=known if isinstance(known, int) else known.entry)
