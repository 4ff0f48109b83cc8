"""Who may do what: the whole table, and what a stranger meets."""

from __future__ import annotations

import json
from datetime import date
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.server.accounts.actions import appoint, end_appointment, give_role
from guatu.server.accounts.door_actions import close_account
from guatu.server.accounts.models import Account, Appointment, Organisation, Person, Post, Role
from guatu.server.accounts.rights import Verb, may, projects_for, require, roles, visible_projects
from guatu.server.portfolio.queries import project_or_404
from guatu.server.record.models import Entry
from tests.cast import PLANT, PORT, SCHOOL, Cast, fresh, project
from tests.server.rights_table import rows

ALL = {PORT, SCHOOL, PLANT}
SEES: dict[str, set[str]] = {
    "office": ALL,
    "deputy": ALL,
    "county": {PORT},
    "other_county": {SCHOOL, PLANT},
    "department": {PORT, PLANT},
    "reporter": {PORT},
    "signer": {PORT},
    "company": {PORT, PLANT},
    "reader": ALL,
    "system": set(),
    "security": set(),
    "audit": set(),
    "stranger": set(),
}
ROLE_OF = {"deputy": "office", "other_county": "county", "company": "reporter"}
"""The column of the table for those of the cast that are not named after it."""
DOES = {
    name: {Verb(row.key) for row in rows("verb") if row.cells[ROLE_OF.get(name, name)] == "y"}
    for name in SEES
}


def test_every_verb_has_its_row_in_the_table() -> None:
    assert [row.key for row in rows("verb")] == [str(verb) for verb in Verb]


@pytest.mark.django_db
def test_each_person_sees_exactly_the_projects_of_his_post(cast: Cast) -> None:
    seen = {name: set(visible_projects(cast.account(name)).values_list("code", flat=True)) for name in SEES}
    assert seen == SEES


@pytest.mark.django_db
def test_each_person_may_do_exactly_what_the_table_says_to_each_project(cast: Cast) -> None:
    wrong = [
        (name, str(verb), code)
        for name, verb, code in product(SEES, Verb, ALL)
        if may(cast.account(name), verb, project(code)) != (verb in DOES[name] and code in SEES[name])
    ]
    assert wrong == []


@pytest.mark.django_db
def test_what_concerns_no_single_project_follows_the_same_table(cast: Cast) -> None:
    wrong = [
        (name, str(verb))
        for name, verb in product(DOES, Verb)
        if may(cast.account(name), verb) != (verb in DOES[name])
    ]
    assert wrong == []


@pytest.mark.django_db
def test_nobody_who_is_not_signed_in_sees_anything(cast: Cast) -> None:
    assert not visible_projects(AnonymousUser()).exists()
    assert not any(may(AnonymousUser(), verb) for verb in Verb)


@pytest.mark.django_db
def test_a_closed_account_sees_nothing(cast: Cast) -> None:
    close_account(actor=cast.system, account=cast.county, reason="调离")
    assert not visible_projects(fresh(cast.county)).exists()


@pytest.mark.django_db
def test_a_post_that_ended_gives_no_rights_and_its_last_day_still_does(cast: Cast) -> None:
    held = cast.county.person.appointments.get()
    end_appointment(actor=cast.system, appointment=held, day=date(2023, 10, 13), reason="调离")
    assert visible_projects(fresh(cast.county)).count() == 1
    end_appointment(actor=cast.system, appointment=held, day=date(2023, 10, 12), reason="更正")
    assert not visible_projects(fresh(cast.county)).exists()


@pytest.mark.django_db
def test_two_posts_add_up(cast: Cast) -> None:
    west = Organisation.objects.get(name="西原区政府")
    appoint(
        actor=None,
        person=cast.reporter.person.name,
        distinction=cast.reporter.person.distinction,
        title="联络员",
        organisation=west,
        role=Role.COUNTY,
        valid_from=date(2023, 5, 1),
    )
    both = fresh(cast.reporter)
    assert roles(both) == {Role.REPORTER, Role.COUNTY}
    assert set(visible_projects(both).values_list("code", flat=True)) == ALL
    assert may(both, Verb.REMIND, project(SCHOOL))
    assert not may(both, Verb.REMIND, project(PORT)), "only the county post may press, and not for the port"


@pytest.mark.django_db
@pytest.mark.parametrize("hat", ["system", "security", "audit"])
@pytest.mark.parametrize("other", [role for role in Role if role not in ("system", "security", "audit")])
def test_no_administrator_takes_a_post_with_another_role(cast: Cast, hat: str, other: Role) -> None:
    person = cast.account(hat).person
    with pytest.raises(ValidationError, match="三员互斥"):
        _appoint(cast, person, other)
    assert roles(fresh(cast.account(hat))) == {Role(hat)}


