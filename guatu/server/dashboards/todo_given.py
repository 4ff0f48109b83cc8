"""What is asked of one person beside the reports: marks to confirm as the second person, and his own ballots."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may, may_give, supplies
from guatu.server.clock import today
from guatu.server.dashboards.asked import Asked
from guatu.server.dashboards.todo_reports import asked_of
from guatu.server.given.overview import suppliers
from guatu.server.given.voting import not_voted, own_ballot_address, votes_open_to
from guatu.server.proposals.queries import supplier_of, visible_marks
from guatu.server.schemes.queries import scheme_in_force


def everything_asked(user: Account) -> list[Asked]:
    """All that is asked of `user`, on reports and beside them, what is longest overdue first. One query more than
    `asked_of`, and one where a ballot is open to him."""
    return sorted([*asked_of(user), *asked_beside(user, scheme_in_force())], key=lambda one: one.days)


def asked_beside(user: Account, scheme: Scheme) -> list[Asked]:
    """The marks that another person gave and `user` may confirm, as one line; each ballot of his that is open."""
    found = []
    confirms = may(user, Verb.GIVE) or supplies(user, suppliers())
    waiting = [
        mark
        for mark in (visible_marks(user) if confirms else ())
        if mark.proposed_by.person_id != user.person_id and may_give(user, supplier_of(mark))
    ]
    if waiting:
        found.append(
            Asked("blue", _("打分待确认"), _("%d 项，要由另一个人确认") % len(waiting), reverse("given"), None,
                  "confirm", "confirm", tuple(str(mark.pk) for mark in waiting))
        )  # fmt: skip
    for vote in not_voted(votes_open_to(user, scheme, today())):
        key = f"vote.{vote.rule.id}.{vote.term}.{vote.voter}"
        text = _("%(voter)s还没有投%(term)s的票") % {"voter": vote.voter, "term": vote.term.label}
        found.append(
            Asked("silent", vote.rule.name, text, own_ballot_address(vote), vote.closes, "vote", key)
        )
    return found
