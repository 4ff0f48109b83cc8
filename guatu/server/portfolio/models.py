"""Projects, every fact of theirs with its versions, annual plans, and who answers. Money is in 分."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guatu.portfolio.project import STAGE_NAMES
from guatu.server.accounts.models import Organisation, Person, Post, Region, from_to

STAGES = [(str(stage), name) for stage, name in STAGE_NAMES.items()]


class Document(models.Model):
    """A paper on which facts rest (a ledger as issued, a notice of adjustment): its number and its day."""

    number = models.CharField(_("文号"), max_length=120, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    day = models.DateField(_("日期"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "title", "day"), name="document_once"),)

    def __str__(self) -> str:
        return self.number or self.title


class Listed(models.Model):
    """What a list of projects shows, filters and sorts by. Months are `YYYY-MM`, an empty text where unknown."""

    name = models.CharField(_("项目名称"), max_length=200)
    pinyin = models.CharField(_("拼音首字母"), max_length=200, blank=True)
    county = models.CharField(_("县（市、区）"), max_length=60, blank=True)
    category = models.CharField(_("行业"), max_length=60, blank=True)
    stage = models.CharField(_("阶段"), max_length=12, choices=STAGES, blank=True)
    level = models.CharField(_("层级"), max_length=40, blank=True)
    total = models.BigIntegerField(_("总投资"), null=True)
    done_before = models.BigIntegerField(_("往年完成"), null=True)
    planned = models.BigIntegerField(_("年度计划"), null=True)
    planned_start = models.CharField(_("计划开工"), max_length=7, blank=True)
    planned_finish = models.CharField(_("计划竣工"), max_length=7, blank=True)
    responsible_unit = models.CharField(_("责任单位"), max_length=120, blank=True)
    county_leader = models.CharField(_("县级包联领导"), max_length=120, blank=True)
    city_leader = models.CharField(_("市级包联领导"), max_length=120, blank=True)
    company = models.CharField(_("项目单位"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("台账次序"), default=0)

    class Meta:
        abstract = True


class Project(Listed):
    """One project, with the values in force for listing, filtering and sorting.

    The truth is in ProjectFact and AnnualPlan; `current_on` is the day whose values stand here. Only
    `guatu.server.portfolio.actions` writes them.
    """

    code = models.CharField(_("项目代码"), max_length=120, unique=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="projects", verbose_name=_("辖区")
    )
    lead_department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="led_projects", verbose_name=_("牵头部门")
    )
    current_on = models.DateField(_("现值日期"))

    class Meta:
        ordering = ("position", "code")
        indexes = (
            models.Index(fields=("position", "code"), name="project_by_position"),
            models.Index(fields=("stage", "category"), name="project_by_stage"),
            models.Index(fields=("category", "stage"), name="project_by_category"),
            models.Index(fields=("county", "stage"), name="project_by_county"),
            models.Index(fields=("total",), name="project_by_total"),
            models.Index(fields=("planned",), name="project_by_planned"),
            models.Index(fields=("name",), name="project_by_name"),
            models.Index(fields=("city_leader",), name="project_by_city_leader"),
            models.Index(fields=("county_leader",), name="project_by_county_leader"),
        )

    def __str__(self) -> str:
        return self.name


class PastProject(Listed):
    """A project as it was known at the end of a past day, for listing: made when somebody first looks back on that
    day, and thrown away again; nothing rests on it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="past", verbose_name=_("项目"))
    known_on = models.DateField(_("所知日"))
    code = models.CharField(_("项目代码"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("辖区"))
    lead_department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("牵头部门")
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("known_on", "project"), name="past_project_once"),)
        indexes = (
            models.Index(fields=("known_on", "position", "code"), name="past_project_by_position"),
            models.Index(fields=("known_on", "stage"), name="past_project_by_stage"),
        )

    def __str__(self) -> str:
        return f"{self.known_on} {self.name}"


