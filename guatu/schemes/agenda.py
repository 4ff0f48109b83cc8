"""What falls due when: reports, recurring matters and facts of a scheme in a span of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.calendars import Due, DueDay, due_days
from guatu.language import gettext as _
from guatu.reporting.form import MONTHLY
from guatu.schemes.load import Scheme

Matter = Literal["report", "cadence", "fact"]


@dataclass(frozen=True, slots=True)
class DueRule:
    """A rule of due days in a scheme: its key in the file (`report.kind[0]`), its id and name, whose it is."""

    kind: Matter
    key: str
    id: str
    name: str
    rule: Due
    who: str
    clause: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that falls due on one day."""

    of: DueRule
    due: DueDay


def due_rules(scheme: Scheme) -> Iterator[DueRule]:
    """Every rule of due days, in the order of the file; the monthly report has the id `report`."""
    text = scheme.text
    if text.report is not None:
        clause = text.report.due.clause or text.report.clause
        yield DueRule("report", "report.due", MONTHLY, _("月报"), text.report.due, "", clause)
        for n, kind in enumerate(text.report.kind):
            yield DueRule("report", f"report.kind[{n}]", kind.id, kind.name, kind, kind.who, kind.clause)
    for n, cadence in enumerate(text.cadence):
        yield DueRule(
            "cadence", f"cadence[{n}]", cadence.id, cadence.name, cadence, cadence.who, cadence.clause
        )
    for n, fact in enumerate(text.fact):
        if fact.due_rule is not None:
            key = f"fact[{n}].due" if fact.due is not None else f"fact[{n}].due_day"
            yield DueRule("fact", key, fact.id, fact.name, fact.due_rule, fact.supplier, fact.clause)


def agenda(scheme: Scheme, first: date, last: date, *, estimate: bool = False) -> list[Occasion]:
    """All that falls due from `first` to `last`, day by day; what is due after an event is not among it.

    Raises UnpublishedYear where that depends on holidays that are not published; with `estimate` such days are given
    and marked as not certain.
    """
    begin = scheme.text.scheme.effective_from
    found = [
        Occasion(one, due)
        for one in due_rules(scheme)
        for due in due_days(one.rule, first, last, anchor=begin, estimate=estimate)
    ]
    return sorted(found, key=lambda occasion: occasion.due.day)
