"""A backup brings everything back, on either database, or changes nothing."""

from __future__ import annotations

import os
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from guatu.reporting.attached.rule import AttachmentRule
from guatu.server import jobs
from guatu.server.access.models import Access
from guatu.server.accounts.actions import add_region
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.models import MonthBundle
from guatu.server.backup import BackupRefused, restore_backup, write_backup
from guatu.server.clock import now
from guatu.server.facts import facts_known_on
from guatu.server.portfolio.models import Project
from guatu.server.record import triggers
from guatu.server.record.actions import append
from guatu.server.record.chain import GENESIS
from guatu.server.record.models import Entry, Head, PersonalValue
from guatu.server.record.queries import verify
from guatu.server.reporting import attachment_files
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.attachments import Handed, attach
from guatu.server.reporting.models import Attachment
from guatu.server.timed.models import DueWork
from guatu.values import Period
from tests.cast import LEDGER_DAY, PORT, ledger, report, settle
from tests.reporting.attached.made import photo
from tests.server.reporting.work import draft


def emptied() -> None:
    triggers.remove(connection)
    call_command("flush", interactive=False, verbosity=0)
    triggers.install(connection)
    Head.objects.create(id=1, sequence=0, hash=GENESIS)


def full_city() -> None:
    """A city with reports, a personal value beside the record, a row of the access log, done work."""
    cast = settle()
    jobs.tick()
    Access.objects.create(
        time=now(),
        account="office",
        address="10.0.0.1",
        kind="read",
        page="ledger",
        path="/projects/",
        status=200,
    )
    with transaction.atomic():
        append(
            actor=None,
            action="plan.changed",
            subject_kind="project",
            subject_id=PORT,
            reason="请致电13912345678",
        )
    import_reports([report(PORT, 1, 900)], actor=cast.office, day=LEDGER_DAY)
    import_reports([report(PORT, 1, 950)], actor=cast.office, day=LEDGER_DAY)


def test_everything_comes_back_and_the_record_goes_on(committed: None, tmp_path: Path) -> None:
    full_city()
    record = verify()
    written = write_backup(tmp_path / "city.zip")
    emptied()
    restored = restore_backup(tmp_path / "city.zip")
    assert restored == written
    assert list(facts_known_on(LEDGER_DAY, 2023).projects) == ledger()
    assert (verify().entries, verify().hash) == (record.entries, record.hash)
    assert Project.objects.get(code=PORT).reports.count() == 2
    assert PersonalValue.objects.get().value == "13912345678"
    assert Access.objects.get().account == "office"
    assert DueWork.objects.exclude(done_at=None).count() == len(jobs.JOBS)
    add_region(actor=None, code="130999", name="新区")
    assert verify().entries == record.entries + 1


def test_the_bundles_of_judged_months_come_back_byte_for_byte(committed: None, tmp_path: Path) -> None:
    cast = settle()
    judged = judge_month(Period(2023, 3), date(2023, 4, 13), cast.office)
    content = bytes(judged.bundle.content)
    write_backup(tmp_path / "city.zip")
    emptied()
    restore_backup(tmp_path / "city.zip")
    assert bytes(MonthBundle.objects.get().content) == content


def test_a_backup_is_for_its_owner_alone(committed: None, tmp_path: Path) -> None:
    write_backup(tmp_path / "city.zip")
    assert stat.S_IMODE(os.stat(tmp_path / "city.zip").st_mode) == 0o600


def test_an_existing_file_is_not_overwritten(committed: None, tmp_path: Path) -> None:
    (tmp_path / "city.zip").write_text("别的东西", encoding="utf-8")
    with pytest.raises(BackupRefused, match="已经存在"):
        write_backup(tmp_path / "city.zip")


def test_a_database_that_holds_something_is_not_restored_into(committed: None, tmp_path: Path) -> None:
    full_city()
    write_backup(tmp_path / "city.zip")
    before = Entry.objects.count()
    with pytest.raises(BackupRefused, match="已有数据"):
        restore_backup(tmp_path / "city.zip")
    assert Entry.objects.count() == before


def test_a_backup_that_was_changed_is_refused_and_nothing_is_kept(committed: None, tmp_path: Path) -> None:
    full_city()
    write_backup(tmp_path / "city.zip")
    emptied()
    with zipfile.ZipFile(tmp_path / "city.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "rows/record.entry.jsonl":
                content = content.replace("沧城市".encode(), "别的市".encode(), 1)
            new.writestr(name, content)
    with pytest.raises(BackupRefused, match="对不上"):
        restore_backup(tmp_path / "bad.zip")
    assert not Project.objects.exists()
    assert verify().whole


@pytest.mark.parametrize("content", [b"", b"not a zip file at all"])
def test_a_file_that_is_no_backup_is_refused(committed: None, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "city.zip").write_bytes(content)
    with pytest.raises(BackupRefused, match="不是挂图的备份"):
        restore_backup(tmp_path / "city.zip")


def pictured_city() -> Attachment:
    """A city with a photograph beside a report."""
    cast = settle()
    found = draft(cast)
    (one,) = attach(found, [Handed("a.jpg", photo())], actor=cast.reporter, rule=AttachmentRule())
    return one


def test_photographs_come_back_to_the_byte(
    committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path / "before")
    one = pictured_city()
    content = attachment_files.content_of(one.digest)
    written = write_backup(tmp_path / "city.zip")
    assert (written.files, written.damaged) == (2, ())
    emptied()
    monkeypatch.setattr(settings, "HOME", tmp_path / "after")
    (tmp_path / "after").mkdir()
    assert restore_backup(tmp_path / "city.zip") == written
    assert attachment_files.content_of(Attachment.objects.get().digest) == content
    assert attachment_files.content_of(one.small)


def test_a_photograph_that_is_damaged_is_named_and_all_else_is_kept(
    committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    one = pictured_city()
    attachment_files.path_of(one.digest).write_bytes(b"something else")
    written = write_backup(tmp_path / "city.zip")
    assert (written.files, written.damaged) == (1, (one.digest,))
    emptied()
    assert restore_backup(tmp_path / "city.zip").damaged == (one.digest,)
    assert Attachment.objects.get().digest == one.digest


@pytest.mark.parametrize("way", ["changed", "left out"])
def test_a_backup_whose_photographs_are_not_what_they_were_changes_nothing(
    committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    one = pictured_city()
    write_backup(tmp_path / "city.zip")
    with zipfile.ZipFile(tmp_path / "city.zip") as whole, zipfile.ZipFile(tmp_path / "x.zip", "w") as forged:
        for name in whole.namelist():
            if name != f"attachments/{one.digest}":
                forged.writestr(name, whole.read(name))
            elif way == "changed":
                forged.writestr(name, photo(2))
    emptied()
    with pytest.raises(BackupRefused, match="附件文件"):
        restore_backup(tmp_path / "x.zip")
    assert not Attachment.objects.exists() and not Project.objects.exists()
