"""What the page of one project's report of a month shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.calendars import UnpublishedYear, working_days_after
from guatu.portfolio.project import Project as LedgerProject
from guatu.reporting.beside import BesideStatistics, beside_statistics, last_year_words
from guatu.reporting.form import MONTHLY, FormField, ReportForm, Value, carried_over, value_of
from guatu.reporting.kinds import Said
from guatu.reporting.report import Report as HandedIn
from guatu.reporting.typed import exact_money, shown_text, typed_text
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.clock import CHINA, today
from guatu.server.portfolio.models import Project
from guatu.server.reporting.attachment_queries import attachments_of, reused_photos
from guatu.server.reporting.doubts import Doubt, doubts_about, ledger_of
from guatu.server.reporting.forms import asked_fields
from guatu.server.reporting.gallery import attaching, pictures
from guatu.server.reporting.known import Earlier, earlier, said_within
from guatu.server.reporting.models import Attachment, Report, Round
from guatu.server.reporting.queries import (
    as_handed_in,
    counts_on,
    handed_in_before,
    last_ytd,
    own_values,
    report_versions,
    same_month_last_year,
    values_of,
)
from guatu.server.reporting.rounds import SIGN, Way, way_of
from guatu.values import Period, date_text, percent


@dataclass(frozen=True, slots=True)
class Row:
    """One field on the page: what stands in it, what was said last, what is wrong with it, and which other report it
    was taken from."""

    field: FormField
    text: str
    shown: str
    last: str
    error: str = ""
    choices: tuple[str, ...] = ()
    origin: str = ""

    @property
    def name(self) -> str:
        return f"f.{self.field.id}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A draft that somebody else has saved meanwhile: who, when, and each field in both readings."""

    who: str
    when: str
    edition: int
    rows: tuple[tuple[str, str, str], ...]


@dataclass
class Page:
    """A project's report of a month as somebody sees it."""

    user: Account
    project: Project
    period: Period
    scheme: Scheme
    versions: Sequence[Report]
    before: Mapping[str, Report]
    ledger: LedgerProject | None
    last_year: Report | None = None
    said: Sequence[Earlier] = ()
    typed: Mapping[str, str] | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    _attached: list[Attachment] | None = None

    @property
    def attached(self) -> list[Attachment]:
        """The photographs and videos of the version that is shown. One query, once."""
        if self._attached is None:
            self._attached = attachments_of([self.report] if self.report else [])
        return self._attached

    @property
    def form(self) -> ReportForm:
        return self.scheme.form

    @property
    def title(self) -> str:
        """What is reported: 2023年9月月报."""
        return _("%s月报") % self.period.label

    @property
    def list_name(self) -> str:
        return _("%s填报") % self.period.label

    @property
    def list_href(self) -> str:
        """The address of the list that it belongs to."""
        return reverse("reports-month", args=[str(self.period)])

    @property
    def href(self) -> str:
        return f"{self.list_href}{quote(self.project.code, safe='')}/"

    @property
    def due(self) -> date:
        return self.scheme.due(self.period)

    @property
    def due_line(self) -> str:
        """Until when it is in time, and how long that is."""
        return until_words(self.due)

    @property
    def begins(self) -> date:
        return self.period.first_day

    @property
    def in_time(self) -> bool:
        """Whether it has begun and is still asked for."""
        expires = self.form.expires
        return self.period <= Period.of(today()) and (expires is None or self.period.first_day <= expires)

    def again(self) -> Page:
        """The page as it stands in the tables now."""
        return page_of(self.user, self.project, self.period, self.scheme)

    @property
    def asked(self) -> tuple[FormField, ...]:
        """The fields that a person fills in here."""
        return asked_fields(self.form, ytd_known=self.base is not None)

    @property
    def known(self) -> Mapping[str, Said]:
        """What the unit's other reports have said in this term, by field."""
        return said_within(self.said, self.form, MONTHLY, self.begins)

    def begun(self) -> dict[str, Value]:
        """What stands in a new report to begin with."""
        return carried_over(self.form, self.last) | {name: one.value for name, one in self.known.items()}

    def beside(self) -> dict[str, Value | None]:
        """What was said last, by field, to stand beside what is typed."""
        last = self.last
        return {one.id: value_of(last, one) for one in self.form.fields} if last else {}

    @property
    def report(self) -> Report | None:
        """The newest version. A draft is its unit's own business; another sees what was handed in before it."""
        seen = [row for row in self.versions if row.state != Report.State.DRAFT or self.fills_in]
        return seen[0] if seen else None

    @cached_property
    def fills_in(self) -> bool:
        return may(self.user, Verb.HAND_IN, self.project)

    @property
    def draft(self) -> Report | None:
        newest = self.versions[0] if self.versions else None
        return newest if newest is not None and newest.state == Report.State.DRAFT else None

    @property
    def open(self) -> bool:
        """Whether the reader may type: nothing was handed in yet, or the last version is a draft or was returned."""
        newest = self.versions[0] if self.versions else None
        free = newest is None or newest.state in (Report.State.DRAFT, Report.State.RETURNED)
        return free and self.in_time and self.fills_in

    @property
    def base(self) -> int | None:
        return last_ytd(self.before, self.period)

    @property
    def last(self) -> HandedIn | None:
        """The last report handed in before this month, in the same year (of January: December's)."""
        if not self.before:
            return None
        return as_handed_in(self.before[max(self.before)], self.project.code, self.scheme.form.own)

    @property
    def last_words(self) -> str:
        """Which report stands beside: 2023年8月."""
        return self.last.period.label if self.last else ""

    def extra(self) -> dict[str, Any]:
        """What the template needs for one kind of report alone."""
        return {}

    def doubts(self) -> list[Doubt]:
        """What the checks question in the version that is shown."""
        if self.report is None:
            return []
        self.report.project = self.project
        reused = reused_photos(self.report, self.attached, self.scheme.text.form.attachments)
        return doubts_about(
            self.report, self.ledger, list(self.before.values()), self.project.code, self.scheme, reused
        )


