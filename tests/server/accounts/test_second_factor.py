"""The second step of signing in, and single sign-on: nothing while off, everything once switched on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from guatu.server.accounts.actions import open_account
from guatu.server.accounts.door_actions import PASSWORD_RULES, switch_ways
from guatu.server.accounts.models import Account, SignedIn
from guatu.server.accounts.oidc import Adapter, _account_of
from guatu.server.accounts.second_factor_actions import register_totp, remove_second_factors
from guatu.server.record.models import Entry
from tests.cast import Cast, fresh

PASSWORD = "shan-hai-jing-7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OFF: dict[str, Any] = {
    "totp": False,
    "webauthn": False,
    "oidc": False,
    "oidc_name": "",
    "oidc_issuer": "",
    "oidc_client": "",
    "tokens": False,
}
ISSUER = {"oidc_name": "市统一认证", "oidc_issuer": "https://sso.example.org", "oidc_client": "guatu"}


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture(autouse=True)
def no_code_was_used() -> None:
    """Codes that another test has used are forgotten; what is kept of them is in the tables."""
    cache.clear()


@pytest.fixture
def clerk(cast: Cast) -> Account:
    return open_account(actor=cast.system, username="clerk", password=PASSWORD, person=cast.county.person)


@pytest.fixture
def on(cast: Cast) -> None:
    switch_ways(actor=cast.system, values=OFF | {"totp": True, "webauthn": True}, reason="加强")


def first_step() -> Client:
    browser = Client()
    browser.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    return browser


@pytest.mark.django_db
def test_while_it_is_off_nothing_is_asked_for_and_nothing_can_be_registered(clerk: Account) -> None:
    browser = first_step()
    assert browser.get("/projects/").status_code == 200
    assert browser.get("/account/totp/").status_code == 403
    assert browser.get("/account/key/").status_code == 403
    assert "第二步验证" not in browser.get("/account/").content.decode()
    with pytest.raises(PermissionDenied):
        register_totp(actor=clerk, secret=SECRET, code=code())


@pytest.mark.django_db
def test_only_the_system_administrator_switches_a_way_on_and_it_is_in_the_record(cast: Cast) -> None:
    for other in (cast.security, cast.audit, cast.office):
        with pytest.raises(PermissionDenied):
            switch_ways(actor=other, values=OFF | {"totp": True}, reason="试")
    switch_ways(actor=cast.system, values=OFF | {"totp": True}, reason="加强")
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor, entry.after) == ("sign_in_rules.changed", "system", '{"totp":true}')
    assert not set(PASSWORD_RULES) & OFF.keys()


@pytest.mark.django_db
def test_whoever_has_registered_passes_the_second_step_with_a_code_and_whoever_has_not_needs_none(
    on: None, clerk: Account
) -> None:
    assert first_step().get("/projects/").status_code == 200
    register_totp(actor=clerk, secret=SECRET, code=code())
    browser = first_step()
    assert browser.get("/projects/").status_code == 302, "the password alone opens nothing"
    assert browser.post("/sign-in/second/", {"code": "000000"}).status_code == 400
    assert browser.get("/projects/").status_code == 302
    assert browser.post("/sign-in/second/", {"code": code()}).status_code == 302
    assert browser.get("/projects/").status_code == 200
    assert SignedIn.objects.filter(account=clerk).count() == 2


@pytest.mark.django_db
def test_a_code_counts_once(on: None, clerk: Account) -> None:
    register_totp(actor=clerk, secret=SECRET, code=code())
    shown = code()
    assert first_step().post("/sign-in/second/", {"code": shown}).status_code == 302
    cache.clear()
    assert first_step().post("/sign-in/second/", {"code": shown}).status_code == 400


@pytest.mark.django_db
def test_each_recovery_code_opens_once(on: None, clerk: Account) -> None:
    codes = register_totp(actor=clerk, secret=SECRET, code=code())
    assert len(set(codes)) == 10
    assert first_step().post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    assert first_step().post("/sign-in/second/", {"code": codes[0]}).status_code == 400


@pytest.mark.django_db
def test_the_secret_is_not_readable_in_the_tables_nor_in_the_record(on: None, clerk: Account) -> None:
    codes = register_totp(actor=clerk, secret=SECRET, code=code())
    stored = "".join(str(one.data) for one in Authenticator.objects.all())
    told = "".join(entry.after for entry in Entry.objects.all())
    assert SECRET not in stored + told
    assert not any(one in stored + told for one in codes)


@pytest.mark.django_db
def test_guessing_codes_locks_the_account_like_guessing_passwords(on: None, clerk: Account) -> None:
    register_totp(actor=clerk, secret=SECRET, code=code())
    browser = first_step()
    for _ in range(5):
        browser.post("/sign-in/second/", {"code": "000000"})
    assert browser.post("/sign-in/second/", {"code": code()}).status_code == 429
    assert Client().post("/sign-in/", {"username": "clerk", "password": PASSWORD}).status_code in (403, 429)


@pytest.mark.django_db
def test_the_second_step_cannot_be_reached_without_the_first(on: None, clerk: Account) -> None:
    register_totp(actor=clerk, secret=SECRET, code=code())
    browser = Client()
    answer = browser.post("/sign-in/second/", {"code": code()})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert browser.get("/projects/").status_code == 302


@pytest.mark.django_db
def test_a_wrong_code_registers_nothing(on: None, clerk: Account) -> None:
    with pytest.raises(ValidationError, match="口令不对"):
        register_totp(actor=clerk, secret=SECRET, code="000000")
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_a_lost_phone_is_taken_off_by_the_security_administrator_alone(
    cast: Cast, on: None, clerk: Account
) -> None:
    register_totp(actor=clerk, secret=SECRET, code=code())
    for other in (cast.system, cast.office):
        with pytest.raises(PermissionDenied):
            remove_second_factors(actor=other, account=clerk, reason="试")
    remove_second_factors(actor=cast.security, account=clerk, reason="手机丢失，本人来电核实")
    assert first_step().get("/projects/").status_code == 200


@pytest.mark.django_db
def test_ones_own_second_step_is_given_up_with_the_password(on: None, clerk: Account) -> None:
    browser = first_step()
    register_totp(actor=clerk, secret=SECRET, code=code())
    browser.post("/account/second/remove/", {"password": "wrong"})
    assert Authenticator.objects.exists()
    browser.post("/account/second/remove/", {"password": PASSWORD})
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_the_page_registers_the_app(on: None, clerk: Account) -> None:
    browser = first_step()
    page = browser.get("/account/totp/").content.decode()
    secret = browser.session["totp_secret"]
    assert secret in page and "data:image/svg+xml;base64," in page
    assert "备用码" in browser.post("/account/totp/", {"code": code(secret)}).content.decode()
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


def request() -> HttpRequest:
    made = RequestFactory().get("/")
    client = Client()
    made.session = client.session
    made._messages = SimpleNamespace(add=lambda *said: None)  # type: ignore[attr-defined]
    return made


def named(username: str, uid: str = "u-1") -> Any:
    """What the issuer says of a person."""
    return SimpleNamespace(
        account=SimpleNamespace(uid=uid, extra_data={"userinfo": {"preferred_username": username}})
    )


@pytest.mark.django_db
def test_single_sign_on_is_not_there_while_it_is_off(cast: Cast) -> None:
    assert Client().get("/sign-in/city/go/").status_code == 404
    assert Client().get("/sign-in/city/return/").status_code == 404
    assert Adapter().list_apps(request()) == []
    assert "统一认证" not in Client().get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_once_on_it_is_offered_under_its_name_with_what_was_configured(cast: Cast) -> None:
    switch_ways(actor=cast.system, values=OFF | ISSUER | {"oidc": True}, reason="接入")
    assert "用市统一认证登录" in Client().get("/sign-in/").content.decode()
    (app,) = Adapter().list_apps(request())
    assert (app.client_id, app.settings["server_url"]) == ("guatu", "https://sso.example.org")
    assert Client().get("/sign-in/other/go/").status_code == 404


@pytest.mark.django_db
def test_whom_the_issuer_names_is_linked_by_the_user_name_once_and_then_by_the_issuers_own_id(
    cast: Cast, clerk: Account
) -> None:
    assert _account_of(named("CLERK")) == clerk
    assert Entry.objects.latest("sequence").action == "single_sign_on.linked"
    assert _account_of(named("renamed")) == clerk
    assert _account_of(named("clerk", uid="u-2")) is None, "a second person of the issuer is not the clerk"
    assert _account_of(named("nobody", uid="u-3")) is None
    Account.objects.filter(pk=clerk.pk).update(is_active=False)
    assert _account_of(named("clerk")) is None


@pytest.mark.django_db
def test_single_sign_on_makes_no_account_and_leads_back_with_a_sentence(cast: Cast) -> None:
    before = Account.objects.count()
    with pytest.raises(ImmediateHttpResponse) as refused:
        Adapter().pre_social_login(request(), named("stranger-of-the-issuer"))
    assert refused.value.response.headers["Location"] == "/sign-in/"
    assert Account.objects.count() == before
    assert not Adapter().is_open_for_signup(request(), named("x"))


@pytest.mark.django_db
def test_single_sign_on_does_not_pass_the_second_step_by(cast: Cast, on: None, clerk: Account) -> None:
    register_totp(actor=clerk, secret=SECRET, code=code())
    with pytest.raises(ImmediateHttpResponse) as led:
        Adapter().pre_social_login(request(), named("clerk"))
    assert led.value.response.headers["Location"] == "/sign-in/second/"
    assert not SignedIn.objects.filter(account=fresh(clerk)).exists()
