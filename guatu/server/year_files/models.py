"""Year-end files: each version with its frozen content, its digest and the proposal to sign it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guatu.server.proposals.models import Proposal


class YearFile(models.Model):
    """One version of the file of a year. `subject` names whom it is about: the name of a unit, the id of a person,
    the code of a project. `content` is canonical JSON (guatu.documents.year_file), `digest` its SHA-256.

    It is never changed; another look at the year is another version. It is signed once its proposal was accepted.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("单位")
        LEADER = "leader", _("领导")
        PROJECT = "project", _("项目")

    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("对象类别"), max_length=10, choices=Kind)
    subject = models.CharField(_("对象"), max_length=120)
    name = models.CharField(_("名称"), max_length=200)
    version = models.PositiveSmallIntegerField(_("版本"))
    content = models.TextField(_("内容"))
    digest = models.CharField(_("内容摘要"), max_length=64)
    created = models.DateTimeField(_("汇编时间"))
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="year_file", verbose_name=_("提议")
    )

    class Meta:
        ordering = ("-year", "kind", "name", "-version")
        constraints = (
            models.UniqueConstraint(fields=("year", "kind", "subject", "version"), name="year_file_once"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.name} v{self.version}"

    @property
    def signed(self) -> bool:
        return self.proposal.decision == Proposal.Decision.ACCEPTED
