"""What the page of a month's reports shows: every project that somebody sees, and where its report stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.portfolio.project import BUILDING, Stage
from guatu.reporting.form import MONTHLY
from guatu.reporting.typed import exact_money
from guatu.schemes.describe_form import burden_words
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, projects_for
from guatu.server.clock import today
from guatu.server.known import Known
from guatu.server.portfolio.models import PastProject, Project
from guatu.server.portfolio.past import make_ready
from guatu.server.reporting.form_page import due_words, state_words
from guatu.server.reporting.models import LAST, Report
from guatu.server.reporting.queries import latest_of_month
from guatu.server.reporting.rounds import WAYS, Way
from guatu.values import Period, date_text

PAGE_SIZE: Final = 100
NONE: Final = "none"
"""The state of a project of which nothing was handed in for the month."""
SHAPES: Final = {
    NONE: "silent",
    "draft": "silent",
    "returned": "yellow",
    "submitted": "blue",
    "signed": "blue",
    "checked": "blue",
    "accepted": "normal",
}
"""The shape before each state."""


@dataclass(frozen=True, slots=True)
class Line:
    """One project of the month: where its report stands and what was reported."""

    project: Project
    state: str
    words: str
    shape: str
    report: Report | None
    month: str
    ytd: str
    href: str
    waits: bool


def reportable(user: Account, verb: Verb = Verb.SEE, stages: Iterable[Stage] = BUILDING) -> QuerySet[Project]:
    """The projects to which `user` may do `verb` and of which a report is due: those under construction, or of the
    stages that a kind of report names."""
    return projects_for(user, verb).filter(stage__in=[str(stage) for stage in stages])


def current_period(scheme: Scheme, day: date | None = None) -> Period:
    """The month to report now (on `day`): the last one as long as its day has not passed, else this month."""
    day = day or today()
    now = Period.of(day)
    before = now.plus(-1)
    due = scheme.due(before)
    return before if due != date.max and day <= due else now


def kind_links(scheme: Scheme, current: str) -> list[dict[str, Any]]:
    """The kinds of report that the scheme asks for, each with its address and until when it is due; empty where it is
    the month's alone. `current` is the id of the one that is shown."""
    if not scheme.kinds:
        return []
    period = current_period(scheme)
    found = [
        {
            "name": _("月报"),
            "href": reverse("reports-month", args=[str(period)]),
            "due": due_words(scheme.due(period)),
            "current": current == MONTHLY,
        }
    ]
    for kind in scheme.kinds:
        term = None if kind.at_once else kind.to_report(today())
        if kind.at_once:
            href, due = reverse("reports-at-once", args=[kind.id]), _("随时")
        elif term is not None:
            href, due = reverse("reports-term", args=[kind.id, term.key]), due_words(term.due)
        else:
            continue
        found.append({"name": kind.name, "href": href, "due": due, "current": current == kind.id})
    return found


def period_of(text: str, day: date | None = None) -> Period | None:
    """The month of an address; None for what is none or lies ahead (of `day`)."""
    try:
        period = Period.parse(text)
    except ValueError:
        return None
    return period if period <= Period.of(day or today()) else None


def states_of(
    user: Account, period: Period, known: Known | None = None, verb: Verb = Verb.SEE
) -> tuple[list[Project], dict[int, Report]]:
    """The projects of the month as `user` sees them, and the newest version of each. Two queries; of a past day
    the projects with the names and stages they had then."""
    if known is None:
        projects = list(reportable(user, verb))
        return projects, latest_of_month([project.pk for project in projects], period)
    make_ready(known)
    past = PastProject.objects.filter(known_on=known.day, stage__in=[str(stage) for stage in BUILDING])
    past = past.filter(project__in=projects_for(user, verb)).select_related("project")
    projects = [_as_then(row) for row in past.order_by("position", "code")]
    return projects, latest_of_month([project.pk for project in projects], period, known)


def _as_then(past: PastProject) -> Project:
    """The project under the name it had; not to be saved."""
    past.project.name, past.project.stage, past.project.county = past.name, past.stage, past.county
    return past.project


def seen_state(report: Report | None, *, fills_in: bool) -> str:
    """The state as somebody sees it: a first draft is nothing yet for those who do not fill in."""
    if report is None:
        return NONE
    if report.state == Report.State.DRAFT and not fills_in:
        return NONE if not report.reason else str(LAST[report.ends])
    return str(report.state)


