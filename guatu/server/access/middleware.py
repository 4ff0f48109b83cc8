"""Notes each request of a signed-in person, and each failed sign-in, for the access log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guatu.server.access.actions import request_noted
from guatu.server.access.models import Access
from guatu.server.accounts.models import Account

SIGN_IN: Final = "sign-in"
SIGN_OUT: Final = "sign-out"
NOTES_ITSELF: Final = frozenset({"calendar-feed"})
"""Addresses that are a secret: their page notes the request itself, without it."""
PIECES: Final = frozenset({"attachment-small"})
"""Addresses that a page fetches by itself: who opened the page is noted, not each of its pictures."""
_log = logging.getLogger("guatu.access")


class AccessLog:
    """After the sign-in is known. Costs a page no query and no waiting; a fault here never spoils an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        try:
            _note(request, response)
        except Exception:
            _log.exception("访问日志漏记一次请求。")
        return response


def _note(request: HttpRequest, response: HttpResponseBase) -> None:
    page = (request.resolver_match.url_name or "") if request.resolver_match else ""
    if page in NOTES_ITSELF or (page in PIECES and response.status_code < 400):
        return
    # Somebody whose session the page never looked at was not asked for: no query to find out who it was.
    user = getattr(request, "_cached_user", None)
    if page == SIGN_IN and request.method == "POST":
        signed_in = getattr(request, "user", None) if response.status_code < 400 else None
        account = signed_in if isinstance(signed_in, Account) and signed_in.is_authenticated else None
        kind = Access.Kind.SIGN_IN if account else Access.Kind.SIGN_IN_FAILED
        typed = request.POST.get("username", "")
    elif isinstance(user, Account):
        account, kind, typed = user, _kind(request, response, page), ""
    else:
        return
    request_noted(
        account=account.username if account else typed,
        name=account.person.name if account and account.person else "",
        address=address_of(request),
        kind=kind,
        page=page,
        path=request.get_full_path(),
        status=response.status_code,
    )


def _kind(request: HttpRequest, response: HttpResponseBase, page: str) -> Access.Kind:
    if page == SIGN_OUT and request.method == "POST":
        return Access.Kind.SIGN_OUT
    if request.method not in ("GET", "HEAD"):
        return Access.Kind.CHANGE
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    return Access.Kind.EXPORT if attached else Access.Kind.READ


def address_of(request: HttpRequest) -> str:
    """The address that the request came from; behind a proxy the one that the proxy itself saw.

    Only the last entry of `X-Forwarded-For` is the proxy's own; those before it are what the browser says.
    """
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
