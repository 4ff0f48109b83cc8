"""The same rules on another engine: DuckDB gives what Polars gives, to the last place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.judge import rules_of, synthetic_facts
from guatu.assessment.points import Ready, score_table
from guatu.assessment.sheet import Sheet
from guatu.assessment.standings import with_lists, with_places, with_series
from guatu.assessment.terms import Kind
from guatu.judge.assess import Assessor
from guatu.judge.cases import rows_of_case
from guatu.judge.lights import light_levels, places
from guatu.schemes.load import load_scheme

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "schemes").glob("**/scheme.toml"))


def native(frame: Any) -> pl.DataFrame:
    """A collected result as a Polars table, whatever engine gave it."""
    table = frame.collect().to_native() if isinstance(frame, nw.LazyFrame) else frame.to_native()
    return table if isinstance(table, pl.DataFrame) else pl.DataFrame(pl.from_arrow(table))


def _frames(table: pl.DataFrame) -> tuple[Any, Any]:
    """The table on Polars, and on DuckDB."""
    return nw.from_native(table.lazy()), nw.from_native(duckdb.from_arrow(table.to_arrow()))


def test_lights_and_places_are_equal_on_both_engines() -> None:
    scheme = load_scheme("tangshan-2023")
    light, ranking = rules_of(scheme)
    table = synthetic_facts(6_000)
    one, other = ((light_levels(f, light, scheme), places(f, ranking, scheme)) for f in _frames(table))
    for polars, duck in zip(one, other, strict=True):
        wanted = native(polars.sort("entity", "period"))
        assert_frame_equal(wanted, native(duck.sort("entity", "period")).cast(wanted.schema))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_scores_of_every_worked_case_are_equal_on_both_engines(folder: Path) -> None:
    scheme = load_scheme(folder)
    for case in scheme.cases:
        assessor = Assessor(scheme, pl.DataFrame(), rows_of_case(scheme, case))
        assessor.assess()
        asked = {one.sheet for one in case.expect if one.light is None}
        for sheet in scheme.text.sheet:
            if sheet.id in asked or None in asked:
                for kind in sheet.terms:
                    _compare(assessor, sheet, kind)


def _compare(assessor: Assessor, sheet: Sheet, kind: Kind) -> None:
    formula, lists = assessor.sheet_formula(sheet), assessor.result_formula(sheet)
    table = assessor.ready_table(sheet, kind)
    if table.is_empty():
        return
    results = []
    for frame in _frames(table):
        placed = with_series(frame, sheet, formula)
        scored = with_places(score_table(placed, Ready(sheet, kind, formula)), sheet, formula)
        listed = with_lists(scored, sheet, lists)
        wanted = [
            "entity",
            "order",
            "series",
            "steps",
            "rank",
            *(f"listed_{rule.id}" for rule in sheet.list_),
        ]
        results.append(native(listed.select(*wanted).sort("entity", "order")))
    assert_frame_equal(results[0], results[1].cast(results[0].schema))
