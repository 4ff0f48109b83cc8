"""A chain of entries is proved from a file alone, and a head noted on paper is looked for in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.cli import main
from guatu.record.chain import GENESIS, Noted, hash_of, noted
from guatu.record.export import Line, RecordFileError, lines_of, verify_file

BEGUN = datetime(2023, 10, 13, 1, 2, 3, 456000, tzinfo=UTC)


def chain(length: int, words: str = "理由") -> list[Line]:
    entries: list[Line] = []
    previous = GENESIS
    for number in range(1, length + 1):
        entry = Line(
            number, BEGUN + timedelta(minutes=number), "office", "科长", "region.added", "region", str(number),
            "null", '{"name":"东岭县"}', words, previous, "",
        )  # fmt: skip
        entry.hash = previous = hash_of(entry)
        entries.append(entry)
    return entries


def written(path: Path, entries: list[Line], *, sequence: int | None = None) -> Path:
    last = entries[-1] if entries else None
    lines = lines_of(
        entries,
        sequence=len(entries) if sequence is None else sequence,
        hash=last.hash if last else GENESIS,
        version="0",
    )
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "record.jsonl", chain(5))


def test_a_whole_record_is_proved_from_its_file_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert "留痕 5 条" in said
    assert chain(5)[-1].hash in said
    assert "2023-10-13 09:07:03" in said, "the time is that of China"


def test_an_empty_record_is_whole(tmp_path: Path) -> None:
    assert verify_file(written(tmp_path / "record.jsonl", [])).whole


@pytest.mark.parametrize(
    ("change", "broken_at", "words"),
    [
        (lambda lines: lines.pop(2), 3, "缺失"),
        (lambda lines: lines.pop(), 5, "应有 5 条，现有 4 条"),
        (lambda lines: lines.append(lines.pop(3).replace("东岭县", "西原区")), 4, "缺失"),
        (lambda lines: lines.__setitem__(2, lines[2].replace("东岭县", "西原区")), 3, "被改动过"),
        (lambda lines: lines.__setitem__(0, lines[0].replace('"entries":5', '"entries":6')), 6, "应有 6 条"),
    ],
)
def test_a_changed_file_says_where_the_chain_breaks(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    change: object,
    broken_at: int,
    words: str,
) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    # The first line is the head, so that entry n stands in line n + 1.
    head, entries = lines[:1], lines[1:]
    if "head" in words or words == "应有 6 条":
        change(head)  # type: ignore[operator]
    else:
        change(entries)  # type: ignore[operator]
    file.write_text("".join(head + entries), encoding="utf-8")
    assert main(["verify", str(file)]) == 1
    said = capsys.readouterr().out
    assert words in said and f"断在第 {broken_at} 条" in said


def test_a_chain_written_anew_no_longer_holds_the_head_on_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on_paper = f"3:{chain(5)[2].hash[:16]}"
    honest = written(tmp_path / "honest.jsonl", chain(8))
    anew = written(tmp_path / "anew.jsonl", chain(8, words="别的理由"))
    assert main(["verify", str(honest), "--head", on_paper]) == 0
    assert "是第 3 条" in capsys.readouterr().out
    assert main(["verify", str(anew)]) == 0, "whoever writes the whole chain anew makes it whole"
    assert main(["verify", str(anew), "--head", on_paper]) == 1
    assert "改写过" in capsys.readouterr().out


def test_a_head_is_found_without_its_number_and_not_at_another_one(file: Path) -> None:
    third = chain(5)[2].hash
    assert verify_file(file, Noted(third[:16])).noted_at == 3
    assert verify_file(file, Noted(third[:16], 4)).noted_at is None


@pytest.mark.parametrize("text", ["3:5e0f 9a1b 2c3d 4e5f", "第3条 5E0F9A1B2C3D4E5F", " 3：5e0f9a1b2c3d4e5f "])
def test_a_head_may_be_typed_as_it_stands_on_paper(text: str) -> None:
    assert noted(text) == Noted("5e0f9a1b2c3d4e5f", 3)


@pytest.mark.parametrize("text", ["", "abc", "3:", "第三条 5e0f9a1b2c3d4e5f", "g" * 16, "0" * 65])
def test_a_head_that_cannot_be_one_is_refused_with_an_example(
    text: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["verify", str(file), "--head", text])
    assert stopped.value.code == 2
    assert "1234:5e0f9a1b2c3d4e5f" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "content", "words"),
    [
        (2, "not json", "第 2 行不是一条留痕"),
        (3, "[]", "第 3 行不是一条留痕"),
        (2, '{"sequence":1}', "第 2 行缺少 time"),
        (4, json.dumps({"sequence": "1"}), "第 4 行缺少 sequence"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(file: Path, line: int, content: str, words: str) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[line - 1] = content
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RecordFileError, match=words):
        verify_file(file)


def test_a_time_without_its_zone_is_refused(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("+00:00", ""), encoding="utf-8")
    with pytest.raises(RecordFileError, match="第 2 行的 time"):
        verify_file(file)


def test_a_file_that_is_not_there_is_said_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / "none.jsonl")]) == 2
    assert "找不到文件" in capsys.readouterr().err


def test_without_a_file_the_command_says_what_may_be_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 2
    assert "--record" in capsys.readouterr().err


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.integers(0, 5))
def test_any_text_survives_the_file_and_any_change_of_one_is_found(
    tmp_path_factory: pytest.TempPathFactory, reasons: list[str], wherever: int
) -> None:
    entries: list[Line] = []
    previous = GENESIS
    for one, reason in zip(chain(len(reasons)), reasons, strict=True):
        entry = replace(one, reason=reason, previous_hash=previous)
        entry.hash = previous = hash_of(entry)
        entries.append(entry)
    path = tmp_path_factory.mktemp("record") / "record.jsonl"
    assert verify_file(written(path, entries)).whole
    at = wherever % len(entries)
    entries[at] = replace(entries[at], reason=entries[at].reason + "x")
    found = verify_file(written(path, entries))
    assert found.broken_at == at + 1
