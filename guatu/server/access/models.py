"""The access log (访问日志): one row a request of a signed-in person, and one a failed sign-in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Access(models.Model):
    """One request: who, from where, for which page, and how it was answered.

    Rows are only ever added; triggers of the database refuse to change them, and to delete those of the last
    180 days. `account` is the user name (of a failed sign-in: what was typed), `page` the name of the
    address, `path` the address itself with its query.
    """

    class Kind(models.TextChoices):
        READ = "read", _("查看")
        EXPORT = "export", _("导出")
        CHANGE = "change", _("提交")
        SIGN_IN = "sign_in", _("登录")
        SIGN_IN_FAILED = "failed", _("登录失败")
        SIGN_OUT = "sign_out", _("退出")
        LOST = "lost", _("缺记")

    time = models.DateTimeField(_("时间"))
    account = models.CharField(_("账号"), max_length=100)
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=45)
    kind = models.CharField(_("动作"), max_length=10, choices=Kind)
    page = models.CharField(_("页面"), max_length=60, blank=True)
    path = models.CharField(_("网址"), max_length=300)
    status = models.PositiveSmallIntegerField(_("结果"))

    class Meta:
        ordering = ("-time", "-id")
        indexes = (
            models.Index(fields=("time", "id"), name="access_by_time"),
            models.Index(fields=("account", "time", "id"), name="access_by_account"),
            models.Index(fields=("address", "time", "id"), name="access_by_address"),
            models.Index(fields=("kind", "time", "id"), name="access_by_kind"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.path}"
