"""A project's page: why its light is what it is, whence each figure comes, what is doubted."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, row_of

RED = "/projects/2020-139724-77-01-702130/"
"""白沙县小流域水土保持工程: red for seven months."""

QUESTIONED = "/projects/2022-139751-78-01-822086/"
"""高新区跨区给水管网连通工程: its September figures stand in the wrong unit."""

SILENT = "/projects/2020-139723-83-01-438116/"


@both_widths
def test_why_a_light_is_red_shows_inputs_arithmetic_and_clause(open_page: OpenPage) -> None:
    page = open_page("office", RED)
    expect(page.locator("h1")).to_have_text("白沙县小流域水土保持工程")
    page.locator(".project-light").get_by_role("link", name="为什么").click()
    why = page.locator("#why")
    expect(why.get_by_role("heading", name="为什么是“红”")).to_be_in_viewport()
    expect(why).to_contain_text("4250")
    expect(why).to_contain_text("28,088")
    expect(why).to_contain_text("84.87")
    expect(why).to_contain_text("依据：唐山 三(六)")
    expect(why).to_contain_text("本地选择")
    expect(why).to_contain_text("已连续 7 个月为“红”")


def test_a_doubted_figure_is_marked_with_what_it_should_be(office: Page) -> None:
    office.goto(QUESTIONED)
    doubts = office.locator("section", has=office.get_by_role("heading", name="待核数字"))
    expect(doubts).to_contain_text("4.208")
    expect(doubts).to_contain_text("42080")
    september = row_of(office.locator("table.project-reports"), "9月")
    expect(september.locator("td.doubted")).to_have_count(2)
    expect(office.locator("#why")).to_contain_text("剔除待核数字后")


def test_each_figure_of_the_ledger_names_its_cell_and_document(office: Page) -> None:
    office.goto(RED)
    facts = office.locator("section", has=office.get_by_role("heading", name="台账事实"))
    expect(facts).to_contain_text("示范市2023年重点建设项目台账")
    assert facts.locator(".project-cell").count() >= 5


def test_reports_stand_by_month_with_their_versions(office: Page) -> None:
    office.goto(RED)
    reports = office.locator("table.project-reports")
    assert reports.locator("tbody th").all_inner_texts() == [f"{month}月" for month in range(9, 0, -1)]
    expect(row_of(reports, "9月")).to_contain_text("第 1 版")
    words = reports.locator("tr.project-words details").first
    words.locator("summary").click()
    expect(words.locator("dl")).to_be_visible()


def test_a_month_without_report_says_when_it_was_due(office: Page) -> None:
    office.goto(SILENT)
    september = row_of(office.locator("table.project-reports"), "9月")
    expect(september).to_contain_text("未报")
    expect(september).to_contain_text("10月5日前报送")


@both_widths
def test_plan_and_completion_are_drawn_by_month(open_page: OpenPage) -> None:
    page = open_page("reader", RED)
    expect(page.locator("guatu-chart .drawing svg")).to_be_visible()
    expect(page.locator("guatu-chart table tbody tr")).to_have_count(12)


def test_who_answers_is_named_by_role_and_from_when(office: Page) -> None:
    office.goto(RED)
    responsible = office.locator("section", has=office.get_by_role("heading", name="谁负责"))
    for words in ("牵头部门", "责任单位", "庞季同", "2023年1月18日起"):
        expect(responsible).to_contain_text(words)


def test_the_way_back_and_to_the_next_keeps_the_filter(office: Page) -> None:
    office.goto("/projects/?light=red")
    office.locator("#ledger tbody a[data-main]").first.click()
    expect(office.locator(".project-beside")).to_contain_text("第 1 / 12 个")
    office.get_by_role("link", name="下一个").click()
    expect(office.locator("h1")).to_have_text("高新区跨区给水管网连通工程")
    office.locator(".crumbs").get_by_role("link", name="项目台账").click()
    expect(office.locator("#ledger-light")).to_have_value("red")


def test_a_preliminary_project_shows_its_formalities(office: Page) -> None:
    office.goto("/projects/?stage=preliminary")
    office.locator("#ledger tbody a[data-main]").first.click()
    approvals = office.locator("section", has=office.get_by_role("heading", name="前期手续"))
    assert approvals.locator("li").count() >= 3
    expect(office.locator("guatu-chart")).to_have_count(0)
