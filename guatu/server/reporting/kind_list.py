"""Who has handed in a report beside the month's and who has not: one term of a kind, or what happened lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.kinds import Kind
from guatu.reporting.terms import ReportTerm
from guatu.schemes.describe_form import burden_words
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.clock import today
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import among
from guatu.server.reporting.form_page import due_words
from guatu.server.reporting.kind_words import has_come, late_words, moment_text
from guatu.server.reporting.models import LAST, Report
from guatu.server.reporting.month_page import (
    NONE,
    PAGE_SIZE,
    SHAPES,
    chips,
    kind_links,
    page_numbers,
    reportable,
    seen_state,
    way_words,
)
from guatu.server.reporting.queries import latest_of_term
from guatu.server.reporting.rounds import WAYS, Way
from guatu.values import date_text

BESIDE: Final = timedelta(days=430)
"""How far the term before and the one after are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One report, or the project that owes it: where it stands, how late it is, who filled it in and when it came."""

    project: Project
    key: str
    state: str
    words: str
    shape: str
    late: str
    happened: str
    reporter: str
    came: str
    href: str
    waits: bool


def ways_of(user: Account, kind: Kind) -> list[Way]:
    """The steps that reports of this kind take and that `user` may do."""
    return [
        way for way in WAYS if way.before != LAST[kind.ends] and _before(way, kind) and may(user, way.verb)
    ]


def _before(way: Way, kind: Kind) -> bool:
    """Whether the kind comes as far as the state from which the step starts."""
    order = list(LAST.values())
    return order.index(way.before) < order.index(LAST[kind.ends])


def term_context(
    user: Account, kind: Kind, term: ReportTerm, scheme: Scheme, *, state: str, number: str
) -> dict[str, Any]:
    """The context of reporting/kind.html for one term (it says what). Two queries for the rows."""
    projects = list(reportable(user, Verb.SEE, kind.stages))
    latest = latest_of_term([project.pk for project in projects], kind.id, term.key)
    address = reverse("reports-term", args=[kind.id, term.key])
    rows = [(project, term.key, latest.get(project.pk)) for project in projects]
    context = _context(user, kind, scheme, rows, address, state=state, number=number, term=term)
    earlier = kind.terms_due(term.due - BESIDE, term.due)
    later = kind.terms_due(term.due, term.due + BESIDE)
    before = [one for one in earlier if one < term]
    after = [one for one in later if one > term and one.opens <= today()]
    late = sum(bool(late_words(latest.get(project.pk), kind, term)) for project in projects)
    return context | {
        "title": kind.words(term) + kind.name,
        "due": date_text(term.due),
        "due_words": due_words(term.due),
        "before": _term_href(kind, before[-1]) if before else "",
        "after": _term_href(kind, after[0]) if after else "",
        "late": late,
        "grid_href": reverse("reports-term-grid", args=[kind.id, term.key]),
    }


def _term_href(kind: Kind, term: ReportTerm) -> str:
    return reverse("reports-term", args=[kind.id, term.key])


def at_once_context(user: Account, kind: Kind, scheme: Scheme, *, state: str, number: str) -> dict[str, Any]:
    """The context of reporting/kind.html for what happened, the latest first. Two queries for the rows."""
    projects = list(reportable(user, Verb.SEE, kind.stages))
    rows = events_of(projects, kind)
    fills_in = may(user, Verb.HAND_IN)
    shown = [one for one in rows if fills_in or one[2].state != Report.State.DRAFT or one[2].version > 1]
    address = reverse("reports-at-once", args=[kind.id])
    context = _context(user, kind, scheme, shown, address, state=state, number=number, term=None)
    return context | {
        "title": kind.name,
        "at_once": True,
        "begin_for": list(reportable(user, Verb.HAND_IN, kind.stages)) if fills_in else [],
        "late": sum(bool(late_words(row, kind)) for _project, _key, row in shown),
    }


def events_of(projects: Sequence[Project], kind: Kind) -> list[tuple[Project, str, Report]]:
    """The newest version of every event of a kind, the latest event first. One query."""
    named = {project.pk: project for project in projects}
    rows: QuerySet[Report] = Report.every_kind.filter(among("project", set(named)), kind=kind.id)
    newest = {(row.project_id, row.period): row for row in rows.order_by("version")}
    found = [(named[row.project_id], row.period, row) for row in newest.values()]
    return sorted(found, key=lambda one: (one[2].period, one[2].pk), reverse=True)


def _context(
    user: Account,
    kind: Kind,
    scheme: Scheme,
    rows: Sequence[tuple[Project, str, Report | None]],
    address: str,
    *,
    state: str,
    number: str,
    term: ReportTerm | None,
) -> dict[str, Any]:
    fills_in = may(user, Verb.HAND_IN)
    states = {(project.pk, key): seen_state(row, fills_in=fills_in) for project, key, row in rows}
    counted = Counter(states.values())
    ways = ways_of(user, kind)
    waiting = {str(way.before) for way in ways}
    wanted = state if state in counted else ""
    chosen = [one for one in rows if not wanted or states[one[0].pk, one[1]] == wanted]
    paginator = Paginator(chosen, PAGE_SIZE)
    page = paginator.get_page(number)
    way = next((way for way in ways if str(way.before) == wanted), None)
    named = {"submitted": _("已报送")} if kind.ends == "handed_in" else {}
    return {
        "kind": kind,
        "kinds": kind_links(scheme, kind.id),
        "lines": [
            _line(kind, term, project, key, row, states[project.pk, key], waiting)
            for project, key, row in page
        ],
        "page": page,
        "count": len(rows),
        "come": sum(has_come(row) for _project, _key, row in rows),
        "chips": chips(counted, wanted, address, waiting, named),
        "chosen": wanted,
        "way": way_words(way) if way else None,
        "pass_href": reverse("reports-kind-pass", args=[kind.id]),
        "fills_in": fills_in,
        "to_fill": counted[NONE] + counted["draft"] + counted["returned"] if fills_in else 0,
        "burden": burden_words(kind.form.burden(len({project.pk for project, _key, _row in rows}))),
        "fields": kind.form.typed,
        "address": address,
        "numbers": page_numbers(page, address, wanted),
    }


def _line(
    kind: Kind,
    term: ReportTerm | None,
    project: Project,
    key: str,
    row: Report | None,
    state: str,
    waiting: set[str],
) -> Line:
    shown: Report | None = row if state != NONE else None
    done = shown is not None and shown.done
    return Line(
        project=project,
        key=key,
        state=state,
        words=_("未填") if shown is None else _said(shown, state),
        shape="normal" if done else SHAPES[state],
        late=late_words(row, kind, term),
        happened=moment_text(row.happened_at) if row and row.happened_at else "",
        reporter=shown.reporter if shown else "",
        came=moment_text(shown.came_at) if shown and shown.came_at and has_come(shown) else "",
        href=reverse("report-of-kind", args=[kind.id, key, project.code]),
        waits=state in waiting,
    )


def _said(row: Report, state: str) -> str:
    """Where it stands; of a correction that is still a draft the others see the version that it corrects."""
    return row.state_words if row.state == state else str(Report.State(state).label)


def chosen_of_kind(user: Account, verb: Verb, kind: Kind, chosen: Sequence[str]) -> list[Report]:
    """The newest versions of the reports chosen as “key code” of the projects to which `user` may do `verb`; what is
    not among them is left out. Two queries."""
    wanted = [tuple(text.split(" ", 1)) for text in chosen if " " in text]
    projects = {
        row.code: row
        for row in reportable(user, verb, kind.stages).filter(code__in=[code for _key, code in wanted])
    }
    rows = Report.every_kind.filter(
        project__in=projects.values(), kind=kind.id, period__in=[key for key, _code in wanted]
    ).select_related("project")
    newest = {(row.project_id, row.period): row for row in rows.order_by("version")}
    found = []
    for key, code in dict.fromkeys(wanted):
        row = newest.get((projects[code].pk, key)) if code in projects else None
        if row is not None:
            found.append(row)
    return found
