"""The files of attachments: each in the folder of the installation, named by the SHA-256 of its content."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from guatu.reporting.attached.kept import digest_of

NAME: Final = re.compile(r"[0-9a-f]{64}")
YOUNG: Final = 24 * 60 * 60.0
"""Seconds for which a file that nothing refers to is left alone: its rows may be about to be written."""


class Damaged(Exception):
    """A file that is gone, or whose content is no longer what its name says; the message is its digest."""


def folder() -> Path:
    """Where the files lie."""
    path: Path = settings.HOME / "attachments"
    return path


def path_of(digest: str) -> Path:
    """Where the file of this digest lies, or would. Raises ValueError for what is no digest."""
    if not NAME.fullmatch(digest):
        raise ValueError(digest)
    return folder() / digest[:2] / digest


def keep(content: bytes) -> str:
    """Keep a content and return its digest; the file is whole or not there, readable by its owner alone.

    What is there already is only made young again. Raises OSError where it cannot be written.
    """
    digest = digest_of(content)
    path = path_of(digest)
    if path.exists() and path.stat().st_size == len(content):
        os.utime(path)
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{digest}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return digest


def content_of(digest: str) -> bytes:
    """The content of a digest, held against it. Raises Damaged."""
    try:
        content = path_of(digest).read_bytes()
    except OSError as error:
        raise Damaged(digest) from error
    if digest_of(content) != digest:
        raise Damaged(digest)
    return content


def forget_unused(used: Collection[str]) -> int:
    """Delete the files that are not in `used` and a day old; how many."""
    gone, oldest = 0, time.time() - YOUNG
    for path in _files():
        if path.name not in used and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _files() -> Iterator[Path]:
    return folder().glob("??/*")
