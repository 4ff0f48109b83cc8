"""考核排名: places, their changes, and why."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, narrow, projects_counted, row_of


def test_counties_and_departments_are_ranked_on_two_tabs(office: Page) -> None:
    office.goto("/ranking/")
    table = office.locator("table.table")
    expect(table.locator("tbody tr")).to_have_count(12)
    tabs = office.get_by_role("navigation", name="排名对象").get_by_role("link")
    expect(tabs.nth(0)).to_have_attribute("aria-current", "page")
    tabs.nth(1).click()
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    expect(table.locator("tbody tr")).to_have_count(14)
    expect(row_of(table, "市发展改革委")).to_contain_text("466.9")


@both_widths
def test_a_place_and_its_change_are_shown(open_page: OpenPage) -> None:
    page = open_page("office", "/ranking/")
    first = page.locator("table.table tbody tr").first
    expect(first.locator("td").first).to_have_text("1")
    expect(first).to_contain_text("松岗市")
    expect(first).to_contain_text("93.0%")
    expect(first).to_contain_text("上升")
    expect(row_of(page.locator("table.table"), "西岭区")).to_contain_text("下降")
    expect(row_of(page.locator("table.table"), "石桥市").get_by_text("黄", exact=True)).to_be_visible()


def test_the_place_without_questioned_figures_stands_beside_the_official_one(office: Page) -> None:
    office.goto("/ranking/")
    row = row_of(office.locator("table.table"), "高新技术产业开发区")
    expect(row.locator("td").first).to_have_text("7")
    expect(row).to_contain_text("79.9%")
    expect(row).to_contain_text("83.9% · 5")
    expect(office.locator(".ranking-note")).to_contain_text("名次以所报数字为准")


def test_why_opens_by_keyboard_and_shows_arithmetic_and_clause(office: Page) -> None:
    office.goto("/ranking/")
    row = row_of(office.locator("table.table"), "松岗市")
    summary = row.locator("summary", has_text="为什么")
    summary.focus()
    office.keyboard.press("Enter")
    sheet = row.locator(".menu-sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("累计完成（万元）1,073,249")
    expect(sheet).to_contain_text("1,073,249 ÷ 1,154,13092.99%")
    expect(sheet).to_contain_text("正常：不满 5 个百分点")
    expect(sheet).to_contain_text("依据：唐山 三(二)")
    office.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(summary).to_be_focused()


def test_why_of_a_department_says_that_the_place_chose_the_rule(office: Page) -> None:
    office.goto("/ranking/?ranking=lead_department")
    row = row_of(office.locator("table.table"), "市水利局")
    row.locator("summary", has_text="为什么").click()
    expect(row.locator(".menu-sheet")).to_contain_text("本地选择")


def test_arrows_move_between_the_rows_and_enter_opens_the_projects(office: Page) -> None:
    office.goto("/ranking/")
    office.get_by_role("link", name="松岗市", exact=True).focus()
    office.keyboard.press("ArrowDown")
    expect(office.get_by_role("link", name="西岭区", exact=True)).to_be_focused()
    office.keyboard.press("ArrowUp")
    office.keyboard.press("Enter")
    expect(office.locator("#ledger-county")).to_have_value("松岗市")
    assert projects_counted(office) == 10


def test_the_projects_of_a_department_are_one_press_away(office: Page) -> None:
    office.goto("/ranking/?ranking=lead_department")
    row = row_of(office.locator("table.table"), "市交通运输局")
    projects = int(row.locator("td").nth(2).inner_text())
    office.get_by_role("link", name="市交通运输局", exact=True).click()
    assert projects_counted(office) == projects == 9


@narrow
def test_why_opens_under_a_thumb_and_stays_in_the_window(open_page: OpenPage) -> None:
    page = open_page("office", "/ranking/")
    row = row_of(page.locator("table.table"), "北苑区")
    row.locator("summary", has_text="为什么").tap()
    expect(row.locator(".menu-sheet")).to_contain_text("依据：唐山 三(二)")
    box = row.locator(".menu-sheet").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
