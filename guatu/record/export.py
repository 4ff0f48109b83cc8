"""The record as a file of JSON lines: written from any store, read and proved without one.

The first line names the format and the end of the chain; each further line is one entry with all its columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from guatu.language import gettext as _
from guatu.record.chain import COLUMNS, Chained, Noted, VerifyResult, Walk, moment_text

FORMAT: Final = "guatu-record/1"
KEYS: Final = (*COLUMNS, "hash")


class RecordFileError(Exception):
    """A file that cannot be read as a record; the message (Chinese) names line and key, and the cure."""


@dataclass(slots=True)
class Line:
    """One entry as read from a file."""

    sequence: int
    time: datetime
    actor: str
    post: str
    action: str
    subject_kind: str
    subject_id: str
    before: str
    after: str
    reason: str
    previous_hash: str
    hash: str


def is_record(path: Path) -> bool:
    """Whether the file begins as a record does. Raises OSError."""
    with path.open("rb") as file:
        return FORMAT.encode() in file.read(200)


def lines_of(entries: Iterable[Chained], *, sequence: int, hash: str, version: str) -> Iterator[str]:
    """The lines of the file, each with its line break, for the entries of a chain that ends at `sequence`."""
    yield _line({"format": FORMAT, "version": version, "entries": sequence, "hash": hash})
    for entry in entries:
        row = {key: getattr(entry, key) for key in KEYS}
        yield _line({**row, "time": moment_text(entry.time)})


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def verify_file(path: Path, note: Noted | None = None) -> VerifyResult:
    """Prove the record in a file from its first entry to the end that its first line names.

    Every line is read once, one at a time. Raises RecordFileError for a file that is no record or holds a
    line that cannot be read, OSError where it cannot be opened.
    """
    with path.open(encoding="utf-8") as file:
        try:
            head = _read(next(file, ""), 1, path)
            if head.get("format") != FORMAT or not isinstance(head.get("entries"), int):
                raise RecordFileError(
                    _("“{file}”不是挂图导出的留痕，或来自更新的版本：第 1 行应写明 {format}。").format(
                        file=path, format=FORMAT
                    )
                )
            walk = Walk(note)
            walk.take(_entry(_read(text, number, path), number, path) for number, text in enumerate(file, 2))
        except UnicodeDecodeError as error:
            raise RecordFileError(
                _("“{file}”不是 UTF-8 文本，请用导出的原文件核对。").format(file=path)
            ) from error
    return walk.end(head["entries"], str(head.get("hash", "")))


def _read(text: str, number: int, path: Path) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise RecordFileError(
            _("“{file}”第 {n} 行不是一条留痕：应是一个 JSON 对象，请用导出的原文件核对。").format(
                file=path, n=number
            )
        )
    return row


def _entry(row: dict[str, Any], number: int, path: Path) -> Line:
    for key in KEYS:
        wanted = int if key == "sequence" else str
        if not isinstance(row.get(key), wanted):
            raise RecordFileError(
                _("“{file}”第 {n} 行缺少 {key}，或它不是{kind}；请用导出的原文件核对。").format(
                    file=path, n=number, key=key, kind=_("整数") if wanted is int else _("文字")
                )
            )
    try:
        time = datetime.fromisoformat(row["time"])
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise RecordFileError(
            _("“{file}”第 {n} 行的 time 不是带时区的时间：“{time}”。").format(
                file=path, n=number, time=row["time"]
            )
        )
    return Line(**{**{key: row[key] for key in KEYS}, "time": time})
