"""Saved views of lists, whom they are shared with, and the one that each person begins with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guatu.server.accounts.models import Account, Organisation, Role


class SavedView(models.Model):
    """A list as somebody wants it again: `query` is the filter, order and columns as the address holds them.

    `period` fixes the month (YYYY-MM); empty, the view follows the month of the site. What a view shows is cut by
    the rights of whoever opens it.
    """

    class Page(models.TextChoices):
        LEDGER = "ledger", _("项目台账")
        REPORTS = "reports", _("填报")
        RANKING = "ranking", _("考核排名")

    class Shared(models.TextChoices):
        NOBODY = "nobody", _("不共享")
        ORGANISATION = "organisation", _("一个单位")
        ROLE = "role", _("一个角色")
        ALL = "all", _("所有能看的人")

    page = models.CharField(_("页面"), max_length=10, choices=Page)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField(_("筛选、次序和列"), blank=True)
    period = models.CharField(_("固定的月份"), max_length=7, blank=True)
    owner = models.ForeignKey(Account, models.PROTECT, related_name="views", verbose_name=_("保存人"))
    position = models.PositiveIntegerField(_("次序"), default=0)
    shared = models.CharField(_("共享"), max_length=12, choices=Shared, default=Shared.NOBODY)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role, blank=True)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("owner", "page", "name"), name="saved_view_once"),
            models.CheckConstraint(
                condition=(Q(shared="organisation") & Q(organisation__isnull=False) & Q(role=""))
                | (Q(shared="role") & Q(organisation__isnull=True) & ~Q(role=""))
                | (Q(shared__in=("nobody", "all")) & Q(organisation__isnull=True) & Q(role="")),
                name="saved_view_shared_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The view with which a person's list opens, where he chose one."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("账号"))
    page = models.CharField(_("页面"), max_length=10, choices=SavedView.Page)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+", verbose_name=_("视图"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "page"), name="first_view_once"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.page}"
