"""The long work of a backup, outside the request: writing it, and reading it back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.backup import BackupRefused
from guatu.server.backups.actions import make, verify
from guatu.server.backups.models import BackupFile

LOG = logging.getLogger(__name__)


def make_in_background(backup: BackupFile, actor: Account) -> threading.Thread:
    """Write a backup in a thread of this process and return at once; the page asks how far it is."""
    return _apart(lambda: make(backup, actor=actor), backup)


def verify_in_background(backup: BackupFile, actor: Account) -> threading.Thread:
    """Read a backup back in a thread of this process and return at once."""
    return _apart(lambda: verify(backup, actor=actor), backup)


def _apart(work: Callable[[], None], backup: BackupFile) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BackupRefused:
            return
        except Exception:
            LOG.exception("备份 %s", backup.name)
            BackupFile.objects.filter(pk=backup.pk, state=BackupFile.State.WRITING).update(
                state=BackupFile.State.FAILED, problem=_("出了意外，没有做成；请看服务器的日志。")
            )
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"backup-{backup.pk}", daemon=True)
    thread.start()
    return thread
