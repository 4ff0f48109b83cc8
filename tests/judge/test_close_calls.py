"""A score so close to half a step that floats cannot tell is decided by exact arithmetic, and so is its place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.schemes.load import load_scheme

HEAD = """
[scheme]
id = "close"
name = "毫厘之间"
short_name = "试"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01
[[fact]]
id = "done"
name = "完成"
entity = "county"
unit = "money"
clause = "一"
[[fact]]
id = "plan"
name = "计划"
entity = "county"
unit = "money"
clause = "一"
[[sheet]]
id = "s"
name = "考核"
entity = "county"
points = 1
clause = "一"
[[sheet.item]]
id = "rate"
name = "完成率"
points = 1
measure = "done / plan"
unit = "ratio"
rule = { type = "direct" }
clause = "一"
"""


def test_what_lies_a_hair_below_half_a_step_is_not_rounded_up(tmp_path: Path) -> None:
    folder = tmp_path / "close"
    folder.mkdir()
    (folder / "scheme.toml").write_text(HEAD, encoding="utf-8")
    term = Term.parse("2023-09")
    given = {"甲县": (2_849_999_999_999, 10**13), "乙县": (285, 1000), "丙县": (28, 100)}
    rows = [
        FactRow(county, term, fact, Fraction(value))
        for county, values in given.items()
        for fact, value in zip(("done", "plan"), values, strict=True)
    ]
    found = {e["entity"]: e for e in assessments(Assessor(load_scheme(folder), pl.DataFrame(), rows), term)}
    assert {name: entry["score"] for name, entry in found.items()} == {
        "甲县": 0.28,
        "乙县": 0.29,
        "丙县": 0.28,
    }
    assert {name: entry["rank"] for name, entry in found.items()} == {"甲县": 2, "乙县": 1, "丙县": 2}
