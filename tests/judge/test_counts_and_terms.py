"""What a count knows, what recognition remembers, and the month that every term has."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.portfolio.formula import parse_formula
from guatu.portfolio.formula.exactly import RowScene
from guatu.schemes.load import SchemeError
from tests.judge.small_scheme import Given, entries, fact, item, judged, said, scheme_of, sheet
from tests.judge.test_engines import _frames, native

PROJECTS = fact("permit", "flag", "project") + fact("done", "count", "project") + fact("x", "number")
Months = dict[tuple[str, str], Given]


def figures(
    tmp_path: Path, measure: str, given: Months, term: str = "2026-06", more: str = "", facts: str = PROJECTS
) -> dict[str, float | None]:
    toml = more + sheet('["month", "quarter", "half", "year"]')
    scheme = scheme_of(tmp_path, toml + item("one", measure, "number", 'type = "direct", open = true'), facts)
    found = entries(scheme, given, term)
    return {name: entry["indicators"][0]["points"] for name, entry in found.items()}


KNOWN: Months = {
    ("项一", "2026-06"): {"county": "甲县", "permit": True},
    ("项二", "2026-06"): {"county": "甲县"},
    ("项三", "2026-06"): {"county": "乙县"},
    ("丙县", "2026-06"): {"x": 1},
}


def test_a_count_of_what_is_known_of_nobody_is_unknown_and_of_nobody_at_all_0(tmp_path: Path) -> None:
    assert figures(tmp_path, "count(permit)", KNOWN) == {"甲县": 1, "乙县": None, "丙县": 0}
    assert figures(tmp_path, "if_missing(count(permit), 9)", KNOWN) == {"甲县": 1, "乙县": 9, "丙县": 0}
    assert figures(tmp_path, "count(not permit)", KNOWN) == {"甲县": 0, "乙县": None, "丙县": 0}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from((True, False, None))), min_size=1, max_size=8)
)
def test_both_engines_and_exact_arithmetic_count_alike(rows: list[tuple[str, bool | None]]) -> None:
    formula = parse_formula("count(started)")
    table = pl.DataFrame(
        {"county": [county for county, _flag in rows], "started": [flag for _county, flag in rows]},
        schema={"county": pl.String, "started": pl.Boolean},
    )
    for frame in _frames(table):
        (aggregate,) = formula.aggregates
        counted = native(frame.group_by("county").agg(aggregate.expression()))
        for county, found in counted.iter_rows():
            mine = [{"started": flag} for name, flag in rows if name == county]
            assert found == formula.of(RowScene({}, mine))


RECOGNITION = '[[recognition]]\nid = "start"\nname = "开工"\nwhen = "permit and done >= 2"\nfirst_only = {first}\nclause = "一"\n'
HANDED: Months = {
    ("项一", "2026-02"): {"county": "甲县", "done": 1},
    ("项一", "2026-05"): {"county": "甲县", "permit": True, "done": 2},
    ("项一", "2026-06"): {"county": "甲县"},
    ("项一", "2026-08"): {"county": "甲县", "done": 1},
    ("项一", "2026-09"): {"county": "甲县"},
}


@pytest.mark.parametrize(
    ("term", "stands", "first"),
    [
        ("2026-02", 0, 0),
        ("2026-05", 1, 1),
        ("2026-06", 1, 0),
        ("2026-08", 0, 0),
        ("2026-09", 0, 0),
        ("2026Q2", 1, 1),
        ("2026H1", 1, 1),
        ("2026Q3", 0, 0),
    ],
)
def test_recognition_stands_until_something_else_is_handed_in(
    tmp_path: Path, term: str, stands: int, first: int
) -> None:
    for once, wanted in (("false", stands), ("true", first)):
        more = RECOGNITION.format(first=once)
        assert figures(tmp_path, "count(recognised_start)", HANDED, term, more) == {"甲县": wanted}


@pytest.mark.parametrize(("term", "month"), [("2026-05", 5), ("2026Q2", 6), ("2026H1", 6), ("2026", 12)])
def test_every_kind_of_thing_knows_the_month_with_which_its_term_ends(
    tmp_path: Path, term: str, month: int
) -> None:
    given: Months = {("甲县", term): {"x": 2}}
    assert figures(tmp_path, "x * month", given, term) == {"甲县": 2 * month}
    assert figures(tmp_path, "if(month >= 6, x, 0)", given, term) == {"甲县": 2 if month >= 6 else 0}
    assert figures(tmp_path, "sum_within(x * month)", given, term) == {"甲县": 2 * month}


def test_lights_rankings_lists_and_steps_of_counties_know_it_too(tmp_path: Path) -> None:
    rules = (
        '[[light]]\nid = "l"\nname = "灯"\nentity = "county"\nmeasure = "x / month"\nunit = "number"\nclause = "一"\n'
        'band = [{ level = "normal", to = 1 }, { level = "red", from = 1 }]\n'
        '[[ranking]]\nid = "r"\nname = "排名"\nentity = "county"\nvalue = "x / month * count()"\nunit = "count"\n'
        'decimals = 1\nclause = "一"\n'
        + sheet()
        + item("one", "x", "number", 'type = "direct"')
        + '[[sheet.list]]\nid = "p"\nname = "榜"\nkind = "praise"\nfirst = 1\nwhen = "month == 6"\nclause = "一"\n'
        '[[step]]\nid = "s"\nname = "约谈"\nentity = "county"\nwhen = "x < month"\nclause = "一"\n'
    )
    assert said(tmp_path, rules, PROJECTS) == ""
    given: Months = {("甲县", "2026-06"): {"x": 3}, ("项一", "2026-06"): {"county": "甲县"}}
    month = judged(scheme_of(tmp_path, rules, PROJECTS), given, "2026-06").month
    assert [(one["measure"], one["level"]) for one in month.entity_lights] == [(0.5, "normal")]
    assert [(one["value"], one["inputs"]["month"]) for one in month.rankings] == [(0.5, 6)]
    (entry,) = month.assessments
    assert (entry["lists"], [step["step"] for step in entry["steps"]]) == (["p"], ["s"])


@pytest.mark.parametrize(
    ("measure", "written"),
    [
        ("permit", "count(permit)"),
        ("done", "sum(done)"),
        ("physical", "average(physical)"),
        ("stage", "distinct(stage)"),
    ],
)
def test_the_cure_for_a_fact_of_projects_is_one_that_works(
    tmp_path: Path, measure: str, written: str
) -> None:
    with pytest.raises(SchemeError, match=written.replace("(", r"\(").replace(")", r"\)")):
        figures(tmp_path, measure, {})
    given: Months = {
        ("项一", "2026-06"): {"county": "甲县", "permit": True, "done": 1, "physical": 1, "stage": "new"}
    }
    assert figures(tmp_path, written, given) == {"甲县": 1}
