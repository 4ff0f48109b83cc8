"""Judged months as they were computed: kept for ever, a later judgement supersedes an earlier one.

Money is in 分, a ratio in per cent, a measure in the unit of its light.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guatu.server.portfolio.models import Project


class JudgedMonth(models.Model):
    """What one run of the rules said about one month, and by what it can be recomputed.

    `head`, `summary`, `findings`, `assessments` and `entity_lights` are JSON as docs/reference/json.md states
    (the last two are empty in months judged before they were kept); lights and rankings stand in
    ProjectStanding and EntityStanding. `as_of` is the last day of what was known. `bundle_digest` is that of
    its bundle; empty in months judged before bundles were kept.
    """

    period = models.CharField(_("报告期"), max_length=7)
    as_of = models.DateField(_("截至"))
    scheme_id = models.CharField(_("方案"), max_length=80)
    scheme_digest = models.CharField(_("方案摘要"), max_length=64)
    facts_digest = models.CharField(_("数据摘要"), max_length=64)
    head = models.TextField()
    summary = models.TextField()
    findings = models.TextField()
    assessments = models.TextField(default="[]")
    entity_lights = models.TextField(default="[]")
    bundle_digest = models.CharField(_("复算包摘要"), max_length=64, default="", blank=True)
    created = models.DateTimeField(_("计算时间"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by", verbose_name=_("取代")
    )
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("-period", "-id")
        indexes = (models.Index(fields=("period", "id"), name="judged_month_by_period"),)

    def __str__(self) -> str:
        return self.period


class MonthBundle(models.Model):
    """The bundle (复算包) of a judged month: a zip, kept as it was written, so that it never comes out otherwise."""

    judged_month = models.OneToOneField(JudgedMonth, models.PROTECT, related_name="bundle")
    content = models.BinaryField(_("内容"))

    def __str__(self) -> str:
        return str(self.judged_month)


class ProjectStanding(models.Model):
    """Where a project stands in a judged month: one row per project, for listing 10,000 of them.

    `level` is the gravest of its lights, an id of the scheme's levels or `none`; `gravity` orders it as the
    scheme does (higher is graver, −1 for `none`). `measure` belongs to that light. `planned_ytd` and
    `invested_ytd` are cumulative; `gap` is the one minus the other: positive is behind. `percent` is invested
    of the annual plan. `lights` is the JSON list of its lights as `lights.json` holds them.
    """

    judged_month = models.ForeignKey(JudgedMonth, models.PROTECT, related_name="standings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="standings")
    level = models.CharField(_("灯"), max_length=20)
    gravity = models.SmallIntegerField(_("轻重"))
    measure = models.DecimalField(_("测量值"), max_digits=14, decimal_places=4, null=True)
    planned = models.BigIntegerField(_("年度计划"), null=True)
    planned_ytd = models.BigIntegerField(_("序时计划"), null=True)
    invested_ytd = models.BigIntegerField(_("累计完成"), null=True)
    percent = models.DecimalField(_("累计完成率"), max_digits=14, decimal_places=4, null=True)
    gap = models.BigIntegerField(_("差额"), null=True)
    reported = models.BooleanField(_("已报"))
    late = models.BooleanField(_("迟报"))
    started = models.BooleanField(_("已开工"))
    questioned = models.BooleanField(_("有存疑"))
    level_without_questioned = models.CharField(_("剔除存疑后的灯"), max_length=20)
    lights = models.TextField(default="[]")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("judged_month", "project"), name="project_standing_once"),
        )
        indexes = (
            models.Index(fields=("judged_month", "gravity", "measure"), name="standing_by_gravity"),
            models.Index(fields=("judged_month", "percent"), name="standing_by_percent"),
            models.Index(fields=("judged_month", "invested_ytd"), name="standing_by_invested"),
            models.Index(fields=("judged_month", "gap"), name="standing_by_gap"),
            models.Index(fields=("project", "judged_month"), name="standing_by_project"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.level}"


class EntityStanding(models.Model):
    """The place of one county or department in one ranking of a judged month; `body` is its JSON whole."""

    judged_month = models.ForeignKey(JudgedMonth, models.PROTECT, related_name="places")
    ranking = models.CharField(_("排名"), max_length=60)
    entity = models.CharField(_("对象"), max_length=120)
    rank = models.PositiveIntegerField(_("名次"), null=True)
    previous_rank = models.PositiveIntegerField(_("上期名次"), null=True)
    value = models.DecimalField(_("值"), max_digits=18, decimal_places=4, null=True)
    position = models.PositiveIntegerField(_("次序"))
    body = models.TextField()

    class Meta:
        ordering = ("ranking", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("judged_month", "ranking", "entity"), name="entity_standing_once"
            ),
        )
        indexes = (models.Index(fields=("judged_month", "ranking", "position"), name="place_by_rank"),)

    def __str__(self) -> str:
        return f"{self.ranking} {self.entity} {self.rank}"
