"""The calendar of one account: due days of the scheme that are its own, and what waits for it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from guatu.calendars import UnpublishedYear, is_working_day
from guatu.documents.feed import DueEntry, TaskEntry, calendar_file
from guatu.reporting.form import MONTHLY
from guatu.schemes.agenda import Occasion, agenda
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, projects_for, supplies
from guatu.server.clock import now, today
from guatu.server.dashboards.todo_given import everything_asked
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=120)
"""The span of due days in the calendar, around today."""
REPORTING: Final = (Verb.HAND_IN, Verb.SIGN, Verb.CHECK)
"""Whose due days those of the reports are."""


def calendar_of(account: Account, site: str) -> bytes:
    """The iCalendar of an account; `site` is the address of the site, without a slash at its end."""
    day = today()
    occasions = agenda(scheme_in_force(), day - BACK, day + AHEAD, estimate=True)
    return calendar_file(
        _("挂图 · %s") % account.person.name,
        salted_hmac("guatu.calendar", str(account.pk)).hexdigest()[:16],
        list(_due_days(account, occasions, site)),
        [
            TaskEntry(one.key, one.title, one.text, site + one.href, one.due)
            for one in everything_asked(account)
        ],
        moment=now(),
        day=day,
    )


def _due_days(account: Account, occasions: list[Occasion], site: str) -> Iterator[DueEntry]:
    """The due days of the account's reports, and of the facts that its organisation supplies."""
    reports = any(may(account, verb) for verb in REPORTING) and projects_for(account, Verb.SEE).exists()
    for occasion in occasions:
        rule, due = occasion.of, occasion.due
        if rule.kind == "report" and reports:
            href = f"{site}/reports/"
        elif rule.kind == "fact" and rule.who and supplies(account, rule.who):
            href = f"{site}/given/?month={Period.of(due.ends)}"
        else:
            continue
        yield DueEntry(
            f"due.{rule.id}.{due.ends}",
            due.day,
            _("%(what)s截止：%(of)s") % {"what": rule.name, "of": _of(occasion)},
            _notes(occasion),
            href,
        )


def _of(occasion: Occasion) -> str:
    """The period that a due day is about: a month by name, others by their days."""
    begins, ends = occasion.due.begins, occasion.due.ends
    month = Period.of(ends)
    if (begins, ends) == (month.first_day, month.last_day) or occasion.of.id == MONTHLY:
        return month.label
    if begins == ends:
        return _("%(month)d 月 %(day)d 日") % {"month": ends.month, "day": ends.day}
    return _("%(a)d 月 %(b)d 日至 %(c)d 月 %(d)d 日") % {
        "a": begins.month, "b": begins.day, "c": ends.month, "d": ends.day
    }  # fmt: skip


def _notes(occasion: Occasion) -> str:
    due = occasion.due
    words = [_("依据：%s。") % occasion.of.clause] if occasion.of.clause else []
    if due.unshifted != due.day:
        words.append(
            _("原定 %(month)d 月 %(day)d 日，遇放假调整。")
            % {"month": due.unshifted.month, "day": due.unshifted.day}
        )
    elif _closed(occasion):
        words.append(_("当天放假，请提前办理。"))
    if not due.certain:
        words.append(_("当年放假安排尚未公布，日期可能变动。"))
    return "".join(words) or _("请按时报送。")


def _closed(occasion: Occasion) -> bool:
    try:
        return not is_working_day(occasion.due.day)
    except UnpublishedYear:
        return False
