"""The workbook out and in, the table of all projects, and what the to-do list asks: nothing is half-saved."""

from __future__ import annotations

import base64
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account
from guatu.server.assessment.actions import judge_month
from guatu.server.dashboards.todo_reports import asked_of
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.models import Report
from guatu.values import Period
from guatu.workbooks.report_form import HEAD_ROW
from tests.cast import PLANT, PORT, WAN, Cast, fresh, project, report
from tests.server.reporting.work import brought_to, draft

DAY = date(2023, 10, 13)
MONTH = "/reports/2023-09/"
OWN_FIELD = """
[[report_field]]
id = "crew"
name = "现场人数"
kind = "count"
unit = "人"
before = "problem"
local_choice = "本地加报。"
[[report_field]]
id = "paid_now"
name = "本月支付"
kind = "money"
local_choice = "本地加报。"
"""


@pytest.fixture(autouse=True)
def august(cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was reported before; and a scheme with two fields of its own, which are two blocks of data."""
    folder = tmp_path / "own"
    folder.mkdir()
    text = (Path(load_scheme(settings.GUATU_SCHEME).folder) / "scheme.toml").read_text("utf-8")
    (folder / "scheme.toml").write_text(text + OWN_FIELD, "utf-8")
    monkeypatch.setattr(settings, "GUATU_SCHEME", str(folder))
    rows = [report(PORT, 8, 8_000), report(PLANT, 8, 7_000)]
    import_reports(rows, actor=cast.office, day=DAY)


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def downloaded(client: Client) -> Any:
    answer: Any = client.get(f"{MONTH}form.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue()))


def cell(sheet: Any, code: str, title: str) -> Any:
    head = [one.value for one in sheet[HEAD_ROW]]
    row = next(row for row in sheet.iter_rows(min_row=HEAD_ROW + 1) if row[0].value == code)
    return row[head.index(title)]


def fill(sheet: Any, code: str, **values: Any) -> None:
    for title, value in {"本月完成投资": 1000, "形象进度": f"{code[-3:]}号桩基完成", **values}.items():
        cell(sheet, code, title).value = value


def send(client: Client, book: Any) -> Any:
    file = io.BytesIO()
    book.save(file)
    return client.post(f"{MONTH}upload", {"file": SimpleUploadedFile("九月.xlsx", file.getvalue())})


def saved() -> dict[str, tuple[int | None, int | None, str]]:
    rows = Report.objects.filter(period="2023-09")
    return {row.project.code: (row.invested_month, row.invested_ytd, row.own) for row in rows}


@pytest.mark.django_db
def test_the_workbook_has_the_plan_locked_beside_the_open_fields_and_comes_back_exact(cast: Cast) -> None:
    client = browser(cast.company)
    book = downloaded(client)
    sheet = book.worksheets[0]
    assert sheet.protection.sheet
    beside = [
        cell(sheet, PORT, title) for title in ("项目代码", "年度计划", "本月计划", "累计计划", "上月累计完成")
    ]
    assert [one.value for one in beside] == [PORT, 12_000, 1_000, 9_000, 8_000]
    assert all(one.protection.locked for one in beside)
    assert not cell(sheet, PORT, "本月完成投资").protection.locked
    assert cell(sheet, PORT, "实际开工日期").value.date() == date(2022, 5, 20)
    lists = {one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert lists == {'"是,否"'}
    fill(sheet, PORT, 本月完成投资=1234.567891, 现场人数=85, 本月支付=0.000001)
    fill(sheet, PLANT)
    assert send(client, book).status_code == 302
    assert saved() == {
        PORT: (1_234_567_891, 8_000 * WAN + 1_234_567_891, '{"crew":85,"paid_now":1}'),
        PLANT: (1_000 * WAN, 8_000 * WAN, "{}"),
    }


@pytest.mark.django_db
def test_a_refused_cell_comes_back_marked_and_commented_and_nothing_is_saved(cast: Cast) -> None:
    client = browser(cast.company)
    book = downloaded(client)
    sheet = book.worksheets[0]
    fill(sheet, PORT, 现场人数="很多", 形象进度完成比例=140)
    fill(sheet, PLANT)
    answer = send(client, book)
    assert answer.status_code == 422
    assert saved() == {}
    said = answer.content.decode()
    assert "什么也没有存" in said
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", said)
    assert found
    back = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[1]))).worksheets[0]
    bad = cell(back, PORT, "现场人数")
    assert "填的是“很多”，应为整数" in bad.comment.text
    assert bad.fill.fgColor.rgb == "FFF3C6C2"
    assert cell(back, PORT, "形象进度完成比例").comment is not None
    assert cell(back, PLANT, "本月完成投资").comment is None
    assert cell(back, PLANT, "本月完成投资").value == 1000


@pytest.mark.django_db
def test_a_suspicious_cell_is_marked_in_the_importer_s_words_and_the_drafts_are_saved(cast: Cast) -> None:
    client = browser(cast.company)
    book = downloaded(client)
    fill(book.worksheets[0], PORT, 实际竣工日期="2022-01-01")
    answer = send(client, book)
    assert answer.status_code == 200
    assert "实际竣工 2022年1月1日早于实际开工 2022年5月20日" in answer.content.decode()
    assert list(saved()) == [PORT]


@pytest.mark.django_db
def test_rows_of_others_locked_rows_and_rows_changed_on_the_site_meanwhile_are_refused(cast: Cast) -> None:
    client = browser(cast.company)
    book = downloaded(client)
    sheet = book.worksheets[0]
    fill(sheet, PORT)
    fill(sheet, PLANT)
    draft(cast, edition=0, invested_month=5 * WAN)
    cell(sheet, PLANT, "项目代码").value = "2023-130902-83-01-000002"
    answer = send(client, book)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "网上的草稿又改过" in said
    assert "这个项目不由您填报" in said
    assert saved()[PORT][0] == 5 * WAN


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_form_is_refused_in_words(cast: Cast, content: bytes) -> None:
    file = SimpleUploadedFile("九月.xlsx", content)
    answer = browser(cast.company).post(f"{MONTH}upload", {"file": file}, follow=True)
    said = answer.content.decode()
    assert "alert-error" in said
    assert "九月.xlsx" in said or "应为这里下载的 .xlsx 填报表" in said


@pytest.mark.django_db
def test_those_who_do_not_fill_in_get_no_workbook_and_no_table(cast: Cast) -> None:
    for who in ("signer", "county", "department", "office", "reader"):
        client = browser(cast.account(who))
        assert client.get(f"{MONTH}form.xlsx").status_code == 403
        assert client.get(f"{MONTH}grid/").status_code == 403
        assert client.post(f"{MONTH}upload").status_code == 403


def grid(client: Client, **typed: str) -> dict[str, str]:
    """What the table would send, with some cells typed: `port_invested_month="5"`."""
    source = client.get(f"{MONTH}grid/").content.decode()
    sent = {
        name: value
        for tag in re.findall(r"<input[^>]*>", source)
        if (found := re.search(r'name="(g[^"]+)"', tag))
        for name, value in [(found[1], (re.search(r'value="([^"]*)"', tag) or ["", ""])[1])]
    }
    for name in re.findall(r'<select name="(g[^"]+)"', source):
        sent[name] = "是"
    ids = {"port": project(PORT).pk, "plant": project(PLANT).pk}
    return sent | {
        f"g{ids[key.partition('_')[0]]}.{key.partition('_')[2]}": value for key, value in typed.items()
    }


@pytest.mark.django_db
def test_the_table_saves_the_rows_that_were_changed(cast: Cast) -> None:
    client = browser(cast.company)
    sent = grid(client, port_invested_month="1,200.5", port_progress="桩基完成", port_crew="85")
    assert client.post(f"{MONTH}grid/", sent).status_code == 302
    assert saved() == {PORT: (1_200_500_000, 9_200_500_000, '{"crew":85}')}


@pytest.mark.django_db
def test_one_bad_cell_of_the_table_and_nothing_is_saved_and_all_that_was_typed_is_kept(cast: Cast) -> None:
    client = browser(cast.company)
    sent = grid(client, port_invested_month="1200", plant_invested_month="一千")
    answer = client.post(f"{MONTH}grid/", sent)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "西原包装材料厂项目：“本月完成投资”填的是“一千”" in said
    assert 'value="1200"' in said
    assert 'value="一千"' in said
    assert saved() == {}


@pytest.mark.django_db
def test_a_row_that_another_saved_meanwhile_is_not_overwritten_by_the_table(cast: Cast) -> None:
    client = browser(cast.company)
    sent = grid(client, port_invested_month="1200")
    draft(cast, edition=0, invested_month=700 * WAN)
    answer = client.post(f"{MONTH}grid/", sent)
    assert answer.status_code == 422
    assert "陆听松 刚存过这一行" in answer.content.decode()
    assert saved()[PORT][0] == 700 * WAN


@pytest.mark.django_db
def test_an_own_field_stands_on_the_form_the_table_and_the_project_s_page(cast: Cast) -> None:
    assert 'name="f.crew"' in browser(cast.reporter).get(f"{MONTH}{PORT}/").content.decode()
    client = browser(cast.company)
    client.post(f"{MONTH}grid/", grid(client, port_invested_month="1000", port_progress="桩", port_crew="85"))
    Report.objects.filter(period="2023-09").update(state="signed", signed_on=DAY, known_from=DAY)
    said = browser(cast.county).get(f"{MONTH}{PORT}/").content.decode()
    assert re.search(r"现场人数.*?85 人", said, re.DOTALL)


@pytest.mark.django_db
def test_an_own_field_is_a_column_of_the_ledger_s_workbook_exactly_as_it_was_typed(cast: Cast) -> None:
    client = browser(cast.company)
    typed = {
        "port_invested_month": "1000",
        "port_progress": "桩",
        "port_crew": "85",
        "port_paid_now": "0.000001",
    }
    client.post(f"{MONTH}grid/", grid(client, **typed))
    Report.objects.filter(period="2023-09").update(state="signed", signed_on=DAY, known_from=DAY)
    judge_month(Period(2023, 9), DAY, cast.office)
    answer: Any = browser(cast.county).get("/projects/export.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    head = [str(one.value).partition("\n")[0] for one in sheet[3]]
    row = [one.value for one in sheet[4]]
    assert (row[head.index("现场人数")], row[head.index("本月支付")]) == (85, 0.000001)


def asked(account: Account) -> list[tuple[str, str]]:
    return [(one.title, one.text) for one in asked_of(fresh(account))]


@pytest.mark.django_db
def test_the_list_asks_each_for_the_work_that_waits_for_him(cast: Cast) -> None:
    assert ("填报 9 月月报", "还有 1 个项目未提交") in asked(cast.reporter)
    brought_to(cast, "submitted")
    assert ("9 月月报待签发", "1 份") in asked(cast.signer)
    assert asked(cast.county) == []
    Report.objects.filter(period="2023-09").update(state="signed")
    assert asked(cast.county) == [("9 月月报待审核", "1 份")]
    assert asked(cast.other_county) == []
    Report.objects.filter(period="2023-09").update(state="checked")
    assert ("9 月月报待采用", "1 份") in asked(cast.office)
    Report.objects.filter(period="2023-09").update(state="returned")
    assert ("沧城港扩建项目", "9 月月报被退回，请改正后重报") in asked(cast.reporter)
    assert ("9 月退回的月报还没有重报", "1 份") in asked(cast.signer)
    assert asked(cast.reader) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "place"),
    [("reporter", "/todo/"), ("signer", "/todo/"), ("county", "/todo/"), ("department", "/todo/"),
     ("office", "/"), ("reader", "/")],
)  # fmt: skip
def test_the_day_begins_with_the_list_for_those_who_have_work_in_it(cast: Cast, who: str, place: str) -> None:
    assert settings.LOGIN_REDIRECT_URL == "home"
    assert browser(cast.account(who)).get("/home/").headers["Location"] == place
