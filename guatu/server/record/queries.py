"""Reading the record, and proving that it is whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guatu.server.record.chain import GENESIS, entry_hash
from guatu.server.record.models import Entry, Head


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a walk along the chain found.

    `entries` were walked; `broken_at` is the first sequence number at which the chain does not hold (None:
    it is whole), `message` says what is wrong there. `hash` is the end of the chain: noted down outside the
    database, it proves later that nobody wrote the whole chain anew.
    """

    entries: int
    hash: str
    broken_at: int | None = None
    message: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify() -> VerifyResult:
    """Walk the whole chain, its tail included. Reads every entry once, in steps, about 30,000 a second."""
    head = Head.objects.filter(id=1).first()
    previous = GENESIS
    count = 0
    for entry in Entry.objects.order_by("sequence").iterator(chunk_size=2000):
        expected = count + 1
        if entry.sequence != expected:
            return VerifyResult(count, previous, expected, _("第 %d 条缺失。") % expected)
        if entry.previous_hash != previous:
            return VerifyResult(count, previous, expected, _("第 %d 条与前一条接不上。") % expected)
        computed = entry_hash(
            sequence=entry.sequence,
            time=entry.time,
            actor=entry.actor,
            post=entry.post,
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            before=entry.before,
            after=entry.after,
            reason=entry.reason,
            previous_hash=entry.previous_hash,
        )
        if entry.hash != computed:
            return VerifyResult(count, previous, expected, _("第 %d 条的内容被改动过。") % expected)
        previous = entry.hash
        count = expected
    if head is None:
        return VerifyResult(count, previous, count + 1, _("链尾的记录不见了。"))
    if head.sequence != count or (head.hash if count else GENESIS) != previous:
        return VerifyResult(
            count,
            previous,
            count + 1,
            _("链尾对不上：应有 %(should)d 条，现有 %(there)d 条。")
            % {"should": head.sequence, "there": count},
        )
    return VerifyResult(count, previous)


def entries_of(subject_kind: str, subject_id: object) -> QuerySet[Entry]:
    """The entries about one thing, newest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("-sequence")
