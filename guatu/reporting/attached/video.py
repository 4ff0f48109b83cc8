"""A short video (MP4) as handed in → the same film without what the camera wrote beside it.

Nothing is decoded: an MP4 is a tree of boxes. Boxes that hold no film (place, maker, timed metadata) are written
over with nothing of the same length, so that every offset in the file stays right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from guatu.language import gettext as _
from guatu.reporting.attached.kept import Kept, NotTaken, digest_of

PARENTS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex", b"edts"})
"""Boxes that hold further boxes."""
EMPTIED: Final = frozenset({b"udta", b"meta", b"uuid", b"skip", b"free", b"wide", b"XMP_", b"mett"})
"""Boxes beside the film: places, makers, titles, comments. What is in them is blanked."""
FILMED: Final = frozenset({b"vide", b"soun"})
"""The kinds of track that are film; every other (places along the way, texts) is blanked with its samples."""
TOP: Final = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"pdin"}) | EMPTIED
BRANDS: Final = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"qt  ",
)
ACCEPTED: Final = "video/mp4,video/quicktime"
EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
MOST_SAMPLES: Final = 2_000_000


class _Broken(ValueError):
    """The boxes do not fit into one another."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def looks_like_video(content: bytes) -> bool:
    """Whether the file begins as an MP4 (or MOV) does, whatever its name."""
    return content[4:8] == b"ftyp"


