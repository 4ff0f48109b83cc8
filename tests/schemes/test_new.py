"""`guatu scheme new`: the teaching scheme under its own name, usable at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.judge.cases import run_cases
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import SchemeError, load_scheme
from guatu.schemes.new import new_scheme


def test_a_new_scheme_bears_its_names_and_is_usable_at_once(tmp_path: Path) -> None:
    written = new_scheme(tmp_path / "jia-2025", name='甲县2025年"两重"考核办法', place="甲县", year=2025)
    scheme = load_scheme(tmp_path / "jia-2025")
    assert all(path.is_file() for path in written)
    assert (scheme.id, scheme.name) == ("jia-2025", '甲县2025年"两重"考核办法')
    assert scheme.text.scheme.jurisdiction == scheme.text.scheme.short_name == "甲县"
    assert scheme.text.scheme.effective_from == date(2025, 1, 1)
    assert not has_errors(check_scheme(scheme))
    assert len(scheme.cases) >= 4
    assert [str(fault) for fault in run_cases(scheme)] == []


def test_a_new_scheme_keeps_the_explanations(tmp_path: Path) -> None:
    new_scheme(tmp_path / "jia", name="办法", place="甲县", year=2025)
    text = (tmp_path / "jia" / "scheme.toml").read_text(encoding="utf-8")
    assert "2026" not in text and "某市" not in text.partition("[[fact]]")[0].partition("[scheme]")[
        2
    ].replace("某市 三(二)", "")
    assert text.count("#") > 40


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "jia").mkdir()
    (tmp_path / "jia" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SchemeError, match="已经有这个文件夹"):
        new_scheme(tmp_path / "jia", name="办法", place="甲县", year=2025)
    assert [path.name for path in (tmp_path / "jia").iterdir()] == ["mine.txt"]


def test_a_folder_with_a_chinese_name_needs_an_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scheme", "new", str(tmp_path / "甲县"), "--name", "办法", "--place", "甲县", "--year", "2025"]
    assert main(words) == 2
    assert "--id" in capsys.readouterr().err
    assert not (tmp_path / "甲县").exists()
    assert main([*words, "--id", "jia"]) == 0
    assert load_scheme(tmp_path / "甲县").id == "jia"


def test_the_command_says_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "jia")
    assert main(["scheme", "new", folder, "--name", "办法", "--place", "甲县", "--year", "2025"]) == 0
    assert f"guatu scheme check {folder}" in capsys.readouterr().out
    assert main(["scheme", "new", folder, "--name", "办法", "--place", "甲县", "--year", "2025"]) == 2
