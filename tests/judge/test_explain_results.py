"""The explanation of an entity says what its terms were joined to, and which steps are proposed and why."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge import judge_month
from guatu.judge.explain import explain
from guatu.schemes.load import load_scheme
from guatu.values import Period

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


def given(entity: str, term: str, **facts: int) -> list[FactRow]:
    return [FactRow(entity, Term.parse(term), name, Fraction(value), by="王五", reason="属实") for name, value in facts.items()]  # fmt: skip


def test_a_year_that_is_joined_from_quarters_says_so() -> None:
    facts = [
        *given("甲", "2011Q1", planned=1000, done=900, forms_due=3, forms_handed=3, daily_management=18),
        *given("甲", "2011", planned=4000, done=3800, forms_due=12, forms_handed=9, daily_management=18),
    ]
    scheme = load_scheme(SCHEMES / "jiaozhou-2011")
    said = explain(judge_month(scheme, (), (), (), period=Period(2011, 12), facts=facts), "甲")
    assert "甲 2011年 重点项目考核（各期合成）：90.8 分" in said
    assert "各季平均 92 × 0.4 + 本年末次 90 × 0.6" in said
    assert "由本地选定" in said


def test_one_who_is_only_named_by_a_step_can_be_explained() -> None:
    facts = given("甲乡", "2013-06", planned=1000, done=999)
    scheme = load_scheme(SCHEMES / "liandu-2013")
    said = explain(judge_month(scheme, (), (), (), period=Period(2013, 6), facts=facts), "甲乡")
    assert "建议：书面说明情况（依据：莲都 问责）" in said
    assert "对象：单位主要负责人" in said
