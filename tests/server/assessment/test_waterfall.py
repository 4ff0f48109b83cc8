"""为什么升降: the steps from one score to the next add up, whatever the lines, events and limits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guatu.server.assessment.waterfall import axis, bars, waterfall

Json = dict[str, Any]


def line(name: str, points: float | None, full: float, reason: str = "") -> Json:
    return {"id": name, "name": f"{name}项", "points": points, "full": full, "reason": reason}


def entry(score: float | None, *lines: Json, events: tuple[Json, ...] = ()) -> Json:
    return {"score": score, "indicators": list(lines), "events": list(events)}


def test_each_change_is_the_points_now_less_the_points_then() -> None:
    before = entry(70, line("a", 40, 50), line("b", 30, 50))
    after = entry(72.5, line("a", 37.5, 50), line("b", 35, 50))
    way = [(drop.kind, drop.id, drop.points, drop.level) for drop in waterfall(before, after)]
    assert way == [
        ("score", "", Decimal("70.00"), Decimal("70.00")),
        ("change", "a", Decimal("-2.50"), Decimal("67.50")),
        ("change", "b", Decimal("5.00"), Decimal("72.50")),
        ("score", "", Decimal("72.50"), Decimal("72.50")),
    ]


def test_a_line_that_was_left_out_counts_with_the_points_the_others_were_put_back_to() -> None:
    before = entry(72.22, line("a", 20, 40), line("b", 45, 50), line("c", 0, 10, "缺数，不计入"))
    after = entry(70, line("a", 20, 40), line("b", 45, 50), line("c", 5, 10))
    changes = {drop.id: (drop.before, drop.after) for drop in waterfall(before, after)[1:-1]}
    assert changes["a"] == (Decimal("22.22"), Decimal("20.00"))
    assert changes["b"] == (Decimal("50.00"), Decimal("45.00"))
    assert changes["c"] == (Decimal("0.00"), Decimal("5.00"))


def test_a_line_that_says_a_reason_but_counts_as_nothing_puts_nothing_back() -> None:
    before = entry(65, line("a", 20, 40), line("b", 45, 50), line("c", 0, 10, "缺数，按 0 分计"))
    after = entry(65, line("a", 20, 40), line("b", 45, 50), line("c", 0, 10, "缺数，按 0 分计"))
    assert [drop.points for drop in waterfall(before, after)[1:-1]] == [0, 0, 0]


def test_lines_below_a_line_do_not_count_twice() -> None:
    before = entry(10, line("a", 10, 50), line("a.b", 10, 50))
    after = entry(20, line("a", 20, 50), line("a.b", 20, 50))
    assert [drop.id for drop in waterfall(before, after)] == ["", "a", ""]


def test_events_limits_and_vetoes_have_a_step_of_their_own() -> None:
    event = {"id": "prize", "name": "获奖", "points": 3}
    before = entry(98, line("a", 98, 100))
    after = entry(100, line("a", 99, 100), events=(event,))
    steps = {drop.name: drop.points for drop in waterfall(before, after)[1:-1]}
    assert steps == {"a项": Decimal("1.00"), "获奖": Decimal("3.00"), "取整、上下限和否决": Decimal("-2.00")}


def test_a_score_made_of_shorter_terms_rises_by_its_parts() -> None:
    def rolled(score: float, month: float, quarter: float) -> Json:
        parts = [
            {"kind": "month", "weight": 0.1, "score": month},
            {"kind": "quarter", "weight": 0.9, "score": quarter},
        ]
        return {**entry(score, line("a", 99, 100)), "parts": parts}

    way = waterfall(rolled(80, 80, 80), rolled(82.5, 60, 85))
    assert [(drop.name, drop.points) for drop in way[1:-1]] == [
        ("月得分", Decimal("-2.00")),
        ("季得分", Decimal("4.50")),
    ]


def test_without_both_scores_there_is_no_way() -> None:
    scored = entry(50, line("a", 50, 100))
    assert waterfall(entry(None, line("a", None, 100, "缺数")), scored) == []
    assert waterfall(scored, entry(None, line("a", None, 100, "缺数"))) == []


points = st.decimals(min_value=-20, max_value=100, places=4).map(float)
lines = st.lists(st.tuples(st.sampled_from("abcdef"), points), unique_by=lambda pair: pair[0], max_size=6)


@given(lines, lines, points, points)
def test_the_steps_always_add_up_to_the_difference(
    then: list[tuple[str, float]], now: list[tuple[str, float]], old: float, new: float
) -> None:
    way = waterfall(
        entry(old, *(line(name, value, 100) for name, value in then)),
        entry(new, *(line(name, value, 100) for name, value in now)),
    )
    changes = way[1:-1]
    assert way[0].points + sum((drop.points for drop in changes), Decimal(0)) == way[-1].points
    level = way[0].level
    for drop in changes:
        level += drop.points
        assert drop.level == level
    low, high = axis(way)
    assert all(low <= drop.level <= high for drop in way)


def test_a_drawing_runs_from_level_to_level_and_carries_no_style() -> None:
    before = entry(70, line("a", 40, 50), line("b", 30, 50))
    after = entry(72.5, line("a", 37.5, 50), line("b", 35, 50))
    drawn = bars(waterfall(before, after))
    assert [re.findall(r"fall-(\w+)", one)[0] for one in drawn] == ["score", "down", "up", "score"]
    boxes = [re.search(r'<rect x="([\d.]+)" y="7" width="([\d.]+)"', one) for one in drawn]
    found = [(float(box[1]), float(box[2])) for box in boxes if box]
    start, down, up, end = found
    assert down[0] + down[1] == start[1] and down[0] == up[0]
    assert abs(up[0] + up[1] - end[1]) < 0.02
    assert not any("style" in one for one in drawn)
