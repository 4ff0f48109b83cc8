"""The ladder of measures (问责): which step the scheme proposes for whom. A person decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from guatu.written import Number, Part


class Step(Part):
    """[[step]]: a measure that is proposed when a condition holds in a term, or when the term of the step before it
    ended unfulfilled.

    `when` is a formula about the entity (`entity`) in terms of the kind `term`: its facts and sums over its
    projects, `score`, `rank`, `grade_drop` and `listed_ID` of the sheet named, `light_ID` of its lights, and
    `streak(…)`, `times(…)`, `previous(…)` over earlier terms. `chain` names the steps of one ladder, `order` their
    place in it: of one chain only the highest step that holds is proposed.

    `after` names the step (or steps) of the same chain whose term must have ended unfulfilled; `when` may then be left
    out. The term is `term_days` from the day after that step was taken, counted in `days`. What happened is handed in:
    `issued_ID`, the day on which the step ID was taken, `until_ID`, the last day of its term where the paper says
    another, `done_ID`, the day on which it was fulfilled. `fulfilled` is a condition that says so instead: where it is
    not known whether it holds, nothing is proposed. While a step's term runs, its chain proposes nothing lower.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    entity: Literal[
        "project", "county", "department", "unit", "leader", "person", "group", "enterprise", "city"
    ]
    term: Literal["month", "quarter", "half", "year"] = "month"
    sheet: str | None = None
    when: str | None = None
    after: str | tuple[str, ...] = ()
    exempt: str | None = None
    chain: str | None = None
    order: int = 1
    actor: str = ""
    called: str = ""
    paper: str = ""
    term_days: int | None = Field(default=None, ge=0)
    days: Literal["calendar", "working"] = "calendar"
    fulfilled: str | None = None
    published: str = ""
    score_effect: Number | None = None
    clause: str
    local_choice: str | None = None

    @property
    def follows(self) -> tuple[str, ...]:
        """The ids of the steps after which this one comes."""
        return (self.after,) if isinstance(self.after, str) else self.after


def letter_steps(steps: Iterable[Step]) -> list[Step]:
    """The steps of chains in which one step follows the term of another: for these is handed in when they were taken."""
    known = list(steps)
    chains = {step.chain for step in known if step.follows}
    return [step for step in known if step.chain in chains]
