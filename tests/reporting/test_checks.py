"""Checks of reports: pure functions over rows, figures in 万元 in these tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.findings import Finding
from guatu.portfolio.project import Project, Source
from guatu.reporting.checks import check_reports, questioned_cells
from guatu.reporting.report import Report
from guatu.reporting.settings import CheckSettings
from guatu.values import Period, fen

SETTINGS = CheckSettings()


def wan(value: float | None) -> int | None:
    return None if value is None else fen(value, "万元")


def project(total: float = 100_000, planned: float = 24_000, before: float = 0) -> Project:
    split = tuple(wan(planned * month / 12) for month in range(1, 13))
    return Project(
        code="P",
        name="路",
        total=wan(total),
        planned=wan(planned),
        done_before=wan(before),
        planned_cumulative=split,
    )


def report(month: int, done: float | None, cumulative: float | None, **more: Any) -> Report:
    fields = ("invested_month", "invested_ytd", "progress", "physical", "handed_in")
    columns = dict(zip(fields, "HIJKL", strict=True))
    source = Source("月报.xlsx", f"{month}月", 5)
    return Report(
        code="P",
        period=Period(2023, month),
        name="路",
        invested_month=wan(done),
        invested_ytd=wan(cumulative),
        source=source,
        columns=columns,
        **more,
    )


def check(
    *reports: Report, of: Project | None = None, settings: CheckSettings = SETTINGS
) -> tuple[Finding, ...]:
    return check_reports(
        [of or project()], reports, settings, lambda period: period.plus(1).first_day.replace(day=5)
    )


def places(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(found.id, found.sheet, found.column) for found in findings]


def test_an_orderly_series_is_not_questioned() -> None:
    assert check(report(1, 100, 100), report(2, 250, 350), report(3, 0, 350), report(4, 900, 1250)) == ()


def test_a_cumulative_figure_that_falls_is_questioned() -> None:
    found = check(report(1, 100, 100), report(2, 250, 350), report(3, 10, 300), report(4, 20, 320))
    assert places(found) == [("cumulative_falls", "3月", "I")]
    assert found[0].expected == "不低于 350 万元"
    assert questioned_cells(found) == {("P", "2023-03")}


def test_a_new_year_starts_the_cumulative_figure_again() -> None:
    december = Report(code="P", period=Period(2022, 12), invested_month=wan(5), invested_ytd=wan(9000))
    assert check(december, report(1, 100, 100)) == ()


def test_yi_typed_for_wan_is_told_apart_from_a_fall() -> None:
    found = check(report(1, 1000, 1000), report(2, 0.25, 0.35), report(3, 500, 4000))
    assert places(found) == [("unit_yi_in_wan", "2月", "H"), ("unit_yi_in_wan", "2月", "I")]
    assert [f.expected for f in found] == ["2500 万元", "3500 万元"]
    assert questioned_cells(found) == {("P", "2023-02")}


def test_month_and_cumulative_are_judged_apart() -> None:
    assert places(check(report(1, 1000, 1000), report(2, 2500, 0.35), report(3, 500, 4000))) == [
        ("unit_yi_in_wan", "2月", "I")
    ]
    found = check(report(1, 1000, 1000), report(2, 0.25, 3500), report(3, 500, 4000))
    assert places(found) == [("unit_yi_in_wan", "2月", "H")]
    assert questioned_cells(found) == frozenset(), "only the cumulative figure is left out"


def test_yi_in_the_first_report_is_known_by_the_next_and_in_the_last_by_the_one_before() -> None:
    assert places(check(report(1, 0.1, 0.1), report(2, 900, 1900))) == [
        ("unit_yi_in_wan", "1月", "H"),
        ("unit_yi_in_wan", "1月", "I"),
    ]
    assert places(check(report(1, 1000, 1000), report(2, 900, 1900), report(3, 0.11, 0.3))) == [
        ("unit_yi_in_wan", "3月", "H"),
        ("unit_yi_in_wan", "3月", "I"),
    ]


def test_a_lone_report_is_measured_by_the_plan() -> None:
    assert places(check(report(3, 0.55, 0.55))) == [
        ("unit_yi_in_wan", "3月", "H"),
        ("unit_yi_in_wan", "3月", "I"),
    ]
    assert check(report(3, 55, 55)) == (), "small, but not by ten thousand"


def test_two_months_in_a_row_in_the_wrong_unit_are_both_found() -> None:
    found = check(report(1, 1000, 1000), report(2, 0.25, 0.35), report(3, 0.1, 0.45), report(4, 500, 5000))
    assert [(f.sheet, f.column) for f in found if f.id == "unit_yi_in_wan"] == [
        ("2月", "H"),
        ("2月", "I"),
        ("3月", "H"),
        ("3月", "I"),
    ]
    assert {f.id for f in found} == {"unit_yi_in_wan"}


def test_wan_typed_for_yi_is_found() -> None:
    big = project(total=900_000, planned=240_000)
    found = check(
        report(1, 10_000, 10_000), report(2, 250_000_000, 350_000_000), report(3, 5_000, 40_000), of=big
    )
    assert places(found) == [("unit_wan_in_yi", "2月", "H"), ("unit_wan_in_yi", "2月", "I")]
    assert questioned_cells(found) == {("P", "2023-02")}


def test_a_small_honest_start_is_no_unit_error() -> None:
    assert check(report(1, 0, 0), report(2, 30, 30), report(3, 2000, 2030)) == ()


def test_a_cumulative_figure_that_is_not_last_plus_month_is_questioned() -> None:
    found = check(report(1, 100, 100), report(2, 250, 400))
    assert places(found) == [("cumulative_not_last_plus_month", "2月", "I")]
    assert found[0].expected == "350 万元"
    assert questioned_cells(found) == frozenset()


def test_the_sum_is_not_tested_over_a_silent_month() -> None:
    assert check(report(1, 100, 100), report(3, 50, 300)) == ()
    blank = Report(code="P", period=Period(2023, 2), blank=True)
    assert check(report(1, 100, 100), blank, report(3, 50, 300)) == ()


def test_a_report_handed_in_after_the_day_is_late_and_on_the_day_is_not() -> None:
    on_the_day = report(1, 1, 1, handed_in=date(2023, 2, 5))
    late = report(2, 1, 2, handed_in=date(2023, 3, 6))
    found = check(on_the_day, late)
    assert [(f.id, f.sheet, f.column, f.found) for f in found] == [
        ("handed_in_late", "2月", "L", "2023-03-06")
    ]
    assert check_reports([project()], [late], SETTINGS, None) == ()


def test_money_ahead_of_works_is_questioned_from_the_limit_on() -> None:
    of = project(total=1000, planned=500, before=100)
    just = report(1, 300, 300, physical=Decimal(10))
    below = report(1, 300, 300, physical=Decimal("10.1"))
    assert places(check(just, of=of)) == [("money_ahead_of_physical", "1月", "K")]
    assert check(below, of=of) == ()
    assert check(just, of=of, settings=CheckSettings(money_ahead_points=Decimal(31))) == ()


def test_the_same_text_is_questioned_only_when_the_month_shows_investment() -> None:
    first = report(1, 100, 100, progress="主体 施工")
    assert places(check(first, report(2, 50, 150, progress="主体施工"))) == [("copied_text", "2月", "J")]
    assert check(first, report(2, 0, 100, progress="主体施工")) == ()


def test_more_done_than_the_total_is_questioned() -> None:
    found = check(report(1, 300, 300), of=project(total=1000, planned=200, before=800))
    assert places(found) == [("done_exceeds_total", "1月", "I")]


def test_a_finish_before_the_start_is_impossible() -> None:
    found = check(report(1, 1, 1, actual_start=date(2023, 5, 1), actual_finish=date(2023, 4, 1)))
    assert [f.id for f in found] == ["date_impossible"]


@given(st.lists(st.integers(min_value=200, max_value=4000), min_size=2, max_size=9))
def test_no_orderly_series_is_ever_questioned(months: list[int]) -> None:
    cumulative, reports = 0, []
    for month, done in enumerate(months, 1):
        cumulative += done
        reports.append(report(month, done, cumulative))
    assert check(*reports) == ()


@pytest.mark.parametrize("both", [True, False])
@given(st.lists(st.integers(min_value=1000, max_value=3000), min_size=4, max_size=9), st.data())
def test_one_month_in_yi_is_always_found_and_alone(
    both: bool, months: list[int], data: st.DataObject
) -> None:
    wrong = data.draw(st.integers(min_value=1, max_value=len(months)))
    cumulative, reports = 0, []
    for month, done in enumerate(months, 1):
        cumulative += done
        shown = cumulative / 10_000 if month == wrong else cumulative
        reports.append(report(month, done / 10_000 if month == wrong and both else done, shown))
    found = check(*reports)
    assert {f.id for f in found} == {"unit_yi_in_wan"}
    assert {(f.sheet, f.column) for f in found} == {
        (f"{wrong}月", letter) for letter in ("HI" if both else "I")
    }
