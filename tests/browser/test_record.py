"""留痕 and 访问日志: what the audit administrator finds, follows, exports; what a project shows of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guatu.cli import main
from tests.browser.journey import OpenPage, both_widths, sign_in
from tests.browser.watching import Watch

PROJECT = "/projects/2022-139751-78-01-822086/"


@pytest.fixture
def audit(open_page: OpenPage) -> Page:
    """A page of the audit administrator."""
    return open_page("audit")


def test_the_audit_administrator_finds_who_did_what_and_follows_the_person(audit: Page) -> None:
    audit.goto("/record/")
    audit.get_by_label("操作", exact=True).select_option(label="评定")
    audit.get_by_role("button", name="查找").click()
    entries = audit.locator(".entry")
    expect(entries).to_have_count(9)
    expect(entries.first).to_contain_text("秦若谷")
    expect(entries.first).to_contain_text("2023年9月")
    expect(entries.first.get_by_text("相接")).to_be_visible()
    entries.first.get_by_role("link", name="秦若谷").click()
    expect(audit.get_by_label("操作人")).to_have_value("zhongdianban")
    assert entries.count() > 9
    audit.get_by_role("link", name="清除").click()
    expect(audit.get_by_label("操作人")).to_have_value("")


def test_pages_lead_back_in_time_and_again_to_the_newest(audit: Page) -> None:
    audit.goto("/record/")
    newest = audit.locator(".entry").first.get_attribute("id")
    audit.get_by_role("link", name="更早的记录").click()
    assert audit.locator(".entry").first.get_attribute("id") != newest
    audit.get_by_role("link", name="回到最新").click()
    expect(audit.locator(".entry").first).to_have_id(newest or "")


def test_the_exported_record_is_proved_on_another_machine(
    audit: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit.goto("/record/")
    head = audit.locator(".chain-state code").inner_text()
    with audit.expect_download() as started:
        audit.get_by_role("link", name="导出全部（可核对）").click()
    started.value.save_as(tmp_path / "record.jsonl")
    assert main(["verify", str(tmp_path / "record.jsonl"), "--head", head]) == 0
    assert "完整" in capsys.readouterr().out


def test_a_failed_sign_in_and_an_export_stand_in_the_access_log(
    open_page: OpenPage, audit: Page, watch: Watch
) -> None:
    stranger = open_page(None, "/sign-in/")
    sign_in(stranger, "nobody-here", "不是它的密码")
    expect(stranger.locator(".alert, .error")).not_to_have_count(0)
    county = open_page("county", "/projects/")
    assert county.request.get("/projects/export.xlsx").status == 200
    audit.wait_for_timeout(1500)
    audit.goto("/access-log/")
    audit.get_by_label("动作").select_option(label="登录失败")
    audit.get_by_role("button", name="查找").click()
    expect(audit.locator("tbody tr").first).to_contain_text("nobody-here")
    expect(audit.locator("tbody tr").first).to_contain_text("账号或密码不对")
    audit.goto("/access-log/?kind=export&account=温知夏")
    expect(audit.locator("tbody tr").first).to_contain_text("导出项目台账")


@both_widths
def test_a_project_shows_its_newest_entries_and_leads_to_all(open_page: OpenPage) -> None:
    page = open_page("office", PROJECT)
    section = page.locator("section", has=page.get_by_role("heading", name="留痕"))
    section.scroll_into_view_if_needed()
    expect(section.locator(".entry").first).to_be_visible()
    expect(section).to_contain_text("导入月报")
    section.get_by_role("link", name="→").click()
    expect(page.locator("h1")).to_have_text("本项目的留痕")
    expect(page.locator(".entries")).to_contain_text("导入台账")


def test_without_script_the_page_of_a_project_leads_to_its_record(open_page: OpenPage) -> None:
    page = open_page("office", PROJECT, javascript=False)
    page.get_by_role("link", name="谁在什么时候改了这个项目的什么").click()
    expect(page.locator(".entry").first).to_be_visible()


@pytest.mark.parametrize("role", ["office", "county", "reader"])
@pytest.mark.parametrize("address", ["/record/", "/access-log/", "/record/export.jsonl"])
def test_the_pages_of_the_audit_administrator_are_refused_to_others(
    open_page: OpenPage, watch: Watch, role: str, address: str
) -> None:
    page = open_page(role)
    watch.expect(403)
    response = page.goto(address)
    assert response and response.status == 403
