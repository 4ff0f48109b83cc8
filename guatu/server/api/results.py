"""Judged months: figures, lights, rankings and scores, in the JSON of docs/reference/json.md."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from guatu.server.accounts.rights import Verb, may
from guatu.server.api.people import account_of
from guatu.server.api.shapes import Assessments, Bulletin, JudgedPeriod, Lights, Rankings, Refusal
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import (
    judged_files,
    judged_periods,
    latest_judged,
    places,
    scores,
    summary_for,
)

results = Router(tags=["评定结果"])
SEEN: Final = {401: Refusal, 404: Refusal}


@results.get(
    "/months",
    response={200: list[JudgedPeriod], 401: Refusal, 404: Refusal},
    url_name="api-months",
    summary="评定过的月份",
)
def months(request: HttpRequest) -> list[dict[str, Any]]:
    found = [latest_judged(period) for period in judged_periods()]
    return [
        {"period": one.period, "as_of": one.as_of, "bundle_digest": one.bundle_digest}
        for one in found
        if one is not None
    ]


@results.get(
    "/months/{month}", response={200: Bulletin, **SEEN}, url_name="api-month", summary="一个月的汇总数字"
)
def month(request: HttpRequest, month: str) -> dict[str, Any]:
    judged = _judged(month)
    return {"head": json.loads(judged.head), "summary": summary_for(judged, account_of(request))}


@results.get(
    "/months/{month}/lights", response={200: Lights, **SEEN}, url_name="api-lights", summary="一个月的红黄灯"
)
def lights(request: HttpRequest, month: str) -> dict[str, Any]:
    files = judged_files(_judged(month), account_of(request))
    return {"lights": files.lights, "entity_lights": files.entity_lights}


@results.get(
    "/months/{month}/rankings",
    response={200: Rankings, **SEEN},
    url_name="api-rankings",
    summary="一个月的排名",
)
def rankings(request: HttpRequest, month: str) -> dict[str, Any]:
    return {"rankings": places(_judged(month))}


@results.get(
    "/months/{month}/assessments",
    response={200: Assessments, 403: Refusal, **SEEN},
    url_name="api-assessments",
    summary="一个月的得分",
)
def assessments(request: HttpRequest, month: str) -> dict[str, Any]:
    user = account_of(request)
    if not may(user, Verb.SEE_SCORES):
        raise PermissionDenied(_("没有公布的得分，您不能看。"))
    return {"assessments": scores(_judged(month), user)}


def _judged(month: str) -> JudgedMonth:
    judged = latest_judged(month) if "\x00" not in month else None
    if judged is None:
        raise Http404(_("这个月没有评定过。"))
    return judged
