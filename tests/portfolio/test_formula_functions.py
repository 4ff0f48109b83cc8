"""Every function of a formula gives the same on Polars, on DuckDB, and worked out exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.portfolio.facts import Fact, Unit
from guatu.portfolio.formula import RowScene, Scene, Scope, Value, parse_formula, with_inner_windows
from guatu.portfolio.formula.over_tables import with_runs

OWN = {
    "x": Fact("x", "甲数", Unit.PERCENT, ""),
    "y": Fact("y", "乙数", Unit.PERCENT, ""),
    "m": Fact("m", "金额", Unit.MONEY, ""),
    "c": Fact("c", "条件", Unit.FLAG, ""),
    "t": Fact("t", "文字", Unit.TEXT, ""),
}
SCOPE = Scope(OWN, OWN, windows=True)
TYPES = {"x": pl.Float64, "y": pl.Float64, "m": pl.Int64, "c": pl.Boolean, "t": pl.String}
IN_YEAR = 4
Row = dict[str, Any]

WINDOWED = [
    "previous(x)", "previous(x, 3)", "previous(t) == 'a'", "last_year(x)", "x / last_year(x) - 1", "year_first(m)",
    "year_sum(x)", "year_average(m)", "year_best(x)", "year_worst(x)", "recent_sum(x, 2)", "recent_average(x, 3)",
    "streak(c)", "streak(not (c and x > 1))", "times(c)", "times(x > 1 or c, 3)", "ever(c)",
    "series_average(x)", "series_median(x)", "series_best(x)", "series_worst(m)", "series_sum(x)",
    "series_place(x)", "series_place(-x)", "series_count()", "series_count(c)",
    "previous(series_place(x)) - series_place(x)", "streak(x < series_average(x))",
    "times(x < previous(x), 3)", "series_place(x - last_year(x))", "year_best(series_place(x))",
    "streak(previous(x) < previous(previous(x)))", "streak(series_place(x) <= 2)",
]  # fmt: skip
PLAIN = [
    "min(x, y, 2)", "max(x, y)", "if(x > y, x, y)", "if(c, x, 0)", "if(c and x > 1, m, 0.5)", "if(t == 'a', 1, 2.5)",
    "abs(x - y)", "round(x)", "round(x, 1)", "round(-x, 1)", "round(x / 3, 2)", "round(x, -1)", "round(m)", "round(m, 2)",
    "floor(x)", "floor(x - y)", "floor(x, 0.5)", "floor(m)", "floor(m, 5)", "ceil(x)", "ceil(-x)", "ceil(x - y, 2)",
    "ceil(m, 0.1)", "known(x)", "known(t)", "if_missing(x, 0)", "if_missing(x / y, 0)", "if_missing(m, 0.5)",
    "c and x > 1", "c or x > 1", "not (c or x > 1)", "not (c and x > 1)", "t in ('a', 'b')", "t not in ('a', 'b')",
    "x + y == 0.3", "x * 100 / 3 >= 57", "x - y <= 0.1", "x + 0.2 < 0.3", "x + 0.2 != 0.3", "x + y > 0.3",
    "x / y", "x / (y - y)", "if(c, t, 'b') == 'a'",
]  # fmt: skip
AGGREGATED = [
    "sum(x)", "sum(x, c)", "sum(m, x > 1)", "average(x)", "average(x, c)", "average(m, t == 'a')", "median(x)",
    "median(m, c)", "largest(x, c)", "smallest(m, not c)", "count()", "count(c)", "count(c and x > 1)",
    "distinct(t)", "distinct(t, c)", "distinct(x)", "sum(if(c, x, 0))", "sum(round(x, 1), known(x))",
    "sum(x, c) / sum(x)", "count(not (c and x > 1)) / count()",
]  # fmt: skip


class Moment(Scene):
    """A row of a table of entities and terms."""

    def __init__(self, row: Row, rows: Sequence[Row]) -> None:
        self.row, self.rows = row, rows

    def fact(self, name: str) -> Value:
        return RowScene(self.row).fact(name)

    def moments(self) -> Sequence[tuple[int, Scene]]:
        mine = [r for r in self.rows if r["entity"] == self.row["entity"] and r["order"] <= self.row["order"]]
        ordered = sorted(mine, key=lambda row: row["order"])
        return [(self.row["order"] - row["order"], Moment(row, self.rows)) for row in ordered]

    def place_in_year(self) -> tuple[int, int]:
        return self.row["order"] % IN_YEAR + 1, IN_YEAR

    def company(self) -> Sequence[Scene]:
        mine = (self.row["series"], self.row["order"])
        return [Moment(row, self.rows) for row in self.rows if (row["series"], row["order"]) == mine]


tenths = st.one_of(st.none(), st.sampled_from([0.1, 0.2, 0.3, 1.005, 2.675, 0.5, 1.5, -0.5, 0.0, 171.0, 57.0]),
                   st.integers(-60, 60).map(lambda n: n / 10))  # fmt: skip
figures = st.fixed_dictionaries(
    {
        "x": tenths, "y": tenths, "m": st.one_of(st.none(), st.integers(-10**9, 10**13)),
        "c": st.sampled_from([True, False, None]), "t": st.sampled_from(["a", "b", "c", None]),
    }
)  # fmt: skip
places = st.tuples(st.sampled_from("甲乙丙"), st.integers(2022 * IN_YEAR, 2024 * IN_YEAR - 1))


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Rows of entities in terms, with gaps; each entity stays in its series."""
    series = {"甲": "一", "乙": "一", "丙": draw(st.sampled_from("一二"))}
    keys = draw(st.lists(places, min_size=1, max_size=18, unique=True))
    return [
        {"entity": who, "order": order, "year": order // IN_YEAR, "series": series[who], **draw(figures)}
        for who, order in keys
    ]


def native(frame: Any) -> pl.DataFrame:
    table = frame.collect().to_native() if isinstance(frame, nw.LazyFrame) else frame.to_native()
    return table if isinstance(table, pl.DataFrame) else pl.DataFrame(pl.from_arrow(table))


def frames(table: pl.DataFrame) -> list[Any]:
    return [nw.from_native(table.lazy()), nw.from_native(duckdb.from_arrow(table.to_arrow()))]


def same(found: Any, wanted: Value) -> bool:
    if wanted is None or found is None:
        return wanted is None and found is None
    if isinstance(wanted, bool | str):
        return bool(found == wanted)
    return float(found) == pytest.approx(float(wanted), rel=1e-9, abs=1e-9)


FORMULAS = {text: parse_formula(text, SCOPE) for text in (*WINDOWED, *PLAIN)}
AGGREGATES = {text: parse_formula(text, Scope({}, OWN)) for text in AGGREGATED}
few = settings(deadline=None, max_examples=6)
some = settings(deadline=None, max_examples=25)


@few
@given(rows=tables())
def test_what_looks_around_gives_the_same_on_every_engine_and_exactly(rows: list[Row]) -> None:
    compare(WINDOWED, rows)


@some
@given(rows=tables())
def test_what_works_on_its_parts_gives_the_same_on_every_engine_and_exactly(rows: list[Row]) -> None:
    compare(PLAIN, rows)


def compare(texts: Sequence[str], rows: list[Row]) -> None:
    table = pl.DataFrame(rows, schema_overrides=TYPES)
    formulas = {text: FORMULAS[text] for text in texts}
    for frame in frames(table):
        ready = with_inner_windows(with_runs(frame, IN_YEAR), formulas.values())
        worked = ready.with_columns(
            *(one.row_expression().alias(f"={text}") for text, one in formulas.items())
        )
        for row in native(worked).rows(named=True):
            mine = next(r for r in rows if (r["entity"], r["order"]) == (row["entity"], row["order"]))
            for text, formula in formulas.items():
                exact = formula.of(Moment(mine, rows))
                assert same(row[f"={text}"], exact), (text, mine, row[f"={text}"], exact)


@some
@given(rows=st.lists(st.tuples(st.sampled_from("甲乙"), figures), min_size=1, max_size=10))
def test_an_aggregate_gives_the_same_on_every_engine_and_exactly(rows: list[tuple[str, Row]]) -> None:
    table = pl.DataFrame([{"entity": who, **row} for who, row in rows], schema_overrides=TYPES)
    wanted = {one.text: one for formula in AGGREGATES.values() for one in formula.aggregates}
    for frame in frames(table):
        grouped = frame.group_by("entity").agg(*(one.expression() for one in wanted.values()))
        worked = grouped.with_columns(
            *(one.row_expression().alias(f"={text}") for text, one in AGGREGATES.items())
        )
        for row in native(worked).rows(named=True):
            mine = [given for who, given in rows if who == row["entity"]]
            for text, formula in AGGREGATES.items():
                exact = formula.of_rows(mine)
                assert same(row[f"={text}"], exact), (text, mine, row[f"={text}"], exact)
