"""Saving, naming, sharing, ordering and deleting views: each by its owner, one entry each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, Role
from guatu.server.accounts.rights import Verb, require
from guatu.server.record.actions import append
from guatu.server.saved.models import FirstView, SavedView
from guatu.server.saved.queries import own_organisations, view_or_404
from guatu.values import Period

Shared = SavedView.Shared
LONGEST = 40
LONGEST_QUERY = 2000


@transaction.atomic
def save_view(*, actor: Account, page: str, name: str, query: str, period: str = "") -> SavedView:
    """Save what a list shows under a name; of the same name the view is replaced, and stays shared as it was.

    Raises ValidationError (Chinese) for a name that is empty or too long, PermissionDenied for whoever sees no list.
    """
    require(actor, Verb.SEE)
    name = _name(name)
    if page not in SavedView.Page.values or len(query) > LONGEST_QUERY:
        raise ValidationError(_("这个页面的视图不能保存，请刷新后再试。"))
    if period:
        try:
            Period.parse(period)
        except ValueError as error:
            raise ValidationError(_("固定的月份应写成 2026-11 这样。")) from error
    before = SavedView.objects.filter(owner=actor, page=page, name=name).first()
    entry = append(
        actor=actor,
        action="view.saved",
        subject_kind="view",
        subject_id=name,
        before=_said(before) if before else None,
        after={"page": page, "query": query, "fixed_period": period},
    )
    if before is not None:
        before.query, before.period, before.entry = query, period, entry
        before.save(update_fields=["query", "period", "entry"])
        return before
    last = SavedView.objects.filter(owner=actor, page=page).aggregate(last=Max("position"))["last"] or 0
    return SavedView.objects.create(
        owner=actor, page=page, name=name, query=query, period=period, position=last + 1, entry=entry
    )


@transaction.atomic
def rename_view(view: SavedView, name: str, *, actor: Account) -> None:
    """Give a view another name. Raises ValidationError for one that is taken, PermissionDenied for others' views."""
    _own(view, actor)
    name = _name(name)
    if SavedView.objects.filter(owner=actor, page=view.page, name=name).exclude(pk=view.pk).exists():
        raise ValidationError(_("您已有一个叫“%s”的视图，请换一个名称。") % name)
    before = view.name
    _record(view, actor, "view.renamed", {"name": before}, {"name": name})
    view.name = name
    view.save(update_fields=["name"])


@transaction.atomic
def share_view(
    view: SavedView, shared: str, *, actor: Account, organisation: int | None = None, role: str = ""
) -> None:
    """Share a view with an organisation of one's own, a role, all, or nobody any more.

    Raises ValidationError for what cannot be chosen, PermissionDenied for others' views.
    """
    _own(view, actor)
    held = {one.pk for one in own_organisations(actor)}
    if (
        shared not in Shared.values
        or (shared == Shared.ORGANISATION and organisation not in held)
        or (shared == Shared.ROLE and role not in Role.values)
    ):
        raise ValidationError(_("请选择与谁共享：您任职的单位、一个角色，或所有能看的人。"))
    before = _shared(view)
    view.shared = shared
    view.organisation_id = organisation if shared == Shared.ORGANISATION else None
    view.role = role if shared == Shared.ROLE else ""
    _record(view, actor, "view.shared", before, _shared(view))
    view.save(update_fields=["shared", "organisation", "role"])


@transaction.atomic
def move_view(view: SavedView, *, actor: Account, up: int) -> None:
    """Move a view by one place among one's own of its page: up (1) or down (−1). PermissionDenied for others'."""
    _own(view, actor)
    order = list(SavedView.objects.filter(owner=actor, page=view.page))
    at = next(index for index, one in enumerate(order) if one.pk == view.pk)
    to = at - up
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    _record(view, actor, "view.moved", {"position": at + 1}, {"position": to + 1})
    for place, one in enumerate(order, start=1):
        if one.position != place:
            SavedView.objects.filter(pk=one.pk).update(position=place)


@transaction.atomic
def delete_view(view: SavedView, *, actor: Account) -> None:
    """Delete a view of one's own; whoever began with it begins with the plain list. PermissionDenied for others'."""
    _own(view, actor)
    _record(view, actor, "view.deleted", _said(view) | _shared(view), None)
    view.delete()


@transaction.atomic
def begin_with(view: SavedView, *, actor: Account, begin: bool) -> None:
    """Let the list open with this view, for oneself alone; or no longer. Raises Http404 for one not to be seen."""
    view_or_404(actor, view.pk)
    FirstView.objects.filter(account=actor, page=view.page).delete()
    if begin:
        FirstView.objects.create(account=actor, page=view.page, view=view)
    _record(view, actor, "view.begun_with" if begin else "view.not_begun_with", None, None)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise ValidationError(_("请给视图起一个名称，最多 %d 个字。") % LONGEST)
    return name


def _own(view: SavedView, actor: Account) -> None:
    if view.owner_id != actor.pk:
        raise PermissionDenied(_("这个视图是别人保存的，只有保存人能改。"))


def _said(view: SavedView) -> dict[str, Any]:
    return {"page": view.page, "query": view.query, "fixed_period": view.period}


def _shared(view: SavedView) -> dict[str, Any]:
    named = view.organisation.name if view.organisation_id and view.organisation else ""
    return {"shared": view.shared, "organisation": named, "role": view.role}


def _record(view: SavedView, actor: Account, action: str, before: Any, after: Any) -> None:
    append(actor=actor, action=action, subject_kind="view", subject_id=view.name, before=before, after=after)
