"""A database address (`GUATU_DATABASE_URL`) → Django's settings for it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXAMPLES = "sqlite:////var/lib/guatu/guatu.sqlite3 或 postgresql://用户:口令@主机:5432/数据库"
# A commit is on the disk before it is acknowledged (synchronous=FULL): the record promises what it said, also
# after the power failed. Pages only read, and the access log is written in batches, so that few commits pay.
POOL_SIZE = 8
"""Connections that one process keeps open at most, on PostgreSQL."""


def database_settings(url: str, home: Path) -> dict[str, Any]:
    """The `DATABASES["default"]` that `url` asks for; an empty `url` means SQLite in `home`.

    Raises ImproperlyConfigured with a Chinese sentence that says what is wrong and shows how it should look.
    """
    if not url:
        return _sqlite(home / "guatu.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        if not parts.path.startswith("/") or parts.netloc:
            raise ImproperlyConfigured(
                f"GUATU_DATABASE_URL：SQLite 要写文件的完整路径，共四条斜线，例如 {EXAMPLES}"
            )
        return _sqlite(Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path)))
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    raise ImproperlyConfigured(
        f"GUATU_DATABASE_URL：不认识的数据库类型“{parts.scheme or url}”，应写作 {EXAMPLES}"
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise ImproperlyConfigured(
            "GUATU_DATABASE_URL 指向 PostgreSQL，但没有安装它的驱动；请安装：pip install 'guatu[postgresql]'"
        )
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"GUATU_DATABASE_URL：端口应是 1 到 65535 的数字，例如 {EXAMPLES}"
        ) from error
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured(f"GUATU_DATABASE_URL：没有写数据库的名称，应写作 {EXAMPLES}")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 15}},
    }
