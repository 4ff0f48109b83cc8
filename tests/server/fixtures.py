"""The database of the server's tests: a rolled-back transaction, or (`committed`) the real thing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

from guatu.server.demo import Demonstration, load_demo
from guatu.server.record import triggers
from guatu.server.record.chain import GENESIS
from guatu.server.record.models import Head
from tests.cast import Cast, settle


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One fresh database for the run, whichever tests are in it."""
    with django_db_blocker.unblock():
        before = setup_databases(verbosity=0, interactive=False, aliases={"default": None})
    yield
    with django_db_blocker.unblock():
        teardown_databases(before, verbosity=0)


@pytest.fixture
def cast(db: None) -> Cast:
    """The city of tests/cast.py in the database."""
    return settle()


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demonstration]:
    """The demonstration, loaded once for a file of tests inside a transaction that is rolled back."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            yield load_demo()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which transactions really commit, for tests of several connections; emptied afterwards.

    The triggers refuse to empty the record, so they are taken away for that moment and put back.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            triggers.remove(connection)
            call_command("flush", interactive=False, verbosity=0)
            triggers.install(connection)
            Head.objects.create(id=1, sequence=0, hash=GENESIS)
            connection.close()
