"""What a scheme folder may say. Every key has a meaning here; an unknown key is an error."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from guatu.assessment.ballots import BallotRule
from guatu.assessment.recognition import Recognition
from guatu.assessment.rewards import Reward
from guatu.assessment.sheet import DeclaredFact, Sheet
from guatu.calendars import Due, Every
from guatu.portfolio.duties import Duty
from guatu.portfolio.project import Stage
from guatu.reporting.form_rule import FormRule, ReportField
from guatu.reporting.kinds import LastStep
from guatu.reporting.quality_rule import DataQuality
from guatu.schemes.lights import CombinedLight, Light, Ranking
from guatu.schemes.published import Published
from guatu.supervision.bands import Band
from guatu.supervision.ladder import Step
from guatu.written import Number, Part, as_fraction


class Identity(Part):
    """[scheme]: which document this is, whose, from when."""

    id: str
    name: str
    short_name: str
    jurisdiction: str
    year: int
    effective_from: date
    summary: str = ""


class Level(Part):
    """[[level]]: one colour of the lights. A higher `gravity` is graver; 0 is normal."""

    id: str
    name: str
    gravity: int
    shape: Literal["octagon", "triangle", "disc", "check", "ring"]
    clause: str | None = None


USUAL_LEVELS = (
    Level(id="normal", name="正常", gravity=0, shape="check"),
    Level(id="blue", name="蓝", gravity=1, shape="disc"),
    Level(id="yellow", name="黄", gravity=2, shape="triangle"),
    Level(id="red", name="红", gravity=3, shape="octagon"),
)
"""The levels of a scheme that names none of its own."""


class Category(Part):
    """[[category]]: a class of projects and the departments that lead it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    lead_departments: tuple[str, ...] = ()
    clause: str


class RoleWords(Part):
    """[[role]]: who has to answer for a project in which duty, under the scheme's own name for it.

    `levels` and `stages` say for which projects; empty is all. The pages and the working manual use the name, and
    say where nobody has the duty yet.
    """

    id: str
    name: str
    duty: Duty
    levels: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    clause: str
    local_choice: str | None = None


class StageWords(Part):
    """[[stage]]: what the scheme calls a stage of a project."""

    id: Stage
    name: str
    aliases: tuple[str, ...] = ()
    clause: str | None = None


class SizeTier(Part):
    """[[size_tier]]: a tier of total investment, in 亿元."""

    class_: str = Field(alias="class")
    name: str
    low: Number | None = Field(default=None, alias="from")
    low_included: bool = Field(default=True, alias="from_included")
    high: Number | None = Field(default=None, alias="to")
    high_included: bool = Field(default=False, alias="to_included")
    clause: str
    local_choice: str | None = None

    def band(self) -> Band:
        return Band(
            self.class_, as_fraction(self.low), self.low_included, as_fraction(self.high), self.high_included
        )


class ReportDue(Due):
    """[report.due]: until when a month's report is in time.

    Written as `[due]`, for `every = "month"`; here `months_after` is 1 where it is not written: day 5 is the 5th of the
    following month.
    """

    months_after: int = Field(default=1, ge=0, le=12)
    clause: str | None = None
    local_choice: str | None = None


