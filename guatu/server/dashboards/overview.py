"""总览: the state of the place in one sentence, then in pictures and tables."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, Role
from guatu.server.accounts.rights import roles, sees_everything
from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.assessment.period import chosen_month
from guatu.server.assessment.queries import places, summary_for
from guatu.server.dashboards.todo import todo
from guatu.values import Period, half_up

SHOWN = 6
"""How many things to do stand on the overview."""


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The overview of the month that the site shows, over the projects that the reader may see."""
    assert isinstance(request.user, Account)
    judged = chosen_month(request)
    if judged is None:
        begin = {
            "title": _("还没有判定过的月份"),
            "text": _("台账和月报导入并判定之后，这里是全市的状况：一句话、进度、排名和今天要办的事。"),
        }
        return render(request, "dashboards/overview.html", {"state": None, "importing": begin})
    summary = summary_for(judged, request.user)
    known = looked_back_on(request)
    things = [] if known else todo(judged, request.user)
    rankings = places(judged)
    first = rankings[0]["ranking"] if rankings else None
    context = {
        **summary,
        "head": json.loads(judged.head),
        "whole": sees_everything(request.user),
        "ranking": [entry for entry in rankings if entry["ranking"] == first],
        "chart": investment_chart(summary["months"], summary["quarters"]),
        "todo": things[:SHOWN],
        "todo_count": len(things),
        "todo_href": reverse("todo") if len(things) > SHOWN else "",
    }
    return render(request, "dashboards/overview.html", context)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where the day begins: what is to do, for those who hand in, sign and check; the overview for all others."""
    assert isinstance(request.user, Account)
    working = {Role.REPORTER, Role.SIGNER, Role.COUNTY, Role.DEPARTMENT} & roles(request.user)
    return redirect("todo" if working and not sees_everything(request.user) else "overview")


@login_required
def all_todo(request: HttpRequest) -> HttpResponse:
    """Everything that is to do, on a page of its own."""
    assert isinstance(request.user, Account)
    judged = chosen_month(request)
    things = todo(judged, request.user)
    return render(
        request, "dashboards/todo.html", {"todo": things, "todo_count": len(things), "todo_href": ""}
    )


def investment_chart(months: list[dict[str, Any]], quarters: list[dict[str, Any]]) -> dict[str, Any]:
    """Cumulative plan and completion in 亿元, with the shares of the plan that the policy names."""

    def yi(wan: float | None) -> float | None:
        return None if wan is None else float(half_up(Decimal(str(wan)) / 10_000, 2))

    return {
        "periods": [_("{month}月").format(month=Period.parse(m["period"]).month) for m in months],
        "titles": [Period.parse(m["period"]).label for m in months],
        "unit": _("亿元"),
        "places": 1,
        "words": {"plan": _("计划"), "actual": _("实际"), "difference": _("相差"), "year": _("年计划")},
        "plan": [yi(m["planned"]) for m in months],
        "actual": [yi(m["reported"]) for m in months],
        "points": [
            {"at": row["quarter"] * 3 - 1, "label": f"{row['cumulative_percent']:g}%"}
            for row in quarters
            if row["cumulative_percent"] is not None
        ],
    }
