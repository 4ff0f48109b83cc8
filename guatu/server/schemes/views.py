"""方案: the scheme in force, rule by rule."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.server.accounts.rights import sees_everything
from guatu.server.schemes.queries import contradictions, published_tables, scheme_in_force, told, worked_cases


@login_required
def scheme(request: HttpRequest) -> HttpResponse:
    """The page of the scheme in force: for everyone who is signed in."""
    text = scheme_in_force()
    cases = worked_cases(text)
    context = {
        "scheme": text,
        "told": told(text),
        "tables": published_tables(text),
        "contradictions": contradictions(text),
        "cases": cases,
        "may_try": sees_everything(request.user),
        "failed": sum(1 for case in cases if case.faults),
    }
    return render(request, "schemes/scheme.html", context)
