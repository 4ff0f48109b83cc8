"""Reports in versions that are never overwritten, and the questions on their cells. Money is in 分."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guatu.reporting.form import MONTHLY
from guatu.server.accounts.models import Account
from guatu.server.portfolio.models import Project


class MonthlyReports(models.Manager["Report"]):
    """The reports of months: those that are judged, checked against each other and taken over from workbooks."""

    def get_queryset(self) -> models.QuerySet[Report]:
        return super().get_queryset().filter(kind=MONTHLY)


class Report(models.Model):
    """One version of one project's report of one month, with all fields of guatu.reporting.report.Report; or of one
    week, ten days or event, where the scheme asks for such a `kind`.

    `objects` are the months' alone; `every_kind` has all. `period` is the month, for another kind the key of its term
    (guatu.reporting.terms), for an event the day on which its report was begun and the how-manieth it was (2023-09-18.2).
    `ends` is the last step that it takes. `came_at` is the moment from which it counts as handed in, `happened_at` that
    of the event.

    `known_from` is the day from which the office knows it: for a first version the day it was handed in
    (not dated: the day after its month), for a correction the day it came, not before. A correction is a new
    version with `supersedes` set; the old one stays as it was. A `reason` says that it corrects one that counted.

    Only a draft is written over, by those who hand it in; `edition` counts how often. `own` holds the values of
    fields that are no columns here, `reasons` what the reporter says to doubts, by the digest of the finding.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待签发")
        SIGNED = "signed", _("已签发")
        CHECKED = "checked", _("已审核")
        ACCEPTED = "accepted", _("已采用")
        RETURNED = "returned", _("已退回")

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports", verbose_name=_("项目"))
    kind = models.CharField(_("报告"), max_length=40, default=MONTHLY)
    period = models.CharField(_("报告期"), max_length=16)
    version = models.PositiveSmallIntegerField(_("版本"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by", verbose_name=_("取代")
    )
    state = models.CharField(_("状态"), max_length=12, choices=State)
    known_from = models.DateField(_("知悉日"))
    name = models.TextField(_("表内项目名称"), blank=True)
    county = models.TextField(_("表内县（市、区）"), blank=True)
    invested_month = models.BigIntegerField(_("本月完成"), null=True)
    invested_ytd = models.BigIntegerField(_("本年累计"), null=True)
    progress = models.TextField(_("形象进度"), blank=True)
    physical = models.DecimalField(_("完成比例"), max_digits=9, decimal_places=4, null=True)
    actual_start = models.DateField(_("实际开工"), null=True)
    actual_finish = models.DateField(_("实际竣工"), null=True)
    in_statistics = models.BooleanField(_("是否纳统"), null=True)
    problem = models.TextField(_("存在问题"), blank=True)
    measure = models.TextField(_("采取措施"), blank=True)
    suggestion = models.TextField(_("意见建议"), blank=True)
    reporter = models.TextField(_("填报人"), blank=True)
    handed_in = models.DateField(_("报送日期"), null=True)
    note = models.TextField(_("备注"), blank=True)
    blank = models.BooleanField(_("空表"), default=False)
    file = models.CharField(_("文件"), max_length=200, blank=True)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True)
    columns = models.TextField(_("各字段所在列"), default="{}")
    headers = models.TextField(_("各字段表头"), default="{}")
    extra = models.TextField(_("其他列"), default="{}")
    own = models.TextField(_("自定字段"), default="{}")
    edition = models.PositiveIntegerField(_("改动次数"), default=1)
    edited_by = models.CharField(_("最后改动人"), max_length=100, blank=True)
    edited_at = models.DateTimeField(_("最后改动时间"), null=True)
    reasons = models.TextField(_("对存疑的说明"), default="{}")
    reason = models.TextField(_("更正理由"), blank=True)
    signed_on = models.DateField(_("签发日"), null=True)
    checked_on = models.DateField(_("审核日"), null=True)
    accepted_on = models.DateField(_("采用日"), null=True)
    returned_on = models.DateField(_("退回日"), null=True)
    ends = models.CharField(_("办到哪一步"), max_length=12, default="accepted")
    happened_at = models.DateTimeField(_("发生时间"), null=True)
    came_at = models.DateTimeField(_("报送时间"), null=True)
    entered_by = models.CharField(_("录入人"), max_length=100)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    objects: ClassVar[MonthlyReports] = MonthlyReports()
    every_kind: ClassVar[models.Manager[Report]] = models.Manager()

    class Meta:
        ordering = ("project", "period", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "kind", "period", "version"), name="report_version_once_a_kind"
            ),
        )
        indexes = (
            models.Index(fields=("kind", "period"), name="report_by_kind"),
            models.Index(fields=("period", "known_from"), name="report_by_period"),
            models.Index(fields=("period", "state"), name="report_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.about} v{self.version}"

    @property
    def about(self) -> str:
        """What it is about, as the record writes it: the month, or the kind and its term."""
        return self.period if self.kind == MONTHLY else f"{self.kind} {self.period}"

    @property
    def done(self) -> bool:
        """Whether it has come all the way, so that only a correction can change it."""
        return self.state == LAST[self.ends]

    @property
    def state_words(self) -> str:
        """Where it stands: 待签发; what needs no signature is 已报送 once it was handed in."""
        if self.state == self.State.SUBMITTED and self.done:
            return gettext("已报送")
        return str(self.get_state_display())


LAST: Final = {
    "handed_in": Report.State.SUBMITTED,
    "signed": Report.State.SIGNED,
    "checked": Report.State.CHECKED,
    "accepted": Report.State.ACCEPTED,
}
"""The state in which a report has come all the way, by its last step."""


class Round(models.Model):
    """One step of a version on its way: who, in which post, concluded what and said what, and when."""

    class Step(models.TextChoices):
        HAND_IN = "hand_in", _("填报")
        SIGN = "sign", _("单位签发")
        CHECK = "check", _("审核")
        ACCEPT = "accept", _("采用")

    class Conclusion(models.TextChoices):
        PASSED = "passed", _("通过")
        RETURNED = "returned", _("退回")
        WITHDRAWN = "withdrawn", _("撤回")

    report = models.ForeignKey(Report, models.PROTECT, related_name="rounds", verbose_name=_("月报"))
    step = models.CharField(_("环节"), max_length=8, choices=Step)
    conclusion = models.CharField(_("结论"), max_length=10, choices=Conclusion)
    opinion = models.TextField(_("意见"), blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    person = models.CharField(_("办理人"), max_length=100)
    post = models.CharField(_("职务"), max_length=200, blank=True)
    time = models.DateTimeField(_("时间"))
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What was done, in words: 单位签发 · 通过; who hands in concludes nothing: 提交."""
        if self.step == Round.Step.HAND_IN and self.conclusion == Round.Conclusion.PASSED:
            return gettext("提交")
        return f"{self.get_step_display()} · {self.get_conclusion_display()}"


class Question(models.Model):
    """A doubt about a cell: what was found, what was expected, how to mend it, and where that stands.

    `finding` is the kind of the finding (docs/reference/findings.md); `cells` further cells, one per line.
    The same doubt about the same cell is put once (`digest`). `settled_on` is the day on which it was confirmed or
    corrected; unknown for those that were settled before it was kept.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("待核")
        CONFIRMED = "confirmed", _("核实无误")
        CORRECTED = "corrected", _("已更正")

    class Severity(models.TextChoices):
        ERROR = "error", _("未采用")
        WARNING = "warning", _("存疑")
        NOTE = "note", _("说明")

    digest = models.CharField(max_length=64, unique=True)
    finding = models.CharField(_("类别"), max_length=60)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, related_name="questions", verbose_name=_("项目")
    )
    code = models.CharField(_("表内项目代码"), max_length=120, blank=True)
    period = models.CharField(_("报告期"), max_length=7, blank=True)
    file = models.CharField(_("文件"), max_length=200)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True)
    column = models.CharField(_("列"), max_length=8, blank=True)
    header = models.TextField(_("表头"), blank=True)
    field = models.CharField(_("字段"), max_length=60, blank=True)
    found = models.TextField(_("现为"), blank=True)
    expected = models.TextField(_("应为"), blank=True)
    cure = models.TextField(_("办法"), blank=True)
    message = models.TextField(_("说明"))
    cells = models.TextField(_("有关单元格"), blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("答复"), blank=True)
    settled_on = models.DateField(_("了结日"), null=True)
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("file", "sheet", "row", "column", "id")
        indexes = (
            models.Index(fields=("period", "status"), name="question_by_period"),
            models.Index(fields=("project", "period"), name="question_by_project"),
        )

    def __str__(self) -> str:
        return self.message


class Attachment(models.Model):
    """A photograph or short video of one version of a report: what is kept of it lies in a file named by its digest.

    `original` is the SHA-256 of the file as it was handed in, `digest` that of the cleaned one that is kept,
    `small` that of its thumbnail (empty for a video). `taken_at` and `place` are what the camera wrote in the
    original, or what was typed. The four `likeness` numbers are 16 bits each of the 64 by which pictures are compared
    (guatu.reporting.attached.photo.likeness); None where a picture shows next to nothing.
    A correction takes the rows of the version before over, with their `added_at`; the files are not copied.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        VIDEO = "video", _("短视频")

    report = models.ForeignKey(Report, models.PROTECT, related_name="attachments", verbose_name=_("月报"))
    kind = models.CharField(_("种类"), max_length=5, choices=Kind)
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    place = models.CharField(_("拍摄地点"), max_length=120, blank=True)
    original = models.CharField(_("原件摘要"), max_length=64, db_index=True)
    digest = models.CharField(_("存件摘要"), max_length=64)
    small = models.CharField(_("缩图摘要"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("字节数"))
    width = models.PositiveIntegerField(_("宽"), default=0)
    height = models.PositiveIntegerField(_("高"), default=0)
    seconds = models.PositiveIntegerField(_("秒数"), default=0)
    likeness_1 = models.PositiveIntegerField(null=True)
    likeness_2 = models.PositiveIntegerField(null=True)
    likeness_3 = models.PositiveIntegerField(null=True)
    likeness_4 = models.PositiveIntegerField(null=True)
    added_by = models.CharField(_("附上的人"), max_length=100)
    added_at = models.DateTimeField(_("附上的时间"))
    entry = models.ForeignKey("record.Entry", models.PROTECT, related_name="+", verbose_name=_("留痕"))

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("report", "original"), name="attachment_once_in_a_report"),
        )
        indexes = tuple(
            models.Index(fields=(f"likeness_{n}",), name=f"attachment_likeness_{n}") for n in (1, 2, 3, 4)
        )

    def __str__(self) -> str:
        return self.caption or f"{self.get_kind_display()} {self.digest[:8]}"

    @property
    def likeness(self) -> int | None:
        """The 64 bits by which the picture is compared."""
        parts = (self.likeness_1, self.likeness_2, self.likeness_3, self.likeness_4)
        found = 0
        for part in parts:
            if part is None:
                return None
            found = found << 16 | part
        return found
