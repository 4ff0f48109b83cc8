"""Each role sees its own: rows, pages, buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, codes, column_of, projects_counted
from tests.browser.watching import Watch

ELSEWHERE = "/projects/2020-139723-83-01-438116/"
"""A project of 柳泉县."""

NAVIGATION = {
    "office": [
        "总览",
        "填报",
        "项目台账",
        "考核排名",
        "考核得分",
        "评分与数据",
        "通报",
        "催报",
        "方案",
        "判定",
        "导入",
    ],
    "county": ["总览", "填报", "项目台账", "考核排名", "催报", "方案"],
    "department": ["总览", "填报", "项目台账", "考核排名", "催报", "方案"],
    "reporter": ["总览", "填报", "项目台账", "考核排名", "方案"],
    "signer": ["总览", "填报", "项目台账", "考核排名", "方案"],
    "reader": ["总览", "填报", "项目台账", "考核排名", "考核得分", "评分与数据", "通报", "方案"],
    "system": ["单位与人员", "账号", "登录方式", "消息渠道", "备份"],
    "security": ["权限", "单位与人员", "账号", "登录规则"],
    "audit": ["留痕", "访问日志"],
}


@pytest.mark.parametrize(("role", "pages"), list(NAVIGATION.items()), ids=list(NAVIGATION))
def test_the_navigation_shows_what_a_role_may_open(open_page: OpenPage, role: str, pages: list[str]) -> None:
    page = open_page(role, "/")
    assert page.get_by_role("navigation", name="主导航").get_by_role("link").all_inner_texts() == pages


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("county", "/bulletin/"),
        ("department", "/bulletin/"),
        ("reporter", "/bulletin/"),
        ("reporter", "/reminder/"),
        ("reader", "/reminder/"),
        ("reader", "/reminder/letter/?unit=柳泉县卫生健康局"),
        ("county", "/bulletin/docx/"),
        ("county", "/bulletin/workbook/"),
        ("office", "/accounts/"),
        ("office", "/rights/"),
    ],
)
def test_a_page_of_another_role_is_refused_in_words(
    open_page: OpenPage, watch: Watch, role: str, address: str
) -> None:
    page = open_page(role)
    watch.expect(403)
    response = page.goto(address)
    assert response and response.status == 403
    expect(page.locator("h1")).to_have_text("你的账号不能做这一步")
    expect(page.locator(".trouble")).to_contain_text("没有任何数据被改动")
    page.get_by_role("link", name="回到总览").click()
    expect(page).to_have_title("总览 · 挂图 · 示范市")


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("system", "/projects/"),
        ("system", "/rights/"),
        ("security", "/ranking/"),
        ("security", "/accounts/roster.xlsx"),
        ("audit", "/bulletin/"),
        ("audit", "/accounts/"),
        ("audit", "/organisations/"),
    ],
)
def test_an_administrator_is_refused_on_the_pages_of_the_others_and_of_business(
    open_page: OpenPage, watch: Watch, role: str, address: str
) -> None:
    page = open_page(role)
    watch.expect(403)
    response = page.goto(address)
    assert response and response.status == 403
    expect(page.locator("h1")).to_have_text("你的账号不能做这一步")


def test_a_county_sees_its_own_projects_alone(county: Page) -> None:
    county.goto("/projects/?stage=all")
    counties = county.locator(f"#ledger tbody tr td:nth-child({column_of(county, '县区') + 1})")
    assert set(counties.all_inner_texts()) == {"云溪县"}
    assert projects_counted(county) >= 20
    county.goto("/")
    expect(county.locator(".sentence")).to_contain_text("20 个在建")


def test_a_department_sees_the_projects_it_leads(department: Page) -> None:
    department.goto("/projects/")
    assert projects_counted(department) == 9


def test_a_reporter_sees_the_projects_it_reports(reporter: Page) -> None:
    reporter.goto("/projects/")
    assert 0 < projects_counted(reporter) < 20


@pytest.mark.parametrize("role", ["county", "department", "reporter"])
def test_another_project_is_not_there_for_a_stranger(open_page: OpenPage, watch: Watch, role: str) -> None:
    page = open_page(role)
    watch.expect(404)
    response = page.goto(ELSEWHERE)
    assert response and response.status == 404
    expect(page.locator("h1")).to_have_text("这里没有你要的页面")


def test_a_project_that_nobody_knows_gets_the_same_answer(office: Page, watch: Watch) -> None:
    watch.expect(404)
    response = office.goto("/projects/2023-000000-00-00-000000/")
    assert response and response.status == 404
    expect(office.locator("h1")).to_have_text("这里没有你要的页面")


def test_a_reader_finds_nothing_to_edit_in_the_bulletin(reader: Page) -> None:
    reader.goto("/bulletin/")
    expect(reader.locator("article.paper form")).to_have_count(0)
    expect(reader.locator(".beside")).to_contain_text("通报由重点办修改")


def test_a_reader_sees_every_project_without_its_telephone(open_page: OpenPage) -> None:
    """The company's telephone stands on the page for its county, and nowhere for a reader."""
    own = open_page("county", "/projects/")
    address = own.locator("#ledger tbody a[data-main]").first.get_attribute("href") or ""
    own.goto(address)
    telephone = own.locator("dt", has_text="联系电话").locator("+ dd")
    expect(telephone).to_be_visible()
    number = telephone.inner_text().strip()
    page = open_page("reader", address)
    expect(page.locator("h1")).to_have_text(own.locator("h1").inner_text())
    assert number and number not in page.content()


def test_the_codes_of_the_ledger_are_those_of_the_county(county: Page) -> None:
    county.goto("/projects/?stage=all")
    assert {code.split("-")[1] for code in codes(county)} == {"139722"}
