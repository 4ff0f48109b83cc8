"""Reading proposals."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.assessment.given import FactRow
from guatu.judge.inputs import decoded, encoded
from guatu.server.accounts.rights import User, sees_given, visible_projects
from guatu.server.given.incoming import Line
from guatu.server.portfolio.models import Project
from guatu.server.proposals.models import Proposal
from guatu.server.record.chain import digest

MARK = "mark"
"""The subject of proposals to give a mark."""
YEAR_FILE = "year_file"
"""The subject of proposals to sign a year-end file."""


def visible_proposals(user: User) -> QuerySet[Proposal]:
    """The proposals about projects that `user` may see, the newest first."""
    return Proposal.objects.filter(
        subject_kind="project", subject_id__in=visible_projects(user).values("code")
    ).select_related("proposed_by__person", "decided_by__person")


def waiting_proposals(user: User) -> QuerySet[Proposal]:
    """Those of them on which nobody has decided yet."""
    return visible_proposals(user).filter(decision="")


def project_of(proposal: Proposal) -> Project:
    """The project that a proposal is about. Raises Http404 where it is gone."""
    found = Project.objects.filter(code=proposal.subject_id).first()
    if found is None:
        raise Http404(_("没有这个项目。"))
    return found


# Marks: given by one person, they wait for a second one


def waiting_marks() -> QuerySet[Proposal]:
    """All marks on which nobody has decided yet, the oldest first."""
    rows = Proposal.objects.filter(verb=Proposal.Verb.GIVE_MARK, decision="")
    return rows.select_related("proposed_by__person").order_by("id")


def visible_marks(user: User) -> list[Proposal]:
    """Those of them that `user` may see."""
    return [row for row in waiting_marks() if sees_given(user, supplier_of(row))]


def supplier_of(mark: Proposal) -> str:
    """The organisation that supplies the fact of a mark; empty for the office."""
    return str(json.loads(mark.payload)["supplier"])


def mark_subject(row: FactRow) -> str:
    """What a mark is about, as a proposal names it; by its digest where the words are too long."""
    words = f"{row.fact} {row.term} {row.entity}"
    return words if len(words) <= 80 else digest(words)


def mark_payload(line: Line) -> dict[str, Any]:
    """A mark as a proposal keeps it."""
    return {
        "row": encoded(replace(line.row, reason="")),
        "name": line.name,
        "supplier": line.asked.supplier if line.asked else "",
    }


def mark_of(proposal: Proposal) -> FactRow:
    """The mark that a proposal is about, with its reason."""
    row: FactRow = decoded(FactRow, json.loads(proposal.payload)["row"], "row")
    return replace(row, reason=proposal.reason)
