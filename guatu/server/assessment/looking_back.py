"""Looking back (按某日所知): pages of figures as they were at the end of a past day, chosen once in the address.

`known=2026-11-10` in the address of such a page chooses the day; without it, or empty, the page shows today. While
somebody looks back, every link of the page that leads to another page of figures carries the day along, and rights
let him read alone (`rights.may`). Nothing is kept: another window goes on showing today.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from html import escape, unescape
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.clock import today
from guatu.server.known import Known, first_day, known_on
from guatu.values import date_text

PARAMETER: Final = "known"
PAGES: Final = frozenset(
    {
        "overview",
        "ledger",
        "ledger-export",
        "ledger-csv",
        "ranking-export",
        "reports-export",
        "project",
        "ranking",
        "assessment",
        "score",
        "month-bundle",
        "bulletin",
        "bulletin-docx",
        "month-workbook",
        "reports",
        "reports-month",
    }
)
"""The pages of figures (by the names of their addresses), with what can be taken away from them."""

PAST: Final = "_known"
WRONG: Final = "_known_wrong"


def looked_back_on(request: HttpRequest) -> Known | None:
    """The past day that the page shows; None for today. Two queries where one is asked for, else none."""
    if not hasattr(request, PAST):
        known, wrong = _read(request.GET.get(PARAMETER, "").strip()) if offered(request) else (None, "")
        setattr(request, PAST, known)
        setattr(request, WRONG, wrong)
        if known is not None and isinstance(request.user, Account):
            request.user.looking_back = True
    found: Known | None = getattr(request, PAST)
    return found


def looks_back_at(request: HttpRequest, query: QueryDict) -> None:
    """Take the day from another query: that of the page for which this request answers a part."""
    known, wrong = _read(query.get(PARAMETER, "").strip())
    setattr(request, PAST, known)
    setattr(request, WRONG, wrong)


def wrong_day(request: HttpRequest) -> str:
    """What is wrong with the day in the address; empty where nothing is."""
    looked_back_on(request)
    return str(getattr(request, WRONG))


def offered(request: HttpRequest) -> bool:
    """Whether the page can show a past day."""
    return request.resolver_match is not None and request.resolver_match.url_name in PAGES


def _read(text: str) -> tuple[Known | None, str]:
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-10") else None
    except ValueError:
        day = None
    if day is None:
        return None, _("“%s”不是日期，请写成 2026-11-10 这样；已按今天显示。") % text[:20]
    if day > today():
        return None, _("%s还没有到，那一天知道什么现在不能说；已按今天显示。") % date_text(day)
    if day == today():
        return None, ""
    first = first_day()
    if first is None or day < first:
        since = date_text(first) if first else date_text(today())
        words = _("%(day)s这里还没有任何数据（最早是%(first)s）；已按今天显示。")
        return None, words % {"day": date_text(day), "first": since}
    return known_on(day), ""


class LookingBack:
    """Reads the day before the page is made, and lets the links of the page carry it along."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        known: Known | None = getattr(request, PAST, None)
        if known is None:
            return response
        if "Location" in response.headers:
            response.headers["Location"] = carried(response.headers["Location"], known.day)
        elif not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            content = getattr(response, "content", b"").decode()
            response.content = with_links(content, known.day)  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> None:
        if request.method in ("GET", "HEAD") and PARAMETER in request.GET:
            looked_back_on(request)


LINK: Final = re.compile(r'(?<=\shref=")(/[^"#]*)')
FORM: Final = re.compile(r'<form\b(?=[^>]*\smethod="get")[^>]*\saction="(/[^"]*)"[^>]*>')


def with_links(html: str, day: date) -> str:
    """The page with the day in every address that can show it, and in every form that asks for such an address."""

    def link(found: re.Match[str]) -> str:
        return escape(carried(unescape(found[1]), day))

    def form(found: re.Match[str]) -> str:
        if 'class="known"' in found[0] or not _shows_the_past(urlsplit(unescape(found[1])).path):
            return found[0]
        return f'{found[0]}<input type="hidden" name="{PARAMETER}" value="{day.isoformat()}">'

    return FORM.sub(form, LINK.sub(link, html))


def carried(address: str, day: date) -> str:
    """The address with the day, where its page can show one and it names none."""
    parts = urlsplit(address)
    if parts.netloc or not _shows_the_past(parts.path) or PARAMETER in QueryDict(parts.query):
        return address
    query = f"{parts.query}&" if parts.query else ""
    return parts._replace(query=f"{query}{PARAMETER}={day.isoformat()}").geturl()


@lru_cache(maxsize=4096)
def _shows_the_past(path: str) -> bool:
    try:
        return resolve(path).url_name in PAGES
    except Resolver404:
        return False
