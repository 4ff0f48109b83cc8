"""访问日志: who opened, changed or took away what; for the audit administrator."""

from __future__ import annotations

from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guatu.server.access.forms import Asked
from guatu.server.access.models import Access
from guatu.server.access.queries import Wanted, accesses_wanted, page_of
from guatu.server.access.words import answer_words, page_words
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.record.queries import usernames_of


@require_GET
@login_required
def access_log(request: HttpRequest) -> HttpResponse:
    """The access log, page by page. Raises PermissionDenied without the right to see it."""
    assert isinstance(request.user, Account)
    require(request.user, Verb.SEE_ACCESS_LOG)
    asked = Asked(request.GET, label_suffix="")
    shown = page_of(accesses_wanted(request.user, _wanted(asked)), request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    newest = f"?{query.urlencode()}"
    query["after"] = shown.after
    context = {
        "asked": asked,
        "narrowed": any(asked.data.get(name) for name in asked.fields),
        "rows": [
            {
                "access": row,
                "path": unquote(row.path),
                "page": page_words(row.page),
                "answer": answer_words(row.status, row.kind == Access.Kind.SIGN_IN_FAILED),
                "refused": row.status >= 400 or row.kind == Access.Kind.SIGN_IN_FAILED,
                "lost": row.kind == Access.Kind.LOST,
            }
            for row in shown.rows
        ],
        "next": f"?{query.urlencode()}" if shown.after else "",
        "newest": newest,
        "first_page": not request.GET.get("after"),
        "days": settings.GUATU_ACCESS_DAYS,
    }
    return render(request, "access/access_log.html", context)


def _wanted(asked: Asked) -> Wanted:
    """What is asked for; a filter that cannot be read is left out, and said beside its field."""
    asked.is_valid()
    given = asked.cleaned_data
    account = given.get("account", "").strip()
    return Wanted(
        since=given.get("since"),
        until=given.get("until"),
        usernames=usernames_of(account) if account else (),
        kind=given.get("kind", ""),
        address=given.get("address", "").strip(),
    )
