"""A proposal: one person proposes, another decides, each with a reason."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guatu.server.accounts.models import Account


class Proposal(models.Model):
    """What someone proposes to do (`verb` with `payload`, JSON) to a thing, and what was decided.

    The database itself refuses a decision by the proposer, and half a decision.
    """

    class Verb(models.TextChoices):
        CHANGE_PLAN = "change_plan", _("调整年度计划")
        GIVE_MARK = "give_mark", _("打分")
        SIGN_YEAR_FILE = "sign_year_file", _("签发年度考核档案")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("同意")
        REJECTED = "rejected", _("不同意")

    verb = models.CharField(_("事项"), max_length=40, choices=Verb)
    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.CharField(_("对象"), max_length=80)
    payload = models.TextField(_("内容"))
    reason = models.TextField(_("理由"))
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("提议人"))
    proposed_at = models.DateTimeField(_("提议时间"))
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decision = models.CharField(_("决定"), max_length=10, choices=Decision, blank=True)
    decision_reason = models.TextField(_("决定理由"), blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, decision="")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="proposal_decided_whole",
            ),
        )
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="proposal_by_subject"),)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.subject_id}"
