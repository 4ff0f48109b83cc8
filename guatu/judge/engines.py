"""The same rules on a table that lies in Parquet, on Polars, DuckDB or a Spark cluster: a province or the nation.

The table has the columns of the facts table (guatu.portfolio.facts) that the scheme's formulas name, those of the project facts that it declares, `period` (months
since year 0, or `YYYY-MM` as text) and, for the figures without questioned cells, `invested_ytd_without`. Nothing is
brought to one machine but the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import narwhals as nw

from guatu.assessment.terms import MONTHS, Kind, Term
from guatu.judge.ladder import order_at
from guatu.judge.levels import with_project_levels
from guatu.judge.lights import light_levels, places
from guatu.judge.table_sheets import lacking, sheet_rows
from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, OF_TERM
from guatu.schemes.formulas import rules_of
from guatu.schemes.lights import Light, Ranking
from guatu.schemes.load import Scheme
from guatu.values import Period

Engine = Literal["polars", "duckdb", "spark"]


class EngineError(RuntimeError):
    """An engine or a table that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file or folder, its rule, and how many rows stand at each level or place. Of a sheet that was
    left out, the file it would have been, and why."""

    path: Path
    rule: str
    counts: dict[str, int]
    left_out: str = ""


def open_table(path: Path, engine: Engine, master: str | None = None) -> Any:
    """A lazy Narwhals frame over Parquet files. Raises EngineError."""
    if not path.exists():
        raise EngineError(_("找不到“{path}”：应为 Parquet 文件或文件夹").format(path=path))
    source = str(path / "*.parquet") if path.is_dir() and engine != "spark" else str(path)
    try:
        if engine == "polars":
            return nw.from_native(_polars(source))
        return nw.from_native(_duckdb(source) if engine == "duckdb" else _spark(source, master))
    except ImportError as error:
        packages = {"duckdb": "pip install duckdb", "spark": "pip install 'guatu[spark]'"}
        raise EngineError(
            _("没有装 {engine}（缺 {name}）：请先运行 {cure}").format(
                engine=engine, name=error.name, cure=packages.get(engine, "")
            )
        ) from error


def _polars(source: str) -> Any:
    import polars as pl

    return pl.scan_parquet(source)


def _duckdb(source: str) -> Any:
    import duckdb

    return duckdb.read_parquet(source)


def _spark(source: str, master: str | None) -> Any:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("guatu")
    try:
        session = (builder.master(master) if master else builder).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session.read.parquet(source)
    except PySparkException as error:
        raise EngineError(_("Spark 不能用：{error}").format(error=str(error).splitlines()[0])) from error


def check_columns(frame: Any, scheme: Scheme) -> None:
    """Raise EngineError that names every column that the scheme's formulas need and the table lacks."""
    known = set(frame.collect_schema().names())
    needed = {"project", "period"}
    for formula in scheme.formulas.values():
        needed |= {*formula.facts, *formula.project_facts} - OF_TERM.keys()
    needed = {name for name in needed if not name.startswith("light_")}
    needed |= {rule.entity for _key, rule in rules_of(scheme.text) if rule.entity in FACTS}
    missing = sorted(needed - known)
    if missing:
        raise EngineError(_("表里缺这些列：{names}").format(names="、".join(missing)))
    frozen = [key for key, rule in rules_of(scheme.text) if _names_frozen(rule, scheme)]
    if frozen:
        said = _("{rules} 要用冻结的事实，须连同退出的项目一起给出：请用 --facts")
        raise EngineError(said.format(rules="、".join(frozen)))


def _names_frozen(rule: Light | Ranking, scheme: Scheme) -> bool:
    texts = [one.measure for one in rule.versions()] if isinstance(rule, Light) else [rule.value]
    return any(scheme.formulas[text].names_frozen for text in texts)


def judge_table(frame: Any, scheme: Scheme, period: Period, folder: Path) -> list[Written]:
    """Write every light, every ranking and every sheet of one month as Parquet; return what was written, and which sheets
    were left out, because they need more than a facts table of projects.

    All months of the table up to `period` count for streaks; only `period`, and the terms that end with it, are written.
    Raises EngineError.
    """
    check_columns(frame, scheme)
    frame = _with_month_numbers(frame).filter(nw.col("period") <= period.index)
    frame = with_project_levels(frame, scheme)
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(frame, scheme, rule, period, folder) for _key, rule in rules_of(scheme.text)]
    return [*written, *_write_sheets(frame, scheme, period, folder)]


def _write_sheets(frame: Any, scheme: Scheme, period: Period, folder: Path) -> Iterator[Written]:
    """The sheets in the terms that end with a month; those of projects first, since others may sum up their scores."""
    term = Term("month", period.year, period.month)
    columns = {*frame.collect_schema().names(), *OF_TERM}
    scored: dict[Kind, dict[str, Any]] = {kind: {} for kind in MONTHS}
    for sheet in sorted(scheme.text.sheet, key=lambda one: one.entity != "project"):
        for kind in sheet.terms:
            order = order_at(term, kind)
            if order is None:
                continue
            scores = {} if sheet.entity == "project" else scored[kind]
            path = folder / f"sheet-{sheet.id}-{kind}.parquet"
            why = lacking(sheet, scheme, {*columns, *(f"score_{name}" for name in scores)})
            if not why:
                rows = sheet_rows(frame, sheet, kind, scheme, scores)
                if sheet.entity == "project":
                    scored[kind][sheet.id] = rows
                rows.filter(nw.col("order") == order).drop("order", "unrounded").sink_parquet(str(path))
            yield Written(path, sheet.name, {}, why)


def _with_month_numbers(frame: Any) -> Any:
    if frame.collect_schema()["period"] != nw.String:
        return frame.with_columns(nw.col("period").cast(nw.Int64))
    year = nw.col("period").str.slice(0, 4).cast(nw.Int64)
    month = nw.col("period").str.slice(5, 2).cast(nw.Int64)
    return frame.with_columns(period=year * 12 + month - 1)


def _write(frame: Any, scheme: Scheme, rule: Light | Ranking, period: Period, folder: Path) -> Written:
    if isinstance(rule, Light):
        judged, key = light_levels(frame, rule, scheme), "level"
    else:
        judged, key = places(frame, rule, scheme), "rank"
    now = judged.filter(nw.col("period") == period.index)
    path = folder / f"{'light' if isinstance(rule, Light) else 'ranking'}-{rule.id}.parquet"
    now.sink_parquet(str(path))
    counted = now.group_by(key).agg(nw.len().alias("rows")).collect() if key == "level" else None
    rows: Iterable[dict[str, Any]] = counted.rows(named=True) if counted is not None else ()
    counts = {str(row[key] or "none"): int(row["rows"]) for row in rows}
    return Written(path, rule.name, counts)
