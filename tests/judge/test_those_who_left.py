"""A project that has no row any more stays in the sums of what was frozen of it, and in nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge import judge_month
from guatu.judge.assess import Assessor
from guatu.judge.explain import explain
from guatu.judge.lights import light_rows, places
from guatu.portfolio.project import Project, Stage
from guatu.reporting.report import Report
from guatu.schemes.load import Scheme
from guatu.values import Period
from tests.judge.small_scheme import Given, entries, fact, item, judged, rows_of, scheme_of, sheet

FACTS = (
    fact("fp", "money", "project", "frozen_on = 2026-03-31")
    + fact("bringer", "text", "project")
    + fact("x", "number")
)
Months = dict[tuple[str, str], Given]
MARCH: Given = {"county": "甲县", "stage": "new", "fp": 1000, "planned_year": 1000, "invested_ytd": 100}
LEFT: Months = {
    ("项一", "2026-03"): MARCH,
    ("项二", "2026-03"): MARCH,
    ("项一", "2026-06"): {"county": "甲县", "stage": "new", "planned_year": 1000, "invested_ytd": 500},
}


def points(
    tmp_path: Path,
    measure: str,
    given: Months = LEFT,
    term: str = "2026-06",
    more: str = "",
    unit: str = "number",
) -> dict[str, float | None]:
    """The points of the one line, each the figure itself, by the table and exactly."""
    head = sheet('["month", "quarter"]', more)
    scheme = scheme_of(tmp_path, head + item("one", measure, unit, 'type = "direct", open = true'), FACTS)
    found = {name: entry["indicators"][0]["points"] for name, entry in entries(scheme, given, term).items()}
    assessor = Assessor(scheme, pl.DataFrame(), rows_of(scheme, given))
    (result,) = (one for one in assessor.assess() if one.kind == Term.parse(term).kind)
    table = result.table.filter(pl.col("order") == Term.parse(term).order)
    assert dict(table.select("entity", "p:one").iter_rows()) == pytest.approx(found), "by table and exactly"
    return found


@pytest.mark.parametrize(
    ("measure", "points_of"),
    [
        ("sum(invested_ytd) / sum(fp)", 0.25),
        ("sum(invested_ytd) / sum(fp, stage == 'new')", 0.25),
        ("sum(invested_ytd) / sum(planned_year)", 0.5),
        ("count()", 1),
        ("count(fp > 0)", 2),
        ("count(stage == 'new')", 1),
        ("average(fp) / sum(planned_year)", 1),
        ("sum(fp - invested_ytd) / sum(planned_year)", 0.5),
        ("sum(fp - if_missing(invested_ytd, 0)) / sum(planned_year)", 1.5),
        ("count(known(fp) and not known(planned_year))", 1),
    ],
)
def test_only_sums_of_the_frozen_fact_see_who_left(tmp_path: Path, measure: str, points_of: float) -> None:
    assert points(tmp_path, measure)["甲县"] == points_of


def test_a_county_all_of_whose_projects_left_keeps_its_denominator_and_counts_none(tmp_path: Path) -> None:
    given: Months = {**LEFT, ("项三", "2026-03"): {**MARCH, "county": "乙县"}}
    assert points(tmp_path, "sum(invested_ytd) / sum(fp)", given) == {"甲县": 0.25, "乙县": 0}
    assert points(tmp_path, "count() * if(known(sum(fp)), 1, 0)", given) == {"甲县": 1, "乙县": 0}


def test_it_counts_for_whom_it_was_last_credited_to(tmp_path: Path) -> None:
    given: Months = {
        ("项一", "2026-03"): {**MARCH, "bringer": "招商局"},
        ("项一", "2026-04"): {"county": "甲县", "bringer": "开发区"},
        ("项二", "2026-06"): {"county": "甲县", "bringer": "招商局", "invested_ytd": 1},
    }
    credit = 'credit = "bringer"'
    found = points(tmp_path, "sum(fp)", given, more=credit, unit="money")
    assert found == {"招商局": 0, "开发区": 1000}
    assert points(tmp_path, "count()", given, more=credit) == {"招商局": 1}


def test_a_row_that_says_nothing_of_where_it_stands_is_where_it_last_stood(tmp_path: Path) -> None:
    given: Months = {**LEFT, ("项二", "2026-06"): {"invested_ytd": 50}}
    assert points(tmp_path, "sum(invested_ytd) / sum(fp)", given) == {"甲县": 0.25}


def test_a_quarter_and_a_handed_in_quarter_see_the_same(tmp_path: Path) -> None:
    assert points(tmp_path, "sum(invested_ytd) / sum(fp)", term="2026Q2") == {"甲县": 0.25}
    quarters = {
        (name, {"2026-03": "2026Q1", "2026-06": "2026Q2"}[term]): row for (name, term), row in LEFT.items()
    }
    assert points(tmp_path, "sum(invested_ytd) / sum(fp)", quarters, "2026Q2") == {"甲县": 0.25}


RULES = (
    '[[light]]\nid = "pace"\nname = "进度灯"\nentity = "county"\nmeasure = "sum(invested_ytd) / sum(fp)"\nunit = "percent"\n'
    'clause = "一"\nband = [{ level = "red", to = 30 }, { level = "normal", from = 30 }]\n'
    '[[light]]\nid = "each"\nname = "项目灯"\nmeasure = "invested_ytd / fp"\nunit = "percent"\nclause = "一"\n'
    'band = [{ level = "red", to = 30 }, { level = "normal", from = 30 }]\n'
    '[[ranking]]\nid = "place"\nname = "排名"\nentity = "county"\nvalue = "sum(invested_ytd) / sum(fp)"\nunit = "percent"\n'
    'decimals = 1\nclause = "一"\n'
)  # fmt: skip


def test_a_light_and_a_ranking_of_the_county_see_it_those_of_projects_do_not(tmp_path: Path) -> None:
    month = judged(scheme_of(tmp_path, RULES, FACTS), LEFT, "2026-06").month
    lights = {(one["light"], one["entity"]): one["measure"] for one in month.entity_lights}
    assert lights == {("pace", "甲县"): 25, ("each", "项一"): 50}
    (place,) = month.rankings
    assert (place["value"], place["projects"], place["inputs"]["fp"]) == (25, 1, 2000)


def _on(engine: str, table: pl.DataFrame) -> object:
    return nw.from_native(table.lazy() if engine == "polars" else duckdb.from_arrow(table.to_arrow()))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_both_engines_count_those_who_left(tmp_path: Path, engine: str) -> None:
    scheme = scheme_of(tmp_path, RULES, FACTS)
    assessor = Assessor(scheme, pl.DataFrame(), rows_of(scheme, LEFT))
    listed = assessor.listed_in_months()
    assert listed is not None
    frames = _on(engine, assessor.month_table()), _on(engine, listed)
    light, ranking = scheme.text.light[0], scheme.text.ranking[0]
    lit = light_rows(frames[0], light, scheme, listed=frames[1])
    placed = places(frames[0], ranking, scheme, listed=frames[1])
    for result, wanted in ((lit, 0.25 * 100), (placed, 250)):
        rows = (
            result.collect().rows(named=True) if isinstance(result, nw.LazyFrame) else result.rows(named=True)
        )
        now = [row for row in rows if row["period"] == Period(2026, 6).index]
        assert [row.get("value", row["steps"]) for row in now] == [wanted]


def ledger_month(scheme: Scheme, stage: Stage) -> tuple[object, str]:
    """June by the ledger and reports, 项二 at a stage."""
    projects = [
        Project(code="P1", name="项一", county="甲县", stage=Stage.NEW, planned=10**9),
        Project(code="P2", name="项二", county="甲县", stage=stage, planned=10**9),
    ]
    reports = [Report(code="P1", period=Period(2026, 6), invested_ytd=5 * 10**8)]
    frozen = [FactRow(code, Term.parse("2026-03"), "fp", Fraction(10**9)) for code in ("P1", "P2")]
    found = judge_month(scheme, projects, reports, (), period=Period(2026, 6), facts=frozen)
    return found, explain(found, "甲县")


def test_a_ledger_that_says_it_was_withdrawn_gives_the_same(tmp_path: Path) -> None:
    line = item("one", "sum(invested_ytd) / sum(fp)", "percent", 'type = "direct", open = true')
    scheme = scheme_of(tmp_path, RULES + sheet() + line, FACTS)
    found, told = ledger_month(scheme, Stage.WITHDRAWN)
    month = found.month  # type: ignore[attr-defined]
    assert [entry["score"] for entry in month.assessments] == [25]
    assert [(one["value"], one["projects"]) for one in month.rankings] == [(25, 1)]
    assert {one["project"] for one in month.lights} == {"P1"}
    assert "P2 项二：累计完成 –，事实fp 1000（已不在列，只计冻结的数）" in told


MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.sampled_from("甲乙")), min_size=5, max_size=5),
        min_size=1,
        max_size=4,
    )
)
def test_the_sum_is_that_of_all_who_were_frozen_where_they_last_stood(
    tmp_path: Path, stands: list[list[str | None]]
) -> None:
    given: Months = {
        ("甲", "2026-05"): {"x": 1},
        ("乙", "2026-05"): {"x": 1},
        ("总是", "2026-05"): {"county": "丙"},
    }
    wanted = {"甲": 0, "乙": 0, "丙": 0}
    for number, counties in enumerate(stands):
        for month, county in zip(MONTHS, counties, strict=True):
            if county is not None:
                given[f"P{number}", month] = {"county": county, "fp": 10 + number}
        known = [county for county in counties if county is not None]
        if any(county is not None for county in counties[:3]):
            wanted[known[-1]] += 10 + number
    found = points(tmp_path, "sum(fp)", given, "2026-05", unit="money")
    assert found == wanted
