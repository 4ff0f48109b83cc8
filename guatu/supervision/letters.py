"""Steps as letters: where a correspondence stands on a day, and which step comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.calendars import Due, due_after
from guatu.language import gettext as _
from guatu.supervision.ladder import Step
from guatu.values import date_text

ISSUED, UNTIL, DONE = "issued_", "until_", "done_"
"""What is handed in about a step begins with one of these and ends with its id."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A step as it was taken: for whom, on which day, until when it was to be fulfilled (None: no term), and when it was."""

    step: Step
    entity: str
    issued: date
    until: date | None
    done: date | None
    certain: bool = True

    def state(self, day: date) -> Literal["done", "running", "over"]:
        """How it stands on a day. The last day of the term still belongs to it."""
        if self.done is not None and self.issued <= self.done <= day:
            return "done"
        return "running" if self.until is None or day <= self.until else "over"

    def sentence(self, day: date) -> str:
        """Why the next step is proposed, or why not."""
        name, issued = self.step.name, date_text(self.issued)
        if self.until is None:
            return _("“{name}”{issued} 发出，没有写期限").format(name=name, issued=issued)
        words = _("“{name}”{issued} 发出，{until} 期满").format(
            name=name, issued=issued, until=date_text(self.until)
        )
        if not self.certain:
            words += _("（当年放假安排尚未公布，按周一至周五推算）")
        said = {
            "done": _("，{done} 办结").format(done=date_text(self.done)),
            "running": _("，到 {day} 还没有期满"), "over": _("，到 {day} 没有办结"),
        }[self.state(day)]  # fmt: skip
        return words + said.format(day=date_text(day))


def last_letter(
    steps: Iterable[Step], facts: Mapping[str, list[date]], entity: str, day: date
) -> Letter | None:
    """The step of a chain that was taken last for an entity, on `day` or before; of those of one day the highest.

    `facts` are the days handed in, by name (`issued_ID`, `until_ID`, `done_ID`).
    """
    letters = [
        _letter(step, entity, issued, facts)
        for step in steps
        for issued in facts.get(ISSUED + step.id, ())
        if issued <= day
    ]
    return max(letters, key=lambda letter: (letter.issued, letter.step.order), default=None)


def _letter(step: Step, entity: str, issued: date, facts: Mapping[str, list[date]]) -> Letter:
    """A letter with its term: the day written on it, which is not before it was issued, else the days of the step."""
    until = min((one for one in facts.get(UNTIL + step.id, ()) if one >= issued), default=None)
    certain = True
    if until is None and step.term_days is not None:
        rule = Due(every="event", within=step.term_days, days=step.days)
        due = due_after(rule, issued, estimate=True)
        assert due is not None
        until, certain = due.day, due.certain
    done = min((one for one in facts.get(DONE + step.id, ()) if one >= issued), default=None)
    return Letter(step, entity, issued, until, done, certain)


def letter_facts(step: Step) -> Iterator[tuple[str, str]]:
    """The names under which the days of a step are handed in, and what people call them."""
    yield ISSUED + step.id, _("{step}：发出日").format(step=step.name)
    yield UNTIL + step.id, _("{step}：期满日").format(step=step.name)
    yield DONE + step.id, _("{step}：办结日").format(step=step.name)
