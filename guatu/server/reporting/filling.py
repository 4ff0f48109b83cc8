"""Part of reporting's actions: what the reporter does – drafting, handing in, taking back, correcting."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guatu.reporting.form import MONTHLY, FormField, ReportForm, Value, cumulative
from guatu.reporting.kinds import Kind
from guatu.reporting.typed import stored
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.queries import post_titles
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now, today
from guatu.server.portfolio.models import Project
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.record.models import Entry
from guatu.server.reporting.actions import carry_attachments, content, question_of
from guatu.server.reporting.attachment_queries import attachments_of, reused_photos
from guatu.server.reporting.doubts import Doubt, doubts_about, ledger_of, missing
from guatu.server.reporting.models import Attachment, Question, Report, Round
from guatu.server.reporting.queries import handed_in_before, last_ytd
from guatu.values import Period

LONGEST_REASON = 400


class EditedMeanwhile(Exception):
    """Somebody else has saved the draft since it was opened. `draft` is what stands there now (None: it is gone)."""

    def __init__(self, draft: Report | None) -> None:
        self.draft = draft
        super().__init__()


@transaction.atomic
def save_draft(
    project: Project,
    period: Period,
    values: Mapping[str, Value | None],
    *,
    actor: Account | None,
    edition: int,
    form: ReportForm,
    reasons: Mapping[str, str] | None = None,
) -> Report:
    """Keep what was typed as the draft of a project's report of a month; `values` holds every typed field.

    `edition` is that of the draft which the writer saw, 0 where there was none. The first saving begins the draft
    and is recorded; later ones write the draft over and are not, as nothing has been handed in yet: handing in is.
    The cumulative figure is last month's plus the month's; only where that is not known is it taken from `values`.
    Raises EditedMeanwhile when another has saved since, ValidationError for a month that cannot be reported or a
    report that is locked, PermissionDenied or Http404 without the right.
    """
    require(actor, Verb.HAND_IN, project)
    refuse_month(period, form)
    columns = _columns(project, period, values, form)
    return keep_draft(project, MONTHLY, str(period), columns, actor=actor, edition=edition, reasons=reasons)


def keep_draft(
    project: Project,
    kind: str,
    period: str,
    columns: dict[str, Any],
    *,
    actor: Account | None,
    edition: int,
    reasons: Mapping[str, str] | None = None,
) -> Report:
    """Keep the columns as the draft of a report of any kind, on the terms of `save_draft`; the caller has asked for
    the right and holds the transaction."""
    latest = newest_of(project, kind, period)
    fresh = latest is None or latest.state == Report.State.RETURNED
    if latest is not None and not fresh and latest.state != Report.State.DRAFT:
        raise ValidationError(locked_words(latest))
    if fresh and edition:
        raise EditedMeanwhile(None)
    if not fresh and latest is not None and latest.edition != edition:
        raise EditedMeanwhile(latest)
    columns |= {"edited_by": _who(actor), "edited_at": now(), "reporter": actor.person.name if actor else ""}
    if reasons is not None:
        columns["reasons"] = canonical(
            {key: said[:LONGEST_REASON] for key, said in reasons.items() if said.strip()}
        )
    if fresh:
        return begin(project, kind, period, latest, columns, actor)
    assert latest is not None
    changed = Report.every_kind.filter(pk=latest.pk, state=Report.State.DRAFT, edition=edition).update(
        edition=edition + 1, **columns
    )
    latest.refresh_from_db()
    if not changed:
        raise EditedMeanwhile(latest)
    return latest


def newest_of(project: Project, kind: str, period: str) -> Report | None:
    """The newest version of one report, whatever its state."""
    rows = Report.every_kind.filter(project=project.pk, kind=kind, period=period)
    return rows.order_by("-version").first()


def refuse_month(period: Period, form: ReportForm) -> None:
    """Raises ValidationError for a month that has not begun, or after the form has run out."""
    if period > Period.of(today()):
        raise ValidationError(_("%s还没有开始，不能填报。") % period.label)
    if form.expires is not None and period.first_day > form.expires:
        raise ValidationError(_("这张表填到 %s 为止，之后不再填报。") % form.expires.isoformat())


def locked_words(report: Report) -> str:
    """Why a report cannot be written over, and what to do."""
    if report.kind != MONTHLY:
        if report.done:
            return _("这份报告%s，不能直接改；要改请发起更正，写明理由。") % report.state_words
        return _("这份报告%s，不能再改；要改请撤回，或请办理人退回。") % report.state_words
    if report.state == Report.State.ACCEPTED:
        return _("这份月报已采用，不能直接改；要改请发起更正，写明理由。")
    return _("这份月报%s，不能再改；要改请撤回，或请办理人退回。") % report.get_state_display()


def _columns(
    project: Project, period: Period, values: Mapping[str, Value | None], form: ReportForm
) -> dict[str, Any]:
    """The columns of the table that the values fill; a field that the form does not ask for is not taken."""
    found = typed_columns(values, form)
    base = last_ytd(handed_in_before([project.pk], period).get(project.pk, {}), period)
    month = found.get("invested_month")
    read: dict[str, str] = {} if month is None else {"invested_month": ""}
    if base is None:
        found["invested_ytd"] = values.get("invested_ytd")
        if found["invested_ytd"] is not None:
            read["invested_ytd"] = ""
    else:
        found["invested_ytd"] = cumulative(base, month, january=period.month == 1)
    return {**found, "columns": canonical(read)}


def typed_columns(values: Mapping[str, Value | None], form: ReportForm) -> dict[str, Any]:
    """The columns that the typed fields of a form fill, as they were typed."""
    found: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for one in form.typed:
        value = values.get(one.id)
        if one.kept:
            found[one.kept] = _empty(one) if value is None else value
        elif value is not None:
            own[one.id] = stored(one, value)
    return {**found, "own": canonical(own)}


def _empty(one: FormField) -> str | None:
    return "" if one.kind in ("text", "choice") else None


def _who(actor: Account | None) -> str:
    return actor.username if actor else _("系统")


def begin(
    project: Project,
    kind: str,
    period: str,
    before: Report | None,
    columns: Mapping[str, Any],
    actor: Account | None,
) -> Report:
    """Begin the next version of a report as a draft. One entry. Raises EditedMeanwhile where another was first."""
    version = before.version + 1 if before else 1
    entry = append(
        actor=actor,
        action="report.begun",
        subject_kind="report",
        subject_id=f"{project.code} {period if kind == MONTHLY else f'{kind} {period}'}",
        after={"version": version},
    )
    try:
        with transaction.atomic():
            begun = Report.every_kind.create(
                project=project,
                kind=kind,
                period=period,
                version=version,
                supersedes=before,
                state=Report.State.DRAFT,
                known_from=today(),
                name=project.name,
                county=project.county,
                reason=before.reason if before else "",
                entered_by=entry.actor,
                entry=entry,
                **columns,
            )
            if before:
                carry_attachments(before, begun, entry)
            return begun
    except IntegrityError as error:
        raise EditedMeanwhile(newest_of(project, kind, period)) from error


def doubts_of(report: Report, scheme: Scheme, attached: Sequence[Attachment] | None = None) -> list[Doubt]:
    """What the checks question in a version and in what is attached to it, with the reporter's reasons; they know months
    alone. Six queries."""
    if report.kind != MONTHLY:
        return []
    period = Period.parse(report.period)
    before = handed_in_before([report.project_id], period).get(report.project_id, {})
    ledger = ledger_of([report.project], today(), period.year).get(report.project_id)
    attached = attachments_of([report]) if attached is None else attached
    reused = reused_photos(report, attached, scheme.text.form.attachments)
    return doubts_about(report, ledger, list(before.values()), report.project.code, scheme, reused)


@transaction.atomic
def hand_in(report: Report, *, actor: Account | None, edition: int, scheme: Scheme) -> None:
    """Hand a draft to the signer of the unit; where the scheme asks for no more than this, it counts as handed in.
    What the checks question is kept as questions, with the reporter's reasons. One entry. Raises ValidationError with every missing field and every question that is neither mended nor
    explained, EditedMeanwhile when the draft is not the one that was seen.
    """
    require(actor, Verb.HAND_IN, report.project)
    refuse(report, scheme)
    if report.state != Report.State.DRAFT:
        raise ValidationError(locked_words(report))
    # Nothing is attached or taken off while it is handed in.
    Report.every_kind.select_for_update().get(pk=report.pk)
    attached = attachments_of([report])
    faults = [_("“%s”必须填写。") % name for name in missing(report, scheme)]
    if report.kind == MONTHLY:
        faults += photos_missing(attached, scheme)
    doubts = doubts_of(report, scheme, attached)
    faults += [
        _("%s 请改正，或写明属实的理由。") % doubt.finding.message for doubt in doubts if not doubt.settled
    ]
    if faults:
        raise ValidationError(faults)
    entry = append(
        actor=actor,
        action="report.handed_in",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        after={
            "version": report.version,
            "digest": digest(canonical(content(report))),
            "reasons": sorted(json.loads(report.reasons).values()),
            **({"files": sorted(one.digest for one in attached)} if attached else {}),
        },
        reason=report.reason,
    )
    _move(report, edition, Report.State.DRAFT, Report.State.SUBMITTED)
    if report.done:
        Report.every_kind.filter(pk=report.pk).update(**came_in(report))
        report.refresh_from_db()
    keep_round(report, Round.Step.HAND_IN, Round.Conclusion.PASSED, "", actor, entry)
    _put(report, doubts, entry)


def photos_missing(attached: Sequence[Attachment], scheme: Scheme) -> list[str]:
    """That fewer photographs are attached than the scheme asks for; nothing where it asks for none."""
    least = scheme.text.form.attachments.photos_least
    there = sum(one.kind == Attachment.Kind.PHOTO for one in attached)
    return [_("至少附 %(least)d 张照片，现在有 %(there)d 张。") % {"least": least, "there": there}] * (
        there < least
    )


def refuse(report: Report, scheme: Scheme) -> None:
    """Raises ValidationError where the scheme does not ask for the report (any more, or yet)."""
    if report.kind == MONTHLY:
        refuse_month(Period.parse(report.period), scheme.form)
        return
    kind = scheme.kind(report.kind)
    if kind is None:
        raise ValidationError(_("现行方案里没有这种报告，不再填报。"))
    refuse_term(kind, report.period)


def refuse_term(kind: Kind, key: str) -> None:
    """Raises ValidationError for a term that has not begun, or after the form has run out."""
    day = today()
    if not kind.at_once:
        term = kind.term(key)
        if term is None:
            raise ValidationError(_("“%s”没有这一期。") % kind.name)
        if term.opens > day:
            raise ValidationError(_("%s还没有开始，不能填报。") % kind.words(term))
        day = term.begins
    if kind.form.expires is not None and day > kind.form.expires:
        raise ValidationError(_("这张表填到 %s 为止，之后不再填报。") % kind.form.expires.isoformat())


def came_in(report: Report) -> dict[str, Any]:
    """The columns that say when a report came in: a version after a returned one keeps the day of the first."""
    first = (
        Report.every_kind.filter(
            project=report.project_id, kind=report.kind, period=report.period, handed_in__isnull=False
        )
        .order_by("version")
        .values("handed_in", "came_at")
        .first()
    )
    fresh = {"known_from": today(), "handed_in": today(), "came_at": now()}
    return fresh if first is None else fresh | {**first, "came_at": first["came_at"] or fresh["came_at"]}


def _put(report: Report, doubts: Sequence[Doubt], entry: Entry) -> None:
    """The doubts as open questions with the reporter's reasons; questions that the report mends are settled."""
    if report.kind != MONTHLY:
        return
    ids = {report.project.code: report.project_id}
    known = {row.digest: row for row in Question.objects.filter(digest__in=[doubt.key for doubt in doubts])}
    for doubt in doubts:
        row = known.get(doubt.key) or question_of(doubt.finding, doubt.key, ids, entry)
        if row.pk is None or row.status == Question.Status.CORRECTED:
            row.status, row.answer, row.settled_on = Question.Status.OPEN, doubt.reason, None
            row.save()
        elif row.status == Question.Status.OPEN:
            row.answer = doubt.reason
            row.save(update_fields=["answer"])
    Question.objects.filter(
        project=report.project_id, period=report.period, file="", status=Question.Status.OPEN
    ).exclude(digest__in=[doubt.key for doubt in doubts]).update(
        status=Question.Status.CORRECTED, answer=_("已由更正后的月报取代。"), settled_on=today()
    )


