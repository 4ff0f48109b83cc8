"""Part of the accounts' actions: passwords, closing and opening, sessions, the rules of signing in."""

from __future__ import annotations

from typing import Any, Final

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, FormerPassword, SignedIn, SignInRules
from guatu.server.accounts.passwords import initial_password
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.accounts.rights import Verb, administers, may, require
from guatu.server.clock import now
from guatu.server.record.actions import append

PASSWORD_RULES: Final = ("min_length", "not_last", "max_age_days", "idle_minutes")
"""What the security administrator decides."""
WAYS: Final = ("totp", "webauthn", "oidc", "oidc_name", "oidc_issuer", "oidc_client", "tokens")
"""What the system administrator switches on."""


def take_password(account: Account, password: str, *, must_change: bool) -> None:
    """Put a new password on the account (not saved); the one before is kept as a hash.

    Raises ValidationError (Chinese) where the rules of signing in refuse it.
    """
    validate_password(password, account)
    if account.pk is not None and account.has_usable_password():
        FormerPassword.objects.create(account=account, password=account.password, until=now())
    account.set_password(password)
    account.password_since = now()
    account.must_change = must_change


@transaction.atomic
def change_own_password(*, actor: Account, password: str, keep: str = "") -> None:
    """Give oneself another password; every other sign-in of the account ends, the session `keep` stays.

    Raises ValidationError (Chinese) where the rules refuse it.
    """
    take_password(actor, password, must_change=False)
    actor.save(update_fields=["password", "password_since", "must_change"])
    _end_sessions(actor, but=keep)
    append(
        actor=actor,
        action="password.changed",
        subject_kind="account",
        subject_id=actor.username,
    )


@transaction.atomic
def reset_password(*, actor: Account | None, account: Account, reason: str) -> str:
    """Give an account an initial password and return it: it is shown once and changed at the next sign-in.

    Raises PermissionDenied for an administrator's account: that is done on the machine itself.
    """
    require(actor, Verb.MANAGE_ACCOUNTS)
    _refuse_administrators(actor, account)
    password = initial_password()
    take_password(account, password, must_change=True)
    account.save(update_fields=["password", "password_since", "must_change"])
    _end_sessions(account)
    append(
        actor=actor,
        action="password.reset",
        subject_kind="account",
        subject_id=account.username,
        reason=reason,
    )
    return password


@transaction.atomic
def close_account(*, actor: Account | None, account: Account, reason: str) -> None:
    """Close an account: nobody signs in with it any more. It is not deleted."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    _refuse_administrators(actor, account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_sessions(account)
    append(
        actor=actor,
        action="account.closed",
        subject_kind="account",
        subject_id=account.username,
        before={"active": True},
        after={"active": False},
        reason=reason,
    )


@transaction.atomic
def reopen_account(*, actor: Account | None, account: Account, reason: str) -> None:
    """Open a closed account again; its password is as it was."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    _refuse_administrators(actor, account)
    account.is_active = True
    account.save(update_fields=["is_active"])
    append(
        actor=actor,
        action="account.reopened",
        subject_kind="account",
        subject_id=account.username,
        before={"active": False},
        after={"active": True},
        reason=reason,
    )


@transaction.atomic
def unlock_account(*, actor: Account | None, account: Account, reason: str) -> None:
    """Let an account that was locked by wrong passwords sign in again, from every address."""
    require(actor, Verb.UNLOCK)
    forgotten = reset(username=account.username)
    append(
        actor=actor,
        action="account.unlocked",
        subject_kind="account",
        subject_id=account.username,
        after={"attempts": forgotten},
        reason=reason,
    )


@transaction.atomic
def end_session(*, actor: Account, signed_in: SignedIn) -> None:
    """End one sign-in: one's own, or anybody's for whoever unlocks accounts."""
    if signed_in.account_id != actor.pk and not may(actor, Verb.UNLOCK):
        raise PermissionDenied(_("只能结束自己的登录。"))
    Session.objects.filter(session_key=signed_in.session).delete()
    username = signed_in.account.username
    signed_in.delete()
    append(actor=actor, action="session.ended", subject_kind="account", subject_id=username)


@transaction.atomic
def change_sign_in_rules(*, actor: Account | None, values: dict[str, Any], reason: str) -> SignInRules:
    """Change the rules for passwords and idle sessions (`PASSWORD_RULES`). Raises ValidationError."""
    require(actor, Verb.SET_PASSWORD_RULES)
    return _change(actor, {name: values[name] for name in PASSWORD_RULES}, reason)


@transaction.atomic
def switch_ways(*, actor: Account | None, values: dict[str, Any], reason: str) -> SignInRules:
    """Switch further ways of signing in (`WAYS`) on or off. Raises ValidationError."""
    require(actor, Verb.MANAGE_SETTINGS)
    return _change(actor, {name: values[name] for name in WAYS}, reason)


def _change(actor: Account | None, values: dict[str, Any], reason: str) -> SignInRules:
    rules = sign_in_rules()
    before = {name: getattr(rules, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return rules
    if not reason.strip():
        raise ValidationError(_("请写明改动的理由。"))
    for name, value in changed.items():
        setattr(rules, name, value)
    rules.full_clean()
    rules.save()
    append(
        actor=actor,
        action="sign_in_rules.changed",
        subject_kind="sign_in_rules",
        subject_id=1,
        before={name: before[name] for name in changed},
        after=changed,
        reason=reason,
    )
    return rules


def _end_sessions(account: Account, but: str = "") -> None:
    ended = SignedIn.objects.filter(account=account).exclude(session=but)
    Session.objects.filter(session_key__in=ended.values("session")).delete()
    ended.delete()


def _refuse_administrators(actor: Account | None, account: Account) -> None:
    """An administrator's account, and one's own, is in nobody's hand on the site."""
    if actor is None:
        return
    if account.pk == actor.pk:
        raise PermissionDenied(_("不能这样处理自己的账号。"))
    if administers(account):
        raise PermissionDenied(
            _("“%s”是管理员账号，请在服务器上用 guatu password 重设或停用。") % account.username
        )
