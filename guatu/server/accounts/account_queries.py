"""Part of the accounts' queries: accounts with their posts, who is locked, which post has which role."""

from __future__ import annotations

from datetime import date, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from guatu.server.accounts.models import Account, Appointment, Post, SignedIn, in_force
from guatu.server.accounts.rights import User, Verb, may


def accounts_found(user: User, words: str, day: date) -> QuerySet[Account]:
    """The accounts whose user name, person or unit has the words, with the posts held on `day` (`held`).

    Raises PermissionDenied for those who keep no accounts. Two queries.
    """
    if not may(user, Verb.SEE_ACCOUNTS):
        raise PermissionDenied
    found = Account.objects.order_by("username").prefetch_related(
        Prefetch(
            "person__appointments",
            queryset=Appointment.objects.filter(in_force(day)).select_related("post__organisation"),
            to_attr="held",
        )
    )
    if words:
        found = found.filter(
            Q(username__icontains=words)
            | Q(person__name__icontains=words)
            | Q(
                person__in=Appointment.objects.filter(
                    in_force(day), post__organisation__name__icontains=words
                ).values("person")
            )
        )
    return found


def locked_usernames() -> set[str]:
    """The user names that wrong passwords have locked at some address just now. One query."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return {name for name in attempts.values_list("username", flat=True) if name}


def posts_with_roles(user: User, words: str, day: date, most: int = 200) -> tuple[list[Post], list[Post]]:
    """The posts whose role waits to be given, and those that have one (of the words), with their holders (`held`).

    Raises PermissionDenied for those who give no rights. Four queries.
    """
    if not may(user, Verb.GIVE_RIGHTS):
        raise PermissionDenied
    posts = (
        Post.objects.select_related("organisation")
        .prefetch_related(
            Prefetch(
                "appointments",
                queryset=Appointment.objects.filter(in_force(day)).select_related("person"),
                to_attr="held",
            )
        )
        .order_by("organisation__name", "title")
    )
    if words:
        posts = posts.filter(
            Q(title__icontains=words)
            | Q(organisation__name__icontains=words)
            | Q(appointments__person__name__icontains=words)
        ).distinct()
    return list(posts.exclude(asked="")[:most]), list(posts.filter(asked="")[:most])


def sessions_of(account: Account) -> QuerySet[SignedIn]:
    """The sign-ins of an account that still last, the latest first. One query."""
    return SignedIn.objects.filter(account=account)
