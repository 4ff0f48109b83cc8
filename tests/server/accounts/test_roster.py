"""Accounts in bulk: previewed by row and column, done all or nothing, initial passwords shown once."""

from __future__ import annotations

import io
import json
import re
from datetime import date

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.server.accounts.bulk import open_in_bulk, plan
from guatu.server.accounts.models import Account, Appointment, Organisation, Person, Post, Role
from guatu.server.accounts.roster import Roster, read_roster, template
from guatu.server.record.models import Entry
from guatu.workbooks.sheets import WorkbookError
from tests.cast import Cast, fresh

HEADS = ["单位", "单位类别", "辖区", "姓名", "区分", "职务", "角色", "任职日", "联系电话", "账号"]
NEW = [
    "东岭县水务局",
    "责任单位",
    "东岭县",
    "沈听泉",
    "",
    "填报员",
    "填报单位",
    "2023-05-01",
    "13900001111",
    "shentingquan",
]
KNOWN = [
    "东岭县政府",
    "",
    "",
    "东方既白",
    "东岭县政府",
    "县重点办主任",
    "县（市、区）",
    "2023-01-01",
    "",
    "county",
]
DAY = date(2023, 10, 13)


def workbook(*lines: list[str], heads: list[str] = HEADS, above: int = 0) -> bytes:
    """A roster as bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("名单")
    for row, line in enumerate([heads, *lines], start=above):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)
    book.close()
    return file.getvalue()


def read(*lines: list[str]) -> Roster:
    return read_roster("名单.xlsx", workbook(*lines))


def changed(line: list[str], **cells: str) -> list[str]:
    """The line with other cells."""
    names = dict(zip(HEADS, range(len(HEADS)), strict=True))
    words = {
        "organisation": "单位",
        "kind": "单位类别",
        "region": "辖区",
        "person": "姓名",
        "title": "职务",
        "role": "角色",
        "day": "任职日",
        "username": "账号",
    }
    copy = list(line)
    for name, value in cells.items():
        copy[names[words[name]]] = value
    return copy


@pytest.mark.django_db
def test_a_preview_says_what_each_line_would_do_and_writes_nothing(cast: Cast) -> None:
    before = (Account.objects.count(), Person.objects.count(), Organisation.objects.count())
    roster = read(NEW, KNOWN)
    steps = plan(roster)
    assert roster.faults == []
    assert [step.does for step in steps] == [
        ["新设单位", "新增人员", "新设职务，申请角色“填报单位”", "任职", "登记电话", "开账号"],
        [],
    ]
    assert (Account.objects.count(), Person.objects.count(), Organisation.objects.count()) == before


@pytest.mark.django_db
def test_a_confirmed_roster_is_there_and_gives_no_right_before_it_is_given(cast: Cast) -> None:
    opened = open_in_bulk(actor=cast.system, roster=read(NEW, KNOWN), today=DAY)
    assert [one.username for one in opened] == ["shentingquan"]
    account = Account.objects.get(username="shentingquan")
    assert account.must_change and account.check_password(opened[0].password)
    assert account.person.phone == "13900001111"
    post = Post.objects.get(title="填报员", organisation__name="东岭县水务局")
    assert (post.role, post.asked) == ("", Role.REPORTER)
    assert post.organisation.region and post.organisation.region.name == "东岭县"
    assert Appointment.objects.get(person=account.person).valid_from == date(2023, 5, 1)
    told = "".join(entry.after for entry in Entry.objects.all())
    assert opened[0].password not in told and "13900001111" not in told
    last = Entry.objects.latest("sequence")
    assert (last.action, last.actor) == ("roster.taken_over", "system")
    assert json.loads(last.after)["accounts"] == ["shentingquan"]


@pytest.mark.django_db
def test_the_same_roster_a_second_time_changes_nothing(cast: Cast) -> None:
    open_in_bulk(actor=cast.system, roster=read(NEW), today=DAY)
    roster = read(NEW)
    assert [step.does for step in plan(roster)] == [[]] and roster.faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "letter", "message"),
    [
        ({"person": ""}, "D", "没有填"),
        ({"day": "去年"}, "H", "不是日期"),
        ({"role": "局长"}, "G", "没有角色"),
        ({"kind": ""}, "B", "要填单位类别"),
        ({"region": "无此县"}, "C", "没有叫“无此县”的辖区"),
        ({"username": "office"}, "J", "已是文若水的"),
        ({"username": "a b/"}, "J", "不能作账号"),
        ({"organisation": "东岭县政府", "title": "县重点办主任"}, "G", "一个职务只有一个角色"),
        ({"title": "长" * 121}, "F", "太长"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    cast: Cast, cells: dict[str, str], letter: str, message: str
) -> None:
    roster = read(KNOWN, changed(NEW, **cells))
    plan(roster)
    assert [(fault.row, fault.letter) for fault in roster.faults] == [(3, letter)]
    assert message in roster.faults[0].message


@pytest.mark.django_db
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_saved(cast: Cast) -> None:
    roster = read(NEW, changed(NEW, role="局长", username="office", day=""))
    plan(roster)
    assert len(roster.faults) == 3
    with pytest.raises(ValidationError, match="第3行"):
        open_in_bulk(actor=cast.system, roster=read(NEW, changed(NEW, role="局长")), today=DAY)
    assert not Person.objects.filter(name="沈听泉").exists()


@pytest.mark.django_db
def test_one_person_cannot_be_two_administrators_by_a_roster(cast: Cast) -> None:
    roster = read(
        changed(NEW, role="系统管理员", title="系统员"),
        changed(NEW, role="审计管理员", title="审计员", username=""),
    )
    plan(roster)
    assert [(fault.row, fault.letter) for fault in roster.faults] == [(3, "G")]
    roster = read([*KNOWN[:5], "审计员", "审计管理员", "2023-06-01", "", ""])
    plan(roster)
    assert "三员互斥" in roster.faults[0].message


@pytest.mark.django_db
def test_only_the_system_administrator_takes_a_roster_over(cast: Cast) -> None:
    for other in (cast.office, cast.security, cast.audit, cast.county):
        with pytest.raises(PermissionDenied):
            open_in_bulk(actor=other, roster=read(NEW), today=DAY)


def test_heads_may_stand_below_a_title_and_a_file_without_them_is_refused() -> None:
    heads = [f"{head}*" for head in HEADS]
    found = read_roster("名单.xlsx", workbook(NEW, heads=heads, above=2))
    assert [line.row for line in found.lines] == [4]
    with pytest.raises(WorkbookError, match="没有表头"):
        read_roster("名单.xlsx", workbook(["甲"], heads=["姓名"]))
    with pytest.raises(WorkbookError, match="不是"):
        read_roster("名单.xlsx", b"<html>not a workbook</html>")


def test_the_template_is_an_empty_roster() -> None:
    with template(DAY) as file:
        assert read_roster("模板.xlsx", file.read()).lines == []


@pytest.mark.django_db
def test_the_pages_lead_from_the_file_to_the_passwords(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.system, backend="django.contrib.auth.backends.ModelBackend")
    upload = SimpleUploadedFile("名单.xlsx", workbook(NEW))
    preview = browser.post("/accounts/roster/", {"file": upload})
    assert preview.status_code == 200
    kept = re.search(r'name="kept" value="([^"]+)"', preview.content.decode())
    assert kept
    done = browser.post("/accounts/roster/confirm/", {"kept": kept[1]})
    password = re.search(r"<code>([^<]+)</code>", done.content.decode())
    assert done.status_code == 200 and password
    assert "no-store" in done.headers["Cache-Control"]
    assert fresh(Account.objects.get(username="shentingquan")).check_password(password[1])


@pytest.mark.django_db
def test_a_preview_is_confirmed_by_whoever_saw_it_and_as_it_was(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.system, backend="django.contrib.auth.backends.ModelBackend")
    preview = browser.post("/accounts/roster/", {"file": SimpleUploadedFile("名单.xlsx", workbook(NEW))})
    kept = re.search(r'name="kept" value="([^"]+)"', preview.content.decode())
    assert kept
    forged = browser.post("/accounts/roster/confirm/", {"kept": "x" + kept[1]})
    assert forged.status_code == 400 and "请重新上传" in forged.content.decode()
    assert not Account.objects.filter(username="shentingquan").exists()


@pytest.mark.django_db
def test_a_refused_roster_cannot_be_confirmed(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.system, backend="django.contrib.auth.backends.ModelBackend")
    refused = browser.post(
        "/accounts/roster/",
        {"file": SimpleUploadedFile("名单.xlsx", workbook(changed(NEW, role="局长")))},
    )
    assert refused.status_code == 400
    assert "G列“角色”" in refused.content.decode()
    assert 'name="kept"' not in refused.content.decode()
