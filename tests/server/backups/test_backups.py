"""Backups on the web: made and read back outside the request, the oldest of the nightly ones let go, none taken away."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from guatu.reporting.attached.rule import AttachmentRule
from guatu.server.accounts.models import Account
from guatu.server.backup import BackupRefused
from guatu.server.backups import actions
from guatu.server.backups.check import check_backup
from guatu.server.backups.models import BackupFile, BackupRules
from guatu.server.backups.queries import path_of, shown
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from guatu.server.reporting import attachment_files
from guatu.server.reporting.attachments import Handed, attach
from tests.cast import Cast, settle
from tests.reporting.attached.made import photo
from tests.server.reporting.work import draft


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    settings.GUATU_BACKUPS = str(tmp_path / "backups")
    return tmp_path / "backups"


@pytest.fixture
def cast(committed: None) -> Cast:
    """The city, really committed: PostgreSQL begins a backup with a transaction of its own."""
    return settle()


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def made(actor: Account | None, **more: bool) -> BackupFile:
    backup = actions.begin(actor=actor, **more)
    actions.make(backup, actor=actor)
    backup.refresh_from_db()
    return backup


def test_a_backup_is_listed_with_size_digest_and_the_end_of_its_record(cast: Cast) -> None:
    before = verify()
    backup = made(cast.system)
    assert (backup.state, backup.entries, backup.hash) == ("whole", before.entries, before.hash)
    assert backup.digest == actions.sha256(path_of(backup)) and backup.size == path_of(backup).stat().st_size
    assert path_of(backup).stat().st_mode & 0o077 == 0 and path_of(backup).parent.stat().st_mode & 0o077 == 0
    told = browser(cast.system).get("/backups/").content.decode()
    assert backup.name in told and backup.digest[:16] in told and "还没有核验" in told
    assert Entry.objects.filter(action="backup.made", actor="system").count() == 1


def test_reading_back_finds_a_good_one_good(cast: Cast) -> None:
    backup = made(cast.system)
    actions.begin_check(actor=cast.system, backup=backup)
    actions.verify(backup, actor=cast.system)
    backup.refresh_from_db()
    assert backup.checked == "good"
    assert json.loads(Entry.objects.get(action="backup.verified").after)["good"] is True


def test_a_file_that_was_changed_is_found_bad_and_said(cast: Cast) -> None:
    backup = made(cast.system)
    with path_of(backup).open("r+b") as file:
        file.seek(-30, 2)
        file.write(b"x")
    actions.verify(backup, actor=cast.system)
    backup.refresh_from_db()
    assert backup.checked == "bad"
    assert "改动过或已损坏" in browser(cast.system).get("/backups/").content.decode()


def rewritten(path: Path, name: str, old: str, new: str) -> Path:
    """A copy of a backup in which one text of one file in it is another; its digests fit."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as copy:
        for one in archive.namelist():
            text = archive.read(one)
            copy.writestr(one, text.replace(old.encode(), new.encode(), 1) if one == name else text)
    return other


def test_a_record_that_was_written_anew_in_the_file_does_not_pass(cast: Cast) -> None:
    path = path_of(made(cast.system))
    check_backup(path)
    with pytest.raises(BackupRefused, match="第 1 条的内容被改动过"):
        check_backup(rewritten(path, "rows/record.entry.jsonl", '"reason": ""', '"reason": "改"'))


def test_a_row_that_is_missing_does_not_pass(cast: Cast) -> None:
    path = path_of(made(cast.system))
    with zipfile.ZipFile(path) as archive:
        first = archive.read("rows/accounts.person.jsonl").decode().splitlines(keepends=True)[0]
    with pytest.raises(BackupRefused, match="行，实有"):
        check_backup(rewritten(path, "rows/accounts.person.jsonl", first, ""))


def test_what_is_no_backup_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no")
    with pytest.raises(BackupRefused, match="不是挂图的备份文件"):
        check_backup(tmp_path / "x.zip")


