"""Drafting and handing in: what is prefilled and added up, what must be said, and two people at once."""

from __future__ import annotations

import json
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from guatu.reporting.checks import check_reports
from guatu.reporting.settings import CheckSettings
from guatu.server.assessment.actions import judge_month
from guatu.server.facts import facts_known_on
from guatu.server.record.models import Entry
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.filling import EditedMeanwhile, doubts_of
from guatu.server.reporting.models import Question, Report
from guatu.values import Period
from tests.cast import PORT, WAN, Cast, project, report, settle
from tests.server.reporting.work import SEPTEMBER, TYPED, brought_to, draft, hand_in, scheme

DAY = date(2023, 10, 13)


def august(cast: Cast) -> None:
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)


@pytest.mark.django_db
def test_the_cumulative_figure_is_last_month_s_plus_this_month_s_to_the_fen(cast: Cast) -> None:
    august(cast)
    found = draft(cast, invested_month=1_234_567_891)
    assert found.invested_ytd == 8_000 * WAN + 1_234_567_891


@pytest.mark.django_db
def test_a_cumulative_figure_that_is_typed_is_not_taken_where_it_can_be_added_up(cast: Cast) -> None:
    august(cast)
    assert draft(cast, invested_ytd=5 * WAN).invested_ytd == 9_000 * WAN


@pytest.mark.django_db
def test_where_last_month_was_not_reported_the_cumulative_figure_is_asked_for_not_taken_for_zero(
    cast: Cast,
) -> None:
    found = draft(cast)
    assert found.invested_ytd is None
    with pytest.raises(ValidationError) as refused:
        hand_in(cast, found)
    assert refused.value.messages == ["“本年累计完成投资”必须填写。"]
    assert draft(cast, edition=found.edition, invested_ytd=9_000 * WAN).invested_ytd == 9_000 * WAN


@pytest.mark.django_db
def test_january_adds_up_from_nothing(cast: Cast) -> None:
    assert draft(cast, Period(2023, 1)).invested_ytd == 1_000 * WAN


@pytest.mark.django_db
def test_every_missing_field_and_every_open_question_is_named_at_once_and_nothing_moves(cast: Cast) -> None:
    august(cast)
    found = draft(cast, progress=None, actual_finish=date(2022, 1, 1))
    with pytest.raises(ValidationError) as refused:
        hand_in(cast, found)
    assert [words[:6] for words in refused.value.messages] == ["“形象进度”", "沧城港扩建项"]
    found.refresh_from_db()
    assert found.state == "draft"
    assert not found.rounds.exists()


@pytest.mark.django_db
def test_the_questions_are_those_that_the_importer_would_put_in_the_same_words(cast: Cast) -> None:
    august(cast)
    found = draft(cast, progress="第8段路基施工", actual_finish=date(2022, 1, 1), invested_month=60_000 * WAN)
    asked = {doubt.finding.message for doubt in doubts_of(found, scheme())}
    hand_in_anyway(cast, found)
    rounds.sign([found], actor=cast.signer)
    facts = facts_known_on(DAY, 2023)
    limits = CheckSettings(money_ahead_points=scheme().text.checks.money_ahead_points)
    told = check_reports(facts.projects, facts.reports, limits, None)
    assert asked == {one.message for one in told if one.period == "2023-09"}
    assert len(asked) >= 3


def hand_in_anyway(cast: Cast, found: Report) -> Report:
    """Explain every doubt and hand in."""
    reasons = {doubt.key: "属实，附件为证" for doubt in doubts_of(found, scheme())}
    kept = filling.save_draft(
        found.project,
        Period.parse(found.period),
        {name: getattr(found, name) for name in (*TYPED, "actual_finish")},
        actor=cast.reporter,
        edition=found.edition,
        form=scheme().form,
        reasons=reasons,
    )
    hand_in(cast, kept)
    found.refresh_from_db()
    return found


@pytest.mark.django_db
def test_a_doubt_that_is_explained_is_a_question_until_the_office_accepts(cast: Cast) -> None:
    august(cast)
    found = hand_in_anyway(cast, draft(cast, actual_finish=date(2022, 1, 1)))
    asked = Question.objects.get(finding="date_impossible")
    assert (asked.status, asked.answer, asked.project_id) == ("open", "属实，附件为证", found.project_id)
    rounds.sign([found], actor=cast.signer)
    rounds.check([found], actor=cast.county)
    rounds.accept([found], actor=cast.office)
    asked.refresh_from_db()
    assert (asked.status, asked.answer) == ("confirmed", "属实，附件为证")
    judge_month(SEPTEMBER, DAY, cast.office)
    assert Question.objects.filter(finding="date_impossible", status="open").count() == 0


