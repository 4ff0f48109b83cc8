"""Reports come in versions; a correction supersedes and never overwrites; doubts are put once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.findings import Finding, Severity
from guatu.server.facts import facts_known_on
from guatu.server.record.models import Entry
from guatu.server.reporting.actions import answer_question, import_reports, put_questions
from guatu.server.reporting.models import Question, Report
from guatu.server.reporting.queries import (
    findings_up_to,
    open_questions,
    report_versions,
    reports_as_known_on,
    settled_digests,
)
from guatu.values import Period
from tests.cast import PORT, SCHOOL, WAN, Cast, project, report

DAY = date(2023, 10, 13)
FALLS = Finding(
    id="cumulative_falls",
    severity=Severity.WARNING,
    file="reports.xlsx",
    message="8月累计低于7月累计。",
    sheet="8月",
    row=5,
    column="I",
    header="1—8月累计",
    found="6000",
    expected="不低于7000",
    cure="请核对后重报",
    project=PORT,
    period="2023-08",
    field="invested_ytd",
    cells=("7月!I5",),
)


@pytest.mark.django_db
def test_what_was_handed_in_comes_back_as_it_was(cast: Cast) -> None:
    rows = [report(PORT, 1, 900), replace(report(SCHOOL, 1, 0), physical=None), report(PORT, 2, 2_000)]
    assert import_reports(rows, actor=cast.office, day=DAY).versions == 3
    found = facts_known_on(DAY, 2023).reports
    assert list(found) == rows
    assert str(found[0].physical) == "16.5"


@pytest.mark.django_db
def test_importing_the_same_reports_again_adds_nothing(cast: Cast) -> None:
    rows = [report(PORT, 1, 900), report(SCHOOL, 1, 0)]
    import_reports(rows, actor=cast.office, day=DAY)
    entries = Entry.objects.count()
    again = import_reports(rows, actor=cast.office, day=DAY)
    assert (again.versions, again.entry) == (0, None)
    assert (Report.objects.count(), Entry.objects.count()) == (2, entries)


@pytest.mark.django_db
def test_a_correction_is_a_new_version_known_from_the_day_it_came(cast: Cast) -> None:
    import_reports([report(PORT, 1, 900)], actor=cast.office, day=date(2023, 2, 6))
    import_reports([report(PORT, 1, 1_100)], actor=cast.office, day=date(2023, 3, 1))
    newer, older = report_versions(project(PORT), "2023-01")
    assert (older.version, older.invested_ytd, newer.version, newer.invested_ytd) == (
        1,
        900 * WAN,
        2,
        1_100 * WAN,
    )
    assert newer.supersedes == older
    known = {
        day: [row.invested_ytd for row in reports_as_known_on(day)]
        for day in (date(2023, 2, 2), date(2023, 2, 3), date(2023, 2, 28), date(2023, 3, 1))
    }
    assert list(known.values()) == [[], [900 * WAN], [900 * WAN], [1_100 * WAN]]


@pytest.mark.django_db
def test_a_returned_version_does_not_count(cast: Cast) -> None:
    import_reports([report(PORT, 1, 900)], actor=cast.office, day=DAY)
    Report.objects.update(state=Report.State.RETURNED)
    assert not reports_as_known_on(DAY).exists()


@pytest.mark.django_db
def test_a_report_without_a_date_is_known_from_the_end_of_its_month(cast: Cast) -> None:
    import_reports([replace(report(PORT, 1, 900), handed_in=None)], actor=cast.office, day=DAY)
    assert not reports_as_known_on(date(2023, 1, 31)).exists()
    assert reports_as_known_on(date(2023, 2, 1)).exists()


@pytest.mark.django_db
def test_a_row_of_an_unknown_project_refuses_only_itself(cast: Cast) -> None:
    found = import_reports([report("X-1", 1, 5), report(PORT, 1, 900)], actor=cast.office, day=DAY)
    assert (found.versions, found.unknown) == (1, ("X-1",))


@pytest.mark.django_db
def test_two_reports_of_one_month_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="2023年1月"):
        import_reports([report(PORT, 1, 900), report(PORT, 1, 901)], actor=cast.office, day=DAY)


@pytest.mark.django_db
def test_only_the_office_takes_over_reports(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        import_reports([report(PORT, 1, 900)], actor=cast.county, day=DAY)


@pytest.mark.django_db
def test_a_finding_is_put_as_a_question_once_and_comes_back_whole(cast: Cast) -> None:
    assert put_questions([FALLS, FALLS], actor=cast.office) == 1
    assert put_questions([FALLS], actor=cast.office) == 0
    assert put_questions([replace(FALLS, file="again.xlsx", row=9)], actor=cast.office) == 0
    assert findings_up_to(Period(2023, 8)) == [FALLS]
    assert findings_up_to(Period(2023, 7)) == []


@pytest.mark.django_db
def test_questions_are_seen_by_those_who_see_the_project(cast: Cast) -> None:
    put_questions([FALLS], actor=cast.office)
    assert [row.project_id for row in open_questions(cast.county, "2023-08")] == [project(PORT).pk]
    assert not open_questions(cast.other_county).exists()


@pytest.mark.django_db
def test_an_answered_question_is_settled(cast: Cast) -> None:
    put_questions([FALLS], actor=cast.office)
    with pytest.raises(ValidationError):
        answer_question(
            Question.objects.get(), actor=cast.office, status=Question.Status.CONFIRMED, answer=" "
        )
    answer_question(
        Question.objects.get(), actor=cast.office, status=Question.Status.CONFIRMED, answer="设备退货，属实"
    )
    assert findings_up_to(Period(2023, 8)) == []
    assert settled_digests() == {Question.objects.get().digest}


@pytest.mark.django_db
def test_a_correction_settles_the_questions_on_what_it_corrects(cast: Cast) -> None:
    import_reports([report(PORT, 8, 6_000), report(SCHOOL, 8, 1)], actor=cast.office, day=DAY)
    put_questions([FALLS, replace(FALLS, project=SCHOOL)], actor=cast.office)
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)
    assert dict(Question.objects.values_list("code", "status")) == {PORT: "corrected", SCHOOL: "open"}
