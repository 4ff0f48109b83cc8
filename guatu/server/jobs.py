"""The timed jobs: what is done when its time has come. `guatu tick` does what is due; so does `guatu serve`."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.server.access.actions import prune
from guatu.server.backups.actions import nightly
from guatu.server.clock import now, today
from guatu.server.messages.outbox import deliver, forget_old
from guatu.server.messages.round import go_round
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.record.actions import delete_due_personal
from guatu.server.record.queries import verify
from guatu.server.reporting.attachment_files import forget_unused
from guatu.server.reporting.attachment_queries import digests_in_use
from guatu.server.timed.actions import Done, Job, do_due
from guatu.server.timed.queries import CHAIN_JOB

EVERY: Final = 60.0
"""Seconds between two looks of a running server at what is due."""

_log = logging.getLogger("guatu.timed")


def _current_values(day: date) -> str:
    bring_up_to_date(day)
    return _("项目现值已更新到当日。")


def _personal(day: date) -> str:
    return _("删除保存期满的个人信息 %d 条。") % delete_due_personal(day)


def _access_log(day: date) -> str:
    return _("删除期满的访问日志 %d 条。") % prune(day)


def _chain(day: date) -> str:
    found = verify()
    if not found.whole:
        raise ChainBroken(
            _("留痕不完整，断在第 %(at)d 条。%(why)s") % {"at": found.broken_at, "why": found.message}
        )
    return _("留痕 %d 条，首尾相接，没有改动。") % found.entries


def _attachments(day: date) -> str:
    return _("删除不再用到的附件文件 %d 个。") % forget_unused(digests_in_use())


def _old_messages(day: date) -> str:
    return _("删除过期的消息 %d 条。") % forget_old(day)


def _round(_day: date) -> str:
    made = go_round(now())
    return _("新消息 %d 条。") % made


def _deliver(_day: date) -> str:
    out = deliver(now())
    return _("发出 %(sent)d 条，没有发成 %(failed)d 条。") % {"sent": out.sent, "failed": out.failed}


def _backup(_day: date) -> str:
    return nightly()


class ChainBroken(Exception):
    """The record does not hold; the message (Chinese) says where."""


JOBS: Final = (
    Job("current-values", gettext_noop("更新项目现值"), date.isoformat, _current_values),
    Job("personal-values", gettext_noop("删除期满的个人信息"), date.isoformat, _personal),
    Job("access-log", gettext_noop("清理期满的访问日志"), date.isoformat, _access_log),
    Job("attachments", gettext_noop("清理不再用到的附件文件"), date.isoformat, _attachments),
    Job(CHAIN_JOB, gettext_noop("核对留痕"), date.isoformat, _chain),
    Job("messages-old", gettext_noop("删除过期的消息"), date.isoformat, _old_messages),
    Job("messages-round", gettext_noop("汇集要提醒的事"), date.isoformat, _round, each=timedelta(hours=1)),
    Job("messages-out", gettext_noop("发出消息"), date.isoformat, _deliver, each=timedelta(minutes=5)),
    Job("backup", gettext_noop("自动备份"), date.isoformat, _backup),
)
"""Every job, in the order in which they are done; each once a day, messages more often."""


def tick() -> list[Done]:
    """Do what is due now; safe to repeat and to run at several places at once. One query where nothing is."""
    return do_due(JOBS, now(), today())


def tick_on() -> None:
    """Do what is due once a minute, in a thread of its own, for as long as the process lives."""

    def run() -> None:
        while True:
            try:
                tick()
            except DatabaseError:
                _log.exception("定时任务这一分钟没有做成，下一分钟再试。")
            finally:
                close_old_connections()
            time.sleep(EVERY)

    threading.Thread(target=run, name="timed work", daemon=True).start()
