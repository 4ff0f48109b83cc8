"""Propose and decide: the deciding person is never the proposing one, and both give a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.assessment.given import FactRow
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may_give, require, sees_given
from guatu.server.clock import now, today
from guatu.server.given.actions import keep_marks, signature
from guatu.server.given.incoming import incoming
from guatu.server.portfolio.actions import Paper, change_plan, check_plan
from guatu.server.portfolio.models import Project
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import (
    MARK,
    YEAR_FILE,
    mark_of,
    mark_payload,
    mark_subject,
    project_of,
    waiting_marks,
)
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.schemes.in_force import scheme_in_force


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
    return put(actor, verb, ("project", project.code), {"project": project.code}, payload, reason)


@transaction.atomic
def propose_marks(rows: Sequence[FactRow], *, actor: Account, scheme: Scheme) -> list[Proposal]:
    """Give marks, each with its reason; none counts until another person has confirmed it.

    All or none. Raises ValidationError with every fault: who may not give it, a mark outside its range or without
    a reason, one that waits for its second person already.
    """
    signed = [replace(row, by=row.by or signature(actor), second="", day=row.day or today()) for row in rows]
    laid = incoming(signed, scheme, actor)
    waiting = {proposal.subject_id for proposal in waiting_marks()}
    faults = [f"{line.row.entity}：{line.note}" for line in laid.refused]
    faults += [
        _("%(entity)s：“%(fact)s”已有一个打分等待确认") % {"entity": line.row.entity, "fact": line.name}
        for line in laid.marks
        if mark_subject(line.row) in waiting
    ]
    if faults:
        raise ValidationError(faults)
    return [
        put(
            actor,
            Proposal.Verb.GIVE_MARK,
            (MARK, mark_subject(line.row)),
            {},
            mark_payload(line),
            line.row.reason,
        )
        for line in laid.marks
    ]


def put(
    actor: Account,
    verb: Proposal.Verb,
    subject: tuple[str, str],
    named: Mapping[str, Any],
    payload: Mapping[str, Any],
    reason: str,
) -> Proposal:
    """Keep a proposal that was looked at, with its entry. For the actions that propose."""
    proposal = Proposal.objects.create(
        verb=verb,
        subject_kind=subject[0],
        subject_id=subject[1],
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
        after={**named, **payload},
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
    subject = _require_decider(fresh, actor)
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
        after={"decision": fresh.decision, **subject},
        reason=reason,
    )
    if accept:
        CARRY_OUT[Proposal.Verb(fresh.verb)](fresh, actor)
    return fresh


def _require_decider(proposal: Proposal, actor: Account) -> dict[str, str]:
    """Let pass who may decide on the proposal, and say what it is about; Http404 for a stranger."""
    if proposal.subject_kind == YEAR_FILE:
        require(actor, Verb.DECIDE)
        return {"year_file": proposal.subject_id}
    if proposal.subject_kind != MARK:
        project = project_of(proposal)
        require(actor, Verb.DECIDE, project)
        return {"project": project.code}
    supplier = json.loads(proposal.payload)["supplier"]
    if not sees_given(actor, supplier):
        raise Http404(_("没有这项打分。"))
    if not may_give(actor, supplier):
        raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
    return {"mark": proposal.subject_id}


def _give_mark(proposal: Proposal, actor: Account) -> None:
    row = replace(mark_of(proposal), second=signature(actor))
    keep_marks([row], actor=actor, scheme=scheme_in_force())


def _change_plan(proposal: Proposal, actor: Account) -> None:
    project = project_of(proposal)
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


def _sign_year_file(proposal: Proposal, actor: Account) -> None:
    """What was frozen is signed as it is. Raises ValidationError where it is not what was proposed."""
    frozen: Any = proposal
    if digest(frozen.year_file.content) != json.loads(proposal.payload)["digest"]:
        raise ValidationError(_("档案的内容与提请签发时的摘要不符，不能签发。"))


CARRY_OUT: Final[Mapping[Proposal.Verb, Callable[[Proposal, Account], None]]] = {
    Proposal.Verb.CHANGE_PLAN: _change_plan,
    Proposal.Verb.GIVE_MARK: _give_mark,
    Proposal.Verb.SIGN_YEAR_FILE: _sign_year_file,
}
"""What carries out each verb once it is accepted."""
