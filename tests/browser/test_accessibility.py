"""Every page at both widths: the rules of WCAG 2 A and AA, no sideways scroll, keys, paper, plain HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import SignedIn, pages_over
from tests.browser.journey import NARROW, WIDE, OpenPage, both_widths
from tests.browser.site import Site
from tests.browser.watching import Watch

AXE = Path(__file__).parents[2] / "elements/node_modules/axe-core/axe.min.js"
PROJECT = "/projects/2022-139751-78-01-822086/"
ADDRESSES = {
    "sign-in": "/sign-in/",
    "overview": "/",
    "todo": "/todo/",
    "ledger": "/projects/",
    "ledger-empty": "/projects/?q=nothinglikeit",
    "ledger-error": "/projects/?county=nowhere",
    "past": "/projects/?known=2023-08-20",
    "past-error": "/ranking/?known=2023-11-30",
    "views": "/views/",
    "year-files": "/year-files/?year=2023",
    "project": PROJECT,
    "reports-term": "/reports/of/weekly/2023-10-09/",
    "reports-at-once": "/reports/of/major_matter/",
    "report-of-kind": "/reports/of/weekly/2023-10-09/2020-139722-39-02-338041/",
    "preliminary": "/projects/?stage=preliminary",
    "ranking": "/ranking/",
    "quality": "/reports/quality/",
    "departments": "/ranking/?ranking=lead_department",
    "bulletin": "/bulletin/",
    "reminder": "/reminder/",
    "scheme": "/scheme/",
    "laboratory": "/scheme/laboratory/",
    "assessment": "/assessment/",
    "score": "/assessment/county/石桥市/",
    "imports": "/imports/",
    "judge": "/judge/",
    "record": "/record/",
    "record-empty": "/record/?actor=nobody",
    "record-error": "/record/?since=yesterday",
    "project-record": f"{PROJECT}record/",
    "access-log": "/access-log/",
    "given": "/given/?month=2023-09",
    "given-fact": "/given/facts/new_enterprises/?term=2023-07",
    "given-mark": "/given/facts/inspection_mark/?term=2023-09",
    "given-versions": "/given/facts/new_enterprises/北苑区/?term=2023-06",
    "given-import": "/given/import/",
    "ballot": "/given/ballots/tour_votes/?term=2023Q2",
    "not-found": "/nowhere/",
    "organisations": "/organisations/",
    "organisation": "/organisations/3/",
    "person": "/people/3/",
    "own-account": "/account/",
    "reminders": "/reminders/",
    "tokens": "/account/tokens/",
    "hand-over": "/projects/hand-over/?person=3",
    "answers": f"{PROJECT}answers/",
    "manuals": "/projects/manual/",
    "manual": "/projects/manual/?project=2022-139751-78-01-822086",
    "units-kept": "/organisations/1/",
    "accounts": "/accounts/",
    "sign-in-rules": "/sign-in-rules/",
    "sign-in-ways": "/sign-in-ways/",
    "channels": "/channels/",
    "channel-add": "/channels/add/mail/",
    "outbox": "/outbox/",
    "backups": "/backups/",
    "rights": "/rights/",
}
OPENED_BY = {
    "sign-in": None,
    "units-kept": "system",
    "accounts": "system",
    "rights": "security",
    "sign-in-rules": "security",
    "sign-in-ways": "system",
    "channels": "system",
    "channel-add": "system",
    "outbox": "system",
    "backups": "system",
} | dict.fromkeys(("record", "record-empty", "record-error", "access-log"), "audit")
"""Who opens a page that is not the office's."""


def every_page(*windows: ViewportSize) -> pytest.MarkDecorator:
    """Asks every page in windows of these sizes; a page that is open already is asked again as it stands."""
    shown = [
        pytest.param((name, window), id=f"{name}-{window['width']}")
        for name in ADDRESSES
        for window in windows
    ]
    return pytest.mark.parametrize("shown", shown, indirect=True)


