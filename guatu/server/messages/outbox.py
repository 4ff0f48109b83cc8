"""Sending what is held: each message by one process, tried again with growing pauses, never twice."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from guatu.server.clock import CHINA, now
from guatu.server.messages.models import Message, Said
from guatu.server.messages.round import quiet_hours
from guatu.server.messages.sending import send

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720))
"""The pauses after each failure; after one more a message is given up."""
PATIENCE: Final = 3
"""So many failures in a row, and a channel rests until the next run."""
AT_ONCE: Final = 200
"""So many messages go out in one run."""
STALE: Final = timedelta(minutes=15)
"""A message that has been sending for so long was left by a process that ended."""


@dataclass(slots=True)
class Out:
    """What came of one run."""

    sent: int = 0
    failed: int = 0


def deliver(moment: datetime) -> Out:
    """Send what is due. Two queries where nothing is.

    A channel that failed PATIENCE times in a row is left alone until the next run: its other messages lose no try.
    A message whose sending was cut off is not sent again: it may have gone out, and nobody should hear twice.
    """
    out = Out()
    State = Message.State
    Message.objects.filter(state=State.SENDING, claimed__lt=moment - STALE).update(
        state=State.FAILED, why=_("发送时服务停了，说不准是否已发出，没有再发。")
    )
    due = Message.objects.filter(state=State.HELD, next_try__lte=moment).order_by("next_try", "id")
    refused: Counter[int] = Counter()
    for number, channel in list(due.values_list("pk", "channel_id")[:AT_ONCE]):
        if refused[channel] >= PATIENCE:
            continue
        result = deliver_one(number, moment)
        if result is not None:
            out.sent += result
            out.failed += not result
            refused[channel] = 0 if result else refused[channel] + 1
    return out


def forget_old(day: date) -> int:
    """Delete the messages that are older than the access log is kept; how many."""
    before = datetime.combine(day - timedelta(days=settings.GUATU_ACCESS_DAYS), time(), CHINA)
    deleted, _tables = Message.objects.filter(made__lt=before).delete()
    return deleted


def deliver_one(number: int, moment: datetime) -> bool | None:
    """Send one message; None where another process has it, or it is not to be sent any more."""
    mine = Message.objects.filter(pk=number, state=Message.State.HELD, next_try__lte=moment)
    if not mine.update(state=Message.State.SENDING, claimed=moment, tries=F("tries") + 1):
        return None
    message = Message.objects.select_related("channel", "account").get(pk=number)
    gone = _gone(message)
    if gone:
        _end(message, Message.State.DROPPED, gone)
        return None
    result = send(message.channel, message.to, message.title, message.body)
    if result.sent:
        Message.objects.filter(pk=number).update(state=Message.State.SENT, sent=now(), why="")
        return True
    if message.trial or message.tries > len(PAUSES):
        _end(message, Message.State.FAILED, result.why)
    else:
        again = quiet_hours().allowed_from((moment + PAUSES[message.tries - 1]).astimezone(CHINA))
        Message.objects.filter(pk=number).update(
            state=Message.State.HELD, next_try=again, claimed=None, why=result.why[:200]
        )
    return False


def _gone(message: Message) -> str:
    """Why a message is not to be sent any more; empty where it is."""
    if message.account is not None and not message.account.is_active:
        return _("账号已停用。")
    if not message.channel.on and not message.trial:
        return _("渠道已关。")
    return ""


def _end(message: Message, state: Message.State, why: str) -> None:
    """Let a message end unsent; what it would have said counts as not said."""
    Message.objects.filter(pk=message.pk).update(state=state, why=why[:200])
    Said.objects.filter(message=message).delete()


def in_background(number: int) -> threading.Thread:
    """Send one message now in a thread of this process, and return at once; the page asks how far it is."""

    def run() -> None:
        try:
            deliver_one(number, now())
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"message-{number}", daemon=True)
    thread.start()
    return thread
