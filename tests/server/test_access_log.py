"""Who opened, changed or took away what is noted, at no cost to the page, and nobody edits it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guatu.server.access import actions
from guatu.server.access.actions import Pen, pen, prune
from guatu.server.access.models import Access
from guatu.server.accounts.actions import open_account
from guatu.server.accounts.models import Account
from guatu.server.clock import now, today
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from tests.cast import PORT, Cast

PASSWORD = "一个不短的密码2023"


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    pen._waiting.clear()
    yield
    pen._waiting.clear()


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def noted() -> list[tuple[str, str, str, int]]:
    """What the log holds: account, kind, page, status."""
    pen.flush()
    return list(Access.objects.order_by("id").values_list("account", "kind", "page", "status"))


def row(moment: datetime, account: str = "office") -> Access:
    return Access(
        time=moment,
        account=account,
        address="10.0.0.1",
        kind="read",
        page="ledger",
        path="/projects/",
        status=200,
    )


@pytest.mark.django_db
def test_reading_exporting_and_changing_are_told_apart(cast: Cast) -> None:
    client = client_of(cast.office)
    client.get("/projects/?q=x")
    client.get("/projects/export.xlsx")
    client.post("/projects/columns", {"column": "name"})
    client.get("/projects/none/")
    assert noted() == [
        ("office", "read", "ledger", 200),
        ("office", "export", "ledger-export", 200),
        ("office", "change", "ledger-columns", 302),
        ("office", "read", "project", 404),
    ]
    assert Access.objects.order_by("id")[0].path == "/projects/?q=x"
    assert Access.objects.order_by("id")[0].name == "文若水"


@pytest.mark.django_db
def test_sign_ins_that_fail_and_succeed_are_noted_and_so_is_leaving(cast: Cast) -> None:
    open_account(actor=None, username="wen", password=PASSWORD, person=cast.office.person)
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": "wen", "password": "不是它"})
    client.post("/sign-in/", {"username": "wen", "password": PASSWORD})
    client.post("/sign-out/")
    assert noted() == [
        ("wen", "failed", "sign-in", 200),
        ("wen", "sign_in", "sign-in", 302),
        ("wen", "sign_out", "sign-out", 302),
    ]
    assert set(Access.objects.values_list("address", flat=True)) == {"10.1.2.3"}


@pytest.mark.django_db
def test_who_is_not_signed_in_and_reads_is_not_noted(db: None) -> None:
    Client().get("/sign-in/")
    Client().get("/projects/")
    assert noted() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("https", "address"), [(True, "203.0.113.9"), (False, "127.0.0.1")])
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    cast: Cast, https: bool, address: str
) -> None:
    client = client_of(cast.office)
    with override_settings(HTTPS=https):
        client.get("/projects/", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
    pen.flush()
    assert Access.objects.get().address == address


@pytest.mark.django_db
def test_noting_costs_a_page_no_query(cast: Cast) -> None:
    client = client_of(cast.office)
    client.get("/projects/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/projects/")
    assert not [query for query in asked if "access_access" in query["sql"]]
    with CaptureQueriesContext(connection) as written:
        pen.flush()
    assert len([query for query in written if "INSERT" in query["sql"]]) == 1, "one insert for all that waits"


@pytest.mark.django_db
def test_a_fault_in_the_noting_does_not_spoil_the_answer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_row: Access) -> None:
        raise RuntimeError

    monkeypatch.setattr(pen, "note", broken)
    assert client_of(cast.office).get("/projects/").status_code == 200


@pytest.mark.django_db
def test_what_the_database_refuses_waits_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Pen()
    own.note(row(now()))
    with monkeypatch.context() as patched:
        patched.setattr(Access.objects, "bulk_create", lambda *_rows, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            own.flush()
    assert own.flush() == 1
    assert own.flush() == 0


@pytest.mark.django_db
def test_more_than_can_wait_is_counted_and_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    for _number in range(5):
        pen.note(row(now()))
    pen.flush()
    assert list(Access.objects.order_by("id").values_list("kind", "path")) == [
        ("read", "/projects/"),
        ("read", "/projects/"),
        ("lost", "3"),
    ]
    assert "有 3 次访问没有记下" in client_of(cast.audit).get("/access-log/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE access_access SET account = 'x'", "DELETE FROM access_access"])
def test_the_database_itself_refuses_to_change_or_delete_what_is_young(statement: str) -> None:
    row(timezone.now()).save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Access.objects.count() == 1


@pytest.mark.django_db
def test_what_is_beyond_its_term_is_deleted_and_the_record_says_so() -> None:
    with override_settings(GUATU_ACCESS_DAYS=200):
        for days in (199, 200, 202, 900):
            row(now() - timedelta(days=days)).save()
        assert prune(today()) == 2
        assert prune(today()) == 0
    entry = Entry.objects.get(action="access.pruned")
    assert '"rows":2' in entry.after
    assert verify().whole


@pytest.mark.django_db
def test_the_log_is_for_the_audit_administrator_alone(cast: Cast) -> None:
    for name in ("office", "county", "reader", "system", "security", "stranger"):
        assert client_of(cast.account(name)).get("/access-log/").status_code == 403, name
    assert client_of(cast.audit).get("/access-log/").status_code == 200
    assert client_of(cast.audit).post("/access-log/").status_code == 405


@pytest.mark.django_db
def test_the_log_is_found_by_person_kind_address_and_day(cast: Cast) -> None:
    client_of(cast.office).get(f"/projects/{PORT}/")
    client_of(cast.county).get("/projects/export.xlsx")
    pen.flush()
    audit = client_of(cast.audit)

    def rows(**query: str) -> str:
        return str(audit.get("/access-log/", query).content.decode()).split("<tbody>")[-1]

    assert "文若水" in rows(account="文若水") and "东方既白" not in rows(account="文若水")
    assert "导出项目台账" in rows(kind="export") and "文若水" not in rows(kind="export")
    assert "文若水" in rows(address="127.0.0.1", since=today().isoformat(), until=today().isoformat())
    assert "没有找到访问记录" in rows(address="10.9.9.9")


@pytest.mark.django_db
def test_pages_of_the_log_lead_on_without_gap_or_repeat(cast: Cast) -> None:
    moment = now()
    Access.objects.bulk_create(
        [row(moment - timedelta(seconds=number // 3), f"person{number}") for number in range(150)]
    )
    audit = client_of(cast.audit)
    first = audit.get("/access-log/")
    second = audit.get("/access-log/" + first.context["next"])
    seen = [one["access"].account for page in (first, second) for one in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 150
    assert second.context["next"] == ""


def test_a_term_of_less_than_half_a_year_is_refused_at_the_start() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "guatu.cli", "migrate"],
        env={**os.environ, "GUATU_ACCESS_DAYS": "179"},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert "GUATU_ACCESS_DAYS" in said.stderr and "至少 180" in said.stderr
