"""评分与数据: what is asked for beside the reports, and the marks that wait."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guatu.assessment.given import FactRow
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, may_give, sees_given
from guatu.server.assessment.score_page import rule_address
from guatu.server.dashboards.todo import forget
from guatu.server.given.overview import chosen, months_to_choose, needs_of, opens, seen_facts
from guatu.server.given.values import said
from guatu.server.proposals.actions import decide
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import mark_of, visible_marks
from guatu.server.schemes.queries import scheme_in_force


def reader_of_given(request: HttpRequest, scheme: Scheme) -> Account:
    """The account that asks. Raises Http404 where there is nothing on these pages for it."""
    user = request.user
    assert isinstance(user, Account)
    if not opens(user, scheme):
        raise Http404(_("没有这个页面。"))
    return user


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mark that waits for its second person; `mine`: the reader gave it and cannot confirm it."""

    proposal: Proposal
    row: FactRow
    name: str
    points: str
    mine: bool
    may_confirm: bool


def waiting_of(user: Account, scheme: Scheme) -> list[Waiting]:
    """The marks that wait and `user` may see, the oldest first."""
    facts = seen_facts(user, scheme)
    found = []
    for proposal in visible_marks(user):
        row, payload = mark_of(proposal), json.loads(proposal.payload)
        asked = facts.get(row.fact)
        found.append(
            Waiting(
                proposal, row, payload["name"], said(row.value, asked.fact) if asked else "",
                mine=proposal.proposed_by.person_id == user.person_id,
                may_confirm=may_give(user, payload["supplier"]),
            )
        )  # fmt: skip
    return found


@login_required
def given(request: HttpRequest) -> HttpResponse:
    """What the scheme asks for in the terms of a month, and what waits. For those who see or supply any of it."""
    scheme = scheme_in_force()
    user = reader_of_given(request, scheme)
    month = chosen(request.GET.get("month"))
    waiting = waiting_of(user, scheme)
    needs = needs_of(
        user, scheme, month, [f"{one.row.fact} {one.row.term} {one.row.entity}" for one in waiting]
    )
    context = {
        "month": month,
        "months": [{"value": str(one), "label": one.label} for one in months_to_choose(month)],
        "terms": [
            (part.term, [(need, rule_address(need.rule)) for need in part.needs]) for part in needs
        ],
        "waiting": waiting,
        "may_import": any(may_give(user, one.supplier) for one in seen_facts(user, scheme).values()),
        "may_judge": may(user, Verb.JUDGE),
    }  # fmt: skip
    return render(request, "given/given.html", context)


@require_POST
@login_required
def decide_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a mark that another person gave, or turn it down, with a reason."""
    user = request.user
    assert isinstance(user, Account)
    proposal = Proposal.objects.filter(pk=pk, verb=Proposal.Verb.GIVE_MARK).first()
    if proposal is None or not sees_given(user, json.loads(proposal.payload)["supplier"]):
        raise Http404(_("没有这项打分。"))
    accept = request.POST.get("decision") == "accept"
    try:
        decide(proposal, actor=user, accept=accept, reason=request.POST.get("reason", ""))
    except (ValidationError, PermissionDenied) as error:
        if not may_give(user, json.loads(proposal.payload)["supplier"]):
            raise
        said_so = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, said_so)
    else:
        row = mark_of(proposal)
        words = (
            _("%(entity)s的打分已确认，从今天起计分。") if accept else _("%(entity)s的打分没有通过，不计分。")
        )
        messages.success(request, words % {"entity": row.entity})
        forget(user)
    return HttpResponseRedirect(back_to(request))


def back_to(request: HttpRequest) -> str:
    """The page of this site that the form names, else the overview of what is handed in."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("given")
