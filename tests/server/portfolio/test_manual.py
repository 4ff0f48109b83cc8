"""The working manual: whose it is, what stands in it, and whose telephone numbers."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pytest_django import DjangoAssertNumQueries

from guatu.server.accounts.models import Account, Person
from guatu.server.clock import today
from guatu.server.portfolio.manual import entries_of
from guatu.server.portfolio.models import Project, Responsibility
from tests.cast import PLANT, PORT, SCHOOL, Cast, fresh, project

NUMBER = "13900002222"


@pytest.fixture
def leader(cast: Cast) -> Person:
    """The county leader of the port, with a telephone."""
    row = Responsibility.objects.get(duty="county_leader", project__code=PORT)
    assert row.person is not None
    Person.objects.filter(pk=row.person.pk).update(phone=NUMBER)
    return row.person


def page(account: Account, query: str) -> str:
    return str(answered(account, f"/projects/manual/{query}").content.decode())


def answered(account: Account, address: str) -> Any:
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return browser.get(address)


@pytest.mark.django_db
def test_a_leaders_manual_holds_his_projects_with_everybody_who_answers(cast: Cast, leader: Person) -> None:
    told = page(cast.office, f"?person={leader.pk}")
    assert "沧城港扩建项目" in told
    for row in Responsibility.objects.filter(project__code=PORT):
        assert row.stated in told


@pytest.mark.django_db
def test_a_telephone_is_there_for_those_with_the_right_and_for_nobody_else(
    cast: Cast, leader: Person
) -> None:
    for who, seen in (("office", True), ("county", True), ("reporter", True), ("reader", False)):
        assert (NUMBER in page(cast.account(who), f"?project={PORT}")) == seen, who


@pytest.mark.django_db
def test_nobody_finds_a_project_in_a_manual_that_is_not_his_to_see(cast: Cast) -> None:
    assert answered(cast.county, f"/projects/manual/?project={SCHOOL}").status_code == 404
    city = Responsibility.objects.filter(duty="city_leader", project__code=SCHOOL).get().person
    assert city is not None
    told = answered(cast.county, f"/projects/manual/?person={city.pk}").content.decode()
    assert project(SCHOOL).name not in told
    assert answered(cast.stranger, f"/projects/manual/?project={PORT}").status_code == 404


@pytest.mark.django_db
def test_the_list_to_choose_from_counts_what_one_sees(cast: Cast) -> None:
    whole, part = page(cast.office, ""), page(cast.department, "")
    assert "西原区" not in part or "西原区" in whole
    assert "市交通运输局" in part


@pytest.mark.django_db
def test_the_paper_says_the_same_as_the_page(cast: Cast, leader: Person) -> None:
    answer = answered(cast.county, f"/projects/manual.docx?project={PORT}")
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any(paragraph.text == "沧城港扩建项目工作手册" for paragraph in paper.paragraphs)
    assert NUMBER in cells
    entry = entries_of(fresh(cast.county), [project(PORT)], today())[0]
    for label, text in entry.lines():
        assert label in cells and (text or "–") in cells
    unseen = Document(io.BytesIO(answered(cast.reader, f"/projects/manual.docx?project={PORT}").content))
    assert NUMBER not in [cell.text for table in unseen.tables for row in table.rows for cell in row.cells]


@pytest.mark.django_db
def test_a_manual_takes_as_many_queries_for_three_projects_as_for_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    every = list(Project.objects.filter(code__in=(PORT, SCHOOL, PLANT)))
    account = fresh(cast.office)
    with django_assert_max_num_queries(6):
        assert len(entries_of(account, every, today())) == 3
