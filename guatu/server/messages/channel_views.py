"""消息渠道 and 发件箱: the system administrator's pages. He sees to whom and how it went, never what was said."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import Account
from guatu.server.messages import outbox as going
from guatu.server.messages.channel_actions import (
    add_channel,
    change_channel,
    switch_off,
    switch_on,
    try_channel,
)
from guatu.server.messages.forms import AddressForm, TrialForm, channel_form
from guatu.server.messages.models import Channel, Message
from guatu.server.messages.queries import channel_or_404, channels_for, outbox_for, trial_of
from guatu.server.messages.sending import installed

PAGE: Final = 50


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, and the kinds of which one can be added."""
    known = channels_for(_account(request))
    context = {"channels": known, "kinds": Channel.Kind.choices, "installed": installed()}
    return render(request, "messages/channels.html", context)


@login_required
def channel_add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new channel of a kind, switched off at first."""
    user = _account(request)
    channels_for(user)
    if kind not in Channel.Kind.values:
        raise Http404(_("没有这种渠道。"))
    form = channel_form(kind, request.POST if request.method == "POST" else None)
    if form.is_valid():
        organisation = form.organisation if isinstance(form, AddressForm) else None
        try:
            channel = add_channel(
                actor=user, kind=kind, name=form.cleaned_data["name"], organisation=organisation,
                secrets=form.secrets(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("渠道已添加，还没有开通；可以先试发一条。"))
            return HttpResponseRedirect(reverse("channel", args=[channel.pk]))
    context = {"form": form, "kind": Channel.Kind(kind).label}
    return render(request, "messages/channel_add.html", context, status=400 if form.errors else 200)


@login_required
def channel(request: HttpRequest, number: int) -> HttpResponse:
    """One channel: whether it is on, a trial, its address anew. POST changes name, address and secret."""
    user = _account(request)
    known = channel_or_404(user, number)
    form = channel_form(
        known.kind,
        request.POST if request.method == "POST" else None,
        known=True,
        initial={"name": known.name},
    )
    if form.is_valid():
        try:
            change_channel(actor=user, channel=known, name=form.cleaned_data["name"], secrets=form.secrets())
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("已改，渠道先关着；试发成功后请重新开通。"))
            return HttpResponseRedirect(reverse("channel", args=[number]))
    return _page(request, known, {"form": form}, 400 if form.errors else 200)


def _page(request: HttpRequest, known: Channel, more: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "channel": known,
        "form": channel_form(known.kind, known=True, initial={"name": known.name}),
        "trial_form": TrialForm(known),
        "trial": trial_of(known),
        "installed": installed(),
        **more,
    }
    return render(request, "messages/channel.html", context, status=status)


@require_POST
@login_required
def channel_switch(request: HttpRequest, number: int) -> HttpResponse:
    """Switch a channel on or off, with the reason."""
    user = _account(request)
    known = channel_or_404(user, number)
    turn = switch_off if request.POST.get("to") == "off" else switch_on
    try:
        turn(actor=user, channel=known, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return _page(request, known, {"error": "".join(error.messages)}, 400)
    messages.success(
        request, _("“%s”已关闭。") % known.name if turn is switch_off else _("“%s”已开通。") % known.name
    )
    return HttpResponseRedirect(reverse("channel", args=[number]))


@login_required
def channel_try(request: HttpRequest, number: int) -> HttpResponse:
    """POST sends a trial message outside the request; GET, for htmx, says how far it is."""
    user = _account(request)
    known = channel_or_404(user, number)
    if request.method != "POST":
        return render(request, "messages/_trial.html", {"trial": trial_of(known), "channel": known})
    form = TrialForm(known, request.POST)
    if not form.is_valid():
        return _page(request, known, {"trial_form": form}, 400)
    message = try_channel(actor=user, channel=known, to=form.cleaned_data.get("to", ""))
    going.in_background(message.pk)
    return HttpResponseRedirect(reverse("channel", args=[number]))


@require_GET
@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages on their way and those of the past: to whom, by which channel, how it went."""
    state = request.GET.get("state", "")
    page = Paginator(outbox_for(_account(request), state), PAGE).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        return f"?{urlencode({'state': state, 'page': number})}"

    context = {
        "page": page,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
        "numbers": [
            {"number": number, "href": address(number) if isinstance(number, int) else ""}
            for number in page.paginator.get_elided_page_range(page.number)
        ],
        "state": state,
        "states": Message.State.choices,
    }
    return render(request, "messages/outbox.html", context)