@pytest.fixture(scope="module")
def shown(
    request: pytest.FixtureRequest, browser: Browser, site: Site, signed_in: SignedIn
) -> Iterator[Page]:
    """A page of ADDRESSES in a window, opened once for all that is asked of it."""
    name, window = request.param
    watch = Watch(site.origin)
    if name == "not-found":
        watch.expect(404)
    with pages_over(browser, site, signed_in, window, watch) as open_page:
        page = open_page(OPENED_BY.get(name, "office"), ADDRESSES[name])
        yield page
    assert not watch.problems, "the page must not do this:\n" + "\n".join(watch.problems)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core. Where it is missing the run stops with the cure."""
    if not AXE.is_file():
        pytest.exit("axe-core is missing. Cure: cd elements && npm ci", returncode=3)
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG 2.0 and 2.1, A and AA: rule, element, reason."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@every_page(WIDE, NARROW)
def test_a_page_keeps_the_rules_of_accessibility(shown: Page, axe: str) -> None:
    found = violations(shown, axe)
    assert not found, "\n".join(found[:12])


def test_axe_finds_what_it_should(open_page: OpenPage, axe: str) -> None:
    """The guard itself: a picture without words and a field without a label are found."""
    page = open_page("office", "/ranking/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=\"/static/frame/mark.svg\"><input>'")
    found = " ".join(violations(page, axe))
    assert "image-alt" in found and "label" in found


def test_the_watch_sees_a_request_to_the_outside(open_page: OpenPage, watch: Watch) -> None:
    """The guard itself: a picture from elsewhere is refused by the policy, and the watch says so."""
    page = open_page("office", "/ranking/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://outside.invalid/a.png'}))")
    page.wait_for_timeout(300)
    said = " ".join(watch.problems)
    watch.problems.clear()
    assert "security policy: img-src" in said


@every_page(NARROW)
def test_a_page_does_not_scroll_sideways(shown: Page) -> None:
    width = shown.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


@both_widths
@pytest.mark.parametrize("name", ["overview", "ledger", "project", "ranking", "reminder"])
def test_the_tabulator_reaches_every_control(open_page: OpenPage, name: str) -> None:
    page = open_page("office", ADDRESSES[name])
    controls: int = page.evaluate("""() => {
        const shown = [...document.querySelectorAll(
            "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary")]
            .filter((one) => one.checkVisibility({visibilityProperty: true})
                && one.tabIndex >= 0 && !one.closest("svg"));
        shown.forEach((one) => { one.dataset.unreached = "1"; });
        return shown.length;
    }""")
    assert controls > 10
    for _ in range(controls + 12):
        page.keyboard.press("Tab")
        page.evaluate("delete document.activeElement.dataset.unreached")
    left: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-unreached]')].map((one) => one.outerHTML.slice(0, 120))"
    )
    assert left == []


@every_page(WIDE)
def test_paper_shows_the_content_without_the_frame(shown: Page) -> None:
    shown.emulate_media(media="print")
    try:
        content = shown.locator("main")
        expect(content).to_be_visible()
        assert len(content.inner_text().strip()) > 20
        expect(shown.locator("nav.pages")).to_be_hidden()
    finally:
        shown.emulate_media(media="screen")


class Inline(HTMLParser):
    """Collects what a strict policy forbids: scripts and styles in the page, handlers in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.found.append(f"<{tag}>")
        self.found += [
            f"<{tag} {name}>"
            for name, value in attrs
            if name == "style" or name.startswith(("on", "hx-on")) or (value or "").startswith("javascript:")
        ]
        for name in ("src", "href", "action"):
            if re.match(r"(https?:)?//", given.get(name) or ""):
                self.found.append(f"<{tag} {name}={given[name]}>")


@every_page(WIDE)
def test_the_html_carries_no_script_style_or_outside_address(shown: Page) -> None:
    response = shown.request.get(shown.url)
    reader = Inline()
    reader.feed(response.text())
    assert reader.found == []
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("width", [1280, 1366, 1440, 1920])
def test_the_head_fits_an_office_screen_of_any_usual_width(open_page: OpenPage, width: int) -> None:
    page = open_page("office", "/")
    page.set_viewport_size({"width": width, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    pages = page.get_by_role("navigation", name="主导航")
    assert pages.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
