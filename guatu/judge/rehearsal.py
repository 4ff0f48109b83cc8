"""Every rule of a scheme tried once on made-up facts: nothing that the check calls usable may fail when it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from guatu.assessment.given import FactRow, GivenValue, KnownFact
from guatu.assessment.terms import MONTHS, Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.entity_lights import entity_lights
from guatu.judge.fact_tables import known_facts
from guatu.judge.rankings import rankings
from guatu.judge.summary import MonthInput
from guatu.language import gettext as _
from guatu.schemes.load import Scheme, SchemeFault

NAMES = ("甲", "乙", "丙")
"""Those to whom the facts are made up, whatever kind of entity they are."""

FEN = 1_000_000


def rehearse(scheme: Scheme) -> list[SchemeFault]:
    """An error for each light, ranking, sheet and step that fails on made-up facts of a December, when every kind of term
    ends; none where all can be worked out."""
    term = Term("month", scheme.text.scheme.year, 12)
    rows = list(_rows(scheme, term))
    text = scheme.text
    faults: list[SchemeFault] = []
    named = tuple(light for light in text.light if light.id in scheme.lights_named)
    joined = tuple(one for one in text.combined_light if one.id in scheme.lights_named)
    lit = {"light": named, "combined_light": joined} if named else {}
    below = tuple(sheet for sheet in text.sheet if sheet.entity == "project")
    parts: list[tuple[str, str | None, dict[str, Any]]] = [
        *(
            (
                f"light[{n}]",
                light.clause,
                {**lit, "light": tuple({one.id: one for one in (*named, light)}.values())},
            )
            for n, light in enumerate(text.light)
        ),
        *(
            (f"ranking[{n}]", ranking.clause, {**lit, "ranking": (ranking,)})
            for n, ranking in enumerate(text.ranking)
        ),
        *(
            (
                f"sheet[{n}]",
                sheet.clause,
                {"sheet": tuple({one.id: one for one in (*below, sheet)}.values()), **lit},
            )
            for n, sheet in enumerate(text.sheet)
        ),
        *(
            (
                f"step[{n}]",
                step.clause,
                {
                    "light": text.light,
                    "combined_light": text.combined_light,
                    "sheet": text.sheet,
                    "step": (step,),
                },
            )
            for n, step in enumerate(text.step)
        ),
        ("", None, {name: getattr(text, name) for name in RULES}),
    ]
    for key, clause, kept in parts:
        if faults and not key.startswith(("light", "ranking", "sheet")):
            break  # what rests on a rule that fails fails with it
        narrowed = replace(scheme, text=text.model_copy(update={**dict.fromkeys(RULES, ()), **kept}))
        assessor = Assessor(narrowed, pl.DataFrame(), rows)
        try:
            entity_lights(assessor, term.last_month)
            rankings(_month_of(assessor, term))
            assessments(assessor, term)
        except (
            Exception
        ) as error:  # whatever fails, the reader of a check wants the rule and not the traceback
            said = f"{type(error).__name__} {error}".splitlines()[0][:200]
            message = _("试算时算不下去，请换一种写法：{error}").format(error=said)
            faults.append(SchemeFault("error", "scheme.toml", key, message, scheme.cite(clause)))
    return faults


def _month_of(assessor: Assessor, term: Term) -> MonthInput:
    """A month without a ledger and reports, judged on its last day."""
    month = term.last_month
    return MonthInput(assessor.scheme, (), (), assessor.month_table(), month, month.last_day, assessor)


RULES = ("light", "combined_light", "ranking", "sheet", "step", "reward")
"""What is worked out from facts."""


def _rows(scheme: Scheme, term: Term) -> Iterator[FactRow]:
    month = term.last_month.index
    terms = [Term("month", term.year, 11), *(Term.of_order(kind, month // MONTHS[kind]) for kind in MONTHS)]
    for fact in known_facts(scheme).values():
        for n, name in enumerate(("全市",) if fact.entity == "city" else NAMES):
            for one in terms:
                yield FactRow(name, one, fact.id, _value(fact, n, term), by=_("试算"))


def _value(fact: KnownFact, n: int, term: Term) -> GivenValue:
    """A value of the fact's kind, another one for each entity."""
    match fact.kind:
        case "flag":
            return n % 2 == 1
        case "day":
            return term.last_month.first_day.isoformat()
        case "text":
            return "new" if fact.id == "stage" else NAMES[n]
        case "mark":
            return fact.low if fact.low is not None else Fraction(n)
        case "money":
            return Fraction((n + 1) * FEN)
        case "percent":
            return Fraction(40 + 20 * n)
        case "ratio":
            return Fraction(n + 1, 4)
    return Fraction(n)
