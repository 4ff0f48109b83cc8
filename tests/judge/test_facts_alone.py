"""Judged without a ledger: projects that are known by handed-in facts alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge import judge_month
from guatu.schemes.load import load_scheme
from guatu.values import Period

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


def test_a_project_light_is_judged_from_facts_alone() -> None:
    term = Term.parse("2022-06")
    facts = [
        FactRow("项目一", term, "stage", "new"),
        FactRow("项目一", term, "planned_ytd", Fraction(1_000_000)),
        FactRow("项目一", term, "invested_ytd", Fraction(590_000)),
    ]
    judged = judge_month(
        load_scheme(SCHEMES / "examples" / "wuhan"), (), (), (), period=Period(2022, 6), facts=facts
    )
    found = [light for light in judged.month.entity_lights if light["light"] == "schedule"]
    assert [(light["entity"], light["level"], light["measure"]) for light in found] == [("项目一", "red", 59)]
