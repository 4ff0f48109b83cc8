"""Reading tokens."""

from __future__ import annotations

from django.db.models import QuerySet

from guatu.record.chain import digest
from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.api.models import Token
from guatu.server.clock import today


def tokens_on() -> bool:
    """Whether the system administrator has switched tokens on."""
    return sign_in_rules().tokens


def token_by(secret: str) -> Token | None:
    """The token with this secret that holds today, with its account and person; None where there is none.

    None too while tokens are switched off, the account is closed, or its password has to be changed first.
    """
    found = (
        Token.objects.filter(digest=digest(secret), until__gte=today(), account__is_active=True)
        .select_related("account__person")
        .first()
    )
    return found if found is not None and not found.account.must_change and tokens_on() else None


def tokens_of(account: Account) -> QuerySet[Token]:
    """The tokens of an account, the oldest first; those that have run out too."""
    return Token.objects.filter(account=account)
