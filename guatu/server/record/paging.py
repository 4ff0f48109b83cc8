"""A long list from day to day and from page to page: by time, newest first, at the same cost on every page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from guatu.server.clock import CHINA

Row = TypeVar("Row", bound=Model)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def between(rows: QuerySet[Row], since: date | None, until: date | None) -> QuerySet[Row]:
    """Those of the rows whose `time` lies between two days in China; both count, a missing one is open."""
    if since:
        rows = rows.filter(time__gte=datetime.combine(since, time.min, CHINA))
    if until:
        rows = rows.filter(time__lt=datetime.combine(until + timedelta(days=1), time.min, CHINA))
    return rows


def one_page(rows: QuerySet[Row], after: str, size: int) -> tuple[tuple[Row, ...], str]:
    """The next `size` rows after the place `after`, and the place after them ("": there are no more).

    The rows are ordered by `-time` and the primary key downward. A place that is none begins at the newest.
    One query, which reads no row of an earlier page.
    """
    found = re.fullmatch(r"(\d{1,18})\.(\d{1,17})", after)
    if found:
        moment = EPOCH + timedelta(microseconds=int(found[2]))
        rows = rows.filter(time__lte=moment).exclude(time=moment, pk__gte=int(found[1]))
    some = list(rows[: size + 1])
    return tuple(some[:size]), place_of(some[size - 1]) if len(some) > size else ""


def place_of(row: Any) -> str:
    """The place of a row in the list."""
    return f"{row.pk}.{(row.time - EPOCH) // timedelta(microseconds=1)}"
