"""导入: hand in workbooks, see what they would change, save them, take them back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import Account
from guatu.server.imports import work
from guatu.server.imports.actions import Upload, begin_saving, discard, read_again, receive, take_back
from guatu.server.imports.forms import ReceiveForm
from guatu.server.imports.models import Import
from guatu.server.imports.preview import SHOWN, preview_from
from guatu.server.imports.queries import (
    builds_on,
    files_of,
    import_or_404,
    imports_for,
    interrupted,
    names_of,
    seen_before,
)
from guatu.server.imports.workbook import preview_workbook
from guatu.server.portfolio.actions import Paper
from guatu.workbooks.safety import MOST_BYTES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = 50
"""How many imports the list shows."""


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form for new ones. POST hands files in and goes to their page."""
    user = _account(request)
    known = imports_for(user)
    form = ReceiveForm(request.POST or None)
    wrong: list[str] = []
    if request.method == "POST":
        received = _receive(request, user, form, wrong)
        if received is not None:
            work.in_background(received.pk)
            return HttpResponseRedirect(reverse("import", args=[received.pk]))
    context = {"form": form, "wrong": wrong, "imports": known[:LISTED], "most": MOST_BYTES // 1024 // 1024}
    return render(request, "imports/imports.html", context, status=400 if request.method == "POST" else 200)


def _receive(request: HttpRequest, user: Account, form: ReceiveForm, wrong: list[str]) -> Import | None:
    files = request.FILES.getlist("files")
    if sum(file.size or 0 for file in files) > 2 * MOST_BYTES:
        wrong.append(_("这几个文件一共超过 %d MB，请分几次导入。") % (2 * MOST_BYTES // 1024 // 1024))
        return None
    if not form.is_valid():
        return None
    asked = form.cleaned_data
    try:
        return receive(
            [Upload(file.name or "", file.read()) for file in files],
            actor=user,
            paper=Paper(asked["title"], asked["paper_day"], asked["number"]),
            valid_from=asked["valid_from"],
            year=asked["year"],
            whole=asked["whole"],
        )
    except ValidationError as error:
        wrong += error.messages
        return None


@require_GET
@login_required
def import_page(request: HttpRequest, number: int) -> HttpResponse:
    """One import: how far it is, what it would change, what came of it. For htmx the part that moves."""
    return _page(request, import_or_404(_account(request), number))


def _page(request: HttpRequest, batch: Import, error: list[str] | None = None) -> HttpResponse:
    preview = preview_from(batch.preview)
    going = batch.state in (Import.State.READING, Import.State.SAVING)
    context = {
        "batch": batch,
        "files": files_of(batch),
        "going": going,
        "interrupted": interrupted(batch),
        "preview": preview,
        "shown": SHOWN,
        "shown_slice": f":{SHOWN}",
        "names": names_of(batch),
        "errors": error or [],
        "before": seen_before(batch) if batch.state == Import.State.READY else [],
        "obstacles": builds_on(batch) if batch.state == Import.State.SAVED else [],
        "reason": request.POST.get("reason", ""),
    }
    if request.headers.get("HX-Request") and request.method == "GET":
        if going and not context["interrupted"]:
            return render(request, "imports/_going.html", context)
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "imports/import.html", context, status=400 if error else 200)


def _step(request: HttpRequest, number: int, step: Callable[[Import, Account], None]) -> HttpResponse:
    """Do one step and show the import again; what is refused is said on the page."""
    user = _account(request)
    batch = import_or_404(user, number)
    try:
        step(batch, user)
    except ValidationError as error:
        return _page(request, import_or_404(user, number), error.messages)
    return HttpResponseRedirect(reverse("import", args=[number]))


@require_POST
@login_required
def import_again(request: HttpRequest, number: int) -> HttpResponse:
    """Read anew."""

    def step(batch: Import, user: Account) -> None:
        read_again(batch, actor=user)
        work.in_background(batch.pk)

    return _step(request, number, step)


@require_POST
@login_required
def import_save(request: HttpRequest, number: int) -> HttpResponse:
    """Save what was previewed."""

    def step(batch: Import, user: Account) -> None:
        begin_saving(batch, actor=user, digest=request.POST.get("digest", ""))
        work.in_background(batch.pk, user)

    return _step(request, number, step)


@require_POST
@login_required
def import_discard(request: HttpRequest, number: int) -> HttpResponse:
    """Leave it unsaved."""
    return _step(request, number, lambda batch, user: discard(batch, actor=user))


@require_POST
@login_required
def import_take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take it back whole."""
    reason = request.POST.get("reason", "")
    return _step(request, number, lambda batch, user: take_back(batch, actor=user, reason=reason))


@require_GET
@login_required
def import_workbook(request: HttpRequest, number: int) -> HttpResponse:
    """The whole preview as a workbook. Http404 where there is none yet."""
    batch = import_or_404(_account(request), number)
    preview = preview_from(batch.preview)
    if preview is None:
        raise Http404(_("这次导入还没有预览。"))
    answer = HttpResponse(preview_workbook(preview), content_type=XLSX)
    name = _("导入预览%d.xlsx") % batch.pk
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
