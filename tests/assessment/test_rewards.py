"""Rewards as amounts: who earns how much, and that no pot is exceeded."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.rewards import Candidate, Reward, awards


def reward(**keys: Any) -> Reward:
    return Reward.model_validate({"id": "r", "name": "奖", "sheet": "s", "clause": "一", **keys})


def one(name: str, rank: int | None, score: int = 0, *, grade: str = "", series: str = "", meets: bool = True) -> Candidate:  # fmt: skip
    return Candidate(name, series, rank, grade, Fraction(score), meets)


def amounts(rule: Reward, *candidates: Candidate) -> dict[str, float]:
    return {award.entity: float(award.amount) for award in awards(rule, candidates)}


def test_each_place_has_its_amount_and_the_rest_nothing() -> None:
    found = amounts(reward(places=[30, 20]), one("甲", 1), one("乙", 2), one("丙", 3), one("丁", None))
    assert found == {"甲": 30, "乙": 20}


def test_those_who_share_a_place_earn_it_each_or_split_what_they_take_up() -> None:
    tied = one("甲", 1), one("乙", 1), one("丙", 3)
    assert amounts(reward(places=[30, 20, 10]), *tied) == {"甲": 30, "乙": 30, "丙": 10}
    assert amounts(reward(places=[30, 20, 10], shared="split"), *tied) == {"甲": 25, "乙": 25, "丙": 10}


def test_who_fails_the_condition_leaves_the_place_empty_and_still_takes_up_a_shared_one() -> None:
    failed = one("甲", 1, meets=False), one("乙", 1), one("丙", 3)
    assert amounts(reward(places=[30, 20, 10], shared="split"), *failed) == {"乙": 25, "丙": 10}
    assert amounts(reward(places=[30, 20, 10], back_fill=True), *failed) == {"乙": 30, "丙": 20}


def test_series_have_their_own_amounts_and_pots() -> None:
    people = one("甲", 1, 90, series="a"), one("乙", 1, 60, series="b"), one("丙", 2, 30, series="b")
    assert amounts(reward(places_of={"a": [5], "b": [4, 3]}), *people) == {"甲": 5, "乙": 4, "丙": 3}
    divided = reward(divide="by_score", pots={"a": 10, "b": 30})
    assert amounts(divided, *people) == {"甲": 10, "乙": 20, "丙": 10}


def test_more_than_the_pot_is_cut_in_proportion_and_said() -> None:
    rule = reward(amount=30, pot=50)
    found = awards(rule, [one("甲", 1), one("乙", 2)])
    assert [award.amount for award in found] == [25, 25]
    assert found[0].because == "符合条件，每家 30 万元；合计 60 超过总额 50 万元，按比例压减"


def test_nobody_without_a_score_shares_a_pot_by_score() -> None:
    rule = reward(divide="by_score", pot=10)
    assert amounts(rule, Candidate("甲", "", None, None, None), one("乙", 1, 50), one("丙", 2, 0)) == {
        "乙": 10
    }


def test_a_grade_that_has_no_amount_earns_nothing() -> None:
    assert amounts(reward(grades={"优秀": 3}), one("甲", 1, grade="优秀"), one("乙", 2, grade="合格")) == {
        "甲": 3
    }


WAYS: dict[str, dict[str, Any]] = {
    "places": {"places": [30, 20, 10]},
    "split": {"places": [30, 20, 10], "shared": "split"},
    "amount": {"amount": 7},
    "equally": {"divide": "equally"},
    "by_score": {"divide": "by_score"},
}


@given(
    st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=8),
    st.integers(1, 100),
    st.sampled_from(sorted(WAYS)),
)
def test_a_pot_is_never_exceeded(people: list[tuple[int, bool]], pot: int, way: str) -> None:
    candidates = [
        one(str(n), 1 + sum(other > score for other, _meets in people), score, meets=meets)
        for n, (score, meets) in enumerate(people)
    ]
    found = awards(reward(pot=pot, **WAYS[way]), candidates)
    given_out = sum(award.amount for award in found)
    assert given_out <= pot
    assert all(award.amount > 0 for award in found)
    assert {award.entity for award in found} <= {one.entity for one in candidates if one.meets}
    if way == "equally" and any(one.meets for one in candidates):
        assert pot - given_out < Fraction(len(candidates), 100)


@pytest.mark.parametrize("places", [[10, 8, 6], [5]])
def test_without_ties_split_and_each_are_the_same(places: list[int]) -> None:
    people = [one(str(n), n) for n in range(1, 5)]
    assert amounts(reward(places=places), *people) == amounts(reward(places=places, shared="split"), *people)
