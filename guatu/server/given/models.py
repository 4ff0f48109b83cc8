"""What is handed in beside the reports, in versions that are never overwritten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """What every version carries: its number, the day from which the office knows it, who entered it and why.

    A correction is a new version with `supersedes` set and a reason; the old one stays as it was. A version with
    an empty `value` (`votes`) takes back what stood before.
    """

    version = models.PositiveIntegerField(_("版本"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by", verbose_name=_("取代")
    )
    reason = models.TextField(_("理由"), blank=True)
    place = models.CharField(_("出处"), max_length=300, blank=True)
    known_from = models.DateField(_("知悉日"))
    entered_by = models.CharField(_("录入人"), max_length=100)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        abstract = True


class GivenFact(Version):
    """One version of one fact of one thing in one term, with all fields of guatu.assessment.given.FactRow.

    `value` and `checked` (what a spot check found) are exact, as JSON: {"number": "7/2"}, true or a text; money is
    in 分. Of a mark `by` gave it and `second` confirmed it.
    """

    entity = models.CharField(_("对象"), max_length=120)
    term = models.CharField(_("期别"), max_length=8)
    fact = models.CharField(_("事实"), max_length=80)
    value = models.TextField(_("数值"), blank=True)
    checked = models.TextField(_("核查值"), blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    by = models.CharField(_("填报人"), max_length=120, blank=True)
    second = models.CharField(_("复核人"), max_length=120, blank=True)
    day = models.DateField(_("填报日"), null=True)

    class Meta:
        ordering = ("fact", "term", "entity", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("fact", "term", "entity", "version"), name="given_fact_version_once"
            ),
        )
        indexes = (models.Index(fields=("term", "known_from"), name="given_fact_by_term"),)

    def __str__(self) -> str:
        return f"{self.fact} {self.entity} {self.term} v{self.version}"


class Ballot(Version):
    """One version of one voter's ballot in one term: `votes` is JSON, candidate → place or mark as a fraction.

    Whether it is valid depends on who stands for votes, so it is found when votes are counted, not kept here. `own`:
    the voter handed it in himself, so that nobody else replaces it.
    """

    ballot = models.CharField(_("测评"), max_length=80)
    term = models.CharField(_("期别"), max_length=8)
    voter = models.CharField(_("投票人"), max_length=120)
    group = models.CharField(_("组别"), max_length=80)
    votes = models.TextField(_("投票"), blank=True)
    own = models.BooleanField(_("本人投的"), default=False)

    class Meta:
        ordering = ("ballot", "term", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("ballot", "term", "voter", "version"), name="ballot_version_once"
            ),
        )
        indexes = (models.Index(fields=("term", "known_from"), name="ballot_by_term"),)

    def __str__(self) -> str:
        return f"{self.ballot} {self.voter} {self.term} v{self.version}"
