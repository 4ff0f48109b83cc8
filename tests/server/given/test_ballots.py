"""Ballots: handed in by the office, refused with a reason where they are not valid, counted as facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.assessment.ballots import Vote
from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme, load_scheme
from guatu.server.given.actions import hand_in_ballot, import_ballots, take_back_ballot
from guatu.server.given.models import Ballot
from guatu.server.given.queries import ballots_of, entities, given_on
from tests.cast import Cast

QUARTER = Term("quarter", 2023, 3)
COUNTIES = ("东岭县", "西原区")
DAY = date(2023, 10, 13)


@pytest.fixture
def scheme() -> Scheme:
    return load_scheme("tangshan-2023")


def votes(voter: str, places: Mapping[str, int], group: str = "leaders") -> list[Vote]:
    return [Vote("tour_votes", QUARTER, voter, group, name, Fraction(n)) for name, n in places.items()]


def hand(cast: Cast, scheme: Scheme, who: list[Vote], by: str = "office", reason: str = "") -> Ballot:
    return hand_in_ballot(who, COUNTIES, actor=cast.account(by), scheme=scheme, reason=reason)


@pytest.mark.django_db
def test_the_counties_are_those_who_stand_for_votes(cast: Cast, scheme: Scheme) -> None:
    assert tuple(entities("county", scheme)) == COUNTIES


@pytest.mark.django_db
def test_valid_ballots_become_points_from_their_day_on(cast: Cast, scheme: Scheme) -> None:
    for voter in ("甲", "乙", "丙"):
        hand(cast, scheme, votes(voter, {"东岭县": 1, "西原区": 2}))
    points = {row.entity: row.value for row in given_on(DAY, 2023, scheme)}
    assert points == {"东岭县": 100, "西原区": 97}
    assert given_on(date(2023, 10, 12), 2023, scheme) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("voter", "places", "said"),
    [
        ("东岭县", {"东岭县": 1, "西原区": 2}, "给自己投票"),
        ("甲", {"东岭县": 1}, "没有写全，缺 西原区"),
        ("甲", {"东岭县": 1, "西原区": 1}, "名次要从 1 起、不重不漏"),
        ("甲", {}, "没有投给任何对象"),
    ],
)
def test_a_ballot_that_is_not_valid_is_refused_in_words(
    cast: Cast, scheme: Scheme, voter: str, places: Mapping[str, int], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        hand(cast, scheme, votes(voter, places))
    assert not Ballot.objects.exists()


@pytest.mark.django_db
def test_an_unknown_group_is_refused(cast: Cast, scheme: Scheme) -> None:
    with pytest.raises(ValidationError, match="没有“guests”这一组投票人"):
        hand(cast, scheme, votes("甲", {"东岭县": 1, "西原区": 2}, "guests"))


@pytest.mark.django_db
def test_another_ballot_of_a_voter_needs_a_reason_and_keeps_the_first(cast: Cast, scheme: Scheme) -> None:
    hand(cast, scheme, votes("甲", {"东岭县": 1, "西原区": 2}))
    with pytest.raises(ValidationError, match="换成另一张要写明理由"):
        hand(cast, scheme, votes("甲", {"东岭县": 2, "西原区": 1}))
    with pytest.raises(ValidationError, match="一样的票"):
        hand(cast, scheme, votes("甲", {"东岭县": 1, "西原区": 2}))
    hand(cast, scheme, votes("甲", {"东岭县": 2, "西原区": 1}), reason="录反了")
    assert Ballot.objects.count() == 2
    (row,) = ballots_of("tour_votes", str(QUARTER))
    assert (row.version, row.reason) == (2, "录反了")


@pytest.mark.django_db
def test_a_file_keeps_ballots_that_are_not_valid_without_counting_them(cast: Cast, scheme: Scheme) -> None:
    good = [vote for voter in ("甲", "乙", "丙") for vote in votes(voter, {"东岭县": 1, "西原区": 2})]
    bad = votes("东岭县", {"东岭县": 1, "西原区": 2}, "counties")
    assert import_ballots([*good, *bad], actor=cast.office) == 4
    assert import_ballots([*good, *bad], actor=cast.office) == 0
    assert {row.entity: row.value for row in given_on(DAY, 2023, scheme)} == {"东岭县": 100, "西原区": 97}


@pytest.mark.django_db
def test_a_ballot_is_taken_back_with_a_reason(cast: Cast, scheme: Scheme) -> None:
    hand(cast, scheme, votes("甲", {"东岭县": 1, "西原区": 2}))
    with pytest.raises(ValidationError, match="理由"):
        take_back_ballot("tour_votes", QUARTER, "甲", actor=cast.office, reason="")
    take_back_ballot("tour_votes", QUARTER, "甲", actor=cast.office, reason="冒名")
    assert ballots_of("tour_votes", str(QUARTER)) == []
    assert Ballot.objects.count() == 2
    with pytest.raises(ValidationError, match="没有可以撤回的票"):
        take_back_ballot("tour_votes", QUARTER, "甲", actor=cast.office, reason="再撤")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["county", "department", "reporter", "reader", "stranger"])
def test_only_the_office_hands_in_ballots(cast: Cast, scheme: Scheme, who: str) -> None:
    with pytest.raises(PermissionDenied):
        hand(cast, scheme, votes("甲", {"东岭县": 1, "西原区": 2}), by=who)
    with pytest.raises(PermissionDenied):
        import_ballots(votes("甲", {"东岭县": 1, "西原区": 2}), actor=cast.account(who))
    with pytest.raises(PermissionDenied):
        take_back_ballot("tour_votes", QUARTER, "甲", actor=cast.account(who), reason="不要")
