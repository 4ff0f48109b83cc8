"""Triggers by which the database itself refuses to change or delete rows of the append-only tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

LEAST_DAYS: Final = 180
"""Days for which the access log is kept at the least; the database refuses to delete what is younger."""


@dataclass(frozen=True, slots=True)
class Guard:
    """An append-only table: which columns make a row the same, and from what age on it may be deleted."""

    table: str
    unique: tuple[str, ...]
    deletable_after_days: int | None = None

    @property
    def refusal(self) -> str:
        return f"{self.table} is append-only"


RECORD: Final = Guard("record_entry", ("sequence", "hash"))
ACCESS: Final = Guard("access_access", ("id",), LEAST_DAYS)
GUARDS: Final = (RECORD, ACCESS)
"""Every append-only table."""


def _sqlite(guard: Guard) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    same = " OR ".join(f"{column} = NEW.{column}" for column in guard.unique)
    young = (
        f" WHEN OLD.time > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{guard.deletable_after_days} days')"
        if guard.deletable_after_days
        else ""
    )
    return (
        f"CREATE TRIGGER {guard.table}_no_update BEFORE UPDATE ON {guard.table} {refuse}",
        f"CREATE TRIGGER {guard.table}_no_delete BEFORE DELETE ON {guard.table}{young} {refuse}",
        # INSERT OR REPLACE deletes without firing the trigger above.
        f"CREATE TRIGGER {guard.table}_no_replace BEFORE INSERT ON {guard.table} "
        f"WHEN EXISTS (SELECT 1 FROM {guard.table} WHERE {same}) {refuse}",
    )


def _postgresql(guard: Guard) -> tuple[str, ...]:
    permit = (
        f"IF TG_OP = 'DELETE' AND OLD.time <= now() - interval '{guard.deletable_after_days} days' "
        "THEN RETURN OLD; END IF; "
        if guard.deletable_after_days
        else ""
    )
    return (
        f"CREATE FUNCTION {guard.table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {permit}RAISE EXCEPTION '{guard.refusal}'; END $$",
        f"CREATE TRIGGER {guard.table}_no_change BEFORE UPDATE OR DELETE ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.table}_refuse()",
        f"CREATE FUNCTION {guard.table}_refuse_all() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{guard.refusal}'; END $$",
        f"CREATE TRIGGER {guard.table}_no_truncate BEFORE TRUNCATE ON {guard.table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {guard.table}_refuse_all()",
    )


def _removal(guard: Guard, vendor: str) -> tuple[str, ...]:
    if vendor == "sqlite":
        return tuple(
            f"DROP TRIGGER IF EXISTS {guard.table}_no_{what}" for what in ("update", "delete", "replace")
        )
    return (
        *(
            f"DROP TRIGGER IF EXISTS {guard.table}_no_{what} ON {guard.table}"
            for what in ("change", "truncate")
        ),
        *(f"DROP FUNCTION IF EXISTS {guard.table}_{name}()" for name in ("refuse", "refuse_all")),
    )


MAKERS: Final = {"sqlite": _sqlite, "postgresql": _postgresql}
"""What writes the triggers of a database."""


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard] = GUARDS) -> None:
    """Put the triggers in place. Raises KeyError on a database for which none are written."""
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in MAKERS[connection.vendor](guard):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: Sequence[Guard] = GUARDS) -> None:
    """Take the triggers away: for undoing the migration and for emptying a database of tests."""
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in _removal(guard, connection.vendor):
                cursor.execute(statement)
