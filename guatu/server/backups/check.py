"""Reading a backup back without restoring it: every byte, every row, the record from first entry to last."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.utils.translation import gettext as _

from guatu.record.chain import Walk
from guatu.reporting.attached.kept import digest_of
from guatu.server.backup import FILES, FORMAT, Backup, BackupRefused
from guatu.server.record.models import Entry

ENTRIES = "rows/record.entry.jsonl"


def _entries(line: bytes) -> Iterator[Entry]:
    for one in serializers.deserialize("jsonl", line.decode()):
        assert isinstance(one.object, Entry)
        yield one.object


def check_backup(path: Path) -> Backup:
    """What the backup holds. Raises BackupRefused for one that could not be restored; nothing is written anywhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            manifest = json.loads(archive.read("manifest.json"))
            if damaged or manifest.get("format") != FORMAT:
                raise BackupRefused(_("“%s”已损坏，或来自更新的版本。") % path)
            archive.getinfo("secret-key")
            rows = 0
            for name in archive.namelist():
                if name.startswith("rows/"):
                    with archive.open(name) as table:
                        rows += sum(1 for _line in table)
                elif name.startswith(FILES) and digest_of(archive.read(name)) != name.removeprefix(FILES):
                    raise BackupRefused(
                        _("备份里的附件文件“%s”对不上它的摘要。") % name.removeprefix(FILES)[:12]
                    )
            walk = Walk()
            with archive.open(ENTRIES) as table:
                for line in table:
                    if not walk.take(_entries(line)):
                        break
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, DeserializationError) as error:
        raise BackupRefused(_("“%s”不是挂图的备份文件，或者读不出来。") % path) from error
    found = walk.end(manifest["entries"], manifest["hash"])
    if not found.whole:
        raise BackupRefused(_("备份里的留痕对不上：%s") % found.message)
    if rows != manifest["rows"]:
        raise BackupRefused(
            _("备份里应有 %(should)d 行，实有 %(there)d 行。") % {"should": manifest["rows"], "there": rows}
        )
    return Backup(
        rows, found.entries, found.hash, manifest.get("files", 0), tuple(manifest.get("damaged", ()))
    )
