"""Reading what reminds a person."""

from __future__ import annotations

import hashlib

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import administers
from guatu.server.messages.models import CalendarAddress


def digest_of(secret: str) -> str:
    """What is kept of the secret of a calendar address."""
    return hashlib.sha256(secret.encode()).hexdigest()


def calendar_address_of(account: Account) -> CalendarAddress | None:
    """The calendar address of an account. One query."""
    return CalendarAddress.objects.filter(account=account).first()


def calendar_address_by(secret: str) -> CalendarAddress | None:
    """The address that a secret opens: never one of a closed account, or of an administrator."""
    found = (
        CalendarAddress.objects.filter(digest=digest_of(secret), account__is_active=True)
        .select_related("account__person")
        .first()
    )
    if found is None or administers(found.account) is not None:
        return None
    return found
