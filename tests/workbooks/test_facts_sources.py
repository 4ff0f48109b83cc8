"""One fact from several sources: the first that the scheme names counts, the others stay beside it."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from guatu.assessment.given import KnownFact
from guatu.assessment.terms import Term
from guatu.judge.fact_tables import known_facts
from guatu.schemes.describe import describe
from guatu.workbooks.facts import FactsReading, read_facts
from tests.judge.small_scheme import fact, said, scheme_of

SOURCES = ("统计局", "发改委", "项目办")
KNOWN = {"rate": KnownFact("rate", "完成率", "percent", "county", sources=SOURCES)}
ROWS = ("甲县,rate,80,统计局", "甲县,rate,78.5,发改委", "甲县,rate,70,项目办")


def read(tmp_path: Path, *rows: str) -> FactsReading:
    path = tmp_path / "facts.csv"
    path.write_text("\n".join(("对象,事实,数值,来源", *rows)) + "\n", encoding="utf-8")
    return read_facts([path], KNOWN, term=Term("quarter", 2026, 1))


@pytest.mark.parametrize("rows", list(permutations(ROWS)))
def test_the_first_source_counts_in_whatever_order_they_stand(tmp_path: Path, rows: tuple[str, ...]) -> None:
    reading = read(tmp_path, *rows)
    (row,) = reading.rows
    assert (row.value, row.source, reading.findings) == (Fraction(80), "统计局", ())


def test_the_other_figure_stays_beside_it(tmp_path: Path) -> None:
    (row,) = read(tmp_path, ROWS[1], ROWS[0]).rows
    assert row.place == "facts.csv C3；另有发改委 78.5（facts.csv C2），以统计局为准"


def test_a_source_that_is_not_named_and_one_that_contradicts_itself_decide_nothing(tmp_path: Path) -> None:
    for rows in (
        ("甲县,rate,80,统计局", "甲县,rate,70,街道办"),
        ("甲县,rate,80,统计局", "甲县,rate,70,统计局"),
    ):
        reading = read(tmp_path, *rows)
        assert reading.rows == ()
        assert [finding.id for finding in reading.findings] == ["fact_twice"]


def test_a_higher_source_settles_what_a_lower_one_contradicts(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "甲县,rate,70,发改委", "甲县,rate,71,发改委", "甲县,rate,80,统计局").rows
    assert row.value == Fraction(80)


def test_a_scheme_names_the_sources_in_order(tmp_path: Path) -> None:
    facts = fact("z", "number", more='sources = ["统计局", "发改委"]')
    scheme = scheme_of(tmp_path, "", facts)
    assert known_facts(scheme)["z"].sources == ("统计局", "发改委")
    words = [line for section in describe(scheme) for entry in section.entries for line in entry.sentences]
    assert {"由统计局、发改委提供。", "几家报的数不同，依次以统计局、发改委的为准。"} <= set(words)
    assert "写两家以上" in said(tmp_path, "", fact("z", "number", more='sources = ["统计局"]'))
