"""Flags and events of months and quarters as a longer term sees them, and vetoes for some kinds of term."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judge.small_scheme import Given, entries, fact, item, judged, rows_of, said, scheme_of, sheet

EVENT = '[[sheet.event]]\nid = "e"\nname = "迟报材料"\npoints = -1\nclause = "一"\n'
VETO = '[[sheet.veto]]\nid = "v"\nname = "虚报"\nwhen = "times_within(f) >= 1"\nscope = "award"\nterms = ["year"]\nclause = "一"\n'
LIST = '[[sheet.list]]\nid = "l"\nname = "红榜"\nkind = "praise"\nfirst = 9\nclause = "一"\n'
YEAR = '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "quarter", weight = 1 }]\nclause = "一"\n'
Months = dict[tuple[str, str], Given]


def value(tmp_path: Path, measure: str, given_: Months, term: str, unit: str = "count") -> float | None:
    toml = (
        sheet('["month", "quarter", "year"]')
        + item("one", measure, unit, 'type = "direct", open = true')
        + EVENT
    )
    entry = entries(scheme_of(tmp_path, toml), given_, term)["甲"]
    points: float | None = entry["indicators"][0]["points"]
    events = sum(one["points"] for one in entry["events"])
    if points is not None:
        assert entry["score"] == pytest.approx(max(points + events, 0), abs=0.005), "by table and exactly"
    return points


def test_a_year_counts_the_months_and_quarters_within_it(tmp_path: Path) -> None:
    given_: Months = {
        ("甲", "2025-12"): {"f": True}, ("甲", "2026-02"): {"f": True}, ("甲", "2026-03"): {"f": False},
        ("甲", "2026Q3"): {"f": True}, ("甲", "2026"): {"f": True, "x": 1}, ("甲", "2026Q1"): {"x": 1},
        ("乙", "2026-02"): {"f": True},
    }  # fmt: skip
    assert value(tmp_path, "times_within(f)", given_, "2026") == 3
    assert value(tmp_path, "times_within(f)", given_, "2026Q1") == 1
    assert value(tmp_path, "times_within(f)", {("甲", "2026"): {"x": 1}}, "2026") == 0


def test_figures_and_events_add_up_within_a_term(tmp_path: Path) -> None:
    given_: Months = {
        ("甲", "2026-01"): {"y": 0.1, "e": 2}, ("甲", "2026-02"): {"y": 0.2, "e": 1}, ("甲", "2026-04"): {"y": 5, "e": 9},
        ("甲", "2026Q1"): {"x": 1},
    }  # fmt: skip
    assert value(tmp_path, "sum_within(y)", given_, "2026Q1", "number") == 0.3
    assert value(tmp_path, "sum_within(e)", given_, "2026Q1") == 3
    assert value(tmp_path, "times_within(e >= 2)", given_, "2026Q1") == 1
    assert value(tmp_path, "sum_within(y)", {("甲", "2026Q1"): {"x": 1}}, "2026Q1", "number") is None


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_the_quarters_make_up_the_year(tmp_path_factory: pytest.TempPathFactory, counts: list[int]) -> None:
    given_: Months = {("甲", f"2026-{month:02d}"): {"c": count} for month, count in enumerate(counts, 1)}
    given_ |= {("甲", term): {"x": 1} for term in ("2026", "2026Q1", "2026Q2", "2026Q3", "2026Q4")}
    folder = tmp_path_factory.mktemp("within")
    quarters = [value(folder, "sum_within(c)", given_, f"2026Q{n}") or 0 for n in range(1, 5)]
    assert sum(quarters) == value(folder, "sum_within(c)", given_, "2026") == sum(counts)


def test_a_veto_for_the_year_sees_a_month_and_leaves_the_quarters_alone(tmp_path: Path) -> None:
    toml = sheet('["quarter"]') + item("one", "x", "number", 'type = "direct"') + VETO + LIST + YEAR
    assert said(tmp_path, toml) == ""
    given_: Months = {
        ("甲", "2026-02"): {"f": True}, ("甲", "2026Q4"): {"x": 90}, ("乙", "2026Q4"): {"x": 80},
    }  # fmt: skip
    scheme = scheme_of(tmp_path, toml)
    found = {(one["entity"], one["term"]): one for one in judged(scheme, given_, "2026").month.assessments}
    assert {key: (one["barred"], one["lists"]) for key, one in found.items()} == {
        ("甲", "2026Q4"): (False, ["l"]), ("乙", "2026Q4"): (False, ["l"]),
        ("甲", "2026"): (True, []), ("乙", "2026"): (False, ["l"]),
    }  # fmt: skip


@pytest.mark.parametrize("scope", ['scope = "total"', 'scope = "item"\nitem = "one"'])
def test_a_veto_strikes_in_the_kinds_of_term_that_it_names_alone(tmp_path: Path, scope: str) -> None:
    veto = VETO.replace('scope = "award"', scope)
    toml = sheet('["quarter", "year"]') + item("one", "x", "number", 'type = "direct"') + veto
    assert said(tmp_path, toml) == ""
    given_: Months = {("甲", "2026Q4"): {"x": 90, "f": True}, ("甲", "2026"): {"x": 80}}
    found = {one["term"]: one for one in judged(scheme_of(tmp_path, toml), given_, "2026").month.assessments}
    assert {term: (one["score"], bool(one["indicators"][0]["reason"] or one["reason"])) for term, one in found.items()} == {
        "2026Q4": (90, False), "2026": (0, True),
    }  # fmt: skip


def test_a_step_may_count_what_happened_within_its_term(tmp_path: Path) -> None:
    step = '[[step]]\nid = "s1"\nname = "约谈"\nentity = "county"\nterm = "quarter"\nwhen = "times_within(f) >= 2"\nclause = "一"\n'
    given_: Months = {
        ("甲", "2026-01"): {"f": True},
        ("甲", "2026-03"): {"f": True},
        ("甲", "2026Q1"): {"x": 1},
    }
    found = judged(scheme_of(tmp_path, step), given_, "2026Q1").month.assessments
    assert [one["steps"][0]["step"] for one in found] == ["s1"]


def test_a_project_counts_its_months(tmp_path: Path) -> None:
    toml = sheet('["quarter"]', entity="project") + item(
        "one", "times_within(late)", "count", 'type = "direct", open = true'
    )
    scheme = scheme_of(tmp_path, toml, fact("z", "number", "project"))
    given_: Months = {
        ("P1", "2026-01"): {"late": True}, ("P1", "2026-02"): {"late": False}, ("P1", "2026-03"): {"late": True},
        ("P1", "2026Q1"): {"z": 1},
    }  # fmt: skip
    assert rows_of(scheme, given_)
    assert entries(scheme, given_, "2026Q1")["P1"]["score"] == 2


def test_what_may_stand_within_is_checked(tmp_path: Path) -> None:
    line = 'type = "direct"'
    assert "没有名为“score”的事实" in said(
        tmp_path, sheet() + item("one", "times_within(score > 1)", "count", line)
    )
    light = (
        '[[light]]\nid = "l"\nname = "灯"\nentity = "county"\nmeasure = "times_within(f)"\nunit = "count"\nclause = "一"\n'
        'band = [{ level = "normal" }]\n'
    )
    assert "times_within() 只能用在考核表和措施里" in said(tmp_path, light)
    wrong = sheet('["quarter"]') + item("one", "x", "number", line) + VETO
    assert "veto[0].terms：这张表没有 year 的得分" in said(tmp_path, wrong)
    total = wrong.replace('scope = "award"', 'scope = "total"') + YEAR
    assert '只能取消评先资格（scope = "award"）' in said(tmp_path, total)
