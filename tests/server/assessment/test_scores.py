"""考核得分: what a judged month keeps of it, who sees it, what the pages say."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from guatu.server.accounts.models import Account
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import (
    judged_files,
    latest_judged,
    score_before,
    score_of,
    scores,
    workings_of,
)
from guatu.server.demo import Demonstration
from tests.cast import Cast, fresh

OFFICE, READER = "zhongdianban", "yanzijin"
OTHERS = ("yunxixian", "jiaotongju", "yunxifagai")
WORST = "石桥市"


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def asked(username: str, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(account(username), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    return response.status_code, response.content.decode()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def september() -> JudgedMonth:
    judged = latest_judged("2023-09")
    assert judged is not None
    return judged


def test_a_judged_month_keeps_the_scores_and_the_lights_of_counties(city: Demonstration) -> None:
    files = judged_files(september(), account(OFFICE))
    entry = score_of(files.assessments, "county", WORST)
    assert entry is not None
    assert (entry["score"], entry["rank"], entry["lists"]) == (79.01, 12, ["attention"])
    assert {light["light"] for light in files.entity_lights} == {"county_schedule", "department_schedule"}


def test_a_month_judged_before_scores_were_kept_has_none(city: Demonstration) -> None:
    old = JudgedMonth(period="2023-09", head="{}", summary="{}", findings="[]", as_of=date(2023, 10, 13))
    assert scores(old, account(OFFICE)) == []


def test_the_office_and_the_reader_see_scores_and_nobody_else_does(city: Demonstration) -> None:
    for username in (OFFICE, READER):
        for address in ("/assessment/", f"/assessment/county/{WORST}/"):
            assert asked(username, address)[0] == 200, (username, address)
        assert 'href="/assessment/"' in asked(username, "/ranking/")[1]
        assert scores(september(), account(username))
    for username in OTHERS:
        for address in ("/assessment/", f"/assessment/county/{WORST}/", "/assessment/county/云溪县/"):
            assert asked(username, address)[0] == 404, (username, address)
        assert "/assessment/" not in asked(username, "/ranking/")[1]
        assert scores(september(), account(username)) == []
        assert judged_files(september(), account(username)).assessments == []


@pytest.mark.django_db
def test_someone_without_a_post_or_a_sign_in_sees_no_scores(cast: Cast) -> None:
    client = Client()
    assert client.get("/assessment/").status_code == 302
    client.force_login(fresh(cast.stranger), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/assessment/").status_code == 404


def test_an_entity_or_a_sheet_that_is_not_there_is_not_found(city: Demonstration) -> None:
    assert asked(OFFICE, "/assessment/county/乌有县/")[0] == 404
    assert asked(OFFICE, f"/assessment/nosuch/{WORST}/")[0] == 404


def test_the_page_of_scores_says_places_points_and_lists(city: Demonstration) -> None:
    page = asked(OFFICE, "/assessment/")[1]
    said = words(page)
    assert "表扬 松岗市 西岭区 南浦区" in said
    assert "重点关注 石桥市" in said
    row = page[page.index(f">{WORST}</a></th>") :]
    row = words(row[: row.index("</tr>")])
    assert "28.57" in row and "42.54" in row and "79.01" in row and "重点关注" in row
    assert "新增规模以上企业（12 个）：缺数，不计入，其余各项按比例折算。" in said


def test_the_page_follows_the_month_of_the_site(city: Demonstration) -> None:
    assert "80.68" in words(asked(OFFICE, "/assessment/?period=2023-08")[1])


def test_a_score_opens_into_its_workings(city: Demonstration) -> None:
    page = asked(OFFICE, f"/assessment/county/{WORST}/")[1]
    said = words(page)
    assert "5 ÷ 7 = 71.4286%" in said
    assert "648,350 ÷ 762,126 = 85.0712%" in said
    assert "依据：唐山 三(六)" in said and "本地选择" in said
    assert 'href="/scheme/#sheet-county-item-investment"' in page
    assert re.findall(r'<details class="working" id="([^"]+)"', page) == [
        "score",
        "starts",
        "investment",
        "enterprises",
    ]
    assert 'id="sheet-county-item-investment"' in asked(OFFICE, "/scheme/")[1]


def test_the_workings_come_out_as_the_score_that_was_kept(city: Demonstration) -> None:
    judged = september()
    for entry in scores(judged, account(OFFICE)):
        node = workings_of(judged, entry)
        assert node is not None and node.points is not None
        assert float(node.points) == entry["score"], entry["entity"]


def test_the_page_says_why_the_score_fell(city: Demonstration) -> None:
    said = words(asked(OFFICE, f"/assessment/county/{WORST}/")[1])
    assert "2023年8月得分 80.68" in said and "2023年9月得分 79.01" in said
    assert "48.93 → 47.26" in said and "−1.67" in said


def test_the_first_month_has_nothing_to_compare_with(city: Demonstration) -> None:
    said = words(asked(OFFICE, f"/assessment/county/{WORST}/?period=2023-01")[1])
    assert "上一期没有得分，没有可比的。" in said


def test_the_score_before_is_that_of_the_month_before(city: Demonstration) -> None:
    user = account(OFFICE)
    entry = score_of(scores(september(), user), "county", WORST)
    assert entry is not None
    before = score_before(entry, user)
    assert before is not None and (before["term"], before["score"]) == ("2023-08", 80.68)


def test_proposed_steps_are_marked_as_proposals(city: Demonstration) -> None:
    judged = september()
    kept = judged.assessments
    entries = json.loads(kept)
    entries[0]["steps"] = [
        {"step": "talk", "name": "约谈", "actor": "督查室", "called": "主要负责人", "paper": "约谈函", "term_days": 7,
         "clause": "某地 五"}
    ]  # fmt: skip
    JudgedMonth.objects.filter(pk=judged.pk).update(assessments=json.dumps(entries, ensure_ascii=False))
    try:
        for address in ("/assessment/", f"/assessment/county/{entries[0]['entity']}/"):
            said = words(asked(OFFICE, address)[1])
            assert "约谈" in said and "建议，待人决定" in said
    finally:
        JudgedMonth.objects.filter(pk=judged.pk).update(assessments=kept)


def test_another_edition_of_the_scheme_is_said(city: Demonstration) -> None:
    judged = september()
    kept = judged.scheme_digest
    JudgedMonth.objects.filter(pk=judged.pk).update(scheme_digest="0" * 64)
    try:
        assert "按方案的前一版判定" in words(asked(OFFICE, f"/assessment/county/{WORST}/")[1])
    finally:
        JudgedMonth.objects.filter(pk=judged.pk).update(scheme_digest=kept)
    assert "按方案的前一版判定" not in words(asked(OFFICE, f"/assessment/county/{WORST}/")[1])


def test_a_scheme_without_sheets_says_so(city: Demonstration, settings: Settings) -> None:
    judged = september()
    kept = judged.assessments
    settings.GUATU_SCHEME = "baocheng"
    JudgedMonth.objects.filter(pk=judged.pk).update(assessments="[]")
    try:
        status, page = asked(OFFICE, "/assessment/")
    finally:
        JudgedMonth.objects.filter(pk=judged.pk).update(assessments=kept)
    assert status == 200 and ("现行方案没有考核表" in page or "这个月没有考核得分" in page)
