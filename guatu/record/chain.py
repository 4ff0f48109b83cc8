"""The chain of the record: canonical JSON, the hash of an entry, and the walk that proves a chain whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from guatu.language import gettext as _

GENESIS: Final = "0" * 64
"""What the first entry names as the hash before it."""
COLUMNS: Final = (
    "sequence", "time", "actor", "post", "action", "subject_kind", "subject_id", "before", "after", "reason",
    "previous_hash",
)  # fmt: skip
"""What the hash of an entry is over."""
PRINTED: Final = 16
"""Hex digits of a hash that a bulletin prints."""
SHORTEST_NOTE: Final = 8
"""So many hex digits of a hash must have been noted down."""


class Chained(Protocol):
    """An entry of the record, from whichever store."""

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


def canonical(value: Any) -> str:
    """`value` as JSON in one form only: sorted keys, no blanks, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(text: str) -> str:
    """The SHA-256 (hex) of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def moment_text(time: datetime) -> str:
    """A moment as the hash takes it: UTC, microseconds."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def entry_hash(
    *,
    sequence: int,
    time: datetime,
    actor: str,
    post: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    before: str,
    after: str,
    reason: str,
    previous_hash: str,
) -> str:
    """The hash of an entry with these columns."""
    return digest(
        canonical(
            {
                "sequence": sequence,
                "time": moment_text(time),
                "actor": actor,
                "post": post,
                "action": action,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "before": before,
                "after": after,
                "reason": reason,
                "previous_hash": previous_hash,
            }
        )
    )


def hash_of(entry: Chained) -> str:
    """The hash that an entry with this content must have."""
    return entry_hash(**{column: getattr(entry, column) for column in COLUMNS})


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The last entry of the record at some moment, as a bulletin prints it."""

    sequence: int
    hash: str
    time: datetime

    @property
    def short(self) -> str:
        """`1234:5e0f9a1b2c3d4e5f`: what `guatu verify --head` takes."""
        return f"{self.sequence}:{self.hash[:PRINTED]}"


@dataclass(frozen=True, slots=True)
class Noted:
    """A head noted outside the database: the first digits of its hash, and its sequence where it was noted."""

    hash: str
    sequence: int | None = None

    def __str__(self) -> str:
        return self.hash if self.sequence is None else f"{self.sequence}:{self.hash}"


def noted(text: str) -> Noted:
    """`1234:5e0f…` or `5e0f…`, as printed or with blanks and capitals. Raises ValueError (Chinese)."""
    found = re.fullmatch(r"\s*(?:(?:第\s*)?(\d+)\s*(?:条|[:：]))?\s*([0-9a-fA-F ]+?)\s*", text)
    digits = found[2].replace(" ", "").lower() if found else ""
    if not found or not SHORTEST_NOTE <= len(digits) <= 64:
        raise ValueError(
            _("“{text}”不是末端：应写作 序号:摘要，例如 1234:5e0f9a1b2c3d4e5f；摘要至少 {n} 位。").format(
                text=text, n=SHORTEST_NOTE
            )
        )
    return Noted(digits, int(found[1]) if found[1] else None)


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a walk along the chain found.

    `entries` were walked; `broken_at` is the first sequence number at which the chain does not hold (None:
    it is whole), `message` says what is wrong there. `hash` and `time` are those of the last entry walked:
    noted down outside the database, the hash proves later that nobody wrote the whole chain anew.
    `noted_at` is the entry that has the hash asked for, None where the chain does not hold it.
    """

    entries: int
    hash: str
    broken_at: int | None = None
    message: str = ""
    time: datetime | None = None
    noted: Noted | None = None
    noted_at: int | None = None

    @property
    def whole(self) -> bool:
        return self.broken_at is None

    @property
    def holds(self) -> bool:
        """The chain is whole, and still contains the head that was asked for, if any."""
        return self.whole and (self.noted is None or self.noted_at is not None)


class Walk:
    """A walk along the chain, entry by entry from the first; it stops at the first that does not hold."""

    def __init__(self, note: Noted | None = None) -> None:
        self.entries = 0
        self.hash = GENESIS
        self._time: datetime | None = None
        self._note = note
        self._noted_at: int | None = None
        self._broken: tuple[int, str] | None = None

    def take(self, entries: Iterable[Chained]) -> bool:
        """Walk on over the next entries, in their order; False as soon as the chain does not hold."""
        return all(self._step(entry) for entry in entries)

    def _step(self, entry: Chained) -> bool:
        expected = self.entries + 1
        if entry.sequence != expected:
            return self.stop(_("第 {n} 条缺失。").format(n=expected))
        if entry.previous_hash != self.hash:
            return self.stop(_("第 {n} 条与前一条接不上。").format(n=expected))
        if entry.hash != hash_of(entry):
            return self.stop(_("第 {n} 条的内容被改动过。").format(n=expected))
        self.entries, self.hash, self._time = expected, entry.hash, entry.time
        if self._note and self._note.sequence in (None, expected) and entry.hash.startswith(self._note.hash):
            self._noted_at = expected
        return True

    def stop(self, message: str) -> bool:
        """The chain does not hold at the next entry."""
        self._broken = (self.entries + 1, message)
        return False

    def end(self, sequence: int | None, hash: str) -> VerifyResult:
        """The walk has seen the last entry: compare it with the end that was kept apart (None: it is gone)."""
        if self._broken is None and sequence is None:
            self.stop(_("链尾的记录不见了。"))
        elif self._broken is None and sequence != self.entries:
            self.stop(
                _("链尾对不上：应有 {should} 条，现有 {there} 条。").format(
                    should=sequence, there=self.entries
                )
            )
        elif self._broken is None and (hash if self.entries else GENESIS) != self.hash:
            self.stop(_("链尾对不上：最后一条的摘要与链尾记下的不同。"))
        broken_at, message = self._broken or (None, "")
        return VerifyResult(
            self.entries, self.hash, broken_at, message, self._time, self._note, self._noted_at
        )
