"""Reading proposals."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.server.accounts.rights import User, visible_projects
from guatu.server.portfolio.models import Project
from guatu.server.proposals.models import Proposal


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
