"""What the reports beside the month's ask of one person: this term's and the last one's, and what has happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.kinds import Kind
from guatu.reporting.terms import ReportTerm
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.clock import today
from guatu.server.dashboards.asked import Asked
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import among
from guatu.server.reporting.kind_list import ways_of
from guatu.server.reporting.kind_words import has_come, late_words, limit_of, moment_text
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import NONE
from guatu.server.reporting.rounds import Way

NEWS: Final = timedelta(days=3)
"""For so long a report at once stands in the list of those who check."""
UNFINISHED: Final = (Report.State.DRAFT, Report.State.SUBMITTED, Report.State.SIGNED, Report.State.CHECKED,
                     Report.State.RETURNED)  # fmt: skip


def asked_by_kinds(user: Account, scheme: Scheme, projects: Mapping[int, Project]) -> list[Asked]:
    """What is asked of `user` in every kind beside the month's; `projects` are those that are seen. One query; none
    where the scheme asks for the month's report alone."""
    if not scheme.kinds:
        return []
    terms = {kind.id: _terms(kind) for kind in scheme.kinds if not kind.at_once}
    wanted = Q(kind__in=[kind.id for kind in scheme.kinds if kind.at_once]) & (
        Q(state__in=UNFINISHED) | Q(handed_in__gt=today() - NEWS)
    )
    for id, some in terms.items():
        wanted |= Q(kind=id, period__in=[term.key for term in some])
    rows = list(
        Report.every_kind.filter(wanted, among("project", set(projects)), superseded_by__isnull=True).only(
            "project_id",
            "kind",
            "period",
            "state",
            "version",
            "reason",
            "ends",
            "happened_at",
            "came_at",
            "handed_in",
        )
    )
    found: list[Asked] = []
    for kind in scheme.kinds:
        mine = {pk: row for pk, row in projects.items() if row.stage in kind.stages}
        same = [row for row in rows if row.kind == kind.id and row.project_id in mine]
        if kind.at_once:
            found += _at_once(user, kind, mine, same)
        for term in terms.get(kind.id, ()):
            found += _of_term(user, kind, term, mine, [row for row in same if row.period == term.key])
    return found


def _terms(kind: Kind) -> list[ReportTerm]:
    """The term that is to be reported now, and the one before it."""
    now = kind.to_report(today())
    if now is None:
        return []
    return [*kind.terms_due(now.due - timedelta(days=430), now.due - timedelta(days=1))[-1:], now]


def _of_term(
    user: Account, kind: Kind, term: ReportTerm, projects: Mapping[int, Project], rows: Sequence[Report]
) -> Iterator[Asked]:
    states = dict.fromkeys(projects, NONE) | {row.project_id: str(row.state) for row in rows}
    counted = Counter(states.values())
    address = reverse("reports-term", args=[kind.id, term.key])
    name = kind.words(term) + kind.name
    open_ones = counted[NONE] + counted["draft"]
    key = f"{kind.id}.{term.key}"
    if may(user, Verb.HAND_IN):
        if open_ones:
            text = _("还有 %d 个项目未提交") % open_ones
            yield Asked("silent", _("填报%s") % name, text, address, term.due, "fill", f"fill.{key}")
        yield from _returned(kind, projects, rows, term)
    yield from _ways(kind, ways_of(user, kind), projects, rows, address, name, term)


def _returned(
    kind: Kind, projects: Mapping[int, Project], rows: Sequence[Report], term: ReportTerm | None = None
) -> Iterator[Asked]:
    for row in rows:
        if row.state == Report.State.RETURNED:
            project = projects[row.project_id]
            name = (kind.words(term) if term else "") + kind.name
            yield Asked(
                "yellow", project.name, _("%s被退回，请改正后重报") % name,
                reverse("report-of-kind", args=[kind.id, row.period, project.code]), term.due if term else today(),
                "returned", f"returned.{kind.id}.{row.period}.{project.code}.{row.version}",
            )  # fmt: skip


def _ways(
    kind: Kind,
    ways: Sequence[Way],
    projects: Mapping[int, Project],
    rows: Sequence[Report],
    address: str,
    name: str,
    term: ReportTerm | None,
) -> Iterator[Asked]:
    for way in ways:
        waiting = [row for row in rows if row.state == way.before]
        if waiting:
            words = {"sign": _("%s待签发"), "check": _("%s待审核"), "accept": _("%s待采用")}
            due = (term.due if term else today()) if str(way.step) == "sign" else None
            yield Asked(
                "blue", words[str(way.step)] % name, _("%d 份") % len(waiting), f"{address}?state={way.before}", due,
                str(way.step), f"{way.step}.{kind.id}.{term.key if term else ''}",
                tuple(f"{projects[row.project_id].code}.{row.period}.{row.version}" for row in waiting),
            )  # fmt: skip


def _is_news(row: Report) -> bool:
    return row.handed_in is not None and row.handed_in > today() - NEWS


def _at_once(
    user: Account, kind: Kind, projects: Mapping[int, Project], rows: Sequence[Report]
) -> Iterator[Asked]:
    """Events that the unit has begun to report, those that wait for a step, and for who checks what has just happened."""
    address = reverse("reports-at-once", args=[kind.id])
    for row in rows:
        project = projects[row.project_id]
        href = reverse("report-of-kind", args=[kind.id, row.period, project.code])
        key = f"{kind.id}.{row.period}.{project.code}.{row.version}"
        if row.state == Report.State.DRAFT and may(user, Verb.HAND_IN):
            limit = limit_of(row, kind)
            text = _("%s还没有报出") % kind.name
            if limit is not None:
                text += "，" + (late_words(row, kind) or _("%s前报送") % moment_text(limit))
            yield Asked("red", project.name, text, href, today(), "fill", f"fill.{key}")
        elif has_come(row) and _is_news(row) and may(user, Verb.CHECK):
            moment = moment_text(row.happened_at) if row.happened_at else ""
            text = _("%(what)s，%(moment)s发生") % {"what": kind.name, "moment": moment}
            yield Asked("red", project.name, text, href, today(), "happened", f"happened.{key}")
    if may(user, Verb.HAND_IN):
        yield from _returned(kind, projects, rows)
    yield from _ways(kind, ways_of(user, kind), projects, rows, address, kind.name, None)
