"""填报 of what is reported beside the month: lists, the table of all projects, one report, and what is done there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.reporting.kinds import Kind
from guatu.reporting.terms import ReportTerm
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import today
from guatu.server.dashboards.todo import forget
from guatu.server.portfolio.queries import project_or_404
from guatu.server.reporting.attachment_views import attach_to
from guatu.server.reporting.form_page import form_context
from guatu.server.reporting.grid import grid_context, save_grid
from guatu.server.reporting.kind_filling import begin_at_once
from guatu.server.reporting.kind_form import kind_page_or_404
from guatu.server.reporting.kind_list import at_once_context, chosen_of_kind, term_context, ways_of
from guatu.server.reporting.kind_table import table_of
from guatu.server.reporting.views import ACTS, PASS
from guatu.server.schemes.queries import scheme_in_force


def _kind(scheme: Scheme, id: str, *, at_once: bool | None = None) -> Kind:
    kind = scheme.kind(id)
    if kind is None or (at_once is not None and kind.at_once != at_once):
        raise Http404(_("现行方案里没有这种报告。"))
    return kind


def _term(kind: Kind, key: str) -> ReportTerm:
    term = kind.term(key)
    if term is None or term.opens > today():
        raise Http404(_("没有这一期，或它还没有开始。"))
    return term


@require_GET
@login_required
def term(request: HttpRequest, kind: str, term: str) -> HttpResponse:
    """One term of a kind: who has reported and who has not. `state` cuts them."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    asked = _kind(scheme, kind, at_once=False)
    context = term_context(
        request.user,
        asked,
        _term(asked, term),
        scheme,
        state=request.GET.get("state", ""),
        number=request.GET.get("page", "1"),
    )
    return render(request, "reporting/kind.html", context)


@require_GET
@login_required
def at_once(request: HttpRequest, kind: str) -> HttpResponse:
    """What happened, the latest first; a report by terms goes on to the term that is to be reported now."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    asked = _kind(scheme, kind)
    if not asked.at_once:
        now = asked.to_report(today())
        if now is None:
            raise Http404(_("没有这一期，或它还没有开始。"))
        return redirect("reports-term", asked.id, now.key)
    context = at_once_context(
        request.user,
        asked,
        scheme,
        state=request.GET.get("state", ""),
        number=request.GET.get("page", "1"),
    )
    return render(request, "reporting/kind.html", context)


@require_POST
@login_required
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin the report of something that has happened to the project `code`, and open it."""
    assert isinstance(request.user, Account)
    asked = _kind(scheme_in_force(), kind, at_once=True)
    require(request.user, Verb.HAND_IN)
    project = project_or_404(request.user, request.POST.get("code", ""))
    forget(request.user)
    try:
        report = begin_at_once(project, asked, actor=request.user)
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
        return redirect("reports-at-once", asked.id)
    return redirect("report-of-kind", asked.id, report.period, project.code)


@require_POST
@login_required
def kind_pass(request: HttpRequest, kind: str) -> HttpResponse:
    """Sign, check or accept the chosen reports (`chosen`: key and code) of a kind, all of them or none."""
    assert isinstance(request.user, Account)
    asked = _kind(scheme_in_force(), kind)
    do = request.POST.get("do", "")
    if do not in PASS:
        raise Http404
    require(request.user, Verb(do))
    way = next((way for way in ways_of(request.user, asked) if str(way.step) == do), None)
    if way is None:
        raise Http404(_("“%s”没有这一步。") % asked.name)
    forget(request.user)
    found = chosen_of_kind(request.user, way.verb, asked, request.POST.getlist("chosen"))
    try:
        PASS[do](found, actor=request.user)
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    else:
        messages.success(
            request, _("%(count)d 份：%(state)s。") % {"count": len(found), "state": way.after.label}
        )
    back = request.POST.get("back", "")
    here = reverse("reports-at-once", args=[asked.id])
    return HttpResponseRedirect(f"{back if back.startswith(here) else here}?state={way.before}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def term_grid(request: HttpRequest, kind: str, term: str) -> HttpResponse:
    """All projects of the reporter in one table; POST saves the changed rows, all of them or none."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    asked = _kind(scheme, kind, at_once=False)
    wanted = _term(asked, term)
    require(request.user, Verb.HAND_IN)
    table = table_of(request.user, asked, wanted, scheme)
    if request.method != "POST":
        return render(request, "reporting/grid.html", grid_context(table))
    forget(request.user)
    saved, wrong = save_grid(table, request.POST)
    if wrong:
        return render(request, "reporting/grid.html", grid_context(table, request.POST, wrong), status=422)
    messages.success(request, _("%d 行已存为草稿；看过以后逐份提交签发。") % len(saved))
    return redirect("reports-term-grid", asked.id, wanted.key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, kind: str, term: str, code: str) -> HttpResponse:
    """One report of a kind; POST does what `do` says. 404 for a project that is not seen or a report that is not."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    asked = _kind(scheme, kind)
    project = project_or_404(request.user, code)
    page = kind_page_or_404(request.user, project, asked, term, scheme)
    if request.method == "POST":
        forget(request.user)
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        return act(request, page)
    return render(request, "reporting/report.html", form_context(page))


@require_POST
@login_required
def attach(request: HttpRequest, kind: str, term: str, code: str) -> HttpResponse:
    """Add the chosen `files` to the draft of a report of a kind, all or none."""
    assert isinstance(request.user, Account)
    scheme = scheme_in_force()
    asked = _kind(scheme, kind)
    project = project_or_404(request.user, code)
    return attach_to(request, kind_page_or_404(request.user, project, asked, term, scheme))
