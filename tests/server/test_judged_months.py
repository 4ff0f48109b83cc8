"""A month is judged from what was known on a day; a later judgement supersedes the earlier, which is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from guatu.judge import judge_month as judge_directly
from guatu.reporting.report import Report as HandedIn
from guatu.schemes.load import load_scheme
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.models import JudgedMonth, ProjectStanding
from guatu.server.assessment.queries import judged_files, judged_periods, latest_judged, places, standings
from guatu.server.facts import facts_known_on
from guatu.server.portfolio.actions import Paper, change_plan
from guatu.server.record.queries import verify
from guatu.server.reporting.actions import answer_question, import_reports
from guatu.server.reporting.models import Question
from guatu.server.reporting.queries import findings_up_to
from guatu.values import Period
from tests.cast import PLANT, PORT, SCHOOL, WAN, Cast, fresh, ledger, project, report

MARCH = Period(2023, 3)
CUTOFF = date(2023, 4, 13)


@pytest.fixture
def judged(cast: Cast) -> JudgedMonth:
    """March: the port at 3,100 of 3,000 万元 planned, the plant at 600 (red), the school silent."""
    rows = [report(PORT, month, ytd) for month, ytd in ((1, 900), (2, 2_000), (3, 3_100))]
    rows += [report(PLANT, month, ytd) for month, ytd in ((1, 100), (2, 300))]
    rows.append(report(PLANT, 3, 600, handed_in=date(2023, 4, 9)))
    rows.append(report(SCHOOL, 1, 50))
    import_reports([spread(row) for row in rows], actor=cast.office, day=CUTOFF)
    return judge_month(MARCH, CUTOFF, cast.office)


def spread(row: HandedIn) -> HandedIn:
    """The month's own figure is left out: these tests are about the cumulative one."""
    return replace(row, invested_month=None)


def standing(judged: JudgedMonth, code: str) -> ProjectStanding:
    return judged.standings.get(project__code=code)


@pytest.mark.django_db
def test_each_project_stands_where_its_figures_put_it(judged: JudgedMonth) -> None:
    port, plant, school = (standing(judged, code) for code in (PORT, PLANT, SCHOOL))
    assert (port.planned_ytd, port.invested_ytd, port.gap) == (3_000 * WAN, 3_100 * WAN, -100 * WAN)
    assert (port.percent, port.reported, port.late) == (Decimal("25.8333"), True, False)
    assert (plant.invested_ytd, plant.gap, plant.percent, plant.late) == (
        600 * WAN,
        2_400 * WAN,
        Decimal("5.0000"),
        True,
    )
    assert (school.invested_ytd, school.reported, school.started) == (50 * WAN, False, True)


@pytest.mark.django_db
def test_lights_are_those_of_the_rules(judged: JudgedMonth, cast: Cast) -> None:
    scheme = load_scheme("tangshan-2023")
    facts = facts_known_on(CUTOFF, 2023)
    direct = judge_directly(
        scheme, facts.projects, facts.reports, findings_up_to(MARCH), period=MARCH, as_of=CUTOFF
    ).month
    files = judged_files(judged, cast.office)
    assert files.head == json.loads(json.dumps(direct.head))
    assert files.summary == json.loads(json.dumps(direct.summary))
    assert files.rankings == json.loads(json.dumps(direct.rankings))
    assert sorted(files.lights, key=lambda light: light["project"]) == sorted(
        json.loads(json.dumps(direct.lights)), key=lambda light: light["project"]
    )
    levels = {light["project"]: light["level"] for light in direct.lights}
    assert {row.project.code: row.level for row in judged.standings.select_related("project")} == levels
    assert standing(judged, PLANT).gravity > standing(judged, PORT).gravity


@pytest.mark.django_db
def test_a_judgement_knows_nothing_of_later_days(judged: JudgedMonth, cast: Cast) -> None:
    before = judge_month(MARCH, date(2023, 4, 8), cast.office)
    assert not standing(before, PLANT).reported, "the plant handed in on the 9th"
    assert standing(before, PLANT).invested_ytd == 300 * WAN


