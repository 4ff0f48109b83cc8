"""登录 and 我的账号: signing in, the forced change of a password, one's own sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guatu.server.accounts.account_queries import sessions_of
from guatu.server.accounts.door_actions import change_own_password, end_session
from guatu.server.accounts.forms import PasswordForm
from guatu.server.accounts.models import Account, SignedIn
from guatu.server.accounts.queries import appointments, sign_in_rules
from guatu.server.accounts.second_factor import registered, ways_on
from guatu.server.accounts.second_factor_views import enter
from guatu.server.accounts.sessions import begin
from guatu.server.clock import now, today


class SignIn(LoginView):
    """The sign-in by password."""

    template_name = "frame/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in under the rules in force, or ask for the second step first."""
        return enter(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """The single sign-on is offered where it is switched on."""
        rules = sign_in_rules()
        return super().get_context_data(**given) | {"sso": rules.oidc_name if rules.oidc else ""}


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this sign-in."""
    SignedIn.objects.filter(session=request.session.session_key or "").delete()
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@login_required
def own_account(request: HttpRequest) -> HttpResponse:
    """我的账号: one's posts, the password, the sign-ins that last."""
    return _own(request, PasswordForm(_account(request)))


def _own(request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    account = _account(request)
    rules = sign_in_rules()
    expires = None
    if account.password_since and rules.max_age_days:
        expires = (account.password_since + timedelta(days=rules.max_age_days)).date()
    ways = ways_on(rules)
    context: dict[str, Any] = {
        "held": appointments(account, today()),
        "rules": rules,
        "expires": expires,
        "must_change": must_change(request, account),
        "sessions": list(sessions_of(account)),
        "here": request.session.session_key,
        "ways": ways,
        "registered": registered(account) if ways else {},
        "form": form,
    }
    return render(request, "accounts/own_account.html", context, status=status)


def must_change(request: HttpRequest, account: Account) -> bool:
    """Whether the account has to change its password before anything else: an initial one, or one too old."""
    if account.must_change:
        return True
    until = request.session.get("password_until")
    return bool(until and now().isoformat() > until)


@sensitive_post_parameters()
@require_POST
@login_required
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sign-ins of the account end."""
    account = _account(request)
    form = PasswordForm(account, request.POST)
    if not form.is_valid():
        return _own(request, form, status=400)
    here = request.session.session_key or ""
    change_own_password(actor=account, password=form.cleaned_data["new"], keep=here)
    update_session_auth_hash(request, account)
    begin(request, account, before=here)
    messages.success(request, _("密码已改；其他地方的登录已结束。"))
    return HttpResponseRedirect(reverse("overview"))


@require_POST
@login_required
def session_end(request: HttpRequest, identity: int) -> HttpResponse:
    """End one of one's own sign-ins. Raises Http404 for one that is not there, or not one's own."""
    account = _account(request)
    found = SignedIn.objects.filter(pk=identity, account=account).first()
    if found is None:
        raise Http404(_("没有这次登录。"))
    end_session(actor=account, signed_in=found)
    messages.success(request, _("那里的登录已结束。"))
    return HttpResponseRedirect(reverse("own-account"))
