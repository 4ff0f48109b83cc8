"""Whom a token stands for, what waits for him, and the organisations."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Query, Router

from guatu.server.accounts.directory_queries import Asked, organisations_page
from guatu.server.accounts.models import Account, Role
from guatu.server.accounts.queries import appointments
from guatu.server.accounts.rights import Verb, may
from guatu.server.api.shapes import Me, Refusal, Unit, UnitPage, Waiting
from guatu.server.assessment.period import chosen_month
from guatu.server.clock import today
from guatu.server.dashboards.todo import todo

people = Router(tags=["人员"])


def account_of(request: HttpRequest) -> Account:
    """The account that the request acts for."""
    assert isinstance(request.user, Account)
    return request.user


@people.get(
    "/me", response={200: Me, 401: Refusal, 404: Refusal}, url_name="api-me", summary="令牌所属的账号"
)
def me(request: HttpRequest) -> dict[str, Any]:
    user = account_of(request)
    return {
        "username": user.username,
        "name": user.person.name if user.person else "",
        "posts": [
            {
                "organisation": held.post.organisation.name,
                "title": held.post.title,
                "role": str(Role(held.post.role).label) if held.post.role else "",
            }
            for held in appointments(user, today())
        ],
        "verbs": [str(verb) for verb in Verb if may(user, verb)],
    }


@people.get(
    "/todo", response={200: list[Waiting], 401: Refusal, 404: Refusal}, url_name="api-todo", summary="待办"
)
def waiting(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"level": one.level, "title": one.title, "text": one.text, "days": one.days, "href": one.href}
        for one in todo(chosen_month(request), account_of(request))
    ]


@people.get(
    "/organisations",
    response={200: UnitPage, 401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal},
    url_name="api-organisations",
    summary="单位",
)
def organisations(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> dict[str, Any]:
    user = account_of(request)
    if not may(user, Verb.SEE_PEOPLE):
        raise PermissionDenied
    found = organisations_page(user, Asked(words=q), str(page), today())
    return {
        "count": found.paginator.count,
        "page": found.number,
        "pages": found.paginator.num_pages,
        "organisations": [
            Unit(id=one.pk, name=one.name, kind=one.kind, region=str(one.region or "")) for one in found
        ],
    }