def page_of(user: Account, project: Project, period: Period, scheme: Scheme) -> Page:
    """The page as it stands in the tables. Nine queries, whatever the number of versions; eleven with its pictures."""
    return Page(
        user,
        project,
        period,
        scheme,
        list(report_versions(project, str(period))),
        handed_in_before([project.pk], period).get(project.pk, {}),
        ledger_of([project], today(), period.year).get(project.pk),
        same_month_last_year([project.pk], period).get(project.pk),
        said=earlier([project.pk], scheme, period.last_day).get(project.pk, ()),
    )


def form_context(page: Page) -> dict[str, Any]:
    """The context of reporting/report.html (it says what)."""
    report = page.report
    doubts = page.doubts()
    way = way_of(report) if report else None
    return {
        "what": page.title,
        "monthly": True,
        "project": page.project,
        "period": page.period,
        "report": report,
        "open": page.open,
        "edition": page.draft.edition if page.draft else 0,
        "rows": rows_of(page),
        "base": page.base,
        "base_text": exact_money(page.base),
        "january": page.period.month == 1,
        "ytd": exact_money(report.invested_ytd if report else None),
        "ytd_typed": page.base is None and "invested_ytd" in page.form.by_id,
        "plan": plan_of(page),
        "last_year": last_year_of(page),
        "statistics": _beside_statistics(page),
        "doubts": doubts,
        "unsettled": sum(not doubt.settled for doubt in doubts),
        "rounds": rounds_of(page.versions),
        "state": state_words(report, page.scheme) if report else _("未填"),
        "returned": returned_round(page.versions),
        "due_line": page.due_line,
        "way": _step(page, way) if way and report else None,
        "may_return": bool(way and report and may(page.user, way.back, page.project)),
        "may_withdraw": bool(
            report and report.state == Report.State.SUBMITTED and not report.done and page.fills_in
        ),
        "may_correct": bool(report and report.done and page.fills_in) and page.draft is None,
        "correction": page.draft.reason if page.draft else "",
        "conflict": page.conflict,
        "saved": saved_words(page.draft),
        "list_href": page.list_href,
        "list_name": page.list_name,
        "last_words": page.last_words,
        "pictures": pictures(page.attached),
        "attaching": attaching(page.attached, page.scheme.text.form.attachments, page.draft is not None),
        "hand_in_words": _("提交签发"),
        **page.extra(),
    }


def _step(page: Page, way: Way) -> dict[str, str] | None:
    if not may(page.user, way.verb, page.project):
        return None
    words = {"sign": _("签发"), "check": _("审核通过"), "accept": _("采用")}[str(way.step)]
    hint = _("签发后报送，本单位对数字负责。") if way is SIGN else ""
    return {"do": str(way.step), "words": words, "hint": hint}


def rows_of(page: Page) -> list[Row]:
    """The fields of the form in order; a field that is typed holds what was typed, else the draft, else last month."""
    report, last, known = page.report, page.beside(), page.known
    said = values_of(report, page.form) if report else page.begun()
    found = []
    for one in page.asked if page.open else page.form.fields:
        value, before = said.get(one.id), last.get(one.id)
        text = page.typed.get(one.id, "") if page.typed is not None else typed_text(one, value)
        choices = (_("是"), _("否")) if one.kind == "flag" else one.choices
        if one.kind == "choice" and text and text not in choices:
            choices = (*choices, text)
        origin = known[one.id].where if one.id in known and known[one.id].value == value else ""
        shown = "" if before is None else shown_text(one, before)
        found.append(
            Row(one, text, shown_text(one, value), shown, page.faults.get(one.id, ""), choices, origin)
        )
    return found


