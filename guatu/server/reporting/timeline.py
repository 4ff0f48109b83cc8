"""All reports of one project, of every kind, in one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.form import MONTHLY
from guatu.schemes.load import Scheme
from guatu.server.accounts.rights import User, Verb, may
from guatu.server.clock import CHINA
from guatu.server.portfolio.models import Project
from guatu.server.reporting.form_page import state_words
from guatu.server.reporting.kind_words import late_words, moment_text
from guatu.server.reporting.known import begins_on, report_words
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import SHAPES, report_href
from guatu.values import Period, date_text

SHOWN: Final = 12
"""How many reports stand there at once, the newest first; the others are folded."""


@dataclass(frozen=True, slots=True)
class Told:
    """One report: what it is, when it came (or was begun), where it stands, how late it was."""

    words: str
    day: str
    state: str
    shape: str
    late: str
    href: str
    at_once: bool


def timeline(user: User, project: Project, scheme: Scheme, year: int) -> dict[str, Any]:
    """The reports of a year as the project's page shows them, the newest first, and the kinds that the reader may begin
    at once. One query; none, and nothing, where the scheme asks for the month's report alone."""
    if not scheme.kinds:
        return {"told": [], "folded": [], "begin": []}
    fills_in = may(user, Verb.HAND_IN, project)
    rows = Report.every_kind.filter(
        project=project, period__startswith=f"{year:04d}", superseded_by__isnull=True, blank=False
    )
    seen = [row for row in rows if fills_in or row.state != Report.State.DRAFT]
    seen.sort(key=lambda row: (_day(row), row.pk), reverse=True)
    told = [_told(row, project, scheme) for row in seen]
    begin = [kind for kind in scheme.kinds if kind.at_once and project.stage in kind.stages]
    return {"told": told[:SHOWN], "folded": told[SHOWN:], "begin": begin if fills_in else []}


def _day(row: Report) -> date:
    """The day at which a report stands: that on which it happened or came, else that on which its term begins."""
    if row.happened_at is not None:
        return row.happened_at.astimezone(CHINA).date()
    return row.handed_in or begins_on(row.period)


def _told(row: Report, project: Project, scheme: Scheme) -> Told:
    kind = scheme.kind(row.kind)
    if row.kind == MONTHLY:
        href, late = report_href(project.code, row.period), _late_month(row, scheme)
    else:
        href = reverse("report-of-kind", args=[row.kind, row.period, project.code]) if kind else ""
        late = late_words(row, kind) if kind else ""
    at_once = bool(kind and kind.at_once)
    return Told(
        words=kind.name if kind and at_once else report_words(row, scheme),
        day=moment_text(row.happened_at) if row.happened_at else date_text(_day(row)),
        state=state_words(row, scheme),
        shape="normal" if row.done else SHAPES[str(row.state)],
        late=late,
        href=href,
        at_once=at_once,
    )


def _late_month(row: Report, scheme: Scheme) -> str:
    due = scheme.due(Period.parse(row.period))
    return _("迟报") if row.handed_in is not None and row.handed_in > due else ""
