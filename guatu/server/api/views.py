"""接口令牌: what programs act with for this person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guatu.server.accounts.models import Account
from guatu.server.api.actions import make_token, withdraw_token
from guatu.server.api.forms import TokenForm
from guatu.server.api.queries import tokens_of, tokens_on
from guatu.server.clock import today


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; POST makes one and shows its secret this once."""
    account = _account(request)
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            secret = make_token(actor=account, **form.cleaned_data)
            form = TokenForm()
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "on": tokens_on(),
        "form": form,
        "secret": secret,
        "tokens": list(tokens_of(account)),
        "today": today(),
        "described": reverse("api:openapi-json"),
    }
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def token_withdraw(request: HttpRequest, identity: int) -> HttpResponse:
    """Let one of one's tokens end at once. Raises Http404 for another's."""
    account = _account(request)
    withdraw_token(get_object_or_404(tokens_of(account), pk=identity), actor=account)
    messages.success(request, _("令牌已作废，用它的程序从现在起不能再办。"))
    return HttpResponseRedirect(reverse("tokens"))
