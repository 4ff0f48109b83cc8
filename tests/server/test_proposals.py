"""One proposes, another decides, both with a reason; accepting carries it out."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from guatu.server.clock import now
from guatu.server.portfolio.actions import Paper
from guatu.server.portfolio.models import AnnualPlan
from guatu.server.portfolio.queries import plans_on
from guatu.server.proposals.actions import decide, propose_plan
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import visible_proposals, waiting_proposals
from guatu.server.record.queries import verify
from tests.cast import PORT, SCHOOL, WAN, Cast, project

LOWER = tuple(min(month * 1_000, 9_000) * WAN for month in range(1, 13))


def proposed(cast: Cast, by: str = "county", code: str = PORT, reason: str = "征地推迟") -> Proposal:
    return propose_plan(
        project(code),
        actor=cast.account(by),
        year=2023,
        amount=9_000 * WAN,
        cumulative=LOWER,
        valid_from=date(2023, 7, 1),
        paper=Paper("调整请示", date(2023, 6, 20), "东政〔2023〕8号"),
        reason=reason,
    )


@pytest.mark.django_db
def test_an_accepted_proposal_changes_the_plan_from_its_day(cast: Cast) -> None:
    decide(proposed(cast), actor=cast.office, accept=True, reason="同意县里意见")
    port = project(PORT).pk
    assert plans_on(date(2023, 6, 30), 2023)[port].amount == 12_000 * WAN
    assert plans_on(date(2023, 7, 1), 2023)[port].amount == 9_000 * WAN
    plan = AnnualPlan.objects.filter(project=port).latest("id")
    assert (plan.reason, plan.document.number) == ("征地推迟", "东政〔2023〕8号")
    assert verify().whole


@pytest.mark.django_db
def test_a_rejected_proposal_changes_nothing(cast: Cast) -> None:
    settled = decide(proposed(cast), actor=cast.office, accept=False, reason="年内可赶上")
    assert (settled.decision, settled.decision_reason) == ("rejected", "年内可赶上")
    assert plans_on(date(2023, 12, 31), 2023)[project(PORT).pk].amount == 12_000 * WAN


@pytest.mark.django_db
def test_the_proposer_does_not_decide(cast: Cast) -> None:
    own = proposed(cast, by="office")
    with pytest.raises(PermissionDenied, match="另一人"):
        decide(own, actor=cast.office, accept=True, reason="自己定")
    assert decide(own, actor=cast.deputy, accept=True, reason="同意").decision == "accepted"


@pytest.mark.django_db
def test_the_database_refuses_a_decision_by_the_proposer(cast: Cast) -> None:
    own = proposed(cast, by="office")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=own.pk).update(
            decided_by=cast.office, decided_at=now(), decision="accepted"
        )


@pytest.mark.django_db
def test_who_may_not_decide_is_refused(cast: Cast) -> None:
    asked = proposed(cast)
    with pytest.raises(PermissionDenied):
        decide(asked, actor=cast.department, accept=True, reason="同意")
    with pytest.raises(Http404):
        decide(asked, actor=cast.other_county, accept=True, reason="同意")


@pytest.mark.django_db
def test_what_is_decided_stays_decided(cast: Cast) -> None:
    asked = proposed(cast)
    decide(asked, actor=cast.office, accept=False, reason="年内可赶上")
    with pytest.raises(ValidationError, match="已经有了决定"):
        decide(asked, actor=cast.deputy, accept=True, reason="同意")


@pytest.mark.django_db
def test_a_reason_is_asked_of_both(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="理由"):
        proposed(cast, reason=" ")
    with pytest.raises(ValidationError, match="理由"):
        decide(proposed(cast), actor=cast.office, accept=True, reason="")


@pytest.mark.django_db
def test_a_stranger_proposes_nothing_and_a_reader_is_refused(cast: Cast) -> None:
    with pytest.raises(Http404):
        proposed(cast, by="county", code=SCHOOL)
    with pytest.raises(PermissionDenied):
        proposed(cast, by="reader")


@pytest.mark.django_db
def test_proposals_are_seen_by_those_who_see_the_project(cast: Cast) -> None:
    asked = proposed(cast)
    assert list(waiting_proposals(cast.reporter)) == [asked]
    assert list(visible_proposals(cast.other_county)) == []
    decide(asked, actor=cast.office, accept=False, reason="年内可赶上")
    assert list(waiting_proposals(cast.reporter)) == []
