"""The pages of imports: for the office alone; what is refused is said, what is done is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from guatu.server.imports import work
from guatu.server.imports.models import Import
from tests.cast import PORT, WAN, Cast, project
from tests.server.imports.books import ROWS, ledger_book, row
from tests.server.portfolio.reading import page, signed_in
from tests.workbooks.books import xlsx

pytestmark = pytest.mark.django_db
PAPER = {
    "title": "调整后的台账",
    "number": "沧重办〔2023〕12号",
    "paper_day": "2023-07-01",
    "valid_from": "2023-07-01",
    "year": "2023",
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The long work is done within the request, so that a test sees its end."""
    monkeypatch.setattr(work, "in_background", work.go_on)


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.office)


def hand_in(client: Client, content: bytes, **paper: str) -> Import:
    answer = client.post("/imports/", {**PAPER, **paper, "files": SimpleUploadedFile("台账.xlsx", content)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.get()


def dearer(folder: Path) -> bytes:
    return ledger_book(folder, row(1, PORT, "沧城港扩建项目", "东岭县", total=60_000), *ROWS[1:])


def test_handing_in_leads_to_the_preview_and_confirming_to_the_result(office: Client, tmp_path: Path) -> None:
    batch = hand_in(office, dearer(tmp_path))
    text = page(office, f"/imports/{batch.pk}/")
    assert "50,000 万元" in text and "60,000 万元" in text and "现在什么都还没有保存" in text
    assert "文若水" in text  # who handed it in, by name
    batch.refresh_from_db()
    office.post(f"/imports/{batch.pk}/save/", {"digest": batch.preview_digest})
    assert project(PORT).total == 60_000 * WAN
    assert "整批收回" in page(office, f"/imports/{batch.pk}/")
    office.post(f"/imports/{batch.pk}/take-back/", {"reason": "版本交错"})
    assert project(PORT).total == 50_000 * WAN
    assert "版本交错" in page(office, f"/imports/{batch.pk}/")


def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(office: Client, tmp_path: Path) -> None:
    files = {"files": SimpleUploadedFile("台账.xlsx", dearer(tmp_path))}
    answer = office.post("/imports/", {**PAPER, "title": "", "valid_from": "昨天", **files})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "请填写依据文件" in text and "应写作 2023-01-18" in text
    assert not Import.objects.exists()


def test_no_file_is_said(office: Client) -> None:
    answer = office.post("/imports/", PAPER)
    assert answer.status_code == 400 and "请选择至少一个工作簿" in answer.content.decode()


def test_a_refused_step_is_said_on_the_page(office: Client, tmp_path: Path) -> None:
    batch = hand_in(office, dearer(tmp_path))
    answer = office.post(f"/imports/{batch.pk}/take-back/", {"reason": "x"})
    assert answer.status_code == 400 and "没有可收回的" in answer.content.decode()


def test_a_name_or_cell_cannot_bring_markup_onto_the_page(office: Client, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    book = ledger_book(tmp_path, row(1, PORT, evil, "东岭县"), *ROWS[1:])
    batch = hand_in(office, book, title=evil)
    text = page(office, f"/imports/{batch.pk}/")
    assert evil not in text and "&lt;script&gt;" in text


def test_the_workbook_of_the_preview_holds_texts_and_no_formulas(office: Client, tmp_path: Path) -> None:
    batch = hand_in(office, ledger_book(tmp_path, row(1, PORT, '=HYPERLINK("x")', "东岭县"), *ROWS[1:]))
    answer = office.get(f"/imports/{batch.pk}/preview.xlsx")
    book = tmp_path / "preview.xlsx"
    book.write_bytes(answer.content)
    cells = [cell for sheet in load_workbook(book) for line in sheet.iter_rows() for cell in line]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_a_reading_that_was_interrupted_can_be_begun_again(office: Client, tmp_path: Path) -> None:
    batch = hand_in(office, dearer(tmp_path))
    Import.objects.update(state=Import.State.READING, seen=date(2023, 1, 1).isoformat() + "T00:00:00Z")
    assert "中断了，没有保存任何数据" in page(office, f"/imports/{batch.pk}/")
    office.post(f"/imports/{batch.pk}/again/")
    batch.refresh_from_db()
    assert batch.state == Import.State.READY


@pytest.mark.parametrize("who", ["county", "department", "reporter", "reader", "stranger"])
def test_others_are_refused_every_address(cast: Cast, office: Client, tmp_path: Path, who: str) -> None:
    batch = hand_in(office, xlsx(tmp_path / "a.xlsx", {"表": [["序号"]]}).read_bytes())
    other = signed_in(cast.account(who))
    assert other.get("/imports/").status_code == 403
    assert other.get(f"/imports/{batch.pk}/").status_code == 403
    assert other.get(f"/imports/{batch.pk}/preview.xlsx").status_code == 403
    for step in ("save", "discard", "again", "take-back"):
        assert other.post(f"/imports/{batch.pk}/{step}/").status_code == 403
    assert "/imports/" not in other.get("/").content.decode()
