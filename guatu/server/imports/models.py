"""What was handed in as workbooks, how far it is, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """Workbooks that are taken over together (一次导入).

    `valid_from` is the day from which facts of a ledger hold, `year` the year of its plan; `whole` that a column
    which the ledger does not have empties the facts in force (else they stay). `rows` and `doubts`
    say how far the reading is, `seen` when it last said so. `preview` is the JSON of
    `guatu.server.imports.preview.Preview`, `preview_digest` its SHA-256: only what was previewed is saved.
    `entries` are the sequence numbers of the entries by which it was saved, `moved` the responsibilities that it
    ended or replaced (JSON), so that it can be taken back.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        READY = "ready", _("待确认")
        FAILED = "failed", _("不能读取")
        SAVING = "saving", _("正在保存")
        SAVED = "saved", _("已导入")
        DISCARDED = "discarded", _("已放弃")
        TAKEN_BACK = "taken_back", _("已收回")

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.READING)
    title = models.CharField(_("依据文件"), max_length=200)
    number = models.CharField(_("文号"), max_length=120, blank=True)
    paper_day = models.DateField(_("成文日期"))
    valid_from = models.DateField(_("生效日"))
    year = models.PositiveSmallIntegerField(_("计划年度"))
    whole = models.BooleanField(_("完整台账"), default=False)
    by = models.CharField(_("上传人"), max_length=100)
    received = models.DateTimeField(_("上传时间"))
    seen = models.DateTimeField(_("最近进展"))
    rows = models.PositiveIntegerField(_("已读行数"), default=0)
    doubts = models.PositiveIntegerField(_("疑点"), default=0)
    problem = models.TextField(_("原因"), blank=True)
    preview = models.TextField(default="{}")
    preview_digest = models.CharField(max_length=64, blank=True)
    saved_by = models.CharField(_("确认人"), max_length=100, blank=True)
    saved = models.DateTimeField(_("导入时间"), null=True)
    entries = models.TextField(default="[]")
    moved = models.TextField(default="{}")
    ended_by = models.CharField(_("收回人"), max_length=100, blank=True)
    ended = models.DateTimeField(_("收回时间"), null=True)
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "id"), name="import_by_state"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"


class ImportFile(models.Model):
    """One workbook (or mapping file) as it was handed in; its bytes are kept as evidence."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="files", verbose_name=_("导入"))
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("字节数"))
    content = models.BinaryField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("batch", "name"), name="import_file_once"),)

    def __str__(self) -> str:
        return self.name
