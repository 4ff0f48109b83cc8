"""Figures beside each other: what is not known is never 0, and a share says of what it is one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guatu.reporting.beside import beside_statistics, last_year_words, since_last_year
from tests.reporting.test_checks import wan


@pytest.mark.parametrize(
    ("dispatch", "statistics", "words"),
    [
        (10_000, 9_000, "调度数 10,000，统计数 9000，统计数少 1000（调度数的 10.0%）"),
        (9_000, 9_000.5, "调度数 9000，统计数 9000.5，统计数多 0.5（调度数的 0.0%）"),
        (9_000, 9_000, "调度数 9000，统计数 9000，一致"),
        (0, 5, "调度数 0，统计数 5，统计数多 5"),
    ],
)
def test_dispatch_and_statistics_stand_beside_each_other_with_the_difference(
    dispatch: float, statistics: float, words: str
) -> None:
    found = beside_statistics(wan(dispatch), {"statistics_invested": wan(statistics)})
    assert found is not None and found.words == words


def test_one_figure_alone_is_no_pair() -> None:
    assert beside_statistics(None, {"statistics_invested": 1}) is None
    assert beside_statistics(1, {}) is None
    assert beside_statistics(1, {"statistics_invested": True}) is None


def test_growth_is_of_last_year_s_figure_and_of_nothing_where_that_is_unknown_or_zero() -> None:
    assert since_last_year(1_123, 1_000) == Decimal("12.3")
    assert since_last_year(None, 1_000) is None
    assert since_last_year(1_000, 0) is None
    assert last_year_words(wan(900), wan(1_000)) == "1000，今年比它 −10.0%"
    assert last_year_words(None, wan(1_000)) == "1000"
    assert last_year_words(wan(900), None) == "–"
