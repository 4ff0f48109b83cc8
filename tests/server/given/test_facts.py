"""Facts beside the reports: versions, rights, refusals, and what the rules know of them on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme, load_scheme
from guatu.server.accounts.actions import add_organisation, appoint
from guatu.server.accounts.models import Account, Organisation, Role
from guatu.server.accounts.rights import may_give, sees_given, supplies
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.queries import score_of, scores, workings_of
from guatu.server.given.actions import hand_in, import_facts, take_back
from guatu.server.given.models import GivenFact
from guatu.server.given.queries import given_on
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from guatu.values import Period
from tests.cast import Cast, fresh

SEPTEMBER = Term("month", 2023, 9)
DAY = date(2023, 10, 13)
"""The day of the tests."""


@pytest.fixture
def scheme() -> Scheme:
    return load_scheme("tangshan-2023")


@pytest.fixture
def statistics(cast: Cast) -> Account:
    """Someone of the organisation that the scheme names as supplier of new enterprises."""
    office = add_organisation(actor=None, name="市统计局", kind=Organisation.Kind.DEPARTMENT)
    held = appoint(
        actor=None, person="宋知秋", title="科长", organisation=office, role=Role.DEPARTMENT,
        valid_from=date(2023, 1, 1),
    )  # fmt: skip
    account = Account(username="statistics", person=held.person)
    account.set_unusable_password()
    account.save()
    return account


def enterprises(county: str = "东岭县", value: int = 3, **more: Any) -> FactRow:
    return FactRow(county, SEPTEMBER, "new_enterprises", Fraction(value), **more)


def known(scheme: Scheme, day: date = DAY) -> dict[tuple[str, str], Any]:
    return {(row.fact, row.entity): row.counts for row in given_on(day, 2023, scheme)}


def test_a_supplier_hands_in_its_own_facts(statistics: Account, scheme: Scheme) -> None:
    done = hand_in([enterprises()], actor=statistics, scheme=scheme)
    assert (done.added, done.changed) == (1, 0)
    row = GivenFact.objects.get()
    assert (row.by, row.day, row.known_from, row.version) == ("宋知秋（市统计局）", DAY, DAY, 1)
    assert known(scheme) == {("new_enterprises", "东岭县"): 3}
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor) == ("facts.given", "statistics")
    assert verify().whole


def test_what_is_handed_in_is_known_from_its_day_on(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises()], actor=cast.office, scheme=scheme)
    assert known(scheme, date(2023, 10, 12)) == {}
    assert known(scheme, DAY) != {}


def test_a_correction_is_a_new_version_with_a_reason(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises(value=3)], actor=cast.office, scheme=scheme, day=date(2023, 10, 9))
    with pytest.raises(ValidationError, match="更正“新增规模以上企业”要写明理由"):
        hand_in([enterprises(value=2)], actor=cast.office, scheme=scheme)
    done = hand_in([enterprises(value=2)], actor=cast.office, scheme=scheme, reason="重复入库")
    assert (done.added, done.changed) == (0, 1)
    first, second = GivenFact.objects.order_by("version")
    assert (first.value, second.supersedes, second.reason) == ('{"number":"3/1"}', first, "重复入库")
    assert known(scheme, date(2023, 10, 12)) == {("new_enterprises", "东岭县"): 3}
    assert known(scheme) == {("new_enterprises", "东岭县"): 2}


def test_handing_in_the_same_again_adds_nothing(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises()], actor=cast.office, scheme=scheme)
    entries = Entry.objects.count()
    assert hand_in([enterprises()], actor=cast.office, scheme=scheme).added == 0
    assert (GivenFact.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_spot_check_stands_beside_the_value_and_counts(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises(value=5, checked=Fraction(4))], actor=cast.office, scheme=scheme)
    (row,) = given_on(DAY, 2023, scheme)
    assert (row.value, row.checked, row.counts) == (5, 4, 4)


def test_what_is_taken_back_is_unknown_and_stays_readable(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises()], actor=cast.office, scheme=scheme)
    with pytest.raises(ValidationError, match="撤回的理由"):
        take_back("new_enterprises", SEPTEMBER, "东岭县", actor=cast.office, scheme=scheme, reason=" ")
    take_back("new_enterprises", SEPTEMBER, "东岭县", actor=cast.office, scheme=scheme, reason="报错了县")
    assert known(scheme) == {}
    assert GivenFact.objects.count() == 2
    with pytest.raises(ValidationError, match="没有可以撤回的数"):
        take_back("new_enterprises", SEPTEMBER, "东岭县", actor=cast.office, scheme=scheme, reason="再撤")
    hand_in([enterprises(value=1)], actor=cast.office, scheme=scheme)
    assert known(scheme) == {("new_enterprises", "东岭县"): 1}


def test_all_faults_are_said_at_once_and_nothing_is_kept(cast: Cast, scheme: Scheme) -> None:
    rows = [
        enterprises(),
        enterprises("东陵县"),
        enterprises("西原区", -1),
        FactRow("西原区", SEPTEMBER, "nosuch", Fraction(1)),
        FactRow("西原区", Term("year", 2023, 1), "new_enterprises", Fraction(1)),
        FactRow("西原区", SEPTEMBER, "inspection_mark", Fraction(80), reason="现场有序"),
    ]
    with pytest.raises(ValidationError) as refused:
        hand_in(rows, actor=cast.office, scheme=scheme)
    said = refused.value.messages
    assert len(said) == 5
    assert any("最接近的是 东岭县" in one for one in said)
    assert any("允许的范围" in one for one in said)
    assert any("方案没有要求报“nosuch”" in one for one in said)
    assert any("2023年1月" in one for one in said)
    assert any("第二人确认" in one for one in said)
    assert not GivenFact.objects.exists()


def test_another_name_of_a_county_is_written_as_the_rules_know_it(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises("西原新区")], actor=cast.office, scheme=scheme)
    assert GivenFact.objects.get().entity == "西原区"


@pytest.mark.parametrize("who", ["county", "department", "reporter", "reader", "stranger"])
def test_nobody_else_hands_in_corrects_or_takes_back(cast: Cast, scheme: Scheme, who: str) -> None:
    hand_in([enterprises()], actor=cast.office, scheme=scheme)
    actor = fresh(cast.account(who))
    with pytest.raises(ValidationError, match="由市统计局提供"):
        hand_in([enterprises(value=9)], actor=actor, scheme=scheme, reason="改大些")
    with pytest.raises(PermissionDenied):
        take_back("new_enterprises", SEPTEMBER, "东岭县", actor=actor, scheme=scheme, reason="不要了")
    assert known(scheme) == {("new_enterprises", "东岭县"): 3}


def test_who_supplies_sees_and_gives(cast: Cast, statistics: Account) -> None:
    assert supplies(statistics, "市统计局") and supplies(statistics, "市发展改革委、市统计局")
    assert not supplies(statistics, "统计") and not supplies(statistics, "")
    assert may_give(statistics, "市统计局") and not may_give(statistics, "市重点办")
    assert may_give(cast.office, "市统计局") and may_give(None, "市统计局")
    assert sees_given(cast.reader, "市统计局") and not may_give(cast.reader, "市统计局")
    assert not sees_given(cast.county, "市统计局") and not sees_given(cast.stranger, "市统计局")


def test_a_file_refuses_only_its_bad_rows(statistics: Account, scheme: Scheme) -> None:
    rows = [
        enterprises(day=date(2023, 10, 8), place="facts.csv C2"),
        enterprises("乌有县"),
        FactRow("东岭县", SEPTEMBER, "inspection_mark", Fraction(80), by="某人", reason="现场有序"),
    ]
    done = import_facts(rows, actor=statistics, scheme=scheme, digests={"facts.csv": "0" * 64})
    assert done.added == 1
    assert [line.note for line in done.laid.refused] == [
        "没有“乌有县”这个考核对象",
        "“月督导评分”由市重点办提供，您不能代报",
    ]
    row = GivenFact.objects.get()
    assert (row.known_from, row.place) == (date(2023, 10, 8), "facts.csv C2")
    assert "facts.csv" in Entry.objects.latest("sequence").after


def test_a_file_that_corrects_needs_a_reason_and_counts_from_today(cast: Cast, scheme: Scheme) -> None:
    hand_in([enterprises()], actor=cast.office, scheme=scheme, day=date(2023, 10, 9))
    with pytest.raises(ValidationError, match="更正的理由"):
        import_facts([enterprises(value=4)], actor=cast.office, scheme=scheme)
    import_facts(
        [enterprises(value=4, day=date(2023, 10, 1))],
        actor=cast.office,
        scheme=scheme,
        reason="统计局来函更正",
    )
    assert GivenFact.objects.latest("version").known_from == DAY


def test_a_judged_month_scores_by_what_was_handed_in_and_says_by_whom_and_when(
    cast: Cast, scheme: Scheme
) -> None:
    hand_in(
        [enterprises(), enterprises("西原区", 6)], actor=cast.office, scheme=scheme, day=date(2023, 10, 9)
    )
    early = judge_month(Period(2023, 9), date(2023, 10, 8), cast.office)
    judged = judge_month(Period(2023, 9), DAY, cast.office)

    def line(month: Any) -> Any:
        entry = score_of(scores(month, cast.office), "county", "东岭县")
        assert entry is not None
        return entry, next(one for one in entry["indicators"] if one["id"] == "enterprises")

    assert line(early)[1]["value"] is None
    entry, indicator = line(judged)
    assert (indicator["value"], indicator["points"]) == (3, 5)
    node = workings_of(judged, entry)
    assert node is not None
    said = " ".join(node.lines())
    assert "文若水（沧城市重点办）" in said and "2023-10-09" in said
