"""A file as handed in, whatever it is called → a photograph or a video as it is kept."""

from __future__ import annotations

from typing import Literal

from guatu.reporting.attached.kept import Kept, NotTaken
from guatu.reporting.attached.photo import kept_photo
from guatu.reporting.attached.video import kept_video, looks_like_video

Kind = Literal["photo", "video"]
PICTURES_IN_BOXES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
"""Pictures that come in the boxes of a video: photographs of a kind that is not read here."""


def read_attached(name: str, content: bytes, video_bytes: int) -> tuple[Kind, Kept]:
    """Which of the two a file is by its content, and what is kept of it; a video weighs at most `video_bytes`.

    Raises NotTaken, with a sentence that names the file.
    """
    if looks_like_video(content) and content[8:12] not in PICTURES_IN_BOXES:
        return "video", kept_video(name, content, video_bytes)
    return "photo", kept_photo(name, content)


__all__ = ["Kind", "NotTaken", "read_attached"]
