"""Every shipped scheme: usable, and its worked cases come out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guatu.judge.cases import run_cases
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import load_scheme

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"
FOLDERS = sorted(path.parent for path in SCHEMES.glob("**/scheme.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_shipped_scheme_is_usable_and_its_cases_come_out(folder: Path) -> None:
    scheme = load_scheme(folder)
    assert not has_errors(check_scheme(scheme)), [
        str(f) for f in check_scheme(scheme) if f.severity == "error"
    ]
    assert scheme.cases, "a scheme without worked cases proves nothing"
    assert [str(fault) for fault in run_cases(scheme)] == []


def test_a_case_that_comes_out_otherwise_says_what_came_out(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SCHEMES / "tangshan-2023", tmp_path / "spoilt"))
    cases = folder / "cases" / "schedule.toml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("invested_ytd = 7500", "invested_ytd = 7600"), encoding="utf-8")
    assert any("算得 normal" in str(fault) for fault in run_cases(load_scheme(folder)))