def kept_video(name: str, content: bytes, most_bytes: int) -> Kept:
    """Check an MP4 by its content and blank everything in it that is not the film. Raises NotTaken.

    `most_bytes` is what a video may weigh. The moment is the one that the camera wrote, in UTC, where it did.
    """
    if len(content) > most_bytes:
        raise NotTaken(
            _("“{name}”有 {size} MB，短视频每段不超过 {most} MB，请剪短或压缩后再附。").format(
                name=name, size=-(-len(content) // (1024 * 1024)), most=most_bytes // (1024 * 1024)
            )
        )
    clean = bytearray(content)
    try:
        seconds, made = _cleaned(clean)
    except (_Broken, IndexError) as error:
        raise NotTaken(
            _("“{name}”不是能放的短视频，请用 MP4（手机直接拍的即可）。").format(name=name)
        ) from error
    return Kept(original=digest_of(content), content=bytes(clean), seconds=seconds, taken=made)


def _cleaned(data: bytearray) -> tuple[int, datetime | None]:
    """Blank what is not film, in place; how long it lasts and when it was made. Raises _Broken."""
    top = list(_boxes(data, 0, len(data)))
    if not top or top[0].kind != b"ftyp" or not _brand(data, top[0]):
        raise _Broken
    films = [box for box in top if box.kind == b"moov"]
    if len(films) != 1 or not any(box.kind == b"mdat" for box in top):
        raise _Broken
    for box in top:
        if box.kind not in TOP or box.kind in EMPTIED:
            _blank(data, box)
    headers = [box for box in _boxes(data, films[0].body, films[0].end) if box.kind == b"mvhd"]
    if len(headers) != 1:
        raise _Broken
    seconds, made = _header(data, headers[0])
    kinds = {
        _track_kind(data, box) for box in _boxes(data, films[0].body, films[0].end) if box.kind == b"trak"
    }
    in_fragments = any(box.kind == b"moof" for box in top)
    if b"vide" not in kinds or (in_fragments and kinds - FILMED):
        raise _Broken  # what lies beside the film in fragments is not found by the tables that are read here
    _clean(data, films[0])
    return seconds, made


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    """The boxes one after the other between two places. Raises _Broken where one does not fit."""
    while start < end:
        if end - start < 8:
            if any(data[start:end]):
                raise _Broken
            return  # QuickTime ends some lists with four zeros
        size, kind, body = _number(data, start, 4), bytes(data[start + 4 : start + 8]), start + 8
        if size == 1:
            size, body = _number(data, start + 8, 8), start + 16
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise _Broken
        yield _Box(kind, start, body, start + size)
        start += size


def _number(data: bytearray, at: int, length: int) -> int:
    if at + length > len(data):
        raise _Broken
    return int.from_bytes(data[at : at + length], "big")


def _brand(data: bytearray, box: _Box) -> bool:
    brands = bytes(data[box.body : box.end])
    return any(brands[at : at + 4] in BRANDS for at in (0, *range(8, len(brands), 4)))


def _header(data: bytearray, box: _Box) -> tuple[int, datetime | None]:
    """Length in whole seconds, and the moment the film was made; the moment is then blanked."""
    wide = 8 if data[box.body] == 1 else 4
    at = box.body + 4
    made = _number(data, at, wide)
    scale, length = _number(data, at + 2 * wide, 4), _number(data, at + 2 * wide + 4, wide)
    if not scale:
        raise _Broken
    data[at : at + 2 * wide] = bytes(2 * wide)
    moment = EPOCH + timedelta(seconds=made) if 0 < made < 2**33 else None
    return min(round(length / scale), 2**31 - 1), moment if moment and moment.year >= 1990 else None


def _clean(data: bytearray, parent: _Box) -> None:
    """Blank what is not film below a box, and the moments at which its parts were made."""
    for box in list(_boxes(data, parent.body, parent.end)):
        if box.kind in EMPTIED:
            _blank(data, box)
        elif box.kind == b"trak" and _track_kind(data, box) not in FILMED:
            _blank_samples(data, box)
            _blank(data, box)
        elif box.kind in (b"tkhd", b"mdhd"):
            wide = 8 if data[box.body] == 1 else 4
            data[box.body + 4 : box.body + 4 + 2 * wide] = bytes(2 * wide)
        elif box.kind in PARENTS:
            _clean(data, box)


def _blank(data: bytearray, box: _Box) -> None:
    """Turn a box into an empty one of the same length."""
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def _find(data: bytearray, parent: _Box, *path: bytes) -> _Box | None:
    for kind in path:
        found = next((box for box in _boxes(data, parent.body, parent.end) if box.kind == kind), None)
        if found is None:
            return None
        parent = found
    return parent


def _track_kind(data: bytearray, track: _Box) -> bytes:
    handler = _find(data, track, b"mdia", b"hdlr")
    return bytes(data[handler.body + 8 : handler.body + 12]) if handler else b""


def _blank_samples(data: bytearray, track: _Box) -> None:
    """Blank what a track that is no film keeps among the film. Raises _Broken where its tables do not fit."""
    table = _find(data, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    inside = {box.kind: box for box in _boxes(data, table.body, table.end)}
    sizes, runs = inside.get(b"stsz"), inside.get(b"stsc")
    offsets, wide = inside.get(b"stco"), 4
    if offsets is None:
        offsets, wide = inside.get(b"co64"), 8
    if sizes is None or runs is None or offsets is None:
        return
    all_alike, count = _number(data, sizes.body + 4, 4), _number(data, sizes.body + 8, 4)
    chunks, changes = _number(data, offsets.body + 4, 4), _number(data, runs.body + 4, 4)
    if max(count, chunks, changes) > MOST_SAMPLES:
        raise _Broken
    per_chunk = [
        (_number(data, runs.body + 8 + 12 * n, 4), _number(data, runs.body + 12 + 12 * n, 4))
        for n in range(changes)
    ]
    sample, step, many, left = 0, 0, 0, len(data)
    for chunk in range(1, chunks + 1):
        while step < len(per_chunk) and per_chunk[step][0] <= chunk:
            many, step = per_chunk[step][1], step + 1
        at = _number(data, offsets.body + 8 + wide * (chunk - 1), wide)
        for _one in range(min(many, count - sample)):
            size = all_alike or _number(data, sizes.body + 12 + 4 * sample, 4)
            left -= size
            if at + size > len(data) or left < 0:
                raise _Broken
            data[at : at + size] = bytes(size)
            at, sample = at + size, sample + 1
