"""The long work of an import, outside the request: reading the files, and saving what was previewed."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from guatu.findings import Finding
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.clock import today
from guatu.server.imports.absent import with_absent_kept
from guatu.server.imports.actions import MAPPING_ENDING, failed, previewed, save, told
from guatu.server.imports.models import Import
from guatu.server.imports.preview import preview_of
from guatu.server.schemes.queries import scheme_in_force
from guatu.workbooks.mapping import MappingError, load_mapping
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading
from guatu.workbooks.sheets import WorkbookError

LOG = logging.getLogger(__name__)
STEP = 500
"""After so many rows the page is told how far the reading is."""


def in_background(number: int, actor: Account | None = None) -> threading.Thread:
    """Begin `go_on` in a thread of this process and return it at once; the page asks how far it is."""
    thread = threading.Thread(target=_apart, args=(number, actor), daemon=True, name=f"import-{number}")
    thread.start()
    return thread


def _apart(number: int, actor: Account | None) -> None:
    try:
        go_on(number, actor)
    finally:
        connection.close()


def go_on(number: int, actor: Account | None = None) -> None:
    """Do what the import's state asks for: read and preview, or save. Never raises; the import says what went wrong.

    Nothing is half-saved: saving is one transaction. About 2,000 rows a second.
    """
    batch = Import.objects.get(pk=number)
    try:
        scheme = scheme_in_force()
        reading = read(batch, scheme)
        if batch.state == Import.State.SAVING:
            save(batch, reading, scheme, actor=actor)
        else:
            preview = preview_of(reading, scheme, valid_from=batch.valid_from, year=batch.year, day=today())
            previewed(batch, preview)
    except (WorkbookError, MappingError) as error:
        failed(batch, str(error))
    except ValidationError as error:
        failed(batch, "\n".join(error.messages))
    except PermissionDenied:
        failed(batch, _("确认的人现在没有导入的权限，没有保存。"))
    except Exception:
        LOG.exception("import %s", number)
        failed(batch, _("读取时出了意外，什么也没有保存。请重新读取；再不行，请把这几个文件交给系统管理员。"))


def read(batch: Import, scheme: Scheme) -> Reading:
    """Read the files of an import by the limits and due days of the scheme. Raises WorkbookError, MappingError."""
    with tempfile.TemporaryDirectory(prefix="guatu-import-") as folder:
        paths, mapping = [], None
        for file in batch.files.all():
            path = Path(folder) / file.name
            path.write_bytes(bytes(file.content))
            if file.name.lower().endswith(MAPPING_ENDING):
                mapping = path
            else:
                paths.append(path)
        try:
            reading = read_workbooks(
                paths,
                mapping=load_mapping(mapping) if mapping else None,
                settings=scheme.check_settings,
                progress=_Progress(batch).tell,
                due=scheme.due if scheme.text.report else None,
            )
        except (WorkbookError, MappingError) as error:
            raise type(error)(str(error).replace(f"{folder}/", "")) from error
    if batch.whole:
        return reading
    return with_absent_kept(reading, valid_from=batch.valid_from, year=batch.year)


class _Progress:
    """Tells the page every five hundred rows."""

    def __init__(self, batch: Import) -> None:
        self._batch = batch
        self._doubts = 0
        self._told = 0

    def tell(self, rows: int, findings: Sequence[Finding]) -> None:
        self._doubts += len(findings)
        if rows - self._told >= STEP:
            self._told = rows
            told(self._batch, rows, self._doubts)
