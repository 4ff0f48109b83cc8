"""Projects go to a successor in one action; who answered when stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client

from guatu.portfolio.duties import DUTY_NAMES, Duty
from guatu.server.accounts.models import Account, Appointment, Organisation, Person
from guatu.server.accounts.rights import visible_projects
from guatu.server.portfolio.actions import Paper, import_projects
from guatu.server.portfolio.handover import HandOver, assign, duties_to_hand_over, hand_over
from guatu.server.portfolio.models import ProjectFact, Responsibility
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from tests.cast import LEDGER, LEDGER_DAY, PLANT, PORT, SCHOOL, Cast, fresh, ledger, project

LAST = date(2023, 9, 30)
TODAY = date(2023, 10, 13)
PAPER = Paper("关于调整包联领导的通知", LAST, "沧重办〔2023〕9号")


@pytest.fixture
def leader(cast: Cast) -> Person:
    """The city leader that the ledger names for the port."""
    row = Responsibility.objects.filter(duty="city_leader", project__code=PORT).get()
    assert row.person is not None
    return row.person


@pytest.fixture
def successor(db: None) -> Person:
    return Person.objects.create(name="后来者", distinction="市领导")


def asked(cast: Cast, person: Person, *, posts: bool = False, last: date = LAST) -> HandOver:
    return HandOver(
        person,
        duties_to_hand_over(cast.office, person, TODAY),
        list(Appointment.objects.filter(person=person, valid_to__isnull=True)) if posts else [],
        last,
        "分工调整",
        PAPER,
    )


@pytest.mark.django_db
def test_the_projects_are_the_successors_from_the_next_day_and_were_the_predecessors_until_then(
    cast: Cast, leader: Person, successor: Person
) -> None:
    before = {row.project.code for row in leader.responsibilities.all()}
    entry = hand_over(actor=cast.office, asked=asked(cast, leader, posts=True), successor=successor)
    assert {row.valid_to for row in leader.responsibilities.all()} == {LAST}
    taken = list(successor.responsibilities.all())
    assert {row.project.code for row in taken} == before
    assert {(row.valid_from, row.valid_to) for row in taken} == {(date(2023, 10, 1), None)}
    assert all(row.stated.startswith("后来者") for row in taken)
    fact = ProjectFact.objects.filter(project__code=PORT, field="city_leader").latest("id")
    assert json.loads(fact.value) == taken[0].stated
    assert (fact.valid_from, fact.document.number) == (date(2023, 10, 1), "沧重办〔2023〕9号")
    assert project(PORT).city_leader == taken[0].stated
    assert (entry.action, entry.actor, entry.reason) == ("duties.handed_over", "office", "分工调整")
    assert verify().whole


@pytest.mark.django_db
def test_the_rights_of_the_post_go_with_it(cast: Cast, successor: Person) -> None:
    account = Account.objects.create(username="next", person=successor, password="!")
    person = cast.county.person
    hand_over(actor=cast.office, asked=asked(cast, person, posts=True), successor=successor)
    assert set(visible_projects(fresh(account)).values_list("code", flat=True)) == {PORT}
    assert not visible_projects(fresh(cast.county)).exists()


@pytest.mark.django_db
def test_the_same_ledger_imported_again_for_its_own_day_leaves_the_hand_over_alone(
    cast: Cast, leader: Person, successor: Person
) -> None:
    hand_over(actor=cast.office, asked=asked(cast, leader), successor=successor)
    stands = list(Responsibility.objects.order_by("id").values_list("id", "valid_to"))
    import_projects(ledger(), actor=None, paper=LEDGER, day=LEDGER_DAY, year=2023)
    assert list(Responsibility.objects.order_by("id").values_list("id", "valid_to")) == stands


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "error"), [("county", PermissionDenied), ("reader", PermissionDenied), ("system", Http404)]
)
def test_only_the_office_hands_over(
    cast: Cast, leader: Person, successor: Person, who: str, error: type[Exception]
) -> None:
    with pytest.raises((error, PermissionDenied)):
        hand_over(actor=cast.account(who), asked=asked(cast, leader), successor=successor)
    assert not successor.responsibilities.exists()


@pytest.mark.django_db
def test_everything_against_a_hand_over_is_said_at_once_and_nothing_is_saved(
    cast: Cast, leader: Person
) -> None:
    entries = Entry.objects.count()
    whole = asked(cast, leader, last=date(2022, 1, 1))
    bad = HandOver(whole.person, whole.responsibilities, [], whole.last_day, " ", PAPER)
    with pytest.raises(ValidationError) as refused:
        hand_over(actor=cast.office, asked=bad, successor=leader)
    said = "".join(refused.value.messages)
    assert "接任的人就是原来的人" in said and "请写明理由" in said and "最后一天不能早于它" in said
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_an_administrator_takes_no_post_of_business_over(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="三员互斥"):
        hand_over(
            actor=cast.office, asked=asked(cast, cast.county.person, posts=True), successor=cast.audit.person
        )


@pytest.mark.django_db
def test_a_duty_that_no_ledger_names_is_assigned_and_an_import_leaves_it(cast: Cast) -> None:
    person = Person.objects.create(name="征迁人")
    assign(
        actor=cast.office,
        project=project(PORT),
        duty=Duty.LAND_REQUISITION,
        answers=person,
        valid_from=date(2023, 5, 1),
        reason="征迁专人",
        paper=PAPER,
    )
    other = next(row for row in ledger() if row.code == PORT)
    import_projects(
        [replace(other, company="另一公司")],
        actor=None,
        paper=Paper("调整", date(2023, 6, 1)),
        day=date(2023, 6, 1),
        year=2023,
    )
    assert Responsibility.objects.get(duty="land_requisition").valid_to is None
    assert not ProjectFact.objects.filter(field="land_requisition").exists()


@pytest.mark.django_db
def test_assigning_ends_whoever_had_the_duty_the_day_before(cast: Cast) -> None:
    unit = Organisation.objects.get(name="东岭县政府")
    made = assign(
        actor=cast.office,
        project=project(PORT),
        duty=Duty.RESPONSIBLE_UNIT,
        answers=unit,
        valid_from=date(2023, 10, 1),
        reason="机构改革",
        paper=PAPER,
    )
    before = Responsibility.objects.filter(project__code=PORT, duty="responsible_unit").exclude(pk=made.pk)
    assert before.get().valid_to == LAST
    assert project(PORT).responsible_unit == "东岭县政府"
    assert not visible_projects(fresh(cast.reporter)).exists(), "the unit no longer answers"


@pytest.mark.django_db
def test_a_duty_of_a_unit_is_not_given_to_a_person(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="请填单位"):
        assign(
            actor=cast.office,
            project=project(PLANT),
            duty=Duty.COMPANY,
            answers=cast.county.person,
            valid_from=date(2023, 10, 1),
            reason="试",
            paper=PAPER,
        )


@pytest.mark.django_db
def test_the_page_foretells_and_then_does(cast: Cast, leader: Person, successor: Person) -> None:
    browser = Client()
    browser.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/projects/hand-over/?person={leader.pk}"
    given = {
        "name": "后来者",
        "last_day": "2023-09-30",
        "reason": "分工调整",
        "title": "通知",
        "duty": [str(row.pk) for row in duties_to_hand_over(cast.office, leader, TODAY)],
    }
    told = browser.post(address, given)
    assert told.status_code == 200 and "次日起由 后来者 负责" in told.content.decode()
    assert not successor.responsibilities.exists()
    assert browser.post(address, given | {"confirmed": "1"}).status_code == 302
    assert successor.responsibilities.exists()


@pytest.mark.django_db
def test_the_page_of_a_project_says_which_duty_the_scheme_wants_and_nobody_has(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    Responsibility.objects.filter(project__code=SCHOOL, duty="county_leader").update(valid_to=LEDGER_DAY)
    page = browser.get(f"/projects/{SCHOOL}/answers/").content.decode()
    assert page.count("方案要求明确，还没有定") == 1


def test_the_server_keeps_the_same_duties_under_the_same_names() -> None:
    assert {str(duty): str(duty.label) for duty in Responsibility.Duty} == dict(DUTY_NAMES)
