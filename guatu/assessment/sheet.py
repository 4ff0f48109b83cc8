"""What a scheme says about an assessment: sheets of items, their events, vetoes, grades, roll-ups and lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from guatu.assessment.rules import AnyRule
from guatu.assessment.terms import Kind
from guatu.calendars import Due
from guatu.written import Number, Part, Size

Entity = Literal["project", "county", "department", "unit", "leader", "person", "group", "enterprise", "city"]
"""The kinds of entity that may be assessed."""


class DeclaredFact(Part):
    """[[fact]]: a fact that the scheme declares, because the platform does not know it.

    `unit`: what the number is (money is written in 万元); `supplier`: who hands it in; `sources`: those who hand it in
    where they are several, in the order in which their figure counts (the column 来源 of a facts file); `due_day`: by which day of
    the following month, or `due`: any rule of due days. A `lasting` fact given for a year holds in its months too.
    `frozen_on`: what was handed in for terms that end on or before that day holds for the whole year, whatever is
    handed in later: a denominator that does not move when projects enter or leave. With 1 April the list of March holds.
    A project that has no row any more in a later term stays in every sum, count or mean that names the frozen fact, where it last
    stood (county, lead department, category, level, stage, whom it counts for); nothing else sees it. `of_report` names
    another report of the scheme: the site counts how often in a month a project was `late` with it, or how often it was
    `missing` (`counts`), and asks nobody. A `mark` needs who gave it and why, and lies between `low` and `high`.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    entity: Entity
    unit: Literal["money", "ratio", "percent", "count", "number", "flag", "text", "mark"]
    supplier: str = ""
    sources: tuple[str, ...] = ()
    due_day: int | None = Field(default=None, ge=1, le=31)
    due: Due | None = None
    low: Number | None = None
    high: Number | None = None
    lasting: bool = False
    frozen_on: date | None = None
    of_report: str = ""
    counts: Literal["late", "missing"] | None = None
    clause: str
    meaning: str = ""
    local_choice: str | None = None

    @property
    def due_rule(self) -> Due | None:
        """When it is to be handed in; None where the scheme does not say."""
        if self.due is not None or self.due_day is None:
            return self.due
        return Due(day=self.due_day, months_after=1)


class Change(Part):
    """A value that changes from a day: the points, the measure or the rule from then on."""

    valid_from: date = Field(alias="from")
    points: Number | None = None
    points_by_series: dict[str, Number] = Field(default_factory=dict)
    measure: str | None = None
    rule: AnyRule | None = None
    clause: str
    local_choice: str | None = None


def _of_hundred(rule: Any) -> Any:
    if isinstance(rule, dict) and rule.get("type") == "proportional":
        return {"of": 100, **rule}
    return rule


