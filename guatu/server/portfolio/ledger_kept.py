"""What the ledger keeps between requests: sums, tabs, values of filters, orders.

It is kept under the end of the record and the day (ledger_queries.Seen.key), so that every action makes it
stale; at the longest for a minute.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar

KEPT_SECONDS: Final = 60.0

Answer = TypeVar("Answer")


class Kept:
    """Answers kept in this process for a minute under all that they depend on; the least used give way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[object, ...], tuple[float, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], read: Callable[[], Answer]) -> Answer:
        """The answer under `key`, else the one that `read` gives, which is kept from now on."""
        moment = time.monotonic()
        with self._lock:
            found = self._answers.get(key)
            if found and moment - found[0] < KEPT_SECONDS:
                self._answers.move_to_end(key)
                answer: Answer = found[1]
                return answer
        answer = read()
        with self._lock:
            self._answers[key] = (moment, answer)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer


kept: Final = Kept(512)
kept_orders: Final = Kept(32)
"""Whole ledgers in order (ids) are long, so fewer are kept."""
