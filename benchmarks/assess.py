"""Score many entities by a sheet of many lines: time, growth, and the same rules by hand and in a loop.

Run: python benchmarks/assess.py [--entities 300 3000] [--lines 40] [--months 12]
The sheet has lines of every kind of rule; the hand-written baseline is one Polars expression per line of the same
rules, the loop is plain Python. The run stops if the table and the loop disagree on any published score.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import narwhals as nw
import polars as pl

from guatu.assessment.points import Ready, score_table
from guatu.assessment.rules import Company
from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import with_places
from guatu.portfolio.facts import Fact, Unit
from guatu.portfolio.formula import Formula, Scope, parse_formula
from guatu.values import half_up

RULES: tuple[dict[str, Any], ...] = (
    {"type": "proportional", "of": 100},
    {"type": "linear", "pivot": 50, "up": 0.02, "limit": "base"},
    {
        "type": "bands",
        "band": [{"to": 30, "points": 0}, {"from": 30, "to": 60, "points": 1}, {"from": 60, "points": 2.5}],
    },
    {"type": "all_or_nothing", "at_least": 40},
    {"type": "linear", "pivot": 50, "step": 5, "up": 0.1, "whole_steps": True, "cap_up": 1, "cap_down": 1},
)


def sheet_of(lines: int) -> Sheet:
    """A sheet of `lines` lines worth 2.5 points each, the rule types one after the other."""
    return Sheet.model_validate({
        "id": "s", "name": "考核", "entity": "county", "terms": ["month"], "clause": "一", "points": 2.5 * lines,
        "item": [
            {"id": f"i{n}", "name": f"指标{n}", "points": 2.5, "measure": f"x{n}", "unit": "number",
             "rule": RULES[n % len(RULES)], "clause": "一"} for n in range(lines)
        ],
    })  # fmt: skip


def facts_of(entities: int, months: int, lines: int) -> pl.DataFrame:
    dice = random.Random(7)
    rows = entities * months
    columns: dict[str, Any] = {
        "entity": [f"E{n // months}" for n in range(rows)],
        "order": [24276 + n % months for n in range(rows)],
        "year": 2023,
        "series": "",
    }
    for n in range(lines):
        columns[f"x{n}"] = [dice.randrange(0, 10_000) / 100 for _ in range(rows)]
    return pl.DataFrame(columns)


def by_sheet(table: pl.DataFrame, sheet: Sheet, formula: Callable[[str], Formula]) -> pl.DataFrame:
    frame = score_table(nw.from_native(table.lazy()), Ready(sheet, "month", formula))
    placed: pl.DataFrame = (
        with_places(frame, sheet, formula).select("entity", "order", "steps", "rank").collect().to_native()
    )
    return placed


def by_hand(table: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """The same rules as somebody would write them for this one sheet."""

    def points(n: int) -> pl.Expr:
        x = pl.col(f"x{n}")
        match n % len(RULES):
            case 0:
                return (x * 2.5 / 100).clip(0, 2.5)
            case 1:
                return ((x - 50) * 0.02).clip(-2.5, 2.5) + 2.5
            case 2:
                return pl.when(x < 30).then(0.0).when(x < 60).then(1.0).otherwise(2.5)
            case 3:
                return pl.when(x >= 40).then(2.5).otherwise(0.0)
            case _:
                steps = (x - 50) / 5
                return ((steps.abs() + 1e-9).floor() * steps.sign() * 0.1).clip(-1, 1) + 2.5

    total = sum((points(n) for n in range(len(sheet.item))), pl.lit(0.0))
    steps = (total * 100 + 0.5 + 1e-9).floor().cast(pl.Int64)
    ranked = table.lazy().with_columns(steps=steps).with_columns(
        rank=pl.col("steps").rank("min", descending=True).over("order").cast(pl.Int64)
    )  # fmt: skip
    return ranked.select("entity", "order", "steps", "rank").collect()


def by_a_loop(table: pl.DataFrame, sheet: Sheet) -> list[int]:
    """Plain Python, in floats, as quick as a careful loop is."""
    rules = [(item.rule, float(item.points or 0)) for item in sheet.item]
    scores = []
    for row in table.iter_rows(named=True):
        total = 0.0
        for n in range(len(rules)):
            x = row[f"x{n}"]
            kind = n % len(RULES)
            if kind == 0:
                total += min(max(x * 2.5 / 100, 0), 2.5)
            elif kind == 1:
                total += min(max((x - 50) * 0.02, -2.5), 2.5) + 2.5
            elif kind == 2:
                total += 0 if x < 30 else 1 if x < 60 else 2.5
            elif kind == 3:
                total += 2.5 if x >= 40 else 0
            else:
                steps = int(abs(x - 50) / 5 + 1e-9) * (1 if x >= 50 else -1)
                total += min(max(steps * 0.1, -1), 1) + 2.5
        scores.append(int(total * 100 + 0.5 + 1e-9))
    return scores


def exact_steps(table: pl.DataFrame, sheet: Sheet, rows: int) -> list[int]:
    """The first rows in exact fractions: what the published decimals must be."""
    found = []
    for row in table.head(rows).iter_rows(named=True):
        total = Fraction(0)
        for n, item in enumerate(sheet.item):
            assert item.rule is not None and item.points is not None
            total += item.rule.exact(Fraction(str(row[f"x{n}"])), item.points, Company()) or 0
        found.append(int(half_up(total, 2).scaleb(2)))
    return found


def timed(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entities", type=int, nargs="+", default=[300, 3_000])
    options.add_argument("--lines", type=int, default=40)
    options.add_argument("--months", type=int, default=12)
    given = options.parse_args()
    sheet = sheet_of(given.lines)
    scope = Scope(
        {f"x{n}": Fact(f"x{n}", f"数{n}", Unit.NUMBER, "") for n in range(given.lines)}, windows=True
    )
    known = {f"x{n}": parse_formula(f"x{n}", scope) for n in range(given.lines)}
    print(f"{given.lines} lines, {given.months} months")
    print(
        f"{'entities':>9} {'rows':>9} {'sheet s':>8} {'by hand s':>9} {'÷ hand':>7} {'loop s':>7} {'loop ÷':>7} {'µs/row·line':>12}"
    )
    for entities in given.entities:
        table = facts_of(entities, given.months, given.lines)
        took, scored = timed(partial(by_sheet, table, sheet, known.__getitem__), 3)
        hand, _written = timed(partial(by_hand, table, sheet), 3)
        loop, looped = timed(partial(by_a_loop, table, sheet), 1)
        ordered = table.select("entity", "order").join(
            scored, on=["entity", "order"], how="left", maintain_order="left"
        )
        exact = exact_steps(table, sheet, 500)
        assert ordered["steps"].head(500).to_list() == exact, "the table differs from exact arithmetic"
        differ = sum(one != other for one, other in zip(ordered["steps"], looped, strict=True))
        assert differ <= table.height // 100, f"{differ} scores differ from the loop's floats"
        per = took / table.height / given.lines * 1e6
        print(
            f"{entities:>9,} {table.height:>9,} {took:>8.3f} {hand:>9.3f} {took / hand:>7.1f} {loop:>7.2f} {loop / took:>7.1f} {per:>12.3f}"
        )
    print("The first 500 scores of each table equal exact arithmetic to the last published decimal.")


if __name__ == "__main__":
    main()
