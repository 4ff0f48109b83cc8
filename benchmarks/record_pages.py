"""How fast a long record and a long access log answer: `python benchmarks/record_pages.py [--entries 1000000]`.

Builds a chain of invented entries and as many rows of the access log in a database of its own, asks for each kind
of page in one process, walks the whole chain, and notes requests. Prints p50 and p95 in milliseconds and the
queries of each page, the entries that a walk proves in a second, and what noting a request costs in microseconds.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

BEGUN: Final = datetime(2020, 1, 1, tzinfo=UTC)
PEOPLE: Final = 400
ACTIONS: Final = ("plan.changed", "reports.imported", "bulletin.edited", "question.answered", "month.judged")
PAGES: Final = {
    "newest": "/record/",
    "deep page": "/record/?after={deep}",
    "a person": "/record/?actor=person7",
    "a rare action": "/record/?action=account.closed",
    "person + action": "/record/?actor=person7&action=month.judged",
    "a subject": "/record/?kind=project&subject=2023-000777",
    "a month of 2021": "/record/?since=2021-03-01&until=2021-03-31",
    "log newest": "/access-log/",
    "log deep page": "/access-log/?after={deep}",
    "log a person": "/access-log/?account=person7",
    "log exports": "/access-log/?kind=export",
}


def entries(count: int, chance: random.Random) -> Iterator[Any]:
    from guatu.record.chain import GENESIS, hash_of
    from guatu.server.record.models import Entry

    previous = GENESIS
    for number in range(1, count + 1):
        rare = number % 50_000 == 0
        entry = Entry(
            sequence=number,
            time=moment(number, count),
            actor=f"person{chance.randrange(PEOPLE)}",
            post="科长",
            action="account.closed" if rare else chance.choice(ACTIONS),
            subject_kind="project",
            subject_id=f"2023-{chance.randrange(10_000):06}",
            before='{"amount":500000000,"year":2023}',
            after='{"amount":650000000,"document":{"day":"2023-06-30","number":"","title":"通知"},"year":2023}',
            reason="征地延后",
            previous_hash=previous,
        )
        entry.hash = previous = hash_of(entry)
        yield entry


def moment(number: int, count: int) -> datetime:
    """Entries are spread over four years, to the second."""
    return BEGUN + timedelta(seconds=number * (4 * 365 * 86_400 // count))


def insert(model: Any, rows: Iterator[Any]) -> None:
    """Insert rows one by one in a prepared statement: much faster than through the models."""
    from django.db import connection

    fields = model._meta.concrete_fields
    columns, places = ", ".join(one.column for one in fields), ", ".join("%s" for _one in fields)
    statement = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"
    values = ([one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields] for row in rows)
    with connection.cursor() as cursor:
        while some := list(islice(values, 5000)):
            cursor.executemany(statement, some)


def build(count: int) -> Any:
    """An empty database → entries, rows of the access log, the account of an audit administrator."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from guatu.server.access.models import Access
    from guatu.server.accounts.actions import add_organisation, appoint
    from guatu.server.accounts.models import Account, Organisation, Role
    from guatu.server.record.models import Entry, Head

    call_command("migrate", verbosity=0)
    chance = random.Random(217)
    with transaction.atomic():
        insert(Entry, entries(count, chance))
        last = Entry.objects.latest("sequence")
        Head.objects.filter(id=1).update(sequence=count, hash=last.hash)
        insert(
            Access,
            (
                Access(
                    id=number, time=moment(number, count), account=f"person{chance.randrange(PEOPLE)}",
                    name="文若水", address=f"10.0.{number % 200}.{number % 250}", page="ledger",
                    path="/projects/", status=200, kind="export" if number % 1000 == 0 else "read",
                )
                for number in range(1, count + 1)
            ),
        )  # fmt: skip
        office = add_organisation(actor=None, name="示范市重点办", kind=Organisation.Kind.OFFICE)
        held = appoint(
            actor=None, person="江鉴明", title="审计管理员", organisation=office, role=Role.AUDIT,
            valid_from=date(2020, 1, 1),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Account.objects.create(username="audit", person=held.person, password="!")


def measure(client: Any, address: str, times: int) -> tuple[float, float, int]:
    """p50 and p95 of an answer in milliseconds, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    queries = len(asked)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    taken = []
    for _turn in range(times):
        begun = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], queries


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=30, help="requests of each kind of page")
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database; SQLite if not given"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        os.environ.update(
            GUATU_HOME=folder, GUATU_DATABASE_URL=given.database_url, GUATU_TODAY="2023-12-31",
            GUATU_SECRET_KEY="a key for measuring alone", DJANGO_SETTINGS_MODULE="guatu.server.settings",
        )  # fmt: skip
        import django
        from django.conf import settings

        settings.GUATU_ACCESS_THREAD = False
        django.setup()
        from django.test import Client

        from guatu.server.access.actions import pen
        from guatu.server.access.models import Access
        from guatu.server.clock import now
        from guatu.server.record.queries import verify

        begun = time.perf_counter()
        account = build(given.entries)
        print(f"{given.entries} entries and as many rows of the access log in "
              f"{'PostgreSQL' if given.database_url else 'SQLite'}, built in {time.perf_counter() - begun:.0f} s")  # fmt: skip
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        middle = given.entries // 2
        deep = f"{middle}.{(moment(middle, given.entries) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}"
        print(f"{'page':<18} {'p50':>8} {'p95':>8} {'queries':>8}   (ms)")
        for name, address in PAGES.items():
            middling, slow, queries = measure(client, address.format(deep=deep), given.times)
            print(f"{name:<18} {middling:8.1f} {slow:8.1f} {queries:>8}")
        begun = time.perf_counter()
        found = verify()
        taken = time.perf_counter() - begun
        print(f"walk: {found.entries} entries in {taken:.1f} s, {found.entries / taken:,.0f} a second, "
              f"{'whole' if found.whole else found.message}")  # fmt: skip
        pen.flush()
        row = {
            "account": "office",
            "address": "10.0.0.1",
            "kind": "read",
            "page": "ledger",
            "path": "/projects/",
        }
        begun = time.perf_counter()
        for _number in range(10_000):
            pen.note(Access(time=now(), status=200, **row))
        noted = time.perf_counter() - begun
        begun = time.perf_counter()
        pen.flush()
        print(f"access log: noting a request {noted * 100:.0f} µs, writing it in a batch "
              f"{(time.perf_counter() - begun) * 100:.0f} µs")  # fmt: skip


if __name__ == "__main__":
    main()