class Item(Part):
    """[[sheet.item]]: one line of a sheet. The id `a.b` stands below the item `a`.

    A line with a `measure` is an indicator; one without is the sum of the lines below it. Points are given by
    `points`, or by `share` of the points of the line above. `terms` limits a line to some terms, `only` to the
    n-th terms of the year (quarters 1 and 3, for example). `applies` is a condition; where it does not hold the
    line is not applicable; where it is not known, it is missing. `not_applicable` says what then counts: the other
    lines (`reweight`), 0 points (`zero`), all points (`full`), or the mean points of those of its series to whom the
    line applies and who have points for it (`series_average`; where nobody has any, the other lines).
    `points_by_series` gives the points for the entities of each series; `points` beside it are those of all others.
    `missing` says what counts where the value cannot be
    told: no score (`none`), 0 points (`zero`), the other lines (`reweight`), or the `last` value of the year (`none`
    where it is the condition that is not known).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
    name: str
    points: Number | None = None
    points_by_series: dict[str, Number] = Field(default_factory=dict)
    share: Number | None = None
    measure: str | None = None
    unit: Literal["percentage_points", "percent", "ratio", "count", "number", "money", "points", "days"] = (
        "number"
    )
    rule: AnyRule | None = None
    source: str = ""
    terms: tuple[Kind, ...] = ()
    only: tuple[int, ...] = ()
    applies: str | None = None
    not_applicable: Literal["reweight", "zero", "full", "series_average"] = "reweight"
    missing: Literal["none", "zero", "reweight", "last"] = "none"
    change: tuple[Change, ...] = ()
    clause: str
    local_choice: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _whole_of_the_unit(cls, written: Any) -> Any:
        """All points of a `proportional` rule are for the whole: 100 per cent, or 1."""
        if not isinstance(written, dict) or written.get("unit") not in ("percent", "percentage_points"):
            return written
        changes = written.get("change", ())
        if isinstance(changes, list | tuple):
            changes = [
                {**one, "rule": _of_hundred(one["rule"])} if isinstance(one, dict) and "rule" in one else one
                for one in changes
            ]
        rule = {"rule": _of_hundred(written["rule"])} if "rule" in written else {}
        return {**written, **rule, **({"change": changes} if changes else {})}

    @property
    def parent(self) -> str | None:
        return self.id.rpartition(".")[0] or None


class Event(Part):
    """[[sheet.event]]: bonus or penalty points for something that happened.

    `points` for each time (a whole number of times, not below 0); or `low` and `high`, between which a person chooses with a reason. `most_per_quarter`
    and `most_per_year` limit how often it counts; `cap` limits its points in one term.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    points: Number | None = None
    low: Number | None = None
    high: Number | None = None
    most_per_quarter: int | None = None
    most_per_year: int | None = None
    cap: Size | None = None
    group: str | None = None
    clause: str
    local_choice: str | None = None


class NetCap(Part):
    """[[sheet.net_cap]]: how much the events of a group (all: none named) may add or take together."""

    group: str | None = None
    up: Size | None = None
    down: Size | None = None
    clause: str
    local_choice: str | None = None


class Veto(Part):
    """[[sheet.veto]]: a condition that wipes out an item (a line, or one that sums up lines), the total, or the right
    to an award.

    `terms` limits it to some kinds of term; of a term that is rolled up alone it bars from awards.
    """

    id: str
    name: str
    when: str
    scope: Literal["item", "total", "award"]
    item: str | None = None
    terms: tuple[Kind, ...] = ()
    terms_after: int = 0
    clause: str
    local_choice: str | None = None


class PassMark(Part):
    """[[sheet.pass_mark]]: what a line (or the total) must reach; each failure drops the grade by one."""

    item: str | None = None
    at_least: Number
    clause: str
    local_choice: str | None = None


class Grade(Part):
    """[[sheet.grade]]: a grade for scores from `from` (included) upwards. A score below the lowest has none."""

    name: str
    low: Number = Field(alias="from")
    clause: str
    local_choice: str | None = None


class RollUp(Part):
    """[[sheet.roll_up]]: a term's score made from shorter terms' scores and its own.

    `part` names kinds of term with their weights; the terms of a kind are joined by `mean`, `sum`, `last` or `best`
    (the mean of the best `n`). `of`: the scores as `rounded` (default: as they were published) or `exact` (before
    rounding). `missing`: where a part has no score, there is none (`none`, default), the part counts as 0 (`zero`),
    or the weights of the others are put back to the whole (`reweight`). A part of events alone is 0 for who had none.
    """

    to: Kind
    part: tuple[RollUpPart, ...]
    of: Literal["rounded", "exact"] = "rounded"
    missing: Literal["none", "zero", "reweight"] = "none"
    clause: str
    local_choice: str | None = None


