"""Photographs and videos of a report: locked with its version, taken over by a correction, seen through rights."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.reporting.attached.kept import digest_of
from guatu.reporting.attached.rule import AttachmentRule
from guatu.server.accounts.models import Account
from guatu.server.clock import CHINA
from guatu.server.record.models import Entry
from guatu.server.reporting import attachment_files, attachments, filling, rounds
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.attachment_queries import digests_in_use
from guatu.server.reporting.attachments import Handed
from guatu.server.reporting.filling import doubts_of
from guatu.server.reporting.kind_filling import begin_at_once, discard, save_kind
from guatu.server.reporting.models import Attachment, Question, Report
from guatu.values import Period
from tests.cast import PORT, SCHOOL, Cast, project, report
from tests.reporting.attached.made import SECRET, photo, video
from tests.server.reporting.work import SEPTEMBER, brought_to, draft, hand_in, scheme

DAY = date(2023, 10, 13)
PAGE = f"/reports/2023-09/{PORT}/"
RULE = AttachmentRule()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture(autouse=True)
def august(cast: Cast) -> None:
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def attach(cast: Cast, found: Report, *files: bytes, rule: AttachmentRule = RULE) -> list[Attachment]:
    handed = [Handed(f"现场{n}.jpg", content) for n, content in enumerate(files, 1)]
    return attachments.attach(found, handed, actor=cast.reporter, rule=rule)


def sent(*files: tuple[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"files": [SimpleUploadedFile(name, content) for name, content in files]}


@pytest.mark.django_db
def test_what_is_attached_is_kept_clean_with_its_time_and_place_beside_and_recorded(cast: Cast) -> None:
    found = draft(cast)
    original = photo(located=True)
    one, film = attach(cast, found, original, video())
    assert one.taken_at == datetime(2023, 9, 28, 15, 30, tzinfo=CHINA)
    assert one.place == "39.6301°N 118.1802°E"
    assert (film.kind, film.seconds, film.place) == ("video", 12, "")
    assert SECRET not in attachment_files.content_of(film.digest).split(b"moov")[1]
    assert b"GuatuPhone" not in attachment_files.content_of(one.digest)
    entry = Entry.objects.get(action="report.files_attached")
    told = json.loads(entry.after)["files"]
    assert told[0] == ["photo", digest_of(original), one.digest]
    assert "39.6301" not in entry.after
    assert os.stat(attachment_files.path_of(one.digest)).st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_one_bad_file_is_named_and_nothing_of_the_others_is_kept(cast: Cast) -> None:
    found = draft(cast)
    with pytest.raises(ValidationError) as refused:
        attach(cast, found, photo(1), b"GIF89a", video()[:50])
    assert [words[:9] for words in refused.value.messages] == [
        "“现场2.jpg”",
        "“现场3.jpg”",
        "这一次选的都没有存",
    ]
    assert not Attachment.objects.exists()
    assert not list(settings.HOME.glob("attachments/*/*"))
    assert not Entry.objects.filter(action="report.files_attached").exists()


@pytest.mark.django_db
def test_no_more_are_taken_than_the_scheme_says_and_none_twice(cast: Cast) -> None:
    found = draft(cast)
    two = AttachmentRule(photos_most=2, videos_most=0)
    attach(cast, found, photo(1), rule=two)
    with pytest.raises(ValidationError, match="已经附过"):
        attach(cast, found, photo(1), rule=two)
    with pytest.raises(ValidationError, match="最多附 2 张照片、0 段短视频"):
        attach(cast, found, photo(2), photo(3), rule=two)
    with pytest.raises(ValidationError, match="最多附"):
        attach(cast, found, video(), rule=two)
    assert found.attachments.count() == 1


@pytest.mark.django_db
def test_only_who_hands_in_attaches_and_only_to_a_draft(cast: Cast) -> None:
    found = draft(cast)
    (one,) = attach(cast, found, photo(1))
    for who in ("signer", "county", "office", "reader"):
        with pytest.raises(PermissionDenied):
            attachments.attach(found, [Handed("a.jpg", photo(2))], actor=cast.account(who), rule=RULE)
    with pytest.raises(Http404):
        attachments.take_off(one, actor=cast.account("stranger"))
    hand_in(cast, found)
    for act in (
        lambda: attach(cast, found, photo(2)),
        lambda: attachments.take_off(one, actor=cast.reporter),
        lambda: attachments.describe(one, actor=cast.reporter, caption="改", taken_at=None, place=""),
    ):
        with pytest.raises(ValidationError, match="不能再改"):
            act()
    assert found.attachments.count() == 1
    entry = Entry.objects.get(action="report.handed_in")
    assert json.loads(entry.after)["files"] == [one.digest]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["correction", "returned"])
def test_the_next_version_takes_them_over_and_its_own_changes_leave_the_old_one_alone(
    cast: Cast, way: str
) -> None:
    first = draft(cast)
    (one,) = attach(cast, first, photo(1))
    hand_in(cast, first)
    if way == "returned":
        rounds.send_back(first, actor=cast.signer, opinion="照片太远")
        second = draft(cast)
    else:
        rounds.sign([first], actor=cast.signer)
        rounds.check([first], actor=cast.county)
        rounds.accept([first], actor=cast.office)
        second = filling.begin_correction(first, actor=cast.reporter, reason="数字有误", form=scheme().form)
    carried = second.attachments.get()
    assert (carried.digest, carried.added_at) == (one.digest, one.added_at)
    assert carried.pk != one.pk
    attachments.take_off(carried, actor=cast.reporter)
    assert first.attachments.get() == one
    assert attachment_files.content_of(one.digest)


@pytest.mark.django_db
def test_a_photograph_of_another_report_must_be_explained_before_it_is_handed_in(cast: Cast) -> None:
    other = draft(cast, Period(2023, 7), code=PORT, invested_ytd=7_000_000_000)
    attach(cast, other, photo(3))
    hand_in(cast, other)
    found = draft(cast)
    attach(cast, found, photo(3, quality=60), photo(8))
    (doubt,) = [one for one in doubts_of(found, scheme()) if one.finding.id == "photo_reused"]
    assert "本项目2023年7月所附的一张看上去相同" in doubt.finding.message
    with pytest.raises(ValidationError, match="看上去相同"):
        hand_in(cast, found)
    assert doubt.finding.message in browser(cast.reporter).get(PAGE).content.decode()
    Report.objects.filter(pk=found.pk).update(reasons=json.dumps({doubt.key: "同一机位，便于对照"}))
    found.refresh_from_db()
    hand_in(cast, found)
    assert Question.objects.get(finding="photo_reused").answer == "同一机位，便于对照"


@pytest.mark.django_db
def test_the_earlier_report_is_not_asked_about_the_later_one(cast: Cast) -> None:
    first = draft(cast)
    attach(cast, first, photo(3))
    later = draft(cast, Period(2023, 10))
    attach(cast, later, photo(3))
    assert not [one for one in doubts_of(later, scheme()) if one.finding.id == "photo_reused"], "only a draft"
    hand_in(cast, first)
    assert [one for one in doubts_of(later, scheme()) if one.finding.id == "photo_reused"]
    assert not [one for one in doubts_of(first, scheme()) if one.finding.id == "photo_reused"]


@pytest.mark.django_db
def test_a_file_is_seen_by_those_who_see_the_report_and_by_nobody_else(cast: Cast) -> None:
    found = draft(cast)
    (one,) = attach(cast, found, photo(1))
    address = f"/reports/attachments/{one.pk}"
    others = ("signer", "county", "office", "reader")
    for who in (*others, "stranger"):
        assert browser(cast.account(who)).get(address).status_code == 404, f"{who}: a draft is its unit's own"
    hand_in(cast, found)
    for who in ("reporter", *others):
        answer = browser(cast.account(who)).get(address)
        assert answer.status_code == 200, who
        assert answer.content == attachment_files.content_of(one.digest)
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "image/jpeg")
        assert "no-cache" in answer["Cache-Control"]
        small = browser(cast.account(who)).get(address + "/small")
        assert small.content == attachment_files.content_of(one.small)
    for piece in ("", "/small"):
        assert browser(cast.account("stranger")).get(address + piece).status_code == 404
        assert Client().get(address + piece).status_code == 302
    tag = browser(cast.office).get(address)["ETag"]
    assert browser(cast.office).get(address, headers={"if-none-match": tag}).status_code == 304
    assert browser(cast.account("stranger")).get(address, headers={"if-none-match": tag}).status_code == 404


@pytest.mark.django_db
def test_a_file_that_was_changed_on_the_disk_is_not_shown(cast: Cast) -> None:
    (one,) = attach(cast, draft(cast), photo(1))
    attachment_files.path_of(one.digest).write_bytes(photo(2))
    assert browser(cast.reporter).get(f"/reports/attachments/{one.pk}").status_code == 404


@pytest.mark.django_db
def test_on_the_page_files_are_attached_described_and_taken_off_without_script(cast: Cast) -> None:
    client = browser(cast.reporter)
    answer = client.post(PAGE + "attach", sent(("IMG_1.jpg", photo(1, located=True)), ("v.mp4", video())))
    assert (answer.status_code, answer["Location"]) == (302, PAGE + "#attachments")
    found = Report.objects.get(period="2023-09")
    assert (found.state, found.actual_start) == ("draft", date(2022, 5, 20)), (
        "begun as if it had been typed in"
    )
    photo_row, _film = found.attachments.all()
    source = client.get(PAGE).content.decode()
    assert 'value="2023-09-28T15:30"' in source and "39.6301°N" in source
    change = f"/reports/attachments/{photo_row.pk}/change"
    client.post(
        change, {"do": "describe", "caption": " 3 号墩 ", "taken_at": "2023-09-27T08:00", "place": "东岭县"}
    )
    photo_row.refresh_from_db()
    assert (photo_row.caption, photo_row.place) == ("3 号墩", "东岭县")
    assert photo_row.taken_at == datetime(2023, 9, 27, 8, 0, tzinfo=CHINA)
    entry = Entry.objects.get(action="report.file_described")
    assert "东岭县" not in entry.after and json.loads(entry.after)["place_and_time_changed"] is True
    wrong = client.post(
        change, {"taken_at": "2033-01-01T00:00", "place": "长" * 121}, follow=True
    ).content.decode()
    assert "拍摄时间还没有到" in wrong and "“拍摄地点”不超过 120 个字" in wrong
    client.post(change, {"do": "take_off"})
    assert found.attachments.count() == 1
    assert Entry.objects.filter(action="report.file_taken_off").count() == 1


@pytest.mark.django_db
def test_with_script_the_answer_is_the_section_with_what_was_refused_and_the_edition_of_a_begun_draft(
    cast: Cast,
) -> None:
    client = browser(cast.reporter)
    first = client.post(PAGE + "attach", sent(("a.jpg", photo(1))), headers={"hx-request": "true"})
    said = first.content.decode()
    assert said.count("<guatu-attach>") == 1
    assert 'id="report-edition" value="1" hx-swap-oob="true"' in said
    second = client.post(PAGE + "attach", sent(("b.gif", b"GIF89a")), headers={"hx-request": "true"})
    said = second.content.decode()
    assert "“b.gif”不是能读的照片" in said
    assert "report-edition" not in said, "an edition that was not seen is never handed out"


@pytest.mark.django_db
def test_those_who_read_find_the_pictures_on_report_and_project(cast: Cast) -> None:
    found = draft(cast)
    (one,) = attach(cast, found, photo(1))
    attachments.describe(one, actor=cast.reporter, caption="主桥 3 号墩", taken_at=None, place="")
    address = f"/reports/attachments/{one.pk}/small"
    assert address not in browser(cast.office).get(f"/projects/{PORT}/").content.decode()
    hand_in(cast, found)
    for page in (PAGE, f"/projects/{PORT}/"):
        source = browser(cast.office).get(page).content.decode()
        assert f'<img src="{address}" alt="主桥 3 号墩"' in source, page
        assert "attach-form" not in source
    with CaptureQueriesContext(connection) as few:
        browser(cast.office).get(PAGE)
    with CaptureQueriesContext(connection) as without:
        browser(cast.office).get(f"/reports/2023-08/{PORT}/")
    assert len(few) <= len(without) + 2


@pytest.mark.django_db
def test_a_photograph_is_asked_for_only_where_the_scheme_says_so(cast: Cast) -> None:
    found = draft(cast)
    assert filling.photos_missing([], scheme()) == []
    text = scheme().text
    form = text.form.model_copy(update={"attachments": AttachmentRule(photos_least=2)})
    asking = scheme()
    object.__setattr__(asking, "text", text.model_copy(update={"form": form}))
    with pytest.raises(ValidationError, match="至少附 2 张照片，现在有 0 张"):
        filling.hand_in(found, actor=cast.reporter, edition=found.edition, scheme=asking)


@pytest.mark.django_db
def test_files_go_when_nothing_refers_to_them_any_more_but_not_before_they_are_a_day_old(cast: Cast) -> None:
    found = brought_to(cast, "draft", SEPTEMBER)
    kept, gone = attach(cast, found, photo(1), photo(2))
    attachments.take_off(gone, actor=cast.reporter)
    assert attachment_files.forget_unused(digests_in_use()) == 0
    for path in settings.HOME.glob("attachments/*/*"):
        os.utime(path, (0, 0))
    assert attachment_files.forget_unused(digests_in_use()) == 2
    assert attachment_files.content_of(kept.digest)
    with pytest.raises(attachment_files.Damaged):
        attachment_files.content_of(gone.digest)


@pytest.mark.django_db
def test_a_project_s_photographs_do_not_open_those_of_another(cast: Cast) -> None:
    other = project(SCHOOL)
    assert (
        browser(cast.reporter)
        .post(f"/reports/2023-09/{other.code}/attach", sent(("a.jpg", photo())))
        .status_code
        == 404
    )


@pytest.mark.django_db
def test_a_report_at_once_takes_photographs_and_is_struck_out_with_them(cast: Cast) -> None:
    matter = scheme().kind("major_matter")
    assert matter is not None
    begun = begin_at_once(project(PORT), matter, actor=cast.reporter)
    page = f"/reports/of/major_matter/{begun.period}/{PORT}/"
    client = browser(cast.reporter)
    answer = client.post(page + "attach", sent(("a.jpg", photo(1))))
    assert (answer.status_code, answer["Location"]) == (302, page + "#attachments")
    (one,) = Attachment.objects.filter(report=begun.pk)
    answer = client.post(
        f"/reports/attachments/{one.pk}/change",
        {"do": "describe", "caption": "塔吊"},
        headers={"hx-request": "true"},
    )
    assert 'value="塔吊"' in answer.content.decode()
    assert (
        browser(cast.account("stranger")).post(page + "attach", sent(("b.jpg", photo(2)))).status_code == 404
    )
    discard(begun, actor=cast.reporter)
    assert not Attachment.objects.exists()
    entry = Entry.objects.get(action="report.discarded")
    assert json.loads(entry.before)["files"] == [["photo", one.original, one.digest]]


@pytest.mark.django_db
def test_a_week_takes_photographs_once_its_draft_is_saved_and_shows_them_to_who_checks(cast: Cast) -> None:
    weekly = scheme().kind("weekly")
    assert weekly is not None
    page = f"/reports/of/weekly/2023-10-09/{PORT}/"
    client = browser(cast.reporter)
    assert "attach-form" not in client.get(page).content.decode()
    refused = client.post(page + "attach", sent(("a.jpg", photo(1))), follow=True).content.decode()
    assert "请先存草稿，再附照片。" in refused
    kept = save_kind(
        project(PORT),
        weekly,
        "2023-10-09",
        {"progress": "架梁", "physical": Decimal(43)},
        actor=cast.reporter,
        edition=0,
    )
    assert "attach-form" in client.get(page).content.decode()
    client.post(page + "attach", sent(("a.jpg", photo(1))))
    one = Attachment.objects.get(report=kept.pk)
    kept.refresh_from_db()
    hand_in(cast, kept)
    assert f"/reports/attachments/{one.pk}/small" in browser(cast.office).get(page).content.decode()


@pytest.mark.django_db
def test_what_came_back_is_shown_and_changed_only_once_a_draft_is_begun(cast: Cast) -> None:
    first = draft(cast)
    (one,) = attach(cast, first, photo(1))
    hand_in(cast, first)
    rounds.send_back(first, actor=cast.signer, opinion="照片太远")
    source = browser(cast.reporter).get(PAGE).content.decode()
    assert f"/reports/attachments/{one.pk}/small" in source
    assert f"/reports/attachments/{one.pk}/change" not in source
    draft(cast)
    assert "/change" in browser(cast.reporter).get(PAGE).content.decode()
