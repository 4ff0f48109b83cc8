"""Looking back: a page with a past day in its address shows what it showed at the end of that day."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, projects_for
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.queries import latest_judged
from guatu.server.clock import today
from guatu.server.documents.actions import edit_text
from guatu.server.documents.queries import composed_bulletin
from guatu.server.portfolio.actions import Paper, change_plan, import_projects
from guatu.server.portfolio.models import PastProject
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.actions import import_reports
from guatu.values import Period
from tests.cast import LEDGER_DAY, PLANT, PORT, WAN, Cast, ledger, project, report, settle
from tests.server.portfolio.reading import page, signed_in
from tests.server.reporting.work import SEPTEMBER, draft, hand_in, scheme

PAGES = (
    "/",
    "/projects/?stage=all",
    "/projects/?stage=all&sort=-planned&q=沧城",
    "/projects/?stage=all&category=产业",
    f"/projects/{PORT}/",
    f"/projects/{PLANT}/",
    "/ranking/",
    "/assessment/",
    "/bulletin/",
    "/reports/2023-09/",
)
OF_ALL = frozenset({"/assessment/", "/bulletin/", "/ranking/", *PAGES[2:4], PAGES[5]})
"""Pages that the office alone is asked for: others do not open them, or see the same."""
READERS = ("office", "county")
NEVER_THEN = (
    r'<p class="looking-back.*?</p>',
    r'<section class="sheet sheet-second" id="todo".*?</section>',
    r'<section class="sheet" aria-labelledby="own-record">.*?</section>',
    r'<section class="sheet beside-note">.*?</section>',
    r"<form class=\"edit.*?</form>",
    r"<details class=\"edit.*?</details>",
    r'<div class="actions">.*?</div>',
    r"<a [^>]*>(?:责任分工|去催报|判定月份|看本月通报)</a>",
    r' *<span class="mark">待您办</span>',
    r'<form class="views-save".*?</form>',
    r'<nav class="report-kinds".*?</nav>',
    r'<section class="sheet" aria-labelledby="timeline".*?</section>',
    r"，(?:还有|已过) \d+ 个工作日|，今天到期",
    r"<button.*?</button>",
    r"<input[^>]*>",
    r"<form class=\"menu.*?</form>",
)
"""What a page shows of the present alone: what is to do today, and what can be changed."""


def shown(cast: Cast, name: str, path: str, known: date | None = None) -> str:
    """What the page says, without what belongs to the present alone."""
    address = path if known is None else f"{path}{'&' if '?' in path else '?'}known={known}"
    answer = signed_in(Account.objects.get(pk=cast.account(name).pk)).get(address)
    if answer.status_code == 404:
        return "404"
    text = answer.content.decode()
    text = text[text.index("<main") : text.index("</main>")]
    for part in NEVER_THEN:
        text = re.sub(part, "", text, flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def readers_of(path: str) -> tuple[str, ...]:
    return ("office",) if path in OF_ALL else READERS


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Cast, dict[tuple[date, str, str], str]]]:
    """A year on nine days – handed in, judged, returned, signed, corrected, taken over again – and what every page
    said at the end of each of them."""
    with django_db_blocker.unblock(), override_settings(GUATU_TODAY=LEDGER_DAY):
        whole = transaction.atomic()
        whole.__enter__()
        try:
            yield _nine_days()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


def _nine_days() -> tuple[Cast, dict[tuple[date, str, str], str]]:
    cast = settle()
    said: dict[tuple[date, str, str], str] = {}

    def evening() -> None:
        day = today()
        for path in PAGES:
            for name in readers_of(path):
                said[day, name, path] = shown(cast, name, path)

    def on(*day: int) -> None:
        settings.GUATU_TODAY = date(2023, *day)

    evening()
    on(2, 14)
    import_reports(
        [replace(report(code, 1, ytd), invested_month=None) for code, ytd in ((PORT, 900), (PLANT, 100))],
        actor=cast.office,
        day=date(2023, 2, 14),
    )
    judge_month(Period(2023, 1), date(2023, 2, 13), cast.office)
    evening()
    on(9, 12)
    import_reports(
        [
            replace(report(PORT, month, 1_000 * month - 10 * month * month), invested_month=None)
            for month in range(2, 9)
        ],
        actor=cast.office,
        day=date(2023, 9, 12),
    )
    judge_month(Period(2023, 8), date(2023, 9, 12), cast.office)
    evening()
    on(10, 9)
    first = hand_in(cast, draft(cast, invested_month=1_050 * WAN))
    evening()
    on(10, 10)
    rounds.send_back(first, actor=cast.signer, opinion="形象进度太简略")
    evening()
    on(10, 11)
    second = hand_in(cast, draft(cast, progress="二期码头桩基全部完成", invested_month=1_100 * WAN))
    rounds.sign([second], actor=cast.signer)
    rounds.check([second], actor=cast.county)
    rounds.accept([second], actor=cast.office)
    judge_month(SEPTEMBER, date(2023, 10, 11), cast.office)
    evening()
    on(10, 16)
    second.refresh_from_db()
    third = filling.begin_correction(second, actor=cast.reporter, reason="多计一笔", form=scheme().form)
    third = draft(cast, progress="二期码头桩基全部完成", invested_month=700 * WAN, edition=third.edition)
    hand_in(cast, third)
    rounds.sign([third], actor=cast.signer)
    evening()
    on(10, 17)
    third.refresh_from_db()
    rounds.check([third], actor=cast.county)
    rows = ledger()
    renamed = replace(rows[0], name="沧城港二期项目", total=60_000 * WAN, city_leader="阎子衿（市长）")
    import_projects(
        [renamed, *rows[1:], replace(rows[1], code="2023-130901-54-01-000009", name="东岭水厂项目")],
        actor=cast.office, paper=Paper("调整", date(2023, 10, 1)), day=date(2023, 10, 1), year=2023,
    )  # fmt: skip
    change_plan(
        project(PLANT), actor=cast.office, year=2023, amount=6_000 * WAN, cumulative=(), reason="缩减",
        valid_from=date(2023, 9, 1), paper=Paper("缩减", date(2023, 9, 1)),
    )  # fmt: skip
    judge_month(SEPTEMBER, date(2023, 10, 17), cast.office)
    evening()
    on(10, 18)
    judged = latest_judged("2023-09")
    assert judged is not None
    key = next(iter(composed_bulletin(judged, cast.office).texts()))
    edit_text(judged, key, "改过的话。", based_on=0, actor=cast.office)
    evening()
    on(10, 20)
    return cast, said


@pytest.mark.django_db
def test_every_page_says_again_what_it_said_on_each_day(told: Any) -> None:
    cast, said = told
    days = sorted({day for day, _name, _path in said})
    assert len(days) == 9
    for (day, name, path), words in said.items():
        assert shown(cast, name, path, day) == words, (day, name, path)
    differing = {words for (_day, name, path), words in said.items() if (name, path) == ("office", PAGES[1])}
    assert len(differing) >= 5, "the days differ, so that a page of another day would not pass"


@pytest.mark.django_db
def test_what_is_entered_later_for_an_earlier_day_does_not_change_what_was_known(told: Any) -> None:
    cast, _said = told
    before = page(signed_in(cast.office), f"/projects/{PLANT}/?known=2023-10-16")
    now = page(signed_in(cast.office), f"/projects/{PLANT}/")
    assert "6000" in now and "12,000" in before
    assert "沧城港扩建项目" in page(signed_in(cast.office), "/projects/?stage=all&known=2023-10-16")
    assert (
        signed_in(cast.office).get("/projects/2023-130901-54-01-000009/?known=2023-10-16").status_code == 404
    )


@pytest.mark.django_db
def test_links_keep_the_day_and_only_pages_of_figures_get_it(told: Any) -> None:
    cast, _said = told
    client = signed_in(cast.office)
    text = page(client, "/ranking/?known=2023-10-11")
    assert "按2023年10月11日所知显示" in text
    links = [unescape(link) for link in re.findall(r'\shref="(/[^"]*)"', text)]
    kept = {link.split("?")[0] for link in links if "known=2023-10-11" in link}
    assert {"/", "/projects/", "/ranking/", "/bulletin/", "/reports/", "/assessment/"} <= kept
    assert not {
        link
        for link in links
        if link.startswith(("/record", "/imports", "/scheme", "/judge")) and "known" in link
    }
    assert any(link == "/ranking/?known=" for link in links), "the way back to today"
    assert "按2023年10月11日所知显示" not in page(client, "/ranking/?known=")
    ledger_page = page(client, "/projects/?known=2023-10-11")
    assert '<input type="hidden" name="known" value="2023-10-11">' in ledger_page
    led = client.get("/reports/?known=2023-10-11")
    assert led.headers["Location"] == "/reports/2023-10/?known=2023-10-11"
    chosen = client.post(
        "/projects/columns",
        {"column": ["name", "total"], "next": "?known=2023-10-11"},
        headers={"HX-Request": "true"},
    )
    assert f"/projects/{PORT}/?known=2023-10-11" in chosen.content.decode()
    assert "沧城港扩建项目" in chosen.content.decode()


@pytest.mark.django_db
def test_nothing_can_be_changed_while_looking_back(told: Any) -> None:
    cast, _said = told
    client = signed_in(cast.office)
    assert "修改" in page(client, "/bulletin/") and "bulletin/edit" in page(client, "/bulletin/")
    assert "bulletin/edit" not in page(client, "/bulletin/?known=2023-10-17")
    assert "判定月份" not in page(client, "/ranking/?known=2023-10-17")
    assert "去催报" not in page(client, "/?known=2023-10-17") and "今天要办" not in page(
        client, "/?known=2023-10-17"
    )
    for way in ("/reports/2023-09/", "/reports/2023-09/?state=checked"):
        looked = page(signed_in(cast.office), f"{way}{'&' if '?' in way else '?'}known=2023-10-11")
        assert "所选审核" not in looked and "待您办" not in looked
    past = Account.objects.get(pk=cast.office.pk)
    past.looking_back = True
    writing = {
        Verb.IMPORT,
        Verb.JUDGE,
        Verb.EDIT_BULLETIN,
        Verb.CHECK,
        Verb.ACCEPT,
        Verb.DECIDE,
        Verb.GIVE,
        Verb.ASSIGN,
    }
    assert not {verb for verb in writing if may(past, verb)}
    assert not projects_for(past, Verb.CHECK).exists() and projects_for(past, Verb.SEE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2023-10-21", "2023年10月21日还没有到"),
        ("2023-1-1", "“2023-1-1”不是日期"),
        ("2023-02-30", "“2023-02-30”不是日期"),
        ("昨天", "“昨天”不是日期"),
        ("2023-01-17", "2023年1月17日这里还没有任何数据（最早是2023年1月18日）"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_today_is_shown(told: Any, day: str, words: str) -> None:
    cast, _said = told
    text = page(signed_in(cast.office), f"/projects/?stage=all&known={day}")
    assert words in text and "已按今天显示" in text and "沧城港二期项目" in text


@pytest.mark.django_db
def test_today_itself_is_no_past_day_and_nothing_is_kept_for_it(told: Any) -> None:
    cast, _said = told
    PastProject.objects.all().delete()
    assert "looking-back" not in page(signed_in(cast.office), "/projects/?known=2023-10-20")
    assert not PastProject.objects.exists()


@pytest.mark.django_db
def test_the_workbook_of_a_past_day_holds_its_rows_and_says_the_day(told: Any) -> None:
    cast, _said = told
    answer = signed_in(cast.office).get("/projects/export.xlsx?stage=all&known=2023-10-11")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer)), read_only=True).active
    rows = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert "按2023年10月11日所知" in rows[1][0]
    assert any("沧城港扩建项目" in row for row in rows) and not any("东岭水厂项目" in row for row in rows)
