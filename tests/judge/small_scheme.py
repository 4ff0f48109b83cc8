"""A scheme of a few lines, and a month judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from guatu.assessment.given import FactRow, GivenValue
from guatu.assessment.terms import Term
from guatu.judge import Judged, judge_month
from guatu.judge.fact_tables import known_facts
from guatu.schemes.check import check_scheme
from guatu.schemes.load import Scheme, SchemeError, load_scheme
from guatu.values import fen

HEAD = """
[scheme]
id = "small"
name = "试"
short_name = "试"
jurisdiction = "某市"
year = 2026
effective_from = 2026-01-01
"""
Given = Mapping[str, int | float | str | bool]


def fact(id: str, unit: str, entity: str = "county", more: str = "") -> str:
    return f'[[fact]]\nid = "{id}"\nname = "事实{id}"\nentity = "{entity}"\nunit = "{unit}"\nclause = "一"\n{more}\n'


FACTS = "".join(
    fact(id, unit)
    for id, unit in (
        ("x", "number"), ("y", "number"), ("m", "money"), ("n", "money"), ("c", "count"), ("d", "count"),
        ("p", "percent"), ("q", "percent"), ("f", "flag"), ("g", "flag"), ("t", "text"),
    )
)  # fmt: skip
"""Two facts of a county of every kind."""


def item(id: str, measure: str, unit: str, rule: str, points: int = 100, more: str = "") -> str:
    return (
        f'[[sheet.item]]\nid = "{id}"\nname = "{id}项"\npoints = {points}\nmeasure = "{measure}"\nunit = "{unit}"\n'
        f'rule = {{ {rule} }}\nclause = "一"\n{more}\n'
    )


def sheet(terms: str = '["month"]', more: str = "", entity: str = "county", id: str = "s") -> str:
    return f'[[sheet]]\nid = "{id}"\nname = "考核"\nentity = "{entity}"\nterms = {terms}\nclause = "一"\n{more}\n'


def scheme_of(tmp_path: Path, toml: str, facts: str = FACTS) -> Scheme:
    """The scheme of those lines. Raises SchemeError."""
    folder = tmp_path / "small"
    folder.mkdir(exist_ok=True)
    (folder / "scheme.toml").write_text(HEAD + facts + toml, encoding="utf-8")
    return load_scheme(folder)


def said(tmp_path: Path, toml: str, facts: str = FACTS) -> str:
    """What the check says of it: errors and warnings, one a line."""
    try:
        found = check_scheme(scheme_of(tmp_path, toml, facts))
    except SchemeError as error:
        return str(error)
    return "\n".join(f"{fault.severity} {fault}" for fault in found if fault.severity != "note")


def rows_of(scheme: Scheme, given: Mapping[tuple[str, str], Given]) -> list[FactRow]:
    known = known_facts(scheme)

    def value(name: str, typed: int | float | str | bool) -> GivenValue:
        if isinstance(typed, bool | str):
            return typed
        return Fraction(fen(typed, "万元")) if known[name].kind == "money" else Fraction(str(typed))

    return [
        FactRow(entity, Term.parse(term), name, value(name, typed))
        for (entity, term), facts in given.items()
        for name, typed in facts.items()
    ]


def judged(scheme: Scheme, given: Mapping[tuple[str, str], Given], term: str = "2026-05") -> Judged:
    """A term judged on facts alone, each by (entity, term)."""
    last = Term.parse(term).last_month
    return judge_month(scheme, (), (), (), period=last, facts=rows_of(scheme, given))


def entries(scheme: Scheme, given: Mapping[tuple[str, str], Given], term: str = "2026-05") -> dict[str, Any]:
    """The results of the one sheet in a term, by entity."""
    found = judged(scheme, given, term).month.assessments
    return {entry["entity"]: entry for entry in found if entry["term"] == term}
