"""登录规则 (the security administrator's) and 登录方式 (the system administrator's)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.server.accounts.door_actions import PASSWORD_RULES, WAYS, change_sign_in_rules, switch_ways
from guatu.server.accounts.forms import PasswordRulesForm, WaysForm
from guatu.server.accounts.models import Account
from guatu.server.accounts.oidc import PROVIDER
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.accounts.rights import Verb, require


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@login_required
def sign_in_rules_page(request: HttpRequest) -> HttpResponse:
    """How long, how old, how different a password is; how long a session may be idle."""
    user = _account(request)
    require(user, Verb.SET_PASSWORD_RULES)
    rules = sign_in_rules()
    form = PasswordRulesForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(rules, name) for name in PASSWORD_RULES},
    )
    if form.is_valid():
        change_sign_in_rules(actor=user, values=form.cleaned_data, reason=form.cleaned_data["reason"])
        messages.success(request, _("登录规则已改，从下次登录起生效。"))
        return HttpResponseRedirect(reverse("sign-in-rules"))
    return render(request, "accounts/sign_in_rules.html", {"form": form}, status=400 if form.errors else 200)


@login_required
def sign_in_ways_page(request: HttpRequest) -> HttpResponse:
    """Which further ways of signing in are on."""
    user = _account(request)
    require(user, Verb.MANAGE_SETTINGS)
    rules = sign_in_rules()
    form = WaysForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(rules, name) for name in WAYS},
    )
    if form.is_valid():
        switch_ways(actor=user, values=form.cleaned_data, reason=form.cleaned_data["reason"])
        messages.success(request, _("登录方式已改。"))
        return HttpResponseRedirect(reverse("sign-in-ways"))
    context = {
        "form": form,
        "secret": bool(settings.GUATU_OIDC_SECRET),
        "back": request.build_absolute_uri(reverse("openid_connect_callback", args=[PROVIDER])),
    }
    return render(request, "accounts/sign_in_ways.html", context, status=400 if form.errors else 200)
