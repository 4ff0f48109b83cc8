"""Due work: one row for each job and period, claimed by whoever does it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DueWork(models.Model):
    """A job that is due in a period, and whether it was done. The pair is unique, so that it is done once.

    `claimed_at` is when somebody began; where that was long ago and nothing came of it, another may begin.
    """

    job = models.CharField(_("任务"), max_length=40)
    period = models.CharField(_("期别"), max_length=20)
    claimed_at = models.DateTimeField(_("开始时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    attempts = models.PositiveIntegerField(_("次数"), default=0)
    said = models.TextField(_("结果"), blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("job", "period"), name="due_work_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(claimed_at__isnull=False), name="due_work_done_is_claimed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.job} {self.period}"
