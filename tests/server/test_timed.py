"""Timed work is done once a period, whoever asks and however often; what fails is tried again."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.server import jobs
from guatu.server.clock import now, today
from guatu.server.record import triggers
from guatu.server.timed.actions import STALE, Done, Job, do_due
from guatu.server.timed.models import DueWork
from guatu.server.timed.queries import last_walk
from tests.cast import Cast

DAY = date(2023, 10, 13)


def monthly(day: date) -> str:
    return f"{day:%Y-%m}"


@pytest.mark.django_db
def test_a_job_is_done_once_a_period() -> None:
    days: list[date] = []

    def work(day: date) -> str:
        days.append(day)
        return "好了"

    job = Job("test", "试", monthly, work)
    moment = now()
    assert do_due([job], moment, DAY) == [Done(job, "好了")]
    assert do_due([job], moment + timedelta(days=1), DAY + timedelta(days=1)) == []
    assert do_due([job], moment + timedelta(days=30), DAY + timedelta(days=30)) == [Done(job, "好了")]
    assert days == [DAY, DAY + timedelta(days=30)]


@pytest.mark.django_db
def test_a_job_that_fails_is_tried_again_later_and_holds_up_no_other() -> None:
    tries: list[int] = []

    def work(_day: date) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("磁盘已满")
        return "好了"

    failing, other = Job("failing", "坏的", monthly, work), Job("other", "好的", monthly, lambda _day: "做了")
    moment = now()
    first = do_due([failing, other], moment, DAY)
    assert [(one.said, one.failed) for one in first] == [("磁盘已满", True), ("做了", False)]
    assert do_due([failing, other], moment + STALE, DAY) == [], "not at once"
    assert do_due([failing, other], moment + STALE + timedelta(seconds=1), DAY) == [Done(failing, "好了")]
    assert DueWork.objects.get(job="failing").attempts == 2


@pytest.mark.django_db
def test_nothing_due_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    jobs.tick()
    with django_assert_num_queries(1):
        assert jobs.tick() == []


def test_of_many_who_ask_at_once_one_does_the_work(committed: None) -> None:
    done: list[int] = []
    errors: list[BaseException] = []
    together = threading.Barrier(4)

    def work(_day: date) -> str:
        done.append(1)
        return ""

    def ask() -> None:
        try:
            together.wait()
            do_due([Job("test", "试", monthly, work)], now(), DAY)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    asking = [threading.Thread(target=ask) for _number in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert errors == []
    assert done == [1]


@pytest.mark.django_db
def test_every_job_of_the_list_does_its_work_and_says_so(cast: Cast) -> None:
    assert [one.failed for one in jobs.tick()] == [False] * len(jobs.JOBS)
    assert len({job.name for job in jobs.JOBS}) == len(jobs.JOBS)
    walk = last_walk()
    assert walk is not None and walk.done_at is not None
    assert walk.period == today().isoformat() and "首尾相接" in walk.said


@pytest.mark.django_db
def test_a_record_that_was_tampered_with_is_said_by_the_job_and_on_the_page(cast: Cast) -> None:
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_entry SET reason = '改过' WHERE sequence = 3")
    assert [one.said for one in jobs.tick() if one.failed] == [
        "留痕不完整，断在第 3 条。第 3 条的内容被改动过。"
    ]

    client = Client()
    client.force_login(cast.audit, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/record/").content.decode()
    assert "断在第 3 条" in page and "没有通过" in page
