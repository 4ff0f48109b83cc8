"""What `scheme check` says of [data_quality]."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.schemes.check import check_scheme
from guatu.schemes.load import load_scheme

MODEL = (Path(load_scheme("_model").folder) / "scheme.toml").read_text("utf-8")
FACT = """
[[fact]]
id = "quality"
name = "数据质量得分"
entity = "{entity}"
unit = "{unit}"
clause = "二(三)"
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "scheme.toml").write_text(text, "utf-8")
    found = check_scheme(load_scheme(str(tmp_path)))
    return [one.key for one in found if one.severity == "error" and one.key.startswith("data_quality")]


def test_the_model_has_none(tmp_path: Path) -> None:
    assert faults(tmp_path, MODEL) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('fault = "late"', 'fault = "silent"', "data_quality.part[1].fault"),
        ('id = "poor"\nname = "差"\nlow = 0', 'id = "poor"\nname = "差"\nlow = 10', "data_quality.grade"),
        ('id = "fair"', 'id = "good"', "data_quality.grade[1].id"),
        ("low = 75", "low = 90", "data_quality.grade[1].low"),
        ("[data_quality]", '[data_quality]\nfact = "quality"', "data_quality.fact"),
    ],
)
def test_what_contradicts_itself_is_named_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in MODEL
    assert faults(tmp_path, MODEL.replace(old, new, 1)) == [key]


@pytest.mark.parametrize(
    ("entity", "unit", "right"),
    [
        ("unit", "number", True),
        ("county", "number", True),
        ("person", "number", False),
        ("unit", "money", False),
    ],
)
def test_the_fact_is_a_number_of_those_who_report(
    tmp_path: Path, entity: str, unit: str, right: bool
) -> None:
    text = MODEL.replace("[data_quality]", '[data_quality]\nfact = "quality"', 1)
    text += FACT.format(entity=entity, unit=unit)
    assert (faults(tmp_path, text) == []) == right
