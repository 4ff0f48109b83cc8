"""Handing in facts and ballots: a correction is a new version with a reason, the old one stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guatu.assessment.ballots import BallotRule, Vote
from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.asked import asked_facts
from guatu.judge.inputs import encoded
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import appointments
from guatu.server.accounts.rights import Verb, may_give, require, votes_as
from guatu.server.clock import today
from guatu.server.given.incoming import Incoming, Line, ballot_fault, incoming
from guatu.server.given.models import Ballot, GivenFact
from guatu.server.given.queries import ballots_of, latest_of, stored, versions
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.record.models import Entry

BATCH = 300
SAID = 60
"""So many facts an entry of the record names one by one; of more it keeps the number and the digest."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was kept: how many new facts, how many corrections; what was laid beside what stands."""

    added: int
    changed: int
    laid: Incoming


def signature(actor: Account | None) -> str:
    """Who hands in, as it stands beside a figure: the person and, in brackets, the organisation."""
    if actor is None:
        return _("系统")
    held = appointments(actor, today())
    if not held:
        return actor.person.name
    organisation = held[0].post.organisation
    return f"{actor.person.name}（{organisation.short_name or organisation.name}）"


@transaction.atomic
def hand_in(
    rows: Sequence[FactRow],
    *,
    actor: Account | None,
    scheme: Scheme,
    reason: str = "",
    day: date | None = None,
) -> HandedIn:
    """Hand in facts as one whole: nothing is kept where one of them may not be taken.

    They are known from `day` (today). `reason` is that of every row without its own; a correction needs one.
    Marks are not handed in here: they are proposed and confirmed. What stands already adds nothing. One
    transaction, one entry. Raises ValidationError with every fault.
    """
    day = day or today()
    laid = incoming([_signed(row, actor, reason, day) for row in rows], scheme, actor)
    faults = [f"{line.row.entity}：{line.note}" for line in laid.refused]
    faults += [
        _("%(entity)s：“%(fact)s”要由第二人确认，不能直接报入")
        % {"entity": line.row.entity, "fact": line.name}
        for line in laid.marks
    ]
    faults += [
        _("%(entity)s：更正“%(fact)s”要写明理由") % {"entity": line.row.entity, "fact": line.name}
        for line in laid.changed
        if not line.row.reason.strip()
    ]
    if faults:
        raise ValidationError(faults)
    return _keep(laid, actor, "facts.given", day)


@transaction.atomic
def import_facts(
    rows: Sequence[FactRow],
    *,
    actor: Account | None,
    scheme: Scheme,
    reason: str = "",
    day: date | None = None,
    digests: Mapping[str, str] | None = None,
) -> HandedIn:
    """Take over facts as read from files; a row that may not be taken refuses only itself.

    A first version is known from its own day where one is stated (at the latest from `day`), a correction from
    `day`. Marks stay aside, in `laid.marks`: they are proposed by the one who imports. One transaction, one
    entry. Raises ValidationError where there are corrections and no reason.
    """
    day = day or today()
    laid = incoming([_signed(row, actor, reason, day) for row in rows], scheme, actor)
    if any(not line.row.reason.strip() for line in laid.changed):
        raise ValidationError(_("文件更正了已报的数，请写明更正的理由。"))
    return _keep(laid, actor, "facts.imported", day, digests)


@transaction.atomic
def take_back(
    fact: str, term: Term, entity: str, *, actor: Account | None, scheme: Scheme, reason: str
) -> None:
    """Take a fact back, so that it counts as not handed in; what stood stays readable.

    Raises PermissionDenied without the right, ValidationError without a reason or where nothing stands.
    """
    asked = asked_facts(scheme).get(fact)
    if asked is None or not may_give(actor, asked.supplier):
        raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
    before = latest_of(versions([fact], [str(term)], entity)).get((fact, str(term), entity))
    if before is None or not before.value:
        raise ValidationError(_("这里没有可以撤回的数。"))
    if not reason.strip():
        raise ValidationError(_("请写明撤回的理由。"))
    entry = append(
        actor=actor,
        action="fact.taken_back",
        subject_kind="fact",
        subject_id=f"{fact} {term} {entity}"[:80],
        before={"value": before.value, "checked": before.checked},
        reason=reason,
    )
    GivenFact.objects.create(
        entity=entity, term=str(term), fact=fact, version=before.version + 1, supersedes=before, reason=reason,
        by=signature(actor), day=today(), known_from=today(), entered_by=entry.actor, entry=entry,
    )  # fmt: skip


