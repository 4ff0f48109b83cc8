"""视图: saving one, and the page on which one's own are named, shared, ordered, begun with and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.server.accounts.models import ADMINISTRATORS, Account, Role
from guatu.server.saved import actions
from guatu.server.saved.menu import href_of, kept
from guatu.server.saved.models import SavedView
from guatu.server.saved.queries import first_views, own_organisations, view_or_404, visible_views
from guatu.values import Period


@require_GET
@login_required
def views(request: HttpRequest) -> HttpResponse:
    """One's own views, and those that others share."""
    assert isinstance(request.user, Account)
    user = request.user
    first = first_views(user)
    told = [_told(view, user, first) for view in visible_views(user).order_by("page", "position", "id")]
    context = {
        "mine": [view for view in told if view["own"]],
        "shared": [view for view in told if not view["own"]],
        "organisations": own_organisations(user),
        "roles": [(role.value, role.label) for role in Role if role not in ADMINISTRATORS],
    }
    return render(request, "saved/views.html", context)


def _told(view: SavedView, user: Account, first: set[int]) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.name,
        "page": view.get_page_display(),
        "href": href_of(view),
        "period": Period.parse(view.period).label if view.period else "",
        "own": view.owner_id == user.pk,
        "by": view.owner.person.name,
        "first": view.pk in first,
        "shared": f"{view.shared}:{view.organisation_id or view.role}",
        "with": _with(view),
    }


def _with(view: SavedView) -> str:
    """With whom a view is shared, in words."""
    if view.organisation is not None:
        return view.organisation.short_name or view.organisation.name
    return str(view.get_role_display() if view.role else view.get_shared_display())


@require_POST
@login_required
def view_save(request: HttpRequest) -> HttpResponse:
    """Save what a list shows; back to the list, which then is that view."""
    assert isinstance(request.user, Account)
    page = request.POST.get("page", "")
    if page not in SavedView.Page.values:
        raise Http404
    try:
        view = actions.save_view(
            actor=request.user,
            page=page,
            name=request.POST.get("name", ""),
            query=kept(page, request.POST.get("query", "")[:2000]),
            period=request.POST.get("period", "")[:7],
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        back = request.POST.get("query", "")[:2000]
        return HttpResponseRedirect(f"{reverse(page)}?{kept(page, back)}")
    messages.success(request, _("已存为视图“%s”。") % view.name)
    return HttpResponseRedirect(href_of(view))


def _share(view: SavedView, sent: Mapping[str, str], actor: Account) -> None:
    shared, _colon, whom = sent.get("shared", "").partition(":")
    organisation = int(whom) if whom.isascii() and whom.isdecimal() else None
    actions.share_view(view, shared, actor=actor, organisation=organisation, role=whom)


DO: Final[Mapping[str, Callable[[SavedView, Mapping[str, str], Account], None]]] = {
    "rename": lambda view, sent, actor: actions.rename_view(view, sent.get("name", ""), actor=actor),
    "share": _share,
    "up": lambda view, sent, actor: actions.move_view(view, actor=actor, up=1),
    "down": lambda view, sent, actor: actions.move_view(view, actor=actor, up=-1),
    "delete": lambda view, sent, actor: actions.delete_view(view, actor=actor),
    "begin": lambda view, sent, actor: actions.begin_with(view, actor=actor, begin=True),
    "not-begin": lambda view, sent, actor: actions.begin_with(view, actor=actor, begin=False),
}
"""What `do` of a form means."""


@require_POST
@login_required
def view_change(request: HttpRequest, identity: int) -> HttpResponse:
    """Rename, share, move or delete a view of one's own, or begin with one. Http404 for one that is not seen."""
    assert isinstance(request.user, Account)
    view = view_or_404(request.user, identity)
    change = DO.get(request.POST.get("do", ""))
    if change is None:
        raise Http404
    try:
        change(view, {name: str(value) for name, value in request.POST.items()}, request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("视图已改。"))
    return HttpResponseRedirect(reverse("views"))
