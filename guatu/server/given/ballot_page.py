"""What the page of a ballot shows: the count by group with what was dropped, and why a ballot does not count."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.assessment.ballots import BallotRule, Tally, Vote, tallies
from guatu.assessment.terms import Term
from guatu.judge.workings import points_text
from guatu.server.given.models import Ballot
from guatu.server.given.queries import votes_of


@dataclass(frozen=True, slots=True)
class GroupCell:
    """A candidate's average in one group, and the votes behind it."""

    name: str
    mean: str
    kept: str
    dropped: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """A candidate in the count, by points."""

    place: int | None
    candidate: str
    groups: tuple[GroupCell, ...]
    voters: int
    points: str


@dataclass(frozen=True, slots=True)
class BallotRow:
    """One ballot of the list: whose, of which group, since when, and why it does not count (empty: it does)."""

    row: Ballot
    group: str
    votes: tuple[tuple[str, str], ...]
    fault: str


def counted(rule: BallotRule, ballots: Sequence[Ballot]) -> tuple[list[CountRow], dict[str, str]]:
    """The count, best first, and voter → why the ballot does not count."""
    found, refused = tallies(rule, votes_of(ballots))
    ordered = sorted(found, key=lambda tally: (tally.points is None, -(tally.points or 0)))
    rows = [_row(tally, found) for tally in ordered]
    return rows, {one.voter: one.reason for one in refused}


def _row(tally: Tally, all_of: Sequence[Tally]) -> CountRow:
    better = [other for other in all_of if tally.points is not None and (other.points or 0) > tally.points]
    return CountRow(
        None if tally.points is None else len(better) + 1,
        tally.candidate,
        tuple(
            GroupCell(
                one.group.name,
                "–" if one.mean is None else _two(one.mean),
                "、".join(points_text(vote) for vote in reversed(one.kept)),
                "、".join(points_text(vote) for vote in one.dropped),
            )
            for one in tally.groups
        ),
        tally.voters,
        "–" if tally.points is None else _two(tally.points),
    )


def _two(value: Fraction) -> str:
    """Points with two decimals."""
    return f"{float(value):.2f}"


def ballot_rows(rule: BallotRule, ballots: Sequence[Ballot], faults: Mapping[str, str]) -> list[BallotRow]:
    """The ballots as they stand; those that do not count first."""
    names = {group.id: group.name for group in rule.group}
    rows = [
        BallotRow(
            row,
            names.get(row.group, row.group),
            _in_order(rule, {name: Fraction(value) for name, value in json.loads(row.votes).items()}),
            faults.get(row.voter, ""),
        )
        for row in ballots
    ]
    return sorted(rows, key=lambda row: not row.fault)


def _in_order(rule: BallotRule, votes: Mapping[str, Fraction]) -> tuple[tuple[str, str], ...]:
    """The votes of a ballot, the best first."""
    ordered = sorted(votes.items(), key=lambda vote: vote[1], reverse=rule.kind == "marks")
    return tuple((name, points_text(value)) for name, value in ordered)


@dataclass(slots=True)
class Entered:
    """A ballot as it was typed: the voter, the group, candidate → text; what is wrong with it."""

    voter: str
    group: str
    texts: dict[str, str]
    fault: str = ""
    votes: tuple[Vote, ...] = ()


def entered(
    rule: BallotRule, term: Term, post: Mapping[str, str], candidates: Sequence[str], unreadable: str
) -> Entered:
    """The ballot that was typed; `unreadable` is said of a text that is no number."""
    found = Entered(
        post.get("voter", "").strip(),
        post.get("group", ""),
        {name: post.get(f"vote|{name}", "").strip() for name in candidates},
    )
    votes = []
    for name, text in found.texts.items():
        if not text:
            continue
        try:
            votes.append(Vote(rule.id, term, found.voter, found.group, name, Fraction(text)))
        except (ValueError, ZeroDivisionError):
            found.fault = unreadable % {"name": name, "text": text}
    found.votes = tuple(votes)
    return found
