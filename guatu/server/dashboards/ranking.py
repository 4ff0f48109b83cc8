"""考核排名: counties and lead departments, each place with its workings."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.documents.figures import ahead_points
from guatu.documents.listing import Head, Listing, Value
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, require
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.period import chosen_month
from guatu.server.assessment.queries import may_take_bundle, places
from guatu.server.saved.menu import begins_with, views_menu
from guatu.server.saved.taking import head_words, taken
from guatu.values import Period, half_up


def _shown(
    request: HttpRequest, judged: JudgedMonth | None
) -> tuple[dict[str, str], str, list[dict[str, Any]]]:
    """The rankings of the month by id, the one asked for (else the first), and its entries."""
    entries = places(judged) if judged else []
    names = {entry["ranking"]: entry["ranking_name"] for entry in entries}
    wanted = request.GET.get("ranking", "")
    current = wanted if wanted in names else next(iter(names), "")
    return names, current, [entry for entry in entries if entry["ranking"] == current]


@login_required
def ranking_export(request: HttpRequest, kind: str) -> FileResponse | StreamingHttpResponse:
    """The ranking that is seen as a workbook or CSV. PermissionDenied without the right, Http404 without a month."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.EXPORT)
    judged = chosen_month(request)
    names, current, shown = _shown(request, judged)
    if judged is None or not shown:
        raise Http404(_("还没有判定过的月份。"))
    label = Period.parse(judged.period).label
    parts = [names[current], _("数据截至 %s") % judged.as_of.isoformat()]
    words = head_words(request, "ranking", f"ranking={current}", judged.period, parts, _("万元"))
    heads = (
        Head(_("名次"), width=6), Head(_("较上月"), width=8), Head(_("对象"), width=24),
        Head(_("在建项目"), unit=_("个")), Head(_("完成"), _("万元"), "#,##0"), Head(_("年计划"), _("万元"), "#,##0"),
        Head(_("完成率"), format="0.0%"), Head(_("不含待核完成率"), format="0.0%"), Head(_("不含待核名次")),
        Head(_("比序时"), unit=_("百分点"), format="+0.0;-0.0;0.0"), Head(_("灯")),
    )  # fmt: skip
    listing = Listing(
        sheet=names[current][:31], title=f"{names[current]} {label}", words=words, heads=heads,
        rows=[_row(entry) for entry in shown], fixed=3,
    )  # fmt: skip
    return taken(listing, _("%(ranking)s%(month)s") % {"ranking": names[current], "month": label}, kind)


def _row(entry: dict[str, Any]) -> list[Value]:
    inputs, without = entry.get("inputs") or {}, entry["without_questioned"]
    ahead = ahead_points(entry)
    return [
        entry["rank"], entry["change"], entry["entity"], entry.get("projects"),
        _exact(inputs.get("invested_ytd")), _exact(inputs.get("planned_year")),
        _ratio(entry["value"]), _ratio(without["value"]), without["rank"],
        None if ahead is None else half_up(ahead, 1), (entry.get("light") or {}).get("level_name"),
    ]  # fmt: skip


def _exact(value: float | int | None) -> Value:
    return None if value is None else Decimal(str(value))


def _ratio(percent: float | int | None) -> Value:
    return None if percent is None else Decimal(str(percent)) / 100


@login_required
def ranking(request: HttpRequest) -> HttpResponse:
    """Every ranking of the month that the site shows; `ranking=` opens one of them."""
    assert isinstance(request.user, Account)
    if first := begins_with(request, "ranking"):
        return HttpResponseRedirect(first)
    judged = chosen_month(request)
    names, current, shown = _shown(request, judged)
    address = f"?ranking={current}" if current else ""
    context = {
        "views": views_menu(request.user, "ranking", address, judged.period if judged else ""),
        "exports": [
            {"words": words, "href": reverse("ranking-export", args=[kind]) + address}
            for kind, words in (("xlsx", _("导出 Excel")), ("csv", "CSV"))
        ]
        if shown and may(request.user, Verb.EXPORT)
        else [],
        "head": json.loads(judged.head) if judged else None,
        "tabs": [
            {"name": name, "href": f"{reverse('ranking')}?ranking={key}", "current": key == current}
            for key, name in names.items()
        ],
        "ranking": shown,
        "ranking_name": names.get(current or "", ""),
        "clause": shown[0]["clause"] if shown else "",
        "filter": "department" if current == "lead_department" else "county",
        "official": _official(shown),
        "bundle": judged.bundle_digest if judged and may_take_bundle(judged, request.user) else "",
    }
    return render(request, "dashboards/ranking.html", context)


def _official(entries: list[dict[str, Any]]) -> str:
    """Which of the two figures counts, as the judged month holds it."""
    if all(entry["rank"] == entry["as_reported"]["rank"] for entry in entries):
        return _("名次以所报数字为准。")
    return _("名次以剔除待核数字后的结果为准。")
