"""Who votes by himself: the voters of a scheme's ballots for whom an account stands, and the terms that are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from guatu.assessment.ballots import BallotRule, VoterGroup
from guatu.assessment.terms import Term
from guatu.judge.asked import ballot_kinds, terms_around
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import votes_as
from guatu.server.given.models import Ballot
from guatu.values import Period


@dataclass(frozen=True, slots=True)
class OwnVote:
    """One ballot that a person may hand in by himself: of which voter, in which group, in which term."""

    rule: BallotRule
    term: Term
    group: VoterGroup
    voter: str

    @property
    def closes(self) -> date:
        closes = self.rule.closes(self.term)
        assert closes is not None
        return closes


def own_voters(user: Account, rule: BallotRule) -> list[tuple[VoterGroup, str]]:
    """The voters of a ballot for whom `user` hands in, each with its group."""
    return [(group, voter) for group in rule.group for voter in group.voters if votes_as(user, voter)]


def open_terms(scheme: Scheme, rule: BallotRule, day: date) -> Iterator[Term]:
    """The terms of a ballot in which voters hand in on `day`, the oldest first."""
    if rule.closes_after is None:
        return
    now = Period.of(day)
    months = [now.plus(-back) for back in range(rule.closes_after // 28 + 1, -1, -1)]
    kinds = ballot_kinds(scheme, rule)
    for month in months:
        for term in terms_around(Term("month", month.year, month.month)):
            if term.kind in kinds and term.last_month == month and rule.takes(term, day):
                yield term


def votes_open_to(user: Account, scheme: Scheme, day: date) -> list[OwnVote]:
    """Every ballot that `user` may hand in or change on `day`. No query where the scheme lets nobody vote by himself."""
    return [
        OwnVote(rule, term, group, voter)
        for rule in scheme.text.ballot
        if rule.closes_after is not None
        for group, voter in own_voters(user, rule)
        for term in open_terms(scheme, rule, day)
    ]


def not_voted(votes: list[OwnVote]) -> list[OwnVote]:
    """Those of them for which no ballot stands yet. One query, none for none."""
    if not votes:
        return []
    rows = Ballot.objects.filter(
        ballot__in={vote.rule.id for vote in votes}, term__in={str(vote.term) for vote in votes}
    )
    standing: dict[tuple[str, str, str], bool] = {}
    for ballot, term, voter, cast in rows.order_by("version").values_list("ballot", "term", "voter", "votes"):
        standing[ballot, term, voter] = bool(cast)
    return [vote for vote in votes if not standing.get((vote.rule.id, str(vote.term), vote.voter))]


def own_ballot_address(vote: OwnVote) -> str:
    """Where a voter hands in his ballot of a term."""
    return f"{reverse('own-ballot', args=[vote.rule.id])}?{urlencode({'term': str(vote.term), 'voter': vote.voter})}"
