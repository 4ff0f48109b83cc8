"""The form of a report as data: which fields it asks for, how each is typed, and what it costs to fill in.

The standard fields are listed here; a scheme chooses among them and adds its own. A value of a field is, by its
kind: money an integer of 分, percent a Decimal, count an integer, flag a bool, date a day, text and choice a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args

from guatu.language import gettext
from guatu.reporting.report import Report

FieldKind = Literal["money", "percent", "count", "text", "flag", "date", "choice"]
KINDS: Final = get_args(FieldKind)
MONTHLY: Final = "report"
"""The id of the month's report among the kinds of report."""
FigureKind = Literal["dispatch", "statistics"]
Value = int | Decimal | str | bool | date
"""What a field can hold; a field that was left empty has no value (None), which is not 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a form. `kept` names the attribute of Report that holds it; empty: it stands in `Report.own`.

    `carried`: last month's value stands there to begin with. `computed`: nobody types it. `figure` tells a figure of
    dispatch (调度数) from one of statistics (统计数). `name` is the head of its column on paper.
    """

    id: str
    name: str
    kind: FieldKind
    unit: str = ""
    required: bool = False
    help: str = ""
    clause: str = ""
    choices: tuple[str, ...] = ()
    carried: bool = False
    figure: FigureKind | None = None
    kept: str = ""
    computed: bool = False
    long: bool = False


