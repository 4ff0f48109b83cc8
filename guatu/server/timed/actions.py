"""Claiming due work and doing it: each job once a period, whoever asks and however often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F, Q
from django.utils.translation import gettext

from guatu.server.clock import CHINA
from guatu.server.timed.models import DueWork

MINUTE: Final = timedelta(minutes=1)
STALE: Final = timedelta(minutes=15)
"""After so long without an end, work that was begun may be begun again by another."""

_log = logging.getLogger("guatu.timed")


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name in the table, its words, the period that a day falls into, and what does it.

    `work` takes the day and returns a sentence of what was done. It brings its own transaction, and does no
    harm when it is done again. With `each` the period is so long a part of the day instead.
    """

    name: str
    words: str
    period_of: Callable[[date], str]
    work: Callable[[date], str]
    each: timedelta | None = None

    def period(self, moment: datetime, day: date) -> str:
        """The period in which it is due now."""
        if self.each is None:
            return self.period_of(day)
        clock = moment.astimezone(CHINA)
        minutes = (clock.hour * 60 + clock.minute) // (self.each // MINUTE) * (self.each // MINUTE)
        return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one job: the sentence it said, or why it failed."""

    job: Job
    said: str
    failed: bool = False

    @property
    def words(self) -> str:
        """What the job is called."""
        return gettext(self.job.words)


def do_due(jobs: Sequence[Job], moment: datetime, day: date) -> list[Done]:
    """Do the jobs that are due and that nobody else does or has done; what came of each that was begun here.

    A job that fails does not hold up the others, and is tried again after fifteen minutes. At most three
    queries for a job that is done already.
    """
    done = set(DueWork.objects.exclude(done_at=None).filter(
        job__in=[job.name for job in jobs], period__in={job.period(moment, day) for job in jobs}
    ).values_list("job", "period"))  # fmt: skip
    return [
        _do(job, job.period(moment, day), moment, day)
        for job in jobs
        if (job.name, job.period(moment, day)) not in done
        and _claimed(job.name, job.period(moment, day), moment)
    ]


def _claimed(job: str, period: str, moment: datetime) -> bool:
    """Whether the work is now ours. One conditional update decides between all who ask at once."""
    DueWork.objects.bulk_create([DueWork(job=job, period=period)], ignore_conflicts=True)
    free = Q(claimed_at=None) | Q(claimed_at__lt=moment - STALE)
    taken = DueWork.objects.filter(free, job=job, period=period, done_at=None).update(
        claimed_at=moment, attempts=F("attempts") + 1
    )
    return taken == 1


def _do(job: Job, period: str, moment: datetime, day: date) -> Done:
    mine = DueWork.objects.filter(job=job.name, period=period, claimed_at=moment, done_at=None)
    try:
        said = job.work(day)
        mine.update(done_at=moment, said=said)
        if job.each is not None:
            yesterday = (day - timedelta(days=1)).isoformat()
            DueWork.objects.filter(job=job.name, period__lt=yesterday).delete()
    except Exception as error:
        _log.exception("定时任务“%s”没有做成，稍后再试。", job.words)
        mine.update(said=str(error))
        return Done(job, str(error), failed=True)
    return Done(job, said)
