"""Until when a report beside the month's is in time, and how late it came, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from guatu.calendars import UnpublishedYear, working_days_after
from guatu.reporting.kinds import Kind
from guatu.reporting.terms import ReportTerm
from guatu.server.clock import CHINA, now, today
from guatu.server.reporting.models import Report


def moment_text(moment: datetime) -> str:
    """A moment for people, in China: 2023-09-18 14:30."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def limit_of(row: Report, kind: Kind) -> datetime | None:
    """Until when the report of an event is in time; None where the moment or the term is not known."""
    return kind.limit(row.happened_at.astimezone(CHINA)) if row.happened_at else None


def has_come(row: Report | None) -> bool:
    """Whether a version has come in and was not returned."""
    if row is None or row.state in (Report.State.DRAFT, Report.State.RETURNED):
        return False
    return row.done or row.state != Report.State.SUBMITTED


def late_words(row: Report | None, kind: Kind, term: ReportTerm | None = None) -> str:
    """迟报 2 个工作日, 迟报 3 小时, 逾期未报; empty where nothing is late (yet)."""
    if kind.at_once:
        return _late_event(row, kind)
    term = term or (kind.term(row.period) if row else None)
    if term is None:
        return ""
    if row is not None and has_come(row):
        came = row.handed_in
        if came is None or came <= term.due:
            return ""
        try:
            return _("迟报 %d 个工作日") % working_days_after(term.due, came)
        except UnpublishedYear:
            return _("迟报 %d 天") % (came - term.due).days
    return _("逾期未报") if term.due < today() else ""


def _late_event(row: Report | None, kind: Kind) -> str:
    limit = limit_of(row, kind) if row else None
    if row is None or limit is None:
        return ""
    if not has_come(row):
        return _("已过时限") if now() > limit else ""
    if row.came_at is None or row.came_at <= limit:
        return ""
    over = row.came_at - limit
    if over < timedelta(days=1):
        return _("迟报 %d 小时") % max(1, round(over.total_seconds() / 3600))
    return _("迟报 %d 天") % over.days
