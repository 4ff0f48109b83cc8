"""The words in which the tests of the API are told: who comes with which token, and what is sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from guatu.server.accounts.door_actions import WAYS, switch_ways
from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.api.actions import make_token
from guatu.server.clock import today


def switch(on: bool, actor: Account | None = None) -> None:
    """Switch tokens on or off for the whole site."""
    rules = sign_in_rules()
    values = {name: getattr(rules, name) for name in WAYS} | {"tokens": on}
    switch_ways(actor=actor, values=values, reason="与市数据中台对接")


def token(account: Account, *, writes: bool = True, days: int = 30) -> str:
    return make_token(actor=account, name="市数据中台", until=today() + timedelta(days=days), writes=writes)


class Program:
    """A program that holds a token (or none)."""

    def __init__(self, secret: str | None) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path: str, status: int = 200) -> Any:
        return self._read(self._client.get(f"/api/v1{path}"), status)

    def put(self, path: str, sent: object, status: int = 200) -> Any:
        answer = self._client.put(f"/api/v1{path}", json.dumps(sent), content_type="application/json")
        return self._read(answer, status)

    def post(self, path: str, sent: object, status: int = 200) -> Any:
        answer = self._client.post(f"/api/v1{path}", json.dumps(sent), content_type="application/json")
        return self._read(answer, status)

    @staticmethod
    def _read(answer: Any, status: int) -> Any:
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:500])
        return json.loads(answer.content)


def program(account: Account, *, writes: bool = True) -> Program:
    """A program that acts for the account."""
    return Program(token(account, writes=writes))


def told(refusal: Any) -> str:
    """The sentences of a refusal."""
    return " ".join(one["message"] for one in refusal["errors"])