class ReportKind(Due):
    """[[report.kind]]: another report that the document asks for: at once, weekly, every ten days, quarterly.

    When it is due is written in it as in `[due]`. `who` hands it in.

    `standard` names the standard fields that it asks for, in order, and `required` those that must be filled in; the
    scheme's own fields are asked in it where they say so (`asked_in`). A report that asks for nothing has no form: it
    stands in the calendar alone. `ends` is the last step that it takes: handed in by the reporter, signed by the unit,
    checked, or accepted. `stages` are those of the projects that it is due for. After the day `expires` it is asked no
    more.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: str
    every: Every
    who: str = ""
    standard: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    ends: LastStep = "accepted"
    stages: tuple[Stage, ...] = (Stage.NEW, Stage.CONTINUING, Stage.COMPLETED)
    expires: date | None = None
    note: str = ""
    clause: str
    local_choice: str | None = None


class ReportRule(Part):
    """[report]: what is handed in when. The monthly report holds the figures that are judged.

    `counts`: how far a report must have come to count at the cut-off: signed by the unit, checked by the county or
    the lead department, or accepted by the office.
    """

    cadence: Literal["monthly"]
    clause: str
    due: ReportDue
    counts: Literal["signed", "checked", "accepted"] = "signed"
    kind: tuple[ReportKind, ...] = ()


class Reminders(Part):
    """[reminders]: when people are reminded outside the site, by channels that an administrator switched on.

    `before`: so many working days before a report is due. `compulsory`: what nobody may mute or put off: overdue,
    returned, waiting for a signature, check or acceptance, soon due, missing from others.
    """

    before: int = Field(default=2, ge=0, le=30)
    compulsory: tuple[Literal["overdue", "returned", "waiting", "soon", "missing"], ...] = ()
    clause: str | None = None
    local_choice: str | None = None


class Schedule(Part):
    """[schedule]: where the schedule of a month comes from (序时进度)."""

    curve: Literal["monthly_plan", "linear"] = "monthly_plan"
    when_missing: Literal["none", "linear"] = "none"
    clause: str
    local_choice: str | None = None


class Official(Part):
    """[official]: which of the two figures counts when cells are questioned."""

    figures: Literal["as_reported", "without_questioned"] = "as_reported"
    clause: str | None = None
    local_choice: str | None = None


class Checks(Part):
    """[checks]: the thresholds of the checks on ledgers and reports.

    What follows the first is asked only where it is written. `text_alike`: per cent from which a text of progress is
    taken for last month's, its numbers being the same. `same_problem_months`: months running of one problem in the same
    words. `on_plan_months`: months running of investment that is the plan's to the 分. `stuck_months`: months running of
    physical progress that stays where it is, at `stuck_percent` or more. `statistics_gap`: per cent of the dispatch figure
    by which the statistics figure may differ without a reason.
    """

    money_ahead_points: Number = Decimal(30)
    text_alike: Number | None = Field(default=None, gt=0, le=100)
    same_problem_months: int | None = Field(default=None, ge=2, le=12)
    on_plan_months: int | None = Field(default=None, ge=2, le=12)
    stuck_months: int | None = Field(default=None, ge=2, le=12)
    stuck_percent: Number = Field(default=Decimal(90), ge=0, lt=100)
    statistics_gap: Number | None = Field(default=None, ge=0)
    clause: str | None = None
    local_choice: str | None = None


class BulletinRule(Part):
    """[bulletin]: the published result of a period."""

    cadence: Literal["monthly"]
    clause: str
    agency: str
    recipients: str
    copies: str = ""
    number_pattern: str = ""
    praise_places: int = Field(default=3, ge=0)
    local_choice: str | None = None


class ThreeLevels(Part):
    """[[goal]]: a target with up to three levels: hold, strive, aim.

    `commitment`: `firm` is owed, `strive` is worth trying for; left out where the document does not say.
    """

    id: str
    name: str
    hold: str
    strive: str | None = None
    aim: str | None = None
    commitment: Literal["firm", "strive"] | None = None
    clause: str


class Cadence(Due):
    """[[cadence]]: something that recurs: contact, inspection, dispatch, start ceremony, tour; or a deadline.

    When it falls is written in it as in `[due]`: `every = "event"` is each time that it happens, `ten_days` is 旬.
    """

    id: str
    name: str
    every: Every
    who: str = ""
    note: str = ""
    clause: str
    local_choice: str | None = None


class SchemeText(Part):
    """A whole scheme as written."""

    scheme: Identity
    level: tuple[Level, ...] = USUAL_LEVELS
    category: tuple[Category, ...] = ()
    stage: tuple[StageWords, ...] = ()
    role: tuple[RoleWords, ...] = ()
    size_tier: tuple[SizeTier, ...] = ()
    schedule: Schedule = Schedule(clause="")
    light: tuple[Light, ...] = ()
    combined_light: tuple[CombinedLight, ...] = ()
    ranking: tuple[Ranking, ...] = ()
    report: ReportRule | None = None
    form: FormRule = FormRule()
    report_field: tuple[ReportField, ...] = ()
    reminders: Reminders | None = None
    official: Official = Official()
    checks: Checks = Checks()
    data_quality: DataQuality | None = None
    bulletin: BulletinRule | None = None
    published: Published | None = None
    goal: tuple[ThreeLevels, ...] = ()
    cadence: tuple[Cadence, ...] = ()
    fact: tuple[DeclaredFact, ...] = ()
    recognition: tuple[Recognition, ...] = ()
    ballot: tuple[BallotRule, ...] = ()
    sheet: tuple[Sheet, ...] = ()
    step: tuple[Step, ...] = ()
    reward: tuple[Reward, ...] = ()

    @property
    def members(self) -> frozenset[str]:
        """Everybody whom a series of a sheet names."""
        return frozenset(name for sheet in self.sheet for one in sheet.series for name in one.members)


SchemeText.model_rebuild()
