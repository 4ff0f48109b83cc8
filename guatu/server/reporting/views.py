"""填报: the reports of a month, the page of one report, and what each person does there."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.assessment.looking_back import looked_back_on
from guatu.server.dashboards.todo import forget
from guatu.server.portfolio.queries import project_or_404
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.form_page import Page, conflict_of, form_context, page_of
from guatu.server.reporting.forms import read_edition, read_reasons, read_typed
from guatu.server.reporting.grid import grid_context, save_grid
from guatu.server.reporting.kind_filling import discard, save_kind
from guatu.server.reporting.kind_form import HAPPENED, KindPage, read_happened
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_list import month_listing, month_rows
from guatu.server.reporting.month_page import (
    chosen_reports,
    current_period,
    month_context,
    period_of,
)
from guatu.server.reporting.offline import form_workbook, month_of, take_back
from guatu.server.reporting.rounds import WAYS
from guatu.server.saved.menu import begins_with, views_menu
from guatu.server.saved.taking import head_words, taken
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period
from guatu.workbooks.sheets import WorkbookError

PASS = {"sign": rounds.sign, "check": rounds.check, "accept": rounds.accept}


@require_GET
@login_required
def reports(request: HttpRequest) -> HttpResponse:
    """Go to the month that is to be reported now."""
    assert isinstance(request.user, Account)
    if first := begins_with(request, "reports"):
        return HttpResponseRedirect(first)
    known = looked_back_on(request)
    period = current_period(scheme_in_force(), known.day if known else None)
    state = request.GET.get("state", "")
    return HttpResponseRedirect(
        reverse("reports-month", args=[str(period)]) + (f"?{urlencode({'state': state})}" if state else "")
    )


@require_GET
@login_required
def month(request: HttpRequest, month: str) -> HttpResponse:
    """The reports of a month: those of the projects that the reader may see. `state` cuts them."""
    assert isinstance(request.user, Account)
    known = looked_back_on(request)
    context = month_context(
        request.user,
        _period(month, known.day if known else None),
        scheme_in_force(),
        state=request.GET.get("state", ""),
        number=request.GET.get("page", "1"),
        known=known,
    )
    context["views"] = views_menu(request.user, "reports", context["shown"], str(context["period"]))
    return render(request, "reporting/month.html", context)


@require_GET
@login_required
def month_export(request: HttpRequest, month: str, kind: str) -> FileResponse | StreamingHttpResponse:
    """The list of the month's reports as a workbook or CSV: the state that is seen, all pages. PermissionDenied
    without the right to export."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.EXPORT)
    known = looked_back_on(request)
    period = _period(month, known.day if known else None)
    state = request.GET.get("state", "")
    found = month_rows(request.user, period, scheme_in_force(), state=state, known=known)
    parts = [found.words, _("%d 个项目") % len(found.rows)]
    query = urlencode({"state": found.state}) if found.state else ""
    words = head_words(request, "reports", query, str(period), parts, _("万元"))
    return taken(month_listing(found, period, words), _("%s填报") % period.label, kind)


def _period(text: str, day: date | None = None) -> Period:
    period = period_of(text, day)
    if period is None:
        raise Http404(_("没有这个月份，或它还没有开始。"))
    return period


