"""Reading year-end files: for those who appraise, that is the office and the leaders who see everything."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.documents.year_file import YearFile as Paper
from guatu.documents.year_file import year_file_of
from guatu.server.accounts.rights import User, Verb, may, sees_everything
from guatu.server.clock import CHINA
from guatu.server.year_files.models import YearFile
from guatu.values import date_text


def reads_year_files(user: User) -> bool:
    """Whether `user` may read year-end files: they hold scores that were not published."""
    return sees_everything(user) and may(user, Verb.SEE_SCORES)


def visible_year_files(user: User) -> QuerySet[YearFile]:
    """The versions that `user` may read, the newest first; none for those who appraise nobody."""
    rows = YearFile.objects.select_related("proposal__proposed_by__person", "proposal__decided_by__person")
    return rows if reads_year_files(user) else rows.none()


def year_file_or_404(user: User, identity: int) -> YearFile:
    """The version, if `user` may read it. Raises Http404 for a stranger, as if it did not exist."""
    found = visible_year_files(user).filter(pk=identity).first()
    if found is None:
        raise Http404(_("没有这份档案。"))
    return found


def paper_of(row: YearFile) -> Paper:
    """The frozen content as it is printed."""
    return year_file_of(json.loads(row.content))


def proof_of(row: YearFile) -> list[str]:
    """The lines beneath the file: version, digest, who proposed it and who signed it."""
    proposal = row.proposal
    lines = [
        _("第 %(version)d 版，内容摘要 %(digest)s") % {"version": row.version, "digest": row.digest},
        _("%(who)s于%(day)s汇编：%(reason)s")
        % {
            "who": proposal.proposed_by.person.name,
            "day": date_text(proposal.proposed_at.astimezone(CHINA).date()),
            "reason": proposal.reason,
        },
    ]
    if proposal.decided_by is None or proposal.decided_at is None:
        return [*lines, _("未签发")]
    words = _("%(who)s于%(day)s签发：%(reason)s") if row.signed else _("%(who)s于%(day)s不予签发：%(reason)s")
    return [
        *lines,
        words
        % {
            "who": proposal.decided_by.person.name,
            "day": date_text(proposal.decided_at.astimezone(CHINA).date()),
            "reason": proposal.decision_reason,
        },
    ]
