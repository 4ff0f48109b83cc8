"""The only writer of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import post_titles
from guatu.server.clock import now, today
from guatu.server.record.chain import GENESIS, canonical, entry_hash, without_personal
from guatu.server.record.models import Entry, Head


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

    `actor` None is the machine itself (the command line, a timed job). Telephone numbers are written as
    keyed digests. Raises TransactionManagementError outside a transaction. One row is locked until the
    transaction ends, so that actions are recorded one after the other: call it late in long actions.
    """
    connection = transaction.get_connection()
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(_("留痕必须与操作写在同一个事务里。"))
    head = Head.objects.select_for_update().get(id=1)
    columns: dict[str, Any] = {
        "sequence": head.sequence + 1,
        "time": now(),
        "actor": actor.username if actor else _("系统"),
        "post": "、".join(post_titles(actor, today()))[:200] if actor else "",
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": str(subject_id),
        "before": canonical(without_personal(before)),
        "after": canonical(without_personal(after)),
        "reason": without_personal(reason),
        "previous_hash": head.hash if head.sequence else GENESIS,
    }
    entry = Entry(hash=entry_hash(**columns), **columns)
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(sequence=entry.sequence, hash=entry.hash)
    return entry
