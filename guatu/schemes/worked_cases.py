"""Worked cases as cases/*.toml writes them: given these facts, expect this."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from guatu.written import Number, Part


class Expectation(Part):
    """What a case expects of one entity: a light and its level, or points, score, place, lists, steps and rewards
    (each with its amount) of a sheet."""

    entity: str
    light: str | None = None
    level: str | None = None
    measure: Number | None = None
    sheet: str | None = None
    term: str | None = None
    points: dict[str, Number] = Field(default_factory=dict)
    score: Number | None = None
    rank: int | None = None
    grade: str | None = None
    lists: tuple[str, ...] | None = None
    steps: tuple[str, ...] | None = None
    rewards: dict[str, Number] | None = None


class CaseBallot(Part):
    """One ballot of a case: `votes` maps each candidate to its place or mark."""

    ballot: str
    voter: str
    group: str
    term: str | None = None
    votes: dict[str, Number]


class Case(Part):
    """[[case]] of cases/*.toml: given these facts, expect these lights, points, places, lists and steps.

    `term` is the term that is judged; each row of `facts` names its `entity`, may name its own `term`, and holds
    facts by their ids, in the units in which they are handed in (money in 万元, per cent as 80.5, days as 2023-06-30).
    What a spot check found stands beside the value: `"done.checked" = 80`. `day` is the day on which it is judged,
    where that is not the last of the term.
    """

    name: str
    clause: str | None = None
    term: str
    day: date | None = None
    facts: tuple[dict[str, int | float | str | bool | date], ...] = ()
    ballots: tuple[CaseBallot, ...] = ()
    expect: tuple[Expectation, ...]


class DueCase(Part):
    """[[due_case]] of cases/*.toml: given a rule, expect these due days.

    `of` is `"report"`, or the id of a report kind, a cadence or a fact; `days` are its due days from `from` to `to`,
    or the one after `event`.
    """

    name: str
    clause: str | None = None
    of: str
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    event: date | None = None
    days: tuple[date, ...]
