"""`guatu read` from end to end: files written, mapping corrected and used again, wrong input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guatu.cli import main
from guatu.values import fen
from guatu.workbooks.mapping import MappingError, load_mapping
from guatu.workbooks.read import read_workbooks
from tests.workbooks.books import code, xlsx

ROOT = Path(__file__).parents[2]
DATA = ROOT / "guatu" / "demo" / "data"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_LANGUAGE", "zh_Hans")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A ledger of two rows with a head of its own: no unit, an own word for the total, one bad cell."""
    rows = [
        ["2024年盘子"],
        ["项目名称", "项目统一代码", "县区", "盘子总额", "年度计划投资"],
        ["一号", code(1), "高新区", 500, 100],
        ["二号", code(2), "高新技术产业开发区", 900, "约二百"],
    ]
    return xlsx(tmp_path / "盘子.xlsx", {"表 ": rows})


def test_reading_writes_every_file_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["read", *(str(path) for path in sorted(DATA.glob("*.xlsx"))), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {
        "reading.json", "findings.json", "findings.xlsx", "projects.csv", "reports.csv", "mapping.toml",
    }  # fmt: skip
    findings = json.loads((out / "findings.json").read_text("utf-8"))
    assert findings["contract"] == "guatu/1"
    keys = {
        "id",
        "severity",
        "file",
        "sheet",
        "row",
        "column",
        "header",
        "found",
        "expected",
        "cure",
        "message",
        "project",
        "period",
        "cells",
    }
    assert keys <= set(findings["findings"][0])
    assert "4月 " in {finding["sheet"] for finding in findings["findings"]}, "the sheet's name as written"
    with (out / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        projects = list(csv.DictReader(file))
    assert len(projects) == 217
    assert sum(float(p["total_wan"] or 0) for p in projects) == 104429956
    assert (out / "projects.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    sheet = openpyxl.load_workbook(out / "findings.xlsx").active
    assert sheet is not None and sheet.max_row == len(findings["findings"]) + 1
    said = capsys.readouterr().out
    assert "项目 217 个，月报 1329 份" in said


def test_a_corrected_mapping_is_used_again(odd: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["read", str(odd), "--out", str(out)]) == 0
    first = {f["id"] for f in json.loads((out / "findings.json").read_text("utf-8"))["findings"]}
    assert first == {"unit_missing", "unknown_column", "county_alias_proposed", "column_missing"}
    mapping = (out / "mapping.toml").read_text("utf-8")
    mapping = mapping.replace('"盘子总额" = ""', '"盘子总额" = "total"').replace("# unit =", "unit =")
    mapping = mapping.replace("[counties]\n", '[counties]\n"高新区" = "高新技术产业开发区"\n')
    (tmp_path / "ours.toml").write_text(mapping, "utf-8")
    reading = read_workbooks([odd], mapping=load_mapping(tmp_path / "ours.toml"))
    assert [f.id for f in reading.findings if f.id != "column_missing"] == ["cell_unreadable"]
    assert [p.total for p in reading.projects] == [fen(500, "万元"), fen(900, "万元")]
    assert {p.county for p in reading.projects} == {"高新技术产业开发区"}


def test_the_mapping_written_reads_the_demonstration_alike(tmp_path: Path) -> None:
    from guatu.workbooks.mapping import write_mapping

    files = sorted(DATA.glob("*.xlsx"))
    plain = read_workbooks(files)
    write_mapping(plain, tmp_path / "mapping.toml")
    again = read_workbooks(files, mapping=load_mapping(tmp_path / "mapping.toml"))
    assert again.projects == plain.projects
    assert again.reports == plain.reports
    assert again.findings == plain.findings


def test_own_synonyms_and_a_name_chosen_as_the_code(tmp_path: Path) -> None:
    rows = [
        ["2024年盘子（万元）"],
        ["序号", "事项", "项目名称", "盘子总额"],
        [1, "甲", "一号", 500],
        [2, "乙", "二号", 600],
    ]
    book = xlsx(tmp_path / "a.xlsx", {"表": rows})
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[synonyms]\ntotal = ["盘子总额"]\n[[table]]\nsheet = "表"\ncode = "项目名称"\n', "utf-8"
    )
    reading = read_workbooks([book], mapping=load_mapping(mapping))
    assert [(p.code, p.total) for p in reading.projects] == [
        ("一号", fen(500, "万元")),
        ("二号", fen(600, "万元")),
    ]
    assert {f.id for f in reading.findings} == {"unknown_column", "column_missing"}


def test_a_table_can_be_skipped_and_given_its_month(tmp_path: Path) -> None:
    head: list[Any] = ["项目代码", "项目名称", "累计完成"]
    book = xlsx(tmp_path / "a.xlsx", {"甲": [["月报（万元）"], head, [code(1), "一号", 5]], "乙": [["月报（万元）"], head, [code(1), "一号", 7]]})  # fmt: skip
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[[table]]\nsheet = "甲"\nyear = 2024\nperiod = "2024-03"\n[[table]]\nsheet = "乙"\nskip = true\n',
        "utf-8",
    )
    reading = read_workbooks([book], mapping=load_mapping(mapping))
    assert [(str(r.period), r.invested_ytd) for r in reading.reports] == [("2024-03", fen(5, "万元"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[table]]\nsheet = 甲", "TOML"),
        ("[[tabel]]", "tabel"),
        ('[[table]]\nunit = "万"', "table[1].unit"),
        ('[[table]]\nsheets = "甲"', "table[1].sheets"),
        ('[[table]]\nyear = "2024"', "table[1].year"),
        ('[[table]]\nperiod = "2024年3月"', "table[1].period"),
        ('[[table]]\nkind = "台账"', "table[1].kind"),
        ('[[table]]\n[table.columns]\n"总额" = "totl"', "table[1].columns.总额"),
        ('[synonyms]\ntotal = "盘子"', "synonyms.total"),
        ('[synonyms]\ntotl = ["盘子"]', "synonyms.totl"),
        ("[counties]\n甲 = 1", "TOML"),
        ('[counties]\n"甲区" = 1', "counties.甲区"),
    ],
)
def test_a_wrong_mapping_names_file_key_and_cure(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(MappingError) as error:
        load_mapping(path)
    assert said in str(error.value) and str(path) in str(error.value)


def test_wrong_input_ends_with_code_2_one_paragraph_and_no_file(
    tmp_path: Path, odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "破.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    text = tmp_path / "文.xlsx"
    text.write_text("你好", "utf-8")
    locked = tmp_path / "密.xlsx"
    locked.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    )
    bad_mapping = tmp_path / "m.toml"
    bad_mapping.write_text("x = 1", "utf-8")
    out = tmp_path / "out"
    for arguments, name in (
        ([str(broken)], "破.xlsx"),
        ([str(text)], "文.xlsx"),
        ([str(locked)], "密码"),
        ([str(tmp_path / "无.xlsx")], "无.xlsx"),
        ([str(tmp_path)], str(tmp_path)),
        ([str(odd), "--mapping", str(bad_mapping)], "m.toml"),
        ([str(odd), "--strict"], "没有写明"),
    ):
        assert main(["read", *arguments, "--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert name in said and "Traceback" not in said
        assert not out.exists()


def test_the_json_of_stdout_is_one_document(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(odd), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["tables"][0]["columns"][3] == {
        "letter": "D", "header": "盘子总额", "field": None, "confidence": 0.0, "unit": None,
        "reason": "字段词典中没有这个列名", "hidden": False, "path": "盘子总额",
    }  # fmt: skip
    assert {finding["id"] for finding in document["findings"]} >= {"unit_missing"}


def test_findings_come_as_the_reading_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[list[Any]] = [["2024年台账（万元）"], ["项目代码", "项目名称", "总投资"]]
    rows += [[code(n), f"第{n}号", f"{n},000" if n < 9 else n] for n in range(1, 6002)]
    book = xlsx(tmp_path / "a.xlsx", {"表": rows})
    told: list[tuple[int, int]] = []
    read_workbooks([book], progress=lambda read, findings: told.append((read, len(findings))))
    assert told[0] == (1000, 8)
    assert [read for read, _found in told][:6] == [1000, 2000, 3000, 4000, 5000, 6000]
    assert main(["read", str(book)]) == 0
    assert "已读 1000 行，发现 8 处" in capsys.readouterr().err


def test_what_the_system_says_of_a_folder_is_told_in_words_to_act_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.txt").write_text("x", "utf-8")
    ledger = str(DATA / "ledger-2023.xlsx")
    assert main(["read", ledger, "--out", str(tmp_path / "file.txt" / "out")]) == 2
    assert "路径中有一段是文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--period", "2023-13"], "月份应为 01 至 12"),
        (["--period", "2023-09", "--as-of", "2023-01-01"], "早于期别"),
    ],
)
def test_a_wrong_period_or_day_is_refused_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], expected: str
) -> None:
    ledger = str(DATA / "ledger-2023.xlsx")
    assert main(["judge", "tangshan-2023", "--ledger", ledger, "--out", str(tmp_path / "o"), *words]) == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