def month_context(
    user: Account, period: Period, scheme: Scheme, *, state: str, number: str, known: Known | None = None
) -> dict[str, Any]:
    """The context of reporting/month.html (it says what)."""
    projects, latest = states_of(user, period, known)
    fills_in = may(user, Verb.HAND_IN)
    states = {project.pk: seen_state(latest.get(project.pk), fills_in=fills_in) for project in projects}
    counted = Counter(states.values())
    ways = [way for way in WAYS if may(user, way.verb)]
    waiting = {str(way.before) for way in ways}
    wanted = state if state in counted else ""
    chosen = [project for project in projects if not wanted or states[project.pk] == wanted]
    paginator = Paginator(chosen, PAGE_SIZE)
    page = paginator.get_page(number)
    address = reverse("reports-month", args=[str(period)])
    way = next((way for way in ways if str(way.before) == wanted), None)
    due = scheme.due(period)
    return {
        "period": period,
        "kinds": [] if known else kind_links(scheme, MONTHLY),
        "before": str(period.plus(-1)),
        "after": str(period.plus(1)) if period < Period.of(known.day if known else today()) else "",
        "due": date_text(due) if due != date.max else "",
        "due_words": "" if known else due_words(due),
        "lines": [
            _line(
                project,
                latest.get(project.pk),
                states,
                waiting,
                reverse("project", args=[project.code]) if known else report_href(project.code, period),
                scheme,
            )
            for project in page
        ],
        "page": page,
        "count": len(projects),
        "chips": chips(counted, wanted, address, waiting),
        "chosen": wanted,
        "shown": f"state={wanted}" if wanted else "",
        "exports": [
            {
                "words": words,
                "href": reverse("reports-export", args=[str(period), kind])
                + (f"?state={wanted}" if wanted else ""),
            }
            for kind, words in (("xlsx", _("导出 Excel")), ("csv", "CSV"))
        ]
        if may(user, Verb.EXPORT)
        else [],
        "way": way_words(way) if way else None,
        "fills_in": fills_in,
        "to_fill": counted[NONE] + counted["draft"] + counted["returned"] if fills_in else 0,
        "burden": burden_words(scheme.form.burden(len(projects))) if projects else "",
        "fields": scheme.form.typed,
        "address": address,
        "numbers": page_numbers(page, address, wanted),
    }


def _line(
    project: Project,
    report: Report | None,
    states: dict[int, str],
    waiting: set[str],
    href: str,
    scheme: Scheme,
) -> Line:
    state = states[project.pk]
    shown = report if state != NONE else None
    return Line(
        project=project,
        state=state,
        words=state_words(shown, scheme) if shown else _("未填"),
        shape=SHAPES[state],
        report=shown,
        month=exact_money(shown.invested_month) if shown else "–",
        ytd=exact_money(shown.invested_ytd) if shown else "–",
        href=href,
        waits=state in waiting,
    )


def report_href(code: str, period: Period | str) -> str:
    """The address of one project's report of a month."""
    return f"{reverse('reports-month', args=[str(period)])}{quote(code, safe='')}/"


def chips(
    counted: Counter[str],
    wanted: str,
    address: str,
    waiting: set[str],
    named: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The states that occur, in the order of the way, each with how many and its address; `named` are those that have
    another name here."""
    words = {NONE: _("未填"), **{str(state): str(state.label) for state in Report.State}, **(named or {})}
    shown = [
        {
            "words": _("全部"),
            "count": sum(counted.values()),
            "href": address,
            "current": not wanted,
            "waits": False,
        }
    ]
    for state in SHAPES:
        if counted[state]:
            shown.append(
                {
                    "words": words[state],
                    "count": counted[state],
                    "href": f"{address}?state={state}",
                    "current": state == wanted,
                    "waits": state in waiting,
                }
            )
    return shown


def way_words(way: Way) -> dict[str, str]:
    words = {"sign": _("签发所选"), "check": _("所选审核通过"), "accept": _("采用所选")}
    return {"do": str(way.step), "words": words[str(way.step)]}


def page_numbers(page: Any, address: str, wanted: str) -> list[dict[str, Any]]:
    def href(number: int) -> str:
        return f"{address}?state={wanted}&page={number}"

    return [
        {"number": number, "href": href(number) if isinstance(number, int) else ""}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]


def chosen_reports(user: Account, verb: Verb, period: Period, codes: Sequence[str]) -> list[Report]:
    """The newest versions of the month of the projects with these codes to which `user` may do `verb`.

    A code that is not among them is left out; each comes with its project. Two queries.
    """
    projects = {row.pk: row for row in reportable(user, verb).filter(code__in=codes)}
    found = latest_of_month(list(projects), period) if projects else {}
    for pk, report in found.items():
        report.project = projects[pk]
    return [found[pk] for pk in projects if pk in found]
