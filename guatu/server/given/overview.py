"""评分与数据: what the scheme asks for beside the reports in the terms of a month, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guatu.assessment.ballots import BallotRule
from guatu.assessment.terms import Term
from guatu.calendars import UnpublishedYear, working_days_after
from guatu.judge.asked import Asked, asked_facts, ballot_kinds, terms_around
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import may_give, sees_everything, sees_given
from guatu.server.clock import today
from guatu.server.given.incoming import Names
from guatu.server.given.models import Ballot
from guatu.server.given.queries import latest_of, versions
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

NAMED = 6
"""So many of those who are missing are named; of the others the number is said."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is asked for in a term: by whom, by when, how many have it, who is missing; `late` in days."""

    name: str
    what: str
    supplier: str
    due: date | None
    late: int
    given: int
    whole: int | None
    waiting: int
    missing: tuple[str, ...]
    more: int
    address: str
    may_give: bool
    clause: str
    rule: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TermNeeds:
    """What is asked for in one term."""

    term: Term
    needs: tuple[Need, ...]


def seen_facts(user: Account, scheme: Scheme) -> dict[str, Asked]:
    """The facts that the scheme asks for and `user` may see."""
    return {name: one for name, one in asked_facts(scheme).items() if sees_given(user, one.supplier)}


def opens(user: Account, scheme: Scheme) -> bool:
    """Whether there is anything for `user` on the page."""
    return bool(seen_facts(user, scheme)) or (sees_everything(user) and bool(scheme.text.ballot))


def suppliers() -> str:
    """Whom the scheme in force names as suppliers, parted by 、; kept for a minute, since every page asks."""
    key = f"given.suppliers:{settings.GUATU_SCHEME}"
    known: str | None = cache.get(key)
    if known is None:
        known = "、".join(dict.fromkeys(one.supplier for one in asked_facts(scheme_in_force()).values()))
        cache.set(key, known, timeout=60)
    return known


def chosen(text: str | None) -> Period:
    """The month asked for; the month before today's where none, or an unreadable one, is."""
    try:
        return Period.parse(text or "")
    except ValueError:
        return Period.of(today()).plus(-1)


def months_to_choose(month: Period) -> list[Period]:
    """The months that the page offers: the year so far and the year of the month that is shown."""
    now = Period.of(today())
    first = Period(min(month.year, now.plus(-1).year), 1)
    last = max(now.index, month.index)
    return [first.plus(n) for n in range(last - first.index + 1)]


def needs_of(user: Account, scheme: Scheme, month: Period, waiting: Sequence[str]) -> list[TermNeeds]:
    """What is asked for in each term that holds `month`. `waiting` are the marks that wait (`mark_subject`)."""
    facts = seen_facts(user, scheme)
    terms = terms_around(Term("month", month.year, month.month))
    standing = latest_of(versions(facts, [str(term) for term in terms]))
    names = Names(scheme)
    found = []
    for term in terms:
        needs = [
            _fact(user, one, term, names,
                  {entity for (fact, of, entity), row in standing.items()
                   if fact == one.fact.id and of == str(term) and row.value},
                  [entity for entity in waiting if entity.startswith(f"{one.fact.id} {term} ")])
            for one in facts.values()
            if term.kind in one.kinds
        ]  # fmt: skip
        if sees_everything(user):
            rules = [rule for rule in scheme.text.ballot if term.kind in ballot_kinds(scheme, rule)]
            needs += [_ballot(user, rule, term, scheme) for rule in rules]
        if needs:
            found.append(TermNeeds(term, tuple(needs)))
    return found


def _fact(
    user: Account, asked: Asked, term: Term, names: Names, given: set[str], waiting: Iterable[str]
) -> Need:
    known = names.known(asked.fact.entity)  # type: ignore[arg-type]
    missing = [] if asked.event else [label for name, label in known.items() if name not in given]
    due = asked.due(term)
    return Need(
        name=asked.fact.name,
        what=_("打分") if asked.marked else _("加减分事项") if asked.event else _("数据"),
        supplier=asked.supplier or _("重点办"),
        due=due,
        late=_late(due) if missing else 0,
        given=len(given),
        whole=None if asked.event else len(known),
        waiting=len(list(waiting)),
        missing=tuple(missing[:NAMED]),
        more=max(len(missing) - NAMED, 0),
        address=grid_address(asked.fact.id, term),
        may_give=may_give(user, asked.supplier),
        clause=asked.clause,
        rule=asked.key,
        meaning=asked.meaning,
    )


def _ballot(user: Account, rule: BallotRule, term: Term, scheme: Scheme) -> Need:
    voters = Ballot.objects.filter(ballot=rule.id, term=str(term)).values("voter").distinct().count()
    return Need(
        name=rule.name, what=_("测评"), supplier=_("重点办"), due=None, late=0, given=voters, whole=None, waiting=0,
        missing=(), more=0, address=ballot_address(rule.id, term), may_give=may_give(user, ""),
        clause=scheme.cite(rule.clause), rule=f"ballot[{rule.id}]", meaning="",
    )  # fmt: skip


def _late(due: date | None) -> int:
    """Working days since the day by which it was due (plain days where their holidays are not published)."""
    if due is None or due >= today():
        return 0
    try:
        return working_days_after(due, today())
    except UnpublishedYear:
        return (today() - due).days


def grid_address(fact: str, term: Term) -> str:
    return f"{reverse('given-fact', args=[fact])}?{urlencode({'term': str(term)})}"


def ballot_address(ballot: str, term: Term) -> str:
    return f"{reverse('ballot', args=[ballot])}?{urlencode({'term': str(term)})}"
