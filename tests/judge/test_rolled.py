"""A year made of quarters and months: exact at ties, and what a missing term or part does."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.given import FactRow
from guatu.assessment.sheet import RollUp
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.rolled import rolled
from guatu.schemes.load import load_scheme
from guatu.values import half_up
from tests.judge.test_close_calls import HEAD

QUARTER = '{ kind = "quarter", weight = 1 }'


def scores_of_year(
    folder: Path, roll_up: str, quarters: dict[str, str], own: str | None = None
) -> dict[str, float | None]:
    """The score of each term that ends with the year, from the shares done in each."""
    folder.mkdir()
    terms = '["quarter", "year"]' if own is not None else '["quarter"]'
    text = HEAD.replace(
        'entity = "county"\npoints = 1\nclause', f'entity = "county"\nterms = {terms}\npoints = 1\nclause'
    )
    text += f'\n[[sheet.roll_up]]\nto = "year"\n{roll_up}\nclause = "二"\n'
    (folder / "scheme.toml").write_text(text, encoding="utf-8")
    given_of = dict(quarters) if not own else {**quarters, "2023": own}
    rows = [
        FactRow("甲县", Term.parse(term), fact, value)
        for term, share in given_of.items()
        for fact, value in (("done", Fraction(share) * 10**6), ("plan", Fraction(10**6)))
    ]
    scheme = load_scheme(folder)
    entries = assessments(Assessor(scheme, pl.DataFrame(), rows), Term.parse("2023Q4"))
    return {entry["term"]: entry["score"] for entry in entries}


@pytest.mark.parametrize(
    ("quarters", "year"),
    [
        # (0.29 + 0.28) ÷ 2 = 0.285, exactly half a step
        (("0.29", "0.28"), 0.29),
        # (0.58 + 0.57) ÷ 2 = 0.575; floats hold 0.57499…
        (("0.58", "0.57"), 0.58),
        # 0.1 + 0.2 + 0.2 = 0.5; ÷ 4 with 0.04 → 0.135
        (("0.1", "0.2", "0.2", "0.04"), 0.14),
    ],
)
def test_a_mean_at_half_a_step_is_rounded_up(tmp_path: Path, quarters: tuple[str, ...], year: float) -> None:
    given_of = {f"2023Q{4 - n}": share for n, share in enumerate(quarters)}
    found = scores_of_year(tmp_path / "s", f"part = [{QUARTER}]", given_of)
    assert found["2023"] == year


def test_the_scores_of_the_parts_are_taken_as_published_or_exactly(tmp_path: Path) -> None:
    # Published 0.13 and 0.12: 0.125 → 0.13. Exactly 0.125 and 0.1225: 0.12375 → 0.12.
    quarters = {"2023Q3": "0.125", "2023Q4": "0.1225"}
    assert scores_of_year(tmp_path / "a", f"part = [{QUARTER}]", quarters)["2023"] == 0.13
    exact = scores_of_year(tmp_path / "b", f'part = [{QUARTER}]\nof = "exact"', quarters)
    assert exact == {"2023Q4": 0.12, "2023": 0.12}


@pytest.mark.parametrize(
    ("part", "year"),
    [
        ('{ kind = "quarter", weight = 1 }', 0.6),
        ('{ kind = "quarter", weight = 1, missing = "zero" }', 0.3),
        ('{ kind = "quarter", weight = 1, missing = "none" }', None),
        ('{ kind = "quarter", weight = 1, how = "best", n = 3 }', 0.6),
        ('{ kind = "quarter", weight = 1, how = "best", n = 3, missing = "zero" }', 0.4),
        ('{ kind = "quarter", weight = 1, how = "last" }', 0.8),
        ('{ kind = "quarter", weight = 0.5, how = "sum" }', 0.6),
    ],
)
def test_what_a_term_without_a_score_does(tmp_path: Path, part: str, year: float | None) -> None:
    found = scores_of_year(tmp_path / "s", f"part = [{part}]", {"2023Q1": "0.4", "2023Q4": "0.8"})
    assert found["2023"] == year


@pytest.mark.parametrize(("missing", "year"), [("none", None), ("zero", 0.36), ("reweight", 0.9)])
def test_what_a_part_without_a_score_does(tmp_path: Path, missing: str, year: float | None) -> None:
    parts = '{ kind = "quarter", weight = 0.4 }, { kind = "year", weight = 0.6 }'
    roll_up = f'part = [{parts}]\nmissing = "{missing}"'
    own = scores_of_year(tmp_path / "a", roll_up, {"2023Q4": "0.9"}, own="0.5")
    assert own["2023"] == 0.66
    assert scores_of_year(tmp_path / "b", roll_up, {"2023Q4": "0.9"}, own="")["2023"] == year


tenths = st.integers(0, 10_000).map(lambda n: Fraction(n, 100))


@settings(deadline=None)
@given(
    months=st.dictionaries(st.integers(0, 11), tenths, min_size=1),
    weight=st.sampled_from(["0.1", "0.35", "0.5", "1"]),
    how=st.sampled_from(["mean", "sum", "last", "best"]),
    n=st.integers(1, 12),
)
def test_a_roll_up_is_the_half_up_rounding_of_the_exact_value(
    months: dict[int, Fraction], weight: str, how: str, n: int
) -> None:
    part = {"kind": "month", "weight": weight, "how": how, "n": n}
    rule = RollUp.model_validate({"to": "year", "part": (part,), "clause": "一"})
    sheet = load_scheme(Path(__file__).parents[2] / "schemes" / "examples" / "every-rule").text.sheet[0]
    known = {("甲县", 2023 * 12 + month): score for month, score in months.items()}
    base = pl.DataFrame({"entity": ["甲县"], "order": [2023 * 12], "series": [""], "barred": [False]})
    table, exact = rolled(sheet, rule, {"month": base}, {"month": known})
    ordered = [months[month] for month in sorted(months)]
    best = sorted(ordered, reverse=True)[:n]
    wanted = (
        Fraction(weight)
        * {
            "mean": sum(ordered, Fraction(0)) / len(ordered),
            "sum": sum(ordered, Fraction(0)),
            "last": ordered[-1],
            "best": sum(best, Fraction(0)) / len(best),
        }[how]
    )
    assert exact == {("甲县", 2023): wanted}
    assert table["steps"].to_list() == [int(half_up(wanted, 2) * 100)]
