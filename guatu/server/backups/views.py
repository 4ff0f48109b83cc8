"""备份: the system administrator's page. It makes and verifies files on the server; none of them leaves it here."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.backups import work
from guatu.server.backups.actions import begin, begin_check, change_rules
from guatu.server.backups.forms import RulesForm
from guatu.server.backups.queries import backup_or_404, backup_rules, backups_for, folder, shown

LISTED: Final = 60


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def backups(request: HttpRequest) -> HttpResponse:
    """The backups made here, and the rules. For htmx the list alone, until the work is done."""
    return _page(request)


def _page(request: HttpRequest, form: RulesForm | None = None, status: int = 200) -> HttpResponse:
    rows = [shown(one) for one in backups_for(_account(request))[:LISTED]]
    context = {"rows": rows, "going": any(one.going for one in rows), "folder": str(folder())}
    if request.headers.get("HX-Request") and request.method == "GET":
        if context["going"]:
            return render(request, "backups/_list.html", context)
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    rules = backup_rules()
    context["form"] = form or RulesForm(initial={"nightly": rules.nightly, "keep": rules.keep})
    return render(request, "backups/backups.html", context, status=status)


@require_POST
@login_required
def backup_make(request: HttpRequest) -> HttpResponse:
    """Begin a backup; it is written outside the request."""
    user = _account(request)
    require(user, Verb.BACK_UP)
    if request.POST.get("do") != "make":
        return _page(request, status=400)
    try:
        work.make_in_background(begin(actor=user), user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return HttpResponseRedirect(reverse("backups"))


@require_POST
@login_required
def backup_verify(request: HttpRequest, number: int) -> HttpResponse:
    """Begin to read a backup back, outside the request."""
    user = _account(request)
    backup = backup_or_404(user, number)
    try:
        begin_check(actor=user, backup=backup)
        work.verify_in_background(backup, user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return HttpResponseRedirect(reverse("backups"))


@require_POST
@login_required
def backup_rules_change(request: HttpRequest) -> HttpResponse:
    """Change how often a backup is made by itself."""
    user = _account(request)
    require(user, Verb.BACK_UP)
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 400)
    change_rules(actor=user, nightly=form.cleaned_data["nightly"], keep=form.cleaned_data["keep"])
    messages.success(request, _("备份规则已保存。"))
    return HttpResponseRedirect(reverse("backups"))
