"""The quality of what units report: counted by who answered on the day, shown to those who see the unit whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account, Organisation
from guatu.server.assessment.actions import judge_month
from guatu.server.given.models import GivenFact
from guatu.server.given.queries import given_on
from guatu.server.reporting import rounds
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.quality import quality_points, units_quality
from guatu.values import Period
from tests.cast import PORT, Cast, report
from tests.server.reporting.work import SEPTEMBER, brought_to, draft, hand_in, scheme

DAY = date(2023, 10, 13)
UNIT = "东岭县交通运输局"


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def in_time(month: int, day: date | None = None) -> None:
    """The port's report of a month, of a figure that is not the plan's, handed in on a day (the third)."""
    one = replace(report(PORT, month, 900 * month), invested_month=900_000_000)
    handed = day or Period(2023, month).plus(1).first_day.replace(day=3)
    import_reports([replace(one, handed_in=handed)], actor=None, day=DAY)


def counts(cast: Cast) -> dict[str, tuple[int, int]]:
    (found,) = [one for one in units_quality(cast.office, scheme()) if one.name == UNIT]
    return {line.part.fault: (line.count, line.of) for line in found.quality.lines}


@pytest.mark.django_db
def test_silent_late_and_last_day_are_counted_against_the_day_that_the_scheme_names(cast: Cast) -> None:
    for month in (1, 2, 3, 4):
        in_time(month)
    in_time(5, date(2023, 6, 5))
    in_time(6, date(2023, 7, 6))
    found = counts(cast)
    assert found["silent"] == (3, 9), "July, August and September"
    assert found["late"] == (1, 6)
    assert found["last_day"] == (1, 6)


@pytest.mark.django_db
def test_returned_and_corrected_reports_are_counted_once_each_whatever_came_after(cast: Cast) -> None:
    in_time(8)
    first = brought_to(cast, "returned", SEPTEMBER)
    again = draft(cast, invested_month=990_000_000, edition=0)
    hand_in(cast, again)
    assert first.state == "returned"
    assert counts(cast)["returned"] == (1, 2)
    rounds.sign([again], actor=cast.signer)
    rounds.check([again], actor=cast.county)
    rounds.accept([again], actor=cast.office)
    assert counts(cast)["corrected"] == (0, 2)
    in_time(8, date(2023, 10, 1))
    import_reports(
        [replace(report(PORT, 8, 7_300), invested_month=900_000_000, progress="更正")], actor=None, day=DAY
    )
    assert counts(cast)["corrected"] == (1, 2)


@pytest.mark.django_db
def test_a_unit_is_shown_to_those_who_see_all_its_projects(cast: Cast) -> None:
    in_time(8)
    unit = Organisation.objects.get(name=UNIT)
    for who, sees in (
        ("office", True), ("reader", True), ("county", True), ("reporter", True), ("signer", True), ("stranger", False),
    ):  # fmt: skip
        client = browser(cast.account(who))
        assert (UNIT in client.get("/reports/quality/").content.decode()) == sees, who
        assert client.get(f"/reports/quality/{unit.pk}/").status_code == (200 if sees else 404), who


@pytest.mark.django_db
def test_the_page_of_a_unit_counts_names_and_adds_up(cast: Cast) -> None:
    for month in range(1, 9):
        in_time(month)
    unit = Organisation.objects.get(name=UNIT)
    source = browser(cast.office).get(f"/reports/quality/{unit.pk}/").content.decode()
    assert "1 ÷ 9 = 11.1%，× 40 分，扣 4.44" in source
    assert "100 − 4.44 = 95.6" in source
    assert f"/reports/2023-09/{PORT}/" in source, "the silent report is named"


FACT = """
[[fact]]
id = "data_quality"
name = "数据质量得分"
entity = "unit"
unit = "number"
supplier = "本站"
clause = "三(二)"
"""


@pytest.mark.django_db
def test_a_scheme_that_names_a_fact_finds_the_points_in_it_when_the_month_is_judged(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(load_scheme(settings.GUATU_SCHEME).folder) / "scheme.toml").read_text("utf-8")
    text = text.replace("[data_quality]\n", '[data_quality]\nfact = "data_quality"\n')
    (tmp_path / "scheme.toml").write_text(text + FACT, "utf-8")
    monkeypatch.setattr(settings, "GUATU_SCHEME", str(tmp_path))
    for month in range(1, 9):
        in_time(month)
    judge_month(SEPTEMBER, DAY, cast.office)
    points = quality_points("unit", SEPTEMBER, DAY, scheme())[UNIT].points
    assert points == Decimal("95.6")
    (found,) = [row for row in given_on(DAY, 2023, scheme()) if row.entity == UNIT]
    assert (found.fact, found.value) == ("data_quality", Fraction(points))
    assert "100 − 4.44 = 95.6" in found.reason
    judge_month(SEPTEMBER, DAY, cast.office)
    assert GivenFact.objects.filter(entity=UNIT).count() == 1, "what stands already adds nothing"


@pytest.mark.django_db
def test_counties_and_lead_departments_have_their_points_as_well(cast: Cast) -> None:
    for month in range(1, 10):
        in_time(month)
    assert quality_points("county", SEPTEMBER, DAY, scheme())["东岭县"].due == 9
    assert quality_points("department", SEPTEMBER, DAY, scheme())["市交通运输局"].due == 18
