"""Who may do what: the whole table, and what a stranger meets."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.server.accounts.actions import appoint, close_account, end_appointment
from guatu.server.accounts.models import Organisation, Role
from guatu.server.accounts.rights import Verb, may, projects_for, require, roles, visible_projects
from guatu.server.portfolio.queries import project_or_404
from tests.cast import PLANT, PORT, SCHOOL, Cast, fresh, project

ALL = {PORT, SCHOOL, PLANT}
SEES = {
    "office": ALL,
    "deputy": ALL,
    "county": {PORT},
    "other_county": {SCHOOL, PLANT},
    "department": {PORT, PLANT},
    "reporter": {PORT},
    "company": {PORT, PLANT},
    "reader": ALL,
    "stranger": set(),
}
DOES = {
    "office": set(Verb),
    "deputy": set(Verb),
    "county": {Verb.SEE, Verb.SEE_PHONE, Verb.EXPORT, Verb.HAND_IN, Verb.PROPOSE, Verb.REMIND},
    "other_county": {Verb.SEE, Verb.SEE_PHONE, Verb.EXPORT, Verb.HAND_IN, Verb.PROPOSE, Verb.REMIND},
    "department": {Verb.SEE, Verb.SEE_PHONE, Verb.EXPORT, Verb.PROPOSE, Verb.REMIND},
    "reporter": {Verb.SEE, Verb.SEE_PHONE, Verb.EXPORT, Verb.HAND_IN, Verb.PROPOSE},
    "company": {Verb.SEE, Verb.SEE_PHONE, Verb.EXPORT, Verb.HAND_IN, Verb.PROPOSE},
    "reader": {Verb.SEE, Verb.EXPORT},
    "stranger": set(),
}


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
    close_account(actor=cast.office, account=cast.county, reason="调离")
    assert not visible_projects(fresh(cast.county)).exists()


@pytest.mark.django_db
def test_a_post_that_ended_gives_no_rights_and_its_last_day_still_does(cast: Cast) -> None:
    held = cast.county.person.appointments.get()
    end_appointment(actor=cast.office, appointment=held, day=date(2023, 10, 13), reason="调离")
    assert visible_projects(fresh(cast.county)).count() == 1
    end_appointment(actor=cast.office, appointment=held, day=date(2023, 10, 12), reason="更正")
    assert not visible_projects(fresh(cast.county)).exists()


@pytest.mark.django_db
def test_two_posts_add_up(cast: Cast) -> None:
    west = Organisation.objects.get(name="西原区政府")
    appoint(
        actor=cast.office,
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
