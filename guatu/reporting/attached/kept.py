"""What is kept of a file that was handed in with a report, and why one is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


class NotTaken(ValueError):
    """A file that is no photograph or video as they are taken; the message names it and says how to mend it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photograph was taken: degrees, north and east positive, shown to four decimals (some ten metres)."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        north, east = "N" if self.latitude >= 0 else "S", "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude):.4f}°{north} {abs(self.longitude):.4f}°{east}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept: `content` without anything of what the camera wrote into the original.

    `original` is the SHA-256 of the file as handed in. `taken` and `place` were read from the
    original before it was cleaned; None where it does not say. `taken` has no zone where the camera wrote its own
    clock (a photograph). `likeness`: 64 bits by which pictures are
    compared, None of a video; `thumbnail` is a small JPEG, empty for a video. `seconds` is how long a video lasts.
    """

    original: str
    content: bytes
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0
    seconds: int = 0
    taken: datetime | None = None
    place: Place | None = None
    likeness: int | None = None


def digest_of(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return sha256(content).hexdigest()
