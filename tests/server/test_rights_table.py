"""Every address against every role, kept as data: tests/server/rights_table.csv.

A new address without a row fails here, and so does one that answers a role otherwise than its row says.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from guatu.record.chain import digest
from guatu.server.accounts.models import Account, Appointment, Post, Role
from guatu.server.accounts.rights import ADMINISTRATION, OPEN_TO_ALL, Verb
from guatu.server.api.models import Token
from guatu.server.clock import now, today
from guatu.server.demo import Demonstration
from guatu.server.portfolio.models import Project
from guatu.server.reporting.models import Attachment
from guatu.server.year_files.actions import propose_year_file
from tests.server.api.work import switch
from tests.server.rights_table import Row, rows

USERNAMES = {
    "office": "zhongdianban",
    "county": "yunxixian",
    "department": "jiaotongju",
    "reporter": "yunxifagai",
    "signer": "yunxiqianfa",
    "reader": "yanzijin",
    "system": "xitong",
    "security": "anquan",
    "audit": "shenji",
    "stranger": "luren",
}
"""The account of the demonstration in each column; `stranger` has no post, `nobody` has not signed in."""
SENT_BY_TOKEN = {
    "api-report-save": '{"edition": 0, "values": {}}',
    "api-report-step": '{"edition": 0}',
    "api-kind-save": '{"edition": 0, "values": {}}',
    "api-kind-step": '{"edition": 0}',
    "api-fact-give": '{"values": {"云溪县": "1"}, "reason": "核对"}',
}
BY_TOKEN = ("api-GET", "api-PUT", "api-POST")


def patterns(under: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """The name and the address of every page below a resolver."""
    for one in under.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield str(one.name), before + str(one.pattern)


def test_every_address_has_its_row() -> None:
    known = {row.key for row in rows("GET", "POST", *BY_TOKEN)}
    names = {name for name, _address in patterns(get_resolver())}
    assert names - known == set(), "rows missing in tests/server/rights_table.csv"
    assert known - names == set(), "rows of addresses that are gone"


def test_every_address_of_administration_is_one_of_the_site() -> None:
    names = {name for name, _address in patterns(get_resolver())}
    assert (ADMINISTRATION.keys() | OPEN_TO_ALL) - names == set()


def test_no_verb_of_an_administrator_is_one_of_business() -> None:
    cells = {row.key: row.cells for row in rows("verb")}
    shared = {
        verb
        for verb, roles in cells.items()
        if any(roles[hat] == "y" for hat in ("system", "security", "audit"))
        and any(roles[role] == "y" for role in ("office", "county", "department", "reporter", "reader"))
    }
    assert shared == {Verb.SEE_PEOPLE}


@pytest.fixture(scope="module")
def addresses(city: Demonstration) -> dict[str, str]:
    """What stands for the placeholders of the table's addresses."""
    held = Appointment.objects.filter(post__role=Role.COUNTY, person__accounts__isnull=False).first()
    assert held is not None
    passer = Account.objects.create(
        username=USERNAMES["stranger"],
        person=Appointment.objects.filter(post__role="", person__accounts__isnull=True)[0].person,
    )
    assert not Post.objects.filter(appointments__person=passer.person).exclude(role="").exists()
    own = Project.objects.filter(
        county="云溪县",
        lead_department__name="市交通运输局",
    ).first()
    any_one = own or Project.objects.filter(county="云溪县", stage="continuing").order_by("code")[0]
    return {
        "code": any_one.code,
        "organisation": str(held.post.organisation_id),
        "person": str(held.person_id),
        "appointment": str(held.pk),
        "username": "yunxixian",
        "unit": str(any_one.responsibilities.get(duty="responsible_unit").organisation_id),
        "year_file": str(
            propose_year_file(
                actor=Account.objects.get(username="duchake"),
                year=2023,
                kind="unit",
                key="云溪县",
                reason="年终",
            ).pk
        ),
        "attachment": str(Attachment.objects.filter(report__state="signed")[0].pk),
    }


def answer(client: Client, row: Row, addresses: dict[str, str]) -> str:
    """What the address answers, in the words of the table; the query of a POST is what it sends."""
    address = row.address.format_map(addresses)
    path, _, sent = address.partition("?")
    given = client.get(address) if row.kind == "GET" else client.post(path, dict(parse_qsl(sent)))
    if given.status_code in (403, 404):
        return str(given.status_code)
    assert given.status_code < 500
    if given.status_code == 302 and str(given.headers["Location"]).startswith("/sign-in/?next="):
        return "sign-in"
    return "y"


@pytest.mark.parametrize("row", rows("GET", "POST"), ids=lambda row: f"{row.kind} {row.key}")
def test_an_address_answers_each_role_as_the_table_says(row: Row, addresses: dict[str, str]) -> None:
    told = {}
    for column in row.cells:
        client = Client()
        if column != "nobody":
            client.force_login(
                Account.objects.get(username=USERNAMES[column]),
                backend="django.contrib.auth.backends.ModelBackend",
            )
        told[column] = answer(client, row, addresses)
    assert told == row.cells


@pytest.fixture(scope="module")
def tokens(city: Demonstration, addresses: dict[str, str]) -> dict[str, str]:
    """A token of each column, those that could not be made by the person itself too."""
    switch(True)
    for column, username in USERNAMES.items():
        Token.objects.create(
            account=Account.objects.get(username=username),
            name="权限表",
            digest=digest(column),
            writes=True,
            since=now(),
            until=today(),
        )
    return {column: column for column in USERNAMES}


@pytest.mark.parametrize("row", rows(*BY_TOKEN), ids=lambda row: f"{row.kind} {row.key}")
def test_the_api_answers_each_role_as_the_table_says(
    row: Row, addresses: dict[str, str], tokens: dict[str, str]
) -> None:
    told = {}
    for column in row.cells:
        headers = {"Authorization": f"Bearer {tokens[column]}"} if column in tokens else {}
        answered = Client(headers=headers).generic(
            row.kind.removeprefix("api-"),
            row.address.format_map(addresses),
            SENT_BY_TOKEN.get(row.key, ""),
            content_type="application/json",
        )
        assert answered.status_code < 500
        told[column] = "y" if answered.status_code == 200 else str(answered.status_code)
    assert told == row.cells
