"""A security key, from the switch to the sign-in. Keys need a name for the site, so it is opened as localhost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import sign_in
from tests.browser.site import ACCOUNTS, Site


@pytest.fixture
def local(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of its own at localhost, with a key in it."""
    context = browser.new_context(base_url=site.origin.replace("127.0.0.1", "localhost"), locale="zh-CN")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}},
    )
    yield page
    context.close()


def switch(page: Page, *, on: bool) -> None:
    """The system administrator switches the keys on or off and signs out."""
    page.goto("/sign-in/")
    sign_in(page, ACCOUNTS["system"])
    page.get_by_role("link", name="登录方式").click()
    page.get_by_label("安全密钥").set_checked(on)
    page.get_by_label("理由").fill("试用")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("登录方式已改")).to_be_visible()
    leave(page)


def leave(page: Page) -> None:
    page.locator(".head-side .menu summary").last.click()
    page.get_by_role("button", name="退出登录").click()


def test_a_registered_key_opens_the_second_step(local: Page) -> None:
    page = local
    switch(page, on=True)
    sign_in(page, ACCOUNTS["department"])
    expect(page).to_have_title("今天要办 · 挂图 · 示范市")
    page.goto("/account/")
    page.get_by_role("link", name="登记一把").click()
    page.get_by_label("名称").fill("办公室的密钥")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name="第二步验证已登记")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)

    leave(page)
    sign_in(page, ACCOUNTS["department"])
    expect(page.get_by_role("heading", name="第二步验证")).to_be_visible()
    page.get_by_role("button", name="用安全密钥").click()
    expect(page).to_have_title("今天要办 · 挂图 · 示范市")
    leave(page)
    switch(page, on=False)
    sign_in(page, ACCOUNTS["department"])
    expect(page).to_have_title("今天要办 · 挂图 · 示范市")
