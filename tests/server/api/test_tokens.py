"""Tokens: off until switched on, shown once, kept as a digest, ended by day, by hand and with the account."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from guatu.server.access.actions import pen
from guatu.server.access.models import Access
from guatu.server.accounts.door_actions import close_account
from guatu.server.accounts.models import Account
from guatu.server.api.actions import LONGEST, MOST, make_token
from guatu.server.api.models import Token
from guatu.server.clock import today
from guatu.server.record.models import Entry
from tests.cast import Cast
from tests.server.api.work import Program, program, switch, token, told


@pytest.fixture(autouse=True)
def on(cast: Cast) -> None:
    switch(True)


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_a_token_is_shown_once_and_kept_as_a_digest_alone(cast: Cast) -> None:
    client = browser(cast.county)
    sent = {"name": "县数据平台", "until": (today() + timedelta(days=9)).isoformat()}
    page = client.post("/account/tokens/", sent).content.decode()
    found = re.search(r'id="token-secret"[^>]*>([\w-]{40,})</textarea>', page)
    assert found
    assert found[1] not in client.get("/account/tokens/").content.decode()
    assert found[1] not in str(Token.objects.values()) + str(list(Entry.objects.values("after", "reason")))
    assert Program(found[1]).get("/me")["username"] == cast.county.username
    assert "最近使用" in client.get("/account/tokens/").content.decode()


@pytest.mark.django_db
def test_while_the_switch_is_off_no_token_is_made_and_none_opens_anything(cast: Cast) -> None:
    secret = token(cast.office)
    switch(False)
    assert "没有开" in told(Program(secret).get("/me", 401))
    with pytest.raises(PermissionDenied):
        token(cast.office)
    assert "接口还没有开" in browser(cast.office).get("/account/tokens/").content.decode()


@pytest.mark.django_db
def test_a_token_ends_with_its_day_its_withdrawal_and_its_account(cast: Cast, settings: object) -> None:
    day, by_hand, with_account = (token(cast.office, days=days) for days in (3, 300, 301))
    settings.GUATU_TODAY = today() + timedelta(days=3)  # type: ignore[attr-defined]
    Program(day).get("/me")
    settings.GUATU_TODAY = today() + timedelta(days=1)  # type: ignore[attr-defined]
    Program(day).get("/me", 401)
    withdrawn = Token.objects.get(until=Token.objects.order_by("until")[1].until)
    assert browser(cast.county).post(f"/account/tokens/{withdrawn.pk}/withdraw/").status_code == 404
    assert browser(cast.office).post(f"/account/tokens/{withdrawn.pk}/withdraw/").status_code == 302
    Program(by_hand).get("/me", 401)
    Program(with_account).get("/me")
    close_account(actor=cast.system, account=cast.office, reason="调离")
    Program(with_account).get("/me", 401)


@pytest.mark.django_db
def test_what_is_asked_of_a_token_is_refused_all_at_once(cast: Cast) -> None:
    for until in (today(), today() + LONGEST + timedelta(days=1)):
        with pytest.raises(ValidationError) as refused:
            make_token(actor=cast.office, name=" ", until=until, writes=False)
        assert len(refused.value.messages) == 2
    for _number in range(MOST):
        token(cast.office)
    with pytest.raises(ValidationError, match="最多 10 个"):
        token(cast.office)


@pytest.mark.django_db
def test_an_administrator_has_no_token(cast: Cast) -> None:
    for who in ("system", "security", "audit"):
        with pytest.raises(PermissionDenied):
            token(cast.account(who))
        assert browser(cast.account(who)).get("/account/tokens/").status_code == 403


@pytest.mark.django_db
def test_a_session_does_not_open_the_api(cast: Cast) -> None:
    assert browser(cast.office).get("/api/v1/me").status_code == 401


@pytest.mark.django_db
def test_a_token_that_only_reads_changes_nothing(cast: Cast) -> None:
    reader = program(cast.reporter, writes=False)
    reader.get("/projects")
    refused = reader.put("/reports/2023-09/x", {"edition": 0, "values": {}}, 403)
    assert "只能读" in told(refused)


@pytest.mark.django_db
def test_every_use_of_a_token_is_in_the_access_log_under_its_account(cast: Cast) -> None:
    program(cast.county).get("/projects")
    pen.flush()
    kept = Access.objects.filter(page="api-projects").latest("id")
    assert (kept.account, kept.kind, kept.status) == (cast.county.username, "read", 200)
    assert "Bearer" not in kept.path


@pytest.mark.django_db
def test_making_and_withdrawing_are_in_the_record(cast: Cast) -> None:
    token(cast.office)
    browser(cast.office).post(f"/account/tokens/{Token.objects.get().pk}/withdraw/")
    assert list(Entry.objects.order_by("sequence").values_list("action", flat=True))[-2:] == [
        "token.made",
        "token.withdrawn",
    ]


def test_the_longest_token_lasts_a_year() -> None:
    assert date(2023, 1, 1) + LONGEST >= date(2024, 1, 1)
