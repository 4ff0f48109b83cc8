"""Photographs of the demonstration: building sites drawn by a few lines, with time and place as a telephone writes them."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final

from PIL import ExifTags, Image, ImageDraw

SIZE: Final = (1280, 960)


def site_photo(floors: int, taken: datetime, *, crane_at: int, place: tuple[float, float]) -> bytes:
    """A building of so many floors under a crane, as the JPEG of a telephone."""
    image = Image.new("RGB", SIZE, (196, 212, 224))
    draw = ImageDraw.Draw(image)
    for y in range(0, 620, 4):
        shade = y // 12
        draw.rectangle((0, y, SIZE[0], y + 4), fill=(176 + shade // 2, 200 + shade // 3, 222 + shade // 5))
    draw.rectangle((0, 700, SIZE[0], SIZE[1]), fill=(158, 138, 112))
    draw.polygon([(0, 700), (420, 660), (900, 690), (1280, 650), (1280, 720), (0, 720)], fill=(134, 148, 110))
    for floor in range(floors):
        bottom = 760 - floor * 58
        draw.rectangle((430, bottom - 50, 930, bottom), fill=(188, 188, 184), outline=(120, 120, 118))
        for bay in range(8):
            left = 444 + bay * 61
            draw.rectangle((left, bottom - 42, left + 40, bottom - 8), fill=(96, 108, 118))
    _crane(draw, crane_at)
    for n in range(9):
        draw.rectangle(
            (40 + n * 140, 800, 150 + n * 140, 868), fill=(44, 98, 150) if n % 2 else (226, 228, 230)
        )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, exif=_exif(taken, place).tobytes())
    return file.getvalue()


def _crane(draw: ImageDraw.ImageDraw, at: int) -> None:
    for y in range(120, 760, 32):
        draw.line((at, y, at + 24, y + 32), fill=(206, 146, 32), width=3)
        draw.line((at + 24, y, at, y + 32), fill=(206, 146, 32), width=3)
    draw.rectangle((at - 220, 108, at + 420, 120), fill=(206, 146, 32))
    draw.line((at + 12, 60, at - 210, 110), fill=(120, 90, 30), width=3)
    draw.line((at + 12, 60, at + 410, 110), fill=(120, 90, 30), width=3)
    draw.line((at + 330, 120, at + 330, 330), fill=(70, 70, 70), width=3)


def _exif(taken: datetime, place: tuple[float, float]) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    for tag, value, letter in (
        (ExifTags.GPS.GPSLatitude, place[0], "N"),
        (ExifTags.GPS.GPSLongitude, place[1], "E"),
    ):
        gps[tag - 1] = letter
        gps[tag] = (float(int(value)), round(value % 1 * 60, 4), 0.0)
    return exif
