"""How the reports beside the month's were kept – in time, late, missing – as the facts that a scheme counts from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.reporting.kinds import Kind, Punctuality, punctuality
from guatu.reporting.terms import ReportTerm
from guatu.schemes.load import Scheme
from guatu.server.clock import CHINA
from guatu.server.portfolio.facts import ledger_project
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import facts_on
from guatu.server.reporting.kind_words import limit_of
from guatu.server.reporting.known import came
from guatu.server.reporting.models import Report
from guatu.values import Period


@dataclass(frozen=True, slots=True)
class _Came:
    """The day on which each report of a kind came, and whether an event's came in time."""

    kind: Kind
    days: Mapping[int, Mapping[str, date]]
    events: Mapping[int, Sequence[tuple[date, bool]]]

    def kept(self, project: int, month: Period, terms: Sequence[ReportTerm], day: date) -> Punctuality:
        """How a project kept what was due in a month (`terms`), as known on `day`."""
        if self.kind.at_once:
            late = [late for happened, late in self.events.get(project, ()) if Period.of(happened) == month]
            return Punctuality(len(late), sum(late), 0)
        return punctuality(terms, self.days.get(project, {}), day)


def kept_facts(scheme: Scheme, day: date, year: int) -> tuple[FactRow, ...]:
    """The facts of `year` that the scheme counts from its reports, as known on `day`, month by month and project by
    project. Three queries; none where it counts nothing."""
    rules = [(fact, kind) for fact in scheme.text.fact if (kind := scheme.kind(fact.of_report)) is not None]
    if not rules:
        return ()
    known = facts_on(day)
    codes = dict(Project.objects.filter(pk__in=known).values_list("pk", "code"))
    stages = {pk: ledger_project(code, known[pk], None).stage for pk, code in sorted(codes.items())}
    came_in = {kind.id: came_by(kind, day, year) for _fact, kind in rules}
    months = [Period(year, month) for month in range(1, 13) if Period(year, month).first_day <= day]
    found: list[FactRow] = []
    for fact, kind in rules:
        for month in months:
            terms = kind.terms_due(month.first_day, month.last_day)
            for pk, stage in stages.items():
                kept = came_in[kind.id].kept(pk, month, terms, day)
                if stage in kind.stages and kept.due:
                    value = Fraction(kept.missing if fact.counts == "missing" else kept.late)
                    term = Term("month", month.year, month.month)
                    found.append(FactRow(codes[pk], term, fact.id, value, source=kind.name))
    return tuple(found)


def came_by(kind: Kind, day: date, year: int) -> _Came:
    """The reports of a kind that had come in by `day` and were not returned by then. One query."""
    returned_later = Q(state=Report.State.RETURNED, returned_on__gt=day)
    rows = Report.every_kind.filter(
        came() | returned_later, kind=kind.id, known_from__lte=day, handed_in__isnull=False
    ).filter(Q(period__startswith=f"{year:04d}") | Q(period__startswith=f"{year - 1:04d}-12"))
    newest = {(row.project_id, row.period): row for row in rows.order_by("version")}
    days: dict[int, dict[str, date]] = {}
    events: dict[int, list[tuple[date, bool]]] = {}
    for (project, key), row in newest.items():
        assert row.handed_in is not None
        days.setdefault(project, {})[key] = row.handed_in
        if row.happened_at is not None:
            limit = limit_of(row, kind)
            late = limit is not None and row.came_at is not None and row.came_at > limit
            events.setdefault(project, []).append((row.happened_at.astimezone(CHINA).date(), late))
    return _Came(kind, days, events)
