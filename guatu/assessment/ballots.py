"""Ballots (观摩测评): voters rank or mark everybody; valid ballots become points, which are a fact of the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.language import gettext as _
from guatu.written import Number, Part


class VoterGroup(Part):
    """[[ballot.group]]: voters whose votes are averaged together, and their weight in the whole.

    `voters` names those who may hand in their own ballot on the web: organisations (full or short name),
    counties by the name of the region, or people.
    """

    id: str
    name: str
    weight: Number
    voters: tuple[str, ...] = ()


class BallotRule(Part):
    """[[ballot]]: how votes become points. The ballot's id is then a fact of its entity, in points.

    `kind`: `ranking` (every voter puts all candidates in order) or `marks` (between `low` and `high`). For a
    ranking `table` gives the points of each place, or `first`, `less` and `floor`. `drop_high` and `drop_low` leave
    out so many of a candidate's best and worst votes in each group. `self_vote`: `barred` (a ballot that votes for
    the voter himself is not valid) or `allowed`. `complete`: a ballot must name every candidate (but the voter,
    where self-votes are barred).

    `closes_after`: voters hand in their own ballots from the first day of a term's last month until so many days after
    the term, and may change them until then; without it the office alone enters ballots. `secret`: until then nobody
    sees or counts the votes of others.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    entity: Literal[
        "project", "county", "department", "unit", "leader", "person", "group", "enterprise", "city"
    ]
    kind: Literal["ranking", "marks"]
    table: tuple[Number, ...] = ()
    first: Number | None = None
    less: Number = Decimal(1)
    floor: Number = Decimal(0)
    low: Number = Decimal(0)
    high: Number = Decimal(100)
    drop_high: int = Field(default=0, ge=0)
    drop_low: int = Field(default=0, ge=0)
    self_vote: Literal["barred", "allowed"] = "barred"
    complete: bool = True
    closes_after: int | None = Field(default=None, ge=0, le=92)
    secret: bool = True
    group: tuple[VoterGroup, ...]
    clause: str
    local_choice: str | None = None

    def closes(self, term: Term) -> date | None:
        """The last day on which voters hand in or change their own ballots; None where they never do."""
        if self.closes_after is None:
            return None
        return term.last_month.last_day + timedelta(days=self.closes_after)

    def takes(self, term: Term, day: date) -> bool:
        """Whether voters hand in their own ballots of a term on `day`."""
        closes = self.closes(term)
        return closes is not None and term.last_month.first_day <= day <= closes

    def sealed(self, term: Term, day: date) -> bool:
        """Whether the votes of a term are still secret on `day`."""
        closes = self.closes(term)
        return self.secret and closes is not None and day <= closes

    def group_of(self, voter: str) -> VoterGroup | None:
        """The group that names a voter."""
        return next((group for group in self.group if voter in group.voters), None)

    def points_of_place(self, place: int) -> Fraction:
        """The points of a place; what lies behind the table earns its last points' rest, 0."""
        if self.first is not None:
            return max(Fraction(self.first) - (place - 1) * Fraction(self.less), Fraction(self.floor))
        return Fraction(self.table[place - 1]) if place <= len(self.table) else Fraction(0)


@dataclass(frozen=True, slots=True)
class Vote:
    """One line of a ballot: who (voter, of a group) gives whom (candidate) which place or mark."""

    ballot: str
    term: Term
    voter: str
    group: str
    candidate: str
    value: Fraction
    place: str = ""


@dataclass(frozen=True, slots=True)
class BadBallot:
    """A whole ballot that is not counted, and why."""

    ballot: str
    term: Term
    voter: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class SilentGroup:
    """A group of voters without a single valid ballot: its weight goes to the others."""

    ballot: str
    term: Term
    group: str


@dataclass(frozen=True, slots=True)
class Count:
    """What counting gives: the points of every candidate as facts, the ballots that were not valid, and the groups
    of which none was."""

    facts: tuple[FactRow, ...]
    bad: tuple[BadBallot, ...]
    silent: tuple[SilentGroup, ...] = ()


def count(rules: Iterable[BallotRule], votes: Sequence[Vote]) -> Count:
    """Count the votes of every ballot and term.

    A ballot that is not valid is left out whole. In each group a candidate's votes, without the best and worst that
    the rule drops, are averaged exactly; the groups' averages are weighed, a group without a valid vote for the
    candidate leaving its weight to the others.
    """
    facts: list[FactRow] = []
    bad: list[BadBallot] = []
    silent: list[SilentGroup] = []
    for rule in rules:
        terms = dict.fromkeys(vote.term for vote in votes if vote.ballot == rule.id)
        for term in terms:
            mine = [vote for vote in votes if vote.ballot == rule.id and vote.term == term]
            valid, refused = _valid(rule, term, mine)
            bad += refused
            facts += _points(rule, term, mine, valid)
            heard = {vote.group for vote in valid}
            silent += [
                SilentGroup(rule.id, term, group.name)
                for group in rule.group
                if heard and not heard & {group.id, group.name}
            ]
    return Count(tuple(facts), tuple(bad), tuple(silent))


