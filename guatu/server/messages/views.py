"""我的提醒: what reminds a person outside the site, and the calendar that programs read by its private address."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from guatu.server.access.actions import request_noted
from guatu.server.access.middleware import address_of
from guatu.server.access.models import Access
from guatu.server.accounts.models import Account
from guatu.server.messages.actions import make_calendar_address, note_fetched, withdraw_calendar_address
from guatu.server.messages.calendar import calendar_of
from guatu.server.messages.queries import calendar_address_by, calendar_address_of

ICS: Final = "text/calendar; charset=utf-8"
HIDDEN: Final = "/calendar/….ics"
"""How the private address stands in the access log: without its secret."""


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    """What reminds this person outside the site."""
    return _page(request)


def _page(request: HttpRequest, secret: str = "") -> HttpResponse:
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret])) if secret else ""
    context = {
        "calendar": calendar_address_of(_account(request)),
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
    }
    return render(request, "messages/reminders.html", context)


@never_cache
@require_POST
@login_required
def calendar_make(request: HttpRequest) -> HttpResponse:
    """Make the private address, or renew it; it is shown this once."""
    return _page(request, make_calendar_address(actor=_account(request)))


@require_POST
@login_required
def calendar_withdraw(request: HttpRequest) -> HttpResponse:
    """Let the private address end."""
    if withdraw_calendar_address(actor=_account(request)):
        messages.success(request, _("日历地址已作废，订阅过的日历不再更新。"))
    return HttpResponseRedirect(reverse("reminders"))


@require_GET
@login_required
def calendar_download(request: HttpRequest) -> HttpResponse:
    """The calendar as a file, as it stands now."""
    answer = HttpResponse(calendar_of(_account(request), _site(request)), content_type=ICS)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('我的提醒.ics'))}"
    return answer


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar for a program that subscribed to it: the secret in the address stands for the sign-in.

    Every reading is in the access log. Raises Http404 for an address that was renewed, withdrawn, or never made.
    """
    found = calendar_address_by(secret)
    request_noted(
        account=found.account.username if found else "",
        name=found.account.person.name if found else "",
        address=address_of(request),
        kind=Access.Kind.EXPORT if found else Access.Kind.READ,
        page="calendar-feed",
        path=HIDDEN,
        status=200 if found else 404,
    )
    if found is None:
        raise Http404(_("没有这个日历。"))
    note_fetched(found)
    return HttpResponse(calendar_of(found.account, _site(request)), content_type=ICS)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
