"""Part of the portfolio's actions: who answers changes, for one project or for all of a person's at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.portfolio.duties import LEDGER_DUTIES, ORGANISATION_DUTIES, Duty
from guatu.server.accounts.actions import refuse_two_hats
from guatu.server.accounts.models import Account, Appointment, Organisation, Person, Role
from guatu.server.accounts.rights import Verb, projects_for, require
from guatu.server.clock import today
from guatu.server.portfolio.actions import Paper, document_for
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.portfolio.models import Project, ProjectFact, Responsibility
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical
from guatu.server.record.models import Entry

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HandOver:
    """What goes over: the responsibilities and the appointments, from whom, after which last day, and why."""

    person: Person
    responsibilities: Sequence[Responsibility]
    appointments: Sequence[Appointment]
    last_day: date
    reason: str
    paper: Paper


def words_of(person: Person, row: Responsibility) -> str:
    """How the ledger would name the successor: with the post where the one before was named with it."""
    return f"{person.name}（{row.post.title}）" if row.post else person.name


def check_hand_over(asked: HandOver, successor: Person) -> None:
    """Raise ValidationError (Chinese) with everything that stands against the hand-over."""
    wrong = []
    if successor.pk == asked.person.pk:
        wrong.append(_("接任的人就是原来的人。"))
    if not asked.responsibilities and not asked.appointments:
        wrong.append(_("请勾选要交接的项目或职务。"))
    if not asked.reason.strip():
        wrong.append(_("请写明理由。"))
    for row in asked.responsibilities:
        if row.valid_from > asked.last_day:
            wrong.append(
                _("“%(project)s”是%(day)s才交给%(person)s的，最后一天不能早于它。")
                % {"project": row.project.name, "day": row.valid_from, "person": asked.person.name}
            )
    held = set(
        Responsibility.objects.filter(person=successor, valid_to__isnull=True).values_list(
            "project_id", "duty"
        )
    )
    for row in asked.responsibilities:
        if (row.project_id, row.duty) in held:
            wrong.append(
                _("%(person)s已是“%(project)s”的%(duty)s。")
                % {
                    "person": successor.name,
                    "project": row.project.name,
                    "duty": row.get_duty_display(),
                }
            )
    for term in asked.appointments:
        if term.valid_from > asked.last_day:
            wrong.append(_("“%s”的任职日晚于最后一天。") % term.post.title)
        try:
            if role := term.post.role or term.post.asked:
                refuse_two_hats(successor, Role(role), asked.last_day + ONE_DAY)
        except ValidationError as error:
            wrong += error.messages
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def hand_over(*, actor: Account | None, asked: HandOver, successor: Person) -> Entry:
    """Hand posts and projects over to the successor from the day after the last day. One entry.

    Who answered until then stays as it was, with its end. What the ledger states of leaders gets a new version
    on the paper named. Raises ValidationError (Chinese); Http404 for a project one may not assign.
    """
    for row in asked.responsibilities:
        require(actor, Verb.ASSIGN, row.project)
    require(actor, Verb.ASSIGN)
    check_hand_over(asked, successor)
    begin = asked.last_day + ONE_DAY
    document = document_for(asked.paper)
    entry = append(
        actor=actor,
        action="duties.handed_over",
        subject_kind="person",
        subject_id=asked.person.pk,
        before={"person": asked.person.name, "to": asked.last_day.isoformat()},
        after={
            "person": successor.name,
            "from": begin.isoformat(),
            "posts": [term.post.title for term in asked.appointments],
            "projects": [[row.project.code, row.duty] for row in asked.responsibilities],
            "document": {"number": asked.paper.number, "title": asked.paper.title},
        },
        reason=asked.reason,
    )
    for term in asked.appointments:
        Appointment.objects.filter(pk=term.pk).update(valid_to=asked.last_day)
        Appointment.objects.get_or_create(person=successor, post=term.post, valid_from=begin)
    _end(asked.responsibilities, asked.last_day)
    Responsibility.objects.bulk_create(
        [
            Responsibility(
                project=row.project,
                duty=row.duty,
                stated=words_of(successor, row)[:200],
                person=successor,
                post=row.post,
                organisation=row.organisation,
                valid_from=begin,
                entry=entry,
            )
            for row in asked.responsibilities
        ]
    )
    ProjectFact.objects.bulk_create(
        [
            ProjectFact(
                project=row.project,
                field=row.duty,
                value=canonical(words_of(successor, row)),
                valid_from=begin,
                document=document,
                entered_by=entry.actor,
                entry=entry,
            )
            for row in asked.responsibilities
            if row.duty in LEDGER_DUTIES
        ]
    )
    if begin <= today():
        bring_up_to_date(today(), {row.project_id for row in asked.responsibilities})
    return entry


def _end(rows: Sequence[Responsibility], last_day: date) -> None:
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(valid_to=last_day)


@transaction.atomic
def assign(
    *,
    actor: Account | None,
    project: Project,
    duty: Duty,
    answers: Person | Organisation,
    valid_from: date,
    reason: str,
    paper: Paper,
) -> Responsibility:
    """Let a person or an organisation answer for the project in this duty from a day on.

    Whoever had the duty before has it until the day before. Raises ValidationError (Chinese) where the duty is
    not of that kind, or where who has it now began only later; Http404 for a project one may not assign.
    """
    require(actor, Verb.ASSIGN, project)
    if isinstance(answers, Organisation) != (duty in ORGANISATION_DUTIES):
        raise ValidationError(
            _("这项责任由单位承担，请填单位。")
            if duty in ORGANISATION_DUTIES
            else _("这项责任由个人承担，请填姓名。")
        )
    if not reason.strip():
        raise ValidationError(_("请写明理由。"))
    open_now = list(
        Responsibility.objects.filter(project=project, duty=duty, valid_to__isnull=True).select_related(
            "person", "organisation"
        )
    )
    for row in open_now:
        if answers in (row.person, row.organisation):
            raise ValidationError(_("“%s”已在承担这项责任。") % row.stated)
        if row.valid_from >= valid_from:
            raise ValidationError(
                _("“%(stated)s”从%(day)s起承担这项责任；新的起始日要晚于它。")
                % {"stated": row.stated, "day": row.valid_from}
            )
    before = [row.stated for row in open_now]
    document = document_for(paper)
    entry = append(
        actor=actor,
        action="duty.assigned",
        subject_kind="project",
        subject_id=project.code,
        before={"duty": duty, "stated": before} if before else None,
        after={"duty": duty, "stated": answers.name, "from": valid_from.isoformat()},
        reason=reason,
    )
    _end(open_now, valid_from - ONE_DAY)
    made = Responsibility.objects.create(
        project=project,
        duty=duty,
        stated=answers.name[:200],
        person=answers if isinstance(answers, Person) else None,
        organisation=answers if isinstance(answers, Organisation) else None,
        valid_from=valid_from,
        entry=entry,
    )
    if duty in LEDGER_DUTIES:
        ProjectFact.objects.create(
            project=project,
            field=duty,
            value=json.dumps(answers.name, ensure_ascii=False),
            valid_from=valid_from,
            document=document,
            entered_by=entry.actor,
            entry=entry,
        )
        if valid_from <= today():
            bring_up_to_date(today(), {project.pk})
    return made


def duties_to_hand_over(user: Account, person: Person, day: date) -> list[Responsibility]:
    """The responsibilities of a person on `day` that `user` may assign, by the order of the ledger. One query."""
    return list(
        Responsibility.objects.filter(
            person=person, valid_to__isnull=True, project__in=projects_for(user, Verb.ASSIGN)
        )
        .select_related("project", "post", "organisation")
        .order_by("duty", "project__position", "id")
    )
