"""What people changed in the words of a month's bulletin: one row a change, never overwritten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guatu.server.assessment.models import JudgedMonth


class BulletinEdit(models.Model):
    """One change of one text of the bulletin of a judged month.

    The bulletin itself is composed from the judged month at any time; the latest edit of each `key`
    (a key of `guatu.documents.paper.Bulletin.texts`) is laid over it. An empty `text` leaves the
    paragraph out; `restored` brings the composed words back. When the month is judged anew, a new
    bulletin is composed, without edits.
    """

    judged_month = models.ForeignKey(JudgedMonth, models.PROTECT, related_name="bulletin_edits")
    key = models.CharField(max_length=40)
    text = models.TextField(_("文字"), blank=True)
    restored = models.BooleanField(_("恢复原文"), default=False)
    edited_by = models.CharField(_("修改人"), max_length=100)
    created = models.DateTimeField(_("修改时间"))
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("judged_month", "key"), name="bulletin_edit_by_key"),)

    def __str__(self) -> str:
        return f"{self.judged_month} {self.key}"
