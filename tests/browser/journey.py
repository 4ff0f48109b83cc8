"""The words in which journeys are told: who opens a page, at what width, and what a page of the ledger holds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, ViewportSize

from tests.browser.site import PASSWORD

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
narrow = pytest.mark.parametrize("viewport", [NARROW], ids=["390"])
both_widths = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])

PAGE_SIZE = 100
"""Rows of the ledger on one page."""


class OpenPage(Protocol):
    """Opens a watched page as somebody: a role of the demonstration, or None for someone not signed in.

    `fresh` takes a session of its own, for a journey that changes what the session remembers.
    """

    def __call__(
        self, role: str | None, address: str | None = None, *, javascript: bool = True, fresh: bool = False
    ) -> Page: ...


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the sheet of the sign-in and send it."""
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def number_in(words: str) -> Decimal:
    """The first number in a text, without its separators."""
    found = re.search(r"-?\d[\d,]*(\.\d+)?", words.replace("−", "-"))
    assert found, f"no number in “{words}”"
    return Decimal(found[0].replace(",", ""))


def projects_counted(page: Page) -> int:
    """How many projects the ledger says it has found; 0 for an empty one.

    Head, sums and pager must say the same, and the rows must be as many as fit on a page.
    """
    if page.locator("#ledger .empty").count():
        return 0
    count = int(number_in(page.locator("#ledger tfoot th").inner_text()))
    said = re.search(r"共 (\d+) 个项目", page.locator(".pager .sum").inner_text())
    assert said and int(said[1]) == count
    rows = page.locator("#ledger tbody tr").count()
    current = page.locator(".pager .here")
    before = (int(current.inner_text()) - 1) * PAGE_SIZE if current.count() else 0
    assert rows == min(count - before, PAGE_SIZE)
    return count


def codes(page: Page) -> list[str]:
    """The codes of the projects on this page of the ledger, in order."""
    return page.locator("#ledger tbody .code").all_inner_texts()


def column_of(page: Page, words: str) -> int:
    """Where the column of the ledger with these words stands, from 0."""
    heads = page.locator("#ledger thead th").all_inner_texts()
    return next(index for index, head in enumerate(heads) if head.strip().startswith(words))


def summed(page: Page, words: str) -> Decimal:
    """What the row of sums says for a column, in 万元."""
    cell = page.locator("#ledger tfoot tr").locator("th, td").nth(column_of(page, words))
    return number_in(cell.text_content() or "")


def row_of(table: Locator, name: str) -> Locator:
    """The row of a table whose head cell is exactly `name`."""
    head = table.page.get_by_role("rowheader", name=name, exact=True)
    return table.locator("tbody tr").filter(has=head)
