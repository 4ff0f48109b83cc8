"""A facts table in Parquet, judged on two engines from the command line: equal files, helpful errors."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.judge import synthetic_facts
from guatu.cli import main
from guatu.judge.assess import Assessor
from guatu.judge.engines import Engine, EngineError, judge_table, open_table
from guatu.values import Period
from tests.judge.small_scheme import fact, item, rows_of, scheme_of, sheet


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


SHEETS = (
    sheet('["month", "quarter"]', entity="project", id="site")
    + item("pace", "invested_ytd / planned_year", "percent", 'type = "proportional", of = 100')
    + sheet('["month", "quarter"]', 'tie_breakers = ["count()"]', id="county")
    + item(
        "done",
        "sum(invested_ytd) / sum(planned_year)",
        "percent",
        'type = "linear", pivot = 50, up = 1, limit = "base"',
        60,
    )
    + item("site", "average(score_site)", "number", 'type = "proportional", of = 100', 40, 'missing = "zero"')
    + '[[sheet.veto]]\nid = "v"\nname = "否决"\nwhen = "count(stage == \'new\') > 10"\nscope = "award"\nclause = "一"\n'
    '[[sheet.list]]\nid = "best"\nname = "表扬"\nkind = "praise"\nfirst = 3\nwhen = "score >= previous(score) or month == 1"\n'
    'clause = "一"\n' + sheet(id="own") + item("own", "x", "number", 'type = "direct"')
)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_sheets_come_out_as_they_do_with_a_ledger(tmp_path: Path, table: Path, engine: Engine) -> None:
    scheme = scheme_of(tmp_path, SHEETS)
    written = judge_table(open_table(table, engine), scheme, Period(2023, 9), tmp_path / "out")
    left = {one.path.name: one.left_out for one in written if one.left_out}
    assert left == {"sheet-own-month.parquet": "表里没有 x"}
    results = Assessor(scheme, pl.read_parquet(table)).assess()
    compared = 0
    for result in results:
        path = tmp_path / "out" / f"sheet-{result.sheet.id}-{result.kind}.parquet"
        if not path.exists():
            continue
        order = {"month": 12 * 2023 + 8, "quarter": 4 * 2023 + 2}[result.kind]
        found = pl.read_parquet(path).sort("entity")
        wanted = result.table.filter(pl.col("order") == order).sort("entity").select(found.columns)
        assert_frame_equal(found.cast(wanted.schema), wanted)
        compared += wanted.height
    assert compared > 500


def test_rules_that_need_who_left_are_refused(tmp_path: Path, table: Path) -> None:
    frozen = fact("fp", "money", "project", "frozen_on = 2026-03-31")
    light = (
        '[[light]]\nid = "l"\nname = "灯"\nentity = "county"\nmeasure = "sum(fp) / sum(planned_year)"\nunit = "percent"\nclause = "一"\n'
        'band = [{ level = "normal", to = 1 }, { level = "red", from = 1 }]\n'
    )
    rows = pl.read_parquet(table).with_columns(fp=pl.lit(1))
    rows.write_parquet(tmp_path / "t.parquet")
    frame = open_table(tmp_path / "t.parquet", "polars")
    with pytest.raises(EngineError, match="--facts"):
        judge_table(frame, scheme_of(tmp_path, light, frozen), Period(2023, 9), tmp_path / "out")
    with pytest.raises(EngineError, match="fp"):
        judge_table(
            open_table(table, "polars"), scheme_of(tmp_path, light, frozen), Period(2023, 9), tmp_path / "out"
        )
    line = sheet() + item("one", "sum(fp)", "money", 'type = "direct"')
    (one,) = judge_table(frame, scheme_of(tmp_path, line, frozen), Period(2023, 9), tmp_path / "out")
    assert "--facts" in one.left_out


def test_no_column_has_a_dot_in_its_name_which_spark_takes_for_a_field(tmp_path: Path) -> None:
    line = 'type = "proportional", of = 100'
    toml = (
        sheet('["month", "year"]', 'tie_breakers = ["works.done"]')
        + '[[sheet.item]]\nid = "works"\nname = "works"\nclause = "一"\n'
        + item("works.done", "count(physical / 100 >= 0.5) / count()", "percent", line, 60)
        + item("works.kept", "times_within(x >= 0.5) / 2 + streak(previous(x) >= 0.25)", "number", line, 40)
    )
    scheme = scheme_of(tmp_path, toml)
    rows = rows_of(
        scheme, {("甲县", "2026-12"): {"x": 0.5}, ("P", "2026-12"): {"county": "甲县", "physical": 60}}
    )
    for result in Assessor(scheme, pl.DataFrame(), rows).assess():
        assert not [name for name in result.table.columns if "." in name]
