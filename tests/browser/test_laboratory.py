"""方案实验室: turn a value, see what would change, take the folder away; with and without script."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from guatu.cli import main
from tests.browser.journey import OpenPage, both_widths, narrow
from tests.browser.test_accessibility import axe, violations
from tests.browser.watching import Watch

__all__ = ["axe"]
ADDRESS = "/scheme/laboratory/"
PATIENCE = 60_000
"""Milliseconds in which months are judged on a busy machine."""


def field(page: Page, key: str) -> Locator:
    return page.locator(f'[name="set.{key}"]')


@both_widths
def test_a_moved_threshold_shows_the_lights_that_change(open_page: OpenPage) -> None:
    page = open_page("reader", "/scheme/")
    page.get_by_role("link", name="试改看结果").click()
    page.wait_for_url(f"**{ADDRESS}")
    expect(page.locator(".outcome-first")).to_contain_text("现在和现行方案一样")
    field(page, "light[0].band[3].from").fill("15")
    expect(page.locator(".outcome-first")).to_contain_text("2023年9月有 8 盏灯会变", timeout=PATIENCE)
    group = page.locator(".outcome-group", has_text="投资进度")
    expect(group).to_contain_text("因为 “投资进度”红灯下限由 25 改为 15 个百分点")
    row = group.locator("li", has_text="穆川中央厨房及预制菜产业园项目")
    expect(row.locator(".light-yellow")).to_have_text("黄")
    expect(row.locator(".light-red")).to_have_text("红")
    expect(page.locator("#light-schedule-band-red")).to_contain_text("改后 15 个百分点及以上")
    field(page, "light[0].band[3].from").fill("25")
    expect(page.locator(".outcome-first")).to_contain_text("现在和现行方案一样", timeout=PATIENCE)
    expect(page.locator("#light-schedule-band-red")).not_to_contain_text("改后")


def test_what_is_wrong_stands_at_its_rule_while_the_field_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_page("office", ADDRESS)
    upper = field(page, "light[0].band[1].to")
    upper.fill("30")
    expect(page.locator("#light-schedule .error-text")).to_contain_text(
        "档下限 30 不小于上限 25", timeout=PATIENCE
    )
    expect(page.locator(".outcome-first")).to_contain_text("有 1 处不对")
    expect(upper).to_be_focused()
    upper.fill("12")
    expect(page.locator("#light-schedule .error-text")).to_have_count(0, timeout=PATIENCE)


def test_the_year_month_by_month_and_the_folder(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("office", ADDRESS)
    page.locator("summary", has_text="考核表：县（市、区）").click()
    page.get_by_label("全年各月", exact=True).check()
    field(page, "sheet[0].item[0].points").fill("45")
    field(page, "sheet[0].item[1].points").fill("45")
    expect(page.locator(".outcome-first")).to_contain_text("2023年各月有", timeout=PATIENCE)
    expect(page.locator(".outcome-months > div")).to_have_count(9)
    with page.expect_download() as started:
        page.get_by_role("button", name="下载改后的方案").click()
    started.value.save_as(tmp_path / "trial.zip")
    with zipfile.ZipFile(tmp_path / "trial.zip") as archive:
        archive.extractall(tmp_path / "trial")
    (folder,) = (tmp_path / "trial").iterdir()
    assert started.value.suggested_filename == f"{folder.name}.zip"
    assert main(["scheme", "check", str(folder)]) == 0


@both_widths
def test_without_script_it_is_a_plain_form(open_page: OpenPage) -> None:
    page = open_page("office", ADDRESS, javascript=False)
    upper = field(page, "light[0].band[3].from")
    upper.fill("15")
    page.set_default_timeout(PATIENCE)
    upper.press("Enter")
    expect(page.locator(".outcome-first")).to_contain_text("2023年9月有 8 盏灯会变", timeout=PATIENCE)
    expect(field(page, "light[0].band[3].from")).to_have_value("15")
    expect(field(page, "light[0].band[2].to")).to_have_value("15")
    page.get_by_role("button", name="按 TOML 改").click()
    expect(page.get_by_label("scheme.toml")).to_contain_text("from = 15")
    page.get_by_role("button", name="回到逐条改").click()
    expect(field(page, "light[0].band[3].from")).to_have_value("15")
    page.get_by_role("link", name="全部还原").click()
    expect(field(page, "light[0].band[3].from")).to_have_value("25")


@narrow
def test_a_few_words_of_the_result_stay_in_sight_and_lead_to_it(open_page: OpenPage) -> None:
    page = open_page("office", ADDRESS)
    field(page, "light[0].band[3].from").fill("15")
    bar = page.locator("#lab-jump")
    expect(bar).to_contain_text("8 盏灯会变", timeout=PATIENCE)
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(page.locator(".outcome-first")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@both_widths
def test_a_page_with_results_and_faults_keeps_the_rules_of_accessibility(
    open_page: OpenPage, axe: str
) -> None:
    page = open_page("office", ADDRESS)
    field(page, "light[0].band[3].from").fill("15")
    expect(page.locator(".outcome-group")).not_to_have_count(0, timeout=PATIENCE)
    found = violations(page, axe)
    assert not found, "\n".join(found[:12])
    field(page, "light[0].band[1].to").fill("30")
    expect(page.locator(".outcome-error")).to_be_visible(timeout=PATIENCE)
    found = violations(page, axe)
    assert not found, "\n".join(found[:12])


@pytest.mark.parametrize("role", ["county", "department", "reporter"])
def test_others_find_no_such_page(open_page: OpenPage, watch: Watch, role: str) -> None:
    watch.expect(404)
    page = open_page(role, ADDRESS)
    expect(page.locator("main")).to_contain_text("没有")
