"""The ledger (page, fragment, workbook, choice of columns) and a project's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.assessment.looking_back import looked_back_on, looks_back_at
from guatu.server.assessment.period import chosen_month
from guatu.server.portfolio.columns import BY_KEY, chosen_columns
from guatu.server.portfolio.export import ledger_listing, lines_of
from guatu.server.portfolio.filters import sentence
from guatu.server.portfolio.ledger_page import PLAIN, asked_in, ledger_context, seen_by
from guatu.server.portfolio.ledger_queries import all_rows, sums_by_stage, sums_of
from guatu.server.portfolio.project_page import project_context
from guatu.server.portfolio.queries import listed_on, project_or_404
from guatu.server.portfolio.report_columns import report_columns
from guatu.server.saved.menu import begins_with, views_menu
from guatu.server.saved.taking import head_words, taken

COLUMNS_COOKIE: Final = "guatu_ledger_columns"
COLUMNS_KEPT: Final = 400 * 24 * 3600
"""Seconds for which a browser keeps the choice of columns."""


@require_GET
@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """A page of the ledger; for htmx the table and the filters alone."""
    assert isinstance(request.user, Account)
    if first := begins_with(request, "ledger"):
        return HttpResponseRedirect(first)
    seen = seen_by(request.user, chosen_month(request), looked_back_on(request))
    context = ledger_context(seen, asked_in(request.GET, seen), request.COOKIES.get(COLUMNS_COOKIE))
    context["views"] = views_menu(
        request.user, "ledger", context["shown"], seen.month.period if seen.month else ""
    )
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return HttpResponse(render_to_string("portfolio/_ledger_answer.html", context))
    return render(request, "portfolio/ledger.html", context)


@require_GET
@login_required
def ledger_export(request: HttpRequest, kind: str = "xlsx") -> FileResponse | StreamingHttpResponse:
    """What is seen as a workbook or CSV: the same filter, order and columns, all pages.

    Raises PermissionDenied without the right to export.
    """
    assert isinstance(request.user, Account)
    if not may(request.user, Verb.EXPORT):
        raise PermissionDenied
    seen = replace(seen_by(request.user, chosen_month(request), looked_back_on(request)), verb=Verb.EXPORT)
    wanted = asked_in(request.GET, seen).filter
    sums = sums_of(sums_by_stage(seen, wanted), wanted.stages)
    label = seen.month.label if seen.month else ""
    kept = wanted.columns or request.COOKIES.get(COLUMNS_COOKIE) or ""
    parts = [
        _("%(filter)s；%(count)d 个项目") % {"filter": sentence(wanted, seen.scheme), "count": sums.projects},
        _("数据截至 %s") % seen.month.as_of.isoformat() if seen.month else "",
    ]
    shown = replace(wanted, columns=kept).query(period="", known="")
    listing = ledger_listing(
        lines_of(all_rows(seen, wanted), seen.scheme),
        (*chosen_columns(kept, wanted.phase), *report_columns(seen)),
        sums,
        title=_("项目台账 %s") % label,
        words=head_words(request, "ledger", shown, seen.month.period if seen.month else "", parts, _("万元")),
    )
    return taken(listing, _("项目台账%s") % label, kind)


@require_POST
@login_required
def ledger_columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns chosen in this browser; answer with the table, or go back to the ledger.

    `column` names the chosen ones, `next` is the query of the ledger that was seen.
    """
    assert isinstance(request.user, Account)
    kept = ".".join(key for key in request.POST.getlist("column") if key in BY_KEY)
    asked = QueryDict(request.POST.get("next", "").removeprefix("?")[:2000], mutable=True)
    asked.pop("columns", None)
    query = QueryDict(asked.urlencode())
    request.GET = query
    looks_back_at(request, query)
    answer: HttpResponse
    if request.headers.get("HX-Request"):
        seen = seen_by(request.user, chosen_month(request), looked_back_on(request))
        context = ledger_context(seen, asked_in(query, seen), kept)
        answer = HttpResponse(render_to_string("portfolio/_ledger_columns_answer.html", context))
        answer.headers["HX-Replace-Url"] = reverse("ledger") + (context["query"] or PLAIN)
    else:
        answer = HttpResponseRedirect(reverse("ledger") + (f"?{query.urlencode()}" if query else ""))
    answer.set_cookie(
        COLUMNS_COOKIE, kept, max_age=COLUMNS_KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


@require_GET
@login_required
def project(request: HttpRequest, code: str) -> HttpResponse:
    """A project's page. Raises Http404 for a code that is unknown, or that the reader may not see."""
    assert isinstance(request.user, Account)
    found = project_or_404(request.user, code)
    seen = seen_by(request.user, chosen_month(request), looked_back_on(request))
    listed = listed_on(found, seen.known)
    return render(
        request,
        "portfolio/project.html",
        project_context(seen, found, listed, asked_in(request.GET, seen).filter),
    )
