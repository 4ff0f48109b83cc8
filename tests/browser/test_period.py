"""The month of the whole site is chosen once."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.journey import OpenPage, both_widths, narrow


@both_widths
def test_a_month_chosen_once_is_followed_by_every_page(open_page: OpenPage) -> None:
    page = open_page("office", "/ranking/?ranking=lead_department", fresh=True)
    page.locator("summary", has_text="期别").click()
    page.get_by_role("button", name="8月", exact=True).click()
    expect(page).to_have_url(re.compile(r"/ranking/\?ranking=lead_department$"))
    expect(page.locator(".page-lead")).to_contain_text("2023年8月 · 牵头部门")
    page.goto("/")
    expect(page.locator(".sentence")).to_contain_text("截至 8 月底")
    expect(page.locator(".sentence")).to_contain_text("782.5")
    expect(page.locator(".sentence")).to_contain_text("69.4%")
    page.goto("/bulletin/")
    expect(page.locator("h1")).to_contain_text("2023年8月")
    page.goto("/reminder/")
    expect(page.locator(".page-lead")).to_contain_text("2023年8月")
    for address in ("/", "/todo/", "/ranking/", "/projects/", "/bulletin/", "/reminder/"):
        page.goto(address)
        expect(page.locator("summary", has_text="期别")).to_contain_text("2023年8月")


def test_the_ledger_follows_the_month(open_page: OpenPage) -> None:
    page = open_page("office", "/projects/", fresh=True)
    done = page.locator("#ledger tfoot")
    expect(done).to_contain_text("80.5%")
    page.locator("summary", has_text="期别").click()
    page.get_by_role("button", name="8月", exact=True).click()
    expect(done).to_contain_text("69.4%")


def test_a_month_that_was_not_judged_cannot_be_chosen(open_page: OpenPage) -> None:
    page = open_page("reader", "/")
    page.locator("summary", has_text="期别").click()
    expect(page.get_by_role("button", name="10月", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="1月", exact=True)).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1月", exact=True)).to_be_hidden()


def test_a_month_in_the_address_holds_for_that_page_alone(open_page: OpenPage) -> None:
    page = open_page("reader", "/?period=2023-06")
    expect(page.locator(".sentence")).to_contain_text("截至 6 月底")
    page.goto("/")
    expect(page.locator(".sentence")).to_contain_text("截至 9 月底")


@both_widths
def test_a_past_day_is_chosen_beside_the_month_and_follows_every_link_back_to_today(
    open_page: OpenPage,
) -> None:
    page = open_page("office", "/", fresh=True)
    page.locator("summary", has_text="期别").click()
    page.get_by_label("按某日所知显示").fill("2023-08-20")
    page.get_by_role("button", name="显示", exact=True).click()
    banner = page.locator(".looking-back")
    expect(banner).to_contain_text("按2023年8月20日所知显示")
    expect(page.locator(".sentence")).to_contain_text("截至 7 月底")
    page.get_by_role("link", name="考核排名").first.click()
    expect(page).to_have_url(re.compile(r"/ranking/\?known=2023-08-20$"))
    page.get_by_role("link", name="项目台账").first.click()
    page.locator("#ledger-q").fill("水库")
    expect(page).to_have_url(
        re.compile(r"q=%E6%B0%B4%E5%BA%93.*known=2023-08-20|known=2023-08-20.*q=%E6%B0%B4%E5%BA%93")
    )
    page.locator("#ledger a[data-main]").first.click()
    expect(banner).to_contain_text("2023年8月20日")
    banner.get_by_role("link", name="回到今天").click()
    expect(banner).to_have_count(0)
    expect(page.locator("summary", has_text="期别")).to_contain_text("2023年9月")


@narrow
def test_the_months_open_under_a_thumb_and_stay_in_the_window(open_page: OpenPage) -> None:
    page = open_page("reader", "/")
    page.locator("summary", has_text="期别").tap()
    for month in ("1月", "12月"):
        box = page.get_by_role("button", name=month, exact=True).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
