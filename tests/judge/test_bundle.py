"""A bundle holds everything a month was judged from; computing it again finds any change."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.cli import main
from guatu.findings import Finding, Severity
from guatu.judge.bundle import BundleError, Verified, bundle_digest, verify_bundle, write_bundle
from guatu.judge.inputs import Inputs, InputsError
from guatu.portfolio.project import Project, Source, Stage
from guatu.reporting.report import Report
from guatu.schemes.load import load_scheme
from guatu.values import Period

ROOT = Path(__file__).resolve().parents[2]
SCHEME = load_scheme("tangshan-2023")
MODEL = load_scheme(ROOT / "schemes" / "_model")
DEMONSTRATION = ROOT / "guatu" / "demo" / "data"
WAN = 1_000_000

INPUTS = Inputs(
    period=Period(2023, 3),
    projects=(
        Project(
            code="A-1", name="东港码头", county="甲县", category="产业", stage=Stage.CONTINUING, total=90_000 * WAN,
            planned=12_000 * WAN, planned_cumulative=tuple(1_000 * WAN * n for n in range(1, 13)),
            lead_department="市发展改革委", source=Source("台账.xlsx", "在建", 5), extra={"专班": "是"},
        ),
        Project(
            code="A-2", name="西湖学校", county="乙县", category="民生", stage=Stage.NEW, planned=6_000 * WAN,
            planned_cumulative=(None,) * 12, planned_start=Period(2023, 2), lead_department="市教育局",
        ),
    ),
    reports=(
        Report(code="A-1", period=Period(2023, 3), invested_ytd=2_876 * WAN, physical=Decimal("23.75"), handed_in=date(2023, 4, 6)),
        Report(code="A-2", period=Period(2023, 3), invested_ytd=700 * WAN, actual_start=date(2023, 2, 20), in_statistics=False),
    ),
    findings=(
        Finding(id="cumulative_falls", severity=Severity.WARNING, file="月报.xlsx", message="累计数下降", row=7, column="D",
                project="A-2", period="2023-03", field="invested_ytd", cells=("3月!D7",)),
    ),
    jurisdiction="某市",
)  # fmt: skip


def bundle(path: Path, inputs: Inputs = INPUTS) -> Path:
    write_bundle(path, inputs, inputs.judge(SCHEME))
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("bundle") / "march.zip")


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(
    path: Path, target: Path, change: Callable[[dict[str, bytes]], object], *, seal: bool = False
) -> Path:
    """The bundle with some parts changed; `seal`: by someone who makes all digests anew."""
    parts = contents(path)
    change(parts)
    if seal:
        manifest = json.loads(parts["manifest.json"])
        manifest["parts"] = {
            name: hashlib.sha256(parts[name]).hexdigest()
            for name in sorted(parts)
            if not name.startswith("manifest.")
        }
        parts["manifest.json"] = json.dumps(manifest, ensure_ascii=False).encode()
        parts["manifest.sha256"] = hashlib.sha256(parts["manifest.json"]).hexdigest().encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def replacing(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return change


def said(verified: Verified) -> str:
    return "\n".join(str(one) for one in verified.deviations)


def test_a_bundle_as_written_holds(whole: Path) -> None:
    verified = verify_bundle(whole)
    assert verified.holds, said(verified)
    assert (verified.scheme, verified.period) == (SCHEME.name, "2023-03")
    assert verified.digest == bundle_digest(SCHEME, INPUTS)


def test_the_same_month_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    assert bundle(tmp_path / "again.zip").read_bytes() == whole.read_bytes()


def test_a_bundle_holds_in_whatever_language_it_was_written_and_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_LANGUAGE", "en")
    path = bundle(tmp_path / "english.zip")
    monkeypatch.setenv("GUATU_LANGUAGE", "zh_Hans")
    verified = verify_bundle(path)
    assert verified.holds, said(verified)
    assert os.environ["GUATU_LANGUAGE"] == "zh_Hans"


def test_money_is_whole_fen_and_given_numbers_are_fractions(tmp_path: Path) -> None:
    row = FactRow(
        "甲县", Term("quarter", 2026, 1), "site_mark", Fraction(17, 2), checked=Fraction(25, 3), by="张三"
    )
    inputs = Inputs(period=Period(2026, 3), facts=(row,))
    write_bundle(tmp_path / "b.zip", inputs, inputs.judge(MODEL))
    (stored,) = json.loads(contents(tmp_path / "b.zip")["facts/facts.json"])
    assert (stored["value"], stored["checked"]) == ({"number": "17/2"}, {"number": "25/3"})
    projects = json.loads(contents(bundle(tmp_path / "c.zip"))["facts/projects.json"])
    assert projects[0]["planned"] == 12_000 * WAN
    assert verify_bundle(tmp_path / "b.zip").holds


def test_a_result_changed_by_one_who_seals_anew_is_found_by_computing(whole: Path, tmp_path: Path) -> None:
    def better(parts: dict[str, bytes]) -> None:
        document = json.loads(parts["results/ranking.json"])
        entry = next(one for one in document["rankings"] if one["entity"] == "乙县")
        entry["rank"] = entry["rank"] + 1
        parts["results/ranking.json"] = json.dumps(document).encode()

    verified = verify_bundle(rewritten(whole, tmp_path / "b.zip", better, seal=True))
    (one,) = verified.deviations
    assert (one.file, one.entity) == ("ranking.json", "乙县")
    assert one.key.endswith(".rank")
    assert one.stored == one.recomputed + 1


def test_a_fact_changed_by_one_who_seals_anew_is_found_by_computing(whole: Path, tmp_path: Path) -> None:
    change = replacing("facts/reports.json", "2876000000", "2976000000")
    verified = verify_bundle(rewritten(whole, tmp_path / "b.zip", change, seal=True))
    assert not verified.holds
    assert any(one.file == "lights.json" and one.key.endswith("measure") for one in verified.deviations)
    assert any(one.key == "digest" for one in verified.deviations), (
        "the bundle is not the one that was published"
    )


def test_a_rule_changed_by_one_who_seals_anew_is_found_by_computing(whole: Path, tmp_path: Path) -> None:
    change = replacing("scheme/scheme.toml", "to = 5\n", "to = 5.0\n")
    verified = verify_bundle(rewritten(whole, tmp_path / "b.zip", change, seal=True))
    assert any(one.key == "scheme.digest" for one in verified.deviations)


def test_a_part_that_was_touched_is_named(whole: Path, tmp_path: Path) -> None:
    change = replacing("facts/projects.json", "东港码头", "东港码投")
    verified = verify_bundle(rewritten(whole, tmp_path / "b.zip", change))
    assert "facts/projects.json：内容与清单不符，文件被改动或损坏" in said(verified)


def test_a_part_that_is_missing_or_added_is_named(whole: Path, tmp_path: Path) -> None:
    gone = rewritten(whole, tmp_path / "gone.zip", lambda parts: parts.pop("results/lights.json"))
    assert {one.file for one in verify_bundle(gone).deviations} == {"results/lights.json"}
    more = rewritten(whole, tmp_path / "more.zip", lambda parts: parts.update({"results/more.json": b"{}"}))
    assert {one.file for one in verify_bundle(more).deviations} == {"results/more.json"}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_changed_digit_anywhere_is_found(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    parts = contents(whole)
    name = data.draw(st.sampled_from(sorted(name for name in parts if re.search(rb"[0-9]", parts[name]))))
    places = [match.start() for match in re.finditer(rb"[0-9]", parts[name])]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in b"0123456789" if d != parts[name][place]]))

    def change(inside: dict[str, bytes]) -> None:
        inside[name] = inside[name][:place] + bytes([digit]) + inside[name][place + 1 :]

    target = rewritten(whole, tmp_path_factory.mktemp("digit") / "b.zip", change)
    try:
        verified = verify_bundle(target)
    except BundleError as error:
        assert str(error)
    else:
        assert not verified.holds
        blamed = "manifest.json" if name == "manifest.sha256" else name
        assert any(one.file == blamed for one in verified.deviations)


def test_what_is_no_bundle_is_said(tmp_path: Path, whole: Path) -> None:
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    with pytest.raises(BundleError, match=r"text\.zip：不是复算包"):
        verify_bundle(tmp_path / "text.zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-500])
    with pytest.raises(BundleError, match="不是复算包，或已损坏"):
        verify_bundle(cut)
    with pytest.raises(BundleError, match=r"manifest\.json：包内没有这个文件"):
        verify_bundle(rewritten(whole, tmp_path / "b.zip", lambda parts: parts.pop("manifest.json")))
    spoilt = rewritten(whole, tmp_path / "c.zip", lambda parts: parts.update({"facts/reports.json": b"[{"}))
    with pytest.raises(BundleError, match=r"facts/reports\.json：不是有效的 JSON"):
        verify_bundle(spoilt)


def test_a_bundle_writes_nothing_outside_its_scheme(tmp_path: Path, whole: Path) -> None:
    evil = rewritten(
        whole, tmp_path / "b.zip", lambda parts: parts.update({"scheme/../../evil.toml": b""}), seal=True
    )
    with pytest.raises(BundleError, match="方案里不该有这个文件"):
        verify_bundle(evil)


def test_a_fact_of_the_wrong_kind_is_named_with_its_place() -> None:
    parts = json.loads(json.dumps(INPUTS.as_json()))
    parts["reports"][1]["invested_ytd"] = "七百"
    with pytest.raises(InputsError, match=r"reports\[1\]\.invested_ytd：读不出"):
        Inputs.from_json(parts)
    parts["reports"][1] = {"code": "A-2", "period": "2023-03", "done": 1}
    with pytest.raises(InputsError, match=r"reports\[1\]：没有“done”这一项"):
        Inputs.from_json(parts)


words = st.text(st.characters(codec="utf-8"), max_size=12)
fen = st.one_of(st.none(), st.integers(-(10**15), 10**15))
days = st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2024, 12, 31)))
months = st.builds(Period, st.just(2023), st.integers(1, 12))
projects = st.builds(
    Project, code=words, name=words, county=st.none() | words, stage=st.none() | st.sampled_from(Stage), total=fen, planned=fen,
    planned_cumulative=st.lists(fen, min_size=12, max_size=12).map(tuple) | st.just(()), planned_start=st.none() | months,
    approvals=st.dictionaries(words, words, max_size=2), source=st.none() | st.builds(Source, words, words, st.integers(1, 99)),
)  # fmt: skip
reports = st.builds(
    Report, code=words, period=months, invested_ytd=fen, blank=st.booleans(), in_statistics=st.none() | st.booleans(),
    physical=st.none() | st.decimals(0, 100, places=6), handed_in=days, extra=st.dictionaries(words, words, max_size=2),
)  # fmt: skip
values = st.one_of(st.fractions(), st.booleans(), words)
facts = st.builds(
    FactRow, entity=words, term=st.sampled_from(["2023-09", "2023Q3", "2023H1", "2023"]).map(Term.parse), fact=words, value=values,
    checked=st.none() | values, by=words, day=days, reason=words,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(projects, max_size=3), st.lists(reports, max_size=3), st.lists(facts, max_size=3), months, days
)
def test_facts_come_back_from_a_bundle_as_they_went_in(
    some_projects: list[Project],
    some_reports: list[Report],
    some_facts: list[FactRow],
    period: Period,
    as_of: date | None,
) -> None:
    inputs = Inputs(
        period=period, projects=tuple(some_projects), reports=tuple(some_reports), facts=tuple(some_facts), as_of=as_of,
        findings=INPUTS.findings,
    )  # fmt: skip
    back = Inputs.from_json(json.loads(json.dumps(inputs.as_json())))
    assert back == inputs
    assert [type(row.value) for row in back.facts] == [type(row.value) for row in inputs.facts]


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(1, 12)), min_size=1, max_size=6),
    st.lists(st.integers(1, 10**12), min_size=6, max_size=6),
)
def test_any_months_reports_verify(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[int, int]], plans: list[int]
) -> None:
    made = tuple(
        Project(code=f"P{n}", name=f"项目{n}", county="甲县", stage=Stage.NEW, planned=plan, planned_cumulative=(plan,) * 12,
                category="产业", lead_department="市发展改革委")
        for n, plan in enumerate(plans)
    )  # fmt: skip
    handed = {(n % 6, month): Report(code=f"P{n % 6}", period=Period(2023, month), invested_ytd=money)
              for n, (money, month) in enumerate(done)}  # fmt: skip
    inputs = Inputs(period=Period(2023, 12), projects=made, reports=tuple(handed.values()))
    verified = verify_bundle(bundle(tmp_path_factory.mktemp("any") / "b.zip", inputs))
    assert verified.holds, said(verified)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration city's September with its bundle."""
    folder = tmp_path_factory.mktemp("september")
    assert main([
        "judge", "tangshan-2023", "--ledger", str(DEMONSTRATION / "ledger-2023.xlsx"), "--reports",
        str(DEMONSTRATION / "monthly-reports-2023.xlsx"), "--period", "2023-09", "--out", str(folder / "out"),
        "--bundle", str(folder / "september.zip"),
    ]) == 0  # fmt: skip
    return folder


