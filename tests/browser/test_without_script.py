"""What must work where the browser runs no script."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.journey import OpenPage, both_widths, projects_counted, row_of, sign_in
from tests.browser.site import ACCOUNTS


@both_widths
def test_one_signs_in_and_reads_the_overview_without_script(open_page: OpenPage) -> None:
    page = open_page(None, "/sign-in/", javascript=False)
    sign_in(page, ACCOUNTS["reader"])
    expect(page.locator(".sentence")).to_contain_text("907.5")
    table = page.locator("guatu-chart table")
    expect(table).to_be_visible()
    expect(row_of(table, "完成").locator("td").nth(8)).to_have_text("907.5")
    expect(page.locator(".drawing")).to_have_count(0)


def test_the_month_is_chosen_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/", javascript=False, fresh=True)
    page.locator("summary", has_text="期别").click()
    page.get_by_role("button", name="8月", exact=True).click()
    expect(page.locator(".sentence")).to_contain_text("截至 8 月底")


@both_widths
def test_why_a_place_is_opened_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/ranking/", javascript=False)
    row = row_of(page.locator("table.table"), "松岗市")
    row.locator("summary", has_text="为什么").click()
    expect(row.locator(".menu-sheet")).to_be_visible()
    expect(row.locator(".menu-sheet")).to_contain_text("依据：唐山 三(二)")


def test_the_ledger_is_filtered_sorted_and_turned_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/projects/", javascript=False)
    assert projects_counted(page) == 148
    page.get_by_role("link", name="下一页").click()
    assert projects_counted(page) == 148
    expect(page.locator("#ledger tbody tr")).to_have_count(48)
    page.locator("#ledger-county").select_option("松岗市")
    page.get_by_role("search").get_by_role("button", name="筛选").click()
    expect(page.locator("#ledger-county")).to_have_value("松岗市")
    assert projects_counted(page) == 10
    page.locator("#ledger thead").get_by_role("link", name="总投资").click()
    expect(page.locator("#ledger thead th[aria-sort=descending]")).to_contain_text("总投资")
    assert projects_counted(page) == 10


def test_columns_of_the_ledger_are_chosen_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/projects/", javascript=False)
    page.locator("summary", has_text="列").click()
    page.get_by_label("项目单位", exact=True).check()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("#ledger thead")).to_contain_text("项目单位")


def test_a_project_is_read_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/projects/?light=red", javascript=False)
    link = page.locator("#ledger tbody a[data-main]").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text("唐山 三(六)")


@both_widths
def test_the_bulletin_is_read_without_script(open_page: OpenPage) -> None:
    page = open_page("reader", "/bulletin/", javascript=False)
    expect(page.locator("article.paper h1")).to_be_visible()
    expect(page.locator("article.paper table").first).to_contain_text("松岗市")


def test_a_paragraph_of_the_bulletin_is_edited_and_restored_without_script(open_page: OpenPage) -> None:
    page = open_page("office", "/bulletin/", javascript=False)
    part = page.locator("#text3")
    before = part.locator("> p, > h2, > h3").inner_text()
    part.locator("summary").click()
    part.get_by_label("这一段的文字").fill("没有脚本也能改。")
    part.get_by_role("button", name="保存").click()
    expect(part.locator("> p, > h2, > h3")).to_have_text("没有脚本也能改。")
    part.locator("summary").click()
    part.get_by_role("button", name="恢复原文").click()
    expect(part.locator("> p, > h2, > h3")).to_have_text(before)
