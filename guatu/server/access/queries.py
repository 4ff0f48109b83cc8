"""Reading the access log, through the right to see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from guatu.server.access.models import Access
from guatu.server.accounts.rights import User, Verb, may
from guatu.server.record.paging import between, one_page

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
    rows = between(Access.objects.order_by("-time", "-id"), wanted.since, wanted.until)
    if wanted.usernames:
        rows = rows.filter(account__in=wanted.usernames)
    for column, value in (("kind", wanted.kind), ("address", wanted.address)):
        if value:
            rows = rows.filter(**{column: value})
    return rows


def page_of(rows: QuerySet[Access], after: str = "") -> Shown:
    """The next requests after the place `after` (`Shown.after`; wrong words begin at the newest). One query."""
    return Shown(*one_page(rows, after, PAGE))
