"""The arithmetic of the chain: canonical JSON, hashes, and digests of personal fields."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

GENESIS = "0" * 64
PERSONAL_FIELDS = frozenset({"phone"})
_TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-－ ]?\d{7,8})(?!\d)")


def canonical(value: Any) -> str:
    """`value` as JSON in one form only: sorted keys, no blanks, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(text: str) -> str:
    """The SHA-256 (hex) of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()


def personal_digest(text: str) -> str:
    """A keyed digest in place of a personal value: equal values stay equal, the value cannot be read back."""
    key = hashlib.sha256(b"guatu.record.personal:" + settings.SECRET_KEY.encode()).digest()
    return "hmac-sha256:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def without_personal(value: Any) -> Any:
    """`value` with personal fields, and telephone numbers inside any text, replaced by their keyed digest."""
    if isinstance(value, Mapping):
        return {
            str(key): personal_digest(str(item))
            if key in PERSONAL_FIELDS and item is not None
            else without_personal(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_personal(item) for item in value]
    if isinstance(value, str):
        return _TELEPHONE.sub(lambda found: personal_digest(found[0]), value)
    return value


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
                "time": time.astimezone(UTC).isoformat(timespec="microseconds"),
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
