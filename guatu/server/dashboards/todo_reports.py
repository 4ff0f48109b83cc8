"""What the month's reports ask of one person: to fill in, to sign, to check, to accept, and what came back or has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.portfolio.project import BUILDING
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, projects_for, sees_everything
from guatu.server.clock import today
from guatu.server.dashboards.asked import Asked
from guatu.server.dashboards.todo_kinds import asked_by_kinds
from guatu.server.portfolio.models import Project
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import current_period, report_href
from guatu.server.reporting.rounds import WAYS
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period


def asked_of(user: Account) -> list[Asked]:
    """What is asked of `user` about last month's reports and this month's, and about every other kind. Three queries,
    whatever the size."""
    ways = [way for way in WAYS if may(user, way.verb)]
    fills_in = may(user, Verb.HAND_IN)
    if not ways and not fills_in:
        return []
    scheme = scheme_in_force()
    now = Period.of(today())
    months = [now.plus(-1), now]
    stages = {str(stage) for stage in BUILDING.union(*(kind.stages for kind in scheme.kinds))}
    seen = {row.pk: row for row in projects_for(user, Verb.SEE).filter(stage__in=stages)}
    projects = {pk: row for pk, row in seen.items() if row.stage in BUILDING}
    rows = (
        Report.objects.filter(period__in=[str(month) for month in months])
        .order_by("version")
        .only("project_id", "period", "state", "version", "reason")
    )
    latest = {(row.project_id, row.period): row for row in rows if row.project_id in projects}
    found: list[Asked] = []
    for month in months:
        states = {pk: latest.get((pk, str(month))) for pk in projects}
        counted = Counter(row.state if row else "none" for row in states.values())
        due = scheme.due(month)
        if fills_in and (month == current_period(scheme) or month == months[0]):
            found += _to_fill(month, counted, due)
        if fills_in:
            for pk, row in states.items():
                if row is not None and row.state == Report.State.RETURNED:
                    found.append(
                        Asked("yellow", projects[pk].name, _("%d 月月报被退回，请改正后重报") % month.month,
                              report_href(projects[pk].code, month), due, "returned",
                              f"returned.{month}.{projects[pk].code}.{row.version}")
                    )  # fmt: skip
        address = reverse("reports-month", args=[str(month)])
        for way in ways:
            if counted[str(way.before)]:
                words = {
                    "sign": _("%d 月月报待签发"),
                    "check": _("%d 月月报待审核"),
                    "accept": _("%d 月月报待采用"),
                }
                found.append(
                    Asked("blue", words[str(way.step)] % month.month, _("%d 份") % counted[str(way.before)],
                          f"{address}?state={way.before}", due if str(way.step) == "sign" else None,
                          str(way.step), f"{way.step}.{month}", _versions(projects, states, way.before))
                )  # fmt: skip
        if ways and not sees_everything(user) and counted["returned"]:
            found.append(
                Asked("silent", _("%d 月退回的月报还没有重报") % month.month, _("%d 份") % counted["returned"],
                      f"{address}?state=returned", due, "not_again", f"not_again.{month}",
                      _versions(projects, states, Report.State.RETURNED))
            )  # fmt: skip
    found += asked_by_kinds(user, scheme, seen)
    return sorted(found, key=lambda one: one.days)


def _versions(
    projects: Mapping[int, Project], states: Mapping[int, Report | None], state: Report.State
) -> tuple[str, ...]:
    """The versions of a month's reports in a state, each by its project and number."""
    return tuple(
        f"{projects[pk].code}.{row.version}"
        for pk, row in states.items()
        if row is not None and row.state == state
    )


def _to_fill(month: Period, counted: Counter[str], due: date) -> Iterator[Asked]:
    """The projects of the unit that are not handed in yet, as one line; returned ones have lines of their own."""
    open_ones = counted["none"] + counted["draft"]
    if open_ones:
        text = _("还有 %d 个项目未提交") % open_ones
        if counted["draft"]:
            text += _("，其中 %d 个有草稿") % counted["draft"]
        yield Asked(
            "silent",
            _("填报 %d 月月报") % month.month,
            text,
            reverse("reports-month", args=[str(month)]),
            due,
            "fill",
            f"fill.{month}",
        )
