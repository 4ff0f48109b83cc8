"""A report on its way: every state, every step, every person; what is refused, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404

from guatu.server.facts import facts_known_on
from guatu.server.record.models import Entry
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.models import Report, Round
from guatu.server.reporting.queries import counts_on, reports_as_known_on
from guatu.values import Period
from tests.cast import PORT, SCHOOL, WAN, Cast, project, report
from tests.server.reporting.work import SEPTEMBER, brought_to, draft, hand_in, scheme

DAY = date(2023, 10, 13)
STATES = ("draft", "submitted", "signed", "checked", "accepted", "returned")
Act = Callable[[Cast, Report, str], object]
STEPS: dict[str, Act] = {
    "hand in": lambda cast, found, who: filling.hand_in(
        found, actor=cast.account(who), edition=found.edition, scheme=scheme()
    ),
    "withdraw": lambda cast, found, who: filling.withdraw(found, actor=cast.account(who)),
    "sign": lambda cast, found, who: rounds.sign([found], actor=cast.account(who)),
    "check": lambda cast, found, who: rounds.check([found], actor=cast.account(who)),
    "accept": lambda cast, found, who: rounds.accept([found], actor=cast.account(who)),
    "return": lambda cast, found, who: rounds.send_back(found, actor=cast.account(who), opinion="请补充"),
    "correct": lambda cast, found, who: filling.begin_correction(
        found, actor=cast.account(who), reason="漏报一笔", form=scheme().form
    ),
}
BECOMES: dict[tuple[str, str, str], str] = {
    ("draft", "hand in", "reporter"): "submitted",
    ("submitted", "withdraw", "reporter"): "draft",
    ("submitted", "sign", "signer"): "signed",
    ("submitted", "return", "signer"): "returned",
    ("signed", "check", "county"): "checked",
    ("signed", "check", "department"): "checked",
    ("signed", "check", "office"): "checked",
    ("signed", "return", "county"): "returned",
    ("signed", "return", "department"): "returned",
    ("signed", "return", "office"): "returned",
    ("checked", "accept", "office"): "accepted",
    ("checked", "return", "office"): "returned",
    ("accepted", "correct", "reporter"): "accepted",
}
"""State, step and person → the state afterwards. Whatever is not listed is refused and changes nothing."""
FIRST = ("office", "county", "department", "reporter", "signer", "reader", "other_county", "stranger")


@pytest.fixture(autouse=True)
def august(cast: Cast) -> None:
    """What the port had reported before: 8,000 万元 by the end of August."""
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_each_step_is_open_to_whom_the_table_says_and_to_nobody_else(cast: Cast, state: str) -> None:
    wrong = []
    found = brought_to(cast, state)
    for step, who in product(STEPS, FIRST):
        expected = BECOMES.get((state, step, who))
        mark = transaction.savepoint()
        entries = Entry.objects.count()
        found = Report.objects.select_related("project").get(pk=found.pk)
        try:
            STEPS[step](cast, found, who)
            became: str | None = Report.objects.get(pk=found.pk).state
        except (PermissionDenied, Http404, ValidationError, EditedMeanwhile):
            became = None
            if Entry.objects.count() != entries or Report.objects.get(pk=found.pk).state != state:
                wrong.append((step, who, "refused, and changed all the same"))
        if became != expected:
            wrong.append((step, who, f"became {became}, expected {expected}"))
        if became is not None and Entry.objects.count() != entries + 1:
            wrong.append((step, who, "not one entry"))
        transaction.savepoint_rollback(mark)
    assert wrong == []


@pytest.mark.django_db
def test_each_step_is_kept_with_who_in_which_post_concluded_and_said_what(cast: Cast) -> None:
    found = hand_in(cast, draft(cast))
    rounds.sign([found], actor=cast.signer)
    rounds.send_back(found, actor=cast.county, opinion="与现场不符")
    kept = [(one.step, one.conclusion, one.person, one.post, one.opinion) for one in found.rounds.all()]
    assert kept == [
        ("hand_in", "passed", "陆听松", "填报员", ""),
        ("sign", "passed", "陆行舟", "局长", ""),
        ("check", "returned", "东方既白", "县重点办主任", "与现场不符"),
    ]


@pytest.mark.django_db
def test_a_returned_version_stays_as_it_was_and_the_next_takes_its_place(cast: Cast) -> None:
    first = brought_to(cast, "returned")
    second = draft(cast, invested_month=900 * WAN)
    assert (second.version, second.supersedes_id, second.invested_ytd) == (2, first.pk, 8_900 * WAN)
    first.refresh_from_db()
    assert (first.state, first.invested_month) == ("returned", 1_000 * WAN)


@pytest.mark.django_db
def test_what_comes_after_a_return_keeps_the_day_on_which_the_unit_first_signed(cast: Cast) -> None:
    found = brought_to(cast, "signed")
    Report.objects.filter(pk=found.pk).update(handed_in=date(2023, 10, 4))
    found.refresh_from_db()
    rounds.send_back(found, actor=cast.county, opinion="请核对")
    again = hand_in(cast, draft(cast))
    rounds.sign([again], actor=cast.signer)
    assert again.handed_in == date(2023, 10, 4)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counts", "from_state"), [("signed", "signed"), ("checked", "checked"), ("accepted", "accepted")]
)
def test_a_report_counts_from_the_step_that_the_scheme_names(
    cast: Cast, counts: str, from_state: str
) -> None:
    way = ("draft", "submitted", "signed", "checked", "accepted")
    found = draft(cast)
    acts: list[Callable[[], object]] = [
        lambda: None,
        lambda: hand_in(cast, found),
        lambda: rounds.sign([found], actor=cast.signer),
        lambda: rounds.check([found], actor=cast.county),
        lambda: rounds.accept([found], actor=cast.office),
    ]
    for state, act in zip(way, acts, strict=True):
        act()
        known = {row.period for row in reports_as_known_on(DAY, counts=counts)}  # type: ignore[arg-type]
        expected = way.index(state) >= way.index(from_state)
        assert ("2023-09" in known) is expected, state
        assert counts_on(found, DAY, counts) is expected  # type: ignore[arg-type]
        facts = facts_known_on(DAY, 2023, counts=counts).reports  # type: ignore[arg-type]
        assert (SEPTEMBER in {one.period for one in facts}) is expected


@pytest.mark.django_db
def test_what_was_returned_later_still_counted_on_the_day_before(cast: Cast) -> None:
    found = brought_to(cast, "signed")
    Report.objects.filter(pk=found.pk).update(signed_on=date(2023, 10, 10), known_from=date(2023, 10, 10))
    found.refresh_from_db()
    rounds.send_back(found, actor=cast.county, opinion="请核对")
    on = {day: SEPTEMBER in {one.period for one in facts_known_on(day, 2023).reports}
          for day in (date(2023, 10, 9), date(2023, 10, 12), DAY)}  # fmt: skip
    assert list(on.values()) == [False, True, False]


@pytest.mark.django_db
def test_a_correction_counts_once_it_is_checked_and_the_accepted_one_until_then(cast: Cast) -> None:
    accepted = brought_to(cast, "accepted")
    new = filling.begin_correction(accepted, actor=cast.reporter, reason="漏报一笔设备款", form=scheme().form)
    assert (new.version, new.reason, new.invested_month) == (2, "漏报一笔设备款", 1_000 * WAN)
    new = draft(cast, edition=new.edition, invested_month=1_200 * WAN)

    def counted() -> int | None:
        return next(row.invested_ytd for row in facts_known_on(DAY, 2023).reports if row.period == SEPTEMBER)

    hand_in(cast, new)
    rounds.sign([new], actor=cast.signer)
    assert counted() == 9_000 * WAN
    rounds.check([new], actor=cast.county)
    assert counted() == 9_200 * WAN
    accepted.refresh_from_db()
    assert (accepted.state, accepted.invested_month) == ("accepted", 1_000 * WAN)


@pytest.mark.django_db
def test_nobody_checks_what_he_filled_in_or_signed_himself(cast: Cast) -> None:
    found = brought_to(cast, "signed")
    Round.objects.filter(report=found, step="sign").update(account=cast.county)
    with pytest.raises(ValidationError, match="另一个人"):
        rounds.check([found], actor=cast.county)
    rounds.check([found], actor=cast.department)
    Report.objects.filter(pk=found.pk).update(edited_by=cast.office.username)
    found.refresh_from_db()
    with pytest.raises(ValidationError, match="另一个人"):
        rounds.accept([found], actor=cast.office)
    rounds.accept([found], actor=cast.deputy)


@pytest.mark.django_db
def test_several_are_signed_together_or_none(cast: Cast) -> None:
    first = brought_to(cast, "submitted")
    second = draft(cast, Period(2023, 10), progress="上部结构开始施工")
    with pytest.raises(ValidationError, match="草稿"):
        rounds.sign([first, second], actor=cast.signer)
    first.refresh_from_db()
    assert first.state == "submitted"
    hand_in(cast, second)
    before = Entry.objects.count()
    rounds.sign([first, second], actor=cast.signer)
    assert Entry.objects.count() == before + 1
    assert set(Report.objects.filter(version=1, file="").values_list("state", flat=True)) == {"signed"}


@pytest.mark.django_db
def test_a_return_and_a_correction_need_their_reason(cast: Cast) -> None:
    found = brought_to(cast, "signed")
    with pytest.raises(ValidationError, match="退回的理由"):
        rounds.send_back(found, actor=cast.county, opinion="  ")
    rounds.check([found], actor=cast.county)
    rounds.accept([found], actor=cast.office)
    with pytest.raises(ValidationError, match="更正的理由"):
        filling.begin_correction(found, actor=cast.reporter, reason="", form=scheme().form)


@pytest.mark.django_db
def test_a_month_that_has_not_begun_is_not_reported(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="还没有开始"):
        draft(cast, Period(2023, 11))


@pytest.mark.django_db
def test_one_project_s_reporter_cannot_touch_another_s(cast: Cast) -> None:
    with pytest.raises(Http404):
        filling.save_draft(project(SCHOOL), SEPTEMBER, {}, actor=cast.reporter, edition=0, form=scheme().form)