def test_the_page_begins_the_work_and_asks_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[BackupFile] = []
    monkeypatch.setattr(
        "guatu.server.backups.work.make_in_background", lambda backup, _actor: begun.append(backup)
    )
    client = browser(cast.system)
    client.post("/backups/make/", {"do": "make"})
    (backup,) = begun
    path = path_of(backup)
    path.parent.mkdir(parents=True)
    path.with_name(f"{path.name}.part").write_bytes(b"x" * 2048)
    told = client.get("/backups/", headers={"HX-Request": "true"}).content.decode()
    assert "正在备份" in told and "every 1s" in told and "2.0" in told
    BackupFile.objects.filter(pk=backup.pk).update(state="whole", made=backup.begun)
    assert client.get("/backups/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    BackupFile.objects.filter(pk=backup.pk).update(state="writing")
    client.post("/backups/make/", {"do": "make"})
    assert len(begun) == 1, "not two at once"


def test_a_backup_left_by_a_killed_server_is_said_and_does_not_hold_up_the_next(
    cast: Cast, settings: Any
) -> None:
    first = actions.begin(actor=cast.system)
    with pytest.raises(ValidationError):
        actions.begin(actor=cast.system)
    BackupFile.objects.filter(pk=first.pk).update(begun="2020-01-01T00:00:00Z")
    first.refresh_from_db()
    assert shown(first).left
    assert "中断了" in browser(cast.system).get("/backups/").content.decode()
    made(cast.system)


def test_a_folder_that_cannot_be_written_is_a_failure_in_words(cast: Cast, place: Path) -> None:
    place.write_text("a file where the folder should be")
    backup = actions.begin(actor=cast.system)
    with pytest.raises(BackupRefused):
        actions.make(backup, actor=cast.system)
    assert BackupFile.objects.get().state == "failed"


def test_the_nightly_ones_are_verified_and_only_the_last_are_kept(cast: Cast) -> None:
    by_hand = made(cast.system)
    assert actions.nightly() == "没有设自动备份。"
    BackupRules.objects.create(id=1, nightly=True, keep=2)
    for _night in range(3):
        said = actions.nightly()
    assert "已核验；删去旧的 1 份" in said
    kept = BackupFile.objects.filter(scheduled=True)
    assert [one.checked for one in kept] == ["good", "good"]
    assert sorted(path.name for path in path_of(by_hand).parent.iterdir()) == sorted(
        [by_hand.name, *(one.name for one in kept)]
    )


def test_the_rules_are_changed_by_the_system_administrator_with_an_entry(cast: Cast) -> None:
    client = browser(cast.system)
    client.post("/backups/rules/", {"nightly": "on", "keep": "7"})
    rules = BackupRules.objects.get()
    assert (rules.nightly, rules.keep) == (True, 7)
    assert client.post("/backups/rules/", {"keep": "0"}).status_code == 400
    assert Entry.objects.filter(action="backup_rules.changed").count() == 1


def test_nobody_else_makes_verifies_or_lists(cast: Cast) -> None:
    backup = made(None)
    for account in (cast.office, cast.security, cast.audit):
        with pytest.raises(PermissionDenied):
            actions.begin(actor=account)
        with pytest.raises(PermissionDenied):
            actions.begin_check(actor=account, backup=backup)
        assert browser(account).get("/backups/").status_code == 403


def test_a_file_that_was_taken_away_is_said(cast: Cast) -> None:
    backup = made(cast.system)
    shutil.move(path_of(backup), path_of(backup).with_name("elsewhere.zip"))
    assert "文件已不在" in browser(cast.system).get("/backups/").content.decode()
    with pytest.raises(ValidationError):
        actions.begin_check(actor=cast.system, backup=backup)


def test_a_backup_without_a_damaged_attachment_says_so(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    (attached,) = attach(draft(cast), [Handed("a.jpg", photo())], actor=cast.reporter, rule=AttachmentRule())
    attachment_files.path_of(attached.digest).unlink()
    backup = made(cast.system)
    actions.verify(backup, actor=cast.system)
    backup.refresh_from_db()
    assert backup.checked == "good"
    assert "1 个附件文件在备份时已损坏或不在" in browser(cast.system).get("/backups/").content.decode()