def test_the_demonstration_city_verifies(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(published / "september.zip")]) == 0
    assert "一致" in capsys.readouterr().out
    assert (published / "september.zip").stat().st_size < 1_000_000


def test_the_bulletin_carries_the_digest_of_the_bundle(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = verify_bundle(published / "september.zip").digest
    paragraphs = [
        paragraph.text for paragraph in Document(str(published / "out" / "bulletin.docx")).paragraphs
    ]
    assert f"复算包摘要：{digest}" in paragraphs
    assert main(["verify", str(published / "september.zip"), "--digest", digest]) == 0
    assert main(["verify", str(published / "september.zip"), "--digest", "0" * 64]) == 1
    assert "不是通报所依据的复算包" in capsys.readouterr().out


def test_the_command_lists_what_differs_and_names_what_cannot_be_read(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = replacing("facts/reports.json", "2876000000", "2976000000")
    changed = rewritten(whole, tmp_path / "b.zip", change, seal=True)
    assert main(["verify", str(changed)]) == 1
    assert "包内为" in capsys.readouterr().out
    assert main(["verify", str(changed), "--format", "json"]) == 1
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert document["holds"] is False and document["deviations"]
    assert main(["verify", str(tmp_path / "nowhere.zip")]) == 2
    assert "nowhere.zip" in capsys.readouterr().err


def test_a_bundle_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text("县区,期别,新增规上企业\n甲县,2026Q1,3\n", encoding="utf-8")
    target = tmp_path / "missing" / "b.zip"
    words = ["judge", str(ROOT / "schemes" / "_model"), "--facts", str(facts), "--period", "2026Q1"]
    assert main([*words, "--out", str(tmp_path / "out"), "--bundle", str(target)]) == 2
    assert str(target) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
