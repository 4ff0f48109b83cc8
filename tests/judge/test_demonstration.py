"""The published figures, from the demonstration city's own workbooks as they are: every one of them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guatu.calendars import due_day
from guatu.judge import Judged, judge_month
from guatu.judge.explain import UnknownEntity, explain
from guatu.schemes.load import load_scheme
from guatu.values import Period
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading

DATA = Path(__file__).resolve().parents[2] / "guatu" / "demo" / "data"
EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "demo" / "expected.json").read_text(encoding="utf-8")
)
MONTHS = range(1, 10)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_workbooks(
        [DATA / "ledger-2023.xlsx", DATA / "monthly-reports-2023.xlsx"],
        due=lambda period: due_day(period, day=5, months_after=1),
    )


@pytest.fixture(scope="module")
def judged(reading: Reading) -> dict[int, Judged]:
    scheme = load_scheme("tangshan-2023")
    return {
        month: judge_month(
            scheme, reading.projects, reading.reports, reading.findings, period=Period(2023, month)
        )
        for month in MONTHS
    }


@pytest.fixture(scope="module")
def september(judged: dict[int, Judged]) -> Judged:
    return judged[9]


def cut(judged: Judged, name: str) -> dict[str, dict[str, Any]]:
    return {row["class"]: row for row in judged.month.summary["cuts"] if row["cut"] == name}


@pytest.mark.parametrize(
    ("name", "key"),
    [("progress", "by_progress"), ("category", "by_category"), ("size", "by_size"), ("county", "by_county")],
)
def test_every_cut_has_the_published_counts_and_sums(september: Judged, name: str, key: str) -> None:
    rows = cut(september, name)
    assert set(rows) == set(EXPECTED["ledger"][key])
    for label, wanted in EXPECTED["ledger"][key].items():
        row = rows[label]
        assert (row["projects"], row["total"], row["planned"]) == (
            wanted["projects"], wanted["total_wan"], wanted["planned_wan"],
        )  # fmt: skip
        assert Decimal(row["total_yi"]) == Decimal(str(wanted["total_yi"]))
        assert Decimal(row["planned_yi"]) == Decimal(str(wanted["planned_yi"]))


def test_the_totals_are_the_published_ones(september: Judged) -> None:
    totals, ledger = september.month.summary["totals"], EXPECTED["ledger"]
    assert (totals["projects"], totals["total"]) == (ledger["all"]["projects"], ledger["all"]["total_wan"])
    assert totals["building"]["planned"] == ledger["building"]["planned_wan"]
    assert totals["building"]["done_before"] == ledger["done_before_wan"]
    assert totals["preliminary"]["total"] == ledger["preliminary"]["total_wan"]
    rows = cut(september, "preliminary_category")
    for label, wanted in ledger["preliminary"]["by_category"].items():
        assert (rows[label]["projects"], rows[label]["total"]) == (wanted["projects"], wanted["total_wan"])


def test_quarters_meet_the_printed_targets_and_the_tenth_too_much_is_said(september: Judged) -> None:
    ledger, quarters = EXPECTED["ledger"], september.month.summary["quarters"]
    assert [q["planned"] for q in quarters] == ledger["quarters"]["planned_wan"]
    assert [float(q["planned_yi"]) for q in quarters] == ledger["quarters"]["planned_yi"]
    assert [q["cumulative_percent"] for q in quarters] == ledger["quarters"]["cumulative_percent"]
    assert [q["starts"] for q in quarters] == ledger["starts_by_quarter"]
    assert [q["starts_percent"] for q in quarters] == ledger["starts_cumulative_percent"]
    assert quarters[3]["completions"] == ledger["completions_in_year"]
    assert all(q["agrees"] for q in quarters)
    said = september.month.summary["contradictions"]
    assert [one["id"] for one in said] == ["published_rounding"]
    assert "1127.5" in said[0]["message"]


@pytest.mark.parametrize("month", MONTHS)
def test_every_county_stands_where_its_figures_put_it_every_month(
    judged: dict[int, Judged], month: int
) -> None:
    reports = EXPECTED["reports"]
    rows = {row["entity"]: row for row in judged[month].month.rankings if row["ranking"] == "county"}
    for table, key in (
        ("county_as_reported", "as_reported"),
        ("county_excluding_bad_cells", "without_questioned"),
    ):
        wanted = reports[table][str(month)]
        for county, figures in wanted.items():
            if county != "全市":
                assert rows[county][key]["value"] == figures["percent"]
        values = sorted((f["percent"] for c, f in wanted.items() if c != "全市"), reverse=True)
        for county in rows:
            assert rows[county][key]["rank"] == values.index(wanted[county]["percent"]) + 1
    whole = judged[month].month.summary["months"][month - 1]
    assert whole["reported"] == reports["county_as_reported"][str(month)]["全市"]["cumulative"]
    assert (
        whole["without_questioned"] == reports["county_excluding_bad_cells"][str(month)]["全市"]["cumulative"]
    )


@pytest.mark.parametrize("month", MONTHS)
def test_reports_silence_lateness_and_starts_are_counted_every_month(
    judged: dict[int, Judged], month: int
) -> None:
    wanted = EXPECTED["reports"]["months"][str(month)]
    summary = judged[month].month.summary
    row = summary["months"][month - 1]
    assert (row["reports"], row["silent"], row["started"]) == (
        wanted["reports"], len(wanted["silent"]), wanted["new_started"],
    )  # fmt: skip
    assert row["late"] == len(summary["late"]) == wanted["late"]
    assert {s["project"] for s in summary["silent"]} == {s["code"] for s in wanted["silent"]}


def test_the_lights_of_september_follow_the_bands(september: Judged) -> None:
    assert september.month.summary["state"]["lights"] == {"normal": 125, "blue": 3, "yellow": 8, "red": 12}
    for light in september.month.lights:
        behind = light["measure"]
        wanted = "red" if behind >= 25 else "yellow" if behind >= 10 else "blue" if behind >= 5 else "normal"
        assert light["level"] == wanted
        assert light["clause"] == "唐山 三(六)"
        assert (light["threshold"]["local_choice"] is None) == (wanted == "normal")


def test_a_questioned_cell_moves_a_place_and_both_places_stand_side_by_side(september: Judged) -> None:
    entry = next(e for e in september.month.rankings if e["entity"] == "高新技术产业开发区")
    assert (entry["rank"], entry["as_reported"]["rank"], entry["without_questioned"]["rank"]) == (7, 7, 5)
    assert entry["questioned"] == 1


def test_a_silent_project_keeps_its_last_figure_and_says_so(september: Judged) -> None:
    silent = EXPECTED["reports"]["months"]["9"]["silent"][0]["code"]
    light = next(entry for entry in september.month.lights if entry["project"] == silent)
    assert not light["reported"]
    assert "沿用2023年8月所报" in explain(september, silent)


def test_an_explanation_names_cell_reporter_formula_band_and_clause(september: Judged) -> None:
    red = next(entry for entry in september.month.lights if entry["level"] == "red")
    text = explain(september, red["project"])
    for words in (
        "ledger-2023.xlsx",
        "monthly-reports-2023.xlsx",
        "报送",
        "公式：",
        red["arithmetic"],
        "25 个百分点及以上",
        "唐山 三(六)",
        "本地选择",
    ):
        assert words in text, words


def test_the_explanation_of_a_county_adds_up_to_its_value(september: Judged) -> None:
    text = explain(september, "松岗市")
    assert "1,073,249 ÷ 1,154,130 = 92.99%" in text
    assert (
        text.count("2022-139782")
        + text.count("2021-139782")
        + text.count("2023-139782")
        + text.count("2019-139782")
        + text.count("2020-139782")
        == 10
    )


def test_a_name_that_nothing_bears_is_answered_with_what_comes_close(september: Judged) -> None:
    with pytest.raises(UnknownEntity, match="朗垚年产30万吨特钢棒线材项目"):
        explain(september, "特钢棒线材")


def test_a_report_handed_in_after_the_day_of_what_was_known_is_not_known(reading: Reading) -> None:
    early = judge_month(
        load_scheme("tangshan-2023"), reading.projects, reading.reports, reading.findings,
        period=Period(2023, 9), as_of=date(2023, 10, 5),
    )  # fmt: skip
    assert early.month.summary["state"]["silent"] == 1 + EXPECTED["reports"]["months"]["9"]["late"]
    assert early.month.summary["state"]["late"] == 0


def test_the_same_facts_have_the_same_digest_in_any_order(reading: Reading, september: Judged) -> None:
    again = judge_month(
        load_scheme("tangshan-2023"), reading.projects, tuple(reversed(reading.reports)), reading.findings,
        period=Period(2023, 9),
    )  # fmt: skip
    assert again.month.head["facts_digest"] == september.month.head["facts_digest"]
