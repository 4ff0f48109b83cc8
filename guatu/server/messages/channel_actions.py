"""Part of the actions: channels kept and switched by the system administrator; how a person wants to be reminded."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, Organisation
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now
from guatu.server.messages.models import Channel, Message, Preference
from guatu.server.messages.queries import muted_of, preference_of
from guatu.server.messages.sealed import seal
from guatu.server.record.actions import append


@transaction.atomic
def add_channel(
    *, actor: Account, kind: str, name: str, organisation: Organisation | None, secrets: Mapping[str, str]
) -> Channel:
    """Keep a new channel, switched off. One entry, without its secrets. Raises ValidationError for a taken name."""
    require(actor, Verb.MANAGE_SETTINGS)
    _refuse_taken(name)
    channel = Channel.objects.create(
        kind=kind, name=name, organisation=organisation, sealed=seal(secrets), shown=shown_of(secrets)
    )
    _keep(actor, "channel.added", channel, {"kind": kind, "organisation": str(organisation or "")})
    return channel


@transaction.atomic
def change_channel(*, actor: Account, channel: Channel, name: str, secrets: Mapping[str, str]) -> None:
    """Give a channel another name, address or secret; it is switched off until somebody has looked at it again."""
    require(actor, Verb.MANAGE_SETTINGS)
    if name != channel.name:
        _refuse_taken(name)
    channel.name, channel.sealed, channel.shown, channel.on = name, seal(secrets), shown_of(secrets), False
    channel.save()
    _keep(actor, "channel.changed", channel, {})


def _refuse_taken(name: str) -> None:
    if Channel.objects.filter(name=name).exists():
        raise ValidationError(_("已有名为“%s”的渠道，请换一个名称。") % name)


def shown_of(secrets: Mapping[str, str]) -> str:
    """What may be shown of a channel's address: the host, and the sender of mail; never a key in an address."""
    if "host" in secrets:
        return f"{secrets['host']}:{secrets['port']} · {secrets['sender']}"[:200]
    return str(urlsplit(secrets["address"]).hostname or "")[:200]


@transaction.atomic
def switch_on(*, actor: Account, channel: Channel, reason: str) -> None:
    """Let messages go out by a channel. One entry. Raises ValidationError without a reason."""
    _switch(actor, channel, True, reason)


@transaction.atomic
def switch_off(*, actor: Account, channel: Channel, reason: str) -> None:
    """Let nothing more go out by a channel; what is held for it is dropped. As `switch_on`."""
    _switch(actor, channel, False, reason)


def _switch(actor: Account, channel: Channel, on: bool, reason: str) -> None:
    require(actor, Verb.MANAGE_SETTINGS)
    if not reason.strip():
        raise ValidationError(_("请写明理由。"))
    if Channel.objects.filter(pk=channel.pk, on=not on).update(on=on):
        _keep(actor, "channel.switched_on" if on else "channel.switched_off", channel, {}, reason)


@transaction.atomic
def try_channel(*, actor: Account, channel: Channel, to: str) -> Message:
    """Put a trial message into the outbox, for now: quiet hours do not hold it, a failure is not tried again.

    It works while the channel is switched off, so that one knows before switching it on. One entry.
    """
    require(actor, Verb.MANAGE_SETTINGS)
    if channel.to_people and not to.strip():
        raise ValidationError(_("请写试发给谁。"))
    moment = now()
    message = Message.objects.create(
        channel=channel,
        to=to.strip()[:120] if channel.to_people else "",
        title=_("挂图：试发消息"),
        body=_("这是系统管理员试发的一条消息。收到它，说明“%s”可以用。") % channel.name,
        trial=True,
        made=moment,
        next_try=moment,
    )
    _keep(actor, "channel.tried", channel, {})
    return message


@transaction.atomic
def change_preference(
    *, actor: Account, channel: Channel | None, mail: str, rhythm: str, muted: Collection[str]
) -> None:
    """Say how one wants to be reminded. One entry with what changed; none where nothing did."""
    before = preference_of(actor)
    after = Preference(
        pk=before.pk,
        account=actor,
        channel=channel,
        mail=mail,
        rhythm=rhythm,
        muted=json.dumps(sorted(muted)),
    )
    if before.pk is not None and _told(before) == _told(after):
        return
    after.save()
    append(
        actor=actor,
        action="reminders.changed",
        subject_kind="account",
        subject_id=actor.username,
        before=_told(before) if before.pk else None,
        after=_told(after),
    )


def _told(preference: Preference) -> dict[str, object]:
    return {
        "channel": preference.channel.name if preference.channel else "",
        "email": preference.mail,
        "rhythm": preference.rhythm,
        "muted": list(muted_of(preference)),
    }


def _keep(actor: Account, action: str, channel: Channel, after: Mapping[str, str], reason: str = "") -> None:
    append(
        actor=actor,
        action=action,
        subject_kind="channel",
        subject_id=channel.name,
        after={"name": channel.name, "address": channel.shown, **after},
        reason=reason,
    )
