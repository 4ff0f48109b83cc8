"""The words in which the tests of reports are told: who fills in, signs, checks, accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings

from guatu.reporting.form import Value
from guatu.schemes.load import Scheme, load_scheme
from guatu.server.accounts.models import Account
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.models import Report
from guatu.values import Period
from tests.cast import PORT, WAN, Cast, project

SEPTEMBER = Period(2023, 9)
TYPED: Mapping[str, Value | None] = {
    "invested_month": 1_000 * WAN,
    "progress": "二期码头桩基完成",
    "physical": Decimal("41.5"),
    "actual_start": date(2022, 5, 20),
    "in_statistics": True,
}
"""What the port reports of a month, on top of what it reported of the last."""


def scheme() -> Scheme:
    return load_scheme(settings.GUATU_SCHEME)


def draft(
    cast: Cast,
    period: Period = SEPTEMBER,
    values: Mapping[str, Value | None] | None = None,
    *,
    edition: int = 0,
    code: str = PORT,
    actor: Account | None = None,
    **changed: Value | None,
) -> Report:
    """Save the draft of the port's report of a month."""
    return filling.save_draft(
        project(code),
        period,
        {**(TYPED if values is None else values), **changed},
        actor=actor or cast.reporter,
        edition=edition,
        form=scheme().form,
    )


def hand_in(cast: Cast, report: Report) -> Report:
    filling.hand_in(report, actor=cast.reporter, edition=report.edition, scheme=scheme())
    return report


def brought_to(cast: Cast, state: str, period: Period = SEPTEMBER, **changed: Value | None) -> Report:
    """The port's report of a month in this state, by the people whose work it is."""
    report = draft(cast, period, {**TYPED, **changed})
    if state == "draft":
        return report
    hand_in(cast, report)
    if state == "returned":
        rounds.send_back(report, actor=cast.signer, opinion="形象进度太简略")
    if state in ("signed", "checked", "accepted"):
        rounds.sign([report], actor=cast.signer)
    if state in ("checked", "accepted"):
        rounds.check([report], actor=cast.county)
    if state == "accepted":
        rounds.accept([report], actor=cast.office)
    report.refresh_from_db()
    return report
