"""Photographs and videos made for the tests, with what a camera would write into them."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageDraw, ImageFilter

SECRET = b"+39.6301+118.1802/"
"""A place as telephones write it into a video."""


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with light and dark parts; another seed shows another place."""
    image = Image.new("RGB", size, (180, 190, 200))
    draw = ImageDraw.Draw(image)
    number = seed * 7919 + 17
    for _ in range(24):
        number = (number * 1_103_515_245 + 12_345) % 2**31
        x, y = number % size[0], number // 1000 % size[1]
        shade = number // 7 % 200
        draw.rectangle((x, y, x + 120, y + 90), fill=(shade, (shade * 3) % 256, shade // 2))
    return image.filter(ImageFilter.GaussianBlur(2))


def photo(
    seed: int = 1,
    size: tuple[int, int] = (640, 480),
    *,
    form: str = "JPEG",
    orientation: int = 1,
    located: bool = False,
    quality: int = 92,
) -> bytes:
    """A photograph as a telephone hands it over: time, maker, and (`located`) the place in its EXIF."""
    image = scene(seed, size)
    exif = Image.Exif()
    exif[271] = "GuatuPhone"
    exif[274] = orientation
    exif.get_ifd(0x8769)[36867] = "2023:09:28 15:30:00"
    if located:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (39.0, 37.0, 48.36), "E", (118.0, 10.0, 48.72)
    file = io.BytesIO()
    image.save(file, form, exif=exif.tobytes(), quality=quality)
    return file.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _track(handler: bytes, offset: int, sizes: list[int]) -> bytes:
    table = (
        box(b"stsd", bytes(8))
        + box(b"stsz", struct.pack(">III", 0, 0, len(sizes)) + b"".join(struct.pack(">I", n) for n in sizes))
        + box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(sizes), 1))
        + box(b"stco", struct.pack(">III", 0, 1, offset))
    )
    media = (
        box(b"mdhd", struct.pack(">IIIIII", 0, 3_700_000_000, 3_700_000_000, 1000, 12_000, 0))
        + box(b"hdlr", bytes(8) + handler + bytes(13))
        + box(b"minf", box(b"stbl", table))
    )
    return box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", media))


def video(
    *, place: bool = True, along_the_way: bool = False, brand: bytes = b"isom", film: bytes = b"vide"
) -> bytes:
    """An MP4 of twelve seconds, in which the camera wrote where it was, and perhaps where it went."""
    head = box(b"ftyp", brand + bytes(4) + brand)
    samples, way = b"FILM" * 16, SECRET * 2
    data = box(b"mdat", samples + way)
    start = len(head) + 8
    film_header = struct.pack(">IIIII", 0, 3_778_700_000, 3_778_700_000, 1000, 12_000) + bytes(80)
    movie = box(b"mvhd", film_header) + _track(film, start, [32, 32])
    if along_the_way:
        movie += _track(b"meta", start + len(samples), [len(SECRET), len(SECRET)])
    if place:
        movie += box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(SECRET), 0) + SECRET))
    return head + data + box(b"moov", movie)
