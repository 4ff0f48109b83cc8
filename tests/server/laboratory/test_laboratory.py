"""方案实验室: what a changed value would change in judged months; nothing is kept, and not everybody sees it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.cli import main
from guatu.judge.compare import compare
from guatu.schemes.adjustable import adjustables
from guatu.schemes.load import load_scheme
from guatu.schemes.trial import turned
from guatu.server.accounts.models import Account
from guatu.server.assessment.queries import inputs_of, latest_judged
from guatu.server.demo import Demonstration
from guatu.values import Period

BACKEND = "django.contrib.auth.backends.ModelBackend"
ADDRESS = "/scheme/laboratory/"
RED, POINTS = "set.light[0].band[3].from", "set.sheet[0].item[{n}].points"
SHIFT = {POINTS.format(n=0): "45", POINTS.format(n=1): "45"}


def signed_in(username: str = "zhongdianban") -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return client


def words(response: Any) -> str:
    """What a person reads of an answer."""
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def tried(client: Client, typed: Mapping[str, str]) -> str:
    return words(client.post(ADDRESS, typed, headers={"HX-Request": "true"}))


@pytest.mark.parametrize("username", ["zhongdianban", "yanzijin"])
def test_who_sees_everything_opens_it_from_the_page_of_the_scheme(city: Demonstration, username: str) -> None:
    client = signed_in(username)
    assert ADDRESS in client.get("/scheme/").content.decode()
    page = words(client.get(ADDRESS))
    assert "现在和现行方案一样，2023年9月的结果不变" in page


@pytest.mark.parametrize("username", ["yunxixian", "jiaotongju", "yunxifagai"])
def test_for_others_there_is_no_such_page(city: Demonstration, username: str) -> None:
    client = signed_in(username)
    assert ADDRESS not in client.get("/scheme/").content.decode()
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {RED: "15"}).status_code == 404


def test_someone_who_is_not_signed_in_is_sent_to_the_sign_in(city: Demonstration) -> None:
    response = Client().post(ADDRESS, {RED: "15"})
    assert response.status_code == 302 and "/sign-in/" in response["Location"]


def test_a_moved_threshold_names_the_lights_that_change_and_why(city: Demonstration) -> None:
    said = tried(signed_in(), {RED: "15"})
    assert "2023年9月有 8 盏灯会变" in said
    assert "“投资进度”红灯下限由 25 改为 15 个百分点（三(六)）" in said
    assert "穆川中央厨房及预制菜产业园项目" in said and "18.38个百分点" in said
    assert "15 个百分点及以上" in said, "the rule as it reads when changed"
    assert "下限原为 25 个百分点" in said


@pytest.mark.parametrize("month", [3, 9])
def test_it_says_what_the_command_says(city: Demonstration, month: int) -> None:
    scheme = load_scheme("tangshan-2023")
    judged = latest_judged(f"2023-{month:02d}")
    assert judged is not None
    trial = turned(scheme, {key.removeprefix("set."): value for key, value in SHIFT.items()})
    assert trial.scheme is not None
    inputs = inputs_of(judged, scheme)
    whole = compare(
        scheme, trial.scheme, [Period(2023, month)], lambda edition, _period: inputs.judge(edition)
    )
    assert whole.changes
    client = signed_in()
    page = words(client.post(f"{ADDRESS}?period=2023-{month:02d}", SHIFT))
    for change in whole.changes[:20]:
        assert change.entity in page and change.after in page


def test_the_year_is_told_month_by_month(city: Demonstration) -> None:
    said = tried(signed_in(), {"months": "year", **SHIFT})
    assert "2023年各月有" in said
    for month in range(1, 10):
        assert f"2023年{month}月" in said


def test_what_is_wrong_stands_at_its_rule_and_nothing_is_judged(city: Demonstration) -> None:
    client = signed_in()
    html = client.post(
        ADDRESS, {RED: "20", "set.light[0].band[2].to": "22"}, headers={"HX-Request": "true"}
    ).content.decode()
    at = re.search(
        r'<div class="lab-said" id="said-light-schedule" hx-swap-oob="true">(.*?)</div>', html, re.S
    )
    assert at and "“黄”与“红”两档重叠" in at[1]
    assert "有 1 处不对" in html and "outcome-group" not in html
    clean = client.post(ADDRESS, {RED: "20"}, headers={"HX-Request": "true"}).content.decode()
    at = re.search(
        r'<div class="lab-said" id="said-light-schedule" hx-swap-oob="true">(.*?)</div>', clean, re.S
    )
    assert at and not at[1].strip(), "the next answer takes the fault away"


def test_all_that_is_wrong_is_said_at_once(city: Demonstration) -> None:
    said = tried(signed_in(), {RED: "二十", "set.ranking[0].decimals": "x"})
    assert "有 2 处不对" in said and "“二十”不是数字" in said and "“x”不是数字" in said


def test_without_script_the_page_comes_back_with_what_was_typed(city: Demonstration) -> None:
    response = signed_in().post(ADDRESS, {RED: "15", "by": "rules"})
    html = response.content.decode()
    assert '<html lang="zh' in html and "8" in html
    assert re.search(r'name="set\.light\[0\]\.band\[3\]\.from"[^>]*value="15"', html)
    assert re.search(r'name="set\.light\[0\]\.band\[2\]\.to"[^>]*value="15"', html), (
        "the shared edge moved too"
    )


def test_nothing_is_written(city: Demonstration) -> None:
    client = signed_in()
    client.get(ADDRESS)
    before = {model: model._default_manager.count() for model in apps.get_models()}
    with CaptureQueriesContext(connection) as asked:
        for step in ("look", "toml", "folder"):
            client.post(ADDRESS, {"do": step, **SHIFT})
        client.post(ADDRESS, {"months": "year", RED: "15"})
    assert not [query["sql"] for query in asked if not query["sql"].lstrip().upper().startswith("SELECT")]
    assert {model: model._default_manager.count() for model in apps.get_models()} == before


def test_no_other_page_shows_anything_of_it(city: Demonstration) -> None:
    client = signed_in()
    pages = ("/", "/scheme/", "/ranking/", "/assessment/", "/bulletin/")
    before = [re.sub(r"csrf\w+\W.*", "", words(client.get(page))) for page in pages]
    tried(client, {RED: "15"})
    client.post(ADDRESS, {"do": "folder", **SHIFT})
    assert [re.sub(r"csrf\w+\W.*", "", words(client.get(page))) for page in pages] == before


def test_the_values_go_over_into_the_text_and_back(city: Demonstration) -> None:
    client = signed_in()
    html = unescape(client.post(ADDRESS, {"do": "toml", RED: "15"}).content.decode())
    text = re.search(r'<textarea class="lab-text"[^>]*>\n(.*?)</textarea>', html, re.S)
    assert text and "from = 15" in text[1] and "from = 25" in text[1], "one light moved, the others not"
    assert "8" in html and "outcome-group" in html
    back = {"by": "toml", "do": "rules", "toml.scheme.toml": text[1].replace("\n", "\r\n")}
    rules = unescape(client.post(ADDRESS, back).content.decode())
    assert re.search(r'name="set\.light\[0\]\.band\[3\]\.from"[^>]*value="15"', rules)
    assert 'name="toml.scheme.toml" hidden' in rules, "the text goes on travelling in the form"
    assert "下限原为 25 个百分点" in rules


def test_a_text_that_is_no_scheme_is_refused_with_the_place(city: Demonstration) -> None:
    said = tried(signed_in(), {"by": "toml", "toml.scheme.toml": "[scheme]\nid = 5\n"})
    assert "处不对" in said and "scheme.name" in said and "缺少这一项" in said


def test_keys_that_nobody_knows_change_nothing(city: Demonstration) -> None:
    said = tried(
        signed_in(), {"set.light[9].band[0].from": "1", "set.../etc/passwd": "1", "set.": "", "do": "x"}
    )
    assert "结果不变" in said


def test_the_folder_is_a_scheme_that_the_check_accepts(city: Demonstration, tmp_path: Path) -> None:
    client = signed_in()
    response = client.post(ADDRESS, {"do": "folder", **SHIFT})
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert main(["scheme", "check", str(folder)]) == 0
    written = load_scheme(folder)
    assert written.text.sheet[0].item[0].points == 45
    assert "试改" in (written.text.sheet[0].item[0].local_choice or "")
    assert folder.name.endswith(written.digest[:8])


def test_a_wrong_trial_has_no_folder(city: Demonstration) -> None:
    response = signed_in().post(ADDRESS, {"do": "folder", RED: "二十"})
    assert response["Content-Type"].startswith("text/html") and "不是数字" in response.content.decode()


def test_every_value_of_the_scheme_has_its_field(city: Demonstration) -> None:
    html = unescape(signed_in().get(ADDRESS).content.decode())
    for one in adjustables(load_scheme("tangshan-2023")):
        assert f'name="set.{one.key}"' in html


def test_a_second_look_reads_no_facts_again(city: Demonstration) -> None:
    client = signed_in()
    tried(client, {RED: "15"})
    with CaptureQueriesContext(connection) as asked:
        tried(client, {RED: "16"})
    assert len(asked) <= 5, "\n".join(query["sql"][:200] for query in asked)


def test_a_month_judged_anew_is_looked_at_anew(city: Demonstration) -> None:
    from guatu.server.assessment.actions import judge_month

    client = signed_in()
    before = tried(client, {RED: "15"})
    judged = latest_judged("2023-09")
    assert judged is not None
    judge_month(Period(2023, 9), judged.as_of.replace(day=1), None)
    assert tried(client, {RED: "15"}) != before
