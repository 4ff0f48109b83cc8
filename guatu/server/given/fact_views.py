"""Typing facts in: a grid of one fact or of one thing, and the versions of one fact of one thing."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.asked import Asked, terms_around
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import may_give
from guatu.server.assessment.score_page import rule_address
from guatu.server.given.actions import hand_in, take_back
from guatu.server.given.grid import MOST_ROWS, GridRow, grid_rows, read_grid
from guatu.server.given.overview import chosen, seen_facts
from guatu.server.given.queries import OPEN, entities, read_back, versions
from guatu.server.given.values import said
from guatu.server.given.views import reader_of_given, waiting_of
from guatu.server.proposals.actions import propose_marks
from guatu.server.schemes.queries import scheme_in_force


def _asked(request: HttpRequest, fact: str, scheme: Scheme) -> tuple[Account, Asked]:
    """Who asks, and the fact. Raises Http404 for a fact that the person may not see or the scheme does not ask for."""
    user = reader_of_given(request, scheme)
    asked = seen_facts(user, scheme).get(fact)
    if asked is None:
        raise Http404(_("没有这项数据。"))
    return user, asked


def _term(request: HttpRequest, asked: Asked) -> Term:
    """The term of the address; where there is none, the one around last month. Raises Http404 for another kind."""
    text = request.GET.get("term", "")
    try:
        month = chosen(None)
        around = terms_around(Term("month", month.year, month.month))
        term = Term.parse(text) if text else next(one for one in around if one.kind == asked.kinds[0])
    except ValueError as error:
        raise Http404(_("没有这个期别。")) from error
    if term.kind not in asked.kinds:
        raise Http404(_("没有这个期别。"))
    return term


def _waits(user: Account, scheme: Scheme) -> dict[str, str]:
    return {
        f"{one.row.fact} {one.row.term} {one.row.entity}": _("%(points)s，%(who)s打分") % {
            "points": one.points, "who": one.row.by}
        for one in waiting_of(user, scheme)
    }  # fmt: skip


@login_required
def fact(request: HttpRequest, fact: str) -> HttpResponse:
    """All things of one fact in one term; POST hands in what was typed. For those who see the fact."""
    scheme = scheme_in_force()
    user, asked = _asked(request, fact, scheme)
    term = _term(request, asked)
    known = entities(asked.fact.entity, scheme)  # type: ignore[arg-type]
    added = request.POST.get("new", "").strip()
    if added and asked.fact.entity in OPEN:
        known.setdefault(added, added)
    rows = grid_rows([(asked, term, name, label) for name, label in known.items()], _waits(user, scheme))
    page = {
        "title": asked.fact.name,
        "asked": asked,
        "term": term,
        "terms": [Term.of_order(term.kind, term.order + step) for step in (-1, 1)],
        "marked": asked.marked,
        "with_reason": asked.needs_reason,
        "with_check": not asked.needs_reason,
        "open": asked.fact.entity in OPEN,
        "cut": len(known) > MOST_ROWS,
        "supplier": asked.supplier or _("重点办"),
        "due": asked.due(term),
        "rule": rule_address(asked.key),
        "may_give": may_give(user, asked.supplier),
        "first": _("对象"),
    }  # fmt: skip
    return _grid(request, user, scheme, rows, page)


@login_required
def thing(request: HttpRequest, kind: str, entity: str) -> HttpResponse:
    """All facts of one thing in the terms of a month, but marks; POST hands in what was typed."""
    scheme = scheme_in_force()
    user = reader_of_given(request, scheme)
    facts = [
        one for one in seen_facts(user, scheme).values() if one.fact.entity == kind and not one.needs_reason
    ]
    known = entities(facts[0].fact.entity, scheme) if facts else {}  # type: ignore[arg-type]
    if entity not in known:
        raise Http404(_("没有这个考核对象。"))
    month = chosen(request.GET.get("month"))
    cells = [
        (one, term, entity, f"{one.fact.name}（{term.label}）")
        for term in terms_around(Term("month", month.year, month.month))
        for one in facts
        if term.kind in one.kinds
    ]
    page = {
        "title": known[entity],
        "marked": False,
        "with_reason": False,
        "with_check": True,
        "may_give": any(may_give(user, one.supplier) for one in facts),
        "first": _("事项"),
    }
    return _grid(request, user, scheme, grid_rows(cells, {}), page)


def _grid(
    request: HttpRequest, user: Account, scheme: Scheme, rows: list[GridRow], page: dict[str, object]
) -> HttpResponse:
    source, reason = request.POST.get("source", "").strip(), request.POST.get("reason", "").strip()
    faults: list[str] = []
    if request.method == "POST":
        if not page["may_give"]:
            raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
        found = read_grid(rows, request.POST.dict(), source)
        faults = [
            _("%(name)s：%(fault)s") % {"name": row.label, "fault": row.fault} for row in rows if row.fault
        ]
        if not faults:
            faults = _handed_in(request, user, scheme, found, reason, marked=bool(page["marked"]))
            if not faults:
                return HttpResponseRedirect(request.get_full_path())
    context = {**page, "rows": rows, "faults": faults, "source": source, "reason": reason}
    return render(request, "given/grid.html", context, status=400 if faults else 200)


def _handed_in(
    request: HttpRequest,
    user: Account,
    scheme: Scheme,
    found: Sequence[FactRow],
    reason: str,
    *,
    marked: bool,
) -> list[str]:
    """Hand in what was typed; what is wrong with it."""
    if not found:
        return [_("没有改动，没有提交。")]
    try:
        if marked:
            proposals = propose_marks(found, actor=user, scheme=scheme)
            messages.success(request, _("已打分 %(n)s 个，待第二人确认后计分。") % {"n": len(proposals)})
        else:
            done = hand_in(found, actor=user, scheme=scheme, reason=reason)
            words = _("已报 %(added)s 个，更正 %(changed)s 个。")
            messages.success(request, words % {"added": done.added, "changed": done.changed})
    except ValidationError as error:
        return list(error.messages)
    return []


@login_required
def fact_versions(request: HttpRequest, fact: str, entity: str) -> HttpResponse:
    """Every version of one fact of one thing in one term; who may hand it in may take it back."""
    scheme = scheme_in_force()
    user, asked = _asked(request, fact, scheme)
    term = _term(request, asked)
    rows = list(versions([fact], [str(term)], entity))
    if not rows:
        raise Http404(_("没有报过这个数。"))
    context = {
        "asked": asked,
        "term": term,
        "entity": entity,
        "rows": [
            {"row": row, "value": said(read_back(row.value), asked.fact) if row.value else _("已撤回"),
             "checked": said(read_back(row.checked), asked.fact) if row.checked else ""}
            for row in reversed(rows)
        ],
        "may_take_back": may_give(user, asked.supplier) and bool(rows[-1].value),
        "grid": f"{reverse('given-fact', args=[fact])}?{urlencode({'term': str(term)})}",
    }  # fmt: skip
    return render(request, "given/versions.html", context)


@require_POST
@login_required
def fact_take_back(request: HttpRequest, fact: str, entity: str) -> HttpResponse:
    """Take a fact back, with a reason."""
    scheme = scheme_in_force()
    user, asked = _asked(request, fact, scheme)
    term = _term(request, asked)
    try:
        take_back(fact, term, entity, actor=user, scheme=scheme, reason=request.POST.get("reason", ""))
        messages.success(request, _("已撤回，按没有报处理。"))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    page = reverse("given-versions", args=[fact, entity])
    return HttpResponseRedirect(f"{page}?{urlencode({'term': str(term)})}")
