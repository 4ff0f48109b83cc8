"""The list of a month's reports as it is taken away: every project of the state that is seen, with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.documents.listing import Head, Listing, Value
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.known import Known
from guatu.server.reporting.form_page import state_words
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import NONE, seen_state, states_of
from guatu.values import Period, amount, date_text


@dataclass(frozen=True, slots=True)
class MonthRows:
    """The rows of a month, cut by `state` (empty: all); `words` are those of the state."""

    state: str
    words: str
    rows: Sequence[Sequence[Value]]


def month_rows(
    user: Account, period: Period, scheme: Scheme, *, state: str, known: Known | None
) -> MonthRows:
    """The reports of a month that `user` may take away, those in `state` alone where it occurs. Two queries."""
    projects, latest = states_of(user, period, known, Verb.EXPORT)
    fills_in = may(user, Verb.HAND_IN)
    states = {project.pk: seen_state(latest.get(project.pk), fills_in=fills_in) for project in projects}
    wanted = state if state in states.values() else ""
    names = {NONE: _("未填"), **{str(one): str(one.label) for one in Report.State}}
    chosen = [project for project in projects if not wanted or states[project.pk] == wanted]
    rows = []
    for number, project in enumerate(chosen, start=1):
        report = latest.get(project.pk) if states[project.pk] != NONE else None
        rows.append(
            (
                number,
                project.name,
                project.code,
                project.county or None,
                state_words(report, scheme) if report else _("未填"),
                _wan(report.invested_month if report else None),
                _wan(report.invested_ytd if report else None),
                (report.reporter or None) if report else None,
                date_text(report.handed_in) if report and report.handed_in else None,
            )
        )
    return MonthRows(wanted, names.get(wanted, _("全部")) if wanted else _("全部"), rows)


def _wan(fen: int | None) -> Value:
    return None if fen is None else amount(fen, "万元")


def month_listing(found: MonthRows, period: Period, words: str) -> Listing:
    """The rows as a list to take away."""
    heads = (
        Head(_("序号"), width=6),
        Head(_("项目"), width=40),
        Head(_("项目代码"), width=28),
        Head(_("县区")),
        Head(_("状态"), width=18),
        Head(_("本月完成"), _("万元"), "#,##0.##"),
        Head(_("本年累计"), _("万元"), "#,##0.##"),
        Head(_("填报人")),
        Head(_("报送"), width=16),
    )
    return Listing(
        sheet=_("填报"), title=_("%s填报") % period.label, words=words, heads=heads, rows=found.rows, fixed=2
    )
