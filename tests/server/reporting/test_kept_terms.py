"""Late and missing weekly reports and events count as facts of the month, as they were known on the day that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from guatu.assessment.given import FactRow
from guatu.judge.inputs import Inputs
from guatu.schemes.load import Scheme, find_scheme, load_scheme
from guatu.server.clock import CHINA, on_day
from guatu.server.facts import facts_known_on
from guatu.server.given.queries import given_on
from guatu.server.reporting import rounds
from guatu.values import Period
from tests.cast import PORT, SCHOOL, Cast
from tests.server.reporting.test_kinds import accident, week
from tests.server.reporting.work import hand_in

COUNTED = """
[[fact]]
id = "weekly_missing"
name = "周报未报期数"
entity = "project"
unit = "count"
of_report = "weekly"
counts = "missing"
clause = "三(二)"

[[fact]]
id = "weekly_late"
name = "周报迟报次数"
entity = "project"
unit = "count"
of_report = "weekly"
counts = "late"
clause = "三(二)"

[[fact]]
id = "told_late"
name = "即时报迟报次数"
entity = "project"
unit = "count"
of_report = "major_matter"
counts = "late"
clause = "三(二)"

[[light]]
id = "weekly"
name = "周报"
entity = "project"
clause = "三(二)"
measure = "weekly_missing"
unit = "count"
decimals = 0
band = [{ level = "normal", to = 1 }, { level = "yellow", from = 1 }]
"""
DAY = date(2023, 10, 31)


@pytest.fixture
def counting(tmp_path: Path) -> Scheme:
    """The scheme of the tests, which counts what was late and missing."""
    folder = find_scheme("tangshan-2023")
    (tmp_path / "scheme.toml").write_text(
        (folder / "scheme.toml").read_text("utf-8") + COUNTED, encoding="utf-8"
    )
    return load_scheme(tmp_path)


@pytest.fixture(autouse=True)
def last_day() -> Iterator[None]:
    with override_settings(GUATU_TODAY=DAY):
        yield


def october(rows: tuple[FactRow, ...]) -> dict[tuple[str, str], int]:
    found = {(row.entity, row.fact): row.value for row in rows if str(row.term) == "2023-10"}
    return {key: int(value) for key, value in found.items()}


@pytest.mark.django_db
def test_weeks_that_were_due_are_missing_or_late_from_the_day_after(cast: Cast, counting: Scheme) -> None:
    with on_day(date(2023, 10, 16)):
        rounds.sign([hand_in(cast, week(cast, "2023-10-09"))], actor=cast.signer)
    with on_day(date(2023, 10, 20)):
        rounds.sign([hand_in(cast, week(cast, "2023-10-16"))], actor=cast.signer)
    known = october(given_on(DAY, 2023, counting))
    assert (known[PORT, "weekly_missing"], known[PORT, "weekly_late"]) == (1, 1), (
        "the week of 23 October is missing"
    )
    assert (known[SCHOOL, "weekly_missing"], known[SCHOOL, "weekly_late"]) == (3, 0)
    earlier = october(given_on(date(2023, 10, 15), 2023, counting))
    assert earlier[PORT, "weekly_missing"] == 1, "what came on the 16th was not known on the 15th"


@pytest.mark.django_db
def test_what_was_returned_counts_on_the_days_before_and_the_first_day_counts_after(
    cast: Cast, counting: Scheme
) -> None:
    with on_day(date(2023, 10, 13)):
        first = hand_in(cast, week(cast, "2023-10-09"))
        rounds.sign([first], actor=cast.signer)
    with on_day(date(2023, 10, 17)):
        rounds.send_back(first, actor=cast.county, opinion="比例不对")
    with on_day(date(2023, 10, 19)):
        rounds.sign([hand_in(cast, week(cast, "2023-10-09"))], actor=cast.signer)
    missing = {
        day: october(given_on(date(2023, 10, day), 2023, counting))[PORT, "weekly_missing"]
        for day in (16, 18, 19)
    }
    assert missing == {16: 0, 18: 1, 19: 0}
    assert october(given_on(date(2023, 10, 19), 2023, counting))[PORT, "weekly_late"] == 0


@pytest.mark.django_db
def test_an_event_that_was_told_after_its_limit_counts_in_the_month_in_which_it_happened(
    cast: Cast, counting: Scheme
) -> None:
    accident(cast, datetime(2023, 10, 31, 0, 0, tzinfo=CHINA))
    accident(cast, datetime(2023, 10, 28, 8, 0, tzinfo=CHINA))
    assert october(given_on(DAY, 2023, counting))[PORT, "told_late"] == 1
    assert (SCHOOL, "told_late") not in october(given_on(DAY, 2023, counting)), "nothing happened there"


@pytest.mark.django_db
def test_a_light_over_missing_weeks_is_judged_as_from_a_file_of_facts(cast: Cast, counting: Scheme) -> None:
    facts = facts_known_on(DAY, 2023)
    given = given_on(DAY, 2023, counting)
    judged = Inputs(
        period=Period(2023, 10), projects=facts.projects, reports=facts.reports, as_of=DAY, facts=given
    ).judge(counting)
    lights = {row["project"]: row["level"] for row in judged.month.lights if row["light"] == "weekly"}
    assert lights[PORT] == "yellow"
    again = Inputs.from_json(judged_inputs(facts.projects, given).as_json()).judge(counting)
    assert [row for row in again.month.lights if row["light"] == "weekly"] == [
        row for row in judged.month.lights if row["light"] == "weekly"
    ]


def judged_inputs(projects: tuple[object, ...], given: tuple[FactRow, ...]) -> Inputs:
    return Inputs(period=Period(2023, 10), projects=projects, as_of=DAY, facts=given)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_scheme_that_counts_nothing_costs_nothing(cast: Cast) -> None:
    assert given_on(DAY, 2023, load_scheme("tangshan-2023")) == ()
