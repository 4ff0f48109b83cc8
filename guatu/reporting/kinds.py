"""The kinds of report under a scheme: what each asks, when it is due, and how far it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from guatu.calendars import Due
from guatu.portfolio.project import Stage
from guatu.reporting.form import FormField, ReportForm, Value
from guatu.reporting.terms import ReportTerm, term_of, term_to_report, term_words, terms_due, time_limit

LastStep = Literal["handed_in", "signed", "checked", "accepted"]
STEPS: Final[tuple[LastStep, ...]] = get_args(LastStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of report that is filled in beside the month's. `rule` says when it is due, counted from `anchor`;
    `ends` is the last step that it takes; `stages` those of the projects that it is due for."""

    id: str
    name: str
    rule: Due
    form: ReportForm
    ends: LastStep = "accepted"
    stages: tuple[Stage, ...] = ()
    anchor: date | None = None

    @property
    def at_once(self) -> bool:
        """Whether it is handed in whenever something happens, not term by term."""
        return self.rule.every == "event"

    def term(self, key: str) -> ReportTerm | None:
        return term_of(self.rule, key, self.anchor)

    def to_report(self, day: date) -> ReportTerm | None:
        """The term to be reported on a day."""
        return term_to_report(self.rule, day, self.anchor)

    def terms_due(self, first: date, last: date) -> list[ReportTerm]:
        """The terms that fall due from `first` to `last` and are still asked for."""
        expires = self.form.expires
        return [
            one
            for one in terms_due(self.rule, first, last, self.anchor)
            if expires is None or one.begins <= expires
        ]

    def words(self, term: ReportTerm) -> str:
        return term_words(self.rule.every, term.begins, term.ends)

    def limit(self, happened: datetime) -> datetime | None:
        return time_limit(self.rule, happened)


@dataclass(frozen=True, slots=True)
class Said:
    """What another report has said already: the value, and where it stands."""

    value: Value
    where: str


def said_before(
    fields: Iterable[FormField], reports: Iterable[tuple[str, Mapping[str, Value]]]
) -> dict[str, Said]:
    """For each field that is typed the last known value among `reports` (where it stands, its values by field; the
    oldest first)."""
    found: dict[str, Said] = {}
    wanted = {one.id for one in fields if not one.computed}
    for where, values in reports:
        found |= {name: Said(value, where) for name, value in values.items() if name in wanted}
    return found


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How one project kept the terms of a kind: of `due` reports `late` came after their day and `missing` not at
    all."""

    due: int
    late: int
    missing: int


def punctuality(terms: Iterable[ReportTerm], handed_in: Mapping[str, date], day: date) -> Punctuality:
    """The terms that were due before `day`, against the day on which each was handed in (by the term's key)."""
    due = late = missing = 0
    for term in terms:
        if term.due >= day:
            continue
        due += 1
        came = handed_in.get(term.key)
        if came is None or came > day:
            missing += 1
        elif came > term.due:
            late += 1
    return Punctuality(due, late, missing)
