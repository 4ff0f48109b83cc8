"""方案: every rule in words with its clause and an anchor, what the place chose, the worked cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from guatu.schemes.describe import describe
from guatu.schemes.load import find_scheme, load_scheme
from guatu.server.accounts.models import Account
from guatu.server.schemes.queries import anchor_of, contradictions, told, worked_cases
from tests.cast import Cast

EVERYONE = ("office", "county", "department", "reporter", "reader", "stranger")
SHIPPED = ("tangshan-2023", "longgang-2016", "liandu-2013", "baocheng", "shanghai-disclosure-2023")


def page_of(account: Account) -> str:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/scheme/")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.django_db
def test_everyone_who_is_signed_in_reads_the_scheme(cast: Cast) -> None:
    for name in EVERYONE:
        page = page_of(cast.account(name))
        assert "唐山市2023年重大项目推进工作方案" in page, name
        assert 'aria-current="page">方案</a>' in page, name


@pytest.mark.django_db
def test_nobody_reads_it_without_signing_in() -> None:
    response = Client().get("/scheme/")
    assert (response.status_code, response.headers["location"]) == (302, "/sign-in/?next=/scheme/")


@pytest.mark.django_db
def test_a_rule_stands_under_its_anchor_with_words_clause_and_local_choice(cast: Cast) -> None:
    page = page_of(cast.reader)
    band = page[page.index('id="light-schedule-band-red"') :]
    band = re.sub(r"<[^>]+>", " ", band[: band.index("</dd>")])
    assert "红灯" in band and "唐山 三(六)" in band and "25 个百分点及以上。" in band and "本地选择" in band
    for link in re.findall(r'href="#([^"]+)"', page):
        if link != "content" and not link.startswith(("icon-", "light-red", "up", "down")):
            assert f'id="{link}"' in page, link


@pytest.mark.django_db
def test_a_contradiction_of_the_document_is_said(cast: Cast) -> None:
    assert "1127.5" in re.sub(r"<[^>]+>", "", page_of(cast.office)).replace(",", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_of_every_scheme_has_one_anchor_of_its_own(name: str) -> None:
    scheme = load_scheme(name)
    page = told(scheme)
    anchors = [rule.anchor for chapter in page.chapters for rule in chapter.rules]
    anchors += [rule.anchor for rule in page.published]
    assert len(anchors) == len(set(anchors))
    local = [
        entry for section in describe(scheme) if section.id == "local_choices" for entry in section.entries
    ]
    assert [rule.entry for rule in page.local_choices] == local


def test_an_anchor_is_made_of_the_key() -> None:
    assert anchor_of("light[schedule].band[red]") == "light-schedule-band-red"
    assert anchor_of("sheet[county].item[growth.done]") == "sheet-county-item-growth-done"


def test_longgang_contradicts_itself_and_the_page_says_where() -> None:
    said = " ".join(fault.message for fault in contradictions(load_scheme("longgang-2016")))
    assert said.count("自相矛盾") >= 2


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_cases_come_out(name: str) -> None:
    cases = worked_cases(load_scheme(name))
    assert cases and not [case.faults for case in cases if case.faults]


@pytest.mark.django_db
def test_a_case_that_does_not_come_out_is_shown_with_what_came_instead(
    cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    source = find_scheme("tangshan-2023")
    (tmp_path / "cases").mkdir()
    for path in source.rglob("*.toml"):
        words = path.read_text(encoding="utf-8")
        if path.name == "schedule.toml":
            words = words.replace('level = "blue", measure = 5 }', 'level = "red", measure = 5 }')
        (tmp_path / path.relative_to(source)).write_text(words, encoding="utf-8")
    settings.GUATU_SCHEME = str(tmp_path)
    page = re.sub(r"<[^>]+>", "", page_of(cast.office))
    assert "1 个不符" in page
    assert "恰好 5 的“schedule”应为 red，算得 blue" in page
    assert "阶段 续建" in page and "年度计划 10,000 万元" in page
