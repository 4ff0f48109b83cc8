"""Settings come from the environment; a wrong one is refused with a sentence that says how to write it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from guatu.server.accounts.models import Account
from guatu.server.clock import now, today
from guatu.server.database import database_settings
from tests.cast import Cast

HOME = Path("/var/lib/guatu")


def test_without_an_address_the_database_is_sqlite_in_the_home_folder() -> None:
    found = database_settings("", HOME)
    assert found["NAME"] == "/var/lib/guatu/guatu.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_an_sqlite_file_is_named_by_its_full_path() -> None:
    assert database_settings("sqlite:////data/city.sqlite3", HOME)["NAME"] == "/data/city.sqlite3"


def test_a_postgresql_address_is_read_with_its_escapes_and_options() -> None:
    found = database_settings(
        "postgresql://guatu:p%40ss%2Fword@db.example.org:5433/city?sslmode=require", HOME
    )
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "guatu",
        "p@ss/word",
        "db.example.org",
        "5433",
        "city",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] > 1


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://root@localhost/city", "不认识的数据库类型“mysql”"),
        ("guatu.sqlite3", "不认识的数据库类型“guatu.sqlite3”"),
        ("sqlite://city.sqlite3", "四条斜线"),
        ("postgresql://guatu@localhost/", "没有写数据库的名称"),
        ("postgresql://guatu@localhost:port/city", "端口"),
    ],
)
def test_a_wrong_address_is_refused_with_an_example(address: str, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message) as refused:
        database_settings(address, HOME)
    assert "postgresql://" in str(refused.value), "the message shows how it should look"


def settings_in(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own and print the secret key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUATU_")}
    return subprocess.run(
        [sys.executable, "-c", "from guatu.server import settings; print(settings.SECRET_KEY)"],
        env={**kept, "GUATU_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_secret_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    first, second = settings_in(home), settings_in(home)
    assert first.returncode == 0
    assert len(first.stdout.strip()) >= 50
    assert first.stdout == second.stdout
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("GUATU_TODAY", "13.10.2023", "YYYY-MM-DD"), ("GUATU_HTTPS", "yes", "应写 1")],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, value: str, message: str) -> None:
    found = settings_in(tmp_path, **{name: value})
    assert found.returncode != 0
    assert name in found.stderr and message in found.stderr


def test_the_clock_shows_the_day_that_is_set() -> None:
    assert today() == date(2023, 10, 13)
    with override_settings(GUATU_TODAY=date(2024, 2, 29)):
        assert today() == date(2024, 2, 29)
    with override_settings(GUATU_TODAY=None):
        assert today().year >= 2026
        assert now().microsecond % 1000 == 0


@pytest.mark.django_db
def test_five_wrong_passwords_lock_the_name_out(cast: Cast) -> None:
    Account.objects.filter(pk=cast.county.pk).update(password="!")
    cast.office.set_password("guatu-2023-shifan")
    cast.office.save()
    browser = Client(REMOTE_ADDR="203.0.113.7")
    for _attempt in range(5):
        browser.post("/sign-in/", {"username": "office", "password": "wrong"})
    locked = browser.post("/sign-in/", {"username": "office", "password": "guatu-2023-shifan"})
    assert locked.status_code == 429
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert other.post("/sign-in/", {"username": "office", "password": "guatu-2023-shifan"}).status_code == 302


@pytest.mark.django_db
def test_pages_forbid_inline_script_and_style_and_anything_from_outside() -> None:
    policy = Client().get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