@dataclass(frozen=True, slots=True)
class Burden:
    """What a form asks of people: fields typed × reports each time × times a year (0: whenever something happens)."""

    fields: int
    carried: int
    reports: int
    times: int

    @property
    def a_year(self) -> int:
        """How many fields are to be filled in a year, by all together."""
        return self.fields * self.reports * self.times


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The form of a report under a scheme: its fields in order, how often a year it is asked for (0: whenever something
    happens), and the last day on which it is."""

    fields: tuple[FormField, ...]
    times: int = 12
    expires: date | None = None
    by_id: Mapping[str, FormField] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {one.id: one for one in self.fields})

    @property
    def typed(self) -> tuple[FormField, ...]:
        """The fields that a person fills in, in order."""
        return tuple(one for one in self.fields if not one.computed)

    @property
    def own(self) -> tuple[FormField, ...]:
        """The fields whose values stand in `Report.own`."""
        return tuple(one for one in self.fields if not one.kept)

    def burden(self, reports: int) -> Burden:
        """What the form asks where `reports` projects are reported each time."""
        carried = sum(one.carried for one in self.typed)
        return Burden(len(self.typed), carried, reports, self.times)


def value_of(report: Report, one: FormField) -> Value | None:
    """What the report says in a field; None where nothing is said."""
    found: Value | None = getattr(report, one.kept) if one.kept else report.own.get(one.id)
    return None if found == "" else found


def carried_over(form: ReportForm, last: Report | None) -> dict[str, Value]:
    """What stands in a new report to begin with: the carried fields as last reported."""
    if last is None:
        return {}
    said = {one.id: value_of(last, one) for one in form.typed if one.carried}
    return {name: value for name, value in said.items() if value is not None}


def cumulative(last_ytd: int | None, month: int | None, *, january: bool) -> int | None:
    """The cumulative figure of the year: last month's plus this month's; None where one of the two is not known.

    In January there is no last month; an unknown figure is never taken for 0.
    """
    base = 0 if january else last_ytd
    return None if base is None or month is None else base + month


def _(message: str) -> str:
    """Mark a word of the list for translation; `standard_fields` translates it when it is used."""
    return message


def _f(identity: str, name: str, kind: FieldKind, **more: object) -> FormField:
    return FormField(id=identity, name=name, kind=kind, **more)  # type: ignore[arg-type]


STANDARD: Final[tuple[FormField, ...]] = (
    # works
    _f("invested_month", _("本月完成投资"), "money", kept="invested_month", required=True, figure="dispatch",
       help=_("本月实际完成的投资，万元；没有完成的填 0。")),
    _f("invested_ytd", _("本年累计完成投资"), "money", kept="invested_ytd", computed=True, figure="dispatch",
       help=_("上月累计加本月完成，自动算出。")),
    _f("progress", _("形象进度"), "text", kept="progress", required=True, long=True,
       help=_("做了什么、做到哪里；不要照抄上一次。")),
    _f("physical", _("形象进度完成比例"), "percent", kept="physical", help=_("工程量完成的百分比，0 到 100。")),
    _f("nodes", _("本月到达的节点"), "text", help=_("节点名称和实际日期。")),
    _f("actual_start", _("实际开工日期"), "date", kept="actual_start", carried=True),
    _f("actual_finish", _("实际竣工日期"), "date", kept="actual_finish", carried=True),
    # money
    _f("source_central", _("其中：中央资金"), "money", figure="dispatch"),
    _f("source_province", _("其中：省级资金"), "money", figure="dispatch"),
    _f("source_city", _("其中：市级资金"), "money", figure="dispatch"),
    _f("source_bond", _("其中：专项债券"), "money", figure="dispatch"),
    _f("source_loan", _("其中：银行贷款"), "money", figure="dispatch"),
    _f("source_own", _("其中：自筹资金"), "money", figure="dispatch"),
    _f("arrived", _("到位资金"), "money", carried=True, figure="dispatch", help=_("开工以来到位的资金。")),
    _f("paid", _("已支付资金"), "money", carried=True, figure="dispatch", help=_("开工以来实际支付的资金。")),
    # statistics
    _f("in_statistics", _("是否纳统"), "flag", kept="in_statistics", carried=True, figure="statistics"),
    _f("statistics_code", _("统计项目编码"), "text", carried=True, figure="statistics"),
    _f("not_in_statistics_reason", _("未纳统原因"), "text", carried=True, figure="statistics"),
    _f("statistics_invested", _("统计上报投资"), "money", figure="statistics", help=_("报统计部门的本年累计数。")),
    _f("statistics_difference", _("与统计数不一致的原因"), "text", figure="statistics"),
    # problems
    _f("problem", _("存在问题"), "text", kept="problem", carried=True, long=True),
    _f("problem_kind", _("问题类别"), "choice", carried=True, choices=(
        "土地", "征拆", "审批", "资金", "设计", "管线", "天气", "市场", "施工单位")),
    _f("measure", _("采取措施"), "text", kept="measure", carried=True, long=True),
    _f("suggestion", _("意见建议"), "text", kept="suggestion", long=True),
    _f("asked_unit", _("需协调的单位"), "text", carried=True),
    _f("asked_level", _("需协调的层级"), "choice", carried=True, choices=("项目单位", "县级", "市级")),
    _f("problem_due", _("要求解决的日期"), "date", carried=True),
    # next month, and what else must be said
    _f("next_month_plan", _("下月计划投资"), "money", figure="dispatch"),
    _f("risk", _("下月风险"), "text"),
    _f("safety_trouble", _("发生安全事故"), "flag"),
    _f("quality_trouble", _("发生质量事故"), "flag"),
    _f("wage_trouble", _("发生欠薪"), "flag"),
    _f("late_reason", _("迟报原因"), "text"),
    _f("note", _("备注"), "text", kept="note"),
)  # fmt: skip
"""Every standard field. Names are marked for translation; `standard_fields` gives them in the language in force.
Choices are values that are kept, so they stay as they are."""

USUAL: Final = (
    "invested_month", "invested_ytd", "progress", "physical", "actual_start", "actual_finish", "in_statistics",
    "problem", "measure", "suggestion", "note",
)  # fmt: skip
"""The standard fields of a form that names none: ten are filled in, five of them stand there from last month."""

NAMES: Final = {one.id: one.name for one in STANDARD}


def standard_fields(names: Sequence[str]) -> tuple[FormField, ...]:
    """The standard fields of these names, in their order, in the language in force. Raises KeyError."""
    known = {one.id: one for one in STANDARD}
    return tuple(_translated(known[name]) for name in names)


def _translated(one: FormField) -> FormField:
    return replace(one, name=gettext(one.name), help=gettext(one.help) if one.help else "")
