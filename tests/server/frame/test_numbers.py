"""Numbers as pages write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guatu.server.frame.templatetags.frame import (
    ahead,
    day,
    differs,
    month,
    percent1,
    points,
    schedule,
    wan,
    wan_of_wan,
    yi,
    yi_of_wan,
)


def test_money_of_the_tables_is_shown_in_yi_and_wan() -> None:
    assert yi(11_274_000_000_000) == "1127.4"
    assert wan(16_260_000_000) == "16,260"


def test_money_of_the_json_is_shown_without_losing_a_digit() -> None:
    assert yi_of_wan(9075127.208) == "907.5"
    assert wan_of_wan(48853039) == "48,853,039"
    assert wan_of_wan(4.208) == "4.21"


def test_what_cannot_exist_is_a_dash_and_never_zero() -> None:
    assert [yi(None), wan(None), yi_of_wan(None), wan_of_wan(None), percent1(None), points(None)] == ["–"] * 6
    assert month("") == "–"
    assert day(None) == "–"


def test_points_carry_their_sign_and_a_true_minus() -> None:
    assert points(Decimal("1.8")) == "+1.8"
    assert points(-12.1) == "−12.1"
    assert points(0) == "0.0"


def test_per_cent_has_one_decimal() -> None:
    assert percent1(80.5) == "80.5%"
    assert percent1(Decimal("67.45")) == "67.5%"


def test_days_and_months_are_written_in_full() -> None:
    assert day("2023-10-13") == "2023年10月13日"
    assert month("2023-09") == "2023年9月"


ENTRY: dict[str, Any] = {
    "inputs": {"invested_ytd": 648350, "planned_year": 940686, "planned_ytd": 762126},
    "as_reported": {"value": 68.92, "rank": 11},
    "without_questioned": {"value": 68.92, "rank": 11},
}


def test_an_entity_stands_against_its_own_schedule() -> None:
    assert schedule(ENTRY) == Decimal("81.0")
    assert ahead(ENTRY) == Decimal("-12.1")
    assert schedule({"inputs": {"planned_ytd": 5, "planned_year": 0}}) is None


def test_a_place_that_changes_without_the_questioned_cells_is_marked() -> None:
    assert not differs(ENTRY)
    assert differs({**ENTRY, "without_questioned": {"value": 68.92, "rank": 12}})
