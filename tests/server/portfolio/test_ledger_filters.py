"""The ledger of the demonstration city: what its filters find, in which order, with which sums."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guatu.server.assessment.models import JudgedMonth
from guatu.server.demo import Demonstration
from guatu.server.portfolio.columns import percent_text, tenths, wan
from guatu.server.portfolio.ledger_queries import SORTS
from guatu.server.portfolio.models import Project
from guatu.values import money_text, number_text
from tests.server.portfolio.reading import cells, codes, count, names, page, signed_in, sums, tabs


@pytest.fixture
def office(city: Demonstration) -> Client:
    return signed_in("zhongdianban")


@pytest.fixture
def summary(city: Demonstration) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(JudgedMonth.objects.filter(period="2023-09").latest("id").summary)
    return found


def test_the_tabs_count_the_projects_under_construction_and_those_before_it(office: Client) -> None:
    assert tabs(page(office)) == {"在建": 148, "前期": 69, "全部": 217}


def test_the_sums_stand_over_the_whole_filtered_set_and_not_over_the_page(office: Client) -> None:
    text = page(office)
    assert len(codes(text)) == 100
    assert sums(text) == ["合计 148 个", "48,853,039", "11,274,000", "9,075,127", "80.5%", "+1.8"]
    assert sums(page(office, page=2)) == sums(text)


def test_the_second_page_goes_on_where_the_first_ends(office: Client) -> None:
    first, second = codes(page(office)), codes(page(office, page=2))
    assert (len(first), len(second)) == (100, 48)
    assert not set(first) & set(second)
    assert len(set(first) | set(second)) == 148


@pytest.mark.parametrize("cut", ["category", "size", "county", "level", "preliminary_category", "progress"])
def test_each_cut_of_the_overview_finds_its_projects_in_the_ledger(
    cut: str, office: Client, summary: dict[str, Any]
) -> None:
    rows = [row for row in summary["cuts"] if row["cut"] == cut]
    assert rows
    for row in rows:
        name = {"progress": "stage", "preliminary_category": "category"}.get(cut, cut)
        query = {name: row["class"]}
        if cut != "progress":
            query["stage"] = "preliminary" if cut == "preliminary_category" else "building"
        text = page(office, **query)
        assert count(text) == row["projects"], row
        assert money_text(round(Decimal(str(row["total"])) * 1_000_000), "万元", 0) in sums(text), row


@pytest.mark.parametrize("level", ["red", "yellow", "blue", "normal"])
def test_a_light_finds_as_many_projects_as_the_month_counts(
    level: str, office: Client, summary: dict[str, Any]
) -> None:
    assert count(page(office, light=level)) == summary["state"]["lights"][level] > 0


def test_the_silent_the_late_and_the_unstarted_are_those_of_the_month(
    office: Client, summary: dict[str, Any]
) -> None:
    silent = {row["project"] for row in summary["silent"]}
    late = {row["project"] for row in summary["late"]}
    unstarted = {row["project"] for row in summary["missed_starts"]}
    assert silent and late and unstarted
    assert set(codes(page(office, silent="1"))) == silent
    assert set(codes(page(office, late="1"))) == late
    assert set(codes(page(office, started="no"))) == unstarted
    assert count(page(office, questioned="1")) == summary["state"]["questioned"] > 0


def test_two_filters_find_what_both_find(office: Client) -> None:
    red, industry = (set(codes(page(office, **query))) for query in ({"light": "red"}, {"category": "产业"}))
    assert set(codes(page(office, light="red", category="产业"))) == red & industry != set()


def test_a_leader_is_found_by_name_whichever_level_he_is_of(office: Client) -> None:
    project = Project.objects.filter(stage="continuing").order_by("code").first()
    assert project is not None
    for stated in (project.city_leader, project.county_leader):
        assert project.code in codes(page(office, leader=stated.split("（")[0]))


def test_a_department_finds_the_projects_it_leads(office: Client) -> None:
    led = Project.objects.filter(
        lead_department__name="市交通运输局", stage__in=("new", "continuing")
    ).count()
    assert count(page(office, department="市交通运输局")) == led > 0


@pytest.mark.parametrize("text", ["中央厨房", "2022-139705-39-03-745064", "zycf", "ZYCF", "穆川 预制菜"])
def test_a_project_is_found_by_name_code_and_pinyin_initials(text: str, office: Client) -> None:
    assert "穆川中央厨房及预制菜产业园项目" in names(page(office, q=text))


def test_a_text_that_is_found_in_another_tab_alone_says_so(office: Client) -> None:
    project = Project.objects.filter(stage="preliminary").order_by("code").first()
    assert project is not None
    text = page(office, q=project.code)
    assert "没有符合这些条件的项目" in text
    assert "看前期里的 1 个" in text


def test_signs_of_a_search_pattern_are_plain_text(office: Client) -> None:
    assert count(page(office, q="%")) == 0
    assert count(page(office, q="_")) == 0


def test_the_worst_stand_first(office: Client) -> None:
    text = page(office)
    measures = [Decimal(words.replace("−", "-")) for words in cells(text, "n wide")[4::5]]
    reds = count(page(office, light="red"))
    assert measures[:reds] == sorted(measures[:reds])
    assert measures[0] < -80


def test_projects_before_construction_stand_by_total(office: Client) -> None:
    totals = [
        int(words.replace(",", "")) for words in cells(page(office, stage="preliminary"), "n wide")[1::2]
    ]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 69


@pytest.mark.parametrize("field", ["total", "planned"])
def test_a_column_sorts_both_ways(field: str, office: Client) -> None:
    order = {row.code: getattr(row, field) for row in Project.objects.all()}
    falling = [order[code] for code in codes(page(office, sort=f"-{field}"))]
    rising = [order[code] for code in codes(page(office, sort=field))]
    assert falling == sorted(falling, reverse=True)
    assert rising == sorted(rising)


def test_every_sort_gives_every_project_once(office: Client) -> None:
    for name in SORTS:
        for sign in ("", "-"):
            listed = [
                code
                for number in (1, 2, 3)
                for code in codes(page(office, stage="all", sort=sign + name, page=number))
            ]
            assert len(listed) == len(set(listed)) == 217, sign + name


def test_the_head_says_how_the_table_is_sorted(office: Client) -> None:
    assert 'class="lamp" aria-sort="descending"' in page(office)
    assert 'class="n" aria-sort="ascending"' in page(office, sort="percent")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"stage": "摸鱼"}, "“阶段”里没有“摸鱼”"),
        ({"category": "<b>"}, "“行业”里没有“&lt;b&gt;”"),
        ({"county": "云溪"}, "“县区”里没有“云溪”"),
        ({"size": "9"}, "“规模”里没有“9”"),
        ({"light": "green"}, "“灯”里没有“green”"),
        ({"level": "国家级"}, "“层级”里没有“国家级”"),
        ({"department": "市摸鱼局"}, "“牵头部门”里没有“市摸鱼局”"),
        ({"silent": "maybe"}, "“未报”只能写 1"),
        ({"started": "yes"}, "started 只能写 no"),
        ({"sort": "beauty"}, "没有“beauty”这种排序"),
        ({"page": "-1"}, "页码应为从 1 起的整数"),
        ({"page": "99"}, "只有 2 页，已显示最后一页"),
        ({"page": "9" * 400}, "只有 2 页，已显示最后一页"),
        ({"q": "长" * 101}, "“搜索”最多 100 个字"),
        ({"period": "2022-01"}, "“2022-01”没有判定过"),
    ],
)
def test_a_value_that_cannot_be_is_said_and_left_out(
    query: dict[str, str], message: str, office: Client
) -> None:
    text = page(office, **query)
    assert message in text
    assert count(text) == 148


def test_another_month_shows_where_projects_stood_then(office: Client) -> None:
    september, march = sums(page(office)), sums(page(office, period="2023-03"))
    assert march[:3] == september[:3]
    assert march[3] != september[3]
    assert "period=2023-03" in page(office, period="2023-03"), "links keep the month of the address"


def test_htmx_gets_the_table_and_the_filters_without_the_frame(office: Client) -> None:
    text = office.get("/projects/?light=red", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'id="ledger"' in text and 'id="ledger-filters" hx-swap-oob="true"' in text
    assert count(text) == count(page(office, light="red"))


def test_the_back_button_gets_a_whole_page(office: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in office.get("/projects/", headers=headers).content.decode()


def test_chosen_columns_are_kept_by_the_browser(office: Client) -> None:
    answer = office.post(
        "/projects/columns", {"column": ["company", "percent", "no such"], "next": "?light=red"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/projects/?light=red")
    text = page(office)
    assert "项目单位" in text[text.index("<thead") : text.index("</thead>")]
    assert "包保领导" not in text[text.index("<thead") : text.index("</thead>")]


def test_numbers_are_written_as_everywhere() -> None:
    for fen in (None, 0, 499_999, 500_000, 1_499_999, -500_000, -1, 9_999_500_000, 9_999_499_999, 10**15):
        assert wan(fen) == money_text(fen, "万元", 0), fen
    for part, whole in ((0, 7), (1, 3), (2, 3), (1, 2000), (-1, 2000), (123, 10), (10**6, 7)):
        assert percent_text(tenths(part, whole)) == number_text(Decimal(part) / whole * 100, 1) + "%", (
            part,
            whole,
        )
    assert percent_text(tenths(1, 0)) == percent_text(tenths(None, 1)) == "–"
