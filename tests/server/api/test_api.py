"""The API: the same figures, rights, steps and refusals as the pages."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.server.assessment.actions import judge_month
from guatu.server.record.models import Entry
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.models import Report
from tests.cast import PLANT, PORT, SCHOOL, WAN, Cast, report
from tests.server.api.work import program, switch, told
from tests.server.reporting.work import SEPTEMBER

DAY = date(2023, 10, 13)
AT = f"/reports/2023-09/{PORT}"
TYPED = {
    "invested_month": "1000.5",
    "progress": "二期码头桩基完成",
    "physical": "41.5",
    "actual_start": "2022-05-20",
    "in_statistics": "是",
}


@pytest.fixture(autouse=True)
def ready(cast: Cast) -> None:
    switch(True)
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)


@pytest.mark.django_db
def test_each_sees_its_own_projects_with_money_in_wan(cast: Cast) -> None:
    seen = program(cast.office).get("/projects?stage=all&sort=position")
    assert [row["code"] for row in seen["projects"]] == [PORT, SCHOOL, PLANT]
    assert (seen["count"], seen["pages"], seen["projects"][0]["total"]) == (3, 1, 50_000)
    assert [row["code"] for row in program(cast.county).get("/projects?stage=all")["projects"]] == [PORT]
    assert program(cast.stranger).get("/projects?stage=all")["projects"] == []


@pytest.mark.django_db
def test_a_filter_that_does_not_exist_is_refused_not_passed_over(cast: Cast) -> None:
    assert "没有“月球”" in told(program(cast.office).get("/projects?county=月球", 422))


@pytest.mark.django_db
def test_a_strangers_project_does_not_exist_and_a_telephone_is_seen_as_on_the_page(cast: Cast) -> None:
    assert told(program(cast.county).get(f"/projects/{SCHOOL}", 404)) == "没有这个项目。"
    whole = program(cast.county).get(f"/projects/{PORT}")
    assert {"field": "phone", "value": "13800000001"}.items() <= next(
        one for one in whole["facts"] if one["field"] == "phone"
    ).items()
    whole = program(cast.reader).get(f"/projects/{PORT}")
    assert "phone" not in {one["field"] for one in whole["facts"]}
    assert {one["stated"] for one in whole["answering"]} >= {"顾长风（副县长）", "沈知远（副市长）"}


@pytest.mark.django_db
def test_a_report_goes_its_whole_way_by_programs(cast: Cast) -> None:
    reporter = program(cast.reporter)
    assert [one["id"] for one in reporter.get("/form") if one["needed"]] == ["invested_month", "progress"]
    assert reporter.get(AT)["state"] == "none"
    saved = reporter.put(AT, {"edition": 0, "values": TYPED})
    assert (saved["state"], saved["edition"]) == ("draft", 1)
    assert saved["values"]["invested_ytd"] == "9000.5"
    assert program(cast.county).get(AT)["state"] == "none", "a draft is its unit's own business"
    told_of = reporter.post(f"{AT}/hand_in", {"edition": 1})
    for who, step, state in (
        ("signer", "sign", "signed"),
        ("county", "check", "checked"),
        ("office", "accept", "accepted"),
    ):
        told_of = program(cast.account(who)).post(f"{AT}/{step}", {"edition": told_of["edition"]})
        assert told_of["state"] == state
    assert [one["step"] for one in reversed(told_of["rounds"])] == ["hand_in", "sign", "check", "accept"]
    kept = Report.objects.get(period=str(SEPTEMBER), version=1)
    assert kept.invested_month == 1000 * WAN + WAN // 2
    listed = program(cast.office).get("/reports/2023-09")["reports"]
    assert {"project": PORT, "state": "accepted", "invested_month": 1000.5}.items() <= listed[0].items()


@pytest.mark.django_db
def test_nobody_above_edits_a_figure_by_the_api(cast: Cast) -> None:
    program(cast.reporter).put(AT, {"edition": 0, "values": TYPED})
    for who in ("signer", "county", "department", "office", "reader"):
        program(cast.account(who)).put(AT, {"edition": 1, "values": {**TYPED, "invested_month": "1"}}, 403)
    assert Report.objects.get(period=str(SEPTEMBER)).edition == 1


@pytest.mark.django_db
def test_two_programs_do_not_overwrite_each_other(cast: Cast) -> None:
    one, other = program(cast.reporter), program(cast.reporter)
    one.put(AT, {"edition": 0, "values": TYPED})
    refused = other.put(AT, {"edition": 0, "values": {**TYPED, "progress": "另一处写的"}}, 409)
    assert (refused["edition"], "别人已改过" in told(refused)) == (1, True)
    assert Report.objects.get(period=str(SEPTEMBER)).progress == TYPED["progress"]
    one.post(f"{AT}/hand_in", {"edition": 7}, 409)


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused_all_at_once_and_nothing_is_saved(cast: Cast) -> None:
    entries = Entry.objects.count()
    reporter = program(cast.reporter)
    entries = Entry.objects.count()
    wrong = {"invested_month": "很多", "physical": "140", "月亮": "1", "progress": "x"}
    refused = reporter.put(AT, {"edition": 0, "values": wrong}, 422)
    assert len(refused["errors"]) == 3 and "“很多”" in told(refused) and "月亮" in told(refused)
    assert "必须写" in told(reporter.put(AT, {"values": TYPED}, 422))
    assert "整数" in told(reporter.put(AT, {"edition": "零", "values": TYPED}, 422))
    assert "没有这一项" in told(reporter.put(AT, {"edition": 0, "values": {}, "state": "accepted"}, 422))
    assert Entry.objects.count() == entries
    assert not Report.objects.filter(period=str(SEPTEMBER)).exists()


@pytest.mark.django_db
def test_a_question_is_answered_by_its_key(cast: Cast) -> None:
    reporter = program(cast.reporter)
    odd = {**TYPED, "progress": "第8段路基施工", "actual_finish": "2022-01-01"}
    saved = reporter.put(AT, {"edition": 0, "values": odd})
    assert saved["doubts"] and "写明属实的理由" in told(reporter.post(f"{AT}/hand_in", {"edition": 1}, 422))
    reasons = {one["key"]: "设备款集中支付" for one in saved["doubts"]}
    saved = reporter.put(AT, {"edition": 1, "values": odd, "reasons": reasons})
    assert reporter.post(f"{AT}/hand_in", {"edition": saved["edition"]})["state"] == "submitted"


@pytest.mark.django_db
def test_a_judged_month_is_told_in_the_contract_to_those_who_may_see_it(cast: Cast) -> None:
    judge_month(SEPTEMBER, DAY, cast.office)
    office, county = program(cast.office), program(cast.county)
    assert [one["period"] for one in office.get("/months")] == ["2023-09"]
    assert office.get("/months/2023-09")["head"]["contract"] == "guatu/1"
    assert {one["project"] for one in office.get("/months/2023-09/lights")["lights"]} == {PORT, SCHOOL, PLANT}
    assert {one["project"] for one in county.get("/months/2023-09/lights")["lights"]} == {PORT}
    assert county.get("/months/2023-09")["summary"]["totals"]["projects"] == 1
    assert office.get("/months/2023-09/rankings")["rankings"]
    assert "assessments" in office.get("/months/2023-09/assessments")
    county.get("/months/2023-09/assessments", 403)
    office.get("/months/2023-08", 404)


@pytest.mark.django_db
def test_what_waits_and_who_there_is(cast: Cast) -> None:
    assert any("月报" in one["text"] or "月报" in one["title"] for one in program(cast.reporter).get("/todo"))
    found = program(cast.office).get("/organisations?q=交通")
    assert found["count"] == len(found["organisations"]) > 0
    assert {"sign", "accept"} & set(program(cast.office).get("/me")["verbs"]) == {"accept"}


@pytest.mark.django_db
def test_the_record_of_a_project_is_told_in_words_to_those_who_see_it(cast: Cast) -> None:
    told_of = program(cast.county).get(f"/projects/{PORT}/record")
    assert any(one["action"] == "导入月报" for one in told_of["entries"]) and told_of["next"] == ""
    program(cast.county).get(f"/projects/{SCHOOL}/record", 404)


@pytest.mark.django_db
def test_facts_are_handed_in_all_or_none_and_corrected_with_a_reason(cast: Cast) -> None:
    office, at = program(cast.office), "/facts/new_enterprises/2023-09"
    assert {"id": "new_enterprises", "about": "county", "may_give": True}.items() <= next(
        one for one in office.get("/facts") if one["id"] == "new_enterprises"
    ).items()
    refused = office.put(at, {"values": {"东岭县": "3", "西原区": "很多"}}, 422)
    assert "西原区" in told(refused)
    assert "没有“月球”" in told(office.put(at, {"values": {"东岭县": "3", "月球": "2"}}, 422))
    assert office.get(at)["values"] == []
    kept = office.put(at, {"values": {"东岭县": "3"}, "source": "统计局月报"})
    assert [(one["entity"], one["value"], one["version"]) for one in kept["values"]] == [("东岭县", "3", 1)]
    assert "写明理由" in told(office.put(at, {"values": {"东岭县": "4"}}, 422))
    kept = office.put(at, {"values": {"东岭县": "4"}, "reason": "漏报一家"})
    assert (kept["values"][0]["value"], kept["values"][0]["version"]) == ("4", 2)
    assert "第二人确认" in told(
        office.put(
            at.replace("new_enterprises", "inspection_mark"), {"values": {"东岭县": "1"}, "reason": "x"}, 422
        )
    )
    program(cast.county).put(at, {"values": {"东岭县": "9"}, "reason": "x"}, 404)


@pytest.mark.django_db
def test_a_weekly_report_and_one_at_once_go_their_way_by_programs(cast: Cast) -> None:
    reporter = program(cast.reporter)
    assert {one["id"]: one["at_once"] for one in reporter.get("/kinds")} == {
        "weekly": False,
        "major_matter": True,
    }
    week = f"/kinds/weekly/2023-10-09/{PORT}"
    saved = reporter.put(week, {"edition": 0, "values": {"progress": "架梁 12 片", "physical": "43"}})
    handed_in = reporter.post(f"{week}/hand_in", {"edition": saved["edition"]})
    assert program(cast.signer).post(f"{week}/sign", {"edition": handed_in["edition"]})["state"] == "signed"
    begun = reporter.post(f"/kinds/major_matter/begin/{PORT}", {})
    at = f"/kinds/major_matter/{begun['period']}/{PORT}"
    told_of = reporter.put(at, {"edition": 1, "values": {}, "happened": "昨天"}, 422)
    assert "例如 2023-09-18 14:30" in told(told_of)
    saved = reporter.put(
        at, {"edition": 1, "values": {"measure": "已停工排险"}, "happened": "2023-10-12 08:10"}
    )
    assert saved["happened"].startswith("2023-10-12T08:10")
    for wrong in ("/kinds/weekly/2023-10-10", "/kinds/major_matter/xx", "/kinds/moonly/2023-10-09"):
        reporter.get(f"{wrong}/{PORT}", 404)