class RollUpPart(Part):
    """One kind of term, and how its terms are joined.

    `only`: the n-th terms of the year that count (quarters 2 to 4, for example). `weights`: of each term of the year,
    the first one first, for a weighted mean; a term of weight 0 does not count. `at_least`: with fewer terms that have
    a score there is none. `missing`: a term without a score is left out (`skip`, default), counts as 0 (`zero`), or leaves the part without
    a score (`none`).
    """

    kind: Kind
    weight: Number
    how: Literal["mean", "sum", "last", "best"] = "mean"
    n: int | None = Field(default=None, ge=1)
    only: tuple[int, ...] = ()
    weights: tuple[Number, ...] = ()
    at_least: int | None = Field(default=None, ge=1)
    missing: Literal["skip", "zero", "none"] = "skip"

    def weight_of(self, number: int) -> Decimal:
        """How much the n-th term of the year weighs among its like; 0: it does not count."""
        if self.only and number not in self.only:
            return Decimal(0)
        if not self.weights:
            return Decimal(1)
        return self.weights[number - 1] if number <= len(self.weights) else Decimal(0)


class Series(Part):
    """[[sheet.series]]: entities that are ranked among themselves. `ranked = false` takes them out of ranking.

    Who fits several stands in the first; who fits none is not ranked, unless no series is ranked: then all others are
    ranked together.
    """

    id: str
    name: str
    members: tuple[str, ...] = ()
    where: str | None = None
    ranked: bool = True
    clause: str
    local_choice: str | None = None


class ListRule(Part):
    """[[sheet.list]]: who is praised or criticised: the first or last so many of each series who also meet a
    condition. A place that falls to someone exempt, or who does not meet the condition, is not given to the next.
    """

    id: str
    name: str
    kind: Literal["praise", "criticism", "attention"]
    first: int | None = None
    last: int | None = None
    depth: dict[str, int] = Field(default_factory=dict)
    when: str | None = None
    exempt: str | None = None
    terms: tuple[Kind, ...] = ()
    clause: str
    local_choice: str | None = None


class Sheet(Part):
    """[[sheet]]: one assessment: who, which lines, in which terms, worth how much in all.

    `credit` is the fact of projects that names whom a project counts for, where that is not its county or its
    lead department: in a sheet that adds projects up, not in one of projects. A project without it counts for nobody.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    entity: Entity
    credit: str | None = None
    points: Number | None = None
    terms: tuple[Kind, ...] = ("month",)
    decimals: int = 2
    item_decimals: int | None = None
    floor: Number | None = Decimal(0)
    cap: Number | None = None
    ranked: bool = True
    order: Literal["descending", "ascending"] = "descending"
    tie_breakers: tuple[str, ...] = ()
    clause: str
    local_choice: str | None = None
    item: tuple[Item, ...]
    series: tuple[Series, ...] = ()
    event: tuple[Event, ...] = ()
    net_cap: tuple[NetCap, ...] = ()
    veto: tuple[Veto, ...] = ()
    pass_mark: tuple[PassMark, ...] = ()
    grade: tuple[Grade, ...] = ()
    roll_up: tuple[RollUp, ...] = ()
    list_: tuple[ListRule, ...] = Field(default=(), alias="list")

    def children(self, parent: str | None) -> list[Item]:
        return [item for item in self.item if item.parent == parent]

    def full_points(self, item: Item) -> Decimal:
        """What a line is worth: its points, its share of the line above, or the sum of the lines below; where that
        differs by series, the most."""
        found = [self.full_in(item, series) for series in ("", *(one.id for one in self.series))]
        return max((full for full in found if full is not None), default=Decimal(0))

    def full_in(self, item: Item, series: str) -> Decimal | None:
        """What a line is worth for the entities of a series (empty: of none); None where the scheme does not say."""
        if series in item.points_by_series:
            return item.points_by_series[series]
        if item.points is not None or item.points_by_series:
            return item.points
        if item.share is not None:
            above = next((other for other in self.item if other.id == item.parent), None)
            whole = self.full_in(above, series) if above else (self.points or Decimal(0))
            return None if whole is None else whole * item.share
        total = Decimal(0)
        for child in self.children(item.id):
            full = self.full_in(child, series)
            if full is None:
                return None
            total += full
        return total

    def differs(self, item: Item) -> bool:
        """Whether what a line is worth differs by series."""
        return len({self.full_in(item, series) for series in ("", *(one.id for one in self.series))}) > 1


RollUp.model_rebuild()
