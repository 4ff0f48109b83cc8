"""Reading the record, and proving that it is whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from guatu.record.chain import GENESIS, Noted, VerifyResult, Walk, hash_of
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import User, Verb, may
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact, Responsibility
from guatu.server.portfolio.queries import project_or_404
from guatu.server.proposals.models import Proposal
from guatu.server.record.chain import SUBSTITUTE, without_personal
from guatu.server.record.models import Entry, Head, PersonalValue
from guatu.server.record.paging import between, one_page
from guatu.server.reporting.models import Question, Report, Round

CHUNK: Final = 2000
"""Entries that a walk reads at once."""
PAGE: Final = 50
"""Entries on a page."""


def verify(note: Noted | None = None) -> VerifyResult:
    """Walk the whole chain, its tail included; `note` asks whether it still holds a head noted down.

    Entries that are appended meanwhile are walked as well. Reads every entry once, in steps, about 30,000 a
    second, and locks nothing.
    """
    walk = Walk(note)
    while True:
        head = Head.objects.filter(id=1).first()
        last = head.sequence if head else None
        beyond = Entry.objects.filter(sequence__gt=walk.entries).order_by("sequence")
        if not walk.take((beyond.filter(sequence__lte=last) if head else beyond).iterator(CHUNK)):
            break
        if head is None or not Entry.objects.filter(sequence__gt=walk.entries).exists():
            break
        if Head.objects.filter(id=1, sequence__gt=head.sequence).exists():
            continue
        walk.take(Entry.objects.filter(sequence__gt=walk.entries).order_by("sequence").iterator(CHUNK))
        break
    return walk.end(last, head.hash if head else GENESIS)


def chain(last: int) -> Iterator[Entry]:
    """The entries in their order, up to the one with sequence `last`. One query, read in steps."""
    return Entry.objects.filter(sequence__lte=last).order_by("sequence").iterator(CHUNK)


def end_of_chain(last: int | None = None) -> Entry | None:
    """The last entry (up to `last`): its sequence, hash and time are what is noted down outside. One query."""
    rows = Entry.objects.order_by("-sequence")
    return (rows if last is None else rows.filter(sequence__lte=last)).first()


def entries_of(subject_kind: str, subject_id: object) -> QuerySet[Entry]:
    """The entries about one thing, newest first."""
    return Entry.objects.filter(
        subject_kind=subject_kind, subject_id=without_personal(str(subject_id))[:80]
    ).order_by("-sequence")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; what is None or empty does not matter. `usernames` are those of one person."""

    since: date | None = None
    until: date | None = None
    usernames: tuple[str, ...] = ()
    action: str = ""
    kind: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of entries, newest first, and where the next page begins (empty: there is none).

    `linked` holds the entries whose content and link to the entry before were found to hold.
    """

    entries: tuple[Entry, ...]
    after: str
    linked: frozenset[int]
    names: Mapping[str, str]
    beside: Mapping[tuple[int, str], PersonalValue]


def entries_wanted(user: User, wanted: Wanted) -> QuerySet[Entry]:
    """The entries asked for, newest first; none for someone who may not see the record."""
    if not may(user, Verb.SEE_RECORD):
        return Entry.objects.none()
    rows = between(Entry.objects.order_by("-time", "-sequence"), wanted.since, wanted.until)
    if wanted.usernames:
        rows = rows.filter(actor__in=wanted.usernames)
    for column, value in (("action", wanted.action), ("subject_kind", wanted.kind)):
        if value:
            rows = rows.filter(**{column: value})
    if wanted.subject:
        rows = rows.filter(subject_id=without_personal(wanted.subject)[:80])
    return rows


def entries_about(user: User, code: str) -> tuple[Project, QuerySet[Entry]]:
    """A project that `user` may see, and the entries by which anything of it was changed, newest first.

    Raises Http404 as for the project's own page.
    """
    project = project_or_404(user, code)
    rows = Entry.objects.filter(subject_kind="project", subject_id=project.code).values("sequence")
    proposals = Proposal.objects.filter(subject_kind="project", subject_id=project.code)
    touched = [
        Entry.objects.filter(
            subject_kind="proposal", subject_id__in=proposals.values_list(Cast("pk", CharField()))
        )
        .order_by()
        .values("sequence"),
        *(
            rows.filter(project=project).order_by().values("entry_id")
            for rows in (
                ProjectFact.objects,
                AnnualPlan.objects,
                Responsibility.objects,
                Report.every_kind,
                Question.objects,
            )
        ),
        Round.objects.filter(report__project=project).order_by().values("entry_id"),
    ]
    return project, Entry.objects.filter(sequence__in=rows.order_by().union(*touched)).order_by(
        "-time", "-sequence"
    )


def page_of(rows: QuerySet[Entry], after: str = "", size: int = PAGE) -> Shown:
    """The next `size` entries after the place `after` (`Shown.after`; wrong words begin at the newest).

    At most four queries, whatever the length of the record.
    """
    entries, next_place = one_page(rows, after, size)
    personal = any(SUBSTITUTE in text for one in entries for text in (one.before, one.after, one.reason))
    beside = PersonalValue.objects.filter(entry__in=[one.sequence for one in entries]) if personal else ()
    return Shown(
        entries,
        next_place,
        _linked(entries),
        names_of({one.actor for one in entries}),
        {(kept.entry_id, kept.digest): kept for kept in beside},
    )


def _linked(entries: Iterable[Entry]) -> frozenset[int]:
    entries = list(entries)
    before = dict(
        Entry.objects.filter(sequence__in=[entry.sequence - 1 for entry in entries]).values_list(
            "sequence", "hash"
        )
    ) if entries else {}  # fmt: skip
    return frozenset(
        entry.sequence
        for entry in entries
        if entry.hash == hash_of(entry)
        and entry.previous_hash == (GENESIS if entry.sequence == 1 else before.get(entry.sequence - 1))
    )


def names_of(usernames: Collection[str]) -> dict[str, str]:
    """User name → name of the person. One query."""
    return dict(Account.objects.filter(username__in=usernames).values_list("username", "person__name"))


def usernames_of(words: str) -> tuple[str, ...]:
    """The accounts meant by a user name or a person's name; the words themselves where none is. One query."""
    found = Account.objects.filter(Q(username__iexact=words) | Q(person__name=words))
    return tuple(found.values_list("username", flat=True)) or (words,)
