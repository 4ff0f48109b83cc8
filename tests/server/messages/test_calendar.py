"""The private address of a calendar: made, renewed, withdrawn; what it shows and to whom; its secret is kept nowhere."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from icalendar import Calendar

from guatu.server.access.actions import pen
from guatu.server.access.models import Access
from guatu.server.accounts.models import Account, Role
from guatu.server.messages.actions import make_calendar_address
from guatu.server.messages.models import CalendarAddress
from guatu.server.record.models import Entry
from guatu.server.reporting.actions import import_reports
from tests.cast import PORT, Cast, report
from tests.server.reporting.work import brought_to


@pytest.fixture(autouse=True)
def october(settings: object, cast: Cast) -> None:
    settings.GUATU_TODAY = date(2023, 10, 5)  # type: ignore[attr-defined]
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=date(2023, 10, 5))


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address_on(page: str) -> str:
    found = re.search(r"http://testserver(/calendar/[\w-]{40,}\.ics)</textarea>", page)
    assert found
    return found[1]


def read(address: str, status: int = 200) -> Calendar:
    answer = Client().get(address)
    assert answer.status_code == status
    return Calendar.from_ical(answer.content) if status == 200 else Calendar()


def titles(calendar: Calendar, kind: str) -> list[str]:
    return [str(part["summary"]) for part in calendar.walk(kind)]


@pytest.mark.django_db
def test_the_address_is_shown_once_and_read_without_a_session(cast: Cast) -> None:
    client = browser(cast.reporter)
    address = address_on(client.post("/reminders/calendar/").content.decode())
    assert address not in client.get("/reminders/").content.decode()
    calendar = read(address)
    assert "填报 9 月月报" in titles(calendar, "VTODO")
    assert "月报截止：2023年9月" in titles(calendar, "VEVENT")
    assert "最近读取" in client.get("/reminders/").content.decode()


@pytest.mark.django_db
def test_a_signer_finds_what_waits_for_the_signature(cast: Cast) -> None:
    brought_to(cast, "submitted")
    calendar = read(f"/calendar/{make_calendar_address(actor=cast.signer)}.ics")
    assert titles(calendar, "VTODO") == ["9 月月报待签发"]
    assert str(calendar["x-wr-timezone"]) == "Asia/Shanghai"


@pytest.mark.django_db
def test_renewed_or_withdrawn_the_old_address_is_gone(cast: Cast) -> None:
    client = browser(cast.reporter)
    first = address_on(client.post("/reminders/calendar/").content.decode())
    second = address_on(client.post("/reminders/calendar/").content.decode())
    read(first, 404)
    read(second)
    client.post("/reminders/calendar/withdraw/")
    read(second, 404)
    told = Entry.objects.filter(action__startswith="calendar.").order_by("sequence")
    assert [entry.action for entry in told] == ["calendar.made", "calendar.renewed", "calendar.withdrawn"]
    client.post("/reminders/calendar/withdraw/")
    assert told.count() == 3, "nothing was there to withdraw"


@pytest.mark.django_db
def test_the_secret_is_in_no_row_of_the_database(cast: Cast) -> None:
    secret = make_calendar_address(actor=cast.reporter)
    read(f"/calendar/{secret}.ics")
    pen.flush()
    rows = [*CalendarAddress.objects.values(), *Entry.objects.values(), *Access.objects.values()]
    assert not [row for row in rows if secret in str(row)]


@pytest.mark.django_db
def test_every_reading_is_in_the_access_log_under_the_persons_name(cast: Cast) -> None:
    pen.flush()  # what other tests have left to be written
    last = Access.objects.order_by("id").values_list("id", flat=True).last() or 0
    read(f"/calendar/{make_calendar_address(actor=cast.reporter)}.ics")
    read("/calendar/guessed.ics", 404)
    pen.flush()
    kept = (
        Access.objects.filter(page="calendar-feed", id__gt=last)
        .order_by("id")
        .values_list("account", "kind", "path", "status")
    )
    assert list(kept) == [
        (cast.reporter.username, "export", "/calendar/….ics", 200),
        ("", "read", "/calendar/….ics", 404),
    ]


@pytest.mark.django_db
def test_a_closed_account_and_an_administrator_have_no_calendar(cast: Cast) -> None:
    secret = make_calendar_address(actor=cast.reporter)
    Account.objects.filter(pk=cast.reporter.pk).update(is_active=False)
    read(f"/calendar/{secret}.ics", 404)

    secret = make_calendar_address(actor=cast.signer)
    held = cast.signer.person.appointments.get()
    held.post.role = Role.AUDIT
    held.post.save()
    read(f"/calendar/{secret}.ics", 404)


@pytest.mark.django_db
def test_nobody_finds_the_due_days_or_projects_of_others(cast: Cast) -> None:
    calendar = read(f"/calendar/{make_calendar_address(actor=cast.stranger)}.ics")
    assert calendar.subcomponents == []


@pytest.mark.django_db
def test_the_download_is_the_same_calendar_as_a_file(cast: Cast) -> None:
    answer = browser(cast.reporter).get("/reminders/calendar.ics")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "填报 9 月月报" in titles(Calendar.from_ical(answer.content), "VTODO")
