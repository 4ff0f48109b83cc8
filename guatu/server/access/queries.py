"""Reading the access log, through the right to see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet

from guatu.server.access.models import Access
from guatu.server.accounts.rights import User, Verb, may
from guatu.server.clock import CHINA

PAGE: Final = 100
"""Requests on a page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are asked for; what is None or empty does not matter."""

    since: date | None = None
    until: date | None = None
    usernames: tuple[str, ...] = ()
    kind: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of requests, newest first, and where the next page begins (empty: there is none)."""

    rows: tuple[Access, ...]
    after: str


def accesses_wanted(user: User, wanted: Wanted) -> QuerySet[Access]:
    """The requests asked for, newest first; none for someone who may not see the access log."""
    if not may(user, Verb.SEE_ACCESS_LOG):
        return Access.objects.none()
    rows = Access.objects.order_by("-time", "-id")
    if wanted.since:
        rows = rows.filter(time__gte=datetime.combine(wanted.since, time.min, CHINA))
    if wanted.until:
        rows = rows.filter(time__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, CHINA))
    if wanted.usernames:
        rows = rows.filter(account__in=wanted.usernames)
    for column, value in (("kind", wanted.kind), ("address", wanted.address)):
        if value:
            rows = rows.filter(**{column: value})
    return rows


def page_of(rows: QuerySet[Access], after: str = "") -> Shown:
    """The next requests after the place `after` (`Shown.after`; wrong words begin at the newest). One query."""
    found = re.fullmatch(r"(\d{1,18})\.(\d{1,17})", after)
    if found:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[2]))
        rows = rows.filter(time__lte=moment).exclude(time=moment, id__gte=int(found[1]))
    some = list(rows[: PAGE + 1])
    last = some[PAGE - 1] if len(some) > PAGE else None
    return Shown(tuple(some[:PAGE]), f"{last.pk}.{round(last.time.timestamp() * 1_000_000)}" if last else "")
