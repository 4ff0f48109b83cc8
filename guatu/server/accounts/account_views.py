"""账号 and 权限: accounts one by one and in bulk, and which post has which role."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.account_queries import accounts_found, locked_usernames, posts_with_roles
from guatu.server.accounts.actions import give_role, give_roles_asked_for
from guatu.server.accounts.bulk import open_in_bulk, plan
from guatu.server.accounts.door_actions import (
    close_account,
    reopen_account,
    reset_password,
    unlock_account,
)
from guatu.server.accounts.forms import ReasonForm, RoleForm, UploadForm
from guatu.server.accounts.models import Account, Post, Role
from guatu.server.accounts.rights import Verb, may, require
from guatu.server.accounts.roster import Fault, Line, Roster, read_roster, template
from guatu.server.accounts.second_factor_actions import remove_second_factors
from guatu.server.clock import today
from guatu.workbooks.sheets import WorkbookError

SALT = "guatu.roster"
FRESH_SECONDS = 3600
"""How long a previewed roster may be confirmed."""
PAGE_SIZE = 50


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts: whose they are, whether they are open, locked, waiting for their first sign-in."""
    return _accounts(request)


def _accounts(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    user = _account(request)
    words = request.GET.get("q", "").strip()[:60]
    page = Paginator(accounts_found(user, words, today()), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    href = f"{reverse('accounts')}?q={words}&page="
    return render(
        request,
        "accounts/accounts.html",
        {
            "words": words,
            "page": page,
            "before": f"{href}{page.previous_page_number()}" if page.has_previous() else "",
            "after": f"{href}{page.next_page_number()}" if page.has_next() else "",
            "numbers": [
                {"number": number, "href": f"{href}{number}" if isinstance(number, int) else ""}
                for number in page.paginator.get_elided_page_range(page.number)
            ],
            "locked": locked_usernames(),
            "may_keep": may(user, Verb.MANAGE_ACCOUNTS),
            "may_unlock": may(user, Verb.UNLOCK),
            "upload_form": UploadForm(),
            "error": error,
        },
        status=status,
    )


@require_GET
@login_required
def roster_template(request: HttpRequest) -> FileResponse:
    """The empty roster as a workbook."""
    require(_account(request), Verb.MANAGE_ACCOUNTS)
    return FileResponse(template(today()), as_attachment=True, filename=_("账号名单模板.xlsx"))


@require_POST
@login_required
def roster_upload(request: HttpRequest) -> HttpResponse:
    """Read a roster and show what it would add, change, or why it is refused; nothing is written."""
    user = _account(request)
    require(user, Verb.MANAGE_ACCOUNTS)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _accounts(request, _("请选一个填好的名单。"), status=400)
    file = form.cleaned_data["file"]
    try:
        roster = read_roster(file.name, file.read())
    except WorkbookError as error:
        return _accounts(request, str(error), status=400)
    return _preview(request, roster)


def _preview(request: HttpRequest, roster: Roster) -> HttpResponse:
    steps = plan(roster)
    faults: dict[int, list[Fault]] = {}
    for fault in roster.faults:
        faults.setdefault(fault.row, []).append(fault)
    does = [step for step in steps if step.does]
    return render(
        request,
        "accounts/roster.html",
        {
            "roster": roster,
            "rows": [{"step": step, "faults": faults.get(step.line.row, [])} for step in steps],
            "faulty": len(faults),
            "doing": len(does),
            "kept": "" if roster.faults or not does else _sealed(request, roster),
        },
        status=400 if roster.faults else 200,
    )


def _sealed(request: HttpRequest, roster: Roster) -> str:
    """The roster, signed for this account: what is confirmed is what was shown."""
    plain = {
        "by": _account(request).pk,
        "file": roster.file,
        "sheet": roster.sheet,
        "letters": roster.letters,
        "lines": [asdict(line) | {"valid_from": str(line.valid_from)} for line in roster.lines],
    }
    return signing.dumps(plain, salt=SALT, compress=True)


def _opened_again(request: HttpRequest, sealed: str) -> Roster:
    try:
        plain: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=FRESH_SECONDS)
    except signing.BadSignature as error:
        raise ValidationError(_("预览已过期，请重新上传名单。")) from error
    if plain["by"] != _account(request).pk:
        raise ValidationError(_("预览是另一个账号的，请重新上传名单。"))
    lines = [
        Line(line["row"], line["texts"], date.fromisoformat(line["valid_from"])) for line in plain["lines"]
    ]
    return Roster(plain["file"], plain["sheet"], lines, plain["letters"])


@never_cache
@require_POST
@login_required
def roster_confirm(request: HttpRequest) -> HttpResponse:
    """Do what was previewed; the initial passwords are shown this once."""
    user = _account(request)
    require(user, Verb.MANAGE_ACCOUNTS)
    try:
        roster = _opened_again(request, request.POST.get("kept", ""))
        opened = open_in_bulk(actor=user, roster=roster, today=today())
    except ValidationError as error:
        return _accounts(request, "".join(error.messages), status=400)
    return render(
        request, "accounts/opened.html", {"opened": opened, "lines": len(roster.lines), "file": roster.file}
    )


def _named(username: str) -> Account:
    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Http404(_("没有这个账号。"))
    return found


@never_cache
@require_POST
@login_required
def account_change(request: HttpRequest, username: str, what: str) -> HttpResponse:
    """Close, open, unlock an account or reset its password, with the reason.

    Raises Http404 for an unknown account, PermissionDenied for an administrator's.
    """
    user = _account(request)
    require(user, Verb.UNLOCK if what in ("unlock", "second") else Verb.MANAGE_ACCOUNTS)
    account = _named(username)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _accounts(request, _("请写明理由。"), status=400)
    reason = form.cleaned_data["reason"]
    match what:
        case "close":
            close_account(actor=user, account=account, reason=reason)
            messages.success(request, _("账号“%s”已停用。") % username)
        case "open":
            reopen_account(actor=user, account=account, reason=reason)
            messages.success(request, _("账号“%s”已启用。") % username)
        case "unlock":
            unlock_account(actor=user, account=account, reason=reason)
            messages.success(request, _("账号“%s”已解锁。") % username)
        case "second":
            remove_second_factors(actor=user, account=account, reason=reason)
            messages.success(request, _("“%s”的第二步验证已取消。") % username)
        case "reset":
            password = reset_password(actor=user, account=account, reason=reason)
            return render(
                request,
                "accounts/opened.html",
                {"opened": [{"username": username, "person": account.person.name, "password": password}]},
            )
        case _:
            raise Http404(_("没有这一步。"))
    return HttpResponseRedirect(f"{reverse('accounts')}?q={username}")


@require_GET
@login_required
def rights(request: HttpRequest) -> HttpResponse:
    """权限: which post has which role, those that wait first."""
    return _rights(request)


def _rights(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    user = _account(request)
    words = request.GET.get("q", "").strip()[:60]
    waiting, given = posts_with_roles(user, words, today())
    return render(
        request,
        "accounts/rights.html",
        {
            "words": words,
            "waiting": waiting,
            "given": given,
            "roles": Role.choices,
            "error": error,
        },
        status=status,
    )


@require_POST
@login_required
def rights_give(request: HttpRequest) -> HttpResponse:
    """Give roles: those asked for to all posts that were ticked, or another one to a single post."""
    user = _account(request)
    require(user, Verb.GIVE_RIGHTS)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _rights(request, _("请从列出的角色中选一个。"), status=400)
    posts = list(Post.objects.filter(pk__in=[one for one in request.POST.getlist("post") if one.isdigit()]))
    if not posts:
        return _rights(request, _("请先勾选职务。"), status=400)
    single = "role" in request.POST
    if single and not form.cleaned_data["reason"].strip():
        return _rights(request, _("请写明理由。"), status=400)
    reason = form.cleaned_data["reason"]
    try:
        if single:
            role = form.cleaned_data["role"]
            give_role(actor=user, post=posts[0], role=Role(role) if role else None, reason=reason)
        else:
            give_roles_asked_for(actor=user, posts=posts, reason=reason)
    except ValidationError as error:
        return _rights(request, "".join(error.messages), status=400)
    messages.success(request, _("已办理 %d 个职务的授权。") % len(posts))
    return HttpResponseRedirect(reverse("rights"))
