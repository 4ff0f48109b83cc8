"""Whether a photograph was already handed in with another report: the same file, or a picture that looks the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.reporting.attached.photo import bits_apart


@dataclass(frozen=True, slots=True)
class Pictured:
    """A photograph with a report: of which project and time (`when` in words, `period` as it is kept)."""

    code: str
    period: str
    when: str
    original: str
    likeness: int | None
    caption: str = ""

    @property
    def number(self) -> str:
        """By what people call it: the first digits of the digest of its original."""
        return self.original[:8]


def reused(photos: Iterable[Pictured], earlier: Sequence[Pictured], bits: int) -> tuple[Finding, ...]:
    """A question for each photograph that one of the `earlier` ones repeats, with the nearest of them.

    Two look the same where they differ in at most `bits` of 64. Photographs of the same report are not compared.
    The project of the earlier one is named only where it is the same, as the reader may not know the other.
    """
    found = []
    for photo in photos:
        apart = [
            (distance, one)
            for one in earlier
            if (one.code, one.period) != (photo.code, photo.period)
            and (distance := _distance(photo, one)) is not None
            and distance <= bits
        ]
        if apart:
            distance, nearest = min(apart, key=lambda pair: (pair[0], pair[1].period, pair[1].code))
            found.append(_question(photo, nearest, distance))
    return tuple(found)


def _distance(one: Pictured, other: Pictured) -> int | None:
    if one.original == other.original:
        return 0
    if one.likeness is None or other.likeness is None:
        return None
    return bits_apart(one.likeness, other.likeness)


def _question(photo: Pictured, before: Pictured, distance: int) -> Finding:
    name = f"{photo.number}“{photo.caption}”" if photo.caption else photo.number
    whose = _("本项目") if before.code == photo.code else _("另一个项目")
    if photo.original == before.original:
        said = _("照片 {name}与{whose}{when}所附的一张是同一个文件。").format(
            name=name, whose=whose, when=before.when
        )
    else:
        said = _("照片 {name}与{whose}{when}所附的一张看上去相同（64 位特征差 {bits} 位）。").format(
            name=name, whose=whose, when=before.when, bits=distance
        )
    return finding(
        "photo_reused",
        said,
        file="",
        found=_("照片 {number}").format(number=photo.number),
        expected=_("这次现场的照片"),
        project=photo.code,
        period=photo.period,
        field="attachments",
    )
