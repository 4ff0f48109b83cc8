"""A session from its beginning to its end: kept in a list, ended when nothing is done for too long.

The rules in force at the sign-in are put into the session, so that a page costs no query for them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import logout
from django.http import HttpRequest

from guatu.server.accounts.models import Account, SignedIn
from guatu.server.accounts.queries import sign_in_rules
from guatu.server.clock import now

SEEN: Final = "seen"
IDLE: Final = "idle_minutes"
EVERY: Final = timedelta(minutes=1)
"""How often at most an activity is written down."""


def begin(request: HttpRequest, account: Account, before: str = "") -> None:
    """Put the rules into the session just begun, and the session into the list; it replaces `before`."""
    rules = sign_in_rules()
    moment = now()
    request.session[SEEN] = moment.isoformat()
    request.session[IDLE] = rules.idle_minutes
    request.session["password_until"] = (
        (account.password_since + timedelta(days=rules.max_age_days)).isoformat()
        if account.password_since and rules.max_age_days
        else ""
    )
    if request.session.session_key is None:
        request.session.create()
    if before:
        SignedIn.objects.filter(session=before).delete()
    SignedIn.objects.update_or_create(
        session=request.session.session_key,
        defaults={
            "account": account,
            "began": moment,
            "seen": moment,
            "address": request.META.get("REMOTE_ADDR", "")[:45],
            "agent": request.headers.get("User-Agent", "")[:200],
        },
    )


def still_lasts(request: HttpRequest) -> bool:
    """Whether the session goes on; one in which nothing was done for too long ends here.

    No query, save two once a minute that note the activity.
    """
    written = request.session.get(SEEN)
    moment = now()
    if written is None:
        return True
    seen = datetime.fromisoformat(written)
    if moment - seen > timedelta(minutes=request.session.get(IDLE, 30)):
        SignedIn.objects.filter(session=request.session.session_key).delete()
        logout(request)
        return False
    if moment - seen > EVERY:
        request.session[SEEN] = moment.isoformat()
        SignedIn.objects.filter(session=request.session.session_key).update(seen=moment)
    return True
