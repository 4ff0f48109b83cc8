"""What was handed in about projects for the last month of a quarter is seen by the quarter."""

from __future__ import annotations

from pathlib import Path

from tests.judge.small_scheme import Given, entries, fact, item, scheme_of, sheet

Terms = dict[tuple[str, str], Given]
TOML = sheet('["quarter", "half"]') + item("one", "count(permit)", "count", 'type = "direct"')


def counted(tmp_path: Path, given: Terms, term: str) -> float:
    scheme = scheme_of(tmp_path, TOML, fact("permit", "flag", "project"))
    entry = entries(scheme, given, term)["甲"]
    points: float = entry["indicators"][0]["points"]
    assert entry["score"] == points, "by table and exactly"
    return points


def test_a_flag_of_the_last_month_is_seen_in_the_longer_term(tmp_path: Path) -> None:
    given: Terms = {
        ("项一", "2026-05"): {"county": "甲", "permit": False}, ("项一", "2026-06"): {"county": "甲", "permit": True},
        ("项二", "2026-06"): {"county": "甲", "permit": True},
    }  # fmt: skip
    assert (counted(tmp_path, given, "2026Q2"), counted(tmp_path, given, "2026H1")) == (2, 2)
    own: Terms = given | {("项一", "2026Q2"): {"permit": False}}
    assert counted(tmp_path, own, "2026Q2") == 1, "what was handed in for the quarter itself comes first"
