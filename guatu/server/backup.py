"""Everything that an installation keeps, in one file that either database can be restored from."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from guatu import __version__
from guatu.reporting.attached.kept import digest_of
from guatu.server.accounts.models import SignedIn
from guatu.server.clock import now
from guatu.server.record.models import Entry, Head
from guatu.server.record.queries import verify
from guatu.server.reporting import attachment_files
from guatu.server.reporting.attachment_queries import digests_in_use

FORMAT: Final = "guatu-backup/1"
APPS: Final = (
    "accounts",
    "record",
    "access",
    "timed",
    "portfolio",
    "reporting",
    "given",
    "proposals",
    "imports",
    "assessment",
    "documents",
    "guatu_messages",
    "mfa",
    "socialaccount",
)
"""What is kept, in this order. Sessions and failed sign-ins are not."""
BATCH: Final = 500
FILES: Final = "attachments/"


class BackupRefused(Exception):
    """A backup that cannot be written or restored; the message (Chinese) says why and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: rows in all, entries of the record, and the hash at the end of the record.

    `files` is how many files of attachments are in it, `damaged` the digests of those that were gone or no longer
    what their digest says when it was written: everything else is kept all the same.
    """

    rows: int
    entries: int
    hash: str
    files: int = 0
    damaged: tuple[str, ...] = ()


def write_backup(path: Path) -> Backup:
    """Write everything into the zip file `path` (readable by its owner alone) while the server runs.

    The file is whole or not there. Raises BackupRefused when it exists, or the record does not hold.
    """
    if path.exists():
        raise BackupRefused(_("“%s”已经存在，请换一个文件名。") % path)
    part = path.with_name(path.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, transaction.atomic():
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            backup = _write(file)
        part.replace(path)
    except OSError as error:
        raise BackupRefused(_("不能写“%(file)s”：%(why)s") % {"file": path, "why": error.strerror}) from error
    finally:
        part.unlink(missing_ok=True)
    return backup


def _write(file: io.BufferedIOBase | io.BufferedWriter) -> Backup:
    record = verify()
    if not record.whole:
        raise BackupRefused(_("留痕不完整，没有备份：%s") % record.message)
    rows = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for model in _models():
            with archive.open(f"rows/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as table:
                for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
                    table.write(
                        serializers.serialize("jsonl", [row], ensure_ascii=False).strip().encode() + b"\n"
                    )
                    rows += 1
        files, damaged = _write_files(archive)
        archive.writestr("secret-key", settings.SECRET_KEY)
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "written": now().isoformat(timespec="seconds"),
            "rows": rows,
            "entries": record.entries,
            "hash": record.hash,
            "files": files,
            "damaged": damaged,
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return Backup(rows, record.entries, record.hash, files, tuple(damaged))


def _write_files(archive: zipfile.ZipFile) -> tuple[int, list[str]]:
    """The files of the attachments, each held against its digest: how many, and the digests of the damaged ones."""
    damaged, digests = [], sorted(digests_in_use())
    for name in digests:
        try:
            archive.writestr(f"{FILES}{name}", attachment_files.content_of(name), zipfile.ZIP_STORED)
        except attachment_files.Damaged:
            damaged.append(name)
    return len(digests) - len(damaged), damaged


def restore_backup(path: Path) -> Backup:
    """Fill the empty, migrated database from a backup, and check that the record holds as it did then.

    The secret key comes back with it unless the environment gives one. Raises BackupRefused for a file that
    is no backup, is damaged or newer, or where the database holds anything already: nothing is changed then.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            manifest = json.loads(archive.read("manifest.json"))
            if damaged or manifest.get("format") != FORMAT:
                raise BackupRefused(_("“%s”已损坏，或来自更新的版本。") % path)
            with transaction.atomic():
                rows = _restore(archive)
                _restore_files(archive, set(manifest.get("damaged", ())))
                found = verify()
                if (
                    rows != manifest["rows"]
                    or not found.whole
                    or (found.entries, found.hash) != (manifest["entries"], manifest["hash"])
                ):
                    raise BackupRefused(_("备份里的留痕对不上，没有恢复：%s") % found.message)
            key = archive.read("secret-key").decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BackupRefused(_("“%s”不是挂图的备份文件，或者读不出来。") % path) from error
    _keep_key(key)
    return Backup(
        manifest["rows"],
        manifest["entries"],
        manifest["hash"],
        manifest.get("files", 0),
        tuple(manifest.get("damaged", ())),
    )


def _restore_files(archive: zipfile.ZipFile, damaged: set[str]) -> None:
    """Bring the files of the attachments back, each held against its digest. Raises BackupRefused where one that an
    attachment refers to is not in the backup, or is not what its name says."""
    there = {name.removeprefix(FILES) for name in archive.namelist() if name.startswith(FILES)}
    missing = digests_in_use() - there - damaged
    if missing:
        raise BackupRefused(_("备份里缺 %d 个附件文件，没有恢复。") % len(missing))
    for name in sorted(there):
        content = archive.read(f"{FILES}{name}")
        if digest_of(content) != name:
            raise BackupRefused(_("备份里的附件文件“%s”对不上它的摘要，没有恢复。") % name[:12])
        attachment_files.keep(content)


def _restore(archive: zipfile.ZipFile) -> int:
    """Fill the tables; how many rows. A backup of an earlier version has no file for a table that is newer."""
    there = set(archive.namelist())
    rows = 0
    if Entry.objects.exists() or any(
        model._base_manager.exists() for model in _models() if model is not Head
    ):
        raise BackupRefused(_("数据库里已有数据；请恢复到一个空的数据库（先运行 guatu migrate）。"))
    Head.objects.all().delete()
    for model in _models():
        name = f"rows/{model._meta.label_lower}.jsonl"
        if name not in there:
            continue
        with archive.open(name) as table:
            for some in _batches(table):
                rows += len(some)
                model._base_manager.bulk_create(
                    [found.object for found in serializers.deserialize("jsonl", b"".join(some).decode())]
                )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
    return rows


def _batches(table: Iterator[bytes] | zipfile.ZipExtFile) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for line in table:
        some.append(line)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some


def _models() -> list[type[models.Model]]:
    """The kept tables; a table that others point to comes first."""
    kept = [
        model for label in APPS for model in apps.get_app_config(label).get_models() if model is not SignedIn
    ]
    return list(serializers.sort_dependencies([(apps.get_app_config("accounts"), kept)]))


def _keep_key(key: str) -> None:
    if os.environ.get("GUATU_SECRET_KEY"):
        return
    path = settings.HOME / "secret-key"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
