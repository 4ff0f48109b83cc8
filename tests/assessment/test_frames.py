"""Facts as tables: what stands where there is nothing to add up."""

from __future__ import annotations

import polars as pl

from guatu.assessment.frames import joined, over_projects
from guatu.portfolio.formula import parse_formula


def test_without_projects_the_aggregates_are_columns_without_values() -> None:
    formula = parse_formula("sum(invested_ytd) / sum(planned_year)")
    sums = over_projects(pl.DataFrame(), "county", formula.aggregates)
    assert sums.columns == ["entity", "order", "sum(invested_ytd)", "sum(planned_year)"]
    given = pl.DataFrame({"entity": ["甲县"], "order": [7], "growth": [9.5]})
    assert joined(sums, given).rows(named=True) == [
        {"entity": "甲县", "order": 7, "sum(invested_ytd)": None, "sum(planned_year)": None, "growth": 9.5}
    ]
