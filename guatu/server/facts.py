"""Rows of all subjects → what the rules may know on a day. Four queries, whatever the number of projects."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from guatu.portfolio.project import Project as LedgerProject
from guatu.reporting.report import Report as HandedIn
from guatu.server.portfolio.facts import ledger_project
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import among, facts_on, plans_on
from guatu.server.reporting.queries import Counts, as_handed_in, reports_as_known_on


@dataclass(frozen=True, slots=True)
class Facts:
    """The projects in the order of the ledger, and their reports of the year by project and month."""

    projects: tuple[LedgerProject, ...]
    reports: tuple[HandedIn, ...]


def facts_known_on(
    day: date,
    year: int,
    projects: Collection[int] | None = None,
    *,
    counts: Counts = "signed",
    entered: int | None = None,
) -> Facts:
    """What was known on `day` (that day included) of the year's plan and of the reports of that year.

    A fact or plan counts from its `valid_from`, a report from the day on which it had come as far as `counts` asks
    (what a workbook brought: from the day it was handed in). A project of which
    nothing was known yet is left out. `projects` are the ids of those that are wanted; None means all. `entered`
    leaves out what came by a later entry of the record, though it is said to hold from earlier on.
    """
    known = facts_on(day, projects, entered=entered)
    plans = plans_on(day, year, projects, entered=entered)
    codes = {
        identity: code
        for identity, code in Project.objects.order_by("position", "code").values_list("id", "code")
        if identity in known and (projects is None or identity in projects)
    }
    return Facts(
        projects=tuple(
            ledger_project(code, known[identity], plans.get(identity)) for identity, code in codes.items()
        ),
        reports=tuple(
            as_handed_in(row, codes[row.project_id])
            for row in reports_as_known_on(day, year=year, counts=counts, entered=entered).filter(
                among("project", projects)
            )
            if row.project_id in codes
        ),
    )