def _valid(rule: BallotRule, term: Term, votes: list[Vote]) -> tuple[list[Vote], list[BadBallot]]:
    candidates = {vote.candidate for vote in votes}
    ballots: dict[str, list[Vote]] = {}
    for vote in votes:
        ballots.setdefault(vote.voter, []).append(vote)
    valid, refused = [], []
    for voter, ballot in ballots.items():
        reason = fault_of_ballot(rule, voter, ballot, candidates)
        if reason:
            refused.append(BadBallot(rule.id, term, voter, reason, ballot[0].place))
        else:
            valid += ballot
    return valid, refused


def fault_of_ballot(
    rule: BallotRule, voter: str, ballot: Sequence[Vote], candidates: AbstractSet[str]
) -> str:
    """Why a ballot is not valid; empty where it is. `candidates` are all those who stand for votes."""
    named = [vote.candidate for vote in ballot]
    groups = {vote.group for vote in ballot}
    known = {group.id for group in rule.group} | {group.name for group in rule.group}
    if groups - known:
        return _("没有“{group}”这一组投票人").format(group="、".join(sorted(groups - known)))
    if len(groups) > 1:
        return _("同一投票人写了两个组")
    if len(set(named)) != len(named):
        return _("同一对象写了两次")
    if rule.self_vote == "barred" and voter in named:
        return _("给自己投票")
    wanted = candidates - ({voter} if rule.self_vote == "barred" else set())
    if rule.complete and set(named) != wanted:
        return _("没有写全，缺 {names}").format(names="、".join(sorted(wanted - set(named))))
    if rule.kind == "ranking":
        places = sorted(vote.value for vote in ballot)
        if places != [Fraction(n) for n in range(1, len(ballot) + 1)]:
            return _("名次要从 1 起、不重不漏")
    elif any(not rule.low <= vote.value <= rule.high for vote in ballot):
        return _("分数要在 {low} 至 {high} 之间").format(low=rule.low, high=rule.high)
    return ""


@dataclass(frozen=True, slots=True)
class GroupTally:
    """A candidate's votes in one group of voters, in points, from the worst to the best; `kept` are averaged."""

    group: VoterGroup
    kept: tuple[Fraction, ...]
    dropped: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction | None:
        return sum(self.kept, Fraction(0)) / len(self.kept) if self.kept else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How a candidate's points come about; None where no group has a vote that counts."""

    candidate: str
    groups: tuple[GroupTally, ...]
    voters: int
    points: Fraction | None


def tallies(rule: BallotRule, votes: Sequence[Vote]) -> tuple[list[Tally], list[BadBallot]]:
    """How the votes of one ballot in one term come out, candidate by candidate, and the ballots left out."""
    if not votes:
        return [], []
    valid, refused = _valid(rule, votes[0].term, list(votes))
    return [_tally(rule, name, valid) for name in dict.fromkeys(vote.candidate for vote in votes)], refused


def _tally(rule: BallotRule, candidate: str, valid: Sequence[Vote]) -> Tally:
    mine = [vote for vote in valid if vote.candidate == candidate]
    groups = []
    total, weight = Fraction(0), Fraction(0)
    for group in rule.group:
        earned = sorted(
            rule.points_of_place(int(v.value)) if rule.kind == "ranking" else v.value
            for v in mine
            if v.group in (group.id, group.name)
        )
        end = max(len(earned) - rule.drop_high, 0)
        kept = earned[rule.drop_low : end]
        tally = GroupTally(group, tuple(kept), (*earned[: rule.drop_low], *earned[max(end, rule.drop_low) :]))
        groups.append(tally)
        if tally.mean is not None:
            total += tally.mean * Fraction(group.weight)
            weight += Fraction(group.weight)
    voters = len({vote.voter for vote in mine})
    return Tally(candidate, tuple(groups), voters, total / weight if weight else None)


def _points(rule: BallotRule, term: Term, votes: list[Vote], valid: list[Vote]) -> list[FactRow]:
    facts = []
    for candidate in dict.fromkeys(vote.candidate for vote in votes):
        tally = _tally(rule, candidate, valid)
        if tally.points is not None:
            source = _("{n} 张有效票").format(n=tally.voters)
            facts.append(FactRow(candidate, term, rule.id, tally.points, source=source))
    return facts


def faults_of(rule: BallotRule) -> list[str]:
    """What a ballot rule leaves open."""
    found = []
    if rule.kind == "ranking" and (rule.first is None) == (not rule.table):
        found.append(_("按名次投票要写 table（各名次的分）或 first（第一名的分）其中一样"))
    if rule.kind == "marks" and rule.low > rule.high:
        found.append(_("low 大于 high"))
    if not rule.group:
        found.append(_("没有写投票人分哪几组"))
    voters = [name for group in rule.group for name in group.voters]
    if twice := sorted({name for name in voters if voters.count(name) > 1}):
        found.append(_("投票人写了不止一次：{names}").format(names="、".join(twice)))
    if bool(voters) != (rule.closes_after is not None):
        found.append(_("投票人自己交票，要同时写明 voters（谁投）和 closes_after（期末后几天截止）"))
    if rule.group and sum((group.weight for group in rule.group), Decimal(0)) != 1:
        found.append(_("各组权重加起来不是 1"))
    return found
