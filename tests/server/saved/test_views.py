"""Views: kept under a name, shared, begun with; each person sees in them what he may see. And any list taken away."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from openpyxl import load_workbook

from guatu.server.accounts.models import Organisation
from guatu.server.record.models import Entry
from guatu.server.saved import actions
from guatu.server.saved.models import FirstView, SavedView
from guatu.server.saved.queries import view_or_404, views_of
from tests.cast import PORT, Cast, ledger_project, settle
from tests.server.portfolio.reading import codes, page, signed_in
from tests.server.portfolio.test_project_page import judged as judged

pytestmark = pytest.mark.django_db


def save(
    client: Client,
    name: str,
    query: str = "?stage=all&county=西原区&sort=-total&columns=name.total",
    **sent: str,
) -> Any:
    return client.post("/views/save", {"page": "ledger", "name": name, "query": query, **sent})


def names(cast: Cast, account: str, page_: str = "ledger") -> tuple[list[str], list[str]]:
    own, shared = views_of(cast.account(account), page_)
    return [view.name for view in own], [view.name for view in shared]


def test_a_view_brings_back_filter_order_and_columns_whatever_the_browser_keeps(cast: Cast) -> None:
    client = signed_in(cast.office)
    client.post("/projects/columns", {"column": ["company"], "next": ""})
    answer = save(client, "西原大项目")
    text = page(client, answer.headers["Location"])
    assert len(codes(text)) == 2 and PORT not in codes(text)
    assert "总投资" in text[text.index("<thead") : text.index("</thead>")]
    assert "项目单位" not in text[text.index("<thead") : text.index("</thead>")]
    assert 'aria-current="true">西原大项目' in text
    again = save(client, "西原大项目", "?stage=all&county=东岭县")
    assert codes(page(client, again.headers["Location"])) == [PORT], "the same name replaces it"
    assert names(cast, "office") == (["西原大项目"], [])


def test_a_view_follows_the_month_of_the_site_or_keeps_its_own(judged: Cast) -> None:
    client = signed_in(judged.office)
    assert "period" not in save(client, "当月").headers["Location"]
    assert save(client, "三月", period="2023-03").headers["Location"].endswith("&period=2023-03")
    reports = client.post(
        "/views/save", {"page": "reports", "name": "未填", "query": "?state=none", "period": "2023-03"}
    )
    assert reports.headers["Location"] == "/reports/2023-03/?state=none"
    current = client.post("/views/save", {"page": "reports", "name": "当月未填", "query": "?state=none"})
    assert client.get(current.headers["Location"]).headers["Location"].endswith("/?state=none")


def test_a_shared_view_shows_each_person_only_what_he_may_see(cast: Cast) -> None:
    save(signed_in(cast.office), "全部", "?stage=all")
    view = SavedView.objects.get()
    assert names(cast, "county") == ([], [])
    with pytest.raises(Http404):
        view_or_404(cast.county, view.pk)
    actions.share_view(view, "role", actor=cast.office, role="county")
    assert names(cast, "county") == ([], ["全部"]) and names(cast, "department") == ([], [])
    text = page(signed_in(cast.county), "/projects/?stage=all")
    assert codes(text) == [PORT] and "共享视图" in text and "文若水" in text
    actions.share_view(view, "all", actor=cast.office)
    assert names(cast, "department") == ([], ["全部"])
    office = Organisation.objects.get(name="沧城市重点办")
    actions.share_view(view, "organisation", actor=cast.office, organisation=office.pk)
    assert names(cast, "deputy") == ([], ["全部"]) and names(cast, "county") == ([], [])
    with pytest.raises(ValidationError):
        actions.share_view(
            view,
            "organisation",
            actor=cast.office,
            organisation=Organisation.objects.get(name="东岭县政府").pk,
        )


def test_only_its_owner_changes_a_view(cast: Cast) -> None:
    save(signed_in(cast.office), "全部", "?stage=all")
    view = SavedView.objects.get()
    actions.share_view(view, "all", actor=cast.office)
    with pytest.raises(PermissionDenied):
        actions.rename_view(view, "我的", actor=cast.county)
    with pytest.raises(PermissionDenied):
        actions.share_view(view, "nobody", actor=cast.county)
    with pytest.raises(PermissionDenied):
        actions.move_view(view, actor=cast.county, up=1)
    answer = signed_in(cast.county).post(f"/views/{view.pk}/change", {"do": "delete"})
    assert answer.status_code == 403 and SavedView.objects.exists()


def test_views_are_named_ordered_and_deleted_and_the_record_tells(cast: Cast) -> None:
    client = signed_in(cast.office)
    for name in ("甲", "乙", "丙"):
        save(client, name)
    third = SavedView.objects.get(name="丙")
    client.post(f"/views/{third.pk}/change", {"do": "up"})
    assert names(cast, "office")[0] == ["甲", "丙", "乙"]
    client.post(f"/views/{third.pk}/change", {"do": "rename", "name": "丁"})
    client.post(f"/views/{third.pk}/change", {"do": "rename", "name": "甲"})
    assert names(cast, "office")[0] == ["甲", "丁", "乙"]
    assert "您已有一个叫“甲”的视图" in page(client, "/views/")
    client.post(f"/views/{third.pk}/change", {"do": "delete"})
    assert names(cast, "office")[0] == ["甲", "乙"]
    done = Entry.objects.filter(subject_kind="view").order_by("sequence").values_list("action", flat=True)
    assert list(done) == ["view.saved"] * 3 + ["view.moved", "view.renamed", "view.deleted"]


def test_a_list_opens_with_the_view_chosen_and_the_plain_one_stays_reachable(cast: Cast) -> None:
    client = signed_in(cast.county)
    save(client, "全部", "?stage=all&sort=name")
    view = SavedView.objects.get()
    client.post(f"/views/{view.pk}/change", {"do": "begin"})
    assert client.get("/projects/").headers["Location"] == "/projects/?stage=all&sort=name"
    plain = page(client, "/projects/?plain=")
    assert 'href="/projects/?plain="' in plain, "the tab of the plain list leads to it"
    client.post(f"/views/{view.pk}/change", {"do": "not-begin"})
    assert client.get("/projects/").status_code == 200
    other = signed_in(cast.office)
    save(other, "别人的")
    theirs = SavedView.objects.get(name="别人的")
    actions.share_view(theirs, "all", actor=cast.office)
    client.post(f"/views/{theirs.pk}/change", {"do": "begin"})
    assert client.get("/projects/").status_code == 302
    actions.share_view(theirs, "nobody", actor=cast.office)
    assert client.get("/projects/").status_code == 200, "no longer shared, no longer begun with"
    actions.delete_view(theirs, actor=cast.office)
    assert not FirstView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_view_needs_a_name_of_some_length(cast: Cast, name: str) -> None:
    client = signed_in(cast.office)
    answer = save(client, name)
    assert "请给视图起一个名称，最多 40 个字" in page(client, answer.headers["Location"])
    assert not SavedView.objects.exists()


# Taking a list away


def rows_of(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    content = b"".join(answer)
    if ".csv" in path:
        assert content.startswith("\ufeff".encode())
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(content)).active
    assert book is not None
    return [["" if cell is None else str(cell) for cell in row] for row in book.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_is_taken_away_as_it_is_seen_with_its_head(judged: Cast, kind: str) -> None:
    client = signed_in(judged.office)
    save(client, "西原大项目")
    ledger = rows_of(
        client, f"/projects/export.{kind}?stage=all&county=西原区&sort=-total&columns=name.total"
    )
    head = ledger[1][0]
    for words in (
        "视图：西原大项目",
        "县区：西原区",
        "2 个项目",
        "数据截至 2023-04-13",
        "金额单位：万元",
        "文若水于2023年10月13日",
    ):
        assert words in head
    assert [cell.split("\n")[0].split("（")[0] for cell in ledger[2]] == [
        "序号",
        "项目",
        "项目代码",
        "总投资",
    ]
    assert len(ledger) == 3 + 2 + 1
    ranked = rows_of(client, f"/ranking/list.{kind}")
    assert ranked[2][0] == "名次" and {row[2] for row in ranked[3:]} >= {"东岭县", "西原区"}
    reports = rows_of(client, f"/reports/2023-03/list.{kind}?state=accepted")
    assert [row[1] for row in reports[3:]] == ["沧城港扩建项目", "西原包装材料厂项目"]
    assert "视图：未存为视图；已采用；2 个项目" in reports[1][0]
    assert client.get("/ranking/list.exe").status_code == 404


def test_a_csv_never_holds_what_looks_like_a_formula(db: None) -> None:
    rows = [
        replace(
            ledger_project(f"2023-130901-54-01-00000{at}", f"{sign}1+1项目", "东岭县", 5),
            category=f"{sign}cmd",
        )
        for at, sign in enumerate("=+-@", start=1)
    ]
    cast = settle(rows)
    found = rows_of(signed_in(cast.office), "/projects/export.csv?stage=all&columns=category.total")
    cells = [cell for row in found for cell in row]
    assert "'=1+1项目" in cells and "'@cmd" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell and not cell[1:2].isdigit()]


def test_who_may_not_export_is_refused_every_list(judged: Cast) -> None:
    client = signed_in(judged.stranger)
    for path in ("/projects/export.csv", "/ranking/list.xlsx", "/reports/2023-03/list.csv"):
        assert client.get(path).status_code == 403
    county = rows_of(signed_in(judged.county), "/reports/2023-03/list.csv")
    assert [row[1] for row in county[3:]] == ["沧城港扩建项目"]
