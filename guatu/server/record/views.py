"""留痕: the whole record for the audit administrator, and that of one project for who may see it."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, require
from guatu.server.clock import today
from guatu.server.record.export import jsonl, write_workbook
from guatu.server.record.forms import Asked
from guatu.server.record.queries import (
    Shown,
    Wanted,
    end_of_chain,
    entries_about,
    entries_wanted,
    page_of,
    usernames_of,
)
from guatu.server.record.words import Beside, action_words, changes_of, personal_words, subject_words
from guatu.server.timed.queries import last_walk

FEW = 5
"""Entries that the page of a project shows."""
MOST_ROWS = 100_000
"""Entries that a workbook from the page holds at most."""


@require_GET
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """The record, page by page. Raises PermissionDenied without the right to see it."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.SEE_RECORD)
    asked = Asked(request.GET, label_suffix="")
    shown = page_of(entries_wanted(request.user, _wanted(asked)), request.GET.get("after", ""))
    context = {
        "asked": asked,
        "narrowed": any(asked.data.get(name) for name in asked.fields),
        "rows": rows_of(shown, Beside(shown.beside)),
        "next": _query(request.GET, shown.after) if shown.after else "",
        "first_page": not request.GET.get("after"),
        "export_query": _query(request.GET, ""),
        "end": end_of_chain(),
        "walk": last_walk(),
        "may_open": True,
    }
    return render(request, "record/record.html", context)


@require_GET
@login_required
def record_jsonl(request: HttpRequest) -> StreamingHttpResponse:
    """The whole record, for proving it elsewhere. Raises PermissionDenied without the right to see it."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.SEE_RECORD)
    response = StreamingHttpResponse(jsonl(), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-{today().isoformat()}.jsonl"'
    return response


@require_GET
@login_required
def record_workbook(request: HttpRequest) -> FileResponse:
    """The entries asked for, the newest hundred thousand, as a workbook for reading."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.SEE_RECORD)
    rows = entries_wanted(request.user, _wanted(Asked(request.GET)))[:MOST_ROWS]
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (whoever sends it closes it)
    write_workbook(rows.iterator(2000), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_("留痕%s.xlsx") % today().isoformat())


@require_GET
@login_required
def project_record(request: HttpRequest, code: str) -> HttpResponse:
    """The record of one project; for htmx its newest entries alone. Raises Http404 as the project's page."""
    assert isinstance(request.user, Account)
    found, entries = entries_about(request.user, code)
    part = bool(request.headers.get("HX-Request"))
    shown = page_of(entries, request.GET.get("after", ""), FEW) if part else page_of(
        entries, request.GET.get("after", "")
    )  # fmt: skip
    context = {
        "project": found,
        "rows": rows_of(shown, Beside(shown.beside, shown=may(request.user, Verb.SEE_PHONE, found))),
        "next": _query(QueryDict(), shown.after) if shown.after else "",
        "first_page": not request.GET.get("after"),
        "more": bool(shown.after),
        "may_open": False,
    }
    return render(request, "record/_few.html" if part else "record/project.html", context)


def rows_of(shown: Shown, beside: Beside) -> list[dict[str, Any]]:
    """The entries of a page in words."""
    return [
        {
            "entry": entry,
            "name": shown.names.get(entry.actor, ""),
            "action": action_words(entry.action),
            "subject": subject_words(entry),
            "changes": changes_of(entry, beside),
            "reason": personal_words(entry.reason, entry.sequence, beside),
            "linked": entry.sequence in shown.linked,
        }
        for entry in shown.entries
    ]


def _wanted(asked: Asked) -> Wanted:
    """What is asked for; a filter that cannot be read is left out, and said beside its field."""
    asked.is_valid()
    given = asked.cleaned_data
    actor = given.get("actor", "").strip()
    return Wanted(
        since=given.get("since"),
        until=given.get("until"),
        usernames=usernames_of(actor) if actor else (),
        action=given.get("action", ""),
        kind=given.get("kind", ""),
        subject=given.get("subject", "").strip(),
    )


def _query(given: QueryDict, after: str) -> str:
    query = given.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}" if query else ""
