"""The record (留痕): one line per action, each chained to the one before by its hash."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RecordIsAppendOnly(Exception):
    """Raised when something tries to change or delete an entry of the record."""

    def __init__(self) -> None:
        super().__init__(_("留痕只能追加，不能修改或删除；如有错误，请另记一条更正。"))


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly

    def delete(self) -> NoReturn:
        raise RecordIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly


class Entry(models.Model):
    """Who did what to which thing, when and why, with the state before and after.

    `before` and `after` are canonical JSON. `hash` is the SHA-256 (hex) of all other columns including
    `previous_hash`; the first entry's `previous_hash` is 64 zeros. `sequence` has no gaps.
    Written by `guatu.server.record.actions.append` alone.
    """

    sequence = models.BigIntegerField(gettext_lazy("序号"), primary_key=True)
    time = models.DateTimeField(gettext_lazy("时间"), db_index=True)
    actor = models.CharField(gettext_lazy("操作人"), max_length=100)
    post = models.CharField(gettext_lazy("职务"), max_length=200, blank=True)
    action = models.CharField(gettext_lazy("操作"), max_length=60)
    subject_kind = models.CharField(gettext_lazy("对象类别"), max_length=40)
    subject_id = models.CharField(gettext_lazy("对象"), max_length=80)
    before = models.TextField(gettext_lazy("原值"))
    after = models.TextField(gettext_lazy("新值"))
    reason = models.TextField(gettext_lazy("理由"), blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("sequence",)
        indexes = (
            models.Index(fields=("actor", "time", "sequence"), name="entry_by_actor"),
            models.Index(fields=("action", "time", "sequence"), name="entry_by_action"),
            models.Index(fields=("subject_kind", "subject_id", "time", "sequence"), name="entry_by_subject"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject_kind}/{self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("force_insert"):
            raise RecordIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly


class Head(models.Model):
    """The end of the chain: one row, locked while an entry is appended, so that the tail can be checked."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="record_one_head"),)


class PersonalValue(models.Model):
    """A personal value (a telephone number) that an entry holds as a digest alone, until its day.

    After `delete_after` the value is emptied and `deleted_on` says when; the row stays, so that a page can
    say that the value was deleted as it should be. The chain does not depend on it.
    """

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="personal", verbose_name=gettext_lazy("留痕")
    )
    digest = models.CharField(gettext_lazy("摘要"), max_length=60)
    value = models.TextField(gettext_lazy("个人信息"), blank=True)
    delete_after = models.DateField(gettext_lazy("保存至"))
    deleted_on = models.DateField(gettext_lazy("删除日"), null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "digest"), name="personal_value_once"),
            models.CheckConstraint(
                condition=models.Q(deleted_on=None) | models.Q(value=""), name="personal_value_deleted"
            ),
        )
        indexes = (models.Index(fields=("deleted_on", "delete_after"), name="personal_value_due"),)

    def __str__(self) -> str:
        return self.digest
