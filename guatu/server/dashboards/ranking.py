"""考核排名: counties and lead departments, each place with its workings."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.server.assessment.period import chosen_month
from guatu.server.assessment.queries import may_take_bundle, places


@login_required
def ranking(request: HttpRequest) -> HttpResponse:
    """Every ranking of the month that the site shows; `ranking=` opens one of them."""
    judged = chosen_month(request)
    entries = places(judged) if judged else []
    names = {entry["ranking"]: entry["ranking_name"] for entry in entries}
    wanted = request.GET.get("ranking")
    current = wanted if wanted in names else next(iter(names), None)
    shown = [entry for entry in entries if entry["ranking"] == current]
    context = {
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