@require_POST
@login_required
def month_pass(request: HttpRequest, month: str) -> HttpResponse:
    """Sign, check or accept the chosen reports (`code`) of a month, all of them or none."""
    assert isinstance(request.user, Account)
    period = _period(month)
    way = next((way for way in WAYS if str(way.step) == request.POST.get("do")), None)
    if way is None:
        raise Http404
    require(request.user, way.verb)
    forget(request.user)
    chosen = chosen_reports(request.user, way.verb, period, request.POST.getlist("code"))
    try:
        PASS[str(way.step)](chosen, actor=request.user)
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    else:
        messages.success(
            request, _("%(count)d 份月报：%(state)s。") % {"count": len(chosen), "state": way.after.label}
        )
    return HttpResponseRedirect(reverse("reports-month", args=[str(period)]) + f"?state={way.before}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def grid(request: HttpRequest, month: str) -> HttpResponse:
    """All projects of the reporter in one table; POST saves the changed rows, all of them or none."""
    assert isinstance(request.user, Account)
    period = _period(month)
    require(request.user, Verb.HAND_IN)
    seen = month_of(request.user, period, scheme_in_force())
    if request.method != "POST":
        return render(request, "reporting/grid.html", grid_context(seen))
    forget(request.user)
    saved, wrong = save_grid(seen, request.POST)
    if wrong:
        return render(request, "reporting/grid.html", grid_context(seen, request.POST, wrong), status=422)
    messages.success(request, _("%d 行已存为草稿；看过以后逐份提交签发。") % len(saved))
    return redirect("reports-grid", str(period))


@require_GET
@login_required
def form_file(request: HttpRequest, month: str) -> FileResponse:
    """The workbook to fill in without the site."""
    assert isinstance(request.user, Account)
    period = _period(month)
    require(request.user, Verb.HAND_IN)
    content = form_workbook(month_of(request.user, period, scheme_in_force()))
    name = _("%s填报表.xlsx") % period.label
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


@require_POST
@login_required
def upload(request: HttpRequest, month: str) -> HttpResponse:
    """Take the filled-in workbook back: drafts, or the same file with what is wrong marked and nothing saved."""
    assert isinstance(request.user, Account)
    period = _period(month)
    require(request.user, Verb.HAND_IN)
    forget(request.user)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise WorkbookError(_("请选择填好的工作簿。"))
        back = take_back(month_of(request.user, period, scheme_in_force()), file)
    except WorkbookError as error:
        messages.error(request, str(error))
        return redirect("reports-month", str(period))
    if not back.marks:
        messages.success(request, _("%d 份已存为草稿；看过以后逐份提交签发。") % back.saved)
        return redirect("reports-month", str(period))
    status = 422 if back.refused else 200
    return render(request, "reporting/back.html", {"period": period, "back": back}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """The report of one project and month; POST does what `do` says. 404 for a project that is not seen."""
    assert isinstance(request.user, Account)
    project = project_or_404(request.user, code)
    page = page_of(request.user, project, _period(month), scheme_in_force())
    if request.method == "POST":
        forget(request.user)
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        return act(request, page)
    return render(request, "reporting/report.html", form_context(page))


def _refused(request: HttpRequest, page: Page, error: ValidationError) -> HttpResponse:
    """The page again, with everything that was wrong and everything that was typed."""
    context = form_context(page) | {"refusals": error.messages}
    if request.headers.get("HX-Request"):
        return render(request, "reporting/_answer.html", context)
    return render(request, "reporting/report.html", context, status=422)


def _save(request: HttpRequest, page: Page) -> HttpResponse:
    """Save the draft; for htmx answer with what the checks say of it."""
    try:
        kept = _kept(request, page)
    except EditedMeanwhile as meanwhile:
        return _both(request, page, meanwhile)
    except ValidationError as error:
        return _refused(request, page, error)
    assert isinstance(request.user, Account)
    if request.headers.get("HX-Request"):
        fresh = page.again()
        return render(request, "reporting/_answer.html", form_context(fresh))
    messages.success(request, _("草稿已存：%s。") % kept.project.name)
    return redirect(page.href)


def _kept(request: HttpRequest, page: Page) -> Report:
    """Save what was typed. Raises ValidationError with every field that could not be read, and EditedMeanwhile."""
    typed = read_typed(page.asked, request.POST)
    page.typed, page.faults = typed.texts, typed.faults
    if isinstance(page, KindPage):
        page.typed = {**typed.texts, HAPPENED: request.POST.get(HAPPENED, "")}
    if typed.faults:
        raise ValidationError([*typed.faults.values(), _("草稿没有存，改正后会自动再存。")])
    assert isinstance(request.user, Account)
    edition = request.POST.get("over" if request.POST.get("do") == "over" else "edition", "")
    if isinstance(page, KindPage):
        return save_kind(
            page.project,
            page.kind,
            page.key,
            typed.values,
            actor=request.user,
            edition=read_edition(edition),
            happened=read_happened(request.POST.get(HAPPENED, "")) if page.kind.at_once else None,
        )
    return filling.save_draft(
        page.project,
        page.period,
        typed.values,
        actor=request.user,
        edition=read_edition(edition),
        form=page.scheme.form,
        reasons=read_reasons(request.POST),
    )


def _both(request: HttpRequest, page: Page, meanwhile: EditedMeanwhile) -> HttpResponse:
    """Somebody else has saved: show both, and let the writer choose."""
    assert isinstance(request.user, Account)
    if meanwhile.draft is None or meanwhile.draft.state != Report.State.DRAFT:
        return _refused(
            request,
            page.again(),
            ValidationError(_("这份月报已由别人提交或退回，您刚才填的没有存；请刷新后再看。")),
        )
    fresh = page.again()
    fresh.typed = page.typed or {}
    fresh.conflict = conflict_of(fresh, meanwhile.draft, fresh.typed)
    context = form_context(fresh)
    # The draft that was seen is an older one, and stays so until the writer has chosen.
    context["edition"] = read_edition(request.POST.get("edition", ""))
    if request.headers.get("HX-Request"):
        return render(request, "reporting/_answer.html", context)
    return render(request, "reporting/report.html", context, status=409)


def _hand_in(request: HttpRequest, page: Page) -> HttpResponse:
    """Save what was typed and hand it to the signer, or show what is missing or questioned; the draft is kept."""
    assert isinstance(request.user, Account)
    try:
        kept = _kept(request, page)
    except EditedMeanwhile as meanwhile:
        return _both(request, page, meanwhile)
    except ValidationError as error:
        return _refused(request, page, error)
    try:
        filling.hand_in(kept, actor=request.user, edition=kept.edition, scheme=page.scheme)
    except ValidationError as error:
        return _refused(request, page.again(), error)
    words = _("已报送：%s。") if kept.done else _("已提交，等本单位签发：%s。")
    messages.success(request, words % page.project.name)
    return redirect(page.list_href)


def _moved(
    words: str, act: Callable[[HttpRequest, Page, Report], object]
) -> Callable[[HttpRequest, Page], HttpResponse]:
    """A step on the report that is shown: done, said once, and back to the month; refused: the page again."""

    def done(request: HttpRequest, page: Page) -> HttpResponse:
        if page.report is None:
            raise PermissionDenied
        try:
            with transaction.atomic():
                act(request, page, page.report)
        except EditedMeanwhile:
            error = ValidationError(_("这份月报刚被别人改动，请刷新后再看。"))
            return _refused(request, page, error)
        except ValidationError as error:
            return _refused(request, page, error)
        messages.success(request, f"{_(words)}：{page.project.name}。")
        return redirect(page.list_href)

    return done


def _said(request: HttpRequest) -> str:
    return request.POST.get("opinion", "").strip()


def _actor(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _correct(request: HttpRequest, page: Page) -> HttpResponse:
    """Begin the correction of an accepted report and open it."""
    if page.report is None:
        raise PermissionDenied
    try:
        filling.begin_correction(page.report, actor=_actor(request), reason=_said(request), form=page.form)
    except ValidationError as error:
        return _refused(request, page, error)
    return redirect(page.href)


def _discard(request: HttpRequest, page: Page) -> HttpResponse:
    """Strike out a report at once that was begun and never handed in."""
    if page.draft is None or not isinstance(page, KindPage) or not page.kind.at_once:
        raise Http404
    try:
        discard(page.draft, actor=_actor(request))
    except ValidationError as error:
        return _refused(request, page, error)
    messages.success(request, _("已删去：%s。") % page.project.name)
    return redirect(page.list_href)


ACTS: dict[str, Callable[[HttpRequest, Page], HttpResponse]] = {
    "save": _save,
    "over": _save,
    "hand_in": _hand_in,
    "correct": _correct,
    "discard": _discard,
    "withdraw": _moved(
        gettext_noop("已撤回，可以继续改"),
        lambda request, page, found: filling.withdraw(found, actor=_actor(request)),
    ),
    "sign": _moved(
        gettext_noop("已签发"),
        lambda request, page, found: rounds.sign([found], actor=_actor(request), opinion=_said(request)),
    ),
    "check": _moved(
        gettext_noop("已审核"),
        lambda request, page, found: rounds.check([found], actor=_actor(request), opinion=_said(request)),
    ),
    "accept": _moved(
        gettext_noop("已采用"),
        lambda request, page, found: rounds.accept([found], actor=_actor(request), opinion=_said(request)),
    ),
    "return": _moved(
        gettext_noop("已退回填报人"),
        lambda request, page, found: rounds.send_back(found, actor=_actor(request), opinion=_said(request)),
    ),
}
"""What a person may ask of a report by `do`."""
