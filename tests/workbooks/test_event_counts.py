"""How often something happened is a whole number, and not below 0."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from guatu.judge.fact_tables import known_facts
from guatu.workbooks.facts import read_facts
from tests.judge.small_scheme import item, scheme_of, sheet

EVENT = (
    sheet()
    + item("a", "x", "number", 'type = "direct"')
    + (
        '[[sheet.event]]\nid = "late_report"\nname = "迟报次数"\npoints = -1\nclause = "一"\n'
        '[[sheet.event]]\nid = "chosen"\nname = "批评"\nlow = -20\nhigh = -5\nclause = "一"\n'
    )
)


@pytest.mark.parametrize(
    ("written", "kind"), [("2", ""), ("1.5", "fact_unreadable"), ("-3", "fact_out_of_range")]
)
def test_a_count_that_is_none_is_refused_with_its_cell(tmp_path: Path, written: str, kind: str) -> None:
    known = known_facts(scheme_of(tmp_path, EVENT))
    path = tmp_path / "facts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["县区", "期别", "迟报次数"], ["甲县", "2026-05", written]])
    reading = read_facts([path], known)
    assert [finding.id for finding in reading.findings] == ([kind] if kind else [])
    assert [row.value for row in reading.rows] == ([] if kind else [2])
    assert all((finding.row, finding.column) == (2, "C") for finding in reading.findings)
