"""A facts table in Parquet, judged on two engines from the command line: equal files, helpful errors."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.judge import synthetic_facts
from guatu.cli import main


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("national") / "facts.parquet"
    synthetic_facts(3_000).write_parquet(path)
    return path


def judge(table: Path, out: Path, *more: str) -> int:
    return main(
        ["judge", "tangshan-2023", "--table", str(table), "--period", "2023-09", "--out", str(out), *more]
    )


def test_two_engines_write_the_same_levels_and_places(table: Path, tmp_path: Path) -> None:
    for engine in ("polars", "duckdb"):
        assert judge(table, tmp_path / engine, "--engine", engine) == 0
    names = sorted(path.name for path in (tmp_path / "polars").iterdir())
    assert "light-schedule.parquet" in names and "ranking-county.parquet" in names
    for name in names:
        one, other = (
            pl.read_parquet(tmp_path / engine / name).sort("entity") for engine in ("polars", "duckdb")
        )
        assert one.height > 0
        assert_frame_equal(one, other.cast(one.schema))


def test_months_written_as_text_are_read(table: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.parquet"
    months = pl.format(
        "{}-{}", pl.col("period") // 12, (pl.col("period") % 12 + 1).cast(pl.String).str.zfill(2)
    )
    pl.read_parquet(table).with_columns(period=months).write_parquet(text)
    assert judge(table, tmp_path / "a") == judge(text, tmp_path / "b") == 0
    one, other = (pl.read_parquet(tmp_path / n / "light-schedule.parquet").sort("entity") for n in "ab")
    assert_frame_equal(one, other)


def test_a_missing_column_is_named(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = tmp_path / "short.parquet"
    pl.read_parquet(table).drop("planned_ytd", "county").write_parquet(short)
    assert judge(short, tmp_path / "out") == 2
    assert "county、planned_ytd" in capsys.readouterr().err


def test_a_table_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(tmp_path / "none.parquet", tmp_path / "out") == 2
    assert "none.parquet" in capsys.readouterr().err
