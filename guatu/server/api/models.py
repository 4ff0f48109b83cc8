"""What opens the API: tokens of accounts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guatu.server.accounts.models import Account


class Token(models.Model):
    """A token by which a program acts as an account, until its day or until it is withdrawn.

    `digest` is the SHA-256 of the secret; the secret itself is shown once and kept nowhere. A token that does not
    `writes` only reads.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    writes = models.BooleanField(_("可以办理"), default=False)
    since = models.DateTimeField(_("生成时间"))
    until = models.DateField(_("用到"))
    used = models.DateTimeField(_("最近使用"), null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.account} · {self.name}"
