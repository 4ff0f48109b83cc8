"""方案 and 考核得分: from a score to its workings, to the rule behind it, and back to why it fell."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, narrow, row_of
from tests.browser.test_accessibility import axe, violations
from tests.browser.watching import Watch

__all__ = ["axe"]
WORST = "/assessment/county/石桥市/"


def test_the_contents_lead_to_each_part_of_the_scheme(office: Page) -> None:
    office.goto("/scheme/")
    contents = office.get_by_role("navigation", name="目录")
    contents.get_by_role("link", name="预警", exact=True).click()
    expect(office.get_by_role("heading", name="预警", exact=True)).to_be_in_viewport()
    contents.get_by_role("link", name="本地选择").click()
    expect(office.get_by_role("heading", name="本地选择", exact=True)).to_be_in_viewport()
    expect(contents).to_be_in_viewport()


@both_widths
def test_a_worked_case_opens_and_says_that_it_comes_out(open_page: OpenPage) -> None:
    page = open_page("office", "/scheme/")
    case = page.locator("details.case").filter(has_text="三项都有数")
    case.locator("summary").click()
    expect(case).to_contain_text("相符")
    expect(case).to_contain_text("年度计划 8,000 万元")
    expect(case).to_contain_text("总分 62.5 分，第 4 名，重点关注")


def test_why_leads_to_its_rule(office: Page) -> None:
    office.goto("/ranking/")
    row = row_of(office.locator("table.table"), "松岗市")
    row.locator("summary", has_text="为什么").click()
    row.locator(".menu-sheet").get_by_role("link", name="依据：唐山 三(二)").click()
    office.wait_for_url("**/scheme/#ranking-county")
    expect(office.locator("#ranking-county")).to_be_in_viewport()
    expect(office.locator("#ranking-county")).to_contain_text("累计完成合计 ÷ 年度计划合计")


def test_from_the_points_to_their_workings_to_the_rule(office: Page) -> None:
    office.goto("/")
    office.get_by_role("link", name="考核得分", exact=True).click()
    row = row_of(office.locator("table.scores"), "石桥市")
    expect(row).to_contain_text("79.01")
    row.get_by_role("link", name="完成投资的算式").click()
    line = office.locator("#investment")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text("648,350 ÷ 762,126 = 85.0712%")
    line.locator("summary").click()
    expect(line.get_by_text("648,350")).to_be_hidden()
    line.locator("summary").press("Enter")
    line.get_by_role("link", name="依据：唐山 三(六)").click()
    expect(office.locator("#sheet-county-item-investment")).to_be_in_viewport()


@both_widths
def test_the_way_from_the_score_before_is_drawn_and_told(open_page: OpenPage) -> None:
    page = open_page("reader", WORST)
    way = page.locator("table.way")
    expect(way.locator("tbody tr").first).to_contain_text("80.68")
    expect(way.locator("tbody tr").last).to_contain_text("79.01")
    expect(row_of(way, "完成投资 48.93 → 47.26")).to_contain_text("−1.67")
    fall = way.locator("svg.fall-down rect")
    expect(fall).to_have_count(1)
    box, cell = fall.bounding_box(), way.locator("td.way-cell").nth(2).bounding_box()
    assert box and cell and box["width"] > 20
    assert cell["x"] <= box["x"] and box["x"] + box["width"] <= cell["x"] + cell["width"]


@narrow
def test_each_entity_is_a_card_with_the_words_of_its_columns(open_page: OpenPage) -> None:
    page = open_page("office", "/assessment/")
    row = row_of(page.locator("table.scores"), "石桥市")
    box = row.bounding_box()
    assert box and box["width"] <= 390 and box["height"] > 60
    words = row.locator("td").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::before').content.replace(/[\" ]/g, ''))"
    )
    assert [word for word in words if word in ("开工", "完成投资", "总分")] == ["开工", "完成投资", "总分"]


@both_widths
@pytest.mark.parametrize("address", ["/scheme/", "/assessment/", WORST])
def test_the_pages_keep_the_rules_of_accessibility(open_page: OpenPage, axe: str, address: str) -> None:
    page = open_page("office", address)
    found = violations(page, axe)
    assert not found, "\n".join(found[:12])
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def test_a_county_reads_the_scheme_and_finds_no_scores(open_page: OpenPage, watch: Watch) -> None:
    page = open_page("county", "/scheme/")
    expect(page.get_by_role("heading", name="考核表：县（市、区）考核")).to_be_visible()
    expect(page.get_by_role("link", name="考核得分", exact=True)).to_have_count(0)
    watch.expect(404)
    page.goto("/assessment/")
    expect(page.locator("main")).to_contain_text("没有")
