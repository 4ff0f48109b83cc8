"""How many queries each page takes, kept as data: tests/server/query_counts.json.

A page that asks more of the database than is written there fails here; so does one that asks less, so
that the gain is written down and stays. The counts hold for both databases and for any number of rows.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.server.accounts.models import Account
from guatu.server.demo import Demonstration
from guatu.server.portfolio.models import Project

COUNTS: dict[str, int] = json.loads(Path(__file__).with_name("query_counts.json").read_text(encoding="utf-8"))
PAGES = {
    "sign-in": "/sign-in/",
    "overview": "/",
    "todo": "/todo/",
    "reports": "/reports/2023-10/",
    "report": "/reports/2023-10/{code}/",
    "reports-term": "/reports/of/weekly/2023-10-09/",
    "report-of-kind": "/reports/of/weekly/2023-10-09/{code}/",
    "reports-at-once": "/reports/of/major_matter/",
    "quality": "/reports/quality/",
    "ledger": "/projects/",
    "ledger-past": "/projects/?known=2023-08-20",
    "project": "/projects/{code}/",
    "project-past": "/projects/{code}/?known=2023-08-20",
    "reports-past": "/reports/2023-07/?known=2023-08-20",
    "ranking": "/ranking/",
    "views": "/views/",
    "year-files": "/year-files/?year=2023",
    "bulletin": "/bulletin/",
    "reminder": "/reminder/",
    "scheme": "/scheme/",
    "laboratory": "/scheme/laboratory/",
    "assessment": "/assessment/",
    "score": "/assessment/county/云溪县/",
    "channels": "/channels/",
    "outbox": "/outbox/",
    "backups": "/backups/",
    "imports": "/imports/",
    "record": "/record/",
    "project-record": "/projects/{code}/record/",
    "access-log": "/access-log/",
    "judge": "/judge/",
    "organisations": "/organisations/?q=云溪",
    "organisation": "/organisations/{organisation}/",
    "person": "/people/{person}/",
    "own-account": "/account/",
    "tokens": "/account/tokens/",
    "reminders": "/reminders/",
    "calendar-download": "/reminders/calendar.ics",
    "hand-over": "/projects/hand-over/?person={person}",
    "answers": "/projects/{code}/answers/",
    "manuals": "/projects/manual/",
    "manual": "/projects/manual/?person={person}",
    "accounts": "/accounts/",
    "rights": "/rights/",
    "given": "/given/?month=2023-09",
    "given-fact": "/given/facts/new_enterprises/?term=2023-07",
    "given-versions": "/given/facts/new_enterprises/北苑区/?term=2023-06",
    "given-thing": "/given/things/county/云溪县/?month=2023-07",
    "given-import": "/given/import/",
    "ballot": "/given/ballots/tour_votes/?term=2023Q2",
}
READ_BY = {
    "record": "shenji",
    "access-log": "shenji",
    "accounts": "xitong",
    "rights": "anquan",
    "channels": "xitong",
    "outbox": "xitong",
    "backups": "xitong",
}
"""Pages that the office may not open, and the account that does."""


def test_every_page_has_its_count() -> None:
    assert COUNTS.keys() == PAGES.keys()


def test_the_ledger_takes_at_most_fifteen() -> None:
    assert COUNTS["ledger"] <= 15


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_many_queries_as_is_written(page: str, city: Demonstration) -> None:
    client = Client()
    if page != "sign-in":
        client.force_login(
            Account.objects.get(username=READ_BY.get(page, "zhongdianban")),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    building = Project.objects.filter(stage="continuing").order_by("code").first()
    assert building is not None
    leader = Account.objects.get(username="yanzijin").person
    address = PAGES[page].format(
        code=building.code,
        person=leader.pk,
        organisation=leader.appointments.all()[0].post.organisation_id,
    )
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == COUNTS[page], "\n".join(query["sql"][:200] for query in asked)