@pytest.mark.django_db
def test_a_question_that_the_next_version_mends_is_settled(cast: Cast) -> None:
    august(cast)
    found = hand_in_anyway(cast, draft(cast, actual_finish=date(2022, 1, 1)))
    rounds.send_back(found, actor=cast.signer, opinion="竣工日期填错了")
    hand_in(cast, draft(cast, actual_finish=None))
    assert Question.objects.get(finding="date_impossible").status == "corrected"


@pytest.mark.django_db
def test_a_month_typed_in_yi_is_questioned_though_the_sum_fits(cast: Cast) -> None:
    rows = [report(PORT, month, 1_000 * month) for month in range(1, 9)]
    import_reports(rows, actor=cast.office, day=DAY)
    found = draft(cast, invested_month=WAN // 10)
    assert "unit_yi_in_wan" in {doubt.finding.id for doubt in doubts_of(found, scheme())}


@pytest.mark.django_db
def test_saving_again_writes_the_draft_over_and_adds_no_entry(cast: Cast) -> None:
    august(cast)
    found = draft(cast)
    entries = Entry.objects.count()
    again = draft(cast, edition=found.edition, invested_month=5 * WAN)
    assert (again.pk, again.edition, again.invested_month) == (found.pk, found.edition + 1, 5 * WAN)
    assert Entry.objects.count() == entries
    assert Report.objects.filter(period="2023-09").count() == 1


@pytest.mark.django_db
def test_the_second_of_two_writers_is_shown_the_first_and_overwrites_nothing(cast: Cast) -> None:
    august(cast)
    seen = draft(cast)
    draft(cast, edition=seen.edition, invested_month=700 * WAN, actor=cast.company)
    with pytest.raises(EditedMeanwhile) as meanwhile:
        draft(cast, edition=seen.edition, invested_month=800 * WAN)
    assert meanwhile.value.draft is not None
    assert (meanwhile.value.draft.edited_by, meanwhile.value.draft.invested_month) == ("company", 700 * WAN)
    with pytest.raises(EditedMeanwhile):
        draft(cast, edition=0)
    assert Report.objects.get(period="2023-09").invested_month == 700 * WAN


@pytest.mark.django_db
def test_a_draft_that_changed_since_it_was_seen_is_not_handed_in(cast: Cast) -> None:
    august(cast)
    seen = draft(cast)
    draft(cast, edition=seen.edition, invested_month=700 * WAN, actor=cast.company)
    with pytest.raises(EditedMeanwhile):
        filling.hand_in(seen, actor=cast.reporter, edition=seen.edition, scheme=scheme())
    assert Report.objects.get(period="2023-09").state == "draft"


@pytest.mark.usefixtures("committed")
def test_of_two_who_begin_at_the_same_moment_one_begins_and_one_is_told() -> None:
    cast = settle()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def begin(amount: int) -> None:
        gate.wait()
        try:
            draft(cast, Period(2023, 1), invested_month=amount)
            outcomes.append("kept")
        except EditedMeanwhile as meanwhile:
            outcomes.append("told" if meanwhile.draft is not None else "lost")
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(amount * WAN,)) for amount in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "told"]
    assert Report.objects.filter(project=project(PORT)).count() == 1


@pytest.mark.django_db
def test_a_locked_report_is_not_written_over(cast: Cast) -> None:
    august(cast)
    found = brought_to(cast, "accepted")
    with pytest.raises(ValidationError, match="发起更正"):
        draft(cast, edition=found.edition, invested_month=1)
    assert Report.objects.get(pk=found.pk).invested_month == TYPED["invested_month"]


@pytest.mark.django_db
def test_a_value_that_the_form_does_not_ask_for_is_not_taken(cast: Cast) -> None:
    found = draft(cast, Period(2023, 1), suggestion="多给钱", paid=5 * WAN, name="别的名字")
    assert (found.suggestion, json.loads(found.own), found.name) == ("多给钱", {}, "沧城港扩建项目")
    assert found.physical == Decimal("41.5")
