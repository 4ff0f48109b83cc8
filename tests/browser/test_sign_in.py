"""Signing in and out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, narrow, sign_in
from tests.browser.site import ACCOUNTS
from tests.browser.watching import Watch


@both_widths
def test_a_wrong_password_is_said_and_the_right_one_opens_the_overview(open_page: OpenPage) -> None:
    page = open_page(None, "/sign-in/")
    sign_in(page, ACCOUNTS["office"], "this is not it")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(page.get_by_label("账号")).to_have_value(ACCOUNTS["office"])
    expect(page.get_by_label("密码")).to_have_value("")
    sign_in(page, ACCOUNTS["office"])
    expect(page).to_have_title("总览 · 挂图 · 示范市")


def test_an_empty_sheet_says_which_fields_are_missing(open_page: OpenPage) -> None:
    page = open_page(None, "/sign-in/")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("请填账号")).to_be_visible()
    expect(page.get_by_text("请填密码")).to_be_visible()


@narrow
def test_after_five_wrong_passwords_the_account_is_locked_for_a_while(
    open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(None, "/sign-in/")
    watch.expect(403, 429)
    for _ in range(5):
        expect(page.get_by_label("账号")).to_be_visible()
        sign_in(page, "somebody-who-guesses", "wrong again and again")
    expect(page.get_by_role("heading", name="暂停登录一刻钟")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("一刻钟后再登录")
    page.get_by_role("link", name="回到登录").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_page_asked_for_before_the_sign_in_is_shown_after_it(open_page: OpenPage) -> None:
    page = open_page(None, "/ranking/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    sign_in(page, ACCOUNTS["reader"])
    expect(page.get_by_role("heading", name="考核排名")).to_be_visible()


@both_widths
def test_signing_out_closes_every_page(open_page: OpenPage) -> None:
    page = open_page("reader", "/", fresh=True)
    page.locator(".head-side .menu summary").last.click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    page.goto("/ranking/")
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_someone_who_is_signed_in_is_led_past_the_sign_in(office: Page) -> None:
    office.goto("/sign-in/")
    expect(office).to_have_title("总览 · 挂图 · 示范市")
