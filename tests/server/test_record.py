"""The record is whole, or says where it is not; nobody changes it, not even past the models."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from guatu.record.chain import Noted
from guatu.server.record import triggers
from guatu.server.record.actions import append
from guatu.server.record.chain import personal_digest
from guatu.server.record.models import Entry, Head, RecordIsAppendOnly
from guatu.server.record.queries import entries_of, verify
from tests.cast import Cast


def write(number: int = 1, **columns: object) -> Entry:
    with transaction.atomic():
        return append(
            actor=None,
            action="test.written",
            subject_kind="test",
            subject_id=number,
            after={"number": number, **columns},
        )


def tamper(statement: str) -> None:
    """Change the table as someone with all rights on the database would: without the triggers."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_empty_record_is_whole() -> None:
    assert verify().whole
    assert verify().entries == 0


@pytest.mark.django_db
def test_each_entry_is_chained_to_the_one_before() -> None:
    first, second = write(1), write(2)
    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash
    assert (second.sequence, verify().entries, verify().hash) == (2, 2, second.hash)
    assert verify().whole


@pytest.mark.django_db
def test_an_entry_tells_who_held_which_post(cast: Cast) -> None:
    with transaction.atomic():
        entry = append(actor=cast.office, action="test", subject_kind="project", subject_id=7)
    assert (entry.actor, entry.post) == ("office", "综合科科长")
    assert list(entries_of("project", 7)) == [entry]


def test_an_entry_outside_a_transaction_is_refused(committed: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        append(actor=None, action="test", subject_kind="test", subject_id=1)


@pytest.mark.django_db
def test_telephone_numbers_are_not_in_the_record() -> None:
    entry = write(phone="021-55556666", note="请拨13912345678联系", approvals=["0317-1234567"])
    assert "55556666" not in entry.after
    assert "13912345678" not in entry.after
    assert "1234567" not in entry.after
    assert personal_digest("021-55556666") in entry.after, "equal numbers can still be compared"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "personal",
    ["139 1234 5678", "139-1234-5678", "0317-1234567", "130902199001011234", "wen.r@example.org.cn"],
)
def test_personal_values_of_every_kind_stay_out_of_the_chain_wherever_they_stand(personal: str) -> None:
    with transaction.atomic():
        entry = append(
            actor=None,
            action="test.written",
            subject_kind="test",
            subject_id=f"台账{personal}（一）.xlsx",
            before={"files": {f"台账{personal}（一）.xlsx": "ab" * 32}},
            after={"list": [{"note": f"联系{personal}"}]},
            reason=f"{personal}来电",
        )
    told = entry.before + entry.after + entry.reason + entry.subject_id
    assert personal not in told
    assert told.count(personal_digest(personal)) == 4
    assert verify().whole


@pytest.mark.django_db
def test_a_digest_that_happens_to_hold_a_telephone_number_stays_as_it_is() -> None:
    digest = "ab13912345678c" + "d" * 50
    assert digest in write(files={"台账.xlsx": digest}).after


@pytest.mark.django_db
def test_codes_of_projects_and_days_are_not_taken_for_personal_values() -> None:
    code = "2022-139751-78-01-822086"
    assert code in write(project=code, day="2023-10-13", amount=13912345678).after


@pytest.mark.django_db
def test_models_refuse_to_change_or_delete_an_entry() -> None:
    entry = write()
    entry.reason = "另一个理由"
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason=""),
        lambda: Entry.objects.bulk_update([entry], ["reason"]),
    ):
        with pytest.raises(RecordIsAppendOnly):
            attempt()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE record_entry SET reason = 'x'", "DELETE FROM record_entry", "all at once"],
)
def test_the_database_itself_refuses_to_change_or_delete_an_entry(statement: str) -> None:
    if statement == "all at once":
        statement = {
            "sqlite": "INSERT OR REPLACE INTO record_entry SELECT * FROM record_entry",
            "postgresql": "TRUNCATE record_entry CASCADE",
        }[connection.vendor]
    write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert verify().entries == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE record_entry SET reason = '改过' WHERE sequence = 2", 2),
        ("UPDATE record_entry SET actor = '别人' WHERE sequence = 1", 1),
        ("UPDATE record_entry SET previous_hash = hash WHERE sequence = 3", 3),
        ("DELETE FROM record_entry WHERE sequence = 2", 2),
        ("DELETE FROM record_entry WHERE sequence = 3", 3),
        ("DELETE FROM record_head", 4),
    ],
)
def test_a_tampered_record_is_found_at_the_right_place(statement: str, broken_at: int) -> None:
    for number in (1, 2, 3):
        write(number)
    tamper(statement)
    found = verify()
    assert not found.whole
    assert found.broken_at == broken_at
    assert found.message


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_entry() -> None:
    write(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        append(actor=None, action="test", subject_kind="test", subject_id=2)
        raise RuntimeError
    assert verify().entries == 1
    assert Head.objects.get().sequence == 1


def test_entries_appended_at_once_keep_the_chain_whole(committed: None) -> None:
    errors: list[BaseException] = []
    together = threading.Barrier(4)

    def clerk(number: int) -> None:
        try:
            together.wait()
            for step in range(10):
                write(number * 100 + step)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(number,)) for number in range(4)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    assert errors == []
    assert verify().whole
    assert verify().entries == 40


@pytest.mark.django_db
def test_a_head_that_was_noted_down_is_found_in_the_chain_or_missed() -> None:
    first, second = write(1), write(2)
    assert verify(Noted(first.hash[:16], 1)).noted_at == 1
    assert verify(Noted(second.hash[:16])).noted_at == 2
    missed = verify(Noted("f" * 16))
    assert missed.whole and not missed.holds


@pytest.mark.django_db
def test_an_entry_that_the_end_does_not_know_of_is_found() -> None:
    write(1)
    write(2)
    tamper("UPDATE record_head SET sequence = 1, hash = (SELECT hash FROM record_entry WHERE sequence = 1)")
    assert "应有 1 条，现有 2 条" in verify().message


def test_entries_appended_during_the_walk_do_not_disturb_it(committed: None) -> None:
    for number in range(30):
        write(number)
    stop = threading.Event()

    def clerk() -> None:
        try:
            while not stop.is_set():
                write()
        finally:
            connection.close()

    thread = threading.Thread(target=clerk)
    thread.start()
    try:
        walks = [verify() for _number in range(10)]
    finally:
        stop.set()
        thread.join()
    assert [walk.message for walk in walks] == [""] * 10
    assert walks[-1].entries >= walks[0].entries >= 30
