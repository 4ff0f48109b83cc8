"""Not to know whether a line applies is to lack a figure: who does not report must not gain by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judge.small_scheme import entries, item, scheme_of, sheet


def lines(more: str) -> str:
    return (
        sheet(more="points = 100")
        + item("a", "x", "number", 'type = "direct"', 60, f'applies = "c > 0"\n{more}')
        + item("b", "y", "number", 'type = "direct"', 40)
    )


@pytest.mark.parametrize(
    ("more", "score"),
    [
        ("", None),
        ('not_applicable = "full"', None),
        ('not_applicable = "zero"', None),
        ('missing = "zero"', 40),
        ('missing = "reweight"', 100),
    ],
)
def test_it_counts_as_missing(tmp_path: Path, more: str, score: int | None) -> None:
    given = {("甲县", "2026-05"): {"x": 30, "y": 40}, ("乙县", "2026-05"): {"x": 30, "y": 40, "c": 1}}
    found = entries(scheme_of(tmp_path, lines(more)), given)
    assert found["甲县"]["score"] == score
    assert found["乙县"]["score"] == 70
    (line,) = [one for one in found["甲县"]["indicators"] if one["id"] == "a"]
    assert line["reason"].startswith("不知是否适用（缺少：事实c）")
