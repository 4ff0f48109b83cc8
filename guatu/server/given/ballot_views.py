"""观摩测评: the count by group, the ballots and why some do not count, and handing one in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guatu.assessment.ballots import BallotRule
from guatu.assessment.terms import Term
from guatu.judge.asked import ballot_kinds, terms_around
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, require, sees_everything
from guatu.server.assessment.score_page import rule_address
from guatu.server.clock import today
from guatu.server.given.actions import hand_in_ballot, take_back_ballot
from guatu.server.given.ballot_page import Entered, ballot_rows, counted, entered
from guatu.server.given.incoming import ballot_fault
from guatu.server.given.overview import ballot_address, chosen
from guatu.server.given.queries import ballots_of, entities
from guatu.server.schemes.queries import scheme_in_force


def _found(request: HttpRequest, ballot: str, scheme: Scheme) -> tuple[Account, BallotRule, Term]:
    """Who asks, the ballot and its term. Raises Http404 for those who do not see everything."""
    user = request.user
    assert isinstance(user, Account)
    rule = next((one for one in scheme.text.ballot if one.id == ballot), None)
    if rule is None or not sees_everything(user):
        raise Http404(_("没有这项测评。"))
    kinds = ballot_kinds(scheme, rule)
    month = chosen(None)
    around = terms_around(Term("month", month.year, month.month))
    try:
        text = request.GET.get("term", "")
        term = Term.parse(text) if text else next(one for one in around if one.kind == kinds[0])
    except ValueError as error:
        raise Http404(_("没有这个期别。")) from error
    if term.kind not in kinds:
        raise Http404(_("没有这个期别。"))
    return user, rule, term


def _entered(request: HttpRequest, rule: BallotRule, term: Term, candidates: list[str]) -> Entered:
    return entered(rule, term, request.POST.dict(), candidates, _("%(name)s：“%(text)s”不是名次或分数"))


def _fault(scheme: Scheme, found: Entered, candidates: list[str]) -> str:
    """Why the ballot as typed is not valid; empty where it is."""
    if found.fault:
        return found.fault
    if not found.voter:
        return _("没有写投票人")
    if not found.votes:
        return _("没有投给任何对象")
    return ballot_fault(scheme, found.votes, candidates)


@login_required
def ballot(request: HttpRequest, ballot: str) -> HttpResponse:
    """The count and the ballots of a term; POST hands one in. For those who see everything."""
    scheme = scheme_in_force()
    user, rule, term = _found(request, ballot, scheme)
    candidates = list(entities(rule.entity, scheme))
    found = Entered("", rule.group[0].id, {})
    fault = ""
    if request.method == "POST":
        require(user, Verb.GIVE)
        found = _entered(request, rule, term, candidates)
        fault = _fault(scheme, found, candidates)
        if not fault:
            try:
                hand_in_ballot(
                    found.votes, candidates, actor=user, scheme=scheme, reason=request.POST.get("reason", "")
                )
                messages.success(request, _("%(voter)s的票有效，已录入。") % {"voter": found.voter})
                return HttpResponseRedirect(request.get_full_path())
            except ValidationError as error:
                fault = error.messages[0]
        else:
            fault = _("这张票无效，没有收：%s。") % fault
    ballots = ballots_of(rule.id, str(term))
    sealed = rule.sealed(term, today())
    rows, faults = ([], {}) if sealed else counted(rule, ballots)
    context = {
        "rule": rule,
        "term": term,
        "terms": [(one, ballot_address(rule.id, one)) for one in
                  (Term.of_order(term.kind, term.order + step) for step in (-1, 1))],
        "rows": rows,
        "groups": rule.group,
        "ballots": [] if sealed else ballot_rows(rule, ballots, faults),
        "sealed": rule.closes(term) if sealed else None,
        "voted": [row.voter for row in ballots],
        "not_yet": [name for group in rule.group for name in group.voters
                    if name not in {row.voter for row in ballots}],
        "valid": len(ballots) - len(faults),
        "invalid": len(faults),
        "candidates": [(name, found.texts.get(name, "")) for name in candidates],
        "entered": found,
        "fault": fault,
        "reason": request.POST.get("reason", ""),
        "may_give": may(user, Verb.GIVE),
        "scheme_rule": rule_address(f"ballot[{rule.id}]"),
    }  # fmt: skip
    return render(request, "given/ballot.html", context, status=400 if fault else 200)


@require_POST
@login_required
def ballot_check(request: HttpRequest, ballot: str) -> HttpResponse:
    """What is still wrong with a ballot while it is filled in, as a sentence."""
    scheme = scheme_in_force()
    _user, rule, term = _found(request, ballot, scheme)
    candidates = list(entities(rule.entity, scheme))
    fault = _fault(scheme, _entered(request, rule, term, candidates), candidates)
    return render(request, "given/_validity.html", {"checked": True, "fault": fault})


@require_POST
@login_required
def ballot_take_back(request: HttpRequest, ballot: str) -> HttpResponse:
    """Take a voter's ballot back, with a reason."""
    scheme = scheme_in_force()
    user, rule, term = _found(request, ballot, scheme)
    voter = request.POST.get("voter", "")
    try:
        if rule.sealed(term, today()):
            raise ValidationError(_("截止以前是保密的，截止后才能撤回。"))
        take_back_ballot(rule.id, term, voter, actor=user, reason=request.POST.get("reason", ""))
        messages.success(request, _("%(voter)s的票已撤回，不计。") % {"voter": voter})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return HttpResponseRedirect(ballot_address(rule.id, term))
