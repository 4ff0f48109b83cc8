"""A reporter in front of the site, as a browser would send it: signs in, opens forms, saves, hands in, takes back."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

CSRF: Final = "k" * 32
"""The token of the form and of the cookie: both come from the browser, so it may choose them."""


class Refused(Exception):
    """The site answered otherwise than a reporter who does everything right may expect."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the page of a report offers: the edition of its draft, the questions to explain, whether it can be typed in."""

    edition: str
    doubts: tuple[str, ...]
    open: bool


class Reporter:
    """One person at one browser; `taken` holds the seconds of each kind of request."""

    def __init__(self, port: int, session: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._session = session
        self.taken: list[tuple[str, float]] = []

    def close(self) -> None:
        self._connection.close()

    def sign_in(self, username: str, password: str) -> None:
        self._ask("sign-in page", "GET", "/sign-in/")
        sent = {"username": username, "password": password}
        answer = self._ask("sign-in", "POST", "/sign-in/", sent, expected=302)
        found = re.search(r"guatu_session=([^;]+)", answer.cookies)
        if not found:
            raise Refused("no session after signing in")
        self._session = found[1]

    def page(self, kind: str, path: str) -> str:
        return self._ask(kind, "GET", path).body

    def open(self, month: str, code: str) -> Form:
        """The page of a project's report."""
        page = self.page("form", self._address(month, code))
        edition = re.search(r'name="edition"[^>]* value="(\d+)"', page)
        return Form(
            edition[1] if edition else "0",
            tuple(re.findall(r'name="reason\.(\w+)"', page)),
            'name="f.invested_month"' in page,
        )

    def save(self, month: str, code: str, form: Form, typed: Mapping[str, str]) -> Form:
        """Save the draft as the page does while one types; the form to go on from."""
        sent = self._sent(form, typed) | {"do": "save"}
        page = self._ask("autosave", "POST", self._address(month, code), sent, htmx=True).body
        edition = re.search(r'name="edition"[^>]* value="(\d+)"', page)
        if not edition:
            raise Refused(f"the draft of {code} was not saved")
        return Form(edition[1], tuple(re.findall(r'name="reason\.(\w+)"', page)), True)

    def hand_in(self, month: str, code: str, form: Form, typed: Mapping[str, str]) -> None:
        """Hand the report in, every question explained. Returns once the site has acknowledged it."""
        sent = self._sent(form, typed) | {"do": "hand_in"}
        self._ask("hand in", "POST", self._address(month, code), sent, expected=302)

    def withdraw(self, month: str, code: str) -> None:
        self._ask("withdraw", "POST", self._address(month, code), {"do": "withdraw"}, expected=302)

    @staticmethod
    def _address(month: str, code: str) -> str:
        return f"/reports/{month}/{quote(code, safe='')}/"

    @staticmethod
    def _sent(form: Form, typed: Mapping[str, str]) -> dict[str, str]:
        fields = {f"f.{name}": text for name, text in typed.items()}
        reasons = {f"reason.{key}": "已现场核实，情况属实" for key in form.doubts}
        return {**fields, **reasons, "edition": form.edition}

    def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        sent: Mapping[str, str] | None = None,
        *,
        expected: int = 200,
        htmx: bool = False,
    ) -> Answer:
        headers = {"Cookie": f"guatu_session={self._session}; guatu_csrf={CSRF}"}
        body = None
        if sent is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**sent, "csrfmiddlewaretoken": CSRF})
        if htmx:
            headers["HX-Request"] = "true"
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        read = answer.read().decode()
        self.taken.append((kind, time.perf_counter() - begun))
        if answer.status != expected:
            words = " ".join(re.sub(r"<[^>]+>", " ", read).split())
            raise Refused(f"{method} {path}: {answer.status} instead of {expected}: {words[:300]}")
        return Answer(read, "; ".join(answer.headers.get_all("Set-Cookie") or ()))


@dataclass(frozen=True, slots=True)
class Answer:
    body: str
    cookies: str
