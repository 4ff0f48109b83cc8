"""What a scheme says of the photographs and short videos of a report."""

from __future__ import annotations

from pydantic import Field

from guatu.written import Part

SURE_BITS = 7
"""Up to so many different bits pictures that look alike are found without comparing every one with every other."""


class AttachmentRule(Part):
    """[form.attachments]: photographs and short videos beside the figures. None is asked for unless `photos_least` says so.

    A report takes up to `photos_most` photographs and `videos_most` videos of at most `video_megabytes` each; 0
    takes none. A photograph is questioned that differs in at most `alike_bits` of 64 bits from one that came with
    another report.
    """

    photos_least: int = Field(default=0, ge=0, le=9)
    photos_most: int = Field(default=9, ge=0, le=9)
    videos_most: int = Field(default=3, ge=0, le=9)
    video_megabytes: int = Field(default=50, ge=1, le=200)
    alike_bits: int = Field(default=5, ge=0, le=SURE_BITS)
    clause: str | None = None
    local_choice: str | None = None

    @property
    def video_bytes(self) -> int:
        """What a video may weigh, in bytes."""
        return self.video_megabytes * 1024 * 1024
