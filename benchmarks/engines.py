"""The same lights and ranking on Polars, DuckDB and PySpark: times, growth, and that all three agree to the last row.

Run: python benchmarks/engines.py [--rows 10000 1000000 10000000] [--engines polars duckdb spark]
A row is one project in one month of twelve. Beside them stands the same light written by hand as one Polars
expression. DuckDB and Spark are held to --most rows (default 1,000,000). Spark needs `pip install 'guatu[spark]'` and
a Java 17 or 21 runtime on PATH; without them the run stops and says so, unless Spark is not among --engines.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.judge import rules_of, synthetic_facts
from guatu.judge.lights import light_levels, places
from guatu.schemes.load import Scheme, load_scheme

Result = tuple[pl.DataFrame, pl.DataFrame]


def judged(frame: Any, scheme: Scheme) -> Result:
    """Levels and places as sorted Polars tables, whatever engine the frame is on."""
    light, ranking = rules_of(scheme)
    levels, ranks = light_levels(frame, light, scheme), places(frame, ranking, scheme)
    return _native(levels), _native(ranks)


def _levels(frame: Any, scheme: Scheme) -> pl.DataFrame:
    light, _ranking = rules_of(scheme)
    return _native(light_levels(frame, light, scheme))


def _native(frame: Any) -> pl.DataFrame:
    native = frame.collect().to_native()
    if isinstance(native, pl.DataFrame):
        return native
    arrow = native.toArrow() if hasattr(native, "toArrow") else native
    return pl.DataFrame(pl.from_arrow(arrow))


def by_hand(table: pl.DataFrame) -> pl.DataFrame:
    """The light alone, as somebody would write it for this one rule."""
    gap = (
        pl.col("planned_ytd") / pl.col("planned_year") - pl.col("invested_ytd") / pl.col("planned_year")
    ) * 100
    gap = (gap * 1e9).round(0) / 1e9
    level = pl.when(gap >= 25).then(pl.lit("red")).when(gap >= 10).then(pl.lit("yellow"))
    level = level.when(gap >= 5).then(pl.lit("blue")).when(gap.is_not_null()).then(pl.lit("normal"))
    steps = (gap.abs() * 100 + 0.5 + 1e-9).floor().cast(pl.Int64)
    steps = pl.when(gap < 0).then(-steps).otherwise(steps)
    chosen = table.lazy().filter(pl.col("stage").is_in(["new", "continuing"]))
    return chosen.select(entity="project", period="period", steps=steps, level=level).collect()


def on_polars(table: pl.DataFrame) -> Any:
    return nw.from_native(table.lazy())


def on_duckdb(table: pl.DataFrame) -> Any:
    import duckdb

    return nw.from_native(duckdb.from_arrow(table.to_arrow()))


def on_spark(table: pl.DataFrame) -> Any:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "6g")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return nw.from_native(session.createDataFrame(table.to_arrow()))


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": on_polars,
    "duckdb": on_duckdb,
    "spark": on_spark,
}


def _require(engines: list[str]) -> None:
    """Stop with the cure when an engine that was asked for is not there."""
    if "spark" in engines:
        try:
            import pyspark  # noqa: F401
        except ImportError:
            sys.exit("pyspark is missing: pip install 'guatu[spark]', or leave spark out of --engines")
        if shutil.which("java") is None:
            sys.exit(
                "Java is missing: apt-get install openjdk-17-jre-headless, or leave spark out of --engines"
            )


def _sorted(result: Result) -> Result:
    one, other = (table.sort("entity", "period") for table in result)
    return one, other


def _best(work: Callable[[], Any], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    options.add_argument("--engines", nargs="+", choices=tuple(ENGINES), default=["polars", "duckdb"])
    options.add_argument("--most", type=int, default=1_000_000)
    options.add_argument("--scheme", default="tangshan-2023")
    given = options.parse_args()
    _require(given.engines)
    scheme = load_scheme(given.scheme)
    print(f"{'rows':>11} {'engine':>8} {'seconds':>8} {'µs/row':>8} {'light ÷ by hand':>16}")
    for rows in given.rows:
        table = synthetic_facts(rows)
        wanted: Result | None = None
        for engine in given.engines:
            if engine != "polars" and rows > given.most:
                continue
            frame = ENGINES[engine](table)
            found = _sorted(judged(frame, scheme))
            took = _best(partial(judged, frame, scheme), 3 if engine == "polars" else 1)
            ratio = ""
            if engine == "polars":
                mine = _best(partial(_levels, frame, scheme), 3)
                ratio = f"{mine / _best(partial(by_hand, table), 3):.1f}"
                wanted = found
            elif wanted is not None:
                same = all(
                    one.equals(other.cast(one.schema)) for one, other in zip(wanted, found, strict=True)
                )
                assert same, f"{engine} differs from Polars"
            print(
                f"{table.height:>11,} {engine:>8} {took:>8.3f} {took / table.height * 1e6:>8.3f} {ratio:>16}"
            )
    print("Every engine gave the levels and places of Polars, row for row.")


if __name__ == "__main__":
    main()
