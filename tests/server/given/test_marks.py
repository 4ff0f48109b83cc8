"""Marks: one person gives them with a reason, another confirms them; only then do they count."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.schemes.load import Scheme, load_scheme
from guatu.server.dashboards.todo import todo
from guatu.server.dashboards.todo_given import asked_beside
from guatu.server.given.actions import keep_marks
from guatu.server.given.models import GivenFact
from guatu.server.given.queries import given_on
from guatu.server.proposals.actions import decide, propose_marks
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import visible_marks, visible_proposals, waiting_marks
from guatu.server.record.queries import verify
from tests.cast import Cast
from tests.server.given.test_facts import DAY, SEPTEMBER


@pytest.fixture
def scheme() -> Scheme:
    return load_scheme("tangshan-2023")


def mark(points: int = 85, reason: str = "现场有序", county: str = "东岭县") -> FactRow:
    return FactRow(county, SEPTEMBER, "inspection_mark", Fraction(points), reason=reason)


def given(cast: Cast, scheme: Scheme, row: FactRow | None = None) -> Proposal:
    (proposal,) = propose_marks([row or mark()], actor=cast.office, scheme=scheme)
    return proposal


@pytest.mark.django_db
def test_a_mark_counts_once_another_person_has_confirmed_it(cast: Cast, scheme: Scheme) -> None:
    proposal = given(cast, scheme)
    assert given_on(DAY, 2023, scheme) == ()
    decide(proposal, actor=cast.deputy, accept=True, reason="与现场照片一致")
    (row,) = given_on(DAY, 2023, scheme)
    assert (row.value, row.by, row.second) == (85, "文若水（沧城市重点办）", "柏青（沧城市重点办）")
    assert (row.reason, row.day) == ("现场有序", DAY)
    assert list(waiting_marks()) == []
    assert verify().whole


@pytest.mark.django_db
def test_who_gave_a_mark_does_not_confirm_it(cast: Cast, scheme: Scheme) -> None:
    with pytest.raises(PermissionDenied, match="另一人"):
        decide(given(cast, scheme), actor=cast.office, accept=True, reason="自己确认")
    assert not GivenFact.objects.exists()


@pytest.mark.django_db
def test_a_mark_that_was_not_confirmed_never_counts(cast: Cast, scheme: Scheme) -> None:
    decide(given(cast, scheme), actor=cast.deputy, accept=False, reason="照片是上月的")
    assert given_on(DAY, 2023, scheme) == ()
    decide(given(cast, scheme), actor=cast.deputy, accept=True, reason="补了照片")
    assert len(given_on(DAY, 2023, scheme)) == 1


@pytest.mark.django_db
def test_a_mark_outside_its_range_or_without_a_reason_is_refused(cast: Cast, scheme: Scheme) -> None:
    with pytest.raises(ValidationError) as refused:
        propose_marks(
            [mark(101), mark(80, " ", "西原区"), mark(80, "好", "乌有县")], actor=cast.office, scheme=scheme
        )
    assert refused.value.messages == [
        "东岭县：“月督导评分”要在允许的范围内：0分 到 100分",
        "西原区：“月督导评分”要写明理由",
        "乌有县：没有“乌有县”这个考核对象",
    ]
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_second_mark_is_not_put_while_the_first_one_waits(cast: Cast, scheme: Scheme) -> None:
    given(cast, scheme)
    with pytest.raises(ValidationError, match="已有一个打分等待确认"):
        given(cast, scheme, mark(60))


@pytest.mark.django_db
def test_a_mark_is_corrected_by_a_new_one_and_the_old_one_stays(cast: Cast, scheme: Scheme) -> None:
    decide(given(cast, scheme), actor=cast.deputy, accept=True, reason="一致")
    decide(given(cast, scheme, mark(70, "复查发现停工")), actor=cast.deputy, accept=True, reason="属实")
    assert [row.version for row in GivenFact.objects.order_by("version")] == [1, 2]
    (row,) = given_on(DAY, 2023, scheme)
    assert (row.value, row.reason) == (70, "复查发现停工")


@pytest.mark.django_db
def test_others_neither_give_nor_see_nor_confirm_marks(cast: Cast, scheme: Scheme) -> None:
    proposal = given(cast, scheme)
    for who in ("county", "department", "reporter"):
        actor = cast.account(who)
        with pytest.raises(ValidationError, match="您不能代报"):
            propose_marks([mark(county="西原区")], actor=actor, scheme=scheme)
        with pytest.raises(Http404):
            decide(proposal, actor=actor, accept=True, reason="同意")
        assert visible_marks(actor) == []
    assert visible_marks(cast.reader) == [proposal]
    with pytest.raises(PermissionDenied):
        decide(proposal, actor=cast.reader, accept=True, reason="同意")
    assert list(visible_proposals(cast.office)) == []


@pytest.mark.django_db
def test_marks_with_both_persons_on_paper_are_kept_and_others_are_not(cast: Cast, scheme: Scheme) -> None:
    row = FactRow(
        "东岭县", Term("month", 2023, 8), "inspection_mark", Fraction(80), by="甲", second="乙", reason="好"
    )
    with pytest.raises(ValidationError, match="两个人"):
        keep_marks(
            [FactRow(**{**{n: getattr(row, n) for n in row.__slots__}, "second": "甲"})],
            actor=None,
            scheme=scheme,
        )
    assert keep_marks([row], actor=None, scheme=scheme).added == 1


@pytest.mark.django_db
def test_a_mark_is_on_the_list_of_who_may_confirm_it_and_not_of_who_gave_it(
    cast: Cast, scheme: Scheme
) -> None:
    proposal = given(cast, scheme)
    (asked,) = asked_beside(cast.deputy, scheme)
    assert (asked.title, asked.about) == ("打分待确认", (str(proposal.pk),))
    assert "打分待确认" in [one.title for one in todo(None, cast.deputy)]
    for account in (cast.office, cast.county, cast.reader, cast.stranger):
        assert asked_beside(account, scheme) == []
    decide(proposal, actor=cast.deputy, accept=True, reason="与现场照片一致")
    assert asked_beside(cast.deputy, scheme) == []