@transaction.atomic
def keep_marks(
    rows: Sequence[FactRow], *, actor: Account | None, scheme: Scheme, day: date | None = None
) -> HandedIn:
    """Keep marks that one person gave (`by`) and another confirmed (`second`); they count from `day` (today).

    Raises ValidationError for a mark without its two persons and its reason, or that may not be taken.
    """
    day = day or today()
    laid = incoming(rows, scheme, actor)
    faults = [line.note for line in laid.refused]
    faults += [
        _("%(entity)s：打分人和确认人要是两个人，都要写明") % {"entity": row.entity}
        for row in rows
        if not row.by or not row.second or row.by == row.second
    ]
    if faults:
        raise ValidationError(faults)
    return _keep(replace(laid, added=laid.marks, marks=()), actor, "marks.given", day)


def _signed(row: FactRow, actor: Account | None, reason: str, day: date) -> FactRow:
    return replace(row, by=row.by or signature(actor), day=row.day or day, reason=row.reason or reason)


def _keep(
    laid: Incoming, actor: Account | None, action: str, day: date, digests: Mapping[str, str] | None = None
) -> HandedIn:
    lines = (*laid.added, *laid.changed)
    if not lines:
        return HandedIn(0, 0, laid)
    said = [[line.row.fact, str(line.row.term), line.row.entity, encoded(line.row.value)] for line in lines]
    after: dict[str, Any] = {"facts": len(lines), "digest": digest(canonical(said))}
    if len(said) <= SAID:
        after["values"] = said
    if digests:
        after["files"] = dict(digests)
    entry = append(
        actor=actor,
        action=action,
        subject_kind="facts",
        subject_id="、".join(sorted({line.row.fact for line in lines}))[:80],
        before={"values": [[line.before.fact, line.before.term, line.before.entity, line.before.value]
                           for line in laid.changed[:SAID] if line.before]} if laid.changed else None,
        after=after,
        reason="；".join(dict.fromkeys(line.row.reason for line in laid.changed if line.row.reason)),
    )  # fmt: skip
    try:
        GivenFact.objects.bulk_create([_version(line, entry, day) for line in lines], batch_size=BATCH)
    except IntegrityError as error:  # another person handed in the next version at the same moment
        raise ValidationError(_("刚才有别人报了同一个数，请刷新后再看。")) from error
    return HandedIn(len(laid.added), len(laid.changed), laid)


def _version(line: Line, entry: Entry, day: date) -> GivenFact:
    row, before = line.row, line.before
    return GivenFact(
        entity=row.entity,
        term=str(row.term),
        fact=row.fact,
        version=before.version + 1 if before else 1,
        supersedes=before,
        value=stored(row.value),
        checked=stored(row.checked),
        source=row.source,
        by=row.by,
        second=row.second,
        day=row.day,
        reason=row.reason,
        place=row.place,
        known_from=day if before or row.day is None else min(row.day, day),
        entered_by=entry.actor,
        entry=entry,
    )


# Ballots


@transaction.atomic
def hand_in_ballot(
    votes: Sequence[Vote],
    candidates: Sequence[str],
    *,
    actor: Account | None,
    scheme: Scheme,
    reason: str = "",
    day: date | None = None,
) -> Ballot:
    """Hand in one voter's ballot, known from `day` (today); a ballot that is not valid is refused.

    Raises PermissionDenied without the right; ValidationError that says why the ballot is not valid, or that a
    ballot which replaces another needs a reason.
    """
    require(actor, Verb.GIVE)
    _refuse_invalid(votes, candidates, scheme)
    kept = _keep_ballots([votes], actor=actor, reason=reason, day=day or today())
    if not kept:
        raise ValidationError(_("这位投票人已经交了一样的票。"))
    return kept[0]


def _refuse_invalid(votes: Sequence[Vote], candidates: Sequence[str], scheme: Scheme) -> None:
    fault = ballot_fault(scheme, votes, candidates) if votes else _("没有投给任何对象")
    if fault:
        raise ValidationError(_("这张票无效，没有收：%s。") % fault)


@transaction.atomic
def hand_in_own_ballot(
    votes: Sequence[Vote], candidates: Sequence[str], *, actor: Account, rule: BallotRule, scheme: Scheme
) -> Ballot | None:
    """Hand in one's own ballot, or change it while the ballot is open; None where it says the same as before.

    Raises PermissionDenied for somebody who is not that voter; ValidationError where the ballot is closed, or says
    why the votes are not valid.
    """
    _refuse_invalid(votes, candidates, scheme)
    first = votes[0]
    group = rule.group_of(first.voter)
    if group is None or group.id != first.group or not votes_as(actor, first.voter):
        raise PermissionDenied(_("这张票不是您投的。"))
    if not rule.takes(first.term, today()):
        raise ValidationError(_("现在不在投票的日子里，没有收。"))
    kept = _keep_ballots([votes], actor=actor, reason=_("投票人自己投的"), day=today(), own=True)
    return kept[0] if kept else None


