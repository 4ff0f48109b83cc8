"""What is to do today, by due day, for one person: made from the judged month that the site shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.calendars import UnpublishedYear, working_days_after
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import sees_everything, visible_projects
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import places, summary_for
from guatu.server.clock import today
from guatu.server.dashboards.todo_given import everything_asked
from guatu.values import Period

QUESTIONED = ("unit_yi_in_wan", "unit_wan_in_yi", "cumulative_falls")
"""The kinds of finding that question a cumulative figure, and so a place."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `level` is the shape before it; `days` orders it: working days until it is due,
    negative when it is over."""

    level: str
    title: str
    text: str
    days: int
    href: str

    @property
    def due(self) -> str:
        if self.days < 0:
            return _("超 {days} 个工作日").format(days=-self.days)
        return _("今天") if self.days == 0 else _("{days} 个工作日").format(days=self.days)

    @property
    def over(self) -> bool:
        return self.days < 0


def todo(judged: JudgedMonth | None, user: Account) -> list[Todo]:
    """Everything to do for `user`: on the month's reports, and on the judged month where there is one; what is
    longest overdue first."""
    reports = [Todo(one.shape, one.title, one.text, one.days, one.href) for one in everything_asked(user)]
    if judged is None:
        return reports
    summary = summary_for(judged, user)
    things = [
        *reports,
        *_silent(summary),
        *_questioned(judged, user),
        *_missed_starts(summary),
        *_entities(judged, user),
    ]
    return sorted(things, key=lambda thing: thing.days)


def todo_count(judged: JudgedMonth | None, user: Account) -> int:
    """How many things there are; kept in the cache for ten minutes, or until `user` has done something (`forget`)."""
    key = _key(judged, user)
    count: int | None = cache.get(key)
    if count is None:
        count = len(todo(judged, user))
        cache.set(key, count, timeout=600)
    return count


def forget(user: Account) -> None:
    """Count anew: the person has just done something of the list."""
    cache.set(f"todo-done:{user.pk}", int(cache.get(f"todo-done:{user.pk}", 0)) + 1, timeout=24 * 3600)


def _key(judged: JudgedMonth | None, user: Account) -> str:
    done = cache.get(f"todo-done:{user.pk}", 0)
    return f"todo:{judged.pk if judged else 0}:{done}:{user.pk}:{today()}"


def _project(code: str) -> str:
    return reverse("project", args=[code])


def _silent(summary: dict[str, Any]) -> Iterator[Todo]:
    for row in summary["silent"]:
        late = _days_over(date.fromisoformat(row["due"]))
        words = _("{month}未报").format(month=row["due"] and _month_before(row["due"]))
        if row["times"] > 1:
            words += _("，今年第 {times} 次").format(times=row["times"])
        yield Todo("silent", row["name"], words, -late, _project(row["project"]))


def _month_before(due: str) -> str:
    return _("{month} 月").format(month=Period.of(date.fromisoformat(due)).plus(-1).month)


def _days_over(due: date) -> int:
    """Working days since the due day; calendar days where the year's holidays are not published."""
    try:
        return working_days_after(due, today())
    except UnpublishedYear:
        return max((today() - due).days, 0)


def _questioned(judged: JudgedMonth, user: Account) -> Iterator[Todo]:
    findings = [
        entry
        for entry in json.loads(judged.findings)
        if entry["period"] == judged.period and entry["id"] in QUESTIONED and entry["project"]
    ]
    seen = dict(
        visible_projects(user)
        .filter(code__in={entry["project"] for entry in findings})
        .values_list("code", "name")
    )
    shown: dict[str, str] = {}
    for entry in findings:
        if entry["project"] in seen:
            shown[entry["project"]] = _("{header}填 {found}，请核实").format(
                header=entry["header"] or _("累计"), found=entry["found"]
            )
    for code, words in shown.items():
        yield Todo("red", seen[code], words, 0, _project(code))


def _missed_starts(summary: dict[str, Any]) -> Iterator[Todo]:
    for row in summary["missed_starts"]:
        start = Period.parse(row["planned_start"])
        words = _("应于 {month} 月开工，至今未开工，建议督办").format(month=start.month)
        yield Todo("red", row["name"], words, 0, _project(row["project"]))


def _entities(judged: JudgedMonth, user: Account) -> Iterator[Todo]:
    """Counties whose own light is on: their written account is to be asked for."""
    if not sees_everything(user):
        return
    for entry in places(judged):
        light = entry.get("light") or {}
        if light.get("level") in ("yellow", "red"):
            words = _("{ranking}：比序时慢 {points} 个百分点").format(
                ranking=light["light_name"], points=f"{light['measure']:.1f}"
            )
            yield Todo(light["level"], entry["entity"], words, 2, reverse("ranking"))
