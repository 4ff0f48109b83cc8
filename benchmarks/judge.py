"""Judge synthetic project-months: time, growth, and a plain Python loop over the same rules beside it.

Run: python benchmarks/judge.py [--rows 10000 100000 1000000] [--scheme tangshan-2023]
A row is one project in one month of twelve. The loop computes the same levels and county ranks from
the same rows, and the run stops if the two disagree anywhere.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl

from guatu.judge.lights import collect, light_levels, places
from guatu.schemes.lights import Light, Ranking
from guatu.schemes.load import Scheme, load_scheme
from guatu.supervision.bands import band_of
from guatu.values import FEN_PER_WAN, Period

YEAR = 2023
MONTHS = 12


def synthetic_facts(rows: int, seed: int = 20231) -> pl.DataFrame:
    """A facts table of `rows` project-months: 12 months of rows/12 projects in about rows/1000 counties."""
    dice = random.Random(seed)
    projects = max(rows // MONTHS, 1)
    counties = max(projects // 80, 3)
    each = pl.DataFrame({
        "project": [f"P{n}" for n in range(projects)],
        "county": [f"C{dice.randrange(counties)}" for _ in range(projects)],
        "lead_department": [f"D{dice.randrange(14)}" for _ in range(projects)],
        "stage": [dice.choice(("new", "continuing")) for _ in range(projects)],
        "planned_year": [dice.randrange(1_000, 900_000) * FEN_PER_WAN for _ in range(projects)],
        "pace": [min(max(dice.gauss(1.0, 0.2), 0.1), 1.2) for _ in range(projects)],
    })  # fmt: skip
    months = pl.DataFrame({"month": range(1, MONTHS + 1)}, schema={"month": pl.Int64})
    planned = (pl.col("planned_year") * pl.col("month")) // MONTHS
    ten_wan = 10 * FEN_PER_WAN
    return each.join(months, how="cross").with_columns(
        period=Period(YEAR, 1).index + pl.col("month") - 1,
        planned_ytd=planned,
        invested_ytd=(planned * pl.col("pace")).cast(pl.Int64) // ten_wan * ten_wan,
    ).with_columns(invested_ytd_without=pl.col("invested_ytd"))  # fmt: skip


def rules_of(scheme: Scheme) -> tuple[Light, Ranking]:
    return next(r for r in scheme.text.light if r.entity == "project"), next(
        r for r in scheme.text.ranking if r.entity == "county"
    )


def by_expressions(table: pl.DataFrame, scheme: Scheme) -> tuple[Any, Any]:
    light, ranking = rules_of(scheme)
    frame = nw.from_native(table.lazy())
    return light_levels(frame, light, scheme).collect(), places(frame, ranking, scheme).collect()


def by_a_loop(table: pl.DataFrame, scheme: Scheme) -> tuple[dict[Any, str], dict[Any, int]]:
    """The same rules written as a loop: floats for the levels with edges checked exactly when close."""
    light, _ = rules_of(scheme)
    bands = light.versions()[0].bands
    edges = [(float(b.low) if b.low is not None else float("-inf"), b.level) for b in bands]
    levels: dict[Any, str] = {}
    done: dict[Any, int] = defaultdict(int)
    plan: dict[Any, int] = defaultdict(int)
    for row in table.iter_rows(named=True):
        gap = (row["planned_ytd"] / row["planned_year"] - row["invested_ytd"] / row["planned_year"]) * 100
        if any(abs(gap - edge) < 1e-7 for edge, _level in edges):
            exact = Fraction(row["planned_ytd"] - row["invested_ytd"], row["planned_year"]) * 100
            found = band_of(exact, bands)
            levels[row["project"], row["period"]] = found.level if found else "none"
        else:
            levels[row["project"], row["period"]] = [level for edge, level in edges if gap >= edge][-1]
        key = row["county"], row["period"]
        done[key] += row["invested_ytd"]
        plan[key] += row["planned_year"]
    steps = {key: (done[key] * 20_000 + plan[key]) // (2 * plan[key]) for key in done}
    by_period: dict[int, list[int]] = defaultdict(list)
    for (_county, period), value in steps.items():
        by_period[period].append(value)
    for values in by_period.values():
        values.sort(reverse=True)
    first = {
        period: {v: i + 1 for i, v in reversed(list(enumerate(values)))}
        for period, values in by_period.items()
    }
    return levels, {(county, period): first[period][value] for (county, period), value in steps.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[2_604, 10_000, 100_000, 1_000_000])
    options.add_argument("--scheme", default="tangshan-2023")
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    scheme = load_scheme(given.scheme)
    print(
        f"{'rows':>10} {'expressions s':>14} {'loop s':>8} {'loop ÷ expr.':>12} {'µs/row':>8} {'growth':>7}"
    )
    before: tuple[int, float] | None = None
    for rows in given.rows:
        table = synthetic_facts(rows)
        times = []
        for _ in range(given.repeat):
            start = time.perf_counter()
            levels, ranks = by_expressions(table, scheme)
            times.append(time.perf_counter() - start)
        best = min(times)
        start = time.perf_counter()
        loop_levels, loop_ranks = by_a_loop(table, scheme)
        loop = time.perf_counter() - start
        assert {(r["entity"], r["period"]): r["level"] for r in collect(levels)} == loop_levels, (
            "levels differ"
        )
        assert {(r["entity"], r["period"]): r["rank"] for r in collect(ranks)} == loop_ranks, "ranks differ"
        growth = "" if before is None else f"{(best / before[1]) / (table.height / before[0]):.2f}"
        print(
            f"{table.height:>10,} {best:>14.3f} {loop:>8.3f} {loop / best:>12.1f} {best / table.height * 1e6:>8.3f} {growth:>7}"
        )
        before = (table.height, best)
    print(
        "growth: time per row against the row above (1.00 is linear). Levels and ranks of both ways are equal."
    )


if __name__ == "__main__":
    main()
