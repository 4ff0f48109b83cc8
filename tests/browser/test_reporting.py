"""填报: a month reported, signed, returned with a reason, corrected, checked, accepted, judged; and what is refused.

The journey changes what is judged, so it has a city of its own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, ViewportSize, expect

from tests.browser.journey import NARROW, WIDE, sign_in
from tests.browser.site import Site, start_site
from tests.browser.test_accessibility import AXE
from tests.browser.watching import Watch
from tests.reporting.attached.made import photo

OCTOBER = "/reports/2023-10/"
REPORTER, SIGNER, COUNTY, OFFICE = "yunxifagai", "yunxiqianfa", "yunxixian", "zhongdianban"
PATIENCE = 30_000
NEW = "2020-139722-39-02-338041"
"""A project of the unit of which nothing was reported for October."""


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tmp_path_factory.mktemp("reporting"))
    yield running
    running.stop()


class As(Protocol):
    """Opens a page as a person of the city."""

    def __call__(self, username: str, address: str, viewport: ViewportSize = WIDE) -> Page: ...


@pytest.fixture
def as_(browser: Browser, own_site: Site) -> Iterator[As]:
    watch = Watch(own_site.origin)
    watch.expect(403, 404, 409, 422)
    contexts: list[BrowserContext] = []

    def open_as(username: str, address: str, viewport: ViewportSize = WIDE) -> Page:
        context = browser.new_context(
            base_url=own_site.origin, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai",
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.follow(context)
        page = context.new_page()
        page.goto("/sign-in/")
        sign_in(page, username)
        page.wait_for_url(re.compile(r"^(?!.*/sign-in/)"))
        page.goto(address)
        return page

    yield open_as
    for context in contexts:
        context.close()
    if watch.problems:
        pytest.fail("the page must not do this:\n" + "\n".join(watch.problems), pytrace=False)


def state_of(page: Page) -> str:
    return page.locator(".page-lead b").inner_text()


def test_a_month_goes_its_way_from_the_reporter_to_the_office(as_: As) -> None:
    """Three fields are typed for a project in which nothing but money and works changed."""
    address = f"{OCTOBER}{NEW}/"
    reporter = as_(REPORTER, address)
    began = time.monotonic()
    typed = 0
    for label, text in (
        ("本月完成投资", "1,740.5"),
        ("形象进度", "灌装线基础浇筑完成，设备开始进场"),
        ("形象进度完成比例", "82"),
    ):
        reporter.get_by_label(re.compile(f"^{label}")).first.fill(text)
        typed += 1
    expect(reporter.locator("[data-sum]")).to_have_text("23,900.5")
    expect(reporter.locator(".report-saved")).to_contain_text("草稿已存")
    reporter.get_by_role("button", name="提交签发").click()
    expect(reporter.locator("#messages")).to_contain_text("等本单位签发")
    assert typed == 3
    assert time.monotonic() - began < 30

    signer = as_(SIGNER, "/home/")
    signer.get_by_role("link", name="10 月月报待签发").click()
    signer.goto(address)
    expect(signer.locator("main input[name^='f.']")).to_have_count(0)
    signer.get_by_role("button", name="退回填报人").click()
    expect(signer.locator(".alert-error")).to_contain_text("请写明退回的理由")
    signer.get_by_label("意见").fill("请写明设备台数")
    signer.get_by_role("button", name="退回填报人").click()
    expect(signer.locator("#messages")).to_contain_text("已退回填报人")

    reporter.goto(address)
    expect(reporter.locator(".alert-warning")).to_contain_text("请写明设备台数")
    reporter.get_by_label(re.compile("^形象进度")).first.fill("灌装线基础浇筑完成，进场设备 12 台")
    expect(reporter.locator(".report-saved")).to_contain_text("草稿已存")
    reporter.get_by_role("button", name="提交签发").click()
    expect(reporter.locator("#messages")).to_contain_text("等本单位签发")
    reporter.goto(address)
    expect(reporter.get_by_role("button", name="撤回修改")).to_be_visible()

    signer.goto(address)
    signer.get_by_role("button", name="签发", exact=True).click()
    county = as_(COUNTY, f"{OCTOBER}?state=signed")
    county.locator(f"input[value='{NEW}']").check()
    county.get_by_role("button", name="所选审核通过").click()
    expect(county.locator("#messages")).to_contain_text("1 份月报：已审核")
    office = as_(OFFICE, address)
    office.get_by_role("button", name="采用", exact=True).click()
    office.goto(address)
    assert state_of(office) == "已采用，已计入"
    expect(office.locator(".rounds")).to_contain_text("请写明设备台数")


def test_two_people_at_one_draft_are_both_shown(as_: As) -> None:
    address = f"{OCTOBER}2019-139722-39-02-345051/"
    first, second = as_(REPORTER, address), as_(REPORTER, address)
    for page, text in ((first, "111"), (second, "222")):
        page.get_by_label(re.compile("^本月完成投资")).fill(text)
        page.get_by_label(re.compile("^本月完成投资")).blur()
        page.wait_for_timeout(2_500)
    expect(second.locator(".alert-warning table")).to_contain_text("111")
    expect(second.locator(".alert-warning table")).to_contain_text("222")
    second.get_by_role("button", name="存我填的").click()
    expect(second.locator("#messages")).to_contain_text("草稿已存")
    first.reload()
    expect(first.get_by_label(re.compile("^本月完成投资"))).to_have_value("222")


def test_a_block_from_a_spreadsheet_is_pasted_into_the_table(as_: As) -> None:
    page = as_(REPORTER, f"{OCTOBER}grid/")
    cells = page.locator("tbody input[data-month]")
    page.evaluate("navigator.clipboard.writeText('12.5\\t甲段浇筑\\n13.5\\t乙段浇筑')")
    cells.first.click()
    page.keyboard.press("Control+V")
    expect(cells.nth(0)).to_have_value("12.5")
    expect(cells.nth(1)).to_have_value("13.5")
    page.get_by_role("button", name="全部存为草稿").click()
    expect(page.locator("#messages")).to_contain_text("2 行已存为草稿")


def test_on_a_telephone_the_table_is_a_list_and_the_day_begins_with_what_is_to_do(as_: As) -> None:
    page = as_(REPORTER, "/home/", NARROW)
    expect(page.locator("h1")).to_have_text("今天要办")
    page.goto(f"{OCTOBER}grid/")
    expect(page.locator(".report-grid-list li").first).to_be_visible()
    expect(page.locator(".report-grid")).to_be_hidden()


def test_on_a_telephone_photographs_are_attached_described_and_looked_at(as_: As) -> None:
    address = f"{OCTOBER}2019-139722-39-02-345051/"
    page = as_(REPORTER, address, NARROW)
    taken: list[FilePayload] = [
        {"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(n, located=True)} for n in (1, 2)
    ]
    page.locator("#attach-files").set_input_files(taken)
    expect(page.locator(".attached li")).to_have_count(2)
    page.locator("#attach-files").set_input_files(
        {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(page.locator("#attachments .alert-error")).to_contain_text("“说明.pdf”不是能读的照片")
    page.get_by_label("说明", exact=True).first.fill("灌装线基础")
    page.get_by_role("button", name="存说明").first.click()
    expect(page.locator("#attachments [role=status]")).to_have_text("说明已存。")
    page.get_by_role("button", name=re.compile("^移除")).last.click()
    expect(page.locator(".attached li")).to_have_count(1)
    expect(page.locator(".attached img")).to_have_js_property("naturalWidth", 480)
    expect(page.get_by_label("拍摄时间")).to_have_value("2023-09-28T15:30")
    # The draft that was begun for the photographs is the one that is typed in.
    page.get_by_label(re.compile("^本月完成投资")).fill("10")
    expect(page.locator(".report-saved")).to_contain_text("草稿已存")
    expect(page.locator("#report-answer .alert-warning")).to_have_count(0)
    _rules_kept(page)

    office = as_(OFFICE, f"{OCTOBER}2021-139722-30-02-675002/", NARROW)
    office.get_by_role("link", name="一号楼主体结构，东南角").focus()
    office.keyboard.press("Enter")
    large = office.get_by_role("dialog")
    expect(large.locator("p")).to_contain_text("1 / 3")
    office.keyboard.press("ArrowRight")
    expect(large.get_by_role("img")).to_have_attribute("alt", "二号楼主体结构，塔吊附墙")
    _rules_kept(office)
    office.keyboard.press("Escape")
    expect(large).to_be_hidden()


def _rules_kept(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    assert [rule["id"] for rule in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
@pytest.mark.parametrize("address", [OCTOBER, f"{OCTOBER}grid/", f"{OCTOBER}2022-139722-39-03-815036/"])
def test_the_pages_of_the_reports_keep_the_rules_of_accessibility(
    as_: As, address: str, viewport: ViewportSize
) -> None:
    page = as_(REPORTER, address, viewport)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_week_goes_its_way_with_a_refusal_and_what_happened_is_told_from_a_telephone(as_: As) -> None:
    code = "2022-139722-39-03-815036"
    address = f"/reports/of/weekly/2023-10-09/{code}/"
    reporter = as_(REPORTER, "/home/")
    reporter.get_by_role("link", name=re.compile("^填报2023年第41周.*周报")).click()
    reporter.goto(address)
    reporter.get_by_label(re.compile("^形象进度")).first.fill("二号窑砌筑完成")
    expect(reporter.locator(".report-saved")).to_contain_text("草稿已存")
    reporter.get_by_role("button", name="提交签发").click()
    expect(reporter.locator(".alert-error")).to_contain_text("“形象进度完成比例”必须填写")
    reporter.get_by_label(re.compile("^形象进度完成比例")).fill("39")
    expect(reporter.locator(".report-saved")).to_contain_text("草稿已存")
    reporter.get_by_role("button", name="提交签发").click()
    expect(reporter.locator("#messages")).to_contain_text("等本单位签发")

    signer = as_(SIGNER, address)
    signer.get_by_role("button", name="签发", exact=True).click()
    county = as_(COUNTY, address)
    county.get_by_role("button", name="退回填报人").click()
    expect(county.locator(".alert-error")).to_contain_text("请写明退回的理由")
    county.get_by_label("意见").fill("请写明砌筑方量")
    county.get_by_role("button", name="退回填报人").click()

    reporter.goto(address)
    expect(reporter.locator(".alert-warning")).to_contain_text("请写明砌筑方量")
    reporter.get_by_label(re.compile("^形象进度")).first.fill("二号窑砌筑完成，共 820 立方米")
    expect(reporter.locator(".report-saved")).to_contain_text("草稿已存")
    reporter.get_by_role("button", name="提交签发").click()
    expect(reporter.locator("#messages")).to_contain_text("等本单位签发")
    signer.goto(address)
    signer.get_by_role("button", name="签发", exact=True).click()
    county.goto("/reports/of/weekly/2023-10-09/?state=signed")
    county.locator(f"input[value$='{code}']").check()
    county.get_by_role("button", name="所选审核通过").click()
    expect(county.locator("#messages")).to_contain_text("1 份：已审核")

    telephone = as_(REPORTER, f"/projects/{code}/", NARROW)
    expect(telephone.locator(".report-timeline")).to_contain_text("周报")
    telephone.get_by_role("button", name="重大事项即时报").click()
    telephone.get_by_label(re.compile("^事项经过")).fill("塔吊停机检修，无人员伤亡")
    telephone.get_by_role("button", name="报送", exact=True).click()
    expect(telephone.locator(".alert-error")).to_contain_text("“发生时间”必须填写")
    telephone.get_by_label(re.compile("^发生时间")).fill("2023-10-12T22:00")
    assert telephone.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    telephone.get_by_role("button", name="报送", exact=True).click()
    expect(telephone.locator("#messages")).to_contain_text("已报送")
    county.goto("/home/")
    expect(county.locator("main")).to_contain_text("重大事项即时报，2023-10-12 22:00发生")
