"""Whom a project counts for: the fact that a sheet names in `credit`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guatu.judge.cases import run_cases
from guatu.schemes.check import check_scheme
from guatu.schemes.load import load_scheme

YANJIN = Path(__file__).resolve().parents[2] / "schemes" / "examples" / "yanjin"


def copied(tmp_path: Path, old: str, new: str) -> Path:
    folder = Path(shutil.copytree(YANJIN, tmp_path / "yanjin"))
    path = folder / "scheme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder


def test_without_credit_a_project_counts_for_its_lead_department(tmp_path: Path) -> None:
    assert not list(run_cases(load_scheme(YANJIN)))
    faults = run_cases(load_scheme(copied(tmp_path, 'credit = "bringer"\n', "")))
    assert any("县商务局 的“entered”应得 20 分" in str(fault) for fault in faults)


@pytest.mark.parametrize("name", ["total", "nobody"])
def test_credit_is_a_text_fact_of_projects(tmp_path: Path, name: str) -> None:
    scheme = load_scheme(copied(tmp_path, 'credit = "bringer"', f'credit = "{name}"'))
    assert any(f.key == "sheet[4].credit" or f.key == "sheet[5].credit" for f in check_scheme(scheme))
    assert any(f.severity == "error" and name in f.message for f in check_scheme(scheme))


def test_every_local_choice_is_said_with_its_key_and_clause() -> None:
    notes = [fault for fault in check_scheme(load_scheme(YANJIN)) if fault.severity == "note"]
    assert ("sheet[0].item[0]", "延津 谋划") not in [(note.key, note.clause) for note in notes]
    assert ("sheet[0]", "延津 谋划") in [(note.key, note.clause) for note in notes]
    assert all(note.message.startswith("本地选择：") for note in notes if note.key.startswith("sheet"))
