"""The chain as the server writes it, and what takes the place of personal values in it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from guatu.record.chain import GENESIS, canonical, digest, entry_hash

__all__ = [
    "GENESIS", "canonical", "digest", "entry_hash", "holds_personal", "personal_digest", "separated",
    "without_personal",
]  # fmt: skip

PERSONAL_FIELDS: Final = frozenset({"phone", "telephone", "mobile", "email", "id_number"})
"""Fields whose whole value is personal, whatever it looks like."""
SUBSTITUTE: Final = "hmac-sha256:"
_PERSONAL: Final = re.compile(
    r"(?P<digest>(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f]))"
    r"|(?<!\d)(?:1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[-－ ]?\d{7,8})(?!\d)"
    r"|(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    re.ASCII,
)
"""Mobile and landline numbers, numbers of identity cards, e-mail addresses. A digest may hold eleven digits
in a row by chance; it is left as it is."""


def personal_digest(text: str) -> str:
    """A keyed digest in place of a personal value: equal values stay equal, the value cannot be read back."""
    key = hashlib.sha256(b"guatu.record.personal:" + settings.SECRET_KEY.encode()).digest()
    return SUBSTITUTE + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def without_personal(value: Any) -> Any:
    """`value` with personal fields, and what is personal inside any text, replaced by keyed digests."""
    return separated(value)[0]


def separated(value: Any) -> tuple[Any, dict[str, str]]:
    """`value` as it may enter the chain, and the personal values taken out of it by their digests."""
    taken: dict[str, str] = {}
    return _cleaned(value, taken), taken


def holds_personal(text: str) -> bool:
    """Whether a text holds a telephone number, the number of an identity card or an e-mail address."""
    return any(not found["digest"] for found in _PERSONAL.finditer(text))


def _cleaned(value: Any, taken: dict[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            _cleaned(str(key), taken): _taken(str(item), taken)
            if key in PERSONAL_FIELDS and item not in (None, "")
            else _cleaned(item, taken)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_cleaned(item, taken) for item in value]
    if isinstance(value, str):
        return _PERSONAL.sub(lambda found: found[0] if found["digest"] else _taken(found[0], taken), value)
    return value


def _taken(text: str, taken: dict[str, str]) -> str:
    substitute = personal_digest(text)
    taken[substitute] = text
    return substitute
