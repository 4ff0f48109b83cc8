"""Limits of events per quarter and per year; the edges of a line that is measured in money."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
import pytest

from guatu.assessment.points import Ready, score_table
from guatu.assessment.sheet import Sheet
from guatu.portfolio.facts import Fact, Unit
from guatu.portfolio.formula import Scope, parse_formula

FACTS = {"done": Fact("done", "完成投资", Unit.MONEY, "")}
LINE = {
    "id": "size", "name": "规模", "points": 10, "measure": "done", "unit": "money", "clause": "一",
    "rule": {"type": "bands", "band": [{"to": 50000, "points": 3}, {"from": 50000, "points": 10}]},
}  # fmt: skip


def _scored(sheet: dict[str, Any], rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    table = pl.DataFrame([{"entity": "甲县", "year": 2023, "series": "", **row} for row in rows])
    checked = Sheet.model_validate(
        {"id": "s", "name": "考核", "entity": "county", "terms": ["month"], "clause": "一", **sheet}
    )
    ready = Ready(checked, "month", lambda text: parse_formula(text, Scope(FACTS)))
    return list(score_table(nw.from_native(table), ready).to_native().select(columns).rows())


def test_an_event_counts_within_the_limits_of_its_quarter_and_its_year() -> None:
    event = {"id": "starts", "name": "集中开工", "points": 30, "clause": "一"}
    limits = {"most_per_quarter": 1, "most_per_year": 3}
    first = 2023 * 12
    rows = [{"order": first + month, "done": 0, "starts": 1 if month % 2 else 2} for month in range(12)]
    found = _scored({"item": [LINE], "event": [event | limits]}, rows, "e:starts")
    assert [points for (points,) in found] == [30, 0, 0, 30, 0, 0, 30, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("fen", "points"), [(49_999_999_999, 3), (50_000_000_000, 10)])
def test_the_edges_of_money_are_in_wan_yuan(fen: int, points: int) -> None:
    found = _scored({"item": [LINE]}, [{"order": 2023 * 12, "done": fen}], "p:size", "v:size")
    assert found == [(points, fen / 1_000_000)]
