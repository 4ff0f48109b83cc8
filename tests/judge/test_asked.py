"""What a scheme asks people to hand in: in which terms, by whom, by which day."""

from __future__ import annotations

from datetime import date

from guatu.assessment.terms import Term
from guatu.judge.asked import asked_facts, ballot_kinds, terms_around
from guatu.schemes.load import load_scheme

SCHEME = load_scheme("tangshan-2023")


def test_a_declared_fact_is_asked_for_in_the_terms_of_the_sheets_that_use_it() -> None:
    asked = asked_facts(SCHEME)
    assert {name: (one.kinds, one.supplier, one.marked) for name, one in asked.items()} == {
        "new_enterprises": (("month",), "市统计局", False),
        "inspection_mark": (("month",), "市重点办", True),
    }


def test_a_fact_is_due_on_its_day_of_the_month_after_the_term() -> None:
    fact = asked_facts(SCHEME)["new_enterprises"]
    assert fact.due(Term("month", 2023, 9)) == date(2023, 10, 10)
    assert fact.due(Term("quarter", 2023, 4)) == date(2024, 1, 10)


def test_a_ballot_is_taken_in_the_terms_of_the_sheet_that_counts_it() -> None:
    assert [ballot_kinds(SCHEME, rule) for rule in SCHEME.text.ballot] == [("quarter",)]


def test_the_terms_around_a_month_are_those_that_hold_it() -> None:
    assert [str(term) for term in terms_around(Term("month", 2023, 8))] == [
        "2023-08",
        "2023Q3",
        "2023H2",
        "2023",
    ]


def test_every_event_of_every_scheme_is_asked_for_with_a_reason() -> None:
    for name in ("liandu-2013", "longgang-2016", "baocheng"):
        scheme = load_scheme(name)
        asked = asked_facts(scheme)
        for sheet in scheme.text.sheet:
            for event in sheet.event:
                assert asked[event.id].needs_reason, (name, event.id)
                assert set(sheet.terms) <= set(asked[event.id].kinds) or not asked[event.id].event
