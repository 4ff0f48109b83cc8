"""A voter hands in his own ballot on the web: his alone until it closes, changeable until then, every version kept."""

from __future__ import annotations

import re
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from guatu.assessment.ballots import Vote
from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme, load_scheme
from guatu.server.accounts.models import Account, Person
from guatu.server.dashboards.todo_given import asked_beside
from guatu.server.given.actions import hand_in_ballot, hand_in_own_ballot
from guatu.server.given.models import Ballot
from guatu.server.given.queries import given_on
from guatu.server.messages.round import matters_of
from guatu.server.record.models import Entry
from tests.cast import Cast

SCHEMES = Path(__file__).resolve().parents[3] / "schemes"
QUARTER = Term("quarter", 2023, 3)
COUNTIES = ["东岭县", "西原区"]
PAGE = "/given/ballots/tour_votes/own/"


@pytest.fixture
def leader(cast: Cast) -> Account:
    """A leader who votes in person: the one who may otherwise only read."""
    return cast.reader


@pytest.fixture(autouse=True)
def scheme(cast: Cast, settings: Any, tmp_path: Path) -> Scheme:
    """The scheme, in which the counties and a leader vote by themselves until 15 days after the quarter."""
    settings.GUATU_TODAY = date(2023, 10, 5)
    folder = tmp_path / "tangshan-2023"
    shutil.copytree(SCHEMES / "tangshan-2023", folder)
    text = (folder / "scheme.toml").read_text(encoding="utf-8")
    text = text.replace('self_vote = "barred"\n', 'self_vote = "barred"\ncloses_after = 15\n')
    text = text.replace(
        'name = "县（市、区）"\nweight = 0.5',
        'name = "县（市、区）"\nweight = 0.5\nvoters = ["东岭县", "西原区"]',
    )
    text = text.replace(
        'name = "市领导"\nweight = 0.5',
        f'name = "市领导"\nweight = 0.5\nvoters = ["{cast.reader.person.name}"]',
    )
    (folder / "scheme.toml").write_text(text, encoding="utf-8")
    settings.GUATU_SCHEME = str(folder)
    found = load_scheme(str(folder))
    assert found.text.ballot[0].group[1].voters
    return found


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def vote(voter: str, group: str, **places: int) -> list[Vote]:
    return [Vote("tour_votes", QUARTER, voter, group, name, Fraction(n)) for name, n in places.items()]


def hand(account: Account, scheme: Scheme, votes: list[Vote]) -> Ballot | None:
    return hand_in_own_ballot(votes, COUNTIES, actor=account, rule=scheme.text.ballot[0], scheme=scheme)


@pytest.mark.django_db
def test_a_voter_finds_his_ballot_on_the_to_do_list_until_he_has_voted(
    leader: Account, scheme: Scheme
) -> None:
    (asked,) = asked_beside(leader, scheme)
    assert (asked.kind, asked.due) == ("vote", date(2023, 10, 15))
    assert "观摩测评" in browser(leader).get("/todo/").content.decode()
    assert [one.manner for one in matters_of(leader, scheme)] == ["soon"]
    hand(leader, scheme, vote(leader.person.name, "leaders", 东岭县=1, 西原区=2))
    assert asked_beside(leader, scheme) == []


@pytest.mark.django_db
def test_a_county_votes_on_the_page_and_not_for_itself(cast: Cast) -> None:
    client = browser(cast.county)
    page = client.get(PAGE).content.decode()
    assert 'name="vote|西原区"' in page and 'name="vote|东岭县"' not in page
    assert client.post(PAGE, {"vote|西原区": "1"}).status_code == 302
    row = Ballot.objects.get()
    assert (row.voter, row.group, row.own, row.entered_by) == ("东岭县", "counties", True, "county")