class Origin(models.Model):
    """Where a value comes from: the document, the cell of the imported file, and the entry of the record."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("依据文件"))
    file = models.CharField(_("文件"), max_length=200, blank=True)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True)
    entered_by = models.CharField(_("录入人"), max_length=100)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        abstract = True


class ProjectFact(Origin):
    """One version of one fact: `field` of guatu.portfolio.project.Project has `value` from a day on.

    `value` is JSON (money an integer of 分, a month `YYYY-MM`); `null` says that the ledger no longer states
    it. Versions are added, never changed; of two from the same day the one entered later counts.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="facts", verbose_name=_("项目"))
    field = models.CharField(_("字段"), max_length=40)
    value = models.TextField(_("值"))
    column = models.CharField(_("列"), max_length=8, blank=True)
    valid_from = models.DateField(_("生效日"))

    class Meta:
        indexes = (models.Index(fields=("project", "field", "valid_from"), name="fact_by_project_field"),)

    def __str__(self) -> str:
        return f"{self.field}={self.value}"


class AnnualPlan(Origin):
    """One version of a project's annual plan (年度计划), in force from `valid_from`; `amount` in 分.

    `amount` None says that the ledger states no plan. The version in force on a day is the one with the
    latest `valid_from` up to that day; of two from the same day the one entered later.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="plans", verbose_name=_("项目"))
    year = models.PositiveSmallIntegerField(_("年度"))
    amount = models.BigIntegerField(_("计划投资"), null=True)
    column = models.CharField(_("列"), max_length=8, blank=True)
    valid_from = models.DateField(_("生效日"))
    reason = models.CharField(_("调整理由"), max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("year", "project", "valid_from"), name="plan_by_year_project"),)

    def __str__(self) -> str:
        return f"{self.year}年计划"


class MonthlyPlan(models.Model):
    """What the annual plan foresees from 1 January to the end of `month`, cumulative, in 分."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="months", verbose_name=_("年度计划"))
    month = models.PositiveSmallIntegerField(_("月"))
    cumulative = models.BigIntegerField(_("累计计划"), null=True)
    column = models.CharField(_("列"), max_length=8, blank=True)

    class Meta:
        ordering = ("month",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "month"), name="monthly_plan_once"),
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="monthly_plan_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month}月"


class Responsibility(models.Model):
    """Who answers for a project in which role, from a day to a day.

    The ledger names a post, an organisation or a person; whatever of the three is known is linked, and
    `stated` keeps the words of the ledger (阎子衿（市委副书记）).
    """

    class Duty(models.TextChoices):
        CITY_LEADER = "city_leader", _("市级包联领导")
        COUNTY_LEADER = "county_leader", _("县级包联领导")
        CHIEF_COMMANDER = "chief_commander", _("指挥长")
        FRONT_COMMANDER = "front_commander", _("前线指挥长")
        LEAD_DEPARTMENT = "lead_department", _("牵头部门")
        RESPONSIBLE_UNIT = "responsible_unit", _("责任单位")
        SECTION = "section", _("责任科室")
        RESPONSIBLE_PERSON = "responsible_person", _("责任人")
        LAND_REQUISITION = "land_requisition", _("征地拆迁责任人")
        MASS_WORK = "mass_work", _("群众工作组")
        COMPANY = "company", _("项目单位")
        INSPECTOR = "inspector", _("督查人")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="responsibilities", verbose_name=_("项目")
    )
    duty = models.CharField(_("责任"), max_length=20, choices=Duty)
    stated = models.CharField(_("台账所列"), max_length=200)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="responsibilities")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="responsibilities")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("project", "duty", "valid_from", "id")
        constraints = (
            from_to("responsibility_from_to"),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | Q(organisation__isnull=False) | Q(person__isnull=False),
                name="responsibility_names_someone",
            ),
            models.UniqueConstraint(
                fields=("project", "duty", "stated"),
                condition=Q(valid_to__isnull=True),
                name="responsibility_one_open",
            ),
        )
        indexes = (
            models.Index(fields=("organisation", "duty"), name="responsibility_by_unit"),
            models.Index(fields=("person", "duty"), name="responsibility_by_person"),
        )

    def __str__(self) -> str:
        return f"{self.get_duty_display()}：{self.stated}"
