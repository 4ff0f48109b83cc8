"""Making, renewing and withdrawing the private address of a calendar."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guatu.record.chain import digest
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import administers
from guatu.server.clock import now
from guatu.server.messages.models import CalendarAddress
from guatu.server.record.actions import append

SECRET_BYTES: Final = 32
NOTED_EVERY: Final = timedelta(minutes=1)
"""How often at most a reading of the calendar is written down beside its address; the access log has every one."""


@transaction.atomic
def make_calendar_address(*, actor: Account) -> str:
    """Give the account a new private address; return its secret, which is shown this once.

    One that was there before holds no longer. Raises PermissionDenied for the three administrators, who have no
    business of their own.
    """
    if administers(actor) is not None:
        raise PermissionDenied(_("您现任的职务没有要办的业务，也就没有日历。"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    ended, _tables = CalendarAddress.objects.filter(account=actor).delete()
    CalendarAddress.objects.create(account=actor, digest=digest(secret), since=now())
    _keep("calendar.renewed" if ended else "calendar.made", actor)
    return secret


@transaction.atomic
def withdraw_calendar_address(*, actor: Account) -> bool:
    """Let the account's private address end at once; whether there was one."""
    ended, _tables = CalendarAddress.objects.filter(account=actor).delete()
    if ended:
        _keep("calendar.withdrawn", actor)
    return bool(ended)


def _keep(action: str, actor: Account) -> None:
    append(actor=actor, action=action, subject_kind="account", subject_id=actor.username)


def note_fetched(address: CalendarAddress) -> None:
    """Write down beside the address that its calendar was read, once a minute at most."""
    moment = now()
    rarely = Q(fetched=None) | Q(fetched__lt=moment - NOTED_EVERY)
    CalendarAddress.objects.filter(rarely, pk=address.pk).update(fetched=moment)
