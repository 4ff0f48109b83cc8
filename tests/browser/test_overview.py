"""总览: one sentence, numbers that are doors, a chart with its table, what is to do."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import OpenPage, both_widths, number_in, projects_counted, row_of, summed

EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "demo/expected.json").read_text(encoding="utf-8")
)


@both_widths
def test_the_state_of_the_city_stands_in_one_sentence(open_page: OpenPage) -> None:
    page = open_page("office", "/")
    said = "".join(page.locator(".sentence").inner_text().split())
    for words in (
        "217 个重点项目中 148 个在建",
        "累计完成投资 907.5 亿元，为年度计划 1127.4 亿元的 80.5%，比序时进度快 1.8 个百分点",
        "应开工 73 个，已开工 71 个，2 个尚未开工",
        "红 12 个，黄 8 个，蓝 3 个，未报 1 个；1 个数字待核。",
    ):
        assert words.replace(" ", "") in said


@pytest.mark.parametrize(
    ("index", "projects"),
    list(enumerate((217, 148, 148, 73, 2, 12, 8, 3, 1, 1))),
    ids=[
        "all",
        "building",
        "invested",
        "new",
        "not-started",
        "red",
        "yellow",
        "blue",
        "silent",
        "questioned",
    ],
)
def test_a_number_of_the_sentence_opens_its_projects(office: Page, index: int, projects: int) -> None:
    office.goto("/")
    doors = office.locator(".sentence a.door")
    expect(doors).to_have_count(10)
    said = number_in(doors.nth(index).inner_text())
    doors.nth(index).click()
    expect(office).to_have_title("项目台账 · 挂图 · 示范市")
    assert projects_counted(office) == projects
    assert said == projects or summed(office, "完成") == said * 10_000 or _yi(summed(office, "完成")) == said


def _yi(wan: Decimal) -> Decimal:
    return (wan / 10_000).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _published_cuts() -> dict[str, dict[str, Any]]:
    ledger = EXPECTED["ledger"]
    tiers = {"≥100": "100 亿元及以上", "50–100": "50–100 亿元", "10–50": "10–50 亿元", "<10": "10 亿元以下"}
    sizes = {tiers[name]: sums for name, sums in ledger["by_size"].items()}
    rest = {"前期": ledger["preliminary"], "在建合计": ledger["building"], "全部": ledger["all"]}
    return {**ledger["by_progress"], **ledger["by_category"], **sizes, **rest}


def test_the_portfolio_is_cut_as_published(office: Page) -> None:
    office.goto("/")
    tables = office.locator("table.cut")
    rows = {
        cells[0]: cells[1:]
        for index in range(3)
        for cells in (
            [text.strip() for text in row.locator("th, td").all_inner_texts()]
            for row in tables.nth(index).locator("tbody tr, tfoot tr").all()
        )
    }
    published = _published_cuts()
    assert set(rows) == set(published)
    for name, sums in published.items():
        planned = sums.get("planned_yi")
        shown = f"{planned:.1f}" if planned else "–"
        assert rows[name] == [str(sums["projects"]), f"{sums['total_yi']:.1f}", shown], name


def test_every_row_of_the_portfolio_opens_the_projects_it_counts(office: Page) -> None:
    office.goto("/")
    office.locator("details.more > summary").click()
    rows = [
        (
            row.locator("th").inner_text().strip(),
            row.locator("a.door").get_attribute("href") or "",
            int(row.locator("a.door").inner_text()),
            number_in(row.locator("td").nth(1).inner_text()),
        )
        for row in office.locator("table.cut tbody tr, table.cut tfoot tr").all()
    ]
    assert len(rows) >= 14 + 12 + 2 + 5
    for name, href, projects, total in rows:
        office.goto(href)
        assert projects_counted(office) == projects, name
        assert _yi(summed(office, "总投资")) == total, name


def test_who_is_silent_late_or_questioned_is_counted_and_opened(office: Page) -> None:
    office.goto("/")
    tally = office.locator(".tally > div")
    found = {
        entry.locator("dt").inner_text(): (
            int(entry.locator("dd").inner_text()),
            entry.locator("a").get_attribute("href") or "",
        )
        for entry in tally.all()
    }
    assert {name: count for name, (count, _) in found.items()} == {
        "未报": 1, "迟报": 5, "待核": 1, "到期未开工": 2,
    }  # fmt: skip
    for name, (count, href) in found.items():
        office.goto(href)
        assert projects_counted(office) == count, name


@both_widths
def test_the_chart_is_drawn_and_its_table_stays(open_page: OpenPage) -> None:
    page = open_page("office", "/")
    chart = page.locator("guatu-chart")
    expect(chart.locator(".drawing svg")).to_be_visible()
    assert chart.locator(".drawing svg path").count() > 10
    expect(chart.locator(".drawing svg text", has_text="907.5")).to_have_count(1)
    expect(row_of(chart.locator("table"), "完成").locator("td").nth(8)).to_have_text("907.5")
    expect(row_of(chart.locator("table"), "计划").locator("td").nth(11)).to_have_text("1127.4")
    box = chart.locator(".drawing").bounding_box()
    assert box and box["height"] > 150 and box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]


def test_the_printed_quarters_that_do_not_add_up_are_said(office: Page) -> None:
    office.goto("/")
    expect(office.locator(".contradiction").first).to_contain_text("162.5 + 341.0 + 383.8 + 240.2 = 1127.5")


def test_the_ranking_on_the_overview_opens_the_projects_of_a_county(office: Page) -> None:
    office.goto("/")
    office.get_by_role("link", name="松岗市", exact=True).click()
    assert projects_counted(office) == 10
    expect(office.locator("#ledger-county")).to_have_value("松岗市")


def test_what_is_to_do_is_counted_at_the_top_and_stands_on_a_page_of_its_own(office: Page) -> None:
    office.goto("/")
    count = int(office.locator(".head-side .count").inner_text())
    office.get_by_role("link", name=f"全部 {count} 项").click()
    expect(office.get_by_role("heading", name="今天要办")).to_be_visible()
    expect(office.locator("ul.todo > li")).to_have_count(count)
    first = office.locator("ul.todo > li").first
    expect(first).to_contain_text("超 7 个工作日")
    first.locator("a.what").click()
    expect(office).to_have_url(re.compile("/projects/2020-139723-83-01-438116/"))
