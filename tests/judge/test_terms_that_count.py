"""Roll-ups in which some terms count, count differently, or must be there in number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.schemes.describe import describe
from tests.judge.small_scheme import entries, item, said, scheme_of, sheet


def yearly(part: str) -> str:
    return (
        sheet('["quarter"]')
        + item("one", "x", "number", 'type = "direct"')
        + f'[[sheet.roll_up]]\nto = "year"\npart = [{{ kind = "quarter", weight = 1, {part} }}]\nclause = "二"\n'
    )


def year_of(tmp_path: Path, part: str, quarters: dict[int, float]) -> dict[str, Any]:
    scheme = scheme_of(tmp_path, yearly(part))
    entry: dict[str, Any] = entries(
        scheme, {("甲", f"2026Q{n}"): {"x": score} for n, score in quarters.items()}, "2026"
    )["甲"]
    return entry


@pytest.mark.parametrize(
    ("part", "quarters", "score"),
    [
        ("only = [2, 3, 4]", {1: 100, 2: 60, 3: 70, 4: 80}, 70),
        ('only = [2, 3, 4], how = "best", n = 2', {1: 100, 2: 60, 3: 70, 4: 80}, 75),
        ("weights = [20, 25, 25, 30]", {1: 100, 2: 80, 3: 60, 4: 50}, 70),
        # 二季度没有得分：其余按权重 (100×20 + 60×25 + 50×30) ÷ 75
        ("weights = [20, 25, 25, 30]", {1: 100, 3: 60, 4: 50}, 66.67),
        ('weights = [20, 25, 25, 30], missing = "zero"', {1: 100, 3: 60, 4: 50}, 50),
        ('how = "best", n = 2, at_least = 2', {1: 100, 3: 60}, 80),
    ],
)
def test_terms_count_as_the_part_says(
    tmp_path: Path, part: str, quarters: dict[int, float], score: float
) -> None:
    assert year_of(tmp_path, part, quarters)["score"] == score


def test_too_few_terms_have_no_score_and_a_reason(tmp_path: Path) -> None:
    entry = year_of(tmp_path, 'how = "best", n = 2, at_least = 2', {3: 60})
    assert (entry["score"], entry["rank"]) == (None, None)
    assert entry["reason"] == "季得分不满 2 期，不能合成"


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=4, max_size=4).filter(any),
    st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any),
)
def test_a_weighted_year_lies_between_its_worst_and_best_term(
    tmp_path_factory: pytest.TempPathFactory, scores: list[int | None], weights: list[int]
) -> None:
    quarters = {n: float(score) for n, score in enumerate(scores, 1) if score is not None}
    counted = [score for n, score in quarters.items() if weights[n - 1]]
    entry = year_of(tmp_path_factory.mktemp("weights"), f"weights = {weights}", quarters)
    if counted:
        assert min(counted) <= entry["score"] <= max(counted)
    else:
        assert entry["score"] is None


def test_the_check_names_what_cannot_be(tmp_path: Path) -> None:
    assert said(tmp_path, yearly("weights = [20, 25, 25, 30], at_least = 3")) == ""
    assert "part[0].only：应在 1 至 4 之间" in said(tmp_path, yearly("only = [5]"))
    assert "一年有 4 期，每期写一个权重" in said(tmp_path, yearly("weights = [1, 2]"))
    assert "不要写 only" in said(tmp_path, yearly("weights = [0, 1, 1, 1], only = [2]"))
    assert 'how = "mean"' in said(tmp_path, yearly('weights = [0, 1, 1, 1], how = "sum"'))
    assert "只有 3 期计入，取不到 4 期" in said(tmp_path, yearly("only = [2, 3, 4], at_least = 4"))


def test_explain_says_which_terms_count(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, yearly('only = [2, 3, 4], how = "best", n = 2, at_least = 2'))
    words = [line for section in describe(scheme) for entry in section.entries for line in entry.sentences]
    assert "季得分（每年第 2、3、4 期，最好 2 期的平均）× 1；季得分不满 2 期的，没有得分。" in words
