"""Reading imports: their list, their files, what builds on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import User, Verb, may
from guatu.server.assessment.models import ProjectStanding
from guatu.server.clock import now
from guatu.server.imports.models import Import, ImportFile
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact, Responsibility
from guatu.server.portfolio.queries import among
from guatu.server.proposals.models import Proposal
from guatu.server.reporting.models import Report

PATIENCE: Final = timedelta(minutes=3)
"""Without a sign of life for so long, a reading or saving was interrupted."""
NAMED: Final = 3
"""How many projects a sentence names before it says 等."""


def imports_for(user: User) -> QuerySet[Import]:
    """All imports, the newest first, with `who` handed them in, without previews and bytes. Raises PermissionDenied."""
    require_import(user)
    name = Account.objects.filter(username=OuterRef("by")).values("person__name")[:1]
    return (
        Import.objects.defer("preview")
        .annotate(who=Coalesce(Subquery(name), "by"))
        .prefetch_related(Prefetch("files", ImportFile.objects.defer("content")))
    )


def names_of(batch: Import) -> dict[str, str]:
    """By column (`by`, `saved_by`, `ended_by`) the name of that person, else the user name."""
    users = {column: str(getattr(batch, column)) for column in ("by", "saved_by", "ended_by")}
    known = dict(
        Account.objects.filter(username__in=set(users.values())).values_list("username", "person__name")
    )
    return {column: known.get(user, user) for column, user in users.items()}


def require_import(user: User) -> None:
    """Raise PermissionDenied without the right to import."""
    if not may(user, Verb.IMPORT):
        raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))


def import_or_404(user: User, number: int) -> Import:
    """One import. Raises PermissionDenied, Http404."""
    require_import(user)
    found = Import.objects.filter(pk=number).first()
    if found is None:
        raise Http404(_("没有这次导入。"))
    return found


def files_of(batch: Import) -> QuerySet[ImportFile]:
    """The files without their bytes."""
    return batch.files.defer("content")


def interrupted(batch: Import) -> bool:
    """Whether its reading or saving gives no sign of life any more (the server was stopped, say)."""
    going = batch.state in (Import.State.READING, Import.State.SAVING)
    return going and now() - batch.seen > PATIENCE


def seen_before(batch: Import) -> list[tuple[str, Import]]:
    """Files that were saved by an earlier import to the byte: their name there, and that import."""
    digests = list(batch.files.values_list("digest", flat=True))
    rows = ImportFile.objects.filter(
        digest__in=digests, batch__state=Import.State.SAVED, batch_id__lt=batch.pk
    ).defer("content")
    return [(row.name, row.batch) for row in rows.select_related("batch")]


def entries_of_import(batch: Import) -> list[int]:
    """The sequence numbers of the entries by which it was saved."""
    found: list[int] = json.loads(batch.entries)
    return found


def builds_on(batch: Import) -> list[str]:
    """What has come since that rests on a saved import: one sentence for each kind, empty when nothing does.

    A report (even a draft) of a project it touched, a later import, plan or fact of one, another who answers for
    one, a proposal about one, and a judged month that shows one it made known. Seven queries.
    """
    mine = entries_of_import(batch)
    last = max(mine)
    facts = ProjectFact.objects.filter(entry__in=mine)
    plans = AnnualPlan.objects.filter(entry__in=mine)
    reported = Report.objects.filter(entry__in=mine)
    touched = {
        project
        for rows in (facts, plans, reported)
        for project in rows.values_list("project_id", flat=True).distinct()
    }
    here = among("project", touched)
    later = [
        (Report.every_kind.filter(here, entry__sequence__gt=last), _("之后又报了月报的项目：%s。请先处理这些月报。")),
        (ProjectFact.objects.filter(here, entry__sequence__gt=last), _("之后又改过台账数据的项目：%s。请先收回后来的导入。")),
        (AnnualPlan.objects.filter(here, entry__sequence__gt=last), _("之后又调整过计划的项目：%s。")),
        (Responsibility.objects.filter(here, entry__sequence__gt=last), _("之后又换过责任人的项目：%s。")),
    ]  # fmt: skip
    found = [
        sentence % _names(set(rows.values_list("project_id", flat=True)) & touched)
        for rows, sentence in later
        if touched & set(rows.values_list("project_id", flat=True))
    ]
    made = _made_known(touched, mine)
    judged = ProjectStanding.objects.filter(project__in=made).values_list("project_id", flat=True)
    if judged:
        found.append(_("已经用这次新增的项目判定过月份：%s。") % _names(set(judged)))
    codes = dict(Project.objects.filter(pk__in=made).values_list("code", "pk"))
    proposed = Proposal.objects.filter(subject_kind="project", subject_id__in=codes)
    if proposed:
        found.append(
            _("已有人就这次新增的项目提出建议：%s。") % _names({codes[row.subject_id] for row in proposed})
        )
    return found


def _made_known(touched: set[int], mine: Iterable[int]) -> set[int]:
    """The projects of which nothing was known but for this import."""
    others = ProjectFact.objects.filter(project__in=touched).exclude(entry__in=mine)
    return touched - set(others.values_list("project_id", flat=True))


def _names(projects: set[int]) -> str:
    names = list(Project.objects.filter(pk__in=projects).order_by("position").values_list("name", flat=True))
    shown = "、".join(names[:NAMED])
    return (
        shown
        if len(names) <= NAMED
        else _("%(names)s等 %(count)d 个") % {"names": shown, "count": len(names)}
    )
