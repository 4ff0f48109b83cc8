"""The secrets of channels as they lie in the database: encrypted under the secret key of the installation."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class KeyLost(Exception):
    """The secret key is another one than that under which a secret was sealed."""


def seal(secrets: Mapping[str, str]) -> str:
    """The secrets, encrypted."""
    return _lock().encrypt(json.dumps(dict(secrets)).encode()).decode()


def opened(sealed: str) -> dict[str, str]:
    """What `seal` closed. Raises KeyLost under another key."""
    try:
        found: dict[str, str] = json.loads(_lock().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise KeyLost from error
    return found


def _lock() -> Fernet:
    key = hashlib.sha256(b"guatu.messages.sealed:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
