"""A month judged in the server leaves a bundle that anyone computes again; the bulletin carries its digest."""

from __future__ import annotations

import json
import zipfile
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from docx import Document

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.cli import main
from guatu.judge.bundle import verify_bundle
from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.models import JudgedMonth, MonthBundle
from guatu.server.assessment.queries import latest_judged
from guatu.server.demo import Demonstration
from guatu.server.documents.actions import edit_text
from guatu.server.documents.queries import composed_bulletin
from guatu.server.given.actions import hand_in
from guatu.server.reporting.actions import answer_question
from guatu.server.reporting.models import Question
from guatu.values import Period

BACKEND = "django.contrib.auth.backends.ModelBackend"
SEPTEMBER = "2023-09"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return client


def month() -> JudgedMonth:
    found = latest_judged(SEPTEMBER)
    assert found is not None
    return found


def taken(path: Path, username: str = "zhongdianban") -> Path:
    response = signed_in(username).get("/assessment/bundle/")
    assert response.status_code == 200
    path.write_bytes(response.content)
    return path


def test_a_month_judged_in_the_server_is_computed_again_from_its_bundle(
    city: Demonstration, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = taken(tmp_path / "september.zip")
    digest = month().bundle_digest
    assert main(["verify", str(path), "--digest", digest]) == 0
    assert digest in capsys.readouterr().out
    assert main(["verify", str(path), "--digest", "0" * 64]) == 1


@pytest.mark.parametrize("number", range(1, 10))
def test_every_month_of_the_year_holds(city: Demonstration, tmp_path: Path, number: int) -> None:
    judged = latest_judged(f"2023-{number:02d}")
    assert judged is not None
    path = tmp_path / "b.zip"
    path.write_bytes(bytes(judged.bundle.content))
    verified = verify_bundle(path)
    assert verified.holds, "\n".join(map(str, verified.deviations[:5]))
    assert (verified.period, verified.digest) == (judged.period, judged.bundle_digest)


def test_the_bundle_says_what_the_pages_show(city: Demonstration, tmp_path: Path) -> None:
    with zipfile.ZipFile(taken(tmp_path / "b.zip")) as archive:
        ranking = json.loads(archive.read("results/ranking.json"))
        assessment = json.loads(archive.read("results/assessment.json"))
    judged = month()
    assert ranking["rankings"] == [json.loads(row.body) for row in judged.places.order_by("id")]
    assert assessment["assessments"] == json.loads(judged.assessments)


def test_a_figure_changed_in_the_bundle_is_found(city: Demonstration, tmp_path: Path) -> None:
    path, touched = taken(tmp_path / "b.zip"), tmp_path / "touched.zip"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(touched, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "results/ranking.json":
                assert b'"rank": 1,' in content
                content = content.replace(b'"rank": 1,', b'"rank": 2,', 1)
            target.writestr(name, content)
    assert main(["verify", str(touched)]) == 1


def test_no_telephone_number_leaves_with_the_bundle(city: Demonstration, tmp_path: Path) -> None:
    with zipfile.ZipFile(taken(tmp_path / "b.zip", "yanzijin")) as archive:
        projects = json.loads(archive.read("facts/projects.json"))
    assert len(projects) == city.projects
    assert not any("phone" in project for project in projects)


@pytest.mark.parametrize("username", ["yunxixian", "jiaotongju", "yunxifagai"])
def test_who_does_not_see_every_project_takes_no_bundle(city: Demonstration, username: str) -> None:
    client = signed_in(username)
    assert client.get("/assessment/bundle/").status_code == 404
    assert "/assessment/bundle/" not in client.get("/ranking/").content.decode()


@pytest.mark.parametrize("page", ["/ranking/", "/assessment/", "/bulletin/"])
@pytest.mark.parametrize("username", ["zhongdianban", "yanzijin"])
def test_the_pages_of_the_month_lead_to_the_bundle(city: Demonstration, page: str, username: str) -> None:
    words = signed_in(username).get(page).content.decode()
    assert 'href="/assessment/bundle/"' in words
    assert month().bundle_digest[:12] in words


def test_judged_again_from_the_same_facts_it_is_the_same_bundle(city: Demonstration) -> None:
    before = month()
    again = judge_month(Period.parse(SEPTEMBER), before.as_of, None)
    assert (again.pk, again.bundle_digest) != (before.pk, "")
    assert again.bundle_digest == before.bundle_digest
    assert bytes(again.bundle.content) == bytes(before.bundle.content)


def test_what_is_answered_later_leaves_the_earlier_bundle_as_it_was(
    city: Demonstration, tmp_path: Path
) -> None:
    before = month()
    content, digest = bytes(before.bundle.content), before.bundle_digest
    question = Question.objects.filter(status=Question.Status.OPEN, period=SEPTEMBER).first()
    assert question is not None
    answer_question(question, actor=None, status=Question.Status.CONFIRMED, answer="属实")
    again = judge_month(Period.parse(SEPTEMBER), before.as_of, None)
    assert again.bundle_digest != digest
    kept = JudgedMonth.objects.get(pk=before.pk)
    assert (kept.bundle_digest, bytes(kept.bundle.content)) == (digest, content)
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert verify_bundle(path).holds


def test_the_bulletin_and_its_docx_carry_the_digest_and_how_to_verify(city: Demonstration) -> None:
    client, digest = signed_in("zhongdianban"), month().bundle_digest
    page = client.get("/bulletin/").content.decode()
    assert f"复算包摘要：{digest}" in page and "guatu verify" in page
    paragraphs = [p.text for p in Document(BytesIO(client.get("/bulletin/docx/").content)).paragraphs]
    at = paragraphs.index(f"复算包摘要：{digest}")
    assert "guatu verify" in paragraphs[at + 1]


def test_facts_handed_in_beside_the_reports_are_in_the_bundle(city: Demonstration, tmp_path: Path) -> None:
    row = FactRow("云溪县", Term("month", 2023, 9), "new_enterprises", Fraction(7), by="市统计局")
    hand_in([row], actor=None, scheme=load_scheme("tangshan-2023"), reason="核对后更正", day=month().as_of)
    judged = judge_month(Period.parse(SEPTEMBER), month().as_of, None)
    path = taken(tmp_path / "b.zip")
    with zipfile.ZipFile(path) as archive:
        given = json.loads(archive.read("facts/facts.json"))
    mine = [
        one
        for one in given
        if (one["entity"], one["fact"], one["term"]) == ("云溪县", "new_enterprises", "2023-09")
    ]
    assert [one["value"] for one in mine] == [{"number": "7/1"}]
    assert main(["verify", str(path), "--digest", judged.bundle_digest]) == 0


def test_editing_the_words_leaves_the_digest_and_nobody_edits_the_digest(city: Demonstration) -> None:
    office, judged = Account.objects.get(username="zhongdianban"), month()
    composed = composed_bulletin(judged, office)
    fixed = [f"text.{n}" for n, block in enumerate(composed.blocks) if getattr(block, "fixed", False)]
    assert len(fixed) == 4
    assert not set(fixed) & set(composed.texts())
    edit_text(judged, "text.0", "改过的话。", based_on=0, actor=office)
    again = composed_bulletin(judged, office)
    assert again.provenance["bundle_digest"] == judged.bundle_digest
    page = signed_in("zhongdianban").get("/bulletin/").content.decode()
    assert f"复算包摘要：{judged.bundle_digest}" in page
    for key in fixed:
        assert f'name="key" value="{key}"' not in page


def test_a_month_from_before_bundles_were_kept_has_none_and_says_nothing_of_it(city: Demonstration) -> None:
    judged = latest_judged("2023-01")
    assert judged is not None
    MonthBundle.objects.filter(judged_month=judged).delete()
    JudgedMonth.objects.filter(pk=judged.pk).update(bundle_digest="")
    client = signed_in("zhongdianban")
    assert client.get("/assessment/bundle/?period=2023-01").status_code == 404
    for page in ("/ranking/", "/bulletin/"):
        words = client.get(f"{page}?period=2023-01").content.decode()
        assert "复算包" not in words
