"""A photograph as handed in → the picture alone: upright, of bounded size, without metadata."""

from __future__ import annotations

import io
import warnings
from datetime import datetime
from typing import Any, Final

from PIL import ExifTags, Image, ImageCms, ImageOps

from guatu.language import gettext as _
from guatu.reporting.attached.kept import Kept, NotTaken, Place, digest_of

LONGEST_SIDE: Final = 2560
THUMBNAIL_SIDE: Final = 480
QUALITY: Final = 85
LARGEST_BYTES: Final = 25 * 1024 * 1024
MOST_PIXELS: Final = 120_000_000
"""More than any telephone's camera takes; a picture beyond it is refused before it is unpacked."""
FORMATS: Final = ("JPEG", "PNG", "WEBP")
ACCEPTED: Final = "image/jpeg,image/png,image/webp"


def kept_photo(name: str, content: bytes) -> Kept:
    """Read a JPEG, PNG or WebP by its content and draw it anew as a JPEG; `name` serves the sentences alone.

    The longest side is at most 2560 pixels, colours are sRGB, transparency becomes white. Raises NotTaken.
    """
    if len(content) > LARGEST_BYTES:
        raise NotTaken(
            _("“{name}”有 {size} MB，照片每张不超过 {most} MB，请缩小后再附。").format(
                name=name, size=-(-len(content) // (1024 * 1024)), most=LARGEST_BYTES // (1024 * 1024)
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise NotTaken(_("“{name}”的像素太多，请缩小后再附。").format(name=name))
                exif = image.getexif()
                taken, place = _taken(exif), _place(exif)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                drawn = _drawn(image)
    except NotTaken:
        raise
    except Exception as error:  # whatever a broken picture makes the decoders raise, it is not taken
        raise NotTaken(
            _(
                "“{name}”不是能读的照片。请用 JPEG、PNG 或 WebP；苹果手机拍的 HEIC，"
                "请在相机设置里选“兼容性最佳”，或另存为 JPEG。"
            ).format(name=name)
        ) from error
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Kept(
        original=digest_of(content),
        content=_jpeg(drawn, QUALITY),
        thumbnail=_jpeg(small, 80),
        width=drawn.width,
        height=drawn.height,
        taken=taken,
        place=place,
        likeness=likeness(drawn),
    )


def _drawn(image: Image.Image) -> Image.Image:
    """The pixels alone, upright, small enough and in sRGB."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        ground.alpha_composite(clear)
        upright = ground
    coloured = upright if upright.mode in ("RGB", "CMYK") else upright.convert("RGB")
    coloured.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if profile:
        coloured = _as_srgb(coloured, profile)
    pixels = coloured.convert("RGB")
    bare = Image.new("RGB", pixels.size)
    bare.paste(pixels)
    return bare


def _as_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the colours stay as the numbers say
    return found or image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def likeness(image: Image.Image) -> int | None:
    """64 bits that hardly change when a picture is made smaller, brighter or saved anew: whether each of 8 × 8
    places is brighter than the one to its right. None of a picture that shows next to nothing (a wall, the dark)."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    values = grey.tobytes()
    if max(values) - min(values) < 16:
        return None
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (values[at] > values[at + 1])
    return bits


def bits_apart(one: int, other: int) -> int:
    """In how many of the 64 bits two pictures differ; 0 looks the same, about 32 has nothing to do with it."""
    return (one ^ other).bit_count()


def _taken(exif: Image.Exif) -> datetime | None:
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        found = datetime.strptime(str(said).strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return found if found.year >= 1990 else None


def _place(exif: Image.Exif) -> Place | None:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return Place(latitude, longitude)


def _degrees(parts: Any, reference: Any, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = round(degrees + minutes / 60 + seconds / 3600, 5)
    if not 0 <= found <= most:
        return None
    return -found if str(reference).strip("\x00 ").upper() == negative else found
