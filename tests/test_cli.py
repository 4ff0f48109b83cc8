"""The command as a whole: a reader who has seen enough, wrong words, help in Chinese."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guatu.cli import main

ROOT = Path(__file__).resolve().parents[1]


def test_output_that_is_cut_off_by_its_reader_is_no_error() -> None:
    command = [sys.executable, "-m", "guatu.cli", "scheme", "explain", "tangshan-2023", "--format", "json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stderr is not None
        run.stdout.read(10)
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 0


@pytest.mark.parametrize("words", [["judge"], ["nonsense"], [], ["scheme"], ["judge", "x", "--period"]])
def test_wrong_words_end_with_code_two_and_a_chinese_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "用法有误" in said
    assert "required" not in said and "usage" not in said


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["judge", "--help"])
    said = capsys.readouterr().out
    assert "选项" in said and "positional arguments" not in said and "show this help" not in said
