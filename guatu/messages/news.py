"""What is new for one person since it was last said, and whether it goes out now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Manner = Literal["overdue", "returned", "waiting", "soon", "missing"]
"""Why a person hears of something: it is overdue, came back, waits for him, is soon due, or others have not done it."""
MANNERS: Final[tuple[Manner, ...]] = ("overdue", "returned", "waiting", "soon", "missing")
"""In the order in which a message tells them."""
Rhythm = Literal["at_once", "daily", "weekly"]
"""How often a person hears of what is new."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is asked of a person, or that others have not done.

    `about` names, one by one, what it is about: the same name as long as it is the same. `days` are the working days
    left, negative when it is overdue, None where it has no day.
    """

    manner: Manner
    about: tuple[str, ...]
    title: str
    text: str
    href: str
    days: int | None

    @property
    def overdue(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def told_as(self) -> Manner:
        """What is asked of oneself is told as overdue once its day is over."""
        return "overdue" if self.manner == "soon" and self.overdue else self.manner

    @property
    def keys(self) -> tuple[str, ...]:
        """What will have been said: about each thing, and again when it became overdue."""
        stage = "overdue" if self.overdue else "open"
        return tuple(f"{name}:{stage}" for name in self.about)


@dataclass(frozen=True, slots=True)
class News:
    """A matter of which something has not been said yet: `fresh` are the keys that are new."""

    matter: Matter
    fresh: tuple[str, ...]


def news(
    matters: Sequence[Matter],
    said: Collection[str],
    *,
    before: int,
    muted: Collection[Manner] = (),
    compulsory: Collection[Manner] = (),
) -> list[News]:
    """What a person has not heard yet, in the order of MANNERS, then by day.

    What has a day is told from `before` working days before it. A muted manner is left out unless it is compulsory.
    """
    found = []
    for matter in matters:
        if matter.told_as in muted and matter.told_as not in compulsory:
            continue
        if matter.manner in ("soon", "missing") and (matter.days is None or matter.days > before):
            continue
        fresh = tuple(key for key in matter.keys if key not in said)
        if fresh:
            found.append(News(matter, fresh))
    return sorted(
        found, key=lambda one: (MANNERS.index(one.matter.told_as), one.matter.days is None, one.matter.days)
    )


def goes_out(
    found: Sequence[News],
    rhythm: Rhythm,
    last: date | None,
    day: date,
    *,
    compulsory: Collection[Manner] = (),
) -> bool:
    """Whether what is new goes out on `day`, when something last went out on `last`.

    At once: whenever there is something; daily and weekly: once a day, once a calendar week. What is compulsory waits
    for no rhythm.
    """
    if not found:
        return False
    if last is None or rhythm == "at_once" or any(one.matter.told_as in compulsory for one in found):
        return True
    if rhythm == "daily":
        return last < day
    return last.isocalendar()[:2] < day.isocalendar()[:2]