def plan_of(page: Page) -> list[tuple[str, str]]:
    """The plan beside the figures: total, year, this month, cumulative and its share of the year."""
    ledger = page.ledger
    if ledger is None:
        return []
    split, month = ledger.planned_cumulative, page.period.month
    now = split[month - 1] if split else None
    before = 0 if month == 1 else (split[month - 2] if split else None)
    this = None if now is None or before is None else now - before
    share = percent(now, ledger.planned, 1) if now is not None and ledger.planned else None
    return [
        (_("总投资"), exact_money(ledger.total)),
        (_("年度计划"), exact_money(ledger.planned)),
        (_("本月计划"), exact_money(this)),
        (_("累计计划"), exact_money(now) + (f"（{share}%）" if share is not None else "")),
    ]


def last_year_of(page: Page) -> list[tuple[str, str]]:
    """What the project reported of the same month a year ago, and how this year's figures stand to it."""
    then, now = page.last_year, page.report
    return [
        (
            _("去年同期%s") % words,
            last_year_words(getattr(now, name) if now else None, getattr(then, name) if then else None),
        )
        for words, name in ((_("本月"), "invested_month"), (_("累计"), "invested_ytd"))
    ]


def _beside_statistics(page: Page) -> BesideStatistics | None:
    if page.report is None:
        return None
    return beside_statistics(page.report.invested_ytd, own_values(page.report, page.scheme.form.own))


def rounds_of(versions: Sequence[Report]) -> list[tuple[int, Round]]:
    """Every step of every version, the newest first, with the number of its version."""
    return [(row.version, one) for row in versions for one in reversed(list(row.rounds.all()))]


def returned_round(versions: Sequence[Report]) -> Round | None:
    """Why the last version that was handed in came back; None unless it did."""
    handed = [row for row in versions if row.state != Report.State.DRAFT]
    if not handed or handed[0].state != Report.State.RETURNED:
        return None
    back = [one for one in handed[0].rounds.all() if one.conclusion == Round.Conclusion.RETURNED]
    return back[-1] if back else None


def state_words(report: Report, scheme: Scheme) -> str:
    """Where a version stands, and whether it counts: 已签发，已计入."""
    words = report.state_words
    if report.kind != MONTHLY:
        return words
    if report.state in (Report.State.DRAFT, Report.State.RETURNED):
        return words
    counts = counts_on(report, date.max, scheme.counts)
    return words + ("，" + (_("已计入") if counts else _("尚未计入")))


def saved_words(draft: Report | None) -> str:
    """When the draft was last saved and by whom; empty where there is none."""
    if draft is None or draft.edited_at is None:
        return ""
    return _("草稿已存，%(time)s %(who)s") % {
        "time": f"{draft.edited_at.astimezone(CHINA):%H:%M}",
        "who": draft.reporter or draft.edited_by,
    }


def until_words(due: date) -> str:
    """2023年10月9日前报送，还有 3 个工作日; empty where nothing is due."""
    if due == date.max:
        return ""
    return _("%(due)s前报送，%(words)s") % {"due": date_text(due), "words": due_words(due)}


def due_words(due: date) -> str:
    """How long there is: 还有 3 个工作日, 今天, 已过 2 个工作日; empty where nothing is due."""
    if due == date.max:
        return ""
    left = days_left(due)
    if left == 0:
        return _("今天到期")
    return _("还有 %d 个工作日") % left if left > 0 else _("已过 %d 个工作日") % -left


def days_left(due: date) -> int:
    """Working days until a day, negative after it; calendar days where the holidays are not published."""
    try:
        if due >= today():
            return working_days_after(today(), due)
        return -working_days_after(due, today())
    except UnpublishedYear:
        return (due - today()).days


def conflict_of(page: Page, theirs: Report, typed: Mapping[str, str]) -> Conflict:
    """Both readings of every field in which what was typed differs from the draft that another has saved."""
    said = values_of(theirs, page.form)
    rows = []
    for one in page.asked:
        there = typed_text(one, said.get(one.id))
        here = typed.get(one.id, "").strip()
        if here != there:
            rows.append((one.name, there or "–", here or "–"))
    when = f"{theirs.edited_at.astimezone(CHINA):%m-%d %H:%M}" if theirs.edited_at else ""
    return Conflict(theirs.reporter or theirs.edited_by, when, theirs.edition, tuple(rows))
