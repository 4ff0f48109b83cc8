"""考核得分: the scores of a month by sheet, one score with its workings, the month's bundle; 判定: judging a month."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.assessment.terms import Term
from guatu.schemes.units import word
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.assessment.judging import judge_anew, months_to_judge
from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.period import SESSION_KEY, chosen_month
from guatu.server.assessment.queries import (
    bundle_content,
    may_take_bundle,
    score_before,
    score_of,
    scores,
    workings_of,
)
from guatu.server.assessment.score_page import rule_address, score_address, sheet_tables, way_of, working
from guatu.server.clock import today
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period


def _reader_of_scores(request: HttpRequest) -> Account:
    """The account that asks. Raises Http404 for those who may not see scores that were not published."""
    user = request.user
    assert isinstance(user, Account)
    if not may(user, Verb.SEE_SCORES):
        raise Http404(_("没有这个页面。"))
    return user


@login_required
def assessment(request: HttpRequest) -> HttpResponse:
    """The scores of the month that the site shows, sheet by sheet. For those who see everything."""
    user = _reader_of_scores(request)
    judged = chosen_month(request)
    entries = scores(judged, user) if judged else []
    scheme = scheme_in_force()
    context = {
        "head": json.loads(judged.head) if judged else None,
        "sheets": sheet_tables(entries, scheme),
        "others": [entry for entry in entries if entry["sheet"] is None],
        "stated": bool(scheme.text.sheet),
        "bundle": judged.bundle_digest if judged and may_take_bundle(judged, user) else "",
    }
    return render(request, "assessment/assessment.html", context)


@login_required
def score(request: HttpRequest, sheet: str, entity: str) -> HttpResponse:
    """One score: its workings, why it rose or fell, what follows. Http404 where it does not exist."""
    user = _reader_of_scores(request)
    judged = chosen_month(request)
    entries = scores(judged, user) if judged else []
    entry = score_of(entries, sheet, entity, request.GET.get("term")) or score_of(entries, sheet, entity)
    if judged is None or entry is None:
        raise Http404(_("这个月没有这项得分。"))
    scheme = scheme_in_force()
    rules = next((one for one in scheme.text.sheet if one.id == sheet), None)
    node = workings_of(judged, entry)
    before = score_before(entry, user, looked_back_on(request))
    context = {
        "head": json.loads(judged.head),
        "entry": entry,
        "term": Term.parse(entry["term"]).label,
        "before": before,
        "change": None if before is None or before["rank"] is None or entry["rank"] is None
        else before["rank"] - entry["rank"],
        "parts": [{**part, "name": _("{term}得分").format(term=word(part["kind"]))} for part in entry["parts"]],
        "working": working(node, sheet) if node else None,
        "edition": _edition(judged, scheme.digest),
        "way": way_of(before, entry, rules.decimals if rules else 2),
        "lists": [rule for rule in (rules.list_ if rules else ()) if rule.id in entry["lists"]],
        "rule": rule_address(f"sheet[{sheet}]"),
        "terms": [
            {"name": Term.parse(other["term"]).label, "href": score_address(other), "current": other is entry}
            for other in entries
            if (other["sheet"], other["entity"]) == (sheet, entity)
        ],
    }  # fmt: skip
    return render(request, "assessment/score.html", context)


@login_required
def bundle(request: HttpRequest) -> HttpResponse:
    """The bundle of the month that the site shows. Http404 where there is none for this person."""
    user = request.user
    assert isinstance(user, Account)
    judged = chosen_month(request)
    content = bundle_content(judged, user) if judged else None
    if judged is None or content is None:
        raise Http404(_("没有这个月的复算包。"))
    response = HttpResponse(content, content_type="application/zip")
    name = _("复算包{period}.zip").format(period=judged.period)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@login_required
def judge(request: HttpRequest) -> HttpResponse:
    """The months there are to judge. POST judges one and shows it. Raises PermissionDenied."""
    user = request.user
    assert isinstance(user, Account)
    months = months_to_judge(user)
    error = ""
    if request.method == "POST":
        try:
            judged = judge_anew(actor=user, **_asked(request))
        except ValidationError as refused:
            error = refused.messages[0]
        else:
            request.session[SESSION_KEY] = judged.period
            return HttpResponseRedirect(reverse("overview"))
    context = {"months": months, "error": error, "scheme": scheme_in_force().name, "day": today()}
    return render(request, "assessment/judge.html", context, status=400 if error else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the form of a month says. Raises ValidationError for what no form of ours sends."""
    try:
        return {
            "period": Period.parse(request.POST.get("period", "")),
            "as_of": date.fromisoformat(request.POST.get("as_of", "")),
            "based_on": int(request.POST.get("based_on", "")),
        }
    except ValueError as error:
        raise ValidationError(_("请选择月份，并把“数据截至”写成 2023-10-13 这样的日期。")) from error


def _edition(judged: JudgedMonth, digest: str) -> str:
    """What to say where the month was judged by another edition of the scheme; else empty."""
    if judged.scheme_digest == digest:
        return ""
    return _("这个月按方案的前一版判定；下面的算式按现行方案重新算出，可能与得分不同。")
