"""What the checks say of a report before it is handed in: the same checks and sentences as for a workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from guatu.findings import Finding, Severity
from guatu.portfolio.project import Project as LedgerProject
from guatu.reporting.checks import check_reports
from guatu.reporting.report import Report as HandedIn
from guatu.schemes.load import Scheme
from guatu.server.portfolio.facts import ledger_project
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import facts_on, plans_on
from guatu.server.reporting.actions import finding_digest
from guatu.server.reporting.models import Report
from guatu.server.reporting.queries import as_handed_in, values_of

NOT_ASKED: Final = frozenset({"handed_in_late"})
"""Kinds of finding that no correction of the report could mend."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding put to the reporter: to be corrected, or accepted with a `reason`. `key` is its digest."""

    key: str
    finding: Finding
    reason: str

    @property
    def settled(self) -> bool:
        return bool(self.reason)


def ledger_of(projects: Sequence[Project], day: date, year: int) -> dict[int, LedgerProject]:
    """Project id → the project as the rules see it on `day`, with its plan of `year`. Three queries."""
    ids = {project.pk: project.code for project in projects}
    known, plans = facts_on(day, list(ids)), plans_on(day, year, list(ids))
    return {pk: ledger_project(code, known[pk], plans.get(pk)) for pk, code in ids.items() if pk in known}


def doubts_about(
    draft: Report,
    ledger: LedgerProject | None,
    before: Sequence[Report],
    code: str,
    scheme: Scheme,
    more: Sequence[Finding] = (),
) -> list[Doubt]:
    """What the checks question in a draft, held against the months before it, and `more` that was found; no query."""
    limits = scheme.check_settings
    now = replace(as_handed_in(draft, code, scheme.form.own), blank=False)
    series: list[HandedIn] = [as_handed_in(row, code) for row in before if row.period < draft.period]
    found = check_reports([ledger] if ledger else [], [*series, now], limits, None)
    reasons: dict[str, str] = json.loads(draft.reasons)
    return [
        Doubt(key, finding, reasons.get(key, ""))
        for finding in (*found, *more)
        if finding.period == draft.period
        and finding.id not in NOT_ASKED
        and finding.severity != Severity.NOTE
        and (key := finding_digest(finding))
    ]


def missing(draft: Report, scheme: Scheme) -> list[str]:
    """The names of the fields that must be filled in and are not."""
    kind = scheme.kind(draft.kind)
    form = scheme.form if kind is None else kind.form
    found = [_("发生时间")] if kind is not None and kind.at_once and draft.happened_at is None else []
    kept = values_of(draft, form)
    found += [one.name for one in form.typed if one.required and one.id not in kept]
    if kind is not None:
        return found
    said = as_handed_in(draft, "", form.own)
    if "invested_ytd" in scheme.form.by_id and said.invested_ytd is None:
        found.append(scheme.form.by_id["invested_ytd"].name)
    return found
