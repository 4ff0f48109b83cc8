"""What the frame of every page shows: the place, the month, the account, what is to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, Role
from guatu.server.accounts.queries import appointments
from guatu.server.accounts.rights import Verb, administers, holds, may, roles, sees_everything, supplies
from guatu.server.assessment.looking_back import PARAMETER, looked_back_on, offered, wrong_day
from guatu.server.assessment.period import chosen_month, open_periods
from guatu.server.clock import today
from guatu.server.dashboards.todo import todo_count
from guatu.server.given.overview import suppliers
from guatu.server.known import Known
from guatu.server.year_files.queries import reads_year_files
from guatu.values import Period

PAGE_OF = {
    "project": "ledger",
    "project-record": "ledger",
    "score": "assessment",
    "laboratory": "scheme",
    "import": "imports",
    "project-answers": "ledger",
    "organisation": "organisations",
    "hand-over": "organisations",
    "person": "organisations",
    "roster-upload": "accounts",
    "roster-confirm": "accounts",
    "account-change": "accounts",
    "given-fact": "given",
    "given-versions": "given",
    "given-thing": "given",
    "given-import": "given",
    "ballot": "given",
    "channel": "channels",
    "channel-add": "channels",
    "channel-switch": "channels",
    "channel-try": "channels",
    "outbox": "channels",
    "reports-month": "reports",
    "reports-grid": "reports",
    "reports-upload": "reports",
    "report": "reports",
    "reports-at-once": "reports",
    "reports-term": "reports",
    "reports-term-grid": "reports",
    "report-of-kind": "reports",
}
"""Pages that stand under another one in the navigation."""


WORK_OF = {
    Role.SYSTEM: ("organisations", "accounts", "sign-in-ways", "channels", "backups"),
    Role.SECURITY: ("rights", "accounts", "organisations", "sign-in-rules"),
    Role.AUDIT: ("record", "access-log"),
}
"""The pages of each administrator, in the order of their work."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The `frame` of frame/base.html, worked out when a page asks for it: a part of a page needs none."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame shows; of someone who is not signed in the place and the day alone."""
    user = getattr(request, "user", None)
    if not isinstance(user, Account):
        return {"city": settings.GUATU_JURISDICTION, "today": today()}
    business = administers(user) is None
    judged = chosen_month(request) if business else None
    known = looked_back_on(request) if business else None
    name = request.resolver_match.url_name if request.resolver_match else ""
    period = Period.parse(judged.period) if judged else None
    held = appointments(user, today())
    return {
        "city": settings.GUATU_JURISDICTION,
        "period": judged.period if judged else "",
        "period_label": period.label if period else _("未判定"),
        "year": period.year if period else today().year,
        "periods": _months(request, period) if period else [],
        "today": today(),
        "todo": todo_count(judged, user) if business and known is None else None,
        **(_looking_back(request, known) if business else {}),
        "account": {
            "name": user.person.name if user.person else user.username,
            "office": (held[0].post.organisation.short_name or held[0].post.organisation.name)
            if held
            else "",
            "role": "、".join(str(Role(role).label) for role in sorted(roles(user))),
        },
        "page": PAGE_OF.get(name or "", name),
        "places": _places(user),
        "pages": pages_for(user),
    }


def _places(user: Account) -> list[dict[str, str]]:
    """What the menu of the account leads to, beside the navigation."""
    found = [{"name": _("年度考核档案"), "href": reverse("year-files")}] if reads_year_files(user) else []
    if administers(user) is None:
        found.append({"name": _("我的提醒"), "href": reverse("reminders")})
    if administers(user) is None and may(user, Verb.SEE_PEOPLE):
        found.append({"name": _("单位与人员"), "href": reverse("organisations")})
        found.append({"name": _("工作手册"), "href": reverse("manual")})
    return found


def pages_for(user: Account) -> list[str]:
    """The pages of the navigation that the user's rights open; an administrator's are those of his work."""
    if (role := administers(user)) is not None:
        return list(WORK_OF[role])
    shown = ["overview", "reports", "ledger", "ranking"]
    if sees_everything(user):
        shown.append("assessment")
    if sees_everything(user) or supplies(user, suppliers()):
        shown.append("given")
    if holds(user, Verb.EDIT_BULLETIN) or Role.READER in roles(user):
        shown.append("bulletin")
    if holds(user, Verb.REMIND):
        shown.append("reminder")
    shown.append("scheme")
    if holds(user, Verb.IMPORT):
        shown.append("imports")
    if holds(user, Verb.SEE_RECORD):
        shown.append("record")
    if holds(user, Verb.SEE_ACCESS_LOG):
        shown.append("access-log")
    if holds(user, Verb.JUDGE):
        shown.append("judge")
    return shown


def _looking_back(request: HttpRequest, known: Known | None) -> dict[str, Any]:
    """The choice of a past day, where the page can show one: `kept` is the rest of its address as hidden fields."""
    if not offered(request):
        return {"looks_back": False}
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in (PARAMETER, "page")
        for value in values
    ]
    return {
        "looks_back": True,
        "known": known.day if known else None,
        "known_wrong": wrong_day(request),
        "known_asked": request.GET.get(PARAMETER, "")[:20],
        "known_kept": kept,
        "now": f"{request.path}?{urlencode([*kept, (PARAMETER, '')])}",
    }


def _months(request: HttpRequest, chosen: Period) -> list[dict[str, Any]]:
    known = set(open_periods(request))
    months = [Period(chosen.year, month) for month in range(1, 13)]
    return [
        {
            "value": str(month),
            "month": month.month,
            "label": month.label,
            "open": str(month) in known,
            "current": month == chosen,
        }
        for month in months
    ]
