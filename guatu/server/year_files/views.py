"""年度考核档案: the list, putting one together, reading, signing or returning it, taking it away."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.documents.year_file import write_year_docx, write_year_workbook
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, require
from guatu.server.clock import today
from guatu.server.proposals.actions import decide
from guatu.server.year_files.actions import propose_year_file
from guatu.server.year_files.models import YearFile
from guatu.server.year_files.queries import (
    paper_of,
    proof_of,
    reads_year_files,
    visible_year_files,
    year_file_or_404,
)
from guatu.server.year_files.subjects import leaders_of, units_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    if not reads_year_files(request.user):
        raise Http404(_("没有这个页面。"))
    return request.user


@require_GET
@login_required
def year_files(request: HttpRequest) -> HttpResponse:
    """The files there are, and the form to put one together. Http404 for those who appraise nobody."""
    user = _reader(request)
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today().year
    context = {
        "year": year,
        "files": list(visible_year_files(user)),
        "proposes": may(user, Verb.DECIDE),
        "units": units_of(year),
        "leaders": leaders_of(year),
    }
    return render(request, "year_files/list.html", context)


@require_POST
@login_required
def year_file_propose(request: HttpRequest) -> HttpResponse:
    """Put a file together and propose it."""
    user = _reader(request)
    require(user, Verb.DECIDE)
    year = request.POST.get("year", "")
    kind, _colon, key = request.POST.get("subject", "").partition(":")
    if code := request.POST.get("code", "").strip():
        kind, key = YearFile.Kind.PROJECT, code
    try:
        row = propose_year_file(
            actor=user,
            year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0,
            kind=kind,
            key=key[:120],
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect(reverse("year-files"))
    return HttpResponseRedirect(reverse("year-file", args=[row.pk]))


@require_GET
@login_required
def year_file(request: HttpRequest, identity: int) -> HttpResponse:
    """One version as it was frozen."""
    user = _reader(request)
    row = year_file_or_404(user, identity)
    proposal, paper = row.proposal, paper_of(row)
    context = {
        "row": row,
        "paper": paper,
        "tables": [
            {
                "title": one.title,
                "columns": one.columns,
                "empty": one.empty,
                "rows": [list(zip(cells, one.columns, strict=True)) for cells in one.rows],
            }
            for one in paper.tables
        ],
        "proof": proof_of(row),
        "decides": not proposal.decision
        and may(user, Verb.DECIDE)
        and proposal.proposed_by.person_id != user.person_id,
        "versions": visible_year_files(user).filter(year=row.year, kind=row.kind, subject=row.subject),
    }
    return render(request, "year_files/file.html", context)


@require_POST
@login_required
def year_file_decide(request: HttpRequest, identity: int) -> HttpResponse:
    """Sign the file or return it, with a reason; never by the one who proposed it."""
    user = _reader(request)
    row = year_file_or_404(user, identity)
    try:
        decide(
            row.proposal,
            actor=user,
            accept=request.POST.get("do") == "sign",
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except PermissionDenied as error:
        if not may(user, Verb.DECIDE):
            raise
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("year-file", args=[row.pk]))


def _download(stream: BytesIO, row: YearFile, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(stream.getvalue(), content_type=kind)
    name = _("%(name)s%(year)d年度考核档案第%(version)d版") % {
        "name": row.name,
        "year": row.year,
        "version": row.version,
    }
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + ending)}"
    return response


@require_GET
@login_required
def year_file_docx(request: HttpRequest, identity: int) -> HttpResponse:
    """The version as a paper."""
    row = year_file_or_404(_reader(request), identity)
    stream = BytesIO()
    write_year_docx(paper_of(row), proof_of(row), stream)
    return _download(stream, row, ".docx", DOCX)


@require_GET
@login_required
def year_file_workbook(request: HttpRequest, identity: int) -> HttpResponse:
    """The numbers of the version as a workbook."""
    row = year_file_or_404(_reader(request), identity)
    stream = BytesIO()
    write_year_workbook(paper_of(row), proof_of(row), stream)
    return _download(stream, row, ".xlsx", XLSX)
