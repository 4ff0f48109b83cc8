"""Triggers by which the database itself refuses to change or delete entries of the record."""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL: Final = "record_entry is append-only"

INSTALL: Final = {
    "sqlite": (
        f"CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER record_entry_no_delete BEFORE DELETE ON record_entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # INSERT OR REPLACE deletes without firing the trigger above.
        f"CREATE TRIGGER record_entry_no_replace BEFORE INSERT ON record_entry "
        f"WHEN EXISTS (SELECT 1 FROM record_entry WHERE sequence = NEW.sequence OR hash = NEW.hash) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION record_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER record_entry_no_change BEFORE UPDATE OR DELETE ON record_entry "
        "FOR EACH ROW EXECUTE FUNCTION record_entry_refuse()",
        "CREATE TRIGGER record_entry_no_truncate BEFORE TRUNCATE ON record_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_entry_refuse()",
    ),
}

REMOVE: Final = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS record_entry_no_update",
        "DROP TRIGGER IF EXISTS record_entry_no_delete",
        "DROP TRIGGER IF EXISTS record_entry_no_replace",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS record_entry_no_change ON record_entry",
        "DROP TRIGGER IF EXISTS record_entry_no_truncate ON record_entry",
        "DROP FUNCTION IF EXISTS record_entry_refuse()",
    ),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place. Raises KeyError on a database for which none are written."""
    with connection.cursor() as cursor:
        for statement in INSTALL[connection.vendor]:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration and for emptying a database of tests."""
    with connection.cursor() as cursor:
        for statement in REMOVE[connection.vendor]:
            cursor.execute(statement)