@transaction.atomic
def import_ballots(
    votes: Sequence[Vote],
    *,
    actor: Account | None,
    reason: str = "",
    day: date | None = None,
    digests: Mapping[str, str] | None = None,
) -> int:
    """Take over ballots as read from a file, those that are not valid among them: they stand in the list with
    the reason and do not count. How many are new. Raises as `hand_in_ballot`."""
    require(actor, Verb.GIVE)
    kept = _keep_ballots(by_voter(votes), actor=actor, reason=reason, day=day or today(), digests=digests)
    return len(kept)


def by_voter(votes: Sequence[Vote]) -> list[list[Vote]]:
    """Votes parted into ballots."""
    found: dict[tuple[str, Term, str], list[Vote]] = {}
    for vote in votes:
        found.setdefault((vote.ballot, vote.term, vote.voter), []).append(vote)
    return list(found.values())


def cast_votes(votes: Sequence[Vote]) -> str:
    """The votes of a ballot as a row keeps them."""
    return canonical({vote.candidate: str(Fraction(vote.value)) for vote in votes})


def _keep_ballots(
    ballots: Sequence[Sequence[Vote]],
    *,
    actor: Account | None,
    reason: str,
    day: date,
    digests: Mapping[str, str] | None = None,
    own: bool = False,
) -> list[Ballot]:
    new: list[Ballot] = []
    for votes in ballots:
        first = votes[0]
        before = (
            Ballot.objects.filter(ballot=first.ballot, term=str(first.term), voter=first.voter)
            .order_by("-version")
            .first()
        )
        if before and (before.group, before.votes) == (first.group, cast_votes(votes)):
            continue
        if before and before.votes and before.own and not own:
            raise ValidationError(_("%(voter)s 自己投了票，别人不能换。") % {"voter": first.voter})
        if before and before.votes and not reason.strip():
            raise ValidationError(_("%(voter)s 已经交过票；换成另一张要写明理由。") % {"voter": first.voter})
        new.append(
            Ballot(
                ballot=first.ballot, term=str(first.term), voter=first.voter, group=first.group,
                votes=cast_votes(votes), version=before.version + 1 if before else 1, supersedes=before,
                reason=reason if before and not own else "", place=first.place, known_from=day, own=own,
            )
        )  # fmt: skip
    if not new:
        return []
    said = [[row.ballot, row.term, row.voter, row.votes] for row in new]
    after: dict[str, Any] = {
        "ballots": len(new),
        "voters": [row.voter for row in new],
        "digest": digest(canonical(said)),
    }
    if digests:
        after["files"] = dict(digests)
    entry = append(
        actor=actor,
        action="ballots.handed_in",
        subject_kind="ballots",
        subject_id="、".join(sorted({f"{row.ballot} {row.term}" for row in new}))[:80],
        after=after,
        reason=reason,
    )
    for row in new:
        row.entry, row.entered_by = entry, entry.actor
    try:
        Ballot.objects.bulk_create(new, batch_size=BATCH)
    except IntegrityError as error:
        raise ValidationError(_("刚才有别人录了同一张票，请刷新后再看。")) from error
    return new


@transaction.atomic
def take_back_ballot(ballot: str, term: Term, voter: str, *, actor: Account | None, reason: str) -> None:
    """Take a ballot back, so that it counts no more. Raises PermissionDenied, or ValidationError without a reason
    or where none stands."""
    require(actor, Verb.GIVE)
    before = next((row for row in ballots_of(ballot, str(term)) if row.voter == voter), None)
    if before is None:
        raise ValidationError(_("这里没有可以撤回的票。"))
    if not reason.strip():
        raise ValidationError(_("请写明撤回的理由。"))
    entry = append(
        actor=actor, action="ballot.taken_back", subject_kind="ballots", subject_id=f"{ballot} {term}",
        before={"voter": voter, "votes": before.votes}, reason=reason,
    )  # fmt: skip
    Ballot.objects.create(
        ballot=ballot, term=str(term), voter=voter, group=before.group, version=before.version + 1, supersedes=before,
        reason=reason, known_from=today(), entered_by=entry.actor, entry=entry,
    )  # fmt: skip
