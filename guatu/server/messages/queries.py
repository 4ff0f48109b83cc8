"""Reading what reminds a person."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from guatu.messages.news import MANNERS, Manner
from guatu.record.chain import digest
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, administers, require
from guatu.server.messages.models import PERSONAL, CalendarAddress, Channel, Message, Preference


def calendar_address_of(account: Account) -> CalendarAddress | None:
    """The calendar address of an account. One query."""
    return CalendarAddress.objects.filter(account=account).first()


def calendar_address_by(secret: str) -> CalendarAddress | None:
    """The address that a secret opens: never one of a closed account, or of an administrator."""
    found = (
        CalendarAddress.objects.filter(digest=digest(secret), account__is_active=True)
        .select_related("account__person")
        .first()
    )
    if found is None or administers(found.account) is not None:
        return None
    return found


def preference_of(account: Account) -> Preference:
    """How an account wants to be reminded; a row that is not saved where it never said. One query."""
    found = Preference.objects.filter(account=account).select_related("channel").first()
    return found or Preference(account=account)


def muted_of(preference: Preference) -> list[Manner]:
    """What a person does not want to hear of."""
    return [manner for manner in MANNERS if manner in json.loads(preference.muted)]


def personal_channels() -> QuerySet[Channel]:
    """The channels switched on that reach a person."""
    return Channel.objects.filter(on=True, kind__in=PERSONAL)


def channels_for(user: Account) -> QuerySet[Channel]:
    """All channels, for whoever keeps the settings. Raises PermissionDenied for all others."""
    require(user, Verb.MANAGE_SETTINGS)
    return Channel.objects.select_related("organisation")


def channel_or_404(user: Account, number: int) -> Channel:
    """One channel. Raises PermissionDenied without the right, Http404 where there is none."""
    return get_object_or_404(channels_for(user), pk=number)


def outbox_for(user: Account, state: str = "") -> QuerySet[Message]:
    """The messages on their way and those of the past, without what they say: for whoever keeps the settings.

    Raises PermissionDenied for all others.
    """
    require(user, Verb.MANAGE_SETTINGS)
    rows = Message.objects.select_related("channel__organisation", "account__person").defer("title", "body")
    return rows.filter(state=state) if state in Message.State.values else rows


def messages_of(account: Account) -> QuerySet[Message]:
    """The messages to an account, the newest first, with what they say: for the recipient alone."""
    rows = Message.objects.filter(account=account, trial=False).exclude(state=Message.State.DROPPED)
    return rows.select_related("channel")


def trial_of(channel: Channel) -> Message | None:
    """The last trial message of a channel. One query."""
    return Message.objects.filter(channel=channel, trial=True).order_by("-id").first()