def _move(report: Report, edition: int, before: Report.State, after: Report.State) -> None:
    """Change the state, if the version is still the one that was seen. Raises EditedMeanwhile."""
    changed = Report.every_kind.filter(pk=report.pk, state=before, edition=edition).update(
        state=after, edition=edition + 1
    )
    if not changed:
        report.refresh_from_db()
        raise EditedMeanwhile(report)
    report.state, report.edition = after, edition + 1


@transaction.atomic
def withdraw(report: Report, *, actor: Account | None) -> None:
    """Take a report back before the unit has signed it; it is a draft again. One entry. Raises ValidationError later."""
    require(actor, Verb.HAND_IN, report.project)
    if report.state != Report.State.SUBMITTED or report.done:
        raise ValidationError(locked_words(report))
    entry = append(
        actor=actor,
        action="report.withdrawn",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        after={"version": report.version},
    )
    _move(report, report.edition, Report.State.SUBMITTED, Report.State.DRAFT)
    keep_round(report, Round.Step.HAND_IN, Round.Conclusion.WITHDRAWN, "", actor, entry)


@transaction.atomic
def begin_correction(report: Report, *, actor: Account | None, reason: str, form: ReportForm) -> Report:
    """Begin a new version of a report that has come all the way, with the reason; the old one stays and counts until the
    new one is checked. One entry. Raises ValidationError without a reason or when the report is still on its way.
    """
    require(actor, Verb.HAND_IN, report.project)
    if report.kind == MONTHLY:
        refuse_month(Period.parse(report.period), form)
    newest = newest_of(report.project, report.kind, report.period)
    if newest is None or newest.pk != report.pk or not report.done:
        raise ValidationError(
            _("只有已采用的最新一版可以更正。")
            if report.kind == MONTHLY
            else _("只有已办结的最新一版可以更正。")
        )
    if not reason.strip():
        raise ValidationError(_("请写明更正的理由。"))
    entry = append(
        actor=actor,
        action="report.correction_begun",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        after={"version": report.version + 1},
        reason=reason,
    )
    columns = {name: value for name, value in content(report).items() if name != "extra"}
    columns |= {"physical": report.physical, "blank": False}
    begun = Report.every_kind.create(
        project=report.project,
        kind=report.kind,
        period=report.period,
        ends=report.ends,
        version=report.version + 1,
        supersedes=report,
        state=Report.State.DRAFT,
        known_from=today(),
        columns=canonical(dict.fromkeys(json.loads(report.columns), "")),
        extra=report.extra,
        reason=reason.strip()[:LONGEST_REASON],
        edited_by=_who(actor),
        edited_at=now(),
        entered_by=entry.actor,
        entry=entry,
        **columns,
    )
    carry_attachments(report, begun, entry)
    return begun


def keep_round(
    report: Report,
    step: Round.Step,
    conclusion: Round.Conclusion,
    opinion: str,
    actor: Account | None,
    entry: Entry,
) -> None:
    """Keep one step of a version on its way."""
    Round.objects.create(
        report=report,
        step=step,
        conclusion=conclusion,
        opinion=opinion.strip(),
        account=actor,
        person=actor.person.name if actor else _("系统"),
        post="、".join(post_titles(actor, today()))[:200] if actor else "",
        time=now(),
        entry=entry,
    )
