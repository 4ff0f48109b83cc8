"""A project's page: why its light is on, who answers, where each fact and report comes from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from guatu.server.assessment.actions import judge_month
from guatu.server.demo import Demonstration
from guatu.server.portfolio.actions import Paper, change_plan, import_projects
from guatu.server.portfolio.models import Project
from guatu.server.reporting.actions import import_reports
from guatu.values import Period
from tests.cast import LEDGER_DAY, PLANT, PORT, SCHOOL, WAN, Cast, ledger, project, report
from tests.server.portfolio.reading import codes, page, signed_in

MARCH = Period(2023, 3)
CUTOFF = date(2023, 4, 13)


def text_of(source: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source[source.index("<main") :]))


@pytest.fixture
def judged(cast: Cast) -> Cast:
    """March: the port on time, the plant far behind and late, the school silent since January."""
    rows = [report(PORT, month, ytd) for month, ytd in ((1, 900), (2, 2_000), (3, 3_100))]
    rows += [report(PLANT, month, ytd) for month, ytd in ((1, 100), (2, 300))]
    rows.append(replace(report(PLANT, 3, 600, handed_in=date(2023, 4, 9)), problem="征地未完成"))
    rows.append(report(SCHOOL, 1, 50))
    import_reports([replace(row, invested_month=None) for row in rows], actor=cast.office, day=CUTOFF)
    judge_month(MARCH, CUTOFF, cast.office)
    return cast


def words(cast: Cast, code: str, account: str = "office", query: str = "") -> str:
    return text_of(page(signed_in(cast.account(account)), f"/projects/{code}/{query}"))


@pytest.mark.django_db
def test_the_light_is_explained_by_its_inputs_its_arithmetic_and_its_clause(judged: Cast) -> None:
    said = words(judged, PLANT)
    assert "为什么是“黄”" in said
    assert "累计完成 （万元） 600" in said
    assert "3 月月报第 1 版，陆听松 2023年4月9日报送 · reports.xlsx“3月”I5" in said
    assert "计划累计 （万元） 3000" in said and "年度计划 （万元） 12,000" in said
    assert "《沧城市2023年重点项目台账》（沧重办〔2023〕1号）2023年1月18日" in said
    assert "3000 ÷ 12,000 − 600 ÷ 12,000 20.00 个百分点" in said
    assert "10（含）至 25 个百分点" in said and "唐山 三(六)" in said and "本地选择" in said
    assert "比序时慢 20.0 个百分点" in said


@pytest.mark.django_db
def test_a_silent_month_is_judged_by_the_last_report_and_says_so(judged: Cast) -> None:
    said = words(judged, SCHOOL)
    assert "1 月月报第 1 版，陆听松 2023年2月3日报送" in said
    assert "3 月未报，沿用 1 月所报" in said
    assert "应于 2023年4月5日前报送" in said


@pytest.mark.django_db
def test_a_late_report_says_by_how_many_working_days(judged: Cast) -> None:
    assert "迟报 2 个工作日" in words(judged, PLANT)
    assert "迟报" not in words(judged, PORT)


@pytest.mark.django_db
def test_a_correction_shows_the_new_version_and_keeps_the_old_one_in_sight(judged: Cast) -> None:
    corrected = replace(report(PORT, 3, 3_050, handed_in=date(2023, 4, 5)), invested_month=None)
    import_reports([corrected], actor=judged.office, day=CUTOFF)
    said = words(judged, PORT)
    assert "第 2 版，已采用" in said
    assert re.search(r"3月 – 3050 3000 25\.4%", said)
    assert re.search(r"第 1 版（已采用） 本月完成 – 累计完成 3100", said)
    assert "3 月月报第 2 版" in said


@pytest.mark.django_db
def test_a_changed_plan_shows_what_it_was_since_when_and_on_which_paper(judged: Cast) -> None:
    change_plan(
        project(PORT),
        actor=judged.office,
        year=2023,
        amount=15_000 * WAN,
        cumulative=[1_250 * WAN * month for month in range(1, 13)],
        valid_from=date(2023, 7, 1),
        paper=Paper("关于调整年度计划的通知", date(2023, 6, 28), "沧重办〔2023〕9号"),
        reason="增加一个泊位",
    )
    said = words(judged, PORT)
    assert (
        "2023年计划 15,000 万元（增加一个泊位） 2023年7月1日起，《关于调整年度计划的通知》（沧重办〔2023〕9号）2023年6月28日"
        in said
    )
    assert "先前 1 版 12,000 万元 2023年1月18日起" in said
    assert "年度计划 （万元） 12,000" in said, "March stays judged by the plan of its time"


@pytest.mark.django_db
def test_a_changed_fact_shows_its_older_version_with_its_paper(judged: Cast) -> None:
    rows = [replace(row, total=60_000 * WAN) if row.code == PORT else row for row in ledger()]
    paper = Paper("沧城市2023年重点项目台账（调整）", date(2023, 8, 1))
    import_projects(rows, actor=judged.office, paper=paper, day=date(2023, 8, 1), year=2023)
    said = words(judged, PORT)
    assert "总投资 60,000 万元 2023年8月1日起，《沧城市2023年重点项目台账（调整）》2023年8月1日" in said
    assert "先前 1 版 50,000 万元 2023年1月18日起" in said


@pytest.mark.django_db
def test_who_answers_is_listed_by_role_with_the_day_it_began(judged: Cast) -> None:
    said = words(judged, PORT)
    for answer in (
        "市级包联领导 沈知远（副市长）",
        "县级包联领导 顾长风（副县长）",
        "牵头部门 市交通运输局",
        "责任单位 东岭县交通运输局",
    ):
        assert f"{answer} 2023年1月18日起" in said
    changed = [replace(row, county_leader="白露（副县长）") if row.code == PORT else row for row in ledger()]
    paper = Paper("分工调整", date(2023, 9, 1))
    import_projects(changed, actor=judged.office, paper=paper, day=date(2023, 9, 1), year=2023)
    said = words(judged, PORT)
    assert "县级包联领导 白露（副县长） 2023年9月1日起" in said
    assert "先前负责 1 项 县级包联领导 顾长风（副县长） 2023年1月18日 – 2023年8月31日" in said


@pytest.mark.django_db
@pytest.mark.parametrize(("account", "shown"), [("office", True), ("county", True), ("reader", False)])
def test_the_telephone_is_shown_to_those_who_may_see_it(account: str, shown: bool, judged: Cast) -> None:
    assert ("13800000001" in page(signed_in(judged.account(account)), f"/projects/{PORT}/")) is shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("account", "code", "status"),
    [
        ("county", PORT, 200),
        ("county", SCHOOL, 404),
        ("department", SCHOOL, 404),
        ("reporter", PLANT, 404),
        ("stranger", PORT, 404),
        ("office", "2023-000000-00-00-000000", 404),
        ("office", "../etc/passwd", 404),
    ],
)
def test_an_unknown_code_and_one_out_of_sight_look_the_same(
    account: str, code: str, status: int, judged: Cast
) -> None:
    assert signed_in(judged.account(account)).get(f"/projects/{code}/").status_code == status


@pytest.mark.django_db
def test_an_office_number_with_any_sign_has_a_page(cast: Cast) -> None:
    odd = replace(ledger()[0], code="重点/2023?第1号 #a")
    import_projects([odd], actor=cast.office, paper=Paper("补充", LEDGER_DAY), day=LEDGER_DAY, year=2023)
    client = signed_in(cast.office)
    listed = page(client, q="重点/2023")
    href = re.search(r'<a data-main href="([^"]+)"', listed)
    assert href is not None
    assert "重点/2023?第1号 #a" in text_of(page(client, href[1].replace("&amp;", "&")))


@pytest.mark.django_db
def test_the_neighbours_are_those_of_the_ledger_as_it_was_filtered(judged: Cast) -> None:
    client = signed_in(judged.office)
    order = codes(page(client))
    middle = page(client, f"/projects/{order[1]}/")
    assert f'href="/projects/{order[0]}/" rel="prev"' in middle
    assert f'href="/projects/{order[2]}/" rel="next"' in middle
    filtered = page(client, f"/projects/{PLANT}/", category="产业")
    assert "第 1 / 1 个" in filtered
    assert 'rel="next"' not in filtered


@pytest.mark.django_db
def test_before_the_first_judgement_the_page_says_what_will_stand_there(cast: Cast) -> None:
    assert "还没有判定过的月份" in words(cast, PORT)


@pytest.fixture
def office(city: Demonstration) -> Client:
    return signed_in("zhongdianban")


def test_a_doubted_figure_is_marked_with_what_was_expected_and_the_light_without_it(office: Client) -> None:
    source = page(office, "/projects/2022-139751-78-01-822086/")
    said = text_of(source)
    assert re.search(
        r'class="n value doubted" title="J149">4<span class="sub mark">应为 42080 万元</span>', source
    )
    assert "待核数字 2 个未核" in said
    assert "剔除待核数字后 2.34 个百分点 正常" in said


def test_a_project_before_construction_shows_approvals_instead_of_investment(office: Client) -> None:
    said = text_of(page(office, "/projects/2022-139721-36-02-982155/"))
    assert "前期手续" in said and "年度目标 完成环评、能评批复" in said
    assert (
        "已批复 立项（备案/核准/可研批复）" in said
        and "办理中 环评批复" in said
        and "未办理 节能审查" in said
    )
    assert "为什么" not in said and "月报" not in said and "累计计划" not in said


def test_every_project_of_the_demonstration_has_a_page(office: Client) -> None:
    for code in Project.objects.order_by("position").values_list("code", flat=True)[::7]:
        assert office.get(f"/projects/{code}/").status_code == 200, code


def test_plan_and_completion_are_a_table_as_well_as_a_drawing(office: Client) -> None:
    source = page(office, "/projects/2022-139705-39-03-745064/")
    assert '"plan": [3090, 6440' in source
    assert re.search(r'<th scope="row">9月</th><td class="n">38,570</td><td class="n">29,490</td>', source)
    assert re.search(r'<th scope="row">10月</th><td class="n">43,400</td><td class="n">–</td>', source)
