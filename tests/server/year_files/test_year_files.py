"""Year-end files: put together from what is kept, frozen, signed by another person, read by those who appraise."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from guatu.documents.year_file import year_file_of
from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account, Person
from guatu.server.assessment.actions import judge_month
from guatu.server.demo import Demonstration
from guatu.server.proposals.actions import decide
from guatu.server.record.chain import digest
from guatu.server.record.models import Entry
from guatu.server.reporting.models import Report
from guatu.server.year_files.actions import propose_year_file
from guatu.server.year_files.models import YearFile
from guatu.server.year_files.queries import paper_of
from guatu.values import Period
from tests.cast import PORT, Cast, project
from tests.server.portfolio.reading import page, signed_in
from tests.server.portfolio.test_project_page import CUTOFF, MARCH
from tests.server.portfolio.test_project_page import judged as judged
from tests.server.reporting.work import brought_to


def tables(row: YearFile) -> dict[str, list[tuple[str, ...]]]:
    return {one.title: list(one.rows) for one in paper_of(row).tables}


def made(cast: Cast, kind: str = "project", key: str = PORT) -> YearFile:
    return propose_year_file(actor=cast.office, year=2023, kind=kind, key=key, reason="年终考核")


@pytest.mark.django_db
def test_a_projects_file_says_what_the_year_said_and_what_it_did_not(judged: Cast) -> None:
    found = tables(made(judged))
    assert found["各月亮灯（项目数）"] == [("2023年3月", "0", "0", "0", "1", "0")]
    assert found["月报报送（项目数）"] == [("2023年3月", "2023年4月5日", "1", "1", "0", "0", "0")]
    assert [row[1] for row in found["承担的责任"]][:2] == ["市级包联领导", "项目单位"]
    (bundle,) = found["各月的复算包"]
    assert bundle[:2] == ("2023年3月", "2023年4月13日") and len(bundle[2]) == 64
    assert found["更正和理由"] == [] and found["各期得分和名次"] == []
    said = dict(paper_of(made(judged, "unit", "东岭县")).said)
    assert said["对象"] == "东岭县（单位）" and said["项目"] == "1 个"


@pytest.mark.django_db
def test_a_leaders_file_holds_his_projects_from_to(judged: Cast) -> None:
    leader = Person.objects.get(name="沈知远", distinction="")
    found = tables(made(judged, "leader", str(leader.pk)))
    assert {row[0] for row in found["承担的责任"]} == {
        "沧城港扩建项目",
        "西原中学新建项目",
        "西原包装材料厂项目",
    }
    assert found["承担的责任"][0][3:] == ("2023年1月18日", "至今")


@pytest.mark.django_db
def test_corrections_and_returns_stand_with_their_reasons(judged: Cast) -> None:
    report = brought_to(judged, "returned", Period(2023, 4))
    assert report.state == "returned"
    Report.objects.filter(pk=report.pk).update(reason="多计一笔")
    judge_month(Period(2023, 4), CUTOFF.replace(month=5), judged.office)
    found = tables(made(judged))
    assert found["更正和理由"] == [("沧城港扩建项目", "2023年4月", "1", "已退回", "多计一笔")]
    assert found["月报报送（项目数）"][-1][-2:] == ("1", "1")


@pytest.mark.django_db
def test_it_is_frozen_with_its_digest_and_another_look_is_another_version(judged: Cast) -> None:
    first = made(judged)
    content = first.content
    assert first.digest == digest(content)
    assert json.loads(json.dumps(year_file_of(json.loads(content)).as_json())) == json.loads(content)
    with pytest.raises(ValidationError, match="已有一版等待签发"):
        made(judged)
    decide(first.proposal, actor=judged.deputy, accept=False, reason="缺四月")
    judge_month(MARCH, CUTOFF, judged.office)
    second = made(judged)
    first.refresh_from_db()
    assert (first.version, second.version, first.content) == (1, 2, content)
    assert first.digest != second.digest, "the record has grown since"


@pytest.mark.django_db
def test_another_person_signs_it_and_never_the_one_who_put_it_together(judged: Cast) -> None:
    row = made(judged)
    with pytest.raises(PermissionDenied):
        decide(row.proposal, actor=judged.office, accept=True, reason="属实")
    with pytest.raises(PermissionDenied):
        decide(row.proposal, actor=judged.county, accept=True, reason="属实")
    decide(row.proposal, actor=judged.deputy, accept=True, reason="属实")
    row = YearFile.objects.get(pk=row.pk)
    assert row.signed
    text = page(signed_in(judged.reader), f"/year-files/{row.pk}/")
    assert "柏青于2023年10月13日签发：属实" in text and "第 1 版，内容摘要" in text
    done = Entry.objects.filter(subject_kind="proposal").order_by("sequence").values_list("action", flat=True)
    assert list(done) == ["sign_year_file.proposed", "sign_year_file.accepted"]


@pytest.mark.django_db
def test_what_was_touched_after_it_was_frozen_is_not_signed(judged: Cast) -> None:
    row = made(judged)
    YearFile.objects.filter(pk=row.pk).update(content=row.content.replace("2023年3月", "2023年4月"))
    with pytest.raises(ValidationError, match="摘要不符"):
        decide(row.proposal, actor=judged.deputy, accept=True, reason="属实")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "请写明汇编的理由"),
        ({"year": 2031}, "年度应是今年或以前的年份"),
        ({"key": "没有"}, "这一年没有这个对象"),
        ({"kind": "planet"}, "这一年没有这个对象"),
    ],
)
def test_what_cannot_be_put_together_is_said(judged: Cast, change: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"year": 2023, "kind": "project", "key": PORT, "reason": "年终"} | change
    with pytest.raises(ValidationError, match=words):
        propose_year_file(actor=judged.office, **asked)
    assert not YearFile.objects.exists()


@pytest.mark.django_db
def test_only_those_who_appraise_read_it(judged: Cast) -> None:
    row = made(judged)
    for name in ("county", "department", "reporter", "signer", "stranger"):
        client = signed_in(Account.objects.get(pk=judged.account(name).pk))
        for path in (
            "/year-files/",
            f"/year-files/{row.pk}/",
            f"/year-files/{row.pk}/file.docx",
            f"/year-files/{row.pk}/file.xlsx",
        ):
            assert client.get(path).status_code == 404
        assert "年度考核档案" not in page(client, "/projects/")
    assert "汇编一份" not in page(signed_in(judged.reader), "/year-files/")
    assert signed_in(judged.reader).post("/year-files/propose", {"year": "2023"}).status_code == 403
    with pytest.raises(PermissionDenied):
        propose_year_file(actor=judged.county, year=2023, kind="project", key=PORT, reason="x")
    assert project(PORT).name in page(signed_in(judged.office), "/year-files/")


def test_the_paper_and_the_workbook_hold_points_with_their_clauses(city: Demonstration) -> None:
    office = Account.objects.get(username="zhongdianban")
    row = propose_year_file(actor=office, year=2023, kind="unit", key="云溪县", reason="年终考核")
    found = tables(row)
    assert len(found["各月排名"]) >= 9 and len(found["各月的复算包"]) == 9
    assert found["得分从何而来"] and all(cells[-1] for cells in found["得分从何而来"])
    graded = load_scheme(settings.GUATU_SCHEME).text.data_quality is not None
    assert ("数据质量" in found) == graded
    client: Client = signed_in("yanzijin")
    text = "\n".join(
        one.text
        for one in Document(BytesIO(client.get(f"/year-files/{row.pk}/file.docx").content)).paragraphs
    )
    assert "云溪县2023年度考核档案" in text and row.digest in text and "未签发" in text
    book = load_workbook(BytesIO(client.get(f"/year-files/{row.pk}/file.xlsx").content))
    places = book[next(name for name in book.sheetnames if "各月排名" in name)]
    assert isinstance(places["C2"].value, int | float) and isinstance(places["D2"].value, int | float)
