"""Making and withdrawing tokens."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.record.chain import digest
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import administers
from guatu.server.api.models import Token
from guatu.server.api.queries import tokens_on
from guatu.server.clock import now, today
from guatu.server.record.actions import append

SECRET_BYTES: Final = 32
LONGEST: Final = timedelta(days=366)
MOST: Final = 10
"""Tokens that an account may have at once."""
NOTED_EVERY: Final = timedelta(minutes=1)
"""How often at most a use is written down beside the token; the access log has every one."""


@transaction.atomic
def make_token(*, actor: Account, name: str, until: date, writes: bool) -> str:
    """Give a program a token to act as the account; return its secret, which is shown this once. One entry.

    Raises PermissionDenied while tokens are switched off and for the three administrators, whose work is done by
    persons alone; ValidationError without a name, for a day past or too far ahead, and for too many tokens.
    """
    if not tokens_on():
        raise PermissionDenied(_("接口令牌没有开；由系统管理员在“登录方式”里开。"))
    if administers(actor) is not None:
        raise PermissionDenied(_("管理员的事由本人办，不能交给程序。"))
    faults = []
    if not name.strip():
        faults.append(_("请写明用途，例如“市数据中台每日取数”。"))
    if not today() < until <= today() + LONGEST:
        faults.append(_("“用到”应是明天起一年以内的一天。"))
    if Token.objects.filter(account=actor).count() >= MOST:
        faults.append(_("一个账号最多 %d 个令牌；请先作废不用的。") % MOST)
    if faults:
        raise ValidationError(faults)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = Token.objects.create(
        account=actor,
        name=name.strip()[:60],
        digest=digest(secret),
        writes=writes,
        since=now(),
        until=until,
    )
    append(
        actor=actor,
        action="token.made",
        subject_kind="account",
        subject_id=actor.username,
        after={"name": made.name, "writes": writes, "until": until.isoformat()},
    )
    return secret


@transaction.atomic
def withdraw_token(token: Token, *, actor: Account) -> None:
    """Let one's own token end at once. One entry."""
    if token.account_id != actor.pk:
        raise PermissionDenied
    append(
        actor=actor,
        action="token.withdrawn",
        subject_kind="account",
        subject_id=actor.username,
        before={"name": token.name},
    )
    token.delete()


def note_used(token: Token) -> None:
    """Write down beside the token that it was used, once a minute at most."""
    moment = now()
    if token.used is None or token.used < moment - NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used=moment)
