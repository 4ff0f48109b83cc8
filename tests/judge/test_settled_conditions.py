"""Lists, steps, award vetoes and rewards hold to the letter of their condition, and so do the lights of counties, however
close a float comes to the edge."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.entity_lights import entity_lights
from guatu.judge.settle import doubtful
from guatu.portfolio.formula import parse_formula
from guatu.schemes.load import Scheme
from guatu.values import Period
from tests.judge.small_scheme import item, scheme_of, sheet

RULES = (
    sheet()
    + item("one", "x", "number", 'type = "direct"')
    + '[[sheet.list]]\nid = "all"\nname = "榜"\nkind = "attention"\nwhen = "{when}"\nclause = "一"\n'
    '[[sheet.list]]\nid = "all_but"\nname = "榜"\nkind = "attention"\nexempt = "{when}"\nclause = "一"\n'
    '[[sheet.list]]\nid = "praise"\nname = "表扬"\nkind = "praise"\nfirst = 9\nclause = "一"\n'
    '[[sheet.veto]]\nid = "all"\nname = "不评先"\nwhen = "{when}"\nscope = "award"\nclause = "一"\n'
    '[[step]]\nid = "talk"\nname = "约谈"\nentity = "county"\nsheet = "s"\nwhen = "{when}"\nclause = "一"\n'
    '[[reward]]\nid = "prize"\nname = "奖"\nsheet = "s"\nterm = "month"\namount = 5\nwhen = "{when}"\nclause = "一"\n'
)
BIG = 3 * 10**15
"""Of so many parts one is less than a comparison of floats tells apart."""


def results(scheme: Scheme, term: str, *given: tuple[str, str, Fraction | int]) -> dict[str, Any]:
    rows = [FactRow("甲县", Term.parse(of), name, Fraction(value)) for of, name, value in given]
    (entry,) = assessments(Assessor(scheme, pl.DataFrame(), rows), Term.parse(term))
    found: dict[str, Any] = entry
    return found


def holds(entry: dict[str, Any]) -> bool:
    """Whether the condition held; everything that asks for it must say the same."""
    listed = set(entry["lists"]) - {"praise"}
    assert listed in ({"all"}, {"all_but"})
    met: bool = listed == {"all"}
    assert entry["barred"] == met and ("praise" in entry["lists"]) is not met
    assert [step["step"] for step in entry["steps"]] == ["talk"] * met
    return met


@pytest.mark.parametrize(("parts", "met"), [(BIG, True), (BIG - 1, False), (BIG + 1, True)])
@pytest.mark.parametrize(
    "when", ["x / y >= 0.3", "x / y - 0.1 >= 0.2", "floor(x / y * 10) >= 3", "not (x / y < 0.3)"]
)
def test_a_hair_decides(tmp_path: Path, when: str, parts: int, met: bool) -> None:
    scheme = scheme_of(tmp_path, RULES.replace("{when}", when))
    assert holds(results(scheme, "2026-05", ("2026-05", "x", parts), ("2026-05", "y", 10**16))) is met


@pytest.mark.parametrize(("parts", "met"), [(BIG, True), (BIG - 1, False)])
@pytest.mark.parametrize(
    "when", ["streak(x / y >= 0.3) >= 2", "times(x / y >= 0.3) >= 2", "previous(x / y) >= 0.3"]
)
def test_a_hair_of_the_month_before_decides(tmp_path: Path, when: str, parts: int, met: bool) -> None:
    scheme = scheme_of(tmp_path, RULES.replace("{when}", when))
    months = [("2026-04", parts), ("2026-05", BIG)]
    rows = [(month, *one) for month, x in months for one in (("x", x), ("y", 10**16))]
    assert holds(results(scheme, "2026-05", *rows)) is met


def test_a_reward_that_misses_its_condition_by_a_hair_is_not_earned(tmp_path: Path) -> None:
    rule = RULES.replace("{when}", "x / y >= 0.3")
    rule = rule.replace(
        'id = "all"\nname = "不评先"\nwhen = "x / y >= 0.3"', 'id = "all"\nname = "不评先"\nwhen = "f"'
    )
    scheme = scheme_of(tmp_path, rule)
    for parts, earned in ((BIG, ["prize"]), (BIG - 1, [])):
        entry = results(scheme, "2026-05", ("2026-05", "x", parts), ("2026-05", "y", 10**16))
        assert [one["reward"] for one in entry["rewards"]] == earned


def test_a_rolled_up_term_bars_by_the_letter(tmp_path: Path) -> None:
    toml = (
        sheet('["quarter"]')
        + item("one", "x", "number", 'type = "direct"')
        + '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "quarter", weight = 1 }]\nclause = "一"\n'
        '[[sheet.veto]]\nid = "v"\nname = "不评先"\nwhen = "sum_within(y) / 3 >= 0.1"\nscope = "award"\nterms = ["year"]\n'
        'clause = "一"\n'
    )
    scheme = scheme_of(tmp_path, toml)
    for parts, barred in ((BIG, True), (BIG - 1, False)):
        rows = [FactRow("甲县", Term.parse("2026Q4"), "x", Fraction(1))]
        rows += [
            FactRow("甲县", Term.parse(f"2026-0{month}"), "y", Fraction(parts, 3 * 10**16))
            for month in (1, 2, 3)
        ]
        found = {
            one["term"]: one["barred"]
            for one in assessments(Assessor(scheme, pl.DataFrame(), rows), Term.parse("2026"))
        }
        assert found == {"2026Q4": False, "2026": barred}


FORMULAS = (
    "{a} / {b} >= {c}",
    "{a} / {b} - {c} < 0",
    "{a} / {b} == {c}",
    "abs({a} / {b} - {c}) <= 0.1",
    "round({a} / {b}, 1) >= {c}",
    "floor({a} / {b}, 0.1) != {c}",
    "ceil({a} / {b}) > {c}",
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(FORMULAS),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(-1, 1)), min_size=1, max_size=6),
    st.sampled_from(["0.1", "0.3", "1.15", "1", "0.7"]),
)
def test_every_row_is_as_exact_arithmetic_says(
    text: str, rows: list[tuple[int, int, int]], edge: str
) -> None:
    """The same values in 分 of money, some of them one part beside a round one."""
    formula = parse_formula(text.format(a="invested_ytd", b="planned_year", c=edge))
    scale = 10**13
    given = [{"invested_ytd": a * scale + hair, "planned_year": b * scale} for a, b, hair in rows]
    table = pl.DataFrame(given, schema={"invested_ytd": pl.Int64, "planned_year": pl.Int64})
    worked = nw.from_native(table).with_columns(flag=formula.row_expression()).to_native()
    exact = [formula.of_row(row) for row in given]
    doubt = doubtful(worked, formula)
    wrong = [
        number
        for number, (row, wanted) in enumerate(zip(worked["flag"], exact, strict=True))
        if row is not wanted
    ]
    assert all(doubt[number] for number in wrong), "what floats have wrong is looked at again"


LIGHTS = (
    '[[light]]\nid = "pace"\nname = "灯"\nentity = "county"\nmeasure = "{measure}"\nunit = "number"\ndecimals = 1\n'
    'clause = "一"\nband = [{{ level = "red", to = {edge} }}, {{ level = "normal", from = {edge} }}]\n'
)


@pytest.mark.parametrize(
    ("measure", "edge", "level"),
    [
        ("x / y", 0.3, "normal"),
        ("x / y - 0.1", 0.2, "normal"),
        ("streak(x / y >= 0.3)", 2, "normal"),
        ("if(x / y >= 0.3, 1, 0)", 1, "normal"),
        ("previous(x / y)", 0.3, "normal"),
    ],
)
@pytest.mark.parametrize("hair", [0, -1])
def test_a_light_of_counties_is_decided_to_the_letter(
    tmp_path: Path, measure: str, edge: float, level: str, hair: int
) -> None:
    scheme = scheme_of(tmp_path, LIGHTS.format(measure=measure, edge=edge))
    rows = [
        FactRow("甲县", Term.parse(month), name, Fraction(value))
        for month, x in (("2026-04", BIG + hair), ("2026-05", BIG + hair))
        for name, value in (("x", x), ("y", 10**16))
    ]
    (light,) = entity_lights(Assessor(scheme, pl.DataFrame(), rows), Period(2026, 5))
    assert light["level"] == (level if hair == 0 else "red")


def test_a_light_that_is_raised_counts_the_months_that_were_decided_exactly(tmp_path: Path) -> None:
    raised = (
        LIGHTS.format(measure="x / y", edge=0.3)
        + '[[light.escalate]]\nlevel = "normal"\ntimes = 2\nbecomes = "red"\n'
    )
    scheme = scheme_of(tmp_path, raised)
    for parts, level in ((BIG, "red"), (BIG - 1, "normal")):
        rows = [
            FactRow("甲县", Term.parse(month), name, Fraction(value))
            for month, x in (("2026-04", parts), ("2026-05", BIG))
            for name, value in (("x", x), ("y", 10**16))
        ]
        (light,) = entity_lights(Assessor(scheme, pl.DataFrame(), rows), Period(2026, 5))
        assert light["level"] == level


def test_a_sum_over_projects_is_taken_exactly(tmp_path: Path) -> None:
    toml = LIGHTS.format(measure="sum(invested_ytd) / sum(planned_year)", edge=0.3).replace(
        '"number"', '"ratio"'
    )
    scheme = scheme_of(tmp_path, toml.replace("clause", "applies = \"stage == 'new'\"\nclause", 1))
    for parts, level in ((BIG, "normal"), (BIG - 1, "red")):
        rows = [
            FactRow(project, Term.parse("2026-05"), name, value)
            for project, stage, x in (("一", "new", parts), ("二", "reserve", 10**16))
            for name, value in (
                ("county", "甲县"), ("stage", stage), ("invested_ytd", Fraction(x)), ("planned_year", Fraction(10**16)),
            )
        ]  # fmt: skip
        (light,) = entity_lights(Assessor(scheme, pl.DataFrame(), rows), Period(2026, 5))
        assert light["level"] == level


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("sum(invested_ytd) - 2 * sum(planned_year)", True),
        ("count(physical / 100 >= 0.3) + 1", True),
        ("if(sum(total) > 3, count(), 0)", True),
        ("largest(total)", True),
        ("sum(total) / 2", False),
        ("average(total)", False),
        ("sum(physical)", False),
        ("count() * 0.5", False),
        ("round(sum(total), 1)", False),
    ],
)
def test_whole_numbers_need_no_second_look(text: str, whole: bool) -> None:
    assert parse_formula(text).in_whole_numbers is whole
