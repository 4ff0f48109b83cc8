"""催报: the silent as a text for the chat group and as a letter."""

from __future__ import annotations

from pathlib import Path

import docx
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths

SILENT = "柳泉县乡镇卫生院标准化项目"


@both_widths
def test_the_text_for_the_chat_group_is_copied(open_page: OpenPage) -> None:
    page = open_page("office", "/reminder/")
    page.get_by_role("button", name="复制文字").click()
    expect(page.locator("[data-said]")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "1个项目未报" in copied and SILENT in copied and "柳泉县卫生健康局" in copied
    assert copied.strip() == page.locator("#message").inner_text().strip()


def test_the_letter_to_a_unit_names_the_project_it_owes(office: Page, tmp_path: Path) -> None:
    office.goto("/reminder/")
    with office.expect_download() as started:
        office.get_by_role("link", name="柳泉县卫生健康局").click()
    assert started.value.suggested_filename == "催报函柳泉县卫生健康局2023-09.docx"
    started.value.save_as(tmp_path / "letter.docx")
    letter = docx.Document(str(tmp_path / "letter.docx"))
    words = [text.text for text in letter.paragraphs]
    words += [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    assert any(SILENT in text for text in words)


def test_the_late_are_listed_with_the_day_of_their_report(office: Page) -> None:
    office.goto("/reminder/")
    rows = office.locator("section", has=office.get_by_role("heading", name="迟报")).locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("2023年10月12日")


def test_a_county_without_silent_projects_has_nobody_to_press(county: Page) -> None:
    county.goto("/reminder/")
    expect(county.get_by_role("heading", name="没有需要催的")).to_be_visible()
