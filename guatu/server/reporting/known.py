"""What a unit has said already in any of its reports, so that nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from guatu.reporting.form import MONTHLY, ReportForm, Value
from guatu.reporting.kinds import Kind, Said, said_before
from guatu.schemes.load import Scheme
from guatu.server.clock import CHINA
from guatu.server.portfolio.queries import among
from guatu.server.reporting.models import Report
from guatu.server.reporting.queries import values_of
from guatu.values import Period, date_text

HALF_A_YEAR: Final = timedelta(days=190)
"""What was said longer ago is not shown beside a form."""


def came() -> Q:
    """The condition that a version has come in: signed by the unit, or handed in where no signature is asked."""
    signed = (Report.State.SIGNED, Report.State.CHECKED, Report.State.ACCEPTED)
    return Q(state__in=signed) | Q(state=Report.State.SUBMITTED, ends="handed_in")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One report that has come in: the day on which its term begins, where its values stand, and the values."""

    kind: str
    begins: date
    where: str
    values: Mapping[str, Value]


def earlier(projects: Sequence[int], scheme: Scheme, ends: date) -> dict[int, list[Earlier]]:
    """Project id → what its unit has said in the half-year up to `ends`, the oldest first. One query; none where the
    scheme asks for the month's report alone."""
    if not scheme.kinds:
        return {}
    rows = (
        Report.every_kind.filter(came(), among("project", set(projects)), blank=False)
        .filter(period__gte=str(Period.of(ends - HALF_A_YEAR)))
        .order_by("version")
    )
    newest = {(row.project_id, row.kind, row.period): row for row in rows}
    found: dict[int, list[Earlier]] = {}
    for row in sorted(newest.values(), key=lambda row: begins_on(row.period)):
        form = form_of(row, scheme)
        if form is not None and begins_on(row.period) <= ends:
            said = Earlier(row.kind, begins_on(row.period), report_words(row, scheme), values_of(row, form))
            found.setdefault(row.project_id, []).append(said)
    return found


def form_of(row: Report, scheme: Scheme) -> ReportForm | None:
    """The form of a version; None for a kind that the scheme no longer asks for."""
    if row.kind == MONTHLY:
        return scheme.form
    kind = scheme.kind(row.kind)
    return kind.form if kind else None


def begins_on(key: str) -> date:
    """The day on which the term of a key begins: of a month its first, of an event the day it was begun."""
    return date.fromisoformat(key[:10]) if len(key) > len("2023-09") else Period.parse(key).first_day


def report_words(row: Report, scheme: Scheme) -> str:
    """A report for people: 2023年9月月报, 2023年第38周（9月18日至24日）周报."""
    if row.kind == MONTHLY:
        return _("%s月报") % Period.parse(row.period).label
    kind = scheme.kind(row.kind)
    if kind is None:
        return f"{row.kind} {row.period}"
    return term_words(kind, row.period, row) + kind.name


def term_words(kind: Kind, key: str, row: Report | None = None) -> str:
    """The term of a kind for people; of an event the moment at which it happened, or the day of its report."""
    if kind.at_once:
        moment = row.happened_at if row is not None else None
        return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M} " if moment else date_text(begins_on(key))
    term = kind.term(key)
    return kind.words(term) if term else key


def said_within(said: Sequence[Earlier], form: ReportForm, kind: str, begins: date) -> dict[str, Said]:
    """What other reports said since `begins`: it stands in the new report to begin with."""
    return said_before(
        form.typed, [(one.where, one.values) for one in said if one.begins >= begins and one.kind != kind]
    )


def said_last(said: Sequence[Earlier], form: ReportForm, begins: date) -> dict[str, Said]:
    """What was last said of each field in any report whose term began before `begins`."""
    return said_before(form.typed, [(one.where, one.values) for one in said if one.begins < begins])
