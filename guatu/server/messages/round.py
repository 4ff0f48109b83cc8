"""One round through all who want to be reminded: what is new for each becomes one message, or joins the one held."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.messages.news import Manner, Matter, News, Rhythm, goes_out, news
from guatu.messages.quiet import QuietHours
from guatu.messages.wording import Silent, Text, group_text, personal_text
from guatu.portfolio.project import BUILDING
from guatu.schemes.load import Scheme
from guatu.schemes.model import Reminders
from guatu.server.accounts.models import Account, in_force
from guatu.server.accounts.rights import Verb, may, projects_for, projects_of
from guatu.server.clock import CHINA, today
from guatu.server.dashboards.todo_given import everything_asked
from guatu.server.messages.models import PERSONAL, Channel, Message, Preference, Said
from guatu.server.messages.queries import muted_of
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.reporting.form_page import days_left
from guatu.server.reporting.models import Report
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

MANNER_OF: Final[dict[str, Manner]] = {
    "fill": "soon",
    "vote": "soon",
    "returned": "returned",
    "not_again": "missing",
}
"""The kinds of what is asked that do not wait for somebody's step."""
HANDED_IN: Final = (Report.State.SUBMITTED, Report.State.SIGNED, Report.State.CHECKED, Report.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who hears something, by which channel; `key` is what stands for him in what was said."""

    key: str
    channel: Channel
    to: str = ""
    account: Account | None = None


def quiet_hours() -> QuietHours:
    """The quiet hours of this installation."""
    begins, ends = settings.GUATU_QUIET
    return QuietHours(begins, ends)


def site() -> str:
    """The address that messages lead to; empty where people reach the site by no name of its own."""
    host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else ""
    if host in ("", "*", "127.0.0.1", "localhost", "[::1]"):
        return ""
    return f"{'https' if settings.HTTPS else 'http'}://{host.lstrip('.')}"


def go_round(moment: datetime) -> int:
    """Make the messages of this moment; how many are new. With no channel switched on: one query, and nothing."""
    channels = {
        channel.pk: channel
        for channel in Channel.objects.filter(on=True).select_related("organisation__region")
    }
    if not channels:
        return 0
    scheme = scheme_in_force()
    wanting = list(
        Preference.objects.filter(channel__in=[pk for pk, one in channels.items() if one.kind in PERSONAL],
                                  account__is_active=True).select_related("account__person")
    )  # fmt: skip
    groups = [channel for channel in channels.values() if channel.kind not in PERSONAL]
    recipients = [f"account:{one.account_id}" for one in wanting] + [f"group:{one.pk}" for one in groups]
    told = _Told(recipients)
    made = 0
    for one in wanting:
        assert one.channel_id is not None
        recipient = Recipient(
            f"account:{one.account_id}",
            channels[one.channel_id],
            one.mail if channels[one.channel_id].kind == Channel.Kind.MAIL else one.account.username,
            one.account,
        )
        made += _tell_person(recipient, one, scheme, told, moment)
    for channel in groups:
        made += _tell_group(Recipient(f"group:{channel.pk}", channel), scheme, told, moment)
    return made


class _Told:
    """What each recipient was told, what is held for him, and when something last went to him. Three queries."""

    def __init__(self, recipients: Collection[str]) -> None:
        self.said: dict[str, set[str]] = defaultdict(set)
        self.held: dict[str, Message] = {}
        self.held_keys: dict[str, set[str]] = defaultdict(set)
        rows = Said.objects.filter(recipient__in=recipients)
        for one in rows.filter(message__state=Message.State.HELD).select_related("message"):
            self.held[one.recipient] = one.message
            self.held_keys[one.recipient].add(one.key)
        for recipient, key in rows.exclude(message__state=Message.State.HELD).values_list("recipient", "key"):
            self.said[recipient].add(key)
        last = rows.values("recipient").annotate(made=Max("message__made")).order_by()
        self.last: dict[str, date] = {row["recipient"]: row["made"].astimezone(CHINA).date() for row in last}


def _tell_person(
    recipient: Recipient, wanted: Preference, scheme: Scheme, told: _Told, moment: datetime
) -> int:
    assert recipient.account is not None
    rules = scheme.text.reminders or Reminders()
    matters = matters_of(recipient.account, scheme)
    found = news(
        matters,
        told.said[recipient.key],
        before=rules.before,
        muted=muted_of(wanted),
        compulsory=rules.compulsory,
    )
    fresh = [key for one in found for key in one.fresh]
    text = personal_text(found, len(matters) - len(found), site()) if found else None
    if (held := told.held.get(recipient.key)) is not None:
        _mend(held, recipient, text, fresh, told.held_keys[recipient.key])
        return 0
    rhythm = cast(Rhythm, wanted.rhythm)
    last = told.last.get(recipient.key)
    if text is None or not goes_out(
        found, rhythm, last, moment.astimezone(CHINA).date(), compulsory=rules.compulsory
    ):
        return 0
    return _hold(recipient, text, fresh, moment)


def _tell_group(recipient: Recipient, scheme: Scheme, told: _Told, moment: datetime) -> int:
    organisation = recipient.channel.organisation
    assert organisation is not None
    month = Period.of(today()).plus(-1)
    silent = silent_of(projects_of(organisation), month, scheme)
    rules = scheme.text.reminders or Reminders()
    found: list[News] = []
    if silent is not None:
        matter = Matter("missing", (f"silent.{month}",), "", "", "", silent.days)
        found = news([matter], told.said[recipient.key], before=rules.before)
    fresh = [key for one in found for key in one.fresh]
    text = group_text(str(organisation), silent, site()) if silent is not None and found else None
    if (held := told.held.get(recipient.key)) is not None:
        _mend(held, recipient, text, fresh, told.held_keys[recipient.key])
        return 0
    return 0 if text is None else _hold(recipient, text, fresh, moment)


def _hold(recipient: Recipient, text: Text, fresh: Iterable[str], moment: datetime) -> int:
    """Put a message into the outbox, to go out when quiet hours allow; 1, or 0 where another process just did."""
    allowed = quiet_hours().allowed_from(moment.astimezone(CHINA))
    try:
        with transaction.atomic():
            message = Message.objects.create(
                channel=recipient.channel,
                account=recipient.account,
                to=recipient.to,
                title=text.title[:200],
                body=text.body,
                made=moment,
                next_try=allowed,
            )
            Said.objects.bulk_create(
                Said(message=message, recipient=recipient.key, key=key[:160]) for key in fresh
            )
    except IntegrityError:
        return 0
    return 1


def _mend(
    held: Message, recipient: Recipient, text: Text | None, fresh: Collection[str], before: Collection[str]
) -> None:
    """Let a message that is still held say what is true now; nothing, where all of it is done meanwhile."""
    mine = Message.objects.filter(pk=held.pk, state=Message.State.HELD)
    with transaction.atomic():
        if text is None:
            if mine.update(state=Message.State.DROPPED, why=_("都已办妥，不必再发。")):
                Said.objects.filter(message=held).delete()
            return
        changed: dict[str, Any] = {"title": text.title[:200], "body": text.body, "to": recipient.to}
        if mine.update(channel=recipient.channel, **changed) and set(fresh) != set(before):
            Said.objects.filter(message=held).delete()
            Said.objects.bulk_create(
                Said(message=held, recipient=recipient.key, key=key[:160]) for key in fresh
            )


def matters_of(account: Account, scheme: Scheme) -> list[Matter]:
    """All that may be told to a person: what is asked of him, and who of those he looks after has not reported."""
    found = [
        Matter(
            MANNER_OF.get(one.kind, "waiting"),
            tuple(f"{one.key}.{version}" for version in one.about) or (one.key,),
            one.title,
            one.text,
            one.href,
            None if one.due is None or one.due == date.max else one.days,
        )
        for one in everything_asked(account)
    ]
    if may(account, Verb.REMIND):
        month = Period.of(today()).plus(-1)
        silent = silent_of(projects_for(account, Verb.REMIND), month, scheme)
        if silent is not None:
            found.append(
                Matter("missing", (f"silent.{month}",), _("%d 月月报还没有报齐") % month.month, silent.words,
                       reverse("reports-month", args=[str(month)]), silent.days)
            )  # fmt: skip
    return found


def silent_of(projects: QuerySet[Project], month: Period, scheme: Scheme) -> Silent | None:
    """The units whose reports of a month are not handed in, among these projects; None where the month has no due
    day or all are there. Two queries."""
    due = scheme.due(month)
    if due == date.max:
        return None
    handed_in = Report.objects.filter(period=str(month), state__in=HANDED_IN).values("project")
    missing = projects.filter(stage__in=[str(stage) for stage in BUILDING]).exclude(pk__in=handed_in)
    codes = list(missing.values_list("pk", flat=True))
    if not codes:
        return None
    names = dict(
        Responsibility.objects.filter(
            in_force(today()),
            project__in=codes,
            duty=Responsibility.Duty.RESPONSIBLE_UNIT,
            organisation__isnull=False,
        ).values_list("project", "organisation__name")
    )
    counted = Counter(names.get(pk, _("没有写明责任单位")) for pk in codes)
    return Silent(month.label, days_left(due), tuple(counted.most_common()))
