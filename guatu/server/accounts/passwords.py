"""The rules a password has to keep, said in Chinese: how long it is, and that it is none of the last ones."""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, FormerPassword
from guatu.server.accounts.queries import sign_in_rules

SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""What an initial password is made of: nothing that is taken for something else when it is read aloud."""
GROUPS: Final = 4
GROUP: Final = 4


def initial_password() -> str:
    """A password for the first sign-in: four groups of four signs, about 79 bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS))


class LongEnough:
    """Refuses a password of fewer signs than the rules of signing in ask for."""

    def validate(self, password: str, user: Any = None) -> None:
        least = sign_in_rules().min_length
        if len(password) < least:
            raise ValidationError(_("密码太短，至少要有%d个字符。") % least, code="password_too_short")

    def get_help_text(self) -> str:
        return _("密码至少要有%d个字符。") % sign_in_rules().min_length


class NoneOfTheLast:
    """Refuses the present password and the last ones before it, as many as the rules of signing in say."""

    def validate(self, password: str, user: Any = None) -> None:
        count = sign_in_rules().not_last
        if not count or not isinstance(user, Account) or user.pk is None:
            return
        before = FormerPassword.objects.filter(account=user).values_list("password", flat=True)
        if any(check_password(password, known) for known in [user.password, *before[: count - 1]]):
            raise ValidationError(_("密码不能与最近%d次用过的相同。") % count, code="password_used_before")

    def get_help_text(self) -> str:
        return _("密码不能与最近%d次用过的相同。") % sign_in_rules().not_last