@pytest.mark.django_db
@pytest.mark.parametrize("hat", ["system", "security", "audit"])
def test_no_one_with_another_role_becomes_an_administrator(cast: Cast, hat: str) -> None:
    for who in ("office", "county", "reader", *({"system", "security", "audit"} - {hat})):
        with pytest.raises(ValidationError, match="三员互斥"):
            _appoint(cast, cast.account(who).person, Role(hat))


@pytest.mark.django_db
def test_two_hats_that_got_into_the_tables_all_the_same_give_the_administrator_alone_or_nothing(
    cast: Cast,
) -> None:
    system = Post.objects.get(role=Role.SYSTEM)
    Appointment.objects.create(person=cast.office.person, post=system, valid_from=date(2023, 1, 1))
    assert roles(fresh(cast.office)) == {Role.SYSTEM}
    assert not visible_projects(fresh(cast.office)).exists()
    Appointment.objects.create(person=cast.audit.person, post=system, valid_from=date(2023, 1, 1))
    assert roles(fresh(cast.audit)) == frozenset()


@pytest.mark.django_db
def test_a_role_that_is_asked_for_gives_no_right_until_the_security_administrator_gives_it(
    cast: Cast,
) -> None:
    held = appoint(
        actor=cast.system,
        person="初来者",
        title="办事员",
        organisation=Organisation.objects.get(name="西原区政府"),
        role=Role.COUNTY,
        valid_from=date(2023, 5, 1),
    )
    account = Account.objects.create(username="newcomer", person=held.person, password="!")
    assert roles(account) == frozenset()
    with pytest.raises(PermissionDenied):
        give_role(actor=cast.system, post=held.post, role=Role.COUNTY, reason="")
    give_role(actor=cast.security, post=held.post, role=Role.COUNTY, reason="")
    assert set(visible_projects(fresh(account)).values_list("code", flat=True)) == {SCHOOL, PLANT}
    told = Entry.objects.latest("sequence")
    assert (told.action, told.actor, json.loads(told.after)["role"]) == (
        "post.role_given",
        "security",
        "county",
    )


@pytest.mark.django_db
def test_nobody_decides_the_rights_of_his_own_post(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="由他人决定"):
        give_role(
            actor=cast.security, post=Post.objects.get(role=Role.SECURITY), role=Role.SECURITY, reason=""
        )


@pytest.mark.django_db
def test_a_post_does_not_get_a_role_that_its_holder_may_not_have(cast: Cast) -> None:
    held = _appoint(cast, cast.county.person, Role.COUNTY)
    with pytest.raises(ValidationError, match="三员互斥"):
        give_role(actor=cast.security, post=held.post, role=Role.AUDIT, reason="")
    held.post.refresh_from_db()
    assert held.post.role == Role.COUNTY


def _appoint(cast: Cast, person: Person, role: Role) -> Appointment:
    return appoint(
        actor=None,
        person=person.name,
        distinction=person.distinction,
        title=f"另一职务{role.value}",
        organisation=Organisation.objects.get(name="西原区政府"),
        role=role,
        valid_from=date(2023, 5, 1),
    )


@pytest.mark.django_db
def test_a_stranger_gets_404_as_if_the_project_did_not_exist(cast: Cast) -> None:
    with pytest.raises(Http404) as hidden:
        project_or_404(cast.county, SCHOOL)
    with pytest.raises(Http404) as missing:
        project_or_404(cast.county, "2023-130901-54-01-999999")
    assert str(hidden.value) == str(missing.value)
    assert project_or_404(cast.county, PORT).name == "沧城港扩建项目"


@pytest.mark.django_db
def test_what_one_sees_but_may_not_do_is_refused_and_what_one_may_not_see_is_404(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        require(cast.reader, Verb.PROPOSE, project(PORT))
    with pytest.raises(Http404):
        require(cast.county, Verb.PROPOSE, project(SCHOOL))
    require(None, Verb.IMPORT)


@pytest.mark.django_db
def test_rights_cost_one_query_for_the_posts_and_one_for_the_rows(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    account = fresh(cast.department)
    with django_assert_num_queries(2):
        assert len(projects_for(account, Verb.SEE)) == 2
        assert may(account, Verb.PROPOSE)


@pytest.mark.django_db
def test_the_page_of_a_project_one_may_not_see_is_not_found(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.county, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(f"/projects/{SCHOOL}/").status_code == 404
    assert browser.get("/projects/2023-130901-54-01-999999/").status_code == 404
    assert browser.get(f"/projects/{PORT}/").status_code == 200
