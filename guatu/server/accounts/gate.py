"""The gate before every page: rights decide by its name whether it opens at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.server.accounts.door import must_change
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import HOME_OF, administers, may_open
from guatu.server.accounts.sessions import still_lasts

BEFORE_THE_CHANGE = frozenset({"own-account", "own-password", "sign-out"})
"""What may be opened while the password has to be changed first."""


class Gate:
    """Lets through whoever is still signed in, has changed the initial password, and may open the address.

    An address that the roles of the account do not open is refused (403); the front page leads an
    administrator to his own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.resolver_match and "api" in request.resolver_match.namespaces:
            return None  # It has a door of its own, which no session opens.
        name = request.resolver_match.url_name if request.resolver_match else None
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404(_("地址里有不能用的字符。"))
        user = request.user
        if name is None or not isinstance(user, Account):
            return None
        if not still_lasts(request):
            messages.warning(request, _("您有一段时间没有操作，已自动退出；请重新登录。"))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if name not in BEFORE_THE_CHANGE and must_change(request, user):
            messages.warning(request, _("请先改密码，再办别的。"))
            return HttpResponseRedirect(reverse("own-account"))
        if not may_open(user, name):
            role = administers(user)
            if name in ("overview", "home") and role is not None and request.method == "GET":
                return HttpResponseRedirect(reverse(HOME_OF[role]))
            raise PermissionDenied(_("您现任的职务不办这件事。"))
        return None
