"""Part of reporting's actions: what the reporter does in the reports beside the month's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.reporting.form import Value
from guatu.reporting.kinds import Kind
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now, today
from guatu.server.portfolio.models import Project
from guatu.server.record.actions import append
from guatu.server.reporting.attachment_queries import attachments_of
from guatu.server.reporting.filling import (
    begin,
    keep_draft,
    locked_words,
    newest_of,
    refuse_term,
    typed_columns,
)
from guatu.server.reporting.models import Report


@transaction.atomic
def save_kind(
    project: Project,
    kind: Kind,
    key: str,
    values: Mapping[str, Value | None],
    *,
    actor: Account | None,
    edition: int,
    happened: datetime | None = None,
) -> Report:
    """Keep what was typed as the draft of a project's report of this kind and term; as `save_draft` of months.

    `happened` is the moment of the event, for a report at once, which must have been begun. Raises ValidationError for
    a term that is not there or has not begun, a moment that lies ahead, or a report that is locked.
    """
    require(actor, Verb.HAND_IN, project)
    refuse_term(kind, key)
    if kind.at_once and newest_of(project, kind.id, key) is None:
        raise ValidationError(_("这份报告已删去，请重新发起。"))
    if happened is not None and happened > now():
        raise ValidationError(_("发生时间还没有到，请核对。"))
    columns = typed_columns(values, kind.form) | {"ends": kind.ends, "happened_at": happened}
    return keep_draft(project, kind.id, key, columns, actor=actor, edition=edition)


@transaction.atomic
def begin_at_once(project: Project, kind: Kind, *, actor: Account | None) -> Report:
    """Begin the report of something that has happened, as an empty draft of its own. One entry."""
    require(actor, Verb.HAND_IN, project)
    if not kind.at_once:
        raise ValidationError(_("“%s”按期报送，不能随时发起。") % kind.name)
    day = today().isoformat()
    before = Report.every_kind.filter(project=project, kind=kind.id, period__startswith=day)
    taken = [int(key.partition(".")[2] or 1) for key in before.values_list("period", flat=True)]
    key = f"{day}.{max(taken) + 1}" if taken else day
    refuse_term(kind, key)
    who = {"edited_by": actor.username, "reporter": actor.person.name} if actor else {}
    return begin(project, kind.id, key, None, {**who, "edited_at": now(), "ends": kind.ends}, actor)


@transaction.atomic
def discard(report: Report, *, actor: Account | None) -> None:
    """Strike out a report at once that was begun and never handed in. One entry. Raises ValidationError for any other."""
    require(actor, Verb.HAND_IN, report.project)
    if report.state != Report.State.DRAFT or report.version != 1 or report.rounds.exists():
        raise ValidationError(locked_words(report))
    Report.every_kind.select_for_update().get(pk=report.pk)
    attached = attachments_of([report])
    append(
        actor=actor,
        action="report.discarded",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        before={"version": report.version}
        | ({"files": [[one.kind, one.original, one.digest] for one in attached]} if attached else {}),
    )
    report.attachments.all().delete()
    report.delete()
