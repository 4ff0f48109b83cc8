"""Writing the access log: requests wait in memory, one thread of the process writes them in batches."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction

from guatu.server.access.models import Access
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import CHINA, now
from guatu.server.record.actions import append

GATHERED: Final = 0.5
"""Seconds for which requests are gathered before they are written together."""
AGAIN: Final = 5.0
"""Seconds until the writing is tried again after the database refused it."""
MOST: Final = 50_000
"""Requests that may wait; beyond, they are counted as lost and the log says how many."""
BATCH: Final = 1000

_log = logging.getLogger("guatu.access")


class Pen:
    """Writes the requests that were noted. Noting costs no query and never waits for the database.

    A process that is killed loses what it noted in the last half second; one that ends writes it first.
    """

    def __init__(self) -> None:
        self._waiting: list[Access] = []
        self._lost = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._noted = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, row: Access) -> None:
        """Keep one request for writing."""
        with self._lock:
            if len(self._waiting) >= MOST:
                self._lost += 1
                return
            self._waiting.append(row)
            if self._thread is None and settings.GUATU_ACCESS_THREAD:
                self._thread = threading.Thread(target=self._write_on, name="access log", daemon=True)
                self._thread.start()
                atexit.register(self._last)
        self._noted.set()

    def flush(self) -> int:
        """Write what waits, in order; how many. Raises DatabaseError, and keeps what was not written."""
        with self._writing:
            with self._lock:
                rows, lost = list(self._waiting), self._lost
            if lost:
                rows.append(_gap(lost, rows[-1].time))
            Access.objects.bulk_create(rows, batch_size=BATCH)
            with self._lock:
                del self._waiting[: len(rows) - bool(lost)]
                self._lost -= lost
            return len(rows)

    def _write_on(self) -> None:
        while True:
            self._noted.wait()
            time.sleep(GATHERED)
            self._noted.clear()
            try:
                self.flush()
            except Exception:
                _log.exception("访问日志暂时写不进数据库，稍后再试。")
                self._noted.set()
                time.sleep(AGAIN)
            finally:
                close_old_connections()

    def _last(self) -> None:
        try:
            self.flush()
        except DatabaseError:
            _log.exception("访问日志的最后几条没有写进数据库。")


def _gap(lost: int, moment: datetime) -> Access:
    return Access(
        time=moment, account="", address="", kind=Access.Kind.LOST, page="", path=str(lost), status=0
    )


pen: Final = Pen()
"""The one of this process."""


def prune(day: date, *, actor: Account | None = None) -> int:
    """Delete the requests whose term (`GUATU_ACCESS_DAYS`) has passed on `day`; how many were deleted.

    One entry in the record, where there was anything to delete. Raises PermissionDenied without the right;
    DatabaseError where the database itself holds that a row is too young.
    """
    require(actor, Verb.MANAGE_SETTINGS)
    before = datetime.combine(day - timedelta(days=settings.GUATU_ACCESS_DAYS), time_of_day(), CHINA)
    with transaction.atomic():
        deleted, _by_table = Access.objects.filter(time__lt=before.astimezone(UTC)).delete()
        if deleted:
            append(
                actor=actor,
                action="access.pruned",
                subject_kind="access",
                subject_id="log",
                after={"rows": deleted, "before": before.date().isoformat()},
            )
    return deleted


def request_noted(
    *, account: str, name: str, address: str, kind: Access.Kind, page: str, path: str, status: int
) -> None:
    """Note one request for the log."""
    pen.note(
        Access(
            time=now(),
            account=account[:100],
            name=name[:40],
            address=address[:45],
            kind=kind,
            page=page[:60],
            path=path[:300],
            status=status,
        )
    )
