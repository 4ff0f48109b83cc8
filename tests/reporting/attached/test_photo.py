"""A photograph is kept as the picture alone: what the camera wrote is read, then gone."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from guatu.reporting.attached.kept import NotTaken, digest_of
from guatu.reporting.attached.photo import LONGEST_SIDE, MOST_PIXELS, bits_apart, kept_photo, likeness
from tests.reporting.attached.made import photo, scene


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_are_read_and_nothing_of_them_is_kept(form: str) -> None:
    original = photo(located=True, form=form)
    kept = kept_photo("a.jpg", original)
    assert kept.taken == datetime(2023, 9, 28, 15, 30)
    assert str(kept.place) == "39.6301°N 118.1802°E"
    assert kept.original == digest_of(original)
    for content in (kept.content, kept.thumbnail):
        picture = opened(content)
        assert (picture.format, dict(picture.getexif()), picture.info.get("icc_profile")) == (
            "JPEG",
            {},
            None,
        )
        assert b"GuatuPhone" not in content and b"Exif" not in content


def test_a_photograph_that_was_held_sideways_stands_upright() -> None:
    kept = kept_photo("a.jpg", photo(size=(640, 480), orientation=6))
    assert (kept.width, kept.height) == (480, 640)


def test_a_large_photograph_is_made_smaller_and_a_small_one_is_not_made_larger() -> None:
    large = kept_photo("a.jpg", photo(size=(4000, 3000)))
    assert (large.width, large.height) == (LONGEST_SIDE, 1920)
    assert opened(large.content).size == (LONGEST_SIDE, 1920)
    assert max(opened(large.thumbnail).size) == 480
    small = kept_photo("a.jpg", photo(size=(300, 200)))
    assert (small.width, small.height) == (300, 200)


def test_what_is_transparent_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(file, "PNG")
    assert opened(kept_photo("a.png", file.getvalue()).content).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        photo()[:2000],
        photo(form="PNG")[:900],
    ],
)
def test_what_is_no_photograph_or_is_cut_off_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(NotTaken, match=r"^“现场.jpg”不是能读的照片。请用 JPEG、PNG 或 WebP"):
        kept_photo("现场.jpg", content)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    Image.new("1", (MOST_PIXELS // 1000 + 1, 1001)).save(file, "PNG")
    with pytest.raises(NotTaken, match="像素太多"):
        kept_photo("a.png", file.getvalue())


def test_a_file_that_is_too_heavy_is_refused_with_its_weight() -> None:
    with pytest.raises(NotTaken, match=r"^“a.jpg”有 26 MB，照片每张不超过 25 MB"):
        kept_photo("a.jpg", bytes(25 * 1024 * 1024 + 1))


@given(st.integers(1, 12))
def test_saved_anew_smaller_or_darker_it_looks_the_same_and_another_place_does_not(seed: int) -> None:
    image = scene(seed)
    first = likeness(image)
    again = kept_photo("a.jpg", photo(seed, quality=55)).likeness
    smaller = likeness(image.resize((320, 240)))
    darker = likeness(image.point(lambda value: value * 0.8))
    assert first is not None and again is not None and smaller is not None and darker is not None
    assert max(bits_apart(first, one) for one in (again, smaller, darker)) <= 4
    other = likeness(scene(seed + 1))
    assert other is not None and bits_apart(first, other) > 10


def test_a_picture_that_shows_nothing_is_like_no_other() -> None:
    assert likeness(Image.new("RGB", (100, 100), (90, 90, 90))) is None
