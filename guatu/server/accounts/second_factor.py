"""The second step of signing in: a one-time code, a recovery code or a security key, by django-allauth.

Nothing here is asked for until the system administrator has switched the way on.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, SignInRules
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.clock import now

PENDING: Final = "second_factor"
FRESH: Final = timedelta(minutes=5)
"""How long the second step may take."""
Kind = Authenticator.Type


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are kept encrypted with a key made from the site's own; names are ours."""

    def get_totp_issuer(self) -> str:
        return str(_("挂图")) + str(settings.GUATU_JURISDICTION)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user)

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity = {"id": str(user.pk).encode(), "display_name": str(user), "name": str(user)}
        return entity

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "GUATU_SECRET_KEY：与登记动态口令时用的不是同一个密钥，请恢复原来的密钥"
            ) from error


def _fernet() -> Fernet:
    key = hashlib.sha256(b"guatu.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def ways_on(rules: SignInRules | None = None) -> set[str]:
    """The kinds of second factor that are switched on. One query, none where the rules are at hand."""
    rules = rules or sign_in_rules()
    return {kind for kind, on in ((Kind.TOTP, rules.totp), (Kind.WEBAUTHN, rules.webauthn)) if on}


def registered(account: Account) -> dict[str, list[Authenticator]]:
    """What the account has registered, by kind. One query."""
    found: dict[str, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(user_id=account.pk).order_by("created_at", "id"):
        found.setdefault(one.type, []).append(one)
    return found


def asked_of(account: Account) -> set[str]:
    """The kinds of second factor that this account is asked for: registered, and switched on."""
    on = ways_on()
    return on & registered(account).keys() if on else set()


def hold(request: HttpRequest, account: Account, then: str) -> None:
    """Remember who has given the right password and where to go after the second step."""
    request.session[PENDING] = {"account": account.pk, "then": then, "at": now().isoformat()}


def held(request: HttpRequest) -> tuple[Account, str] | None:
    """Who is in the second step, and where to go then; None where nobody is, or it took too long."""
    pending = request.session.get(PENDING)
    if not pending or now() - datetime.fromisoformat(pending["at"]) > FRESH:
        return None
    account = Account.objects.filter(pk=pending["account"], is_active=True).first()
    return (account, str(pending["then"])) if account else None


def code_is_right(account: Account, code: str) -> bool:
    """Whether it is the one-time code of the moment, or a recovery code that was not used; either counts once."""
    code = code.replace(" ", "")
    for kind in (Kind.TOTP, Kind.RECOVERY_CODES):
        for one in registered(account).get(kind, []):
            if one.data.get("used") == code or not one.wrap().validate_code(code):
                continue
            if kind == Kind.TOTP:
                # Every process of the server has to know it, not only the one that saw it.
                one.data["used"] = code
                one.save(update_fields=["data"])
            one.record_usage()
            return True
    return False
