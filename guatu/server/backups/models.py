"""The backups that were made here, and how often one is made by itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BackupFile(models.Model):
    """One backup: the file in the folder of backups, what it holds, and whether it was read back.

    `digest` is the SHA-256 of the file as it was written, `hash` the end of the record in it. `checking` is since
    when it is being verified. What is kept here are notes on files of this machine; no backup holds them.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("正在备份")
        WHOLE = "whole", _("已备份")
        FAILED = "failed", _("没有做成")

    class Checked(models.TextChoices):
        NOT = "not", _("还没有核验")
        GOING = "going", _("正在核验")
        GOOD = "good", _("完好")
        BAD = "bad", _("不能用")

    name = models.CharField(_("文件"), max_length=80, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WRITING)
    by = models.CharField(_("谁备份"), max_length=100)
    scheduled = models.BooleanField(_("定时"), default=False)
    begun = models.DateTimeField(_("开始时间"))
    made = models.DateTimeField(_("完成时间"), null=True)
    size = models.BigIntegerField(_("字节数"), null=True)
    digest = models.CharField(_("文件摘要"), max_length=64, blank=True)
    rows = models.PositiveIntegerField(_("行数"), null=True)
    entries = models.PositiveIntegerField(_("留痕条目"), null=True)
    hash = models.CharField(_("末端"), max_length=64, blank=True)
    checked = models.CharField(_("核验"), max_length=8, choices=Checked, default=Checked.NOT)
    checking = models.DateTimeField(_("核验时间"), null=True)
    problem = models.TextField(_("原因"), blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "scheduled", "id"), name="backup_by_state"),)

    def __str__(self) -> str:
        return self.name


class BackupRules(models.Model):
    """Whether a backup is made every night by itself, and how many of those are kept: one row, off at first."""

    nightly = models.BooleanField(_("每天自动备份"), default=False)
    keep = models.PositiveSmallIntegerField(_("保留最近几份"), default=14)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="backup_rules_once"),
            models.CheckConstraint(condition=Q(keep__gte=1), name="backup_rules_keep"),
        )

    def __str__(self) -> str:
        return "备份规则"
