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

from guatu.messages.news import Manner
from guatu.messages.wording import manner_words
from guatu.server.access.actions import request_noted
from guatu.server.access.middleware import address_of
from guatu.server.access.models import Access
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.messages.actions import make_calendar_address, note_fetched, withdraw_calendar_address
from guatu.server.messages.calendar import calendar_of
from guatu.server.messages.channel_actions import change_preference
from guatu.server.messages.forms import PreferenceForm
from guatu.server.messages.models import Channel, Preference
from guatu.server.messages.queries import (
    calendar_address_by,
    calendar_address_of,
    messages_of,
    muted_of,
    personal_channels,
    preference_of,
)
from guatu.server.messages.round import quiet_hours
from guatu.server.schemes.queries import scheme_in_force

ICS: Final = "text/calendar; charset=utf-8"
SHOWN: Final = 20
"""How many of the messages to a person his page lists."""
HIDDEN: Final = "/calendar/….ics"
"""How the private address stands in the access log: without its secret."""


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    """What reminds this person outside the site. POST changes how."""
    user = _account(request)
    if request.method != "POST":
        return _page(request)
    form = PreferenceForm(_compulsory(), request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    data = form.cleaned_data
    change_preference(
        actor=user, channel=data["channel"], mail=data["mail"], rhythm=data["rhythm"], muted=data["muted"]
    )
    messages.success(request, _("提醒方式已保存。"))
    return HttpResponseRedirect(reverse("reminders"))


def _compulsory() -> tuple[Manner, ...]:
    rules = scheme_in_force().text.reminders
    return rules.compulsory if rules else ()


def _page(request: HttpRequest, secret: str = "", form: PreferenceForm | None = None) -> HttpResponse:
    user = _account(request)
    wanted = preference_of(user)
    compulsory = _compulsory()
    kinds = set(personal_channels().values_list("kind", flat=True))
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret])) if secret else ""
    context = {
        "calendar": calendar_address_of(user),
        "channels": bool(kinds),
        "mail": Channel.Kind.MAIL in kinds,
        "compulsory": "、".join(manner_words(manner) for manner in compulsory),
        "quiet": quiet_hours(),
        "told": messages_of(user)[:SHOWN],
        "form": form
        or PreferenceForm(
            compulsory,
            initial={
                "channel": wanted.channel_id,
                "mail": wanted.mail,
                "rhythm": wanted.rhythm if wanted.pk else _usual_rhythm(user),
                "muted": muted_of(wanted),
            },
        ),
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
    }
    return render(request, "messages/reminders.html", context, status=400 if form is not None else 200)


def _usual_rhythm(user: Account) -> str:
    """Who fills in or signs hears at once; who looks after others once a day."""
    at_once = may(user, Verb.HAND_IN) or may(user, Verb.SIGN)
    return Preference.Rhythm.AT_ONCE if at_once else Preference.Rhythm.DAILY


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
