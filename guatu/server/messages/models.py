"""What reminds a person outside the site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guatu.server.accounts.models import Account


class CalendarAddress(models.Model):
    """The private address under which an account's calendar is read without a session; at most one.

    `digest` is the SHA-256 of the secret in the address; the secret itself is shown once and kept nowhere.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="calendar_address", verbose_name=_("账号")
    )
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    since = models.DateTimeField(_("生成时间"))
    fetched = models.DateTimeField(_("最近读取"), null=True)

    def __str__(self) -> str:
        return f"{self.account} · {self.since}"
