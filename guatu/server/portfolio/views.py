"""The ledger: page, fragment, workbook, choice of columns. A project's page is in project_view.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.assessment.period import chosen_month
from guatu.server.portfolio import filters
from guatu.server.portfolio.columns import (
    ALWAYS,
    BY_KEY,
    COLUMNS,
    Line,
    chosen_columns,
    rows_html,
    sums_html,
)
from guatu.server.portfolio.export import lines_of, workbook
from guatu.server.portfolio.filters import Asked, LedgerFilter, scheme_in_force
from guatu.server.portfolio.ledger_queries import (
    PAGE_SIZE,
    SORTS,
    Choice,
    Month,
    Seen,
    Sums,
    all_rows,
    choices,
    page_rows,
    sort_in_force,
    sums_by_stage,
    sums_of,
)
from guatu.server.portfolio.project_view import project

__all__ = ["ledger", "ledger_columns", "ledger_export", "project"]

COLUMNS_COOKIE: Final = "guatu_ledger_columns"
COLUMNS_KEPT: Final = 400 * 24 * 3600
"""Seconds for which a browser keeps the choice of columns."""

LEADERS_OFFERED: Final = 200
"""So many names at most are offered while a leader's name is typed."""


@require_GET
@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """A page of the ledger; for htmx the table and the filters alone. At most eight queries of its own."""
    seen, asked = read_ledger(request, request.GET)
    context = ledger_context(request, seen, asked)
    if getattr(request, "htmx", False) and not request.headers.get("HX-History-Restore-Request"):
        return HttpResponse(render_to_string("portfolio/_ledger_answer.html", {**context, "request": request}))
    return render(request, "portfolio/ledger.html", context)


@require_GET
@login_required
def ledger_export(request: HttpRequest) -> FileResponse:
    """The workbook of what is seen: the same filter, order and columns, all pages. PermissionDenied without the right."""
    assert isinstance(request.user, Account)
    if not may(request.user, Verb.EXPORT):
        raise PermissionDenied
    seen, asked = read_ledger(request, request.GET)
    seen = replace(seen, verb=Verb.EXPORT)
    wanted = asked.filter
    sums = sums_of(sums_by_stage(seen, wanted), wanted.stages)
    label = seen.month.label if seen.month else ""
    said = _("%(filter)s；%(count)d 个项目") % {
        "filter": filters.sentence(wanted, seen.scheme),
        "count": sums.projects,
    }
    if seen.month:
        said += _("；截至%s") % seen.month.as_of.isoformat()
    file = workbook(
        lines_of(all_rows(seen, wanted), seen.scheme),
        chosen_columns(request.COOKIES.get(COLUMNS_COOKIE), wanted.phase),
        sums,
        title=_("项目台账 %s") % label,
        words=said,
    )
    return FileResponse(file, as_attachment=True, filename=_("项目台账%s.xlsx") % label)


@require_POST
@login_required
def ledger_columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns chosen in this browser, and go back to the ledger (`next` is its query)."""
    chosen = [key for key in request.POST.getlist("column") if key in BY_KEY]
    query = QueryDict(request.POST.get("next", "")[:2000])
    answer: HttpResponse
    if getattr(request, "htmx", False):
        kept = ".".join(chosen)
        request.COOKIES[COLUMNS_COOKIE] = kept
        seen, asked = read_ledger(request, query)
        context = ledger_context(request, seen, asked)
        answer = HttpResponse(render_to_string("portfolio/_ledger_table.html", {**context, "request": request}))
    else:
        answer = HttpResponseRedirect(reverse("ledger") + (f"?{query.urlencode()}" if query else ""))
    answer.set_cookie(
        COLUMNS_COOKIE, ".".join(chosen), max_age=COLUMNS_KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


def read_ledger(request: HttpRequest, query: QueryDict) -> tuple[Seen, Asked]:
    """What the user may see in the month of the site, and what of it the address asks for."""
    assert isinstance(request.user, Account)
    judged = chosen_month(request)
    month = Month(judged.pk, judged.period, judged.as_of) if judged else None
    scheme = scheme_in_force()
    seen = Seen(request.user, month, scheme)
    known = {
        name: frozenset(choice.value for choice in values)
        for name, values in choices(seen, filters.ALL_PHASES).items()
    }
    known["light"] |= set(scheme.levels)
    known["size"] |= {tier.class_ for tier in scheme.text.size_tier}
    asked = filters.asked(query, known=known, sorts=frozenset(SORTS), scheme=scheme)
    if (period := query.get("period")) and period != (month.period if month else None):
        errors = {**asked.errors, "period": _("“%s”没有判定过，已显示网站所选的月份。") % period[:20]}
        asked = Asked(asked.filter, errors)
    return seen, asked


def ledger_context(request: HttpRequest, seen: Seen, asked: Asked) -> dict[str, Any]:
    """All that the templates of the ledger need (portfolio/ledger.html says what)."""
    wanted, errors = asked.filter, dict(asked.errors)
    by_stage = sums_by_stage(seen, wanted)
    sums = sums_of(by_stage, wanted.stages)
    pages = max(1, -(-sums.projects // PAGE_SIZE))
    if wanted.page > pages:
        errors["page"] = _("只有 %(pages)d 页，已显示最后一页。") % {"pages": pages}
        wanted = replace(wanted, page=pages)
    columns = chosen_columns(request.COOKIES.get(COLUMNS_COOKIE), wanted.phase)
    kept = wanted.query()
    suffix = f"?{kept}" if kept else ""
    base = reverse("ledger")
    lines = [
        Line(row, number, project_href(row.code, suffix), seen.scheme)
        for number, row in enumerate(
            page_rows(seen, wanted, wanted.page) if sums.projects else (), start=(wanted.page - 1) * PAGE_SIZE + 1
        )
    ]
    period = request.GET.get("period", "") if "period" not in errors else ""
    return {
        "wanted": wanted,
        "errors": errors,
        "tabs": tabs(wanted, by_stage, base, period),
        "stages": stages(wanted, by_stage, seen),
        "selects": selects(seen, wanted, errors),
        "flags": flags(wanted),
        "leaders": leaders(seen, wanted.phase),
        "columns": columns,
        "all_columns": [
            {"key": column.key, "words": _(column.words), "chosen": column in columns, "fixed": column.key in ALWAYS}
            for column in COLUMNS
        ],
        "heads": heads(columns, wanted, base, period),
        "rows": rows_html(lines, columns),
        "sums": sums_html(sums, columns) if sums.projects else "",
        "projects": sums.projects,
        "page": Numbered(sums.projects).page(wanted.page),
        "month": seen.month,
        "period": period,
        "query": address_query(kept, period),
        "export": reverse("ledger-export") + with_period(kept, period) if may(request.user, Verb.EXPORT) else "",
        "elsewhere": elsewhere(wanted, by_stage, base, period) if not sums.projects else [],
        "anything": any(choice.projects for choice in choices(seen, filters.ALL_PHASES)["county"]),
        "clear": base + with_period(LedgerFilter(stage=wanted.phase).query(), period),
    }


def project_href(code: str, suffix: str) -> str:
    """The address of a project's page; reversing ten thousand addresses would cost more than the page."""
    from urllib.parse import quote

    return f"{reverse('ledger')}{quote(code)}/{suffix}"
