"""Writing reports and questions: a correction is a new version, the old one stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.findings import Finding
from guatu.reporting.report import Report as HandedIn
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import today
from guatu.server.portfolio.queries import among, ids_by_code
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.record.models import Entry
from guatu.server.reporting.models import Attachment, Question, Report
from guatu.server.reporting.queries import FIGURES, TEXTS, plain

BATCH = 300
CONTENT: Final = (*TEXTS, *FIGURES, "physical", "blank", "extra", "own")
"""What makes two versions differ: the words and figures, not the cell they were read from."""


@dataclass(frozen=True, slots=True)
class ReportsImported:
    """What an import added: new versions, and the codes of rows whose project is not known (not taken over)."""

    versions: int
    unknown: tuple[str, ...]
    entry: Entry | None


@transaction.atomic
def import_reports(
    reports: Sequence[HandedIn],
    *,
    actor: Account | None,
    day: date,
    digests: Mapping[str, str] | None = None,
) -> ReportsImported:
    """Take over reports as read, as accepted versions; `day` is the day on which they are taken over.

    A first version is known from the day it was handed in (not dated: from the end of its month, at the
    latest from `day`); a correction of what is already there is known from `day`, not before. A report equal to the latest version of its project and month adds nothing, so that a second import adds
    nothing. A row of an unknown project refuses only itself. One transaction, one entry. Raises
    ValidationError for two rows of one project and month, PermissionDenied without the right to import.
    """
    require(actor, Verb.IMPORT)
    new, unknown = changed_versions(reports, day)
    if not new:
        return ReportsImported(0, unknown, None)
    entry = append(
        actor=actor,
        action="reports.imported",
        subject_kind="reports",
        subject_id="、".join(sorted({version.period for version in new}))[:80],
        after={
            "versions": len(new),
            "unknown": len(unknown),
            "files": dict(digests or {}),
            "digest": digest(
                canonical([[version.project_id, version.period, content(version)] for version in new])
            ),
        },
    )
    for version in new:
        version.entry = entry
        version.entered_by = entry.actor
    Report.objects.bulk_create(new, batch_size=BATCH)
    _close_questions([version for version in new if version.supersedes_id])
    return ReportsImported(len(new), unknown, entry)


def changed_versions(reports: Sequence[HandedIn], day: date) -> tuple[list[Report], tuple[str, ...]]:
    """The versions that taking over `reports` on `day` would add (not saved), and the codes that are not known.

    A report equal to the latest version of its project and month is not among them. Raises ValidationError
    for two rows of one project and month.
    """
    _refuse_duplicates(reports)
    ids = ids_by_code({row.code for row in reports})
    latest = latest_versions([ids[row.code] for row in reports if row.code in ids])
    new: list[Report] = []
    for row in reports:
        if row.code not in ids:
            continue
        before = latest.get((ids[row.code], str(row.period)))
        version = _version(row, ids[row.code], before, day)
        if before is None or content(before) != content(version):
            new.append(version)
    return new, tuple(sorted({row.code for row in reports if row.code not in ids}))


def _close_questions(corrections: Sequence[Report]) -> None:
    """The open questions on reports that were corrected are settled by the new version."""
    for start in range(0, len(corrections), BATCH):
        some = corrections[start : start + BATCH]
        asked = Question.objects.filter(
            project__in={row.project_id for row in some},
            period__in={row.period for row in some},
            status=Question.Status.OPEN,
        )
        corrected = {(row.project_id, row.period) for row in some}
        settled = [row.pk for row in asked if (row.project_id, row.period) in corrected]
        Question.objects.filter(pk__in=settled).update(
            status=Question.Status.CORRECTED, answer=_("已由更正后的月报取代。"), settled_on=today()
        )


def latest_versions(projects: Sequence[int]) -> dict[tuple[int, str], Report]:
    """(project id, month) → the latest version, whatever its state. One query."""
    rows = Report.objects.filter(among("project", set(projects))).order_by("version")
    return {(row.project_id, row.period): row for row in rows}


def content(row: Report) -> dict[str, Any]:
    """The words and figures of a version, in one form."""
    found = {name: getattr(row, name) for name in CONTENT}
    found["physical"] = plain(row.physical)
    if row.happened_at is not None:
        found["happened_at"] = row.happened_at
    return found


def _refuse_duplicates(reports: Iterable[HandedIn]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in reports:
        key = (row.code, str(row.period))
        if key in seen:
            raise ValidationError(
                _("%(code)s 在 %(period)s 有两份月报，请先在表里改正。")
                % {"code": row.code, "period": row.period.label}
            )
        seen.add(key)


def _known_from(row: HandedIn, before: Report | None, day: date) -> date:
    if before is not None:
        return max(row.handed_in or day, day)
    return row.handed_in or min(row.period.plus(1).first_day, day)


def _version(row: HandedIn, project: int, before: Report | None, day: date) -> Report:
    known_from = _known_from(row, before, day)
    return Report(
        project_id=project,
        period=str(row.period),
        version=before.version + 1 if before else 1,
        supersedes=before,
        state=Report.State.ACCEPTED,
        known_from=known_from,
        signed_on=known_from,
        checked_on=known_from,
        accepted_on=known_from,
        file=row.source.file if row.source else "",
        sheet=row.source.sheet if row.source else "",
        row=row.source.row if row.source else None,
        columns=canonical(dict(row.columns)),
        headers=canonical(dict(row.headers)),
        extra=canonical(dict(row.extra)),
        **{name: getattr(row, name) or "" for name in TEXTS},
        **{name: getattr(row, name) for name in FIGURES},
        physical=row.physical,
        blank=row.blank,
    )


def carry_attachments(before: Report, after: Report, entry: Entry) -> None:
    """Give a new version the photographs and videos of the one before it; the files are the same ones."""
    carried = list(before.attachments.all())
    for row in carried:
        row.pk, row.report, row.entry = None, after, entry
    Attachment.objects.bulk_create(carried)


def finding_digest(finding: Finding) -> str:
    """What makes two findings the same doubt: the kind, what was found, and the project's report it is in;
    without project and month the cell. So the same doubt in a workbook sent again is not put twice."""
    where = (
        [finding.project, finding.period, finding.field or finding.header or finding.column]
        if finding.project and finding.period
        else [finding.file, finding.sheet, finding.row, finding.column, finding.project, finding.expected]
    )
    return digest(canonical([finding.id, finding.found, *where]))


@transaction.atomic
def put_questions(findings: Sequence[Finding], *, actor: Account | None) -> int:
    """Keep the findings on an import as questions, each once; how many are new. One entry."""
    require(actor, Verb.IMPORT)
    named = {finding_digest(finding): finding for finding in findings}
    known = set(Question.objects.values_list("digest", flat=True))
    new = {key: finding for key, finding in named.items() if key not in known}
    if not new:
        return 0
    kinds: dict[str, int] = {}
    for finding in new.values():
        kinds[finding.id] = kinds.get(finding.id, 0) + 1
    entry = append(
        actor=actor,
        action="questions.put",
        subject_kind="questions",
        subject_id="、".join(sorted({finding.file for finding in new.values()}))[:80],
        after={"questions": kinds, "digest": digest(canonical(sorted(new)))},
    )
    ids = ids_by_code({finding.project for finding in new.values() if finding.project})
    Question.objects.bulk_create(
        [question_of(finding, key, ids, entry) for key, finding in new.items()], batch_size=BATCH
    )
    return len(new)


def question_of(finding: Finding, key: str, ids: Mapping[str, int], entry: Entry) -> Question:
    """The finding as a question that is not kept yet; `key` is its digest, `ids` the projects by code."""
    return Question(
        digest=key,
        finding=finding.id,
        severity=str(finding.severity),
        project_id=ids.get(finding.project or ""),
        code=(finding.project or "")[:120],
        period=finding.period or "",
        file=finding.file,
        sheet=finding.sheet or "",
        row=finding.row,
        column=finding.column or "",
        header=finding.header or "",
        field=(finding.field or "")[:60],
        found=finding.found or "",
        expected=finding.expected or "",
        cure=finding.cure or "",
        message=finding.message,
        cells="\n".join(finding.cells),
        entry=entry,
    )


@transaction.atomic
def answer_question(
    question: Question, *, actor: Account | None, status: Question.Status, answer: str
) -> None:
    """Close a question: the figure was confirmed, or corrected by a new version. The answer is recorded."""
    require(actor, Verb.DECIDE, question.project)
    if status == Question.Status.OPEN or not answer.strip():
        raise ValidationError(_("请写明核实的结果。"))
    append(
        actor=actor,
        action="question.answered",
        subject_kind="question",
        subject_id=question.pk,
        before={"status": question.status, "answer": question.answer},
        after={"status": str(status), "answer": answer},
    )
    question.status = status
    question.settled_on = today()
    question.answer = answer
    question.save(update_fields=["status", "answer", "settled_on"])
