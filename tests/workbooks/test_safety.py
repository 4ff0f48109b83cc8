"""A workbook from outside is opened only when it is what its name says, of a bearable size, without macros."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlwt

from guatu.workbooks import safety
from guatu.workbooks.safety import refuse_unsafe
from guatu.workbooks.sheets import WorkbookError
from tests.workbooks.books import xlsx


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def old_workbook() -> bytes:
    book, stream = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("表").write(0, 0, "序号")
    book.save(stream)
    return stream.getvalue()


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    refuse_unsafe("台账.xlsx", xlsx(tmp_path / "a.xlsx", {"表": [["序号"], [1]]}).read_bytes())
    refuse_unsafe("台账.XLS", old_workbook())
    refuse_unsafe("台账.ods", archive(**{"content.xml": b"<a/>"}))


REFUSED = {
    "an ending that is no workbook": ("台账.csv", b"a,b", "不是 .xlsx"),
    "a workbook that may carry macros": ("台账.xlsm", b"PK", "不是 .xlsx"),
    "an empty file": ("台账.xlsx", b"", "空文件"),
    "a page renamed to .xls": ("台账.xls", b"<html><table>", "改了名"),
    "a text renamed to .xlsx": ("台账.xlsx", b"hello", "不是 .xlsx 工作簿"),
    "a locked workbook": ("台账.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...", "打开密码"),
    "a damaged archive": ("台账.xlsx", b"PK\x03\x04 cut off", "已损坏"),
    "another kind of paper": ("台账.xlsx", archive(**{"word/document.xml": b"<a/>"}), "不是 .xlsx 工作簿"),
    "macros in an .xlsx": (
        "台账.xlsx",
        archive(**{"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}),
        "带有宏",
    ),
    "macros in an .xls": ("台账.xls", old_workbook() + "_VBA_PROJECT".encode("utf-16-le"), "带有宏"),
    "macros in an .ods": (
        "台账.ods",
        archive(**{"content.xml": b"<a/>", "Basic/script-lc.xml": b"x"}),
        "带有宏",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_cure(case: str) -> None:
    name, content, words = REFUSED[case]
    with pytest.raises(WorkbookError, match=words) as refusal:
        refuse_unsafe(name, content)
    assert name in str(refusal.value) and "请" in str(refusal.value)


def test_a_file_that_is_too_large_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(WorkbookError, match="有 2 MB，超过 1 MB"):
        refuse_unsafe("台账.xlsx", b"PK\x03\x04" + b"0" * (1024 * 1024 + 1))


def test_a_small_file_that_unpacks_to_very_much_is_not_opened() -> None:
    bomb = archive(
        **{"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * (safety.MOST_UNPACKED + 1)}
    )
    assert len(bomb) < 1024 * 1024
    with pytest.raises(WorkbookError, match="解开后太大"):
        refuse_unsafe("台账.xlsx", bomb)


def test_a_file_of_very_many_parts_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "MOST_PARTS", 3)
    with pytest.raises(WorkbookError, match="解开后太大"):
        refuse_unsafe("台账.xlsx", archive(**{f"xl/{n}": b"" for n in range(4)}))
