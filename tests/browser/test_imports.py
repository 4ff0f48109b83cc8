"""导入: an adjusted ledger handed in, seen, confirmed, and taken back whole; a broken file is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths
from tests.browser.test_accessibility import axe as axe
from tests.browser.test_accessibility import violations
from tests.browser.watching import Watch
from tests.server.imports.books import HEAD, row
from tests.workbooks.books import xlsx

CODE = "2022-139751-78-01-822086"
ADDRESS = f"/projects/{CODE}/"
DEARER = "987,654"
"""A total (万元) that the project does not have."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A ledger in which one project of the city costs more; it has few columns."""
    sheet = [
        ("示范市重点项目调整表",),
        ("单位：万元",),
        HEAD[:6],
        row(1, CODE, "项目", "云溪县", total=987_654)[:6],
    ]
    return xlsx(tmp_path / "调整.xlsx", {"在建项目": sheet})


def hand_in(page: Page, file: Path) -> None:
    page.goto("/imports/")
    page.get_by_label("工作簿", exact=True).set_input_files(file)
    page.get_by_label("依据文件").fill("十月调整")
    page.get_by_role("button", name="读取并预览").click()


@both_widths
def test_a_ledger_is_seen_then_saved_then_taken_back(
    open_page: OpenPage, axe: str, book: Path, watch: Watch
) -> None:
    page = open_page("office", ADDRESS)
    expect(page.locator("main")).not_to_contain_text(DEARER)

    hand_in(page, book)
    expect(page.get_by_role("button", name="确认导入")).to_be_visible(timeout=20_000)
    row_ = page.locator("section", has=page.get_by_role("heading", name="改动")).locator(
        "tbody tr", has_text="总投资"
    )
    expect(row_).to_contain_text(f"{DEARER} 万元")
    assert not violations(page, axe)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    address = page.url
    page.goto(ADDRESS)
    expect(page.locator("main")).not_to_contain_text(DEARER)  # seen, but not saved

    page.goto(address)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("整批收回")).to_be_visible(timeout=20_000)
    page.goto(ADDRESS)
    expect(page.locator("main")).to_contain_text(DEARER)

    page.goto(address)
    page.get_by_text("整批收回").click()
    page.get_by_label("收回的理由").fill("试一试")
    page.get_by_role("button", name="收回", exact=True).click()
    expect(page.locator("main")).to_contain_text("收回：试一试")
    page.goto(ADDRESS)
    expect(page.locator("main")).not_to_contain_text(DEARER)


def test_a_file_that_is_no_workbook_is_refused_in_words(
    open_page: OpenPage, watch: Watch, tmp_path: Path
) -> None:
    page = open_page("office", "/imports/")
    broken = tmp_path / "台账.xlsx"
    broken.write_text("这不是工作簿", encoding="utf-8")
    watch.expect(400)
    hand_in(page, broken)
    expect(page.get_by_role("alert")).to_contain_text("“台账.xlsx”的内容不是 .xlsx 工作簿")


def test_a_county_has_no_imports(open_page: OpenPage, watch: Watch) -> None:
    page = open_page("county", "/")
    expect(page.get_by_role("link", name="导入")).to_have_count(0)
    watch.expect(403)
    page.goto("/imports/")
    expect(page.locator("main")).to_contain_text("没有任何数据被改动")
