"""Journeys in a real browser over the demonstration city. The site is started once, each role signs in once.

Chromium is the one that `CHROMIUM` names, else the one that tools/chromium.sh finds or installs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.journey import WIDE, OpenPage, sign_in
from tests.browser.site import ACCOUNTS, Site, start_site
from tests.browser.watching import Watch

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=5_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes (`--dist loadgroup`) the tests of a file stay together, as a journey may build on what
    another has done; those that only look at every page are shared out by page."""
    for item in items:
        given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
        name = given["shown"][0] if "shown" in given else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.name} {name}"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Where there is none, the run stops and says how to get it."""
    named = os.environ.get("CHROMIUM")
    if named and (found := shutil.which(named)):
        return found
    if named:
        pytest.exit(
            f"CHROMIUM names “{named}”, which cannot be run. Cure: give the path of Chromium", returncode=3
        )
    looked = subprocess.run([ROOT / "tools/chromium.sh"], capture_output=True, text=True)
    if looked.returncode:
        pytest.exit(looked.stderr.strip() or "Chromium was not found", returncode=3)
    return looked.stdout.split("\n")[0]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration city, loaded and served once for all tests."""
    if not (ROOT / "guatu/server/frame/static/built/manifest.json").is_file():
        pytest.exit("The front end is not built. Cure: python hatch_build.py", returncode=3)
    running = start_site(tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for this folder; it is gone before the tests of other folders begin."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=flags)
        yield started
        started.close()


class SignedIn:
    """The session of each role, made at its first use and kept for the run."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._kept: dict[str, Any] = {}

    def make(self, role: str) -> Any:
        """A new session of the role, which nobody else changes."""
        with self._browser.new_context(base_url=self._site.origin) as context:
            context.set_default_timeout(8_000)
            page = context.new_page()
            page.goto("/sign-in/")
            sign_in(page, ACCOUNTS[role])
            page.wait_for_url(re.compile(r"^(?!.*/sign-in/)"))
            return context.storage_state()

    def of(self, role: str) -> Any:
        if role not in self._kept:
            self._kept[role] = self.make(role)
        return self._kept[role]


@pytest.fixture(scope="package")
def signed_in(browser: Browser, site: Site) -> SignedIn:
    return SignedIn(browser, site)


@pytest.fixture
def viewport() -> ViewportSize:
    """The size of the window; `@narrow` and `@both_widths` change it."""
    return WIDE


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fails the test that showed a problem: see tests/browser/watching.py."""
    watching = Watch(site.origin)
    yield watching
    if watching.problems:
        pytest.fail("the page must not do this:\n" + "\n".join(watching.problems), pytrace=False)


@contextmanager
def pages_over(
    browser: Browser, site: Site, signed_in: SignedIn, viewport: ViewportSize, watch: Watch
) -> Iterator[OpenPage]:
    """Opens pages, each in a context of its own, over the kept session of a role (`fresh`: over a new one)."""
    contexts: list[BrowserContext] = []

    def open_as(
        role: str | None, address: str | None = None, *, javascript: bool = True, fresh: bool = False
    ) -> Page:
        state = None if role is None else signed_in.make(role) if fresh else signed_in.of(role)
        context = browser.new_context(
            base_url=site.origin,
            viewport=viewport,
            java_script_enabled=javascript,
            storage_state=state,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=viewport["width"] < 600,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(8_000)
        contexts.append(context)
        watch.follow(context)
        page = context.new_page()
        if address is not None:
            page.goto(address)
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(
    browser: Browser, site: Site, signed_in: SignedIn, viewport: ViewportSize, watch: Watch
) -> Iterator[OpenPage]:
    """Opens pages that `watch` follows, in a window of the size of `viewport`."""
    with pages_over(browser, site, signed_in, viewport, watch) as open_as:
        yield open_as


@pytest.fixture
def office(open_page: OpenPage) -> Page:
    """A page of the key-project office, which sees everything."""
    return open_page("office")


@pytest.fixture
def county(open_page: OpenPage) -> Page:
    """A page of 云溪县."""
    return open_page("county")


@pytest.fixture
def department(open_page: OpenPage) -> Page:
    """A page of 市交通运输局, which leads some projects."""
    return open_page("department")


@pytest.fixture
def reporter(open_page: OpenPage) -> Page:
    """A page of a responsible unit."""
    return open_page("reporter")


@pytest.fixture
def reader(open_page: OpenPage) -> Page:
    """A page of a city leader: everything to read, nothing to do."""
    return open_page("reader")
