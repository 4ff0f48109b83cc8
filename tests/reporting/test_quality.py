"""The quality of a unit's reports: every point lost is a share of reports that anyone can count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.quality import Handled, fault_names, quality_of
from guatu.reporting.quality_rule import DataQuality, Fault, QualityGrade, QualityPart
from guatu.values import Period

DUE = date(2023, 10, 5)
GRADES = (
    QualityGrade(id="good", name="优", low=Decimal(90)),
    QualityGrade(id="fair", name="良", low=Decimal(75)),
    QualityGrade(id="poor", name="差", low=Decimal(0)),
)


def rule(*parts: tuple[Fault, float] | tuple[Fault, float, float], **more: Any) -> DataQuality:
    made = [
        QualityPart(
            fault=part[0], less=Decimal(str(part[1])), free=Decimal(str(part[2] if len(part) > 2 else 0))
        )
        for part in parts
    ]
    return DataQuality(part=tuple(made), grade=GRADES, **more)


def handled(**more: Any) -> Handled:
    return Handled("P", "路", Period(2023, 9), DUE, **({"handed_in": date(2023, 10, 3)} | more))


GOOD = handled()


def test_reports_without_a_fault_have_all_points_and_the_best_grade() -> None:
    found = quality_of([GOOD] * 4, rule(("silent", 40), ("late", 30)))
    assert (found.points, found.grade and found.grade.name, found.words) == (
        Decimal("100.0"),
        "优",
        "100 = 100.0",
    )


def test_a_fault_costs_its_points_times_its_share_and_the_workings_say_so() -> None:
    late = handled(handed_in=date(2023, 10, 6))
    silent = handled(came=False, handed_in=None)
    found = quality_of([GOOD, GOOD, late, silent], rule(("silent", 40), ("late", 30)))
    assert [(line.count, line.of) for line in found.lines] == [(1, 4), (1, 3)]
    assert [line.words for line in found.lines] == [
        "1 ÷ 4 = 25.0%，× 40 分，扣 10.00",
        "1 ÷ 3 = 33.3%，× 30 分，扣 10.00",
    ]
    assert (found.points, found.words) == (Decimal("80.0"), "100 − 10.00 − 10.00 = 80.0")
    assert found.grade is not None and found.grade.name == "良"


def test_a_share_up_to_what_is_free_costs_nothing_and_beyond_it_the_rest_is_stretched() -> None:
    last = handled(handed_in=DUE)
    eased = rule(("last_day", 10, 80))
    assert quality_of([last] * 4 + [GOOD], eased).points == Decimal("100.0")
    assert quality_of([last] * 9 + [GOOD], eased).points == Decimal("95.0")
    assert quality_of([last] * 5, eased).points == Decimal("90.0")


@pytest.mark.parametrize(
    ("fault", "one"),
    [
        ("silent", handled(came=False, handed_in=None)),
        ("late", handled(handed_in=date(2023, 10, 6))),
        ("returned", handled(returned=2)),
        ("corrected", handled(corrected=True)),
        ("unanswered", handled(unanswered=("cumulative_falls",))),
        ("explained", handled(explained=("cumulative_falls",))),
        ("reused", handled(explained=("photo_reused",))),
        ("last_day", handled(handed_in=DUE)),
    ],
)
def test_each_fault_is_counted_by_itself(fault: Fault, one: Handled) -> None:
    for other in get_args(Fault):
        assert one.has(other) == (other == fault), other
        assert not GOOD.has(other)


def test_a_report_without_a_day_is_neither_late_nor_of_the_last_day() -> None:
    assert not any(handled(handed_in=None).has(fault) for fault in get_args(Fault))


def test_every_fault_has_its_name() -> None:
    assert set(fault_names()) == set(get_args(Fault))


def test_too_few_reports_give_no_grade_rather_than_a_bad_one() -> None:
    found = quality_of([handled(came=False, handed_in=None)] * 2, rule(("silent", 40)))
    assert (found.points, found.grade, found.words) == (None, None, "应报 2 份，太少，不评")


traces = st.lists(
    st.builds(
        handled,
        came=st.booleans(),
        handed_in=st.none() | st.dates(date(2023, 9, 25), date(2023, 10, 15)),
        returned=st.integers(0, 3),
        corrected=st.booleans(),
        unanswered=st.lists(st.sampled_from(["copied_text", "cumulative_falls"]), max_size=2).map(tuple),
    ),
    min_size=3,
    max_size=30,
)
ALL = rule(*((fault, 30) for fault in get_args(Fault)))


@given(traces)
def test_points_lie_between_nothing_and_all_and_do_not_depend_on_the_order(reports: list[Handled]) -> None:
    found = quality_of(reports, ALL)
    assert found.points is not None and 0 <= found.points <= 100
    assert quality_of(reversed(reports), ALL).points == found.points


@given(traces)
def test_one_more_clean_report_never_costs_a_point(reports: list[Handled]) -> None:
    before, after = quality_of(reports, ALL), quality_of([*reports, GOOD], ALL)
    assert before.points is not None and after.points is not None
    assert after.points >= before.points
