"""The duties that a scheme wants held, under its own names."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.portfolio.duties import DUTY_NAMES, LEDGER_DUTIES, ORGANISATION_DUTIES, Duty
from guatu.portfolio.project import Project
from guatu.schemes.describe import describe
from guatu.schemes.load import SchemeError, load_scheme

ROOT = Path(__file__).parents[2]


def scheme(folder: Path, role: str) -> Path:
    text = (ROOT / "schemes/baocheng/scheme.toml").read_text(encoding="utf-8")
    folder.joinpath("scheme.toml").write_text(text + role, encoding="utf-8")
    return folder


def test_a_role_is_told_with_its_name_duty_projects_and_clause(tmp_path: Path) -> None:
    role = """
[[role]]
id = "line"
name = "条线责任人"
duty = "responsible_person"
levels = ["市级"]
stages = ["new"]
clause = "组织"
"""
    entries = [
        entry for section in describe(load_scheme(str(scheme(tmp_path, role)))) for entry in section.entries
    ]
    told = next(entry for entry in entries if entry.key == "role[line]")
    assert told.name == "条线责任人"
    assert told.sentences == ("每个项目要明确责任人。", "只限市级项目。", "只限新开工项目。")


def test_a_duty_that_nobody_knows_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="inspector"):
        load_scheme(
            str(scheme(tmp_path, '[[role]]\nid = "a"\nname = "甲"\nduty = "nobody"\nclause = "组织"\n'))
        )


def test_every_duty_has_a_name_and_those_of_the_ledger_are_its_fields() -> None:
    assert DUTY_NAMES.keys() == set(Duty)
    assert all(duty in Project.__slots__ for duty in LEDGER_DUTIES)
    assert set(Duty) > ORGANISATION_DUTIES
