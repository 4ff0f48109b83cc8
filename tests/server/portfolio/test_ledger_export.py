"""The ledger as a workbook: what is seen, all pages, and never a formula."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from guatu.server.demo import Demonstration
from tests.cast import PORT, Cast, ledger_project, settle
from tests.server.portfolio.reading import codes, page, signed_in

HEAD = 3


def sheet(client: Client, query: str = "") -> Any:
    answer = client.get(f"/projects/export.xlsx{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]


def heads(found: Any) -> list[str]:
    return [str(cell.value).split("\n")[0] for cell in found[HEAD]]


def column(found: Any, words: str) -> list[Any]:
    at = heads(found).index(words)
    return [row[at].value for row in found.iter_rows(min_row=HEAD + 1, max_row=found.max_row - 1)]


@pytest.fixture
def office(city: Demonstration) -> Client:
    return signed_in("zhongdianban")


@pytest.mark.parametrize(
    "query", ["", "?light=red", "?stage=all&sort=-total", "?stage=preliminary&county=云溪县"]
)
def test_the_workbook_lists_what_the_pages_list_in_the_same_order(query: str, office: Client) -> None:
    listed: list[str] = []
    for number in (1, 2, 3):
        text = office.get(f"/projects/{query}{'&' if query else '?'}page={number}").content.decode()
        listed += [code for code in codes(text) if code not in listed]
    assert column(sheet(office, query), "项目代码") == listed
    assert listed


def test_the_columns_are_those_of_the_page(office: Client) -> None:
    usual = heads(sheet(office))
    assert usual == [
        "序号", "灯", "项目", "项目代码", "县区", "行业", "阶段", "总投资", "年计划", "完成", "完成率", "比序时", "包保领导",
    ]  # fmt: skip
    office.post("/projects/columns", {"column": ["company", "total"]})
    assert heads(sheet(office)) == ["序号", "项目", "项目代码", "总投资", "项目单位"]


def test_money_is_a_number_in_wan_and_the_last_row_is_the_sum(office: Client) -> None:
    found = sheet(office)
    totals = column(found, "总投资")
    assert all(isinstance(total, int | float) for total in totals)
    last = [cell.value for cell in found[found.max_row]]
    assert last[heads(found).index("项目")] == "合计 148 个"
    assert round(last[heads(found).index("总投资")], 4) == round(sum(totals), 4)
    assert round(last[heads(found).index("完成率")], 3) == 0.805


def test_the_head_says_what_was_filtered_and_as_of_when(office: Client) -> None:
    found = sheet(office, "?light=red&category=产业")
    assert found["A1"].value == "项目台账 2023年9月"
    assert "行业：产业" in found["A2"].value and "灯：红" in found["A2"].value
    assert "数据截至" in found["A2"].value


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_text_that_looks_like_a_formula_is_written_as_text(sign: str) -> None:
    name = f"{sign}HYPERLINK(A1)项目"
    cast: Cast = settle([replace(ledger_project(PORT, name, "东岭县", 5), county_leader=f"{sign}1+1")])
    found = sheet(signed_in(cast.office))
    for words, written in (("项目", name), ("包保领导", f"{sign}1+1")):
        cell = found.cell(HEAD + 1, heads(found).index(words) + 1)
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", written, True)


@pytest.mark.django_db
def test_a_person_exports_the_projects_of_his_post_alone(cast: Cast) -> None:
    assert column(sheet(signed_in(cast.county)), "项目代码") == [PORT]


@pytest.mark.django_db
def test_a_stranger_may_not_export(cast: Cast) -> None:
    assert signed_in(cast.stranger).get("/projects/export.xlsx").status_code == 403
    assert "导出 Excel" not in page(signed_in(cast.stranger))
