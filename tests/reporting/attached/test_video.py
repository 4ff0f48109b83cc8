"""A short video is kept as the film alone, of the same length to the byte."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.attached.kept import NotTaken
from guatu.reporting.attached.read import read_attached
from guatu.reporting.attached.video import kept_video
from tests.reporting.attached.made import SECRET, photo, video

MOST = 1024 * 1024


@pytest.mark.parametrize("along_the_way", [False, True])
def test_places_are_gone_and_the_film_stands_where_it_stood(along_the_way: bool) -> None:
    original = video(along_the_way=along_the_way)
    kept = kept_video("a.mp4", original, MOST)
    assert len(kept.content) == len(original)
    assert kept.content.index(b"FILM" * 16) == original.index(b"FILM" * 16)
    assert b"\xa9xyz" not in kept.content
    moov = kept.content[kept.content.index(b"moov") :]
    assert SECRET not in moov
    assert (SECRET in kept.content) != along_the_way, "what no track of places points to is film to us"
    assert kept.seconds == 12
    assert kept.taken == datetime(2023, 9, 27, 22, 53, 20, tzinfo=UTC)


def test_a_film_cleaned_once_is_not_changed_again() -> None:
    once = kept_video("a.mp4", video(along_the_way=True), MOST)
    again = kept_video("a.mp4", once.content, MOST)
    assert again.content == once.content
    assert again.taken is None


@pytest.mark.parametrize(
    "content",
    [video(film=b"soun"), video(brand=b"heim"), video()[:-20], video()[:60], b"\x00\x00\x00\x18ftypisom"],
    ids=["sound alone", "another brand", "cut off", "no film", "head alone"],
)
def test_what_is_no_film_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(NotTaken, match=r"^“现场.mp4”不是能放的短视频，请用 MP4"):
        kept_video("现场.mp4", content, MOST)


def test_a_video_that_is_too_heavy_is_refused_with_its_weight() -> None:
    with pytest.raises(NotTaken, match=r"^“a.mp4”有 2 MB，短视频每段不超过 1 MB"):
        kept_video("a.mp4", bytes(MOST + 1), MOST)


@given(st.data())
def test_a_broken_film_is_refused_or_kept_and_never_anything_else(data: st.DataObject) -> None:
    broken = bytearray(video(along_the_way=True))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = kept_video("a.mp4", bytes(broken), MOST)
    except NotTaken:
        return
    assert len(kept.content) == len(broken)


def test_the_content_says_what_a_file_is_not_its_name() -> None:
    assert read_attached("film.mp4", photo(), MOST)[0] == "photo"
    assert read_attached("photo.jpg", video(), MOST)[0] == "video"
    with pytest.raises(NotTaken, match="HEIC"):
        read_attached("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + bytes(40), MOST)
