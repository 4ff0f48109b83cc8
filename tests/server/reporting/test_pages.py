"""The pages of the reports: what each person finds there, what is refused in words, and that figures stay exact."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.reporting.typed import exact_money
from guatu.server.accounts.models import Account
from guatu.server.assessment.actions import judge_month
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.models import Report
from tests.cast import PORT, WAN, Cast, report
from tests.server.reporting.work import SEPTEMBER, brought_to, draft

DAY = date(2023, 10, 13)
PAGE = f"/reports/2023-09/{PORT}/"
FILLED = {
    "f.invested_month": "1000",
    "f.progress": "二期码头桩基完成",
    "f.physical": "41.5",
    "f.actual_start": "2022-05-20",
    "f.in_statistics": "是",
}


@pytest.fixture(autouse=True)
def august(cast: Cast) -> None:
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: object) -> str:
    source = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source))


def reported() -> Report:
    return Report.objects.filter(period="2023-09").latest("version")


@pytest.mark.django_db
def test_the_form_begins_with_what_last_month_said_and_has_the_plan_beside_it(cast: Cast) -> None:
    source = browser(cast.reporter).get(PAGE).content.decode()
    assert 'name="f.actual_start" value="2022-05-20"' in source
    assert re.search(r'id="f.progress"[^>]*></textarea>', source), "the text of the works is not carried over"
    assert '<guatu-report base="8000000000">' in source
    said = text_of(browser(cast.reporter).get(PAGE))
    for words in ("年度计划 12,000", "本月计划 1000", "累计计划 9000（75.0%）", "上月累计完成 8000"):
        assert words in said
    assert not re.search(r'name="[^"]*plan', source), "the plan cannot be typed"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "submitted", "signed", "checked", "accepted", "returned"])
def test_nobody_but_the_reporter_finds_a_figure_that_can_be_typed(cast: Cast, state: str) -> None:
    found = brought_to(cast, state)
    for who in ("signer", "county", "department", "office", "reader"):
        client = browser(cast.account(who))
        assert 'name="f.' not in client.get(PAGE).content.decode(), who
        for do in ("save", "hand_in", "over"):
            sent = {**FILLED, "f.invested_month": "1", "do": do, "edition": found.edition}
            assert client.post(PAGE, sent).status_code == 403, (who, do)
    assert reported().invested_month == 1_000 * WAN


@pytest.mark.django_db
def test_a_draft_is_seen_by_its_unit_alone(cast: Cast) -> None:
    draft(cast)
    assert (
        "二期码头" in text_of(browser(cast.reporter).get(PAGE))
        or "二期码头" in browser(cast.reporter).get(PAGE).content.decode()
    )
    for who in ("county", "office", "reader", "signer"):
        assert "二期码头" not in browser(cast.account(who)).get(PAGE).content.decode()


@pytest.mark.django_db
def test_a_stranger_gets_404_and_a_month_ahead_is_not_there(cast: Cast) -> None:
    assert browser(cast.other_county).get(PAGE).status_code == 404
    assert browser(cast.stranger).get(PAGE).status_code == 404
    for month in ("2023-11", "2023-13", "nonsense"):
        assert browser(cast.reporter).get(f"/reports/{month}/").status_code == 404
        assert browser(cast.reporter).get(f"/reports/{month}/{PORT}/").status_code == 404
    assert browser(cast.reporter).post(PAGE, {"do": "cheat"}).status_code == 404


@pytest.mark.django_db
def test_a_report_goes_its_way_from_page_to_page(cast: Cast) -> None:
    reporter, signer = browser(cast.reporter), browser(cast.signer)
    assert reporter.post(PAGE, {**FILLED, "do": "hand_in", "edition": "0"}).status_code == 302
    assert signer.post(PAGE, {"do": "return", "opinion": "请写明桩基根数"}).status_code == 302
    assert "陆行舟在单位签发时退回：请写明桩基根数" in text_of(reporter.get(PAGE))
    again = {**FILLED, "f.progress": "二期码头桩基完成 212 根", "do": "hand_in", "edition": "0"}
    assert reporter.post(PAGE, again).status_code == 302
    assert signer.post("/reports/2023-09/pass", {"do": "sign", "code": PORT}).status_code == 302
    assert browser(cast.county).post(PAGE, {"do": "check"}).status_code == 302
    assert browser(cast.office).post(PAGE, {"do": "accept", "opinion": "同意"}).status_code == 302
    assert (reported().state, reported().version) == ("accepted", 2)
    said = text_of(browser(cast.office).get(PAGE))
    for words in ("采用 · 通过", "审核 · 通过", "单位签发 · 退回", "第 1 版", "同意"):
        assert words in said


@pytest.mark.django_db
def test_every_unreadable_field_is_named_at_once_and_what_was_typed_stays_in_the_form(cast: Cast) -> None:
    typed = {**FILLED, "f.invested_month": "一千", "f.physical": "141", "do": "save", "edition": "0"}
    answer = browser(cast.reporter).post(PAGE, typed)
    assert answer.status_code == 422
    source = answer.content.decode()
    assert 'value="一千"' in source
    assert 'value="141"' in source
    said = text_of(answer)
    assert "“本月完成投资”填的是“一千”，应为以万元为单位的数字" in said
    assert "“形象进度完成比例”填的是“141”，应为0 到 100 之间的百分数" in said
    assert not Report.objects.filter(period="2023-09").exists()


@pytest.mark.django_db
def test_saving_answers_with_the_questions_and_the_edition_to_go_on_from(cast: Cast) -> None:
    typed = {**FILLED, "f.actual_finish": "2022-01-01", "do": "save", "edition": "0"}
    answer = browser(cast.reporter).post(PAGE, typed, headers={"HX-Request": "true"})
    source = answer.content.decode()
    assert 'id="report-edition" value="1" hx-swap-oob="true"' in source
    assert "实际竣工 2022年1月1日早于实际开工 2022年5月20日" in text_of(answer)
    key = re.search(r'name="reason\.([0-9a-f]{64})"', source)
    assert key
    refused = browser(cast.reporter).post(PAGE, {**typed, "do": "hand_in", "edition": "1"})
    assert refused.status_code == 422
    assert "请改正，或写明属实的理由" in text_of(refused)
    explained = {**typed, "do": "hand_in", "edition": "2", f"reason.{key[1]}": "改建前已竣工一期"}
    assert browser(cast.reporter).post(PAGE, explained).status_code == 302
    assert "说明：改建前已竣工一期" in text_of(browser(cast.signer).get(PAGE))


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [True, False])
def test_two_people_at_once_are_both_shown_and_the_later_one_chooses(cast: Cast, htmx: bool) -> None:
    seen = draft(cast)
    draft(cast, edition=seen.edition, invested_month=700 * WAN, actor=cast.company)
    typed = {**FILLED, "f.invested_month": "800", "do": "save", "edition": str(seen.edition)}
    answer = browser(cast.reporter).post(PAGE, typed, headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == (200 if htmx else 409)
    said = text_of(answer)
    assert "钟港 在 10-13" in said
    assert "本月完成投资 700 800" in said
    assert reported().invested_month == 700 * WAN
    over = {**typed, "do": "over", "over": "2"}
    assert browser(cast.reporter).post(PAGE, over).status_code == 302
    assert reported().invested_month == 800 * WAN


@pytest.mark.django_db
def test_what_is_signed_together_must_be_one_s_own_to_sign(cast: Cast) -> None:
    brought_to(cast, "submitted")
    answer = browser(cast.county).post("/reports/2023-09/pass", {"do": "sign", "code": PORT}, follow=True)
    assert answer.status_code == 403
    assert reported().state == "submitted"


AMOUNTS = st.integers(min_value=0, max_value=10**15)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fen=AMOUNTS)
def test_what_is_typed_is_what_every_page_shows_to_the_fen(cast: Cast, fen: int) -> None:
    Report.objects.filter(period="2023-09").delete()
    found = draft(cast, invested_month=fen)
    assert (found.invested_month, found.invested_ytd) == (fen, 8_000 * WAN + fen)
    Report.objects.filter(pk=found.pk).update(state="signed", signed_on=DAY, known_from=DAY, handed_in=DAY)
    month, year = exact_money(fen), exact_money(8_000 * WAN + fen)
    for who in ("reporter", "county", "reader"):
        cells = re.findall(
            r'<td class="value">([^<]*)</td>', browser(cast.account(who)).get(PAGE).content.decode()
        )
        assert cells == [month, year]
    listed = browser(cast.county).get("/reports/2023-09/").content.decode()
    assert f">{month}<" in listed
    assert f">{year}<" in listed


@pytest.mark.django_db
def test_a_signed_report_stands_on_the_project_s_page_and_one_in_review_is_said_to_be(cast: Cast) -> None:
    brought_to(cast, "submitted", invested_month=1_234_567_890)
    judge_month(SEPTEMBER, DAY, cast.office)
    client = browser(cast.county)
    said = text_of(client.get(f"/projects/{PORT}/"))
    assert "第 1 版待签发，尚未计入" in said
    browser(cast.signer).post(PAGE, {"do": "sign"})
    judge_month(SEPTEMBER, DAY, cast.office)
    said = text_of(client.get(f"/projects/{PORT}/"))
    assert "1234.56789" in said
    assert "9234.56789" in said
    assert "尚未计入" not in said