@pytest.mark.django_db
def test_a_changed_plan_does_not_reach_the_months_before_its_day(judged: JudgedMonth, cast: Cast) -> None:
    change_plan(
        project(PLANT),
        actor=cast.office,
        year=2023,
        amount=6_000 * WAN,
        cumulative=[500 * month * WAN for month in range(1, 13)],
        valid_from=date(2023, 5, 1),
        paper=Paper("调整通知", date(2023, 4, 20)),
        reason="征地推迟",
    )
    assert standing(judge_month(MARCH, CUTOFF, cast.office), PLANT).planned_ytd == 3_000 * WAN
    april = judge_month(Period(2023, 4), date(2023, 5, 13), cast.office)
    assert standing(april, PLANT).planned_ytd == 2_000 * WAN


@pytest.mark.django_db
def test_a_later_judgement_supersedes_and_keeps_the_earlier(judged: JudgedMonth, cast: Cast) -> None:
    kept = list(judged.standings.values_list("project", "invested_ytd"))
    import_reports([spread(report(PLANT, 3, 2_900))], actor=cast.office, day=date(2023, 4, 20))
    again = judge_month(MARCH, date(2023, 4, 20), cast.office)
    assert again.supersedes == judged
    assert latest_judged("2023-03") == again
    assert list(judged.standings.values_list("project", "invested_ytd")) == kept
    assert standing(again, PLANT).invested_ytd == 2_900 * WAN
    assert judged_periods() == ["2023-03"]
    assert verify().whole


@pytest.mark.django_db
def test_the_same_facts_give_the_same_digest(judged: JudgedMonth, cast: Cast) -> None:
    again = judge_month(MARCH, CUTOFF, cast.office)
    assert (again.facts_digest, again.scheme_digest) == (judged.facts_digest, judged.scheme_digest)


@pytest.mark.django_db
def test_a_falling_figure_is_questioned_until_it_is_answered(cast: Cast) -> None:
    rows = [report(PORT, month, ytd) for month, ytd in ((1, 900), (2, 3_000), (3, 2_000))]
    import_reports([spread(row) for row in rows], actor=cast.office, day=CUTOFF)
    first = judge_month(MARCH, CUTOFF, cast.office)
    assert standing(first, PORT).questioned
    question = Question.objects.get(finding="cumulative_falls")
    answer_question(question, actor=cast.office, status=Question.Status.CONFIRMED, answer="退货冲减，属实")
    second = judge_month(MARCH, CUTOFF, cast.office)
    assert not standing(second, PORT).questioned
    assert Question.objects.filter(finding="cumulative_falls").count() == 1


@pytest.mark.django_db
def test_places_come_in_the_order_of_the_ranking(judged: JudgedMonth) -> None:
    names = {place["ranking"] for place in places(judged)}
    assert names
    for name in names:
        ranks = [place["rank"] for place in places(judged, name) if place["rank"] is not None]
        assert ranks == sorted(ranks)
    counties = next(name for name in names if any(p["entity"] == "东岭县" for p in places(judged, name)))
    assert [place["entity"] for place in places(judged, counties)] == ["东岭县", "西原区"]


@pytest.mark.django_db
def test_people_see_the_standings_of_their_own_projects(judged: JudgedMonth, cast: Cast) -> None:
    assert [row.project.code for row in standings(judged, cast.county)] == [PORT]
    assert {light["project"] for light in judged_files(judged, cast.county).lights} == {PORT}
    assert standings(judged, cast.office).count() == len(ledger())


@pytest.mark.django_db
def test_only_the_office_judges(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        judge_month(MARCH, CUTOFF, cast.county)


@pytest.mark.django_db
def test_standings_cost_one_query_beside_the_posts(
    judged: JudgedMonth, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office = fresh(cast.office)
    with django_assert_num_queries(2):
        assert [row.project.name for row in standings(judged, office)]
