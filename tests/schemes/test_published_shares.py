"""Printed percentages: rounded says nothing, cut off is a note, anything else contradicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.schemes.check import check_scheme
from guatu.schemes.load import load_scheme

SCHEME = """
[scheme]
id = "small"
name = "某区办法"
short_name = "某区"
jurisdiction = "某区"
year = 2012
effective_from = 2012-01-01

[published]
clause = "一"

[[published.share]]
id = "share"
name = "占比"
part = {part}
whole = {whole}
percent = {percent}
decimals = {decimals}
clause = "一"
"""


@pytest.mark.parametrize(
    ("part", "whole", "percent", "decimals", "severities"),
    [
        ("19", "28", "67.9", 1, []),
        ("19", "28", "67.8", 1, ["note"]),
        ("19", "28", "67.7", 1, ["warning"]),
        ("19", "28", "68.0", 1, ["warning"]),
        ("7.34", "39.8", "18.44", 2, []),
        ("7.34", "39.8", "18.45", 2, ["warning"]),
        ("1", "2", "50", 0, []),
    ],
)
def test_a_printed_percentage_is_held_against_its_part_and_whole(
    tmp_path: Path, part: str, whole: str, percent: str, decimals: int, severities: list[str]
) -> None:
    text = SCHEME.format(part=part, whole=whole, percent=percent, decimals=decimals)
    (tmp_path / "scheme.toml").write_text(text, encoding="utf-8")
    faults = [fault for fault in check_scheme(load_scheme(tmp_path)) if "share" in str(fault)]
    assert [fault.severity for fault in faults] == severities
