"""Reading views: one's own, those that others share with one, and the one a list opens with."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account, Organisation
from guatu.server.accounts.queries import appointments
from guatu.server.accounts.rights import mandates, roles
from guatu.server.clock import today
from guatu.server.saved.models import FirstView, SavedView

Shared = SavedView.Shared


def visible_views(user: Account) -> QuerySet[SavedView]:
    """The views that `user` has saved, and those shared with an organisation or role of his, or with all."""
    organisations = {mandate.organisation_id for mandate in mandates(user)}
    return SavedView.objects.filter(
        Q(owner=user)
        | Q(shared=Shared.ALL)
        | Q(shared=Shared.ORGANISATION, organisation__in=organisations)
        | Q(shared=Shared.ROLE, role__in=roles(user))
    ).select_related("owner__person", "organisation")


def views_of(user: Account, page: str) -> tuple[list[SavedView], list[SavedView]]:
    """The views of a page: one's own, in their order, and those that others share. One query."""
    found = list(visible_views(user).filter(page=page))
    own = [view for view in found if view.owner_id == user.pk]
    return own, [view for view in found if view.owner_id != user.pk]


def view_or_404(user: Account, identity: int) -> SavedView:
    """The view, if it is one's own or shared with one. Raises Http404 else."""
    found = visible_views(user).filter(pk=identity).first()
    if found is None:
        raise Http404(_("没有这个视图，或它不再与您共享。"))
    return found


def first_view(user: Account, page: str) -> SavedView | None:
    """The view with which the list opens for `user`; None where he chose none, or it is no longer his to see."""
    chosen = FirstView.objects.filter(account=user, page=page).values("view")
    return visible_views(user).filter(pk__in=chosen).first()


def first_views(user: Account) -> set[int]:
    """The ids of the views that `user` chose to begin with. One query."""
    return set(FirstView.objects.filter(account=user).values_list("view_id", flat=True))


def own_organisations(user: Account) -> list[Organisation]:
    """The organisations with which `user` may share: those in which he holds a post."""
    return list(
        {held.post.organisation_id: held.post.organisation for held in appointments(user, today())}.values()
    )
