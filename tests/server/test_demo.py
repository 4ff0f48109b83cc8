"""The demonstration city holds every published figure, and its accounts work."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guatu.judge import judge_month
from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account, Appointment, Role
from guatu.server.accounts.rights import roles, visible_projects
from guatu.server.assessment.queries import judged_files, latest_judged
from guatu.server.demo import DATA, PASSWORD, Demonstration, load_demo
from guatu.server.given.queries import given_on
from guatu.server.portfolio.models import Responsibility
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from guatu.server.reporting.models import Question
from guatu.values import Period
from guatu.workbooks.read import read_workbooks

EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "demo" / "expected.json").read_text(encoding="utf-8")
)


def files(month: int, username: str = "zhongdianban") -> Any:
    judged = latest_judged(f"2023-{month:02d}")
    assert judged is not None
    return judged_files(judged, Account.objects.get(username=username))


def test_the_whole_city_is_there_and_a_second_load_finds_it(city: Demonstration) -> None:
    assert (city.projects, city.months) == (217, 9)
    entries = Entry.objects.count()
    assert load_demo() == city
    assert Entry.objects.count() == entries
    assert verify().whole


@pytest.mark.parametrize("month", range(1, 10))
def test_reports_silent_late_and_starts_of_each_month_are_the_published_ones(
    city: Demonstration, month: int
) -> None:
    expected = EXPECTED["reports"]["months"][str(month)]
    summary = files(month).summary
    told = next(entry for entry in summary["months"] if entry["period"] == f"2023-{month:02d}")
    assert (told["reports"], told["late"], told["started"]) == (
        expected["reports"],
        expected["late"],
        expected["new_started"],
    )
    assert {entry["project"] for entry in summary["silent"]} == {
        entry["code"] for entry in expected["silent"]
    }


@pytest.mark.parametrize("month", range(1, 10))
def test_the_completion_of_each_county_is_the_published_one_with_and_without_bad_cells(
    city: Demonstration, month: int
) -> None:
    counties = [place for place in files(month).rankings if place["ranking"] == "county"]
    for key, table in (
        ("as_reported", "county_as_reported"),
        ("without_questioned", "county_excluding_bad_cells"),
    ):
        published = {
            name: figures["percent"]
            for name, figures in EXPECTED["reports"][table][str(month)].items()
            if name != "全市"
        }
        assert {place["entity"]: place[key]["value"] for place in counties} == published


def test_the_server_judges_the_very_facts_that_the_workbooks_hold(city: Demonstration) -> None:
    reading = read_workbooks([DATA / "ledger-2023.xlsx", DATA / "monthly-reports-2023.xlsx"])
    scheme = load_scheme("tangshan-2023")
    direct = judge_month(
        scheme,
        reading.projects,
        reading.reports,
        reading.findings,
        period=Period(2023, 9),
        as_of=date(2023, 10, 13),
        facts=given_on(date(2023, 10, 13), 2023, scheme),
    ).month
    stored = files(9)
    assert stored.head["facts_digest"] == direct.head["facts_digest"]
    assert stored.summary == json.loads(json.dumps(direct.summary))
    assert stored.rankings == json.loads(json.dumps(direct.rankings))


def test_the_questions_are_the_findings_of_the_workbooks_and_no_more(city: Demonstration) -> None:
    reading = read_workbooks([DATA / "ledger-2023.xlsx", DATA / "monthly-reports-2023.xlsx"])
    assert Counter(Question.objects.values_list("finding", flat=True)) == Counter(
        finding.id for finding in reading.findings
    )


def test_each_account_signs_in_and_has_its_role(city: Demonstration) -> None:
    told = {}
    for entry in city.accounts:
        answer = Client().post("/sign-in/", {"username": entry.username, "password": PASSWORD})
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/home/")
        account = Account.objects.get(username=entry.username)
        told[entry.username] = (set(roles(account)), visible_projects(account).count())
    assert told == {
        "zhongdianban": ({Role.OFFICE}, 217),
        "yunxixian": ({Role.COUNTY}, 26),
        "jiaotongju": ({Role.DEPARTMENT}, 13),
        "yunxifagai": ({Role.REPORTER}, told["yunxifagai"][1]),
        "yunxiqianfa": ({Role.SIGNER}, told["yunxifagai"][1]),
        "duchake": ({Role.OFFICE}, 217),
        "tongjiju": ({Role.DEPARTMENT}, 0),
        "yanzijin": ({Role.READER}, 217),
        "xitong": ({Role.SYSTEM}, 0),
        "anquan": ({Role.SECURITY}, 0),
        "shenji": ({Role.AUDIT}, 0),
    }
    assert 0 < told["yunxifagai"][1] < 26


def test_every_leader_of_the_ledger_holds_the_post_he_answers_in(city: Demonstration) -> None:
    leaders = Responsibility.objects.filter(duty__in=("city_leader", "county_leader"))
    assert leaders.count() == 2 * 217
    assert not leaders.filter(post__isnull=True).exists()
    assert not leaders.filter(person__isnull=True).exists()
    person, post = leaders.values_list("person", "post")[0]
    assert Appointment.objects.filter(person=person, post=post).exists()


def test_no_telephone_of_the_ledger_is_in_the_record(city: Demonstration) -> None:
    phones = {project["phone"] for project in EXPECTED["projects"] if project["phone"]}
    assert phones
    told = "".join(Entry.objects.values_list("after", flat=True))
    assert not any(phone in told for phone in phones)
