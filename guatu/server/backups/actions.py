"""Making backups, verifying them, letting old ones go, and saying how often one is made by itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.backup import Backup, BackupRefused, write_backup
from guatu.server.backups.check import check_backup
from guatu.server.backups.models import BackupFile, BackupRules
from guatu.server.backups.queries import backup_rules, folder, path_of, shown
from guatu.server.clock import CHINA, now
from guatu.server.record.actions import append


def begin(*, actor: Account | None, scheduled: bool = False) -> BackupFile:
    """Note that a backup begins; `make` writes it. Raises ValidationError while another one is being written."""
    require(actor, Verb.BACK_UP)
    if any(shown(one).going for one in BackupFile.objects.filter(state=BackupFile.State.WRITING)):
        raise ValidationError(_("有一份备份正在写，请等它写完。"))
    moment = now()
    name = f"guatu-{moment.astimezone(CHINA):%Y-%m-%d-%H%M%S}"
    number = BackupFile.objects.filter(name__startswith=name).count()
    return BackupFile.objects.create(
        name=f"{name}{f'-{number + 1}' if number else ''}.zip",
        by=actor.username if actor else _("系统"),
        scheduled=scheduled,
        begun=moment,
    )


def make(backup: BackupFile, *, actor: Account | None) -> None:
    """Write the backup into its file. One entry once it is whole; what goes wrong is said beside the backup.

    Raises BackupRefused then.
    """
    path = path_of(backup)
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        found = write_backup(path)
        digest, size = sha256(path), path.stat().st_size
    except (BackupRefused, OSError) as error:
        backup.state, backup.problem = BackupFile.State.FAILED, str(error)
        backup.save(update_fields=("state", "problem"))
        raise BackupRefused(str(error)) from error
    with transaction.atomic():
        backup.state, backup.made, backup.size, backup.digest = BackupFile.State.WHOLE, now(), size, digest
        backup.rows, backup.entries, backup.hash = found.rows, found.entries, found.hash
        backup.problem = damaged_words(found)
        backup.save()
        append(
            actor=actor,
            action="backup.made",
            subject_kind="backup",
            subject_id=backup.name,
            after={"file": backup.name, "digest": digest, "entries": found.entries},
        )


def begin_check(*, actor: Account | None, backup: BackupFile) -> None:
    """Note that a backup is being verified; `verify` does it. Raises ValidationError where its file is gone."""
    require(actor, Verb.BACK_UP)
    if backup.state != BackupFile.State.WHOLE or not path_of(backup).exists():
        raise ValidationError(_("“%s”不在备份文件夹里了，不能核验。") % backup.name)
    BackupFile.objects.filter(pk=backup.pk).update(
        checked=BackupFile.Checked.GOING, checking=now(), problem=""
    )


def verify(backup: BackupFile, *, actor: Account | None) -> None:
    """Read the whole file back: its digest, every row, the record from first entry to last. One entry."""
    problem = without = ""
    try:
        if sha256(path_of(backup)) != backup.digest:
            raise BackupRefused(_("文件和写下时的摘要不同，被改动过或已损坏。"))
        found = check_backup(path_of(backup))
        if (found.entries, found.hash) != (backup.entries, backup.hash):
            raise BackupRefused(_("留痕的末端和写下时不同。"))
        without = damaged_words(found)
    except (BackupRefused, OSError) as error:
        problem = str(error)
    with transaction.atomic():
        checked = BackupFile.Checked.BAD if problem else BackupFile.Checked.GOOD
        BackupFile.objects.filter(pk=backup.pk).update(
            checked=checked, checking=now(), problem=problem or without
        )
        append(
            actor=actor,
            action="backup.verified",
            subject_kind="backup",
            subject_id=backup.name,
            after={"file": backup.name, "good": not problem},
            reason=problem,
        )


def damaged_words(found: Backup) -> str:
    """That some files of attachments were damaged or gone when the backup was written; empty where none was."""
    if not found.damaged:
        return ""
    return _("有 %d 个附件文件在备份时已损坏或不在，其余都在备份里。") % len(found.damaged)


@transaction.atomic
def change_rules(*, actor: Account, nightly: bool, keep: int) -> None:
    """Say whether a backup is made every night, and how many of those are kept. One entry, where it changes."""
    require(actor, Verb.BACK_UP)
    before = backup_rules()
    told = {"nightly": before.nightly, "keep": before.keep}
    if told == {"nightly": nightly, "keep": keep}:
        return
    BackupRules(id=1, nightly=nightly, keep=keep).save()
    append(
        actor=actor,
        action="backup_rules.changed",
        subject_kind="backup_rules",
        subject_id="backup_rules",
        before=told,
        after={"nightly": nightly, "keep": keep},
    )


def nightly() -> str:
    """Make the night's backup, read it back, and let the oldest of its kind go; a sentence of what was done.

    Of those that failed the last alone stays in the list.

    Raises BackupRefused where none could be made.
    """
    rules = backup_rules()
    if not rules.nightly:
        return _("没有设自动备份。")
    BackupFile.objects.filter(scheduled=True, state=BackupFile.State.FAILED).delete()
    try:
        backup = begin(actor=None, scheduled=True)
    except ValidationError as error:
        raise BackupRefused("".join(error.messages)) from error
    make(backup, actor=None)
    verify(backup, actor=None)
    backup.refresh_from_db()
    if backup.checked != BackupFile.Checked.GOOD:
        raise BackupRefused(_("备份写好了，但读回来不对：%s") % backup.problem)
    gone = let_go(rules.keep)
    return _("备份到 %(name)s，已核验；删去旧的 %(gone)d 份。") % {"name": backup.name, "gone": gone}


def let_go(keep: int) -> int:
    """Delete all but the last `keep` of the backups that were made by themselves; how many files went."""
    made = BackupFile.objects.filter(scheduled=True, state=BackupFile.State.WHOLE)
    gone = 0
    for one in list(made.order_by("-id")[keep:]):
        gone += path_of(one).exists()
        path_of(one).unlink(missing_ok=True)
        one.delete()
    return gone


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
