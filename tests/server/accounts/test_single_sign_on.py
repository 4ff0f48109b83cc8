"""统一身份认证 against a running issuer: the whole way there and back, and every way in which it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.core.cache import cache
from django.test import Client

from guatu.server.accounts.actions import open_account
from guatu.server.accounts.door_actions import WAYS, switch_ways
from guatu.server.accounts.models import Account, SignedIn
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.record.models import Entry
from tests.cast import Cast
from tests.server.accounts.issuer import CLIENT, SECRET, Issuer, issuing

GO, RETURN = "/sign-in/city/go/", "/sign-in/city/return/"


@pytest.fixture
def issuer(cast: Cast, settings: object) -> Iterator[Issuer]:
    """An issuer that the site was told of by the system administrator."""
    settings.GUATU_OIDC_SECRET = SECRET  # type: ignore[attr-defined]
    cache.clear()
    with issuing() as running:
        told = {"oidc": True, "oidc_name": "市统一认证", "oidc_issuer": running.origin, "oidc_client": CLIENT}
        now = {name: getattr(sign_in_rules(), name) for name in WAYS}
        switch_ways(actor=cast.system, values=now | told, reason="接入市统一认证")
        yield running


@pytest.fixture
def clerk(cast: Cast) -> Account:
    return open_account(
        actor=cast.system, username="clerk", password="shan-hai-jing-7", person=cast.county.person
    )


def led_back(client: Client, issuer: Issuer) -> str:
    """Go to the issuer as a browser would; the address to which it leads back, below the site."""
    there = client.get(GO)
    assert there.status_code == 302 and there.headers["Location"].startswith(f"{issuer.origin}/authorize?")
    back = urlsplit(issuer.authorize(there.headers["Location"]))
    assert back.path == RETURN
    return f"{back.path}?{back.query}"


def refused(client: Client, back: str) -> str:
    """Come back and be led to the sign-in with a sentence."""
    answer = client.get(back, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/")
    assert not SignedIn.objects.exists()
    page: str = answer.content.decode()
    return page


@pytest.mark.django_db
def test_whom_the_issuer_names_is_signed_in(issuer: Issuer, clerk: Account) -> None:
    client = Client()
    answer = client.get(led_back(client, issuer))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home/")
    assert SignedIn.objects.get().account == clerk
    assert client.get("/account/").context["request"].user == clerk
    assert Entry.objects.filter(action="single_sign_on.linked").count() == 1
    assert {"/token", "/.well-known/openid-configuration"} <= set(issuer.asked)


@pytest.mark.django_db
def test_the_site_proves_itself_and_asks_for_no_more_than_it_needs(issuer: Issuer, clerk: Account) -> None:
    there = Client().get(GO).headers["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["state"][0]
    assert set(asked["scope"][0].split()) <= {"openid", "profile", "email"}
    assert asked["client_id"] == [CLIENT] and SECRET not in there


@pytest.mark.django_db
def test_an_answer_for_another_browser_signs_nobody_in(issuer: Issuer, clerk: Account) -> None:
    back = led_back(Client(), issuer)
    assert "统一身份认证没有成功" in refused(Client(), back)


@pytest.mark.django_db
def test_a_code_is_good_once(issuer: Issuer, clerk: Account) -> None:
    client = Client()
    back = led_back(client, issuer)
    client.get(back)
    SignedIn.objects.all().delete()
    assert "统一身份认证没有成功" in refused(Client(), back)


@pytest.mark.django_db
def test_a_person_without_an_account_is_told_so_and_gets_none(issuer: Issuer, clerk: Account) -> None:
    issuer.username, issuer.subject = "stranger-of-the-issuer", "u-9"
    before = Account.objects.count()
    client = Client()
    assert "没有对应的、启用的账号" in refused(client, led_back(client, issuer))
    assert Account.objects.count() == before


@pytest.mark.django_db
def test_a_token_for_another_site_or_signed_by_another_key_is_not_believed(
    issuer: Issuer, clerk: Account
) -> None:
    client = Client()
    back = led_back(client, issuer)
    issuer.audience = "another-site"
    assert "统一身份认证没有成功" in refused(client, back)
    issuer.audience, issuer.signs_with = CLIENT, generate_private_key(public_exponent=65537, key_size=2048)
    client = Client()
    assert "统一身份认证没有成功" in refused(client, led_back(client, issuer))


@pytest.mark.django_db
def test_an_issuer_that_does_not_answer_leads_back_to_the_password(cast: Cast, settings: object) -> None:
    settings.GUATU_OIDC_SECRET = SECRET  # type: ignore[attr-defined]
    cache.clear()
    with issuing() as running:
        gone = running.origin
    told = {"oidc": True, "oidc_name": "市统一认证", "oidc_issuer": gone, "oidc_client": CLIENT}
    now = {name: getattr(sign_in_rules(), name) for name in WAYS}
    switch_ways(actor=cast.system, values=now | told, reason="接入市统一认证")
    assert "统一身份认证没有成功" in Client().get(GO, follow=True).content.decode()
