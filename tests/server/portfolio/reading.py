"""Reading the pages of the ledger as a test sees them."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from django.test import Client

from guatu.server.accounts.models import Account

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(account: Account | str) -> Client:
    """A browser in which the account (or the user of that name) is signed in."""
    if isinstance(account, str):
        account = Account.objects.get(username=account)
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def page(client: Client, path: str = "/projects/", **query: object) -> str:
    """The text of a page that answers 200."""
    answer = client.get(path + (f"?{urlencode(query)}" if query else ""))
    assert answer.status_code == 200, answer.status_code
    text: str = answer.content.decode()
    return text


def codes(text: str) -> list[str]:
    """The codes of the projects listed, in order."""
    return re.findall(r'<span class="code">([^<]+)</span>', text)


def names(text: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r"<a data-main [^>]+>([^<]+)</a>", text)]


def cells(text: str, css: str) -> list[str]:
    """The words of the cells of one column (its classes), marks and tags left out."""
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    found = re.findall(rf'<td class="{css}">(.*?)</td>', body)
    return [re.sub(r"<span.*", "", cell) for cell in found]


def sums(text: str) -> list[str]:
    """The words of the row of sums, empty cells left out."""
    foot = text[text.index("<tfoot>") : text.index("</tfoot>")]
    parts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", foot)
    return [words for part in parts if (words := re.sub(r"<span.*", "", part).strip())]


def tabs(text: str) -> dict[str, int]:
    """The tabs of the ledger and the number on each."""
    found = re.findall(r'<a class="chip"[^>]*>(\S+) <b>(\d+)</b></a>', text)
    return {words: int(number) for words, number in found}


def count(text: str) -> int:
    """How many projects the row of sums counts; 0 for an empty page."""
    found = re.search(r"合计 (\d+) 个", text)
    return int(found[1]) if found else 0
