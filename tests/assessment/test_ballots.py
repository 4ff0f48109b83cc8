"""Ballots: what is valid, what counts, and how votes become points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from guatu.assessment.ballots import BallotRule, Count, Vote, count, faults_of, tallies
from guatu.assessment.terms import Term

TERM = Term.parse("2023Q2")


def rule(**more: Any) -> BallotRule:
    return BallotRule.model_validate({
        "id": "tour", "name": "观摩", "entity": "county", "kind": "ranking", "table": [10, 8, 6], "clause": "一",
        "group": [{"id": "leaders", "name": "市领导", "weight": 0.6}, {"id": "peers", "name": "县区", "weight": 0.4}], **more,
    })  # fmt: skip


def ballot(voter: str, group: str, **votes: float) -> list[Vote]:
    return [
        Vote("tour", TERM, voter, group, name, Fraction(str(v)), f"{voter} 的票") for name, v in votes.items()
    ]


def points(counted: Count) -> dict[str, Fraction]:
    return {row.entity: Fraction(row.value) for row in counted.facts}


def test_groups_are_averaged_and_weighed_exactly() -> None:
    votes = [
        *ballot("张", "leaders", 甲=1, 乙=2, 丙=3),
        *ballot("王", "leaders", 甲=2, 乙=1, 丙=3),
        *ballot("甲", "peers", 乙=1, 丙=2),
    ]
    found = points(count([rule()], votes))
    assert found == {
        "甲": Fraction(9),
        "乙": Fraction("0.6") * 9 + Fraction("0.4") * 10,
        "丙": Fraction("0.6") * 6 + Fraction("0.4") * 8,
    }


def test_a_group_may_be_named_as_people_call_it() -> None:
    assert points(count([rule()], ballot("张", "市领导", 甲=1, 乙=2))) == {"甲": 10, "乙": 8}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (ballot("甲", "peers", 甲=1, 乙=2, 丙=3), "给自己投票"),
        (ballot("李", "peers", 甲=1, 乙=2), "没有写全，缺 丙"),
        (ballot("李", "peers", 甲=1, 乙=1, 丙=2), "不重不漏"),
        (ballot("李", "peers", 甲=1, 乙=2, 丙=4), "不重不漏"),
        (ballot("李", "strangers", 甲=1, 乙=2, 丙=3), "strangers"),
        ([*ballot("李", "peers", 甲=1, 乙=2, 丙=3), *ballot("李", "peers", 甲=2)], "写了两次"),
    ],
)
def test_a_ballot_that_is_not_valid_is_left_out_whole_and_says_why(bad: list[Vote], reason: str) -> None:
    good = ballot("张", "leaders", 甲=1, 乙=2, 丙=3)
    counted = count([rule()], [*good, *bad])
    assert points(counted) == points(count([rule()], good))
    assert [reason in one.reason for one in counted.bad] == [True]


def test_the_best_and_the_worst_mark_are_dropped_in_each_group() -> None:
    of = rule(kind="marks", table=[], low=0, high=100, drop_high=1, drop_low=1,
              group=[{"id": "g", "name": "组", "weight": 1}])  # fmt: skip
    votes = [vote for n, mark in enumerate((60, 80, 90, 100)) for vote in ballot(f"投票人{n}", "g", 甲=mark)]
    assert points(count([of], votes)) == {"甲": 85}


def test_a_mark_out_of_range_spoils_the_ballot() -> None:
    of = rule(kind="marks", table=[], high=10, group=[{"id": "g", "name": "组", "weight": 1}])
    assert "0 至 10" in count([of], ballot("张", "g", 甲=11)).bad[0].reason


def test_points_by_steps_stop_at_their_floor() -> None:
    of = rule(table=[], first=5, less=2, floor=1, group=[{"id": "g", "name": "组", "weight": 1}])
    assert points(count([of], ballot("张", "g", 甲=1, 乙=2, 丙=3, 丁=4))) == {
        "甲": 5,
        "乙": 3,
        "丙": 1,
        "丁": 1,
    }


def test_terms_are_counted_apart() -> None:
    later = [Vote("tour", Term.parse("2023Q3"), "张", "leaders", "甲", Fraction(1))]
    assert {(row.entity, str(row.term)) for row in count([rule()], [*ballot("张", "leaders", 甲=1), *later]).facts} == {
        ("甲", "2023Q2"), ("甲", "2023Q3"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"table": []}, "其中一样"),
        ({"group": []}, "哪几组"),
        ({"kind": "marks", "low": 9, "high": 1}, "low 大于 high"),
    ],
)
def test_a_ballot_rule_that_leaves_something_open_says_what(more: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults_of(rule(**more)))


def test_a_tally_tells_which_votes_were_dropped_and_whose_ballots_were_left_out() -> None:
    votes = [
        *(vote for n, place in enumerate((1, 2, 3, 1), 1) for vote in
          ballot(f"领导{n}", "leaders", 甲=place, 乙=place % 3 + 1, 丙=(place + 1) % 3 + 1)),
        *ballot("甲", "peers", 甲=1, 乙=2, 丙=3),
    ]  # fmt: skip
    found, refused = tallies(rule(drop_high=1, drop_low=1), votes)
    first = next(tally for tally in found if tally.candidate == "甲")
    leaders, peers = first.groups
    assert (list(leaders.kept), list(leaders.dropped), leaders.mean) == (
        [Fraction(8), Fraction(10)],
        [Fraction(6), Fraction(10)],
        Fraction(9),
    )
    assert (peers.kept, peers.dropped, peers.mean) == ((), (), None)
    assert (first.points, first.voters) == (Fraction(9), 4)
    assert [(one.voter, one.reason) for one in refused] == [("甲", "给自己投票")]
    assert tallies(rule(), []) == ([], [])


def test_more_votes_dropped_than_there_are_leave_none() -> None:
    votes = [*ballot("张", "leaders", 甲=1, 乙=2), *ballot("王", "leaders", 甲=2, 乙=1)]
    assert points(count([rule(drop_high=3)], votes)) == {}
