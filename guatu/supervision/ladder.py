"""The ladder of measures (问责): which step the scheme proposes for whom. A person decides."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guatu.written import Number, Part


class Step(Part):
    """[[step]]: a measure that is proposed when a condition holds in a term.

    `when` is a formula about the entity (`entity`) in terms of the kind `term`: its facts and sums over its
    projects, `score`, `rank`, `grade_drop` and `listed_ID` of the sheet named, `light_ID` of its lights, and
    `streak(…)`, `times(…)`, `previous(…)` over earlier terms. `chain` names the steps of one ladder, `order` their
    place in it: of one chain only the highest step that holds is proposed.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    entity: Literal[
        "project", "county", "department", "unit", "leader", "person", "group", "enterprise", "city"
    ]
    term: Literal["month", "quarter", "half", "year"] = "month"
    sheet: str | None = None
    when: str
    exempt: str | None = None
    chain: str | None = None
    order: int = 1
    actor: str = ""
    called: str = ""
    paper: str = ""
    term_days: int | None = None
    published: str = ""
    score_effect: Number | None = None
    clause: str
    local_choice: str | None = None
