"""How long a password is, said in Chinese: Django's own sentence for it is not translated yet."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Refuses a password of fewer than `min_length` signs."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要有%d个字符。") % self.min_length

    def get_help_text(self) -> str:
        return _("密码至少要有%d个字符。") % self.min_length
