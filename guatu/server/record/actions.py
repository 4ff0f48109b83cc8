"""The only writer of the record, and of the personal values beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import post_titles
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now, today
from guatu.server.record.chain import GENESIS, canonical, entry_hash, separated
from guatu.server.record.models import Entry, Head, PersonalValue


def append(
    *,
    actor: Account | None,
    action: str,
    subject_kind: str,
    subject_id: object,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry inside the transaction of the action it tells of, and return it.

    `actor` None is the machine itself (the command line, a timed job). Telephone numbers, numbers of identity
    cards and e-mail addresses are written as keyed digests; the values themselves lie beside the chain until
    their day. Raises TransactionManagementError outside a transaction. One row is locked until the
    transaction ends, so that actions are recorded one after the other: call it late in long actions.
    """
    connection = transaction.get_connection()
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(_("留痕必须与操作写在同一个事务里。"))
    head = Head.objects.select_for_update().get(id=1)
    told, taken = separated([before, after, reason, str(subject_id)])
    columns: dict[str, Any] = {
        "sequence": head.sequence + 1,
        "time": now(),
        "actor": actor.username if actor else _("系统"),
        "post": "、".join(post_titles(actor, today()))[:200] if actor else "",
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": told[3][:80],
        "before": canonical(told[0]),
        "after": canonical(told[1]),
        "reason": told[2],
        "previous_hash": head.hash if head.sequence else GENESIS,
    }
    entry = Entry(hash=entry_hash(**columns), **columns)
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(sequence=entry.sequence, hash=entry.hash)
    if taken:
        until = today() + timedelta(days=settings.GUATU_PERSONAL_DAYS)
        PersonalValue.objects.bulk_create(
            PersonalValue(entry=entry, digest=digest, value=value, delete_after=until)
            for digest, value in taken.items()
        )
    return entry


@transaction.atomic
def delete_due_personal(day: date, *, actor: Account | None = None, reason: str = "") -> int:
    """Delete the personal values whose last day is before `day`; how many were deleted.

    The chain holds their digests and stays whole. One entry, where there was anything to delete. Raises
    PermissionDenied without the right, ValidationError for a person who gives no reason.
    """
    require(actor, Verb.MANAGE_SETTINGS)
    if actor and not reason.strip():
        raise ValidationError(_("请写明删除的理由。"))
    due = PersonalValue.objects.filter(deleted_on=None, delete_after__lt=day)
    deleted = due.update(value="", deleted_on=day)
    if deleted:
        append(
            actor=actor,
            action="personal.deleted",
            subject_kind="record",
            subject_id="personal",
            after={"personal_values": deleted, "due_before": day.isoformat()},
            reason=reason or _("保存期满"),
        )
    return deleted
