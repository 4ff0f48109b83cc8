"""A photograph that came with another report is put to the reporter as a question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.attached.photo import bits_apart
from guatu.reporting.attached.reuse import Pictured, reused

PORT, SCHOOL = "P", "S"


def pictured(code: str, month: int, original: str, likeness: int | None, caption: str = "") -> Pictured:
    return Pictured(code, f"2023-{month:02d}", f"2023年{month}月", original * 8, likeness, caption)


def test_the_same_file_and_the_same_looks_are_told_apart_in_words() -> None:
    photos = [pictured(PORT, 9, "a", 5, "桩基"), pictured(PORT, 9, "b", 0b111)]
    before = [pictured(PORT, 8, "a", 5), pictured(SCHOOL, 7, "c", 0b100)]
    assert [one.message for one in reused(photos, before, 5)] == [
        "照片 aaaaaaaa“桩基”与本项目2023年8月所附的一张是同一个文件。",
        "照片 bbbbbbbb与本项目2023年8月所附的一张看上去相同（64 位特征差 1 位）。",
    ]


def test_another_project_is_not_named() -> None:
    (one,) = reused([pictured(PORT, 9, "a", 1)], [pictured(SCHOOL, 7, "a", 1)], 0)
    assert "另一个项目2023年7月" in one.message
    assert SCHOOL not in one.message + (one.found or "") + (one.expected or "")


def test_photographs_of_the_same_report_and_those_that_show_nothing_are_not_compared() -> None:
    assert reused([pictured(PORT, 9, "a", 1)], [pictured(PORT, 9, "a", 1)], 5) == ()
    assert reused([pictured(PORT, 9, "a", None)], [pictured(PORT, 8, "b", None)], 5) == ()


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 7))
def test_a_question_is_put_up_to_the_distance_and_not_beyond(one: int, other: int, bits: int) -> None:
    found = reused([pictured(PORT, 9, "a", one)], [pictured(PORT, 8, "b", other)], bits)
    assert bool(found) == (bits_apart(one, other) <= bits)
