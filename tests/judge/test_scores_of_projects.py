"""Scores of projects are summed up exactly: no last bit of a float decides what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judge.small_scheme import Given, entries, fact, item, scheme_of, sheet

FACTS = fact("won", "number", "project") + fact("of", "number", "project")
PROJECTS = sheet(id="task", entity="project") + item(
    "a", "won / of", "number", 'type = "direct", open = true'
)


def score(tmp_path: Path, measure: str, shares: list[tuple[float, float]]) -> tuple[object, object]:
    counties = sheet(id="county") + item("b", measure, "number", 'type = "direct", open = true')
    given: dict[tuple[str, str], Given] = {
        (f"{n}号", "2026-05"): {"county": "甲县", "won": won, "of": of} for n, (won, of) in enumerate(shares)
    }
    found = entries(scheme_of(tmp_path, PROJECTS + counties, FACTS), given)["甲县"]
    return found["score"], found["indicators"][0]["points"]


@pytest.mark.parametrize(
    ("measure", "shares", "rounded", "points"),
    [
        ("sum(score_task)", [(212.085, 3)] * 3, 212.09, 212.085),
        ("average(score_task)", [(0.315, 3)] * 3, 0.11, 0.105),
        ("sum(score_task)", [(1, 7)] * 392, 56, 56),
        ("sum(score_task) * 1.005", [(1, 3)] * 3, 1.01, 1.005),
    ],
)
def test_a_tie_is_decided_as_in_exact_arithmetic(
    tmp_path: Path, measure: str, shares: list[tuple[float, float]], rounded: float, points: float
) -> None:
    assert score(tmp_path, measure, shares) == (rounded, points)
