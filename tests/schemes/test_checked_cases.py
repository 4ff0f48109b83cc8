"""Worked cases hand in what a spot check found beside what was reported."""

from __future__ import annotations

from pathlib import Path

from guatu.judge.cases import run_cases
from guatu.schemes.load import load_scheme

SCHEME = """
[scheme]
id = "small"
name = "某市办法"
short_name = "某市"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01

[[fact]]
id = "rate"
name = "完成率"
entity = "county"
unit = "percent"
clause = "一"

[[sheet]]
id = "county"
name = "考核"
entity = "county"
points = 100
terms = ["year"]
clause = "一"
item = [{ id = "rate", name = "完成率", points = 100, measure = "rate", unit = "percent", rule = { type = "proportional", of = 100 }, clause = "一" }]
"""
CASE = """
[[case]]
name = "核查值代替填报值"
term = "2023"
facts = [{ entity = "甲县", rate = 90, "rate.checked" = 70 }, { entity = "乙县", rate = 80 }]
expect = [{ entity = "甲县", score = 70, rank = 2 }, { entity = "乙县", score = 80, rank = 1 }]
"""


def faults(folder: Path, case: str) -> list[str]:
    (folder / "cases").mkdir()
    (folder / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    (folder / "cases" / "one.toml").write_text(case, encoding="utf-8")
    return [fault.message for fault in run_cases(load_scheme(folder))]


def test_what_a_spot_check_found_counts(tmp_path: Path) -> None:
    assert faults(tmp_path, CASE) == []


def test_a_checked_value_without_the_value_it_stands_beside_is_refused(tmp_path: Path) -> None:
    messages = faults(tmp_path, CASE.replace("rate = 90, ", ""))
    assert ["rate.checked" in message for message in messages] == [True]
