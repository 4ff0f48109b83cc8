"""The record as pages: who may see it, what is found, how many queries it takes, what stays hidden."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from guatu.record.export import verify_file
from guatu.server.accounts.models import Account
from guatu.server.clock import today
from guatu.server.record import triggers
from guatu.server.record.actions import append, delete_due_personal
from guatu.server.record.models import Entry, PersonalValue
from guatu.server.record.queries import verify
from guatu.server.reporting.actions import import_reports
from tests.cast import LEDGER_DAY, PORT, SCHOOL, Cast, report

PHONE = "13912345678"


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(account: Account, address: str = "/record/", **query: str) -> str:
    response = client_of(account).get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def sequences(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="entry-(\d+)"', page)]


def write(actor: Account | None = None, **given: object) -> Entry:
    with transaction.atomic():
        return append(
            actor=actor,
            action="plan.changed",
            subject_kind="project",
            **{"subject_id": PORT, "after": {"year": 2023}, **given},  # type: ignore[arg-type]
        )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/record/", "/record/export.jsonl", "/record/export.xlsx"])
def test_the_record_is_for_the_audit_administrator_alone(cast: Cast, address: str) -> None:
    for name in ("office", "county", "reader", "system", "security", "stranger"):
        assert client_of(cast.account(name)).get(address).status_code == 403, name
    assert client_of(cast.audit).get(address).status_code == 200
    assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_an_entry_is_told_in_words_before_and_after(cast: Cast) -> None:
    write(
        cast.office,
        before={"amount": 500_000_000},
        after={"amount": 650_000_000},
        reason="征地延后",
    )
    page = read(cast.audit)
    for words in (
        "文若水",
        "综合科科长",
        "调整年度计划",
        "<del>500万元</del>",
        "<ins>650万元</ins>",
        "理由：征地延后",
        "相接",
    ):
        assert words in page
    assert '{"' not in page.split("<main")[1], "no JSON reaches the page"


@pytest.mark.django_db
def test_filters_by_person_action_subject_and_day_find_what_is_meant(cast: Cast) -> None:
    mine = write(cast.office)
    other = write(None, subject_id=SCHOOL)
    assert sequences(read(cast.audit, actor="文若水")) == [mine.sequence]
    assert sequences(read(cast.audit, actor="office")) == [mine.sequence]
    assert sequences(read(cast.audit, action="plan.changed")) == [other.sequence, mine.sequence]
    assert sequences(read(cast.audit, kind="project", subject=SCHOOL)) == [other.sequence]
    day = today().isoformat()
    assert mine.sequence in sequences(read(cast.audit, since=day, until=day))
    assert sequences(read(cast.audit, until=(today() - timedelta(days=1)).isoformat())) == []
    assert "没有找到留痕" in read(cast.audit, actor="没有这个人")
    assert 'rel="next"' not in read(cast.audit, actor="文若水"), "there are no earlier ones"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "昨天"}, "应写日期"),
        ({"action": "nonsense"}, "请从列表里选"),
        ({"since": "2023-10-13", "until": "2023-10-12"}, "不能早于起始日"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_beside_its_field(
    cast: Cast, query: dict[str, str], words: str
) -> None:
    page = read(cast.audit, **query)
    assert words in page
    assert "昨天" not in page, "a browser refuses to show what is no day in such a field"


@pytest.mark.django_db
def test_pages_lead_through_the_whole_record_without_gap_or_repeat(cast: Cast) -> None:
    for _number in range(120):
        write()
    seen: list[int] = []
    address = "/record/"
    while address:
        page = read(cast.audit, address)
        seen += sequences(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/record/" + found[1].replace("&amp;", "&") if found else ""
    assert seen == list(range(Entry.objects.count(), 0, -1))


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "1", "1.x", "-1.-1", "9" * 18 + "." + "9" * 17])
def test_a_place_that_is_none_begins_at_the_newest_or_ends_the_list(cast: Cast, after: str) -> None:
    assert client_of(cast.audit).get("/record/", {"after": after}).status_code == 200


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_record(cast: Cast) -> None:
    client = client_of(cast.audit)
    client.get("/record/")
    with CaptureQueriesContext(connection) as few:
        client.get("/record/")
    for _number in range(60):
        write(reason=f"请致电{PHONE}")
    with CaptureQueriesContext(connection) as many:
        client.get("/record/")
    assert len(many) <= len(few) + 1, "one more, because there are personal values"
    assert len(many) <= 12


@pytest.mark.django_db
def test_an_entry_that_was_tampered_with_is_marked_and_so_is_the_one_after_a_gap(cast: Cast) -> None:
    entries = [write() for _number in range(3)]
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_entry SET reason = '改过' WHERE sequence = %s", [entries[1].sequence])
    page = read(cast.audit)
    broken = [
        int(row) for row in re.findall(r'id="entry-(\d+)"(?:(?!</li>).)*entry-broken', page, flags=re.DOTALL)
    ]
    assert broken == [entries[1].sequence]


@pytest.mark.django_db
def test_personal_values_lie_beside_the_chain_and_are_hidden_from_the_audit_administrator(cast: Cast) -> None:
    entry = write(cast.office, reason=f"请致电{PHONE}")
    assert PHONE not in entry.reason
    assert PersonalValue.objects.get(entry=entry).value == PHONE
    page = read(cast.audit)
    assert PHONE not in page and "hmac" not in page
    assert "请致电〔个人信息，不显示〕" in page


@pytest.mark.django_db
def test_the_record_of_a_project_shows_its_personal_values_only_to_who_may_see_telephones(cast: Cast) -> None:
    write(cast.office, reason=f"请致电{PHONE}")
    address = f"/projects/{PORT}/record/"
    assert PHONE in read(cast.county, address)
    assert PHONE not in read(cast.reader, address)


@pytest.mark.django_db
def test_a_personal_value_is_deleted_on_its_day_and_the_chain_stays_whole(cast: Cast) -> None:
    entry = write(cast.office, reason=f"请致电{PHONE}")
    kept = PersonalValue.objects.get(entry=entry)
    assert delete_due_personal(kept.delete_after) == 0, "its last day is not over"
    assert delete_due_personal(kept.delete_after + timedelta(days=1)) == 1
    assert delete_due_personal(kept.delete_after + timedelta(days=1)) == 0
    kept.refresh_from_db()
    assert (kept.value, kept.deleted_on) == ("", kept.delete_after + timedelta(days=1))
    assert verify().whole
    assert "请致电〔已按期删除〕" in read(cast.audit)
    assert "请致电〔已按期删除〕" in read(cast.county, f"/projects/{PORT}/record/")
    assert Entry.objects.filter(action="personal.deleted").count() == 1


@pytest.mark.django_db
def test_the_record_of_a_project_holds_what_changed_it_and_a_stranger_gets_404(cast: Cast) -> None:
    import_reports([report(PORT, 1, 900)], actor=cast.office, day=LEDGER_DAY)
    own = write(cast.office)
    elsewhere = write(cast.office, subject_id=SCHOOL)
    page = read(cast.reporter, f"/projects/{PORT}/record/")
    assert own.sequence in sequences(page) and elsewhere.sequence not in sequences(page)
    for words in ("导入台账", "导入月报", "调整年度计划"):
        assert words in page
    assert client_of(cast.other_county).get(f"/projects/{PORT}/record/").status_code == 404
    assert client_of(cast.audit).get(f"/projects/{PORT}/record/").status_code == 403, "not his business"


@pytest.mark.django_db
def test_the_page_of_a_project_fetches_its_newest_entries_alone(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(9):
        write(cast.office)
    client = client_of(cast.office)
    address = f"/projects/{PORT}/record/"
    client.get(address, headers={"HX-Request": "true"})  # what a process asks once is known from here on
    with django_assert_max_num_queries(9):
        page = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert len(sequences(page)) == 5 and "<html" not in page and "全部留痕" in page


@pytest.mark.django_db
def test_the_exported_record_is_proved_without_the_database(cast: Cast, tmp_path: Path) -> None:
    write(cast.office, reason=f"请致电{PHONE}，=HYPERLINK(1)")
    response = client_of(cast.audit).get("/record/export.jsonl")
    path = tmp_path / "record.jsonl"
    path.write_bytes(b"".join(response))
    found = verify_file(path)
    assert (found.whole, found.entries, found.hash) == (True, verify().entries, verify().hash)
    assert PHONE not in path.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_workbook_holds_what_was_asked_for_as_text(cast: Cast) -> None:
    write(cast.office, reason="=1+1")
    write(None)
    response = client_of(cast.audit).get("/record/export.xlsx", {"actor": "office"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response)))
    rows = list(sheet.active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][7] == "=1+1" and sheet.active.cell(2, 8).data_type == "s"
