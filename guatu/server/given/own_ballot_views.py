"""我的票: a voter hands in his own ballot, and changes it until the ballot closes. Nobody else sees it before."""

from __future__ import annotations

import json
from fractions import Fraction

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from guatu.judge.workings import points_text
from guatu.server.accounts.models import Account
from guatu.server.clock import today
from guatu.server.dashboards.todo import forget
from guatu.server.given.actions import hand_in_own_ballot
from guatu.server.given.ballot_page import entered
from guatu.server.given.models import Ballot
from guatu.server.given.queries import ballots_of, entities
from guatu.server.given.voting import OwnVote, own_ballot_address, votes_open_to
from guatu.server.schemes.queries import scheme_in_force


def _mine(request: HttpRequest, ballot: str) -> tuple[Account, OwnVote]:
    """Who asks, and the ballot of his that is open. Raises Http404 where he votes for none, or none is open."""
    user = request.user
    assert isinstance(user, Account)
    open_to = [vote for vote in votes_open_to(user, scheme_in_force(), today()) if vote.rule.id == ballot]
    term, voter = request.GET.get("term", ""), request.GET.get("voter", "")
    for vote in open_to:
        if term in ("", str(vote.term)) and voter in ("", vote.voter):
            return user, vote
    raise Http404(_("现在没有等您投的票。"))


def _standing(vote: OwnVote) -> Ballot | None:
    return next((row for row in ballots_of(vote.rule.id, str(vote.term)) if row.voter == vote.voter), None)


@login_required
def own_ballot(request: HttpRequest, ballot: str) -> HttpResponse:
    """One's own ballot of an open term; POST hands it in or changes it."""
    user, vote = _mine(request, ballot)
    scheme = scheme_in_force()
    candidates = list(entities(vote.rule.entity, scheme))
    if vote.rule.self_vote == "barred":
        shown = [name for name in candidates if name != vote.voter]
    else:
        shown = candidates
    row = _standing(vote)
    kept = json.loads(row.votes) if row else {}
    texts = {name: points_text(Fraction(kept[name])) if name in kept else "" for name in shown}
    fault = ""
    if request.method == "POST":
        post = {**request.POST.dict(), "voter": vote.voter, "group": vote.group.id}
        found = entered(vote.rule, vote.term, post, shown, _("%(name)s：“%(text)s”不是名次或分数"))
        texts, fault = found.texts, found.fault
        if not fault:
            try:
                hand_in_own_ballot(found.votes, candidates, actor=user, rule=vote.rule, scheme=scheme)
            except ValidationError as error:
                fault = error.messages[0]
            else:
                forget(user)
                messages.success(request, _("票已收下，截止以前可以改。"))
                return HttpResponseRedirect(own_ballot_address(vote))
    context = {
        "vote": vote,
        "candidates": [(name, texts.get(name, "")) for name in shown],
        "standing": row,
        "fault": fault,
    }
    return render(request, "given/own_ballot.html", context, status=400 if fault else 200)
