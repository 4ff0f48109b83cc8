"""Writing projects, facts and plans: nothing is overwritten, a change holds from its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guatu.portfolio.project import Project as LedgerProject
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import today
from guatu.server.portfolio.answering import Moved, who_answers
from guatu.server.portfolio.changes import ledger_changes
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.portfolio.facts import pinyin_initials
from guatu.server.portfolio.models import (
    AnnualPlan,
    Document,
    MonthlyPlan,
    Project,
    ProjectFact,
)
from guatu.server.portfolio.queries import ids_by_code, plans_on
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.record.models import Entry

BATCH = 500


@dataclass(frozen=True, slots=True)
class Paper:
    """The document that facts rest on: its number (may be empty), title and day."""

    title: str
    day: date
    number: str = ""


@dataclass(frozen=True, slots=True)
class ProjectsImported:
    """What an import changed: new projects, versions of facts, versions of plans; entry None: nothing.

    `moved` says which responsibilities it ended or replaced.
    """

    projects: int
    facts: int
    plans: int
    entry: Entry | None
    moved: Moved


def document_for(paper: Paper) -> Document:
    """The stored document of this number, title and day; made where it is new."""
    document, _made = Document.objects.get_or_create(number=paper.number, title=paper.title, day=paper.day)
    return document


@transaction.atomic
def import_projects(
    projects: Sequence[LedgerProject],
    *,
    actor: Account | None,
    paper: Paper,
    day: date,
    year: int | None = None,
    digests: Mapping[str, str] | None = None,
) -> ProjectsImported:
    """Take over a ledger as read: its facts hold from `day`, its plan is the plan of `year` (that of `day`).

    Only what differs from the versions in force on `day` is added, so that a second import adds nothing.
    A project that the ledger does not name stays as it is. One transaction, one entry; `digests` (file →
    SHA-256) go into the record. Raises ValidationError for two rows of one code, PermissionDenied without
    the right to import. About 10,000 facts a second.
    """
    require(actor, Verb.IMPORT)
    year = year or day.year
    changes = ledger_changes(projects, day=day, year=year)
    if not changes:
        return ProjectsImported(0, 0, 0, None, Moved())
    new, versions, plans, count = changes.new, changes.facts, changes.plans, changes.versions

    document = document_for(paper)
    entry = append(
        actor=actor,
        action="ledger.imported",
        subject_kind="document",
        subject_id=document.pk,
        after={
            "document": {"number": paper.number, "title": paper.title, "day": paper.day.isoformat()},
            "valid_from": day.isoformat(),
            "year": year,
            "projects": len(new),
            "facts": count,
            "plans": len(plans),
            "files": dict(digests or {}),
            "digest": digest(canonical([versions, [_plan_words(row) for row in plans]])),
        },
    )
    last = Project.objects.aggregate(last=Max("position"))["last"] or 0
    Project.objects.bulk_create(
        [
            Project(
                code=row.code,
                name=row.name,
                pinyin=pinyin_initials(row.name)[:200],
                position=last + index,
                current_on=date.min,
            )
            for index, row in enumerate(new, start=1)
        ],
        batch_size=BATCH,
    )
    ids = ids_by_code([row.code for row in projects])
    by = actor.username if actor else entry.actor
    ProjectFact.objects.bulk_create(
        [
            ProjectFact(
                project_id=ids[row.code],
                field=field,
                value=value,
                column=row.columns.get(field, ""),
                valid_from=day,
                document=document,
                file=row.source.file if row.source else "",
                sheet=row.source.sheet if row.source else "",
                row=row.source.row if row.source else None,
                entered_by=by,
                entry=entry,
            )
            for row in projects
            for field, value in versions[row.code].items()
        ],
        batch_size=BATCH,
    )
    _add_plans(plans, ids, document=document, day=day, year=year, by=by, entry=entry)
    changed = [ids[row.code] for row in projects if versions[row.code]]
    moved = who_answers([row for row in projects if versions[row.code]], ids, day=day, entry=entry)
    bring_up_to_date(today(), changed + [ids[row.code] for row in plans])
    return ProjectsImported(len(new), count, len(plans), entry, moved)


@transaction.atomic
def change_plan(
    project: Project,
    *,
    actor: Account | None,
    year: int,
    amount: int,
    cumulative: Sequence[int],
    valid_from: date,
    paper: Paper,
    reason: str,
) -> AnnualPlan:
    """Give a project another plan for `year` from `valid_from` on; the plan before it stays as it was.

    `cumulative` holds the twelve cumulative amounts (分), or nothing where the plan has no split. Raises
    ValidationError (Chinese) when they fall, are negative, or do not end at `amount`.
    """
    require(actor, Verb.DECIDE, project)
    check_plan(amount, cumulative)
    if not reason.strip():
        raise ValidationError(_("请写明调整计划的理由。"))
    before = plans_on(valid_from, year, [project.pk]).get(project.pk)
    document = document_for(paper)
    entry = append(
        actor=actor,
        action="plan.changed",
        subject_kind="project",
        subject_id=project.code,
        before={"year": year, "amount": before.amount, "cumulative": list(before.cumulative)}
        if before
        else None,
        after={
            "year": year,
            "amount": amount,
            "cumulative": list(cumulative),
            "valid_from": valid_from.isoformat(),
            "document": {"number": paper.number, "title": paper.title, "day": paper.day.isoformat()},
        },
        reason=reason,
    )
    plan = AnnualPlan.objects.create(
        project=project,
        year=year,
        amount=amount,
        valid_from=valid_from,
        reason=reason[:400],
        document=document,
        entered_by=entry.actor,
        entry=entry,
    )
    MonthlyPlan.objects.bulk_create(
        [
            MonthlyPlan(plan=plan, month=month, cumulative=value)
            for month, value in enumerate(cumulative, start=1)
        ]
    )
    bring_up_to_date(today(), [project.pk])
    return plan


def check_plan(amount: int, cumulative: Sequence[int]) -> None:
    """Raise ValidationError (Chinese) unless the plan holds together."""
    if amount < 0:
        raise ValidationError(_("年度计划不能是负数。"))
    if not cumulative:
        return
    if len(cumulative) != 12:
        raise ValidationError(_("分月累计计划应有12个数，现有%d个。") % len(cumulative))
    if any(later < earlier for earlier, later in zip((0, *cumulative), cumulative, strict=False)):
        raise ValidationError(_("分月累计计划应逐月不减，且不能是负数。"))
    if cumulative[-1] != amount:
        raise ValidationError(_("12月的累计计划应等于年度计划。"))


def _plan_words(row: LedgerProject) -> dict[str, object]:
    return {"code": row.code, "amount": row.planned, "cumulative": list(row.planned_cumulative)}


def _add_plans(
    rows: Sequence[LedgerProject],
    ids: Mapping[str, int],
    *,
    document: Document,
    day: date,
    year: int,
    by: str,
    entry: Entry,
) -> None:
    AnnualPlan.objects.bulk_create(
        [
            AnnualPlan(
                project_id=ids[row.code],
                year=year,
                amount=row.planned,
                column=row.columns.get("planned", ""),
                valid_from=day,
                document=document,
                file=row.source.file if row.source else "",
                sheet=row.source.sheet if row.source else "",
                row=row.source.row if row.source else None,
                entered_by=by,
                entry=entry,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    plan_ids = dict(AnnualPlan.objects.filter(entry=entry).values_list("project_id", "id"))
    MonthlyPlan.objects.bulk_create(
        [
            MonthlyPlan(
                plan_id=plan_ids[ids[row.code]],
                month=month,
                cumulative=value,
                column=row.columns.get(f"planned_cumulative.{month}", ""),
            )
            for row in rows
            for month, value in enumerate(row.planned_cumulative, start=1)
        ],
        batch_size=BATCH,
    )
