"""Reading what is known of backups, and how far one is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.backups.models import BackupFile, BackupRules
from guatu.server.clock import now

SILENT: Final = timedelta(minutes=10)
"""A backup of which nothing was written for so long was left by a process that ended."""
LONGEST_CHECK: Final = timedelta(hours=1)
"""After so long a verification that has not ended was left by a process that ended."""


def folder() -> Path:
    """Where backups lie on this machine."""
    return Path(settings.GUATU_BACKUPS)


def path_of(backup: BackupFile) -> Path:
    """The file of a backup; there or not."""
    return folder() / backup.name


def backup_rules() -> BackupRules:
    """The rules in force. One query."""
    return BackupRules.objects.filter(id=1).first() or BackupRules(id=1)


def backups_for(user: Account | None) -> QuerySet[BackupFile]:
    """The backups made here. Raises PermissionDenied for everybody but who keeps them."""
    require(user, Verb.BACK_UP)
    return BackupFile.objects.all()


def backup_or_404(user: Account, number: int) -> BackupFile:
    """One backup. Raises PermissionDenied without the right, Http404 where there is none."""
    return get_object_or_404(backups_for(user), pk=number)


@dataclass(frozen=True, slots=True)
class Shown:
    """A backup as the page shows it: whether its file is there, how much of it is written, whether nobody writes any
    more, and whether the page should ask again."""

    backup: BackupFile
    there: bool
    written: int
    left: bool

    @property
    def going(self) -> bool:
        working = self.backup.state == BackupFile.State.WRITING or (
            self.backup.checked == BackupFile.Checked.GOING and self.there
        )
        return working and not self.left


def shown(backup: BackupFile) -> Shown:
    """How a backup stands. No query: how far it is, the file itself says."""
    path = path_of(backup)
    part = path.with_name(path.name + ".part")
    written, touched = (part.stat().st_size, part.stat().st_mtime) if part.exists() else (0, 0.0)
    if backup.state == BackupFile.State.WRITING:
        left = now() - backup.begun > SILENT and time.time() - touched > SILENT.total_seconds()
    else:
        left = backup.checking is not None and now() - backup.checking > LONGEST_CHECK
    return Shown(backup, path.exists(), written, left)
