"""Places: a permutation with shared places; series apart; tie-breakers; lists that nobody moves up in."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import with_lists, with_places
from guatu.portfolio.facts import Fact, Unit
from guatu.portfolio.formula import Formula, Scope, parse_formula

SCOPE = Scope({
    "met": Fact("met", "达标", Unit.FLAG, ""), "excused": Fact("excused", "免责", Unit.FLAG, ""),
    "starts": Fact("starts", "开工数", Unit.COUNT, ""), "rank": Fact("rank", "名次", Unit.COUNT, ""),
})  # fmt: skip


def formula(text: str) -> Formula:
    return parse_formula(text, SCOPE)


def sheet(**more: Any) -> Sheet:
    return Sheet.model_validate({
        "id": "s", "name": "考核", "entity": "county", "clause": "一",
        "item": [{"id": "a", "name": "甲", "points": 100, "measure": "1", "rule": {"type": "direct"}, "clause": "一"}], **more,
    })  # fmt: skip


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    usual = {"order": 1, "series": "", "met": True, "excused": False, "starts": 0, "barred": False}
    return pl.DataFrame([usual | row for row in rows], infer_schema_length=None)


def placed(rows: list[dict[str, Any]], of: Sheet) -> dict[str, dict[str, Any]]:
    frame = with_lists(with_places(nw.from_native(table(rows)), of, formula), of, formula)
    return {row["entity"]: row for row in frame.rows(named=True)}


scores = st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=12)


@given(scores)
def test_places_are_one_more_than_how_many_are_better(steps: list[int | None]) -> None:
    found = placed([{"entity": str(n), "steps": value} for n, value in enumerate([*steps, 0])], sheet())
    for n, value in enumerate(steps):
        wanted = None if value is None else 1 + sum(other is not None and other > value for other in steps)
        assert found[str(n)]["rank"] == wanted


@given(scores, scores)
def test_splitting_a_series_never_changes_another(one: list[int | None], other: list[int | None]) -> None:
    mine = [{"entity": f"a{n}", "steps": v, "series": "a"} for n, v in enumerate([*one, 1])]
    whole = [{"entity": f"b{n}", "steps": v, "series": "b"} for n, v in enumerate([*other, 1])]
    split = [row | {"series": "b" if n % 2 else "c"} for n, row in enumerate(whole)]
    before, after = placed(mine + whole, sheet()), placed(mine + split, sheet())
    assert all(before[str(row["entity"])]["rank"] == after[str(row["entity"])]["rank"] for row in mine)


def test_a_series_that_is_not_ranked_has_no_places() -> None:
    of = sheet(series=[{"id": "zone", "name": "开发区", "ranked": False, "clause": "一"}])
    found = placed([{"entity": "甲", "steps": 5}, {"entity": "区", "steps": 9, "series": "zone"}], of)
    assert (found["甲"]["rank"], found["区"]["rank"]) == (1, None)


def test_a_tie_breaker_is_asked_before_a_tie_stands() -> None:
    of = sheet(tie_breakers=["starts"])
    rows = [{"entity": "甲", "steps": 5, "starts": 2}, {"entity": "乙", "steps": 5, "starts": 3},
            {"entity": "丙", "steps": 5, "starts": 2}, {"entity": "丁", "steps": 6}]  # fmt: skip
    found = placed(rows, of)
    assert [found[name]["rank"] for name in "丁乙甲丙"] == [1, 2, 3, 3]


def test_the_smallest_is_first_where_the_sheet_says_so() -> None:
    found = placed([{"entity": "甲", "steps": 5}, {"entity": "乙", "steps": 3}], sheet(order="ascending"))
    assert found["乙"]["rank"] == 1


def test_target_and_place_must_both_hold_and_nobody_moves_up() -> None:
    of = sheet(
        list=[
            {
                "id": "last",
                "name": "后两名",
                "kind": "criticism",
                "last": 2,
                "when": "not met",
                "clause": "一",
            }
        ]
    )
    rows = [{"entity": "甲", "steps": 9, "met": False}, {"entity": "乙", "steps": 8, "met": False},
            {"entity": "丙", "steps": 7}, {"entity": "丁", "steps": 6, "met": False}]  # fmt: skip
    found = placed(rows, of)
    assert [name for name in "甲乙丙丁" if found[name]["listed_last"]] == ["丁"]


def test_depth_follows_the_series_and_the_exempt_and_the_barred_are_left_out() -> None:
    of = sheet(
        series=[{"id": "u", "name": "城区", "clause": "一"}, {"id": "r", "name": "县", "clause": "一"}],
        list=[
            {
                "id": "best",
                "name": "先进",
                "kind": "praise",
                "first": 1,
                "depth": {"r": 2},
                "exempt": "excused",
                "clause": "一",
            }
        ],
    )
    rows = [{"entity": "甲", "steps": 9, "series": "u"}, {"entity": "乙", "steps": 8, "series": "u"},
            {"entity": "丙", "steps": 9, "series": "r", "barred": True}, {"entity": "丁", "steps": 8, "series": "r"},
            {"entity": "戊", "steps": 7, "series": "r"}]  # fmt: skip
    found = placed(rows, of)
    assert [name for name in "甲乙丙丁戊" if found[name]["listed_best"]] == ["甲", "丁"]