@pytest.mark.django_db
def test_a_ballot_that_is_not_valid_is_refused_and_what_was_typed_stays(leader: Account) -> None:
    answer = browser(leader).post(PAGE, {"vote|东岭县": "1", "vote|西原区": "1"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "不重不漏" in page
    assert re.search(r'name="vote\|西原区" value="1"', page)
    assert not Ballot.objects.exists()


@pytest.mark.django_db
def test_until_it_closes_a_voter_changes_it_and_every_version_is_kept(leader: Account) -> None:
    client = browser(leader)
    client.post(PAGE, {"vote|东岭县": "1", "vote|西原区": "2"})
    client.post(PAGE, {"vote|东岭县": "2", "vote|西原区": "1"})
    client.post(PAGE, {"vote|东岭县": "2", "vote|西原区": "1"})
    assert list(Ballot.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert 'name="vote|东岭县" value="2"' in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_after_the_day_it_is_closed(leader: Account, scheme: Scheme, settings: Any) -> None:
    settings.GUATU_TODAY = date(2023, 10, 16)
    with pytest.raises(ValidationError, match="不在投票的日子里"):
        hand(leader, scheme, vote(leader.person.name, "leaders", 东岭县=1, 西原区=2))
    assert browser(leader).get(PAGE).status_code == 404
    assert asked_beside(leader, scheme) == []


@pytest.mark.django_db
def test_nobody_votes_for_another(cast: Cast, scheme: Scheme, leader: Account) -> None:
    for account in (cast.office, cast.other_county, leader, cast.system, cast.stranger):
        with pytest.raises(PermissionDenied):
            hand(account, scheme, vote("东岭县", "counties", 西原区=1))
    assert browser(cast.office).get(PAGE).status_code == 404
    with pytest.raises(PermissionDenied):
        hand(leader, scheme, vote(leader.person.name, "counties", 东岭县=1, 西原区=2))


@pytest.mark.django_db
def test_until_it_closes_the_office_sees_who_voted_and_not_how(
    cast: Cast, scheme: Scheme, leader: Account, settings: Any
) -> None:
    hand(leader, scheme, vote(leader.person.name, "leaders", 东岭县=2, 西原区=1))
    address = "/given/ballots/tour_votes/?term=2023Q3"
    before = browser(cast.office).get(address).content.decode()
    assert "截止前保密" in before and leader.person.name in before
    assert "西原区 1" not in before and "有效" not in before
    taken = browser(cast.office).post(
        "/given/ballots/tour_votes/take-back/?term=2023Q3", {"voter": leader.person.name, "reason": "看看"}
    )
    assert taken.status_code == 302 and Ballot.objects.count() == 1
    assert given_on(date(2023, 10, 15), 2023, scheme) == ()
    settings.GUATU_TODAY = date(2023, 10, 16)
    after = browser(cast.office).get(address).content.decode()
    assert "西原区 1" in after and "1 张有效" in after and "截止前保密" not in after


@pytest.mark.django_db
def test_the_record_says_that_he_voted_and_not_how(leader: Account, scheme: Scheme) -> None:
    hand(leader, scheme, vote(leader.person.name, "leaders", 东岭县=2, 西原区=1))
    entry = Entry.objects.get(action="ballots.handed_in")
    assert leader.person.name in entry.after and "西原区" not in entry.after


@pytest.mark.django_db
def test_the_office_enters_a_paper_ballot_but_replaces_none_that_the_voter_cast(
    cast: Cast, scheme: Scheme, leader: Account
) -> None:
    paper = vote("东岭县", "counties", 西原区=1)
    hand_in_ballot(paper, COUNTIES, actor=cast.office, scheme=scheme)
    hand(leader, scheme, vote(leader.person.name, "leaders", 东岭县=2, 西原区=1))
    other = vote(leader.person.name, "leaders", 东岭县=1, 西原区=2)
    with pytest.raises(ValidationError, match="自己投了票"):
        hand_in_ballot(other, COUNTIES, actor=cast.office, scheme=scheme, reason="代换")


@pytest.mark.django_db
def test_a_name_that_two_people_have_votes_for_neither(cast: Cast, scheme: Scheme, leader: Account) -> None:
    other = Person.objects.create(name=leader.person.name, distinction="另一位")
    assert len(asked_beside(leader, scheme)) == 1, "who has no account votes for nobody"
    Account.objects.create(username="other", person=other)
    assert asked_beside(leader, scheme) == []
