"""What a scheme asks people to hand in beside the reports: declared facts, marks and events, term by term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from guatu.assessment.ballots import BallotRule
from guatu.assessment.given import KnownFact
from guatu.assessment.sheet import Sheet
from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.calendars import Due, due_days
from guatu.judge.fact_tables import known_facts
from guatu.schemes.formulas import list_formulas, sheet_formulas
from guatu.schemes.load import Scheme


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact that people hand in: in which kinds of term, by whom, by which day.

    An event (`event`) need not happen: nobody is missing. `marked`: a person chooses the points with a reason, and
    they count once a second person has confirmed them. `key` is that of the rule in the scheme.
    """

    fact: KnownFact
    kinds: tuple[Kind, ...]
    supplier: str = ""
    due_rule: Due | None = None
    clause: str = ""
    meaning: str = ""
    local_choice: str = ""
    event: bool = False
    key: str = ""

    @property
    def marked(self) -> bool:
        return self.fact.kind == "mark"

    @property
    def needs_reason(self) -> bool:
        """A mark says why; an event says what happened."""
        return self.marked or self.event

    def due(self, term: Term) -> date | None:
        """The day by which the fact of a term is due; None where the scheme states none for it."""
        if self.due_rule is None:
            return None
        ends = term.last_month.last_day
        days = due_days(self.due_rule, ends - timedelta(days=31), ends + timedelta(days=400), estimate=True)
        return next((found.day for found in days if found.ends == ends), None)


def asked_facts(scheme: Scheme) -> dict[str, Asked]:
    """Every fact that a scheme asks for beside the reports, by its id: declared facts, then events of sheets.

    What is counted of the reports themselves is asked of nobody."""
    known = known_facts(scheme)
    found = {
        fact.id: Asked(
            known[fact.id],
            ("year",) if fact.lasting else _kinds(scheme, fact.id),
            fact.supplier,
            fact.due_rule,
            scheme.cite(fact.clause),
            fact.meaning,
            fact.local_choice or "",
            key=f"fact[{fact.id}]",
        )
        for fact in scheme.text.fact
        if not fact.of_report
    }
    for sheet in scheme.text.sheet:
        for event in sheet.event:
            if event.id in found:
                was = found[event.id]
                found[event.id] = replace(was, kinds=_ordered({*was.kinds, *sheet.terms}))
                continue
            found[event.id] = Asked(
                known[event.id],
                _ordered(set(sheet.terms)),
                clause=scheme.cite(event.clause),
                local_choice=event.local_choice or "",
                event=True,
                key=f"sheet[{sheet.id}].event[{event.id}]",
            )
    return found


def ballot_kinds(scheme: Scheme, rule: BallotRule) -> tuple[Kind, ...]:
    """The kinds of term in which a ballot is taken: those of what uses its points."""
    return _kinds(scheme, rule.id)


def terms_around(term: Term) -> tuple[Term, ...]:
    """The month, quarter, half-year and year that hold the last month of `term`, the shortest first."""
    month = term.last_month.index
    return tuple(Term.of_order(kind, month // MONTHS[kind]) for kind in MONTHS)


def _kinds(scheme: Scheme, name: str) -> tuple[Kind, ...]:
    """The kinds of term in which rules look at a fact; the month where none does."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    found: set[Kind] = set()
    for sheet in scheme.text.sheet:
        found.update(_kinds_on(sheet, word))
    for step in scheme.text.step:
        if word.search(f"{step.when} {step.exempt or ''}"):
            found.add(step.term)
    formulas = [*(light.measure for light in scheme.text.light), *(one.value for one in scheme.text.ranking)]
    if any(word.search(text) for text in formulas):
        found.add("month")
    return _ordered(found) or ("month",)


def _kinds_on(sheet: Sheet, word: re.Pattern[str]) -> Iterator[Kind]:
    for key, text in (*sheet_formulas(sheet), *list_formulas(sheet)):
        if not word.search(text):
            continue
        line = re.match(r"item\[(\d+)\]", key)
        yield from (sheet.item[int(line[1])].terms if line else ()) or sheet.terms


def _ordered(kinds: set[Kind]) -> tuple[Kind, ...]:
    return tuple(kind for kind in MONTHS if kind in kinds)
