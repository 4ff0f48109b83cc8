"""评分与数据: marks given, confirmed and refused; a ballot refused and taken; the scores that follow.

The journey changes what is judged, so it has a city of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.journey import NARROW, WIDE, both_widths, row_of, sign_in
from tests.browser.site import Site, start_site
from tests.browser.watching import Watch

MARKS = "/given/facts/inspection_mark/?term=2023-08"
BALLOT = "/given/ballots/tour_votes/?term=2023Q3"
PATIENCE = 30_000
"""Milliseconds for a step of the journey: judging a month is one of them."""
OFFICE, SECOND, COUNTY, STATISTICS = "zhongdianban", "duchake", "yunxixian", "tongjiju"


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tmp_path_factory.mktemp("given"))
    yield running
    running.stop()


class As(Protocol):
    """Opens a page as a person of the city."""

    def __call__(self, username: str, address: str, viewport: ViewportSize = WIDE) -> Page: ...


@pytest.fixture
def as_(browser: Browser, own_site: Site) -> Iterator[As]:
    watch = Watch(own_site.origin)
    contexts: list[BrowserContext] = []

    def open_as(username: str, address: str, viewport: ViewportSize = WIDE) -> Page:
        context = browser.new_context(
            base_url=own_site.origin, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai",
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.follow(context)
        watch.expect(400)
        watch.expect(404)
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


def test_marks_and_votes_score_once_they_are_confirmed_and_valid(as_: As) -> None:
    office = as_(OFFICE, MARKS)
    table = office.locator("table.grid")
    row_of(table, "云溪县").get_by_label("云溪县 打分").fill("120")
    row_of(table, "云溪县").get_by_label("云溪县 理由").fill("现场有序")
    row_of(table, "白沙县").get_by_label("白沙县 打分").fill("90")
    office.get_by_role("button", name="提交，待第二人确认").click()
    refused = office.get_by_role("alert")
    expect(refused).to_contain_text("云溪县：应为：0分 到 100分")
    expect(refused).to_contain_text("白沙县：请写明理由")
    office.get_by_label("云溪县 打分").fill("88")
    office.get_by_label("白沙县 理由").fill("两处停工已复工")
    office.get_by_role("button", name="提交，待第二人确认").click()
    expect(office.locator("#messages")).to_contain_text("已打分 2 个，待第二人确认后计分")
    office.goto("/given/?month=2023-08")
    mine = office.locator(".marks li").filter(has_text="云溪县")
    expect(mine).to_contain_text("您打的分，请另一人确认")
    expect(mine.get_by_role("button")).to_have_count(0)

    stranger = as_(COUNTY, "/given/")
    expect(stranger.locator(".trouble")).to_be_visible()

    second = as_(SECOND, "/given/?month=2023-08")
    for county, button in (("云溪县", "确认"), ("白沙县", "不同意")):
        waiting = second.locator(".marks li").filter(has_text=county)
        waiting.get_by_placeholder("理由").fill("看过现场照片")
        waiting.get_by_role("button", name=button, exact=True).click()
    expect(second.locator("#messages")).to_contain_text("白沙县的打分没有通过，不计分")
    needs = second.get_by_role("region", name="2023年8月").locator("table")
    expect(row_of_text(needs, "月督导评分")).to_contain_text("1 / 12")

    ballot = as_(OFFICE, BALLOT)
    names = ballot.locator(".ballot-form tbody tr").evaluate_all("rows => rows.map(row => row.dataset.name)")
    ballot.get_by_label("投票人", exact=True).fill("云溪县")
    copied = "\n".join(f"{name}\t{place}" for place, name in enumerate(names, 1))
    paste(ballot, copied)
    expect(ballot.locator(".ballot-form output")).to_have_text("已粘贴 12 格")
    expect(ballot.locator("#validity")).to_contain_text("还不能交：给自己投票")
    ballot.get_by_role("button", name="录入", exact=True).click()
    expect(ballot.get_by_role("alert")).to_have_text("这张票无效，没有收：给自己投票。")
    others = [name for name in names if name != "云溪县"]
    ballot.get_by_label("云溪县", exact=True).fill("")
    paste(ballot, "\n".join(f"{name}\t{place}" for place, name in enumerate(others, 1)))
    expect(ballot.locator("#validity")).to_have_text("这张票有效，可以交。")
    ballot.get_by_role("button", name="录入", exact=True).click()
    expect(ballot.locator("#messages")).to_contain_text("云溪县的票有效，已录入")

    judging = as_(OFFICE, "/given/?month=2023-08")
    judging.get_by_role("main").get_by_role("link", name="判定", exact=True).click()
    row_of_text(judging.locator(".judge-table"), "2023年8月").get_by_role("button", name="重新判定").click()
    judging.get_by_role("link", name="考核得分").click()
    sheet = judging.get_by_role("region", name="月督导")
    expect(row_of_text(sheet.locator("table"), "云溪县")).to_contain_text("88.0")
    expect(sheet.locator("tbody tr")).to_have_count(12)  # the others are not gone: they have no score
    expect(row_of_text(sheet.locator("table"), "白沙县")).to_contain_text("–")
    sheet.get_by_role("link", name="云溪县").click()
    expect(judging.locator("main")).to_contain_text("秦若谷（市重点办）")
    expect(judging.locator("main")).to_contain_text("纪怀瑾（市重点办）复核")


def test_a_supplier_pastes_its_column_by_name(as_: As) -> None:
    page = as_(STATISTICS, "/given/facts/new_enterprises/?term=2023-09")
    expect(page.get_by_role("navigation", name="主导航")).to_contain_text("评分与数据")
    paste(page, "松岗市\t3\n东湖区\t12\n乌有县\t1")
    expect(page.locator("output")).to_have_text("已粘贴 2 格，1 行没有对上")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("已报 2 个，更正 0 个")
    expect(row_of_text(page.locator("table.grid"), "松岗市")).to_contain_text("第 1 版 · 2023年10月13日")


def test_a_file_is_seen_before_it_is_taken(as_: As) -> None:
    page = as_(OFFICE, "/given/import/?term=2023-09")
    text = "对象,事实,数值\n青石县,新增规模以上企业,7\n青云县,新增规模以上企业,2\n"
    page.get_by_role("region", name="数据和打分").get_by_label("工作簿或 CSV").set_input_files(
        {"name": "企业.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("region", name="数据和打分").get_by_role("button", name="预览").click()
    expect(page.get_by_role("region", name="新报")).to_contain_text("青石县")
    expect(page.get_by_role("region", name="不收")).to_contain_text("没有“青云县”这个考核对象")
    page.get_by_role("button", name="导入 1 个").click()
    expect(page.locator("#messages")).to_contain_text("已报 1 个")


@both_widths
def test_the_grid_fits_the_screen(as_: As, viewport: ViewportSize) -> None:
    page = as_(OFFICE, MARKS, viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    field = page.get_by_label("禾丰县 理由")
    box = field.bounding_box()
    assert box is not None and box["x"] + box["width"] <= viewport["width"]
    if viewport == NARROW:
        assert box["height"] >= 40


def row_of_text(table: Locator, text: str) -> Locator:
    """The first row of a table that holds the text."""
    return table.locator("tbody tr").filter(has_text=text).first


def paste(page: Page, text: str) -> None:
    """Paste into the first field of the grid, as from a spreadsheet."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator(".grid input").first.focus()
    page.keyboard.press("ControlOrMeta+V")
