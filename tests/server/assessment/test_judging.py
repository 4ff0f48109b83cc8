"""判定 on the web: the office judges a month, sees what is newer, and never judges over somebody else unawares."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.server.assessment.judging import judge_anew, months_to_judge
from guatu.server.assessment.models import JudgedMonth
from guatu.server.reporting.actions import import_reports
from guatu.values import Period
from tests.cast import PORT, Cast, report
from tests.server.portfolio.reading import page, signed_in

MARCH = Period(2023, 3)
DAY = date(2023, 4, 13)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april(settings: object) -> None:
    """The server's day is 13 April 2023."""
    settings.GUATU_TODAY = DAY  # type: ignore[attr-defined]


@pytest.fixture
def reported(cast: Cast) -> Cast:
    import_reports([report(PORT, 3, 2_700)], actor=cast.office, day=DAY)
    return cast


def test_the_months_of_the_year_are_offered_with_how_many_reported(reported: Cast) -> None:
    months = months_to_judge(reported.office)
    assert [(str(month.period), month.reports, month.over) for month in months] == [
        ("2023-04", 0, False), ("2023-03", 1, True), ("2023-02", 0, True), ("2023-01", 0, True),
    ]  # fmt: skip


def test_a_judged_month_is_shown_to_everyone_and_says_when_something_is_newer(reported: Cast) -> None:
    client = signed_in(reported.office)
    answer = client.post("/judge/", {"period": "2023-03", "as_of": "2023-04-13", "based_on": "0"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "2023年3月" in page(client, "/")
    march = next(month for month in months_to_judge(reported.office) if month.period == MARCH)
    assert march.judged is not None and not march.newer
    import_reports([report(PORT, 3, 2_800)], actor=reported.office, day=DAY)
    assert next(month for month in months_to_judge(reported.office) if month.period == MARCH).newer
    assert "之后又有新数据" in page(client, "/judge/")


def test_who_did_not_see_the_last_judgement_does_not_judge_over_it(reported: Cast) -> None:
    first = judge_anew(actor=reported.office, period=MARCH, as_of=DAY, based_on=0)
    with pytest.raises(ValidationError, match="刚才已有人判定过2023年3月"):
        judge_anew(actor=reported.deputy, period=MARCH, as_of=DAY, based_on=0)
    second = judge_anew(actor=reported.deputy, period=MARCH, as_of=DAY, based_on=first.pk)
    assert second.supersedes == first


REFUSED = {
    "a month to come": ({"period": "2023-05", "as_of": "2023-04-13"}, "还没有到"),
    "a day before the month": ({"period": "2023-03", "as_of": "2023-02-28"}, "应在2023年3月1日到今天之间"),
    "a day to come": ({"period": "2023-03", "as_of": "2023-04-14"}, "应在2023年3月1日到今天之间"),
    "no month": ({"period": "三月", "as_of": "2023-04-13"}, "请选择月份"),
    "no day": ({"period": "2023-03", "as_of": "昨天"}, "请选择月份"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_said_and_nothing_is_judged(reported: Cast, case: str) -> None:
    asked, words = REFUSED[case]
    answer = signed_in(reported.office).post("/judge/", {"based_on": "0", **asked})
    assert answer.status_code == 400 and words in answer.content.decode()
    assert not JudgedMonth.objects.exists()


@pytest.mark.parametrize("who", ["county", "department", "reporter", "reader", "stranger"])
def test_only_the_office_judges(reported: Cast, who: str) -> None:
    client = signed_in(reported.account(who))
    assert client.get("/judge/").status_code == 403
    asked = {"period": "2023-03", "as_of": "2023-04-13", "based_on": "0"}
    assert client.post("/judge/", asked).status_code == 403
    with pytest.raises(PermissionDenied):
        judge_anew(actor=reported.account(who), period=MARCH, as_of=DAY, based_on=0)
    assert not JudgedMonth.objects.exists()
