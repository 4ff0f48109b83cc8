"""Reports of every kind: weekly ones go the way of the month's, what happens is reported at once, nothing is typed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client, override_settings

from guatu.reporting.form import Value
from guatu.reporting.kinds import Kind
from guatu.server.accounts.models import Account
from guatu.server.clock import CHINA
from guatu.server.dashboards.todo_reports import asked_of
from guatu.server.record.models import Entry
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.kind_filling import begin_at_once, discard, save_kind
from guatu.server.reporting.models import Report
from guatu.values import Period
from tests.cast import PORT, SCHOOL, Cast, fresh, project
from tests.server.reporting.test_pages import browser, text_of
from tests.server.reporting.work import draft, hand_in, scheme

WEEK = "2023-10-16"
"""The week of 20 October 2023, the day of these tests: due on its Friday, that day. The week before is the first."""
PAGE = f"/reports/of/weekly/{WEEK}/{PORT}/"
LIST = f"/reports/of/weekly/{WEEK}/"
SAID: Mapping[str, Value | None] = {
    "progress": "码头三区桩基完成 40 根",
    "physical": Decimal("43"),
    "problem": "缺砂",
}
TYPED = {"f.progress": "码头三区桩基完成 40 根", "f.physical": "43", "f.problem": "缺砂"}


@pytest.fixture(autouse=True)
def friday() -> Iterator[None]:
    with override_settings(GUATU_TODAY=date(2023, 10, 20)):
        yield


def kind(id: str) -> Kind:
    found = scheme().kind(id)
    assert found is not None
    return found


def week(cast: Cast, key: str = WEEK, code: str = PORT, edition: int = 0, **changed: Value | None) -> Report:
    values = {**SAID, **changed}
    return save_kind(project(code), kind("weekly"), key, values, actor=cast.reporter, edition=edition)


def accident(cast: Cast, happened: datetime) -> Report:
    """An event that the port has reported."""
    begun = begin_at_once(project(PORT), kind("major_matter"), actor=cast.reporter)
    said = save_kind(
        project(PORT), kind("major_matter"), begun.period, {"matter": "塔吊倾覆，无伤亡"}, actor=cast.reporter,
        edition=begun.edition, happened=happened,
    )  # fmt: skip
    return hand_in(cast, said)


def rows() -> list[Report]:
    return list(Report.every_kind.order_by("pk"))


@pytest.mark.django_db
def test_a_weekly_report_goes_the_way_of_the_months_as_far_as_the_scheme_says(cast: Cast) -> None:
    report = hand_in(cast, week(cast))
    rounds.send_back(report, actor=cast.signer, opinion="写明累计根数")
    again = hand_in(cast, week(cast, progress="码头三区桩基累计完成 212 根"))
    assert (again.version, again.supersedes) == (2, report)
    rounds.sign([again], actor=cast.signer)
    assert again.handed_in is not None and again.came_at is not None
    rounds.check([again], actor=cast.county)
    assert again.done and again.state == Report.State.CHECKED
    with pytest.raises(ValidationError, match="不能办这一步"):
        rounds.accept([again], actor=cast.office)
    assert not Report.objects.exists(), "no month was reported"
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.subject_id) == ("reports.checked", f"weekly {WEEK}")


@pytest.mark.django_db
def test_who_filled_it_in_does_not_check_it_and_a_stranger_does_nothing(cast: Cast) -> None:
    report = hand_in(cast, week(cast))
    with pytest.raises(PermissionDenied):
        rounds.sign([report], actor=cast.county)
    with pytest.raises(Http404):
        save_kind(project(PORT), kind("weekly"), WEEK, SAID, actor=cast.stranger, edition=0)
    with pytest.raises(PermissionDenied):
        save_kind(project(PORT), kind("weekly"), WEEK, SAID, actor=cast.office, edition=0)


@pytest.mark.django_db
def test_a_draft_of_a_week_is_not_written_over_unseen(cast: Cast) -> None:
    first = week(cast)
    week(cast, edition=first.edition, problem="缺电")
    with pytest.raises(EditedMeanwhile) as meanwhile:
        week(cast, edition=first.edition)
    assert meanwhile.value.draft is not None and meanwhile.value.draft.problem == "缺电"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["2023-10-23", "2023-10-17", "2023-10", "nonsense"])
def test_a_week_that_is_none_or_lies_ahead_is_not_reported(cast: Cast, key: str) -> None:
    with pytest.raises(ValidationError):
        week(cast, key)
    assert browser(cast.reporter).get(f"/reports/of/weekly/{key}/").status_code == 404
    assert not rows()


@pytest.mark.django_db
def test_what_must_be_filled_in_is_asked_for_when_it_is_handed_in(cast: Cast) -> None:
    report = week(cast, physical=None, progress="")
    with pytest.raises(ValidationError) as refused:
        hand_in(cast, report)
    assert refused.value.messages == ["“形象进度”必须填写。", "“形象进度完成比例”必须填写。"]


@pytest.mark.django_db
def test_what_a_week_said_stands_in_the_months_report_with_where_it_came_from(cast: Cast) -> None:
    report = hand_in(cast, week(cast, "2023-10-09", problem="缺砂"))
    page = f"/reports/2023-10/{PORT}/"
    assert "缺砂" not in browser(cast.reporter).get(page).content.decode(), "not signed yet"
    rounds.sign([report], actor=cast.signer)
    rounds.sign([hand_in(cast, week(cast, physical=Decimal("44.5")))], actor=cast.signer)
    source = browser(cast.reporter).get(page).content.decode()
    assert re.search(r'name="f.physical" value="44.5"', source)
    assert "取自2023年第42周（10月16日至22日）周报，不必再填" in source
    assert re.search(r'id="f.problem"[^>]*>缺砂</textarea>', source)
    grid = browser(cast.reporter).get("/reports/2023-10/grid/").content.decode()
    assert 'value="44.5"' in grid
    assert (
        "f.physical" in source
        and "44.5" not in browser(cast.reporter).get(f"/reports/2023-09/{PORT}/").content.decode()
    )


@pytest.mark.django_db
def test_the_next_week_begins_with_the_carried_fields_and_has_the_last_beside(cast: Cast) -> None:
    rounds.sign([hand_in(cast, week(cast, "2023-10-09"))], actor=cast.signer)
    source = browser(cast.reporter).get(PAGE).content.decode()
    assert re.search(r'id="f.problem"[^>]*>缺砂</textarea>', source)
    assert re.search(r'name="f.physical" value=""', source)
    assert '<span class="last">43%</span>' in source


@pytest.mark.django_db
def test_the_pages_of_a_week_lead_from_the_reporter_to_the_checker(cast: Cast) -> None:
    reporter, signer, county = browser(cast.reporter), browser(cast.signer), browser(cast.county)
    said = text_of(reporter.get(LIST))
    assert "2023年第42周（10月16日至22日）周报" in said
    assert "1 个项目，已报 0 个" in said and "每次填 4 项 × 1 个项目 × 每年 12 次" in said
    assert reporter.post(PAGE, {**TYPED, "do": "hand_in", "edition": "0"}).status_code == 302
    assert "待您办" in text_of(signer.get(LIST))
    passed = {"do": "sign", "chosen": f"{WEEK} {PORT}", "back": LIST}
    assert signer.post("/reports/of/weekly/pass", passed).status_code == 302
    assert county.post(PAGE, {"do": "return", "opinion": "比例不对"}).status_code == 302
    assert "比例不对" in text_of(reporter.get(PAGE))
    assert reporter.post(PAGE, {**TYPED, "do": "hand_in", "edition": "0"}).status_code == 302
    assert signer.post(PAGE, {"do": "sign"}).status_code == 302
    assert county.post("/reports/of/weekly/pass", passed | {"do": "check"}).status_code == 302
    assert [row.state for row in rows()] == ["returned", "checked"]
    office = browser(cast.office)
    assert office.post("/reports/of/weekly/pass", passed | {"do": "accept"}).status_code == 404, (
        "no such step"
    )
    assert "已报 1 个" in text_of(office.get(LIST))


@pytest.mark.django_db
def test_nobody_but_the_reporter_types_a_figure_of_a_week(cast: Cast) -> None:
    week(cast)
    for who in ("signer", "county", "department", "office", "reader"):
        client = browser(cast.account(who))
        assert 'name="f.' not in client.get(PAGE).content.decode(), who
        assert client.post(PAGE, {**TYPED, "do": "save", "edition": "1"}).status_code == 403, who
        assert "缺砂" not in text_of(client.get(PAGE)), "a draft is its unit's own business"
    assert browser(cast.other_county).get(PAGE).status_code == 404


@pytest.mark.django_db
def test_all_projects_of_a_week_are_typed_in_one_table(cast: Cast) -> None:
    client = browser(cast.reporter)
    address = f"{LIST}grid/"
    port = project(PORT).pk
    assert "上月累计" not in text_of(client.get(address))
    sent = {f"g{port}.edition": "0", f"g{port}.progress": "打桩", f"g{port}.physical": "四成"}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and not rows()
    assert client.post(address, sent | {f"g{port}.physical": "40"}).status_code == 302
    (row,) = rows()
    assert (row.kind, row.period, row.physical, row.ends) == ("weekly", WEEK, Decimal(40), "checked")


@pytest.mark.django_db
def test_who_has_not_reported_a_week_is_late_from_the_day_after(cast: Cast) -> None:
    assert "逾期未报" not in text_of(browser(cast.office).get(LIST)), "today is its day"
    before = "/reports/of/weekly/2023-10-09/"
    assert "3 个迟报或逾期未报" in text_of(browser(cast.office).get(before))
    rounds.sign([hand_in(cast, week(cast, "2023-10-09"))], actor=cast.signer)
    assert "迟报 5 个工作日" in text_of(browser(cast.office).get(before))


@pytest.mark.django_db
def test_what_happened_is_reported_at_once_and_needs_no_signature(cast: Cast) -> None:
    report = accident(cast, datetime(2023, 10, 19, 8, 30, tzinfo=CHINA))
    assert report.done and report.state_words == "已报送"
    assert report.handed_in is not None and report.came_at is not None
    with pytest.raises(ValidationError):
        rounds.sign([report], actor=cast.signer)
    with pytest.raises(ValidationError):
        filling.withdraw(report, actor=cast.reporter)
    said = text_of(browser(cast.office).get("/reports/of/major_matter/"))
    assert "2023-10-19 08:30" in said and "已报送" in said and "迟报" in said
    assert "塔吊倾覆" in text_of(
        browser(cast.office).get(f"/reports/of/major_matter/{report.period}/{PORT}/")
    )


@pytest.mark.django_db
def test_two_events_of_a_day_are_two_reports_and_a_report_begun_in_error_is_struck_out(cast: Cast) -> None:
    first = begin_at_once(project(PORT), kind("major_matter"), actor=cast.reporter)
    second = begin_at_once(project(PORT), kind("major_matter"), actor=cast.reporter)
    assert (first.period, second.period) == ("2023-10-20", "2023-10-20.2")
    discard(second, actor=cast.reporter)
    assert rows() == [first]
    assert Entry.objects.latest("sequence").action == "report.discarded"
    with pytest.raises(ValidationError, match="重新发起"):
        save_kind(project(PORT), kind("major_matter"), second.period, {}, actor=cast.reporter, edition=1)
    with pytest.raises(ValidationError):
        discard(accident(cast, datetime(2023, 10, 19, 8, 0, tzinfo=CHINA)), actor=cast.reporter)


@pytest.mark.django_db
def test_the_moment_of_an_event_is_asked_for_read_in_china_and_cannot_lie_ahead(cast: Cast) -> None:
    client = browser(cast.reporter)
    begun = client.post("/reports/of/major_matter/begin", {"code": PORT})
    assert begun.status_code == 302
    page = begun["Location"]
    sent = {"f.matter": "塔吊倾覆", "do": "hand_in", "edition": "1"}
    missing = client.post(page, sent)
    assert missing.status_code == 422 and "“发生时间”必须填写。" in text_of(missing)
    for typed, words in (("2023-10-21T08:00", "发生时间还没有到"), ("昨天", "应为日期和时刻")):
        refused = client.post(page, sent | {"happened": typed, "edition": "2"})
        assert refused.status_code == 422 and words in text_of(refused)
    assert client.post(page, sent | {"happened": "2023-10-19T23:30", "edition": "2"}).status_code == 302
    (row,) = rows()
    assert row.happened_at == datetime(2023, 10, 19, 23, 30, tzinfo=CHINA)


@pytest.mark.django_db
def test_a_report_at_once_is_begun_by_whom_the_project_answers_for_alone(cast: Cast) -> None:
    for who, code, status in (
        ("office", PORT, 403), ("signer", PORT, 403), ("reporter", SCHOOL, 404), ("stranger", PORT, 403),
    ):  # fmt: skip
        answer = browser(cast.account(who)).post("/reports/of/major_matter/begin", {"code": code})
        assert answer.status_code == status, who
    assert browser(cast.reporter).post("/reports/of/weekly/begin", {"code": PORT}).status_code == 404
    assert not rows()


@pytest.mark.django_db
def test_a_report_that_has_come_all_the_way_is_corrected_by_a_new_version(cast: Cast) -> None:
    report = accident(cast, datetime(2023, 10, 19, 8, 0, tzinfo=CHINA))
    fresh = filling.begin_correction(
        report, actor=cast.reporter, reason="一人轻伤", form=kind("major_matter").form
    )
    assert (fresh.kind, fresh.version, fresh.happened_at) == ("major_matter", 2, report.happened_at)
    hand_in(cast, fresh)
    assert fresh.done and fresh.came_at == report.came_at, "it came in when it first did"


@pytest.mark.django_db
def test_a_kind_that_the_scheme_does_not_ask_for_is_not_there(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    for address in (
        "/reports/of/daily/",
        f"/reports/of/report/{WEEK}/",
        "/reports/of/major_matter/2023-10-20/",
    ):
        assert client.get(address).status_code == 404, address
    draft(cast)
    assert Report.objects.count() == Report.every_kind.count() == 1


def asked(account: Account) -> list[tuple[str, str]]:
    return [(one.title, one.text) for one in asked_of(fresh(account))]


@pytest.mark.django_db
def test_each_person_is_asked_for_the_week_in_turn(cast: Cast) -> None:
    name = "2023年第42周（10月16日至22日）周报"
    assert (f"填报{name}", "还有 1 个项目未提交") in asked(cast.reporter)
    report = hand_in(cast, week(cast))
    assert name not in str(asked(cast.reporter))
    assert (f"{name}待签发", "1 份") in asked(cast.signer)
    rounds.sign([report], actor=cast.signer)
    assert (f"{name}待审核", "1 份") in asked(cast.county)
    rounds.send_back(report, actor=cast.county, opinion="比例不对")
    assert ("沧城港扩建项目", f"{name}被退回，请改正后重报") in asked(cast.reporter)
    assert name not in str(asked(cast.other_county))


@pytest.mark.django_db
def test_what_happened_is_before_the_eyes_of_those_who_check_for_some_days(cast: Cast) -> None:
    begin_at_once(project(PORT), kind("major_matter"), actor=cast.reporter)
    assert ("沧城港扩建项目", "重大事项即时报还没有报出") in asked(cast.reporter)
    assert "重大事项" not in str(asked(cast.county)), "a draft is its unit's own business"
    accident(cast, datetime(2023, 10, 19, 8, 30, tzinfo=CHINA))
    news = ("沧城港扩建项目", "重大事项即时报，2023-10-19 08:30发生")
    assert news in asked(cast.county) and news in asked(cast.office)
    assert news not in asked(cast.other_county) and news not in asked(cast.signer)
    with override_settings(GUATU_TODAY=date(2023, 10, 24)):
        assert news not in asked(cast.county)


@pytest.mark.django_db
def test_a_projects_page_has_all_its_reports_in_one_line_of_time(cast: Cast) -> None:
    draft(cast, Period(2023, 9))
    rounds.sign([hand_in(cast, week(cast, "2023-10-09"))], actor=cast.signer)
    accident(cast, datetime(2023, 10, 19, 8, 30, tzinfo=CHINA))
    page = f"/projects/{PORT}/"
    mine = text_of(browser(cast.reporter).get(page))
    words = (
        "2023-10-19 08:30 重大事项即时报 正常 已报送",
        "2023年第41周（10月9日至15日）周报 蓝 已签发 迟报 5 个工作日",
    )
    for one in (*words, "2023年9月月报 未报 草稿"):
        assert one in mine, mine[mine.find("各种报告") :][:400]
    assert mine.index(words[0]) < mine.index("2023年9月月报 未报 草稿")
    assert "/reports/of/major_matter/begin" in browser(cast.reporter).get(page).content.decode()
    for who in ("office", "county", "signer", "reader"):
        source = browser(cast.account(who)).get(page)
        assert words[1] in text_of(source) and "2023年9月月报 未报 草稿" not in text_of(source), who
        assert "/reports/of/major_matter/begin" not in source.content.decode(), who
