"""What the page of one report beside the month's shows: that of a week, ten days or quarter, or of an event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.form import FormField, ReportForm, Value
from guatu.reporting.kinds import Kind, Said
from guatu.reporting.terms import ReportTerm
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.clock import CHINA, today
from guatu.server.portfolio.models import Project
from guatu.server.reporting.doubts import Doubt, ledger_of
from guatu.server.reporting.form_page import Page, until_words
from guatu.server.reporting.gallery import attaching
from guatu.server.reporting.kind_words import late_words, limit_of, moment_text
from guatu.server.reporting.known import begins_on, earlier, said_last, said_within, term_words
from guatu.server.reporting.models import Report
from guatu.server.reporting.queries import versions_of
from guatu.values import Period

HAPPENED = "happened"
EVENT_KEY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\.\d{1,4})?")
"""The day on which the report of an event was begun; the second of the day ends in .2."""


@dataclass(slots=True, kw_only=True)
class KindPage(Page):
    """A report of `kind`, for the term of `key` (`term` is None for an event)."""

    kind: Kind
    key: str
    term: ReportTerm | None

    @property
    def form(self) -> ReportForm:
        return self.kind.form

    @property
    def title(self) -> str:
        if self.kind.at_once:
            return self.kind.name
        return term_words(self.kind, self.key) + self.kind.name

    @property
    def list_name(self) -> str:
        return self.kind.name

    @property
    def list_href(self) -> str:
        if self.kind.at_once:
            return reverse("reports-at-once", args=[self.kind.id])
        return reverse("reports-term", args=[self.kind.id, self.key])

    @property
    def href(self) -> str:
        return reverse("report-of-kind", args=[self.kind.id, self.key, self.project.code])

    @property
    def due(self) -> date:
        return self.term.due if self.term else date.max

    @property
    def due_line(self) -> str:
        """Until when, and whether it came late; of an event from the moment at which it happened."""
        report = self.report
        if report is not None and report.came_at is not None:
            late = late_words(report, self.kind)
            return _("%s报送") % moment_text(report.came_at) + (f"，{late}" if late else "")
        if self.term is not None:
            return until_words(self.term.due)
        limit = limit_of(report, self.kind) if report else None
        return _("%s前报送") % moment_text(limit) if limit else ""

    @property
    def begins(self) -> date:
        return begins_on(self.key)

    @property
    def in_time(self) -> bool:
        expires = self.form.expires
        opened = self.term is None or self.term.opens <= today()
        return opened and (expires is None or self.begins <= expires)

    def again(self) -> KindPage:
        return kind_page_of(self.user, self.project, self.kind, self.key, self.scheme)

    @property
    def asked(self) -> tuple[FormField, ...]:
        return self.form.typed

    @property
    def known(self) -> Mapping[str, Said]:
        """What other reports said in this term; an event is told anew."""
        if self.kind.at_once:
            return {}
        return said_within(self.said, self.form, self.kind.id, self.begins)

    def begun(self) -> dict[str, Value]:
        """What the carried fields said last, and what other reports have said in this term."""
        if self.kind.at_once:
            return {}
        last = said_last(self.said, self.form, self.begins)
        found = {one.id: last[one.id].value for one in self.form.typed if one.carried and one.id in last}
        return found | {name: one.value for name, one in self.known.items()}

    def beside(self) -> dict[str, Value | None]:
        if self.kind.at_once:
            return {}
        return {name: one.value for name, one in said_last(self.said, self.form, self.begins).items()}

    @property
    def last_words(self) -> str:
        return _("上一次") if self.beside() else ""

    def doubts(self) -> list[Doubt]:
        """None: the checks hold the figures of months against each other."""
        return []

    def extra(self) -> dict[str, Any]:
        """What reporting/report.html needs beside the context of months."""
        newest = self.versions[0] if self.versions else None
        return {
            "at_once": self.kind.at_once,
            "monthly": False,
            "attaching": attaching(self.attached, self.scheme.text.form.attachments, self.draft is not None)
            if self.draft
            else {},
            "last_year": [],
            "statistics": None,
            "happened": self._happened(),
            "hand_in_words": _("报送") if self.kind.ends == "handed_in" else _("提交签发"),
            "hand_in_hint": _("边填边存；报送后即办结，要改再发起更正。")
            if self.kind.ends == "handed_in"
            else "",
            "may_discard": self.kind.at_once
            and self.open
            and newest is not None
            and newest.state == Report.State.DRAFT
            and newest.version == 1
            and not newest.rounds.all(),
        }

    def _happened(self) -> str:
        """The moment of the event as a browser types it: 2023-09-18T14:30."""
        if self.typed is not None:
            return self.typed.get(HAPPENED, "")
        moment = self.report.happened_at if self.report else None
        return f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}" if moment else ""


def read_happened(text: str) -> datetime | None:
    """The moment as typed, in China; None where nothing was typed. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace("：", ":"))
    except ValueError as error:
        raise ValidationError(
            _("“发生时间”填的是“%s”，应为日期和时刻，例如 2023-09-18 14:30。") % text.strip()[:40]
        ) from error
    return moment.replace(second=0, microsecond=0, tzinfo=CHINA)


def kind_page_of(user: Account, project: Project, kind: Kind, key: str, scheme: Scheme) -> KindPage:
    """The page as it stands in the tables. Seven queries, whatever the number of versions."""
    term = None if kind.at_once else kind.term(key)
    ends = term.ends if term else begins_on(key)
    period = Period.of(begins_on(key))
    return KindPage(
        user,
        project,
        period,
        scheme,
        list(versions_of(project, kind.id, key)),
        {},
        ledger_of([project], today(), period.year).get(project.pk),
        said=earlier([project.pk], scheme, ends).get(project.pk, ()),
        kind=kind,
        key=key,
        term=term,
    )


def kind_page_or_404(user: Account, project: Project, kind: Kind, key: str, scheme: Scheme) -> KindPage:
    """The page of a term that has begun, or of an event that was begun. Raises Http404 for any other key."""
    if not kind.at_once:
        term = kind.term(key)
        if term is None or term.opens > today():
            raise Http404(_("没有这一期，或它还没有开始。"))
        return kind_page_of(user, project, kind, key, scheme)
    page = kind_page_of(user, project, kind, key, scheme) if EVENT_KEY.fullmatch(key) else None
    if page is None or page.report is None:
        raise Http404(_("没有这份报告。"))
    return page
