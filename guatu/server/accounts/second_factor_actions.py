"""Part of the accounts' actions: registering a second factor, and taking it away."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.accounts.second_factor import Kind, registered, ways_on
from guatu.server.record.actions import append


@transaction.atomic
def register_totp(*, actor: Account, secret: str, code: str) -> list[str]:
    """Register the app that shows one-time codes; return the recovery codes, which are shown this once.

    Raises ValidationError for a wrong code, PermissionDenied while the way is not switched on.
    """
    _refuse_unless_on(Kind.TOTP)
    if not validate_totp_code(secret, code.replace(" ", "")):
        raise ValidationError(_("口令不对；请核对手机时间，输入现在显示的六位数。"))
    Authenticator.objects.filter(user_id=actor.pk, type=Kind.TOTP).delete()
    TOTP.activate(actor, secret)
    append(
        actor=actor,
        action="second_factor.registered",
        subject_kind="account",
        subject_id=actor.username,
        after={"kind": "totp"},
    )
    return _recovery_codes(actor)


@transaction.atomic
def register_key(*, actor: Account, name: str, credential: dict[str, Any]) -> list[str]:
    """Register a security key; return the recovery codes, shown this once (none where there were some).

    Raises PermissionDenied while the way is not switched on.
    """
    _refuse_unless_on(Kind.WEBAUTHN)
    had_codes = Kind.RECOVERY_CODES in registered(actor)
    WebAuthn.add(actor, name[:60], credential)
    append(
        actor=actor,
        action="second_factor.registered",
        subject_kind="account",
        subject_id=actor.username,
        after={"kind": "webauthn", "name": name[:60]},
    )
    return [] if had_codes else _recovery_codes(actor)


def _recovery_codes(account: Account) -> list[str]:
    Authenticator.objects.filter(user_id=account.pk, type=Kind.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(account).generate_codes())


def _refuse_unless_on(kind: str) -> None:
    if kind not in ways_on():
        raise PermissionDenied(_("这种登录方式没有开。"))


@transaction.atomic
def remove_second_factors(*, actor: Account | None, account: Account, reason: str) -> None:
    """Take all second factors off an account: one's own, or a lost one by whoever unlocks accounts."""
    if actor is None or actor.pk != account.pk:
        require(actor, Verb.UNLOCK)
    removed = sorted(registered(account))
    Authenticator.objects.filter(user_id=account.pk).delete()
    append(
        actor=actor,
        action="second_factor.removed",
        subject_kind="account",
        subject_id=account.username,
        before={"kinds": removed},
        reason=reason,
    )
