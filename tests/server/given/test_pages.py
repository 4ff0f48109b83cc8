"""评分与数据: who opens the pages, what they say, and what typing, confirming and importing do."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.queries import latest_judged, score_of, scores
from guatu.server.demo import Demonstration
from guatu.server.given.actions import hand_in
from guatu.server.given.models import Ballot, GivenFact
from guatu.server.proposals.actions import propose_marks
from guatu.server.proposals.models import Proposal
from guatu.values import Period
from tests.cast import Cast, fresh

PAGES = (
    "/given/",
    "/given/import/",
    "/given/facts/new_enterprises/",
    "/given/facts/inspection_mark/?term=2023-09",
    "/given/things/county/东岭县/",
    "/given/ballots/tour_votes/?term=2023Q3",
)
GRID = "/given/facts/new_enterprises/?term=2023-09"
MARKS = "/given/facts/inspection_mark/?term=2023-09"
BALLOT = "/given/ballots/tour_votes/?term=2023Q3"
SEPTEMBER = Term("month", 2023, 9)
DAY = date(2023, 10, 13)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(fresh(account), backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def wait(cast: Cast, points: int = 85, county: str = "东岭县") -> Proposal:
    row = FactRow(county, SEPTEMBER, "inspection_mark", Fraction(points), reason="现场有序")
    (proposal,) = propose_marks([row], actor=cast.office, scheme=load_scheme("tangshan-2023"))
    return proposal


# Who opens what


@pytest.mark.django_db
def test_the_office_opens_every_page_and_the_reader_all_that_only_show(cast: Cast) -> None:
    for address in PAGES:
        assert signed_in(cast.office).get(address).status_code == 200, address
        wanted = 403 if address == "/given/import/" else 200
        response = signed_in(cast.reader).get(address)
        assert response.status_code == wanted, address
        if wanted == 200:
            assert "提交" not in words(response) and "录入一张票" not in words(response), address


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["county", "department", "reporter", "stranger"])
def test_for_everybody_else_the_pages_do_not_exist(cast: Cast, who: str) -> None:
    proposal = wait(cast)
    client = signed_in(cast.account(who))
    for address in (*PAGES, "/given/facts/new_enterprises/东岭县/?term=2023-09"):
        assert client.get(address).status_code == 404, address
    for address in (
        GRID, MARKS, BALLOT, "/given/import/", f"/given/marks/{proposal.pk}/",
        "/given/facts/new_enterprises/东岭县/take-back/?term=2023-09",
        "/given/ballots/tour_votes/check/?term=2023Q3", "/given/ballots/tour_votes/take-back/?term=2023Q3",
    ):  # fmt: skip
        assert client.post(address, {"decision": "accept", "reason": "同意"}).status_code == 404, address
    assert 'href="/given/"' not in client.get("/scheme/").content.decode()


@pytest.mark.django_db
def test_without_a_sign_in_every_page_leads_to_it(cast: Cast) -> None:
    for address in PAGES:
        assert Client().get(address).status_code == 302


def test_a_supplier_sees_its_own_facts_alone(city: Demonstration) -> None:
    client = signed_in(Account.objects.get(username="tongjiju"))
    page = words(client.get("/given/?month=2023-09"))
    assert "新增规模以上企业" in page and "月督导评分" not in page and "观摩测评" not in page
    assert 'href="/given/"' in client.get("/scheme/").content.decode()
    assert client.get("/given/facts/inspection_mark/").status_code == 404
    assert client.get(BALLOT).status_code == 404
    answer = client.post("/given/import/", {"what": "votes", "term": "2023Q3"})
    assert answer.status_code == 400 and not Ballot.objects.filter(term="2023Q3").exists()


@pytest.mark.django_db
def test_what_the_scheme_does_not_ask_for_is_not_found(cast: Cast) -> None:
    client = signed_in(cast.office)
    for address in (
        "/given/facts/invested_ytd/", "/given/facts/nosuch/", "/given/facts/new_enterprises/?term=2023",
        "/given/facts/new_enterprises/?term=nonsense", "/given/facts/new_enterprises/东岭县/?term=2023-09",
        "/given/things/county/乌有县/", "/given/things/leader/沈知远/", "/given/ballots/nosuch/",
        "/given/ballots/tour_votes/?term=2023-09", "/given/ballots/tour_votes/?term=x",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


# What is asked for, and typing it in


def test_the_overview_says_who_is_missing_and_since_when(city: Demonstration) -> None:
    page = words(signed_in(Account.objects.get(username="zhongdianban")).get("/given/?month=2023-09"))
    assert "新增规模以上企业 数据 · 唐山 三(六) 市统计局 2023年10月10日 已过 3 个工作日 0 / 12" in page
    assert "东湖区、西岭区、南浦区、北苑区、青石县、云溪县，另 6 个" in page
    assert "1 个待确认" in page and "2023年三季度" in page and "观摩测评" in page
    july = words(signed_in(Account.objects.get(username="zhongdianban")).get("/given/?month=2023-07"))
    assert "12 / 12 报齐了" in july


@pytest.mark.django_db
def test_a_month_that_cannot_be_read_shows_the_last_one(cast: Cast) -> None:
    assert "2023年9月" in words(signed_in(cast.office).get("/given/?month=nonsense"))


def typed(fact: str, term: str, **cells: str) -> dict[str, str]:
    """Fields of a grid: `value_东岭县` and the like."""
    return {f"{name.split('_')[0]}|{fact}|{term}|{name.split('_')[1]}": text for name, text in cells.items()}


@pytest.mark.django_db
def test_what_is_typed_into_the_grid_is_handed_in(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = typed("new_enterprises", "2023-09", value_东岭县="3", checked_东岭县="2", value_西原区=" ")
    assert client.post(GRID, {**form, "source": "统计名录库"}).status_code == 302
    row = GivenFact.objects.get()
    assert (row.entity, row.value, row.checked, row.source) == (
        "东岭县", '{"number":"3/1"}', '{"number":"2/1"}', "统计名录库")  # fmt: skip
    page = words(client.get(GRID))
    assert "已报 1 个，更正 0 个" in page and "核查 2" in page and "第 1 版" in page


@pytest.mark.django_db
def test_a_grid_with_a_bad_cell_keeps_nothing_and_shows_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = typed("new_enterprises", "2023-09", value_东岭县="3", value_西原区="很多")
    response = client.post(GRID, form)
    assert response.status_code == 400 and not GivenFact.objects.exists()
    page = response.content.decode()
    assert "西原区：应为：不小于 0 的整数" in words(response)
    assert 'value="很多"' in page and 'value="3"' in page and 'aria-invalid="true"' in page


@pytest.mark.django_db
def test_a_correction_in_the_grid_needs_a_reason_and_clearing_is_refused(cast: Cast) -> None:
    client = signed_in(cast.office)
    client.post(GRID, typed("new_enterprises", "2023-09", value_东岭县="3"))
    changed = typed("new_enterprises", "2023-09", value_东岭县="4")
    assert "要写明理由" in words(client.post(GRID, changed))
    assert "不能清空" in words(client.post(GRID, typed("new_enterprises", "2023-09", value_东岭县="")))
    assert "没有改动" in words(client.post(GRID, typed("new_enterprises", "2023-09", value_东岭县="3")))
    assert client.post(GRID, {**changed, "reason": "重复入库"}).status_code == 302
    page = words(client.get("/given/facts/new_enterprises/东岭县/?term=2023-09"))
    assert "第 2 版" in page and "重复入库" in page and "第 1 版" in page


@pytest.mark.django_db
def test_what_was_handed_in_is_taken_back_on_the_page_of_its_versions(cast: Cast) -> None:
    client = signed_in(cast.office)
    client.post(GRID, typed("new_enterprises", "2023-09", value_东岭县="3"))
    address = "/given/facts/new_enterprises/东岭县/take-back/?term=2023-09"
    assert "撤回的理由" in words(client.post(address, {"reason": ""}, follow=True))
    page = words(client.post(address, {"reason": "报错了县"}, follow=True))
    assert "已撤回，按没有报处理" in page and "报错了县" in page
    assert "0 / 2" in words(client.get("/given/?month=2023-09"))


@pytest.mark.django_db
def test_all_facts_of_one_thing_are_typed_on_one_page(cast: Cast) -> None:
    client = signed_in(cast.office)
    address = "/given/things/county/东岭县/?month=2023-09"
    assert "新增规模以上企业（2023年9月）" in words(client.get(address))
    assert client.post(address, typed("new_enterprises", "2023-09", value_东岭县="3")).status_code == 302
    assert GivenFact.objects.get().entity == "东岭县"


# Marks


@pytest.mark.django_db
def test_marks_are_given_in_the_grid_and_confirmed_by_another_on_the_overview(cast: Cast) -> None:
    client = signed_in(cast.office)
    refused = client.post(MARKS, typed("inspection_mark", "2023-09", value_东岭县="101", value_西原区="80"))
    assert refused.status_code == 400 and not Proposal.objects.exists()
    said = words(refused)
    assert "东岭县：应为：0分 到 100分" in said and "西原区：请写明理由" in said
    form = typed("inspection_mark", "2023-09", value_东岭县="85", reason_东岭县="现场有序")
    assert client.post(MARKS, form).status_code == 302
    proposal = Proposal.objects.get()
    assert "待第二人确认：85 分，文若水（沧城市重点办）打分" in words(client.get(MARKS))
    assert "您打的分，请另一人确认" in words(client.get("/given/?month=2023-09"))
    mine = client.post(
        f"/given/marks/{proposal.pk}/", {"decision": "accept", "reason": "自己确认"}, follow=True
    )
    assert "请由另一人决定" in words(mine) and not GivenFact.objects.exists()
    other = signed_in(cast.deputy)
    empty = other.post(f"/given/marks/{proposal.pk}/", {"decision": "accept", "reason": ""}, follow=True)
    assert "决定的理由" in words(empty)
    done = other.post(f"/given/marks/{proposal.pk}/", {"decision": "accept", "reason": "一致"}, follow=True)
    assert "东岭县的打分已确认" in words(done)
    assert (GivenFact.objects.get().by, GivenFact.objects.get().second) == (
        "文若水（沧城市重点办）", "柏青（沧城市重点办）")  # fmt: skip


@pytest.mark.django_db
def test_a_mark_that_is_turned_down_does_not_count(cast: Cast) -> None:
    proposal = wait(cast)
    client = signed_in(cast.deputy)
    page = client.post(
        f"/given/marks/{proposal.pk}/", {"decision": "reject", "reason": "照片是上月的"}, follow=True
    )
    assert "没有通过，不计分" in words(page) and not GivenFact.objects.exists()
    assert client.post("/given/marks/999999/", {"decision": "accept", "reason": "好"}).status_code == 404


@pytest.mark.django_db
def test_a_reader_sees_a_waiting_mark_and_does_not_confirm_it(cast: Cast) -> None:
    proposal = wait(cast)
    client = signed_in(cast.reader)
    assert "等待确认" in words(client.get("/given/?month=2023-09"))
    response = client.post(f"/given/marks/{proposal.pk}/", {"decision": "accept", "reason": "好"})
    assert response.status_code == 403 and not GivenFact.objects.exists()
    for address in (GRID, MARKS, BALLOT, "/given/things/county/东岭县/"):
        assert client.post(address, {}).status_code == 403, address


# Files

FACTS = """对象,期别,事实,数值,来源,填报人,日期,理由
东岭县,2023-09,新增规模以上企业,4,名录库,,2023-10-08,
西原新区,2023-09,新增规模以上企业,6,名录库,,2023-10-08,
东陵县,2023-09,新增规模以上企业,1,名录库,,,
西原区,2023-09,月督导评分,88,,甲,,现场有序
西原区,2023-09,月督导评分,188,,甲,,现场有序
东岭县,2023-09,本年累计,100,,,,
"""
VOTES = """测评,期别,投票人,组别,对象,名次
观摩测评,2023Q3,甲,市领导,东岭县,1
观摩测评,2023Q3,甲,市领导,西原区,2
观摩测评,2023Q3,东岭县,县（市、区）,东岭县,1
观摩测评,2023Q3,东岭县,县（市、区）,西原区,2
"""


def upload(client: Client, name: str, text: str | bytes, what: str = "facts", term: str = "2023-09") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(
        "/given/import/", {"what": what, "term": term, "files": SimpleUploadedFile(name, content)}
    )


def confirm(client: Client, preview: Any, what: str = "facts", **more: str) -> Any:
    found = re.search(r'name="sealed" value="([^"]+)"', preview.content.decode())
    assert found
    form = {"what": what, "term": "2023-09", "sealed": found[1], **more}
    return client.post("/given/import/", form, follow=True)


@pytest.mark.django_db
def test_a_file_is_previewed_before_anything_is_kept(cast: Cast) -> None:
    client = signed_in(cast.office)
    hand_in(
        [FactRow("东岭县", SEPTEMBER, "new_enterprises", Fraction(3))],
        actor=cast.office, scheme=load_scheme("tangshan-2023"), day=date(2023, 10, 7),
    )  # fmt: skip
    preview = upload(client, "facts.csv", FACTS)
    said = words(preview)
    assert preview.status_code == 200 and GivenFact.objects.count() == 1
    assert "可以收 3 个。还没有存任何东西" in said
    assert "最接近的是 东岭县" in said
    assert "188" in said and "数值超出允许的范围" in said
    assert "“本年累计”不是方案声明的事实" in said
    assert "请写明更正的理由" in words(confirm(client, preview))
    done = words(confirm(client, preview, reason="来函更正"))
    assert "已报 1 个，更正 1 个，待确认的打分 1 个" in done
    assert GivenFact.objects.count() == 3 and Proposal.objects.count() == 1
    again = words(upload(client, "facts.csv", FACTS))
    assert "2 个与已有的相同" in again


@pytest.mark.django_db
def test_a_file_of_votes_shows_who_is_not_valid_and_keeps_them_uncounted(cast: Cast) -> None:
    client = signed_in(cast.office)
    preview = upload(client, "votes.csv", VOTES, "votes")
    said = words(preview)
    assert "可以收 2 个" in said and "无效，收下但不计" in said and "给自己投票" in said
    assert not Ballot.objects.exists()
    assert "已收 2 张票" in words(confirm(client, preview, "votes"))
    page = words(client.get(BALLOT))
    assert "1 张有效，1 张无效" in page and "无效：给自己投票" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("facts.exe", b"MZ", "不是 .xlsx、.xls 或 .ods 工作簿"),
        ("facts.xlsx", b"nonsense", "facts.xlsx"),
        ("facts.csv", b"", "没有可以导入的"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    cast: Cast, name: str, content: bytes, said: str
) -> None:
    response = upload(signed_in(cast.office), name, content)
    assert said in words(response) and not GivenFact.objects.exists()


@pytest.mark.django_db
def test_a_preview_serves_only_the_person_it_was_made_for(cast: Cast) -> None:
    preview = upload(signed_in(cast.office), "facts.csv", FACTS)
    assert "预览已过期" in words(confirm(signed_in(cast.deputy), preview))
    form = {"what": "facts", "term": "2023-09", "sealed": "forged"}
    assert "预览已过期" in words(signed_in(cast.office).post("/given/import/", form))
    assert "请先选文件" in words(
        signed_in(cast.office).post("/given/import/", {"what": "facts", "term": "2023-09"})
    )
    assert "不是期别" in words(upload(signed_in(cast.office), "facts.csv", FACTS, term="九月底"))
    assert not GivenFact.objects.exists()


# Ballots


@pytest.mark.django_db
def test_a_ballot_is_refused_for_a_vote_for_oneself_and_then_taken(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = {"voter": "东岭县", "group": "counties", "vote|东岭县": "1", "vote|西原区": "2"}
    check = client.post("/given/ballots/tour_votes/check/?term=2023Q3", form)
    assert "还不能交：给自己投票" in words(check)
    refused = client.post(BALLOT, form)
    assert refused.status_code == 400 and "这张票无效，没有收：给自己投票" in words(refused)
    assert 'name="vote|西原区" value="2"' in refused.content.decode() and not Ballot.objects.exists()
    form = {"voter": "东岭县", "group": "counties", "vote|东岭县": "", "vote|西原区": "1"}
    assert "这张票有效，可以交" in words(client.post("/given/ballots/tour_votes/check/?term=2023Q3", form))
    assert "东岭县的票有效，已录入" in words(client.post(BALLOT, form, follow=True))
    assert "名次或分数" in words(client.post(BALLOT, {**form, "voter": "甲", "vote|西原区": "一"}))
    assert "没有写投票人" in words(client.post(BALLOT, {**form, "voter": ""}))
    back = {"voter": "东岭县", "reason": "冒名"}
    page = client.post("/given/ballots/tour_votes/take-back/?term=2023Q3", back, follow=True)
    assert "东岭县的票已撤回" in words(page) and "这一期还没有选票" in words(page)


def test_the_count_shows_groups_and_dropped_votes(city: Demonstration) -> None:
    page = words(
        signed_in(Account.objects.get(username="zhongdianban")).get("/given/ballots/tour_votes/?term=2023Q2")
    )
    assert "16 张有效，1 张无效。每组去掉 1 个最好的、1 个最差的，再平均。" in page
    assert "1 石桥市 100.00 去掉 100、100 100.00 去掉 100、100 15 100.00" in page
    assert "松岗市 县（市、区） 无效：给自己投票" in page


# Judging anew


@pytest.mark.django_db
def test_confirmed_marks_and_valid_ballots_score_once_the_month_is_judged_again(cast: Cast) -> None:
    client = signed_in(cast.office)
    wait(cast)
    for voter in ("甲", "乙", "丙"):
        form = {"voter": voter, "group": "leaders", "vote|东岭县": "1", "vote|西原区": "2"}
        assert client.post(BALLOT, form).status_code == 302
    judge_month(Period(2023, 9), DAY, cast.office)
    judged = latest_judged("2023-09")
    assert judged is not None
    entries = scores(judged, cast.office)
    assert score_of(entries, "inspection", "东岭县") is None
    tour = score_of(entries, "tour", "东岭县")
    assert tour is not None and (tour["term"], tour["score"]) == ("2023Q3", 100)
    pk = Proposal.objects.get().pk
    signed_in(cast.deputy).post(f"/given/marks/{pk}/", {"decision": "accept", "reason": "一致"})
    judge_month(Period(2023, 9), DAY, cast.office)
    said = words(client.get("/assessment/?period=2023-09"))
    assert "月督导" in said and "季度观摩" in said and "2023年三季度" in said
    workings = words(client.get(f"/assessment/inspection/{quote('东岭县')}/?period=2023-09"))
    assert "文若水（沧城市重点办）" in workings and "柏青（沧城市重点办）复核" in workings
