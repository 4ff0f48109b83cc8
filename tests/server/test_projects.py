"""A ledger in: once, in versions, each fact with its cell and document; a plan changes only from its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from guatu.portfolio.project import Stage
from guatu.server.accounts.models import Organisation, Person
from guatu.server.facts import facts_known_on
from guatu.server.portfolio.actions import Paper, change_plan, import_projects
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact, Responsibility
from guatu.server.portfolio.queries import fact_versions, plans_on, responsibilities_on
from guatu.server.record.models import Entry
from guatu.server.record.queries import entries_of, verify
from tests.cast import LEDGER, LEDGER_DAY, PLANT, PORT, SCHOOL, WAN, Cast, ledger, ledger_project, project

ADJUSTED = Paper("关于调整部分项目年度计划的通知", date(2023, 6, 28), "沧重办〔2023〕9号")
LOWER = tuple(min(month * 1_000, 9_000) * WAN for month in range(1, 13))


@pytest.mark.django_db
def test_what_was_imported_comes_back_as_it_was(cast: Cast) -> None:
    assert list(facts_known_on(LEDGER_DAY, 2023).projects) == ledger()


@pytest.mark.django_db
def test_importing_the_same_ledger_again_adds_nothing(cast: Cast) -> None:
    before = (ProjectFact.objects.count(), AnnualPlan.objects.count(), Entry.objects.count())
    again = import_projects(ledger(), actor=cast.office, paper=LEDGER, day=LEDGER_DAY)
    assert (again.projects, again.facts, again.plans, again.entry) == (0, 0, 0, None)
    assert (ProjectFact.objects.count(), AnnualPlan.objects.count(), Entry.objects.count()) == before


@pytest.mark.django_db
def test_a_changed_cell_adds_one_version_and_keeps_the_old_one(cast: Cast) -> None:
    changed = [replace(ledger()[0], total=60_000 * WAN, stage=Stage.COMPLETED)]
    later = import_projects(changed, actor=cast.office, paper=ADJUSTED, day=date(2023, 7, 1))
    assert (later.projects, later.facts, later.plans) == (0, 2, 0)
    versions = fact_versions(project(PORT)).filter(field="total")
    assert [(v.value, v.document.number, v.valid_from) for v in versions] == [
        (str(60_000 * WAN), "沧重办〔2023〕9号", date(2023, 7, 1)),
        (str(50_000 * WAN), "沧重办〔2023〕1号", LEDGER_DAY),
    ]
    assert (versions[0].sheet, versions[0].row, versions[0].entered_by) == ("在建", 5, "office")
    assert versions[0].entry == later.entry
    known = {day: facts_known_on(day, 2023).projects[0].total for day in (LEDGER_DAY, date(2023, 6, 30))}
    assert set(known.values()) == {50_000 * WAN}
    assert facts_known_on(date(2023, 7, 1), 2023).projects[0].total == 60_000 * WAN
    assert (project(PORT).total, project(PORT).stage) == (60_000 * WAN, "completed")


@pytest.mark.django_db
def test_a_cell_that_the_ledger_no_longer_states_is_no_longer_known(cast: Cast) -> None:
    import_projects(
        [replace(ledger()[0], note=None, phone=None)], actor=cast.office, paper=ADJUSTED, day=date(2023, 7, 1)
    )
    assert facts_known_on(date(2023, 6, 30), 2023).projects[0].phone == "13800000001"
    assert facts_known_on(date(2023, 7, 1), 2023).projects[0].phone is None


@pytest.mark.django_db
def test_nothing_is_known_before_the_day_of_the_ledger(cast: Cast) -> None:
    assert facts_known_on(date(2023, 1, 17), 2023).projects == ()


@pytest.mark.django_db
def test_a_changed_plan_applies_from_its_day_and_the_old_plan_stays(cast: Cast) -> None:
    change_plan(
        project(PORT),
        actor=cast.office,
        year=2023,
        amount=9_000 * WAN,
        cumulative=LOWER,
        valid_from=date(2023, 7, 1),
        paper=ADJUSTED,
        reason="征地推迟",
    )
    port = project(PORT).pk
    assert plans_on(date(2023, 6, 30), 2023)[port].amount == 12_000 * WAN
    assert plans_on(date(2023, 7, 1), 2023)[port].amount == 9_000 * WAN
    assert facts_known_on(date(2023, 6, 30), 2023).projects[0].planned_cumulative[11] == 12_000 * WAN
    assert facts_known_on(date(2023, 7, 1), 2023).projects[0].planned_cumulative == LOWER
    assert project(PORT).planned == 9_000 * WAN
    assert AnnualPlan.objects.filter(project=port).count() == 2
    entry = entries_of("project", PORT)[0]
    assert (entry.action, entry.reason) == ("plan.changed", "征地推迟")
    assert "1200000" in entry.before and "900000" in entry.after


@pytest.mark.django_db
def test_a_plan_of_a_day_to_come_is_not_listed_before_that_day(cast: Cast) -> None:
    change_plan(
        project(PORT),
        actor=cast.office,
        year=2023,
        amount=9_000 * WAN,
        cumulative=LOWER,
        valid_from=date(2023, 11, 1),
        paper=ADJUSTED,
        reason="征地推迟",
    )
    assert project(PORT).planned == 12_000 * WAN
    assert bring_up_to_date(date(2023, 10, 31)) == 0
    assert bring_up_to_date(date(2023, 11, 1)) == 1
    assert project(PORT).planned == 9_000 * WAN


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "cumulative", "message"),
    [
        (-1, (), "负数"),
        (9_000 * WAN, LOWER[:11], "12个数"),
        (9_000 * WAN, (2, 1, *LOWER[2:]), "逐月不减"),
        (9_000 * WAN, (-1, *LOWER[1:]), "负数"),
        (9_001 * WAN, LOWER, "等于年度计划"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(
    cast: Cast, amount: int, cumulative: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        change_plan(
            project(PORT),
            actor=cast.office,
            year=2023,
            amount=amount,
            cumulative=cumulative,
            valid_from=date(2023, 7, 1),
            paper=ADJUSTED,
            reason="试一试",
        )


@pytest.mark.django_db
def test_only_the_office_takes_over_a_ledger(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        import_projects(ledger(), actor=cast.county, paper=LEDGER, day=LEDGER_DAY)


@pytest.mark.django_db
def test_one_code_twice_is_refused_whole(cast: Cast) -> None:
    twice = [ledger_project("NEW-1", "甲项目", "东岭县", 9), ledger_project("NEW-1", "乙项目", "东岭县", 10)]
    with pytest.raises(ValidationError, match="NEW-1"):
        import_projects(twice, actor=cast.office, paper=LEDGER, day=LEDGER_DAY)
    assert not Project.objects.filter(code="NEW-1").exists()


@pytest.mark.django_db
def test_the_row_for_listing_holds_region_department_and_initials(cast: Cast) -> None:
    port = project(PORT)
    assert port.region is not None and port.region.name == "东岭县"
    assert port.lead_department is not None and port.lead_department.name == "市交通运输局"
    assert port.pinyin == "ccgkjxm"
    assert (port.planned, port.planned_start, port.position) == (12_000 * WAN, "2022-05", 1)


@pytest.mark.django_db
def test_an_alias_of_a_county_leads_to_the_same_region(cast: Cast) -> None:
    import_projects(
        [ledger_project("NEW-2", "乙项目", "西原新区", 9)], actor=cast.office, paper=LEDGER, day=LEDGER_DAY
    )
    assert project("NEW-2").region == project(SCHOOL).region


@pytest.mark.django_db
def test_everyone_the_ledger_names_answers_from_its_day(cast: Cast) -> None:
    found = responsibilities_on(project(PORT), LEDGER_DAY)
    assert {(row.duty, row.stated) for row in found} == {
        ("city_leader", "沈知远（副市长）"),
        ("county_leader", "顾长风（副县长）"),
        ("lead_department", "市交通运输局"),
        ("responsible_unit", "东岭县交通运输局"),
        ("company", "沧城港务有限公司"),
    }
    assert Organisation.objects.get(name="市交通运输局").kind == Organisation.Kind.DEPARTMENT
    assert set(Person.objects.filter(name="顾长风").values_list("distinction", flat=True)) == {
        "东岭县",
        "西原区",
    }, "leaders of one name in two counties are two people"


@pytest.mark.django_db
def test_a_new_leader_begins_when_the_old_one_ends(cast: Cast) -> None:
    import_projects(
        [replace(ledger()[0], city_leader="秦望舒（市委常委）")],
        actor=cast.office,
        paper=ADJUSTED,
        day=date(2023, 7, 1),
    )
    history = Responsibility.objects.filter(project__code=PORT, duty="city_leader").order_by("valid_from")
    assert [(row.stated, row.valid_from, row.valid_to) for row in history] == [
        ("沈知远（副市长）", LEDGER_DAY, date(2023, 6, 30)),
        ("秦望舒（市委常委）", date(2023, 7, 1), None),
    ]
    assert Responsibility.objects.filter(project__code=PLANT).count() == 5, "other projects keep theirs"


@pytest.mark.django_db
def test_the_record_names_the_import_but_no_telephone(cast: Cast) -> None:
    entry = Entry.objects.get(action="ledger.imported")
    assert "沧重办〔2023〕1号" in entry.after
    assert not Entry.objects.filter(after__contains="13800000001").exists()
    assert verify().whole


@pytest.mark.django_db
def test_facts_take_the_same_few_queries_for_any_number_of_projects(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [ledger_project(f"N-{number}", f"第{number}号项目", "东岭县", number) for number in range(300)]
    import_projects(many, actor=cast.office, paper=LEDGER, day=LEDGER_DAY)
    with django_assert_num_queries(5):
        assert len(facts_known_on(date(2023, 10, 13), 2023).projects) == 303
