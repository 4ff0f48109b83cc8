"""Passwords, the forced change, sessions that end, and accounts that are closed, opened, reset, unlocked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from guatu.server.accounts.actions import open_account
from guatu.server.accounts.door_actions import (
    change_own_password,
    change_sign_in_rules,
    close_account,
    end_session,
    reopen_account,
    reset_password,
    unlock_account,
)
from guatu.server.accounts.models import Account, SignedIn
from guatu.server.accounts.passwords import initial_password
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.clock import now
from guatu.server.record.models import Entry
from tests.cast import Cast, fresh

FIRST = "shan-hai-jing-7"
NEXT = "zhu-shu-ji-nian-8"
RULES = {"min_length": 10, "not_last": 5, "max_age_days": 90, "idle_minutes": 30}


def opened(cast: Cast, *, must_change: bool = False) -> Account:
    return open_account(
        actor=cast.system,
        username="clerk",
        password=FIRST,
        person=cast.county.person,
        must_change=must_change,
    )


def signed_in(username: str = "clerk", password: str = FIRST) -> Client:
    browser = Client()
    answer = browser.post("/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 302
    return browser


@pytest.mark.django_db
def test_an_initial_password_opens_nothing_but_its_own_change(cast: Cast) -> None:
    opened(cast, must_change=True)
    browser = signed_in()
    for address in ("/", "/projects/", "/ranking/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    changed = browser.post("/account/password/", {"old": FIRST, "new": NEXT, "again": NEXT})
    assert changed.status_code == 302
    assert browser.get("/projects/").status_code == 200
    assert Account.objects.get(username="clerk").must_change is False


@pytest.mark.django_db
def test_a_password_that_is_too_old_has_to_be_changed(cast: Cast) -> None:
    account = opened(cast)
    account.password_since = now() - timedelta(days=91)
    account.save()
    assert signed_in().get("/projects/").headers["Location"] == "/account/"
    change_sign_in_rules(actor=cast.security, values=RULES | {"max_age_days": 0}, reason="不限")
    assert signed_in().get("/projects/").status_code == 200


@pytest.mark.django_db
def test_the_last_passwords_are_not_taken_again(cast: Cast) -> None:
    account = opened(cast)
    change_sign_in_rules(actor=cast.security, values=RULES | {"not_last": 2}, reason="试")
    with pytest.raises(ValidationError, match="最近2次"):
        change_own_password(actor=account, password=FIRST)
    change_own_password(actor=account, password=NEXT)
    with pytest.raises(ValidationError, match="最近2次"):
        change_own_password(actor=account, password=FIRST)
    change_own_password(actor=account, password="yi-jing-xi-ci-9")
    change_own_password(actor=account, password=FIRST)
    assert account.check_password(FIRST)


@pytest.mark.django_db
def test_the_length_is_the_one_the_security_administrator_set(cast: Cast) -> None:
    account = opened(cast)
    change_sign_in_rules(actor=cast.security, values=RULES | {"min_length": 20}, reason="加严")
    with pytest.raises(ValidationError, match="至少要有20个字符"):
        change_own_password(actor=account, password=NEXT)
    assert Entry.objects.latest("sequence").action == "sign_in_rules.changed"


@pytest.mark.django_db
def test_rules_need_a_reason_and_the_security_administrator(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="理由"):
        change_sign_in_rules(actor=cast.security, values=RULES | {"min_length": 12}, reason=" ")
    for other in (cast.system, cast.audit, cast.office):
        with pytest.raises(PermissionDenied):
            change_sign_in_rules(actor=other, values=RULES | {"min_length": 12}, reason="试")
    assert sign_in_rules().min_length == 10


@pytest.mark.django_db
def test_a_changed_password_ends_the_other_sign_ins_and_not_this_one(cast: Cast) -> None:
    opened(cast)
    here, there = signed_in(), signed_in()
    assert SignedIn.objects.filter(account__username="clerk").count() == 2
    here.post("/account/password/", {"old": FIRST, "new": NEXT, "again": NEXT})
    assert here.get("/projects/").status_code == 200
    assert there.get("/projects/").status_code == 302
    assert SignedIn.objects.filter(account__username="clerk").count() == 1


@pytest.mark.django_db
def test_one_sees_where_one_is_signed_in_and_ends_it_there(cast: Cast) -> None:
    account = opened(cast)
    here, there = signed_in(), signed_in()
    assert here.session.session_key != there.session.session_key
    other = SignedIn.objects.get(session=there.session.session_key)
    assert here.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/projects/").headers["Location"].startswith("/sign-in/")
    assert here.get("/projects/").status_code == 200
    mine = SignedIn.objects.get(account=account)
    assert signed_in_as(cast.reader).post(f"/account/sessions/{mine.pk}/end/").status_code == 404
    with pytest.raises(PermissionDenied):
        end_session(actor=cast.office, signed_in=mine)
    end_session(actor=cast.security, signed_in=mine)
    assert here.get("/projects/").status_code == 302


def signed_in_as(account: Account) -> Client:
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.django_db
def test_a_session_in_which_nothing_is_done_ends_in_words(cast: Cast) -> None:
    opened(cast)
    browser = signed_in()
    session = browser.session
    session["seen"] = (now() - timedelta(minutes=29)).isoformat()
    session.save()
    assert browser.get("/projects/").status_code == 200
    session = browser.session
    session["seen"] = (now() - timedelta(minutes=31)).isoformat()
    session.save()
    answer = browser.get("/projects/?q=1", follow=True)
    assert answer.redirect_chain[0][0] == "/sign-in/?next=/projects/%3Fq%3D1"
    assert "有一段时间没有操作" in answer.content.decode()
    assert not SignedIn.objects.filter(account__username="clerk").exists()


@pytest.mark.django_db
def test_signing_out_takes_the_session_off_the_list(cast: Cast) -> None:
    opened(cast)
    browser = signed_in()
    browser.post("/sign-out/")
    assert not SignedIn.objects.exists()
    assert browser.get("/projects/").status_code == 302


@pytest.mark.django_db
def test_a_closed_account_is_out_at_once_and_opens_again(cast: Cast) -> None:
    account = opened(cast)
    browser = signed_in()
    close_account(actor=cast.system, account=account, reason="借调")
    assert browser.get("/projects/").status_code == 302
    assert Client().post("/sign-in/", {"username": "clerk", "password": FIRST}).status_code == 200
    reopen_account(actor=cast.system, account=account, reason="回来")
    signed_in()
    assert [entry.action for entry in Entry.objects.order_by("-sequence")[:2]] == [
        "account.reopened",
        "account.closed",
    ]


@pytest.mark.django_db
def test_a_reset_gives_a_password_to_be_changed_and_the_record_does_not_know_it(cast: Cast) -> None:
    account = opened(cast)
    password = reset_password(actor=cast.system, account=account, reason="忘记")
    assert fresh(account).must_change and fresh(account).check_password(password)
    assert password not in "".join(entry.after for entry in Entry.objects.all())
    assert signed_in(password=password).get("/").headers["Location"] == "/account/"


@pytest.mark.django_db
def test_administrators_have_each_others_accounts_in_no_hand(cast: Cast) -> None:
    for other in (cast.security, cast.audit, cast.system):
        with pytest.raises(PermissionDenied):
            reset_password(actor=cast.system, account=other, reason="试")
        with pytest.raises(PermissionDenied):
            close_account(actor=cast.system, account=other, reason="试")
    reset_password(actor=None, account=cast.security, reason="本机")


@pytest.mark.django_db
def test_five_wrong_passwords_lock_and_the_security_administrator_unlocks(cast: Cast) -> None:
    account = opened(cast)
    browser = Client()
    for _ in range(5):
        browser.post("/sign-in/", {"username": "clerk", "password": "wrong"})
    assert browser.post("/sign-in/", {"username": "clerk", "password": FIRST}).status_code in (403, 429)
    with pytest.raises(PermissionDenied):
        unlock_account(actor=cast.system, account=account, reason="试")
    page = signed_in_as(cast.security).get("/accounts/").content.decode()
    assert "已锁定" in page
    unlock_account(actor=cast.security, account=account, reason="本人来电核实")
    assert browser.post("/sign-in/", {"username": "clerk", "password": FIRST}).status_code == 302


def test_an_initial_password_is_long_and_each_is_another() -> None:
    made = {initial_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 19 and not set(one) & set("0o1li") for one in made)
