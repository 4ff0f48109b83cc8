"""One thing that the reports ask of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.server.reporting.form_page import days_left

CHECK_WITHIN = 3
"""Working days within which a step should be done; it orders the list and binds nobody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked: the shape before it, its words, where to do it, and its day (None: no day).

    `kind` says what is asked (fill, returned, sign, check, accept, not_again, happened, confirm, vote), `key` which one it is: the same
    as long as the same is asked. `about` names each version of a report of which there are several.
    """

    shape: str
    title: str
    text: str
    href: str
    due: date | None
    kind: str
    key: str
    about: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return CHECK_WITHIN if self.due is None or self.due == date.max else days_left(self.due)
