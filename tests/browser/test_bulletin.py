"""通报: read like paper, words edited in place, tables not, downloaded as docx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, Page, expect

from guatu.cli import main
from tests.browser.journey import OpenPage, both_widths
from tests.browser.watching import Watch

NEW_WORDS = "各县（市、区）要紧盯四季度目标，逐项目排出赶工计划。"


def paragraph(page: Page, key: str) -> Locator:
    return page.locator(f'[id="{key.replace(".", "")}"]')


def first_text(page: Page) -> Locator:
    """The first paragraph of the text."""
    return paragraph(page, "text.0")


def edit(part: Locator, words: str) -> None:
    """Open the sheet of one paragraph, write other words, save."""
    part.locator("summary").focus()
    part.page.keyboard.press("Enter")
    part.get_by_label("这一段的文字").fill(words)
    part.get_by_role("button", name="保存").click()


@pytest.fixture
def bulletin(office: Page) -> Iterator[Page]:
    """The bulletin before the office; what a test changes is restored."""
    office.goto("/bulletin/")
    yield office
    office.goto("/bulletin/")
    changed = office.locator(".paragraph", has=office.locator(".edited"))
    for left in range(changed.count(), 0, -1):
        restore(changed.first)
        expect(changed).to_have_count(left - 1)


def restore(part: Locator) -> None:
    part.locator("summary").focus()
    part.page.keyboard.press("Enter")
    part.get_by_role("button", name="恢复原文").click()


@both_widths
def test_the_bulletin_is_read_like_paper(open_page: OpenPage) -> None:
    page = open_page("reader", "/bulletin/")
    paper = page.locator("article.paper")
    expect(paper.locator("h1")).to_contain_text("2023年9月项目推进情况的通报")
    expect(paper).to_contain_text("征求意见稿，未经签发")
    expect(paper.locator("table").first).to_contain_text("松岗市")
    for words in (
        "通报表扬",
        "通报批评",
        "数据说明",
        "高新技术产业开发区按上报数79.86%、第7名，不计待核数字83.88%、第5名",
    ):
        expect(paper).to_contain_text(words)
    expect(paper.get_by_text("修改")).to_have_count(0)


def test_an_edited_paragraph_shows_who_changed_it_and_can_be_restored(bulletin: Page) -> None:
    before = first_text(bulletin).locator("> p").inner_text()
    edit(first_text(bulletin), NEW_WORDS)
    expect(first_text(bulletin).locator("> p")).to_have_text(NEW_WORDS)
    expect(first_text(bulletin).locator(".edited")).to_contain_text("秦若谷于 10 月 13 日")
    restore(first_text(bulletin))
    expect(first_text(bulletin).locator("> p")).to_have_text(before)
    expect(first_text(bulletin).locator(".edited")).to_have_count(0)


def test_a_paragraph_that_is_emptied_is_marked_as_taken_out(bulletin: Page) -> None:
    edit(first_text(bulletin), "")
    expect(first_text(bulletin).locator(".edited")).to_contain_text("删去这一段")


def test_an_edit_after_somebody_else_is_refused_and_its_words_are_kept(
    bulletin: Page, open_page: OpenPage, watch: Watch
) -> None:
    late = open_page("office", "/bulletin/")
    edit(first_text(bulletin), NEW_WORDS)
    expect(first_text(bulletin).locator("> p")).to_have_text(NEW_WORDS)
    watch.expect(400)
    mine = "这是后到的一句话，不能丢。"
    edit(first_text(late), mine)
    part = first_text(late)
    expect(part.locator(".error")).to_contain_text("别人刚改过这一段")
    expect(part.get_by_label("这一段的文字")).to_be_visible()
    expect(part.get_by_label("这一段的文字")).to_have_value(mine)
    expect(part.locator("> p").first).to_have_text(NEW_WORDS)


def test_figures_in_tables_cannot_be_edited(bulletin: Page) -> None:
    assert bulletin.locator("article.paper table").count() >= 4
    inside = "article.paper table :is(input, textarea, button, summary, [contenteditable])"
    expect(bulletin.locator(inside)).to_have_count(0)
    expect(bulletin.locator(".beside")).to_contain_text("要改数字，请先更正月报")


def test_the_docx_holds_the_edited_words(bulletin: Page, tmp_path: Path) -> None:
    edit(first_text(bulletin), NEW_WORDS)
    expect(first_text(bulletin).locator("> p")).to_have_text(NEW_WORDS)
    with bulletin.expect_download() as started:
        bulletin.get_by_role("link", name="通报（docx）").click()
    assert started.value.suggested_filename == "通报2023-09.docx"
    started.value.save_as(tmp_path / "bulletin.docx")
    paper = docx.Document(str(tmp_path / "bulletin.docx"))
    words = [paragraph.text for paragraph in paper.paragraphs]
    assert any(NEW_WORDS in text for text in words)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "松岗市" in cells and "92.99" in cells


def test_the_figures_of_the_month_are_downloaded_as_a_workbook(office: Page) -> None:
    office.goto("/bulletin/")
    with office.expect_download() as started:
        office.get_by_role("link", name="数据表（xlsx）").click()
    assert started.value.suggested_filename == "重点项目2023-09.xlsx"
    assert started.value.path().read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("address", ["/bulletin/", "/ranking/", "/assessment/"])
def test_the_bundle_is_taken_from_the_page_and_computed_again(
    open_page: OpenPage, tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    page = open_page("reader", "/bulletin/")
    said = page.locator("article.paper .paper-note", has_text="复算包摘要").inner_text()
    digest = said.partition("：")[2].strip()
    page.goto(address)
    with page.expect_download() as started:
        page.get_by_role("link", name="复算包").click()
    assert started.value.suggested_filename == "复算包2023-09.zip"
    started.value.save_as(tmp_path / "bundle.zip")
    assert main(["verify", str(tmp_path / "bundle.zip"), "--digest", digest]) == 0
    assert "一致" in capsys.readouterr().out
