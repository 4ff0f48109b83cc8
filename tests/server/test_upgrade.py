"""A database or a backup of an earlier version is brought up to this one, and everything of it reads.

tests/server/upgrade/before-0.2.sql and .zip were written by the version before the access log: a small city with
three projects, two versions of a report, a decided proposal, a judged month and an edited bulletin.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guatu.server.accounts.models import Account
from guatu.server.backup import restore_backup, write_backup
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from tests.cast import PORT
from tests.server.test_backup import emptied

OLD = Path(__file__).with_name("upgrade")
ENTRIES = 26
HEAD = "5a245b9a08f8c959af719f26a99c9e89bcc01d3141632944dc46f05657c740e4"
PAGES = (
    "/",
    "/projects/",
    f"/projects/{PORT}/",
    f"/projects/{PORT}/record/",
    "/ranking/",
    "/bulletin/",
    "/scheme/",
)
READ = f"""
import json
from guatu.server import commands
commands.migrate()
from django.conf import settings
from django.test import Client
from guatu.server.accounts.models import Account
client = Client(headers={{"host": "127.0.0.1"}})
client.force_login(Account.objects.get(username="office"), backend="django.contrib.auth.backends.ModelBackend")
print(json.dumps({{page: client.get(page).status_code for page in {PAGES!r}}}))
"""


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """The home folder of an office that ran the earlier version on SQLite."""
    with sqlite3.connect(tmp_path / "guatu.sqlite3") as database:
        database.executescript((OLD / "before-0.2.sql").read_text(encoding="utf-8"))
    database.close()
    return tmp_path


def run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "GUATU_HOME": str(home), "GUATU_DATABASE_URL": ""}
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run([sys.executable, *command], env=variables, capture_output=True, text=True)


def guatu(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(home, "-m", "guatu.cli", *words)


def test_an_earlier_database_is_migrated_and_every_page_reads(old_home: Path) -> None:
    said = run(old_home, "-c", READ)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == dict.fromkeys(PAGES, 200)


def test_its_record_is_whole_and_still_holds_the_head_of_that_day(old_home: Path) -> None:
    assert guatu(old_home, "migrate").returncode == 0
    said = guatu(old_home, "verify", "--record", "--head", f"{ENTRIES}:{HEAD[:16]}", "--format", "json")
    assert said.returncode == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    assert (found["entries"], found["hash"], found["head_at"]) == (ENTRIES, HEAD, ENTRIES)
    assert guatu(old_home, "verify", "--record", "--head", "f" * 16).returncode == 1


def test_the_record_of_a_migrated_database_still_cannot_be_changed(old_home: Path) -> None:
    assert guatu(old_home, "migrate").returncode == 0
    with sqlite3.connect(old_home / "guatu.sqlite3") as database:
        for statement in (
            "UPDATE record_entry SET reason = 'x'",
            "DELETE FROM record_entry",
            "INSERT OR REPLACE INTO record_entry SELECT * FROM record_entry",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                database.execute(statement)
    database.close()


def test_a_database_that_was_not_migrated_is_said_in_words(old_home: Path) -> None:
    said = guatu(old_home, "tick")
    assert said.returncode == 2
    assert "升级到本版" in said.stderr and "Traceback" not in said.stderr


def test_the_record_of_the_command_line_is_exported_and_proved_elsewhere(
    old_home: Path, tmp_path: Path
) -> None:
    assert guatu(old_home, "migrate").returncode == 0
    file = tmp_path / "record.jsonl"
    assert guatu(old_home, "record", "export", str(file)).returncode == 0
    assert guatu(tmp_path / "elsewhere", "verify", str(file), "--head", f"{ENTRIES}:{HEAD}").returncode == 0
    assert guatu(old_home, "record", "export", str(file)).returncode == 2, "a file is not overwritten"
    assert guatu(old_home, "record", "export", str(tmp_path / "record.xlsx")).returncode == 0
    assert guatu(old_home, "record", "export", str(tmp_path / "record.doc")).returncode == 2


def test_a_backup_of_an_earlier_version_is_restored_and_backed_up_again(
    committed: None, tmp_path: Path
) -> None:
    emptied()
    restored = restore_backup(OLD / "before-0.2.zip")
    assert (restored.entries, restored.hash) == (ENTRIES, HEAD)
    assert verify().whole
    client = Client()
    client.force_login(
        Account.objects.get(username="office"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert {page: client.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    again = write_backup(tmp_path / "again.zip")
    emptied()
    assert restore_backup(tmp_path / "again.zip") == again
    assert (Entry.objects.count(), verify().hash) == (ENTRIES, HEAD)
