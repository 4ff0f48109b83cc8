"""Taking workbooks over: received, read, seen, saved, discarded or taken back. Each step is in the record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now, today
from guatu.server.imports.models import Import, ImportFile
from guatu.server.imports.preview import Preview, preview_of
from guatu.server.imports.queries import builds_on, entries_of_import
from guatu.server.portfolio.actions import Paper, import_projects
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.portfolio.models import AnnualPlan, MonthlyPlan, Project, ProjectFact, Responsibility
from guatu.server.portfolio.past import throw_away
from guatu.server.record.actions import append
from guatu.server.reporting.actions import import_reports, put_questions
from guatu.server.reporting.models import Question, Report
from guatu.workbooks.reading import Reading
from guatu.workbooks.safety import refuse_unsafe
from guatu.workbooks.sheets import WorkbookError

State = Import.State
MOST_FILES: Final = 12
MAPPING_ENDING: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


@transaction.atomic
def receive(
    files: Sequence[Upload],
    *,
    actor: Account | None,
    paper: Paper,
    valid_from: date,
    year: int,
    whole: bool = False,
) -> Import:
    """Keep the files as they came; they are read next, nothing else is saved.

    `whole`: what a ledger has no column for is no longer stated; else what is known of it stays.

    Raises ValidationError with one sentence for every file that cannot be taken, PermissionDenied.
    """
    require(actor, Verb.IMPORT)
    wrong = _complaints(files)
    if wrong:
        raise ValidationError(wrong)
    moment = now()
    received = Import.objects.create(
        title=paper.title,
        number=paper.number,
        paper_day=paper.day,
        valid_from=valid_from,
        year=year,
        whole=whole,
        by=actor.username if actor else _("系统"),
        received=moment,
        seen=moment,
    )
    digests = {}
    for file in files:
        digests[file.name] = hashlib.sha256(file.content).hexdigest()
        ImportFile.objects.create(
            batch=received,
            name=file.name,
            digest=digests[file.name],
            size=len(file.content),
            content=file.content,
        )
    append(
        actor=actor,
        action="import.received",
        subject_kind="import",
        subject_id=received.pk,
        after={
            "files": digests,
            "document": paper.title,
            "valid_from": valid_from.isoformat(),
            "year": year,
            "whole": whole,
        },
    )
    return received


def _complaints(files: Sequence[Upload]) -> list[str]:
    workbooks = [file for file in files if not file.name.lower().endswith(MAPPING_ENDING)]
    wrong = []
    if not workbooks:
        wrong.append(_("请选择至少一个工作簿（.xlsx、.xls 或 .ods）。"))
    if len(files) > MOST_FILES:
        wrong.append(
            _("一次最多 %(most)d 个文件，现有 %(count)d 个。") % {"most": MOST_FILES, "count": len(files)}
        )
    if len(files) - len(workbooks) > 1:
        wrong.append(_("列对应表（.toml）一次只能有一个。"))
    names = [file.name for file in files]
    wrong += [
        _("“%s”选了两次，请给其中一个改名。") % name
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    wrong += [_("“%s”的文件名太长，请改短后再交。") % (name[:20] + "…") for name in names if len(name) > 120]
    for file in workbooks:
        try:
            refuse_unsafe(file.name, file.content)
        except WorkbookError as error:
            wrong.append(str(error))
    for file in files:
        if file not in workbooks and len(file.content) > 1024 * 1024:
            wrong.append(_("列对应表“%s”太大，请核对是否选错了文件。") % file.name)
    return wrong


def told(batch: Import, rows: int, doubts: int) -> None:
    """Say how far the reading is."""
    Import.objects.filter(pk=batch.pk).update(rows=rows, doubts=doubts, seen=now())


def failed(batch: Import, problem: str) -> None:
    """The files cannot be read, or not be saved: nothing was changed, `problem` says why (Chinese)."""
    Import.objects.filter(pk=batch.pk).update(state=State.FAILED, problem=problem, seen=now())


def previewed(batch: Import, preview: Preview, *, notice: str = "") -> None:
    """The preview is there; a person decides next. `notice` says why it is shown again."""
    Import.objects.filter(pk=batch.pk).update(
        state=State.READY,
        preview=preview.as_text(),
        preview_digest=preview.digest,
        problem=notice,
        seen=now(),
    )


@transaction.atomic
def read_again(batch: Import, *, actor: Account | None) -> None:
    """Start the reading anew, after an interruption. Raises ValidationError where there is nothing to read."""
    require(actor, Verb.IMPORT)
    changed = Import.objects.filter(
        pk=batch.pk, state__in=(State.READING, State.FAILED, State.SAVING)
    ).update(state=State.READING, problem="", rows=0, doubts=0, seen=now())
    if not changed:
        raise ValidationError(_("这次导入现在是“%s”，不需要重新读取。") % batch.get_state_display())


@transaction.atomic
def begin_saving(batch: Import, *, actor: Account | None, digest: str) -> None:
    """A person has seen the preview of this digest and wants it saved. Raises ValidationError, PermissionDenied.

    Of two people who confirm at once one does; the other is told.
    """
    require(actor, Verb.IMPORT)
    changed = Import.objects.filter(pk=batch.pk, state=State.READY, preview_digest=digest).update(
        state=State.SAVING, saved_by=actor.username if actor else _("系统"), seen=now()
    )
    if not changed:
        raise ValidationError(_("预览已经变了，或者别人已经处理了这次导入。请再看一遍。"))


@transaction.atomic
def save(batch: Import, reading: Reading, scheme: Scheme, *, actor: Account | None) -> bool:
    """Save what was previewed, whole or not at all; whether it was.

    When others have changed something since the preview, so that another thing would be saved, nothing is: the new
    preview is shown instead. Raises ValidationError as `import_projects` and `import_reports` do.
    """
    require(actor, Verb.IMPORT)
    day = today()
    preview = preview_of(reading, scheme, valid_from=batch.valid_from, year=batch.year, day=day)
    if preview.digest != batch.preview_digest:
        previewed(batch, preview, notice=_("预览之后数据又有变化，还没有保存；请按新的预览再确认一次。"))
        return False
    paper = Paper(batch.title, batch.paper_day, batch.number)
    ledger = import_projects(
        reading.projects,
        actor=actor,
        paper=paper,
        day=batch.valid_from,
        year=batch.year,
        digests=reading.digests,
    )
    reports = import_reports(reading.reports, actor=actor, day=day, digests=reading.digests)
    entries = [entry.sequence for entry in (ledger.entry, reports.entry) if entry]
    asked = put_questions(reading.findings, actor=actor)
    last = append(
        actor=actor,
        action="import.saved",
        subject_kind="import",
        subject_id=batch.pk,
        after={
            "projects": ledger.projects,
            "facts": ledger.facts,
            "plans": ledger.plans,
            "reports": reports.versions,
            "questions": asked,
            "preview": preview.digest,
        },
    )
    if asked:
        entries.append(
            last.sequence - 1
        )  # that of the questions: the record is locked since, so it is the one before
    Import.objects.filter(pk=batch.pk).update(
        state=State.SAVED,
        saved=now(),
        problem="",
        entries=json.dumps([*entries, last.sequence]),
        moved=json.dumps(
            {"ended": ledger.moved.ended, "replaced": [dict(row) for row in ledger.moved.replaced]}
        ),
    )
    return True


@transaction.atomic
def discard(batch: Import, *, actor: Account | None) -> None:
    """Nothing of it is saved. Raises ValidationError once it is saved or being saved."""
    require(actor, Verb.IMPORT)
    changed = Import.objects.filter(pk=batch.pk, state__in=(State.READING, State.READY, State.FAILED)).update(
        state=State.DISCARDED, ended=now(), ended_by=actor.username if actor else _("系统")
    )
    if not changed:
        raise ValidationError(_("这次导入现在是“%s”，不能放弃。") % batch.get_state_display())
    append(actor=actor, action="import.discarded", subject_kind="import", subject_id=batch.pk)


@transaction.atomic
def take_back(batch: Import, *, actor: Account | None, reason: str) -> None:
    """Undo a saved import whole: facts, plans, reports and questions it added go, what it ended holds again.

    Raises ValidationError (Chinese) without a reason, or with everything that builds on it already. Organisations
    and people it made known stay. The record keeps both: that it was saved, and that it was taken back.
    """
    require(actor, Verb.IMPORT)
    batch = Import.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.SAVED:
        raise ValidationError(_("这次导入现在是“%s”，没有可收回的。") % batch.get_state_display())
    if not reason.strip():
        raise ValidationError(_("请写明收回的理由。"))
    obstacles = builds_on(batch)
    if obstacles:
        raise ValidationError(obstacles)
    mine = entries_of_import(batch)
    throw_away()
    facts = ProjectFact.objects.filter(entry__in=mine)
    plans = AnnualPlan.objects.filter(entry__in=mine)
    touched = set(facts.values_list("project_id", flat=True)) | set(
        plans.values_list("project_id", flat=True)
    )
    reports = Report.objects.filter(entry__in=mine)
    count = {
        "facts": facts.count(),
        "plans": plans.count(),
        "reports": reports.count(),
        "questions": Question.objects.filter(entry__in=mine).count(),
    }
    Question.objects.filter(entry__in=mine).delete()
    _reopen_questions(reports)
    reports.delete()
    MonthlyPlan.objects.filter(plan__in=plans).delete()
    plans.delete()
    facts.delete()
    _give_back(batch, mine)
    gone = _projects_without_facts(touched)
    Project.objects.filter(pk__in=gone).delete()
    bring_up_to_date(today(), touched - gone)
    Import.objects.filter(pk=batch.pk).update(
        state=State.TAKEN_BACK,
        ended=now(),
        ended_by=actor.username if actor else _("系统"),
        reason=reason.strip(),
    )
    append(
        actor=actor,
        action="import.taken_back",
        subject_kind="import",
        subject_id=batch.pk,
        before=count | {"entries": mine},
        after={"projects": len(gone)},
        reason=reason.strip(),
    )


def _reopen_questions(reports: QuerySet[Report]) -> None:
    """Questions that these corrections settled are open again."""
    for version in reports.filter(supersedes__isnull=False):
        Question.objects.filter(
            project=version.project_id, period=version.period, status=Question.Status.CORRECTED
        ).update(status=Question.Status.OPEN, answer="", settled_on=None)


def _give_back(batch: Import, mine: Sequence[int]) -> None:
    """Responsibilities as they were: begun ones go, ended ones hold again, replaced ones come back."""
    Responsibility.objects.filter(entry__in=mine).delete()
    moved = json.loads(batch.moved)
    Responsibility.objects.filter(
        pk__in=moved.get("ended", ()), valid_to=batch.valid_from - timedelta(days=1)
    ).update(valid_to=None)
    Responsibility.objects.bulk_create(
        [
            Responsibility(**{**row, "valid_from": date.fromisoformat(row["valid_from"])})
            for row in moved.get("replaced", ())
        ]
    )


def _projects_without_facts(projects: set[int]) -> set[int]:
    """Those of `projects` of which nothing is known any more."""
    return projects - set(
        ProjectFact.objects.filter(project__in=projects).values_list("project_id", flat=True).distinct()
    )
