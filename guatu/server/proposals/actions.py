"""Propose and decide: the deciding person is never the proposing one, and both give a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now
from guatu.server.portfolio.actions import Paper, change_plan, check_plan
from guatu.server.portfolio.models import Project
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import project_of
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical


@transaction.atomic
def propose_plan(
    project: Project,
    *,
    actor: Account,
    year: int,
    amount: int,
    cumulative: Sequence[int],
    valid_from: date,
    paper: Paper,
    reason: str,
) -> Proposal:
    """Propose another annual plan (分) for a project from a day. Raises ValidationError (Chinese)."""
    check_plan(amount, cumulative)
    return propose(
        actor=actor,
        verb=Proposal.Verb.CHANGE_PLAN,
        project=project,
        payload={
            "year": year,
            "amount": amount,
            "cumulative": list(cumulative),
            "valid_from": valid_from.isoformat(),
            "document": {"title": paper.title, "day": paper.day.isoformat(), "number": paper.number},
        },
        reason=reason,
    )


@transaction.atomic
def propose(
    *, actor: Account, verb: Proposal.Verb, project: Project, payload: Mapping[str, Any], reason: str
) -> Proposal:
    """Put a proposal about a project. Raises Http404 for a stranger, ValidationError without a reason."""
    require(actor, Verb.PROPOSE, project)
    if not reason.strip():
        raise ValidationError(_("请写明提议的理由。"))
    proposal = Proposal.objects.create(
        verb=verb,
        subject_kind="project",
        subject_id=project.code,
        payload=canonical(payload),
        reason=reason,
        proposed_by=actor,
        proposed_at=now(),
    )
    append(
        actor=actor,
        action=f"{verb}.proposed",
        subject_kind="proposal",
        subject_id=proposal.pk,
        after={"project": project.code, **payload},
        reason=reason,
    )
    return proposal


@transaction.atomic
def decide(proposal: Proposal, *, actor: Account, accept: bool, reason: str) -> Proposal:
    """Accept or reject a proposal; accepting carries it out in the same transaction.

    Raises PermissionDenied for the proposer himself or without the right, ValidationError without a reason
    or where it is decided already. Of two who decide at once, the second is told so.
    """
    fresh = Proposal.objects.select_for_update().get(pk=proposal.pk)
    project = project_of(fresh)
    require(actor, Verb.DECIDE, project)
    if fresh.proposed_by.person_id == actor.person_id:
        raise PermissionDenied(_("提议人不能决定自己的提议，请由另一人决定。"))
    if fresh.decision:
        raise ValidationError(_("这项提议已经有了决定。"))
    if not reason.strip():
        raise ValidationError(_("请写明决定的理由。"))
    fresh.decided_by = actor
    fresh.decided_at = now()
    fresh.decision = Proposal.Decision.ACCEPTED if accept else Proposal.Decision.REJECTED
    fresh.decision_reason = reason
    fresh.save()
    append(
        actor=actor,
        action=f"{fresh.verb}.{fresh.decision}",
        subject_kind="proposal",
        subject_id=fresh.pk,
        before={"decision": None},
        after={"decision": fresh.decision, "project": project.code},
        reason=reason,
    )
    if accept:
        CARRY_OUT[Proposal.Verb(fresh.verb)](fresh, project, actor)
    return fresh


def _change_plan(proposal: Proposal, project: Project, actor: Account) -> None:
    wanted = json.loads(proposal.payload)
    document = wanted["document"]
    change_plan(
        project,
        actor=actor,
        year=wanted["year"],
        amount=wanted["amount"],
        cumulative=wanted["cumulative"],
        valid_from=date.fromisoformat(wanted["valid_from"]),
        paper=Paper(document["title"], date.fromisoformat(document["day"]), document["number"]),
        reason=proposal.reason,
    )


CARRY_OUT: Final[Mapping[Proposal.Verb, Callable[[Proposal, Project, Account], None]]] = {
    Proposal.Verb.CHANGE_PLAN: _change_plan,
}
"""What carries out each verb once it is accepted."""
