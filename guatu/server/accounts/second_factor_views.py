"""第二步验证: asked for at the sign-in, and registered under 我的账号."""

from __future__ import annotations

import base64
import json
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import (
    begin_authentication,
    begin_registration,
    complete_authentication,
    complete_registration,
)
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.server.accounts.models import Account
from guatu.server.accounts.second_factor import (
    PENDING,
    Adapter,
    Kind,
    asked_of,
    code_is_right,
    held,
    hold,
    ways_on,
)
from guatu.server.accounts.second_factor_actions import register_key, register_totp, remove_second_factors
from guatu.server.accounts.sessions import begin

SECRET = "totp_secret"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, account: Account, then: str) -> HttpResponse:
    """Sign in, or lead to the second step first where one is asked for."""
    if asked_of(account):
        hold(request, account, then)
        return HttpResponseRedirect(reverse("second-factor"))
    login(request, account, backend=BACKEND)
    begin(request, account)
    return HttpResponseRedirect(then)


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step: the code or the key. A wrong one counts like a wrong password."""
    pending = held(request)
    if pending is None:
        messages.warning(request, _("第二步验证已过期，请重新登录。"))
        return HttpResponseRedirect(reverse("sign-in"))
    account, then = pending
    kinds = asked_of(account)
    error = ""
    if request.method == "POST":
        credentials = {"username": account.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            return render(request, "frame/locked_out.html", status=429)
        if _proven(request, account):
            del request.session[PENDING]
            login(request, account, backend=BACKEND)
            begin(request, account)
            return HttpResponseRedirect(then)
        AxesProxyHandler.user_login_failed(__name__, credentials, request)
        error = _("不对。请输入现在显示的六位数，或一个没有用过的备用码。")
    options = ""
    if Kind.WEBAUTHN in kinds:
        options = json.dumps(begin_authentication(account))
    return render(
        request,
        "accounts/second_factor.html",
        {"kinds": kinds, "error": error, "options": options},
        status=400 if error else 200,
    )


def _proven(request: HttpRequest, account: Account) -> bool:
    if credential := request.POST.get("credential"):
        try:
            complete_authentication(account, json.loads(credential)).record_usage()
        except (ValidationError, ValueError, KeyError, TypeError):
            return False
        return True
    return code_is_right(account, request.POST.get("code", "")[:20])


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


class CodeForm(forms.Form):
    """The code that the app shows."""

    code = forms.CharField(
        label=gettext_lazy("口令"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@never_cache
@login_required
def totp(request: HttpRequest) -> HttpResponse:
    """Register the app: the picture to scan, then the first code. Raises PermissionDenied while switched off."""
    account = _account(request)
    if Kind.TOTP not in ways_on():
        raise PermissionDenied
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = register_totp(actor=account, secret=secret, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            del request.session[SECRET]
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    adapter = Adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    context: dict[str, Any] = {
        "secret": secret,
        "picture": base64.b64encode(picture.encode()).decode(),
        "form": form,
    }
    return render(request, "accounts/totp.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
def security_key(request: HttpRequest) -> HttpResponse:
    """Register a security key. Raises PermissionDenied while switched off."""
    account = _account(request)
    if Kind.WEBAUTHN not in ways_on():
        raise PermissionDenied
    error = ""
    if request.method == "POST":
        try:
            credential = json.loads(request.POST.get("credential", ""))
            complete_registration(credential)
            name = request.POST.get("name", "").strip() or _("安全密钥")
            codes = register_key(actor=account, name=name, credential=credential)
        except (ValidationError, ValueError, KeyError, TypeError):
            error = _("这把密钥没有登记上，请再试一次。")
        else:
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    options = json.dumps(begin_registration(account, passwordless=False))
    return render(
        request,
        "accounts/security_key.html",
        {"options": options, "error": error},
        status=400 if error else 200,
    )


@require_POST
@login_required
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Take one's own second factors away; the password is asked for again."""
    account = _account(request)
    if not account.check_password(request.POST.get("password", "")):
        messages.error(request, _("现在的密码不对。"))
        return HttpResponseRedirect(reverse("own-account"))
    remove_second_factors(actor=account, account=account, reason="")
    messages.success(request, _("第二步验证已取消。"))
    return HttpResponseRedirect(reverse("own-account"))
