"""项目台账: filter, sort, search, columns, keys, export, pages."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, codes, column_of, number_in, projects_counted, summed


def heading(page: Page, words: str) -> None:
    """Press the head of a column and wait until its order is shown."""
    page.locator("#ledger thead").get_by_role("link", name=words, exact=True).click()
    expect(page.locator("#ledger thead th[aria-sort]")).to_contain_text(words)


@both_widths
def test_filters_narrow_rows_sums_and_address_together(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/")
    assert projects_counted(page) == 148
    narrow = page.locator("label[for=ledger-more]")
    if narrow.is_visible():
        narrow.click()
    page.locator("#ledger-county").select_option("云溪县")
    expect(page).to_have_url(re.compile("county=%E4%BA%91%E6%BA%AA%E5%8E%BF"))
    expect(page.locator(".pager")).to_contain_text("共 20 个项目")
    assert projects_counted(page) == 20
    page.locator("#ledger-category").select_option("产业")
    expect(page).to_have_url(re.compile("category="))
    assert 0 < projects_counted(page) < 20


def test_sums_are_those_of_all_pages(office: Page) -> None:
    office.goto("/projects/")
    assert summed(office, "总投资") == 48_853_039
    assert summed(office, "年计划") == 11_274_000
    office.get_by_role("link", name="下一页").click()
    expect(office.locator(".pager .here")).to_have_text("2")
    assert summed(office, "总投资") == 48_853_039


def test_a_head_sorts_and_sorts_back(office: Page) -> None:
    office.goto("/projects/")
    heading(office, "总投资")
    cells = office.locator(f"#ledger tbody tr td:nth-child({column_of(office, '总投资') + 1})")
    totals = [number_in(text) for text in cells.all_inner_texts()]
    assert totals == sorted(totals, reverse=True) and len(set(totals)) > 50
    expect(office.locator("#ledger thead th[aria-sort=descending]")).to_contain_text("总投资")
    office.locator("#ledger thead").get_by_role("link", name="总投资", exact=True).click()
    expect(office.locator("#ledger thead th[aria-sort=ascending]")).to_contain_text("总投资")
    rising = [number_in(text) for text in cells.all_inner_texts()]
    assert rising == sorted(rising)


@both_widths
def test_the_initials_of_a_name_find_the_project(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/")
    page.locator("#ledger-q").press_sequentially("lqxxzws")
    expect(page.locator(".pager")).to_contain_text("共 1 个项目")
    expect(page.locator("#ledger tbody")).to_contain_text("柳泉县乡镇卫生院标准化项目")
    expect(page.locator("#ledger-q")).to_be_focused()
    expect(page.locator("#ledger-q")).to_have_value("lqxxzws")


def test_a_part_of_the_code_finds_the_project(office: Page) -> None:
    office.goto("/projects/?q=438116")
    assert codes(office) == ["2020-139723-83-01-438116"]


def test_chosen_columns_stay_in_this_browser(office: Page) -> None:
    office.goto("/projects/")
    office.locator("summary", has_text="列").click()
    office.get_by_label("项目单位", exact=True).check()
    expect(office.locator("#ledger thead")).to_contain_text("项目单位")
    office.get_by_label("包保领导", exact=True).uncheck()
    expect(office.locator("#ledger thead")).not_to_contain_text("包保领导")
    office.goto("/projects/?light=red")
    expect(office.locator("#ledger thead")).to_contain_text("项目单位")
    expect(office.locator("#ledger thead")).not_to_contain_text("包保领导")


def test_keys_walk_the_rows_and_open_a_project(office: Page) -> None:
    office.goto("/projects/")
    links = office.locator("#ledger tbody a[data-main]")
    office.keyboard.press("/")
    expect(office.locator("#ledger-q")).to_be_focused()
    office.keyboard.press("Escape")
    expect(links.nth(0)).to_be_focused()
    office.keyboard.press("ArrowDown")
    office.keyboard.press("ArrowDown")
    expect(links.nth(2)).to_be_focused()
    office.keyboard.press("ArrowUp")
    expect(links.nth(1)).to_be_focused()
    name = links.nth(1).inner_text()
    office.keyboard.press("Enter")
    expect(office.locator("h1")).to_contain_text(name)


def test_the_workbook_holds_the_rows_of_the_filter(office: Page, tmp_path: Path) -> None:
    office.goto("/projects/")
    office.locator("#ledger-light").select_option("red")
    expect(office.locator(".pager")).to_contain_text("共 12 个项目")
    seen = codes(office)
    with office.expect_download() as started:
        office.get_by_role("link", name="导出 Excel").click()
    assert started.value.suggested_filename == "项目台账2023年9月.xlsx"
    started.value.save_as(tmp_path / "ledger.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "ledger.xlsx").active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]
    code = [str(cell.value) for cell in sheet[3]].index("项目代码")
    assert [row[code] for row in rows if row[code]] == seen
    assert "灯：红" in str(sheet["A2"].value)
    assert any("合计 12 个" in str(cell) for cell in rows[-1])


def test_the_workbook_holds_every_page(office: Page, tmp_path: Path) -> None:
    office.goto("/projects/?stage=all")
    with office.expect_download() as started:
        office.get_by_role("link", name="导出 Excel").click()
    started.value.save_as(tmp_path / "ledger.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "ledger.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 3 + 217 + 1


def test_pages_follow_each_other_without_a_gap(office: Page) -> None:
    office.goto("/projects/?stage=all")
    met: list[str] = []
    for number in (1, 2, 3):
        if number > 1:
            office.get_by_role("link", name="下一页").click()
            expect(office.locator(".pager .here")).to_have_text(str(number))
        assert projects_counted(office) == 217
        met += codes(office)
    assert len(met) == len(set(met)) == 217
    expect(office.get_by_role("link", name="下一页")).to_have_count(0)


def test_back_and_forward_follow_the_filters(office: Page) -> None:
    office.goto("/projects/")
    office.locator("#ledger-county").select_option("松岗市")
    expect(office.locator(".pager")).to_contain_text("共 10 个项目")
    office.locator("#ledger-light").select_option("red")
    expect(office.locator(".pager")).to_contain_text("共 1 个项目")
    address = office.url
    office.go_back()
    expect(office.locator(".pager")).to_contain_text("共 10 个项目")
    expect(office.locator("#ledger-county")).to_have_value("松岗市")
    expect(office.locator("#ledger-light")).to_have_value("")
    office.go_back()
    expect(office.locator(".pager")).to_contain_text("共 148 个项目")
    expect(office.locator("#ledger-county")).to_have_value("")
    office.go_forward()
    expect(office.locator(".pager")).to_contain_text("共 10 个项目")
    office.goto(address)
    expect(office.locator(".pager")).to_contain_text("共 1 个项目")


def test_an_exchange_of_rows_is_no_new_page(office: Page) -> None:
    office.goto("/projects/")
    office.evaluate("window.kept = true")
    office.locator("#ledger-county").select_option("松岗市")
    expect(office.locator(".pager")).to_contain_text("共 10 个项目")
    heading(office, "总投资")
    assert office.evaluate("window.kept") is True


@both_widths
def test_an_empty_ledger_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/?q=meiyouzhegexiangmu")
    expect(page.get_by_role("heading", name="没有符合这些条件的项目")).to_be_visible()
    page.locator("#ledger").get_by_role("link", name="清除筛选").click()
    expect(page.locator(".pager")).to_contain_text("共 148 个项目")


def test_an_empty_tab_leads_to_the_tab_that_has_the_projects(office: Page) -> None:
    office.goto("/projects/?stage=preliminary&light=red")
    office.get_by_role("link", name="看在建里的 12 个").click()
    assert projects_counted(office) == 12


@both_widths
def test_a_filter_that_cannot_be_is_said_and_left_out(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/?county=没有的县&sort=colour&page=99")
    errors = page.locator(".ledger-errors")
    expect(errors).to_contain_text("“县区”里没有“没有的县”")
    expect(errors).to_contain_text("没有“colour”这种排序")
    expect(errors).to_contain_text("只有 2 页，已显示最后一页")
    expect(page.locator("#ledger-county")).to_have_attribute("aria-invalid", "true")
    assert projects_counted(page) == 148


def test_a_view_is_saved_found_again_and_taken_away(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/?county=云溪县&sort=-total", fresh=True)
    page.locator(".views summary").click()
    page.locator("#view-name").fill("云溪大项目")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已存为视图“云溪大项目”")
    page.goto("/projects/")
    page.locator(".views summary").click()
    page.get_by_role("link", name="云溪大项目").click()
    assert projects_counted(page) == 20
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).click()
    text = Path(taken.value.path()).read_text("utf-8-sig")
    assert "视图：云溪大项目；" in text and text.count("\n") == 3 + 20 + 1
    page.goto("/views/")
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("还没有存过视图")).to_be_visible()
