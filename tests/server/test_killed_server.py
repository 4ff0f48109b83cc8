"""What the server acknowledged is there after `kill -9`, once, with its entry; the record stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.killed_server import Outcome, compared, trial


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """The address of an empty database beside that of the tests; "" (a file of its own) on SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    import psycopg

    given = settings.DATABASES["default"]
    place = f"user={given['USER']} host={given['HOST']} port={given['PORT'] or 5432}"
    with psycopg.connect(
        f"{place} dbname=postgres password='{given['PASSWORD']}'", autocommit=True
    ) as server:
        server.execute("DROP DATABASE IF EXISTS killed WITH (FORCE)")
        server.execute("CREATE DATABASE killed")
        yield f"postgresql://{given['USER']}:{given['PASSWORD']}@/killed?host={given['HOST']}" + (
            f"&port={given['PORT']}" if given["PORT"] else ""
        )
        server.execute("DROP DATABASE killed WITH (FORCE)")


def test_what_was_acknowledged_survives_the_kill(tmp_path: Path, empty_database: str) -> None:
    outcome = trial(3, tmp_path, empty_database)
    assert outcome.acknowledged >= 3
    assert (
        outcome.lost == [] and outcome.doubled == [] and outcome.without_entry == [] and outcome.refused == []
    )
    assert outcome.whole, outcome.message


def test_the_comparison_finds_what_is_lost_doubled_or_without_its_entry() -> None:
    there = {"rounds": ["b", "c", "c", "d"], "entries": ["b", "c", "c"], "whole": True, "message": ""}
    outcome = compared(Outcome(1), ["a", "b", "c"], ["a", "b", "c", "d", "e"], there)
    assert (outcome.lost, outcome.doubled, outcome.without_entry) == (["a"], ["c"], ["d"])
    assert (outcome.unanswered, outcome.unanswered_kept) == (2, 1)
    assert not outcome.holds
