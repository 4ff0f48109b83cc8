"""What a list shows of its views: the menu to open and to save them, and the address of each."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.saved.models import SavedView
from guatu.server.saved.queries import first_view, views_of
from guatu.values import Period

NAMED = {
    SavedView.Page.LEDGER: (
        *("q", "stage", "category", "level", "county", "size", "light", "leader", "department"),
        *("silent", "late", "questioned", "started", "sort", "columns"),
    ),
    SavedView.Page.REPORTS: ("state",),
    SavedView.Page.RANKING: ("ranking",),
}
"""What of an address belongs to a view, page by page; the month and the day looked back on do not."""


def kept(page: str, query: str) -> str:
    """The part of a query that a view keeps, in one order, so that two of the same meaning are alike."""
    pairs = dict(parse_qsl(query.removeprefix("?")))
    return urlencode([(name, pairs[name]) for name in NAMED[SavedView.Page(page)] if pairs.get(name)])


def href_of(view: SavedView) -> str:
    """The address of what a view shows; a view of the plain list says so, so that it opens as it is."""
    if view.page == SavedView.Page.REPORTS:
        address = reverse("reports-month", args=[view.period]) if view.period else reverse("reports")
        return f"{address}?{view.query or 'state='}"
    period = urlencode({"period": view.period}) if view.period else ""
    query = "&".join(part for part in (view.query, period) if part)
    return f"{reverse(view.page)}?{query or 'plain='}"


def begins_with(request: HttpRequest, page: str) -> str:
    """Where the list leads when it is opened without any query: the view to begin with; empty where there is none."""
    if request.META.get("QUERY_STRING") or request.headers.get("HX-Request"):
        return ""
    assert isinstance(request.user, Account)
    found = first_view(request.user, page)
    return href_of(found) if found else ""


def views_menu(user: Account, page: str, query: str, period: str) -> dict[str, Any]:
    """The context of saved/_menu.html: `query` is that of the list as it is shown, `period` its month. One query."""
    own, shared = views_of(user, page)
    now = kept(page, query)

    def told(view: SavedView) -> dict[str, Any]:
        return {
            "name": view.name,
            "href": href_of(view),
            "by": view.owner.person.name,
            "current": view.query == now and view.period in ("", period),
            "period": Period.parse(view.period).label if view.period else "",
        }

    return {
        "page": page,
        "own": [told(view) for view in own],
        "shared": [told(view) for view in shared],
        "query": now,
        "period": period,
        "period_label": Period.parse(period).label if period else "",
    }


def view_named(user: Account, page: str, query: str, period: str) -> str:
    """The name of the view that is shown; 未存为视图 where none is. One query."""
    menu = views_menu(user, page, query, period)
    found = [view["name"] for view in (*menu["own"], *menu["shared"]) if view["current"]]
    return str(found[0]) if found else _("未存为视图")
