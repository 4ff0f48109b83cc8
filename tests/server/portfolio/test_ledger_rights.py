"""Who sees what of the ledger; what it says when it is empty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from guatu.server.portfolio.actions import import_projects
from tests.cast import LEDGER, LEDGER_DAY, PLANT, PORT, SCHOOL, WAN, Cast, ledger
from tests.server.portfolio.reading import codes, count, page, signed_in, sums, tabs

SEES = {
    "office": {PORT, SCHOOL, PLANT},
    "county": {PORT},
    "other_county": {SCHOOL, PLANT},
    "department": {PORT, PLANT},
    "reporter": {PORT},
    "company": {PORT, PLANT},
    "reader": {PORT, SCHOOL, PLANT},
    "stranger": set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SEES)
def test_each_person_lists_and_counts_the_projects_of_his_post(name: str, cast: Cast) -> None:
    text = page(signed_in(cast.account(name)))
    assert set(codes(text)) == SEES[name]
    assert count(text) == len(SEES[name])
    assert tabs(text)["在建"] == len(SEES[name])


@pytest.mark.django_db
def test_the_sums_of_one_person_are_not_kept_for_another(cast: Cast) -> None:
    assert sums(page(signed_in(cast.office)))[1] == "150,000"
    assert sums(page(signed_in(cast.county)))[1] == "50,000"


@pytest.mark.django_db
def test_the_filters_offer_nothing_of_projects_out_of_sight(cast: Cast) -> None:
    text = page(signed_in(cast.county))
    assert "西原区" not in text
    assert "“县区”里没有“西原区”" in page(signed_in(cast.county), county="西原区")


@pytest.mark.django_db
def test_nobody_sees_the_ledger_without_signing_in(cast: Cast) -> None:
    answer = Client().get("/projects/?q=x")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.django_db
def test_an_empty_ledger_says_what_would_stand_here_and_how_to_fill_it(cast: Cast) -> None:
    text = page(signed_in(cast.stranger))
    assert "台账里还没有项目" in text
    assert "请重点办导入" in text


@pytest.mark.django_db
def test_before_the_first_judgement_the_ledger_stands_without_lights(cast: Cast) -> None:
    text = page(signed_in(cast.office))
    assert "还没有判定过的月份" in text
    assert sums(text) == ["合计 3 个", "150,000", "36,000", "–", "–", "–"]


@pytest.mark.django_db
def test_what_was_kept_is_stale_after_an_action(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert sums(page(client))[1] == "150,000"
    rows = [replace(row, total=60_000 * WAN) for row in ledger()]
    import_projects(rows, actor=cast.office, paper=LEDGER, day=LEDGER_DAY, year=2023)
    assert sums(page(client))[1] == "180,000"
