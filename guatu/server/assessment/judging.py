"""判定: which months there are to judge, and judging one again on the web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Model
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import User, Verb, require
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import latest_judged
from guatu.server.clock import today
from guatu.server.given.models import Ballot, GivenFact
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact
from guatu.server.reporting.models import Question, Report, Round
from guatu.server.reporting.queries import counting
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

KNOWN_BY: tuple[type[Model], ...] = (Report, Round, Question, ProjectFact, AnnualPlan, GivenFact, Ballot)
"""What a month is judged from; each row carries the entry by which it came."""


@dataclass(frozen=True, slots=True)
class MonthToJudge:
    """A month: how many projects reported it, how it was judged last, and whether something came since.

    `over` is False while the month still runs.
    """

    period: Period
    reports: int
    judged: JudgedMonth | None
    newer: bool
    over: bool


def months_to_judge(user: User) -> list[MonthToJudge]:
    """The months of the year up to today's, and every judged one, the latest first. Raises PermissionDenied.

    Ten queries, whatever the size.
    """
    require(user if isinstance(user, Account) else None, Verb.JUDGE)
    day = today()
    reported = dict(
        Report.objects.filter(counting(day, scheme_in_force().counts), period__startswith=f"{day.year:04d}")
        .values_list("period")
        .annotate(projects=Count("project", distinct=True))
    )
    latest = JudgedMonth.objects.values("period").annotate(last=Max("id")).values("last")
    judged = {
        row.period: row
        for row in JudgedMonth.objects.filter(id__in=latest).only("period", "as_of", "created", "entry_id")
    }
    last = _last_entry()
    months = {Period(day.year, month) for month in range(1, day.month + 1)}
    months |= {Period.parse(period) for period in judged}
    return [
        MonthToJudge(
            period=month,
            reports=reported.get(str(month), 0),
            judged=judged.get(str(month)),
            newer=str(month) in judged and judged[str(month)].entry_id < last,
            over=month.plus(1).first_day <= day,
        )
        for month in sorted(months, key=lambda month: month.index, reverse=True)
    ]


def _last_entry() -> int:
    """The entry by which the newest of what months are judged from came; 0 where there is nothing."""
    found: list[Any] = [model._default_manager.aggregate(last=Max("entry_id"))["last"] for model in KNOWN_BY]
    return max((last for last in found if last is not None), default=0)


def judge_anew(*, actor: Account, period: Period, as_of: date, based_on: int) -> JudgedMonth:
    """Judge a month on what was known on `as_of`, where nobody has judged it since the page was seen.

    `based_on` is the id of the judgement the person saw (0: none). Raises ValidationError (Chinese) for a day that
    cannot be, or when somebody else was first; PermissionDenied.
    """
    require(actor, Verb.JUDGE)
    day = today()
    if period.first_day > day:
        raise ValidationError(_("%s还没有到，不能判定。") % period.label)
    if not period.first_day <= as_of <= day:
        raise ValidationError(_("“数据截至”应在%(first)s到今天之间。") % {"first": f"{period.label}1日"})
    if not Project.objects.exists():
        raise ValidationError(_("还没有项目，请先导入台账。"))
    first = ValidationError(_("刚才已有人判定过%s，请看过结果再决定是否重新判定。") % period.label)
    before = latest_judged(str(period))
    if (before.pk if before else 0) != based_on:
        raise first
    try:
        with transaction.atomic():
            return judge_month(period, as_of, actor)
    except IntegrityError as error:
        raise first from error
