"""Part of reporting's actions: a report on its way – signed by its unit, checked, accepted, or returned.

| state     | who moves it on                         | becomes   |
|-----------|-----------------------------------------|-----------|
| submitted | the unit's signer signs                 | signed    |
| signed    | county, lead department or office check | checked   |
| checked   | the office accepts                      | accepted  |

Whoever may move it on may return it instead, with a reason. Nobody checks or accepts what he filled in or signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.reporting.form import MONTHLY
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import today
from guatu.server.record.actions import append
from guatu.server.record.chain import canonical, digest
from guatu.server.reporting.actions import content
from guatu.server.reporting.filling import came_in, keep_round
from guatu.server.reporting.models import Question, Report, Round

State, Step = Report.State, Round.Step


@dataclass(frozen=True, slots=True)
class Way:
    """One step: from which state to which, by which right; `back` is the right to return it instead."""

    step: Round.Step
    before: Report.State
    after: Report.State
    verb: Verb
    back: Verb
    action: str


SIGN: Final = Way(Step.SIGN, State.SUBMITTED, State.SIGNED, Verb.SIGN, Verb.SIGN, "reports.signed")
CHECK: Final = Way(Step.CHECK, State.SIGNED, State.CHECKED, Verb.CHECK, Verb.RETURN, "reports.checked")
ACCEPT: Final = Way(Step.ACCEPT, State.CHECKED, State.ACCEPTED, Verb.ACCEPT, Verb.ACCEPT, "reports.accepted")
WAYS: Final = (SIGN, CHECK, ACCEPT)
FROM: Final[Mapping[str, Way]] = {str(way.before): way for way in WAYS}
"""The step that follows a state."""


def way_of(report: Report) -> Way | None:
    """The step that a version is waiting for; None for a draft, a returned one, or one that has come all the way."""
    return None if report.done else FROM.get(report.state)


@transaction.atomic
def sign(reports: Sequence[Report], *, actor: Account | None, opinion: str = "") -> None:
    """Sign reports for the unit: they are handed in with this day. One entry for all of them.

    A version that comes after a returned one keeps the day on which the unit first signed. All or nothing: raises
    ValidationError for one that is not waiting for a signature, PermissionDenied or Http404 without the right.
    """
    _pass(SIGN, reports, actor, opinion)


@transaction.atomic
def check(reports: Sequence[Report], *, actor: Account | None, opinion: str = "") -> None:
    """Pass signed reports as checked, on the same terms as `sign`."""
    _pass(CHECK, reports, actor, opinion)


@transaction.atomic
def accept(reports: Sequence[Report], *, actor: Account | None, opinion: str = "") -> None:
    """Accept checked reports: they are locked, and what the unit explained counts as confirmed. As `sign`."""
    _pass(ACCEPT, reports, actor, opinion)
    for report in (one for one in reports if one.kind == MONTHLY):
        asked = Question.objects.filter(
            project=report.project_id, period=report.period, status=Question.Status.OPEN
        )
        asked.filter(file="").exclude(answer="").update(status=Question.Status.CONFIRMED, settled_on=today())
        if report.reason:
            asked.exclude(file="").update(
                status=Question.Status.CORRECTED, answer=_("已由更正后的月报取代。"), settled_on=today()
            )


def _pass(way: Way, reports: Sequence[Report], actor: Account | None, opinion: str) -> None:
    if not reports:
        raise ValidationError(_("没有选中月报。"))
    for report in reports:
        require(actor, way.verb, report.project)
        _refuse(way, report, actor)
    entry = append(
        actor=actor,
        action=way.action,
        subject_kind="reports",
        subject_id="、".join(sorted({report.about for report in reports}))[:80],
        after={
            "reports": [
                [report.project.code, report.about, report.version, digest(canonical(content(report)))]
                for report in reports
            ]
        },
        reason=opinion.strip(),
    )
    for report in reports:
        _set(way, report)
        keep_round(report, way.step, Round.Conclusion.PASSED, opinion, actor, entry)


def _refuse(way: Way, report: Report, actor: Account | None) -> None:
    """Raises ValidationError where the version does not wait for this step, or the actor has handed it on himself."""
    if way_of(report) is not way:
        raise ValidationError(_not_waiting(report))
    if way is SIGN or actor is None:
        return
    earlier = report.rounds.filter(step__in=(Step.HAND_IN, Step.SIGN), account=actor)
    if report.edited_by == actor.username or earlier.exists():
        raise ValidationError(_("“%s”是您填报或签发的，要由另一个人审核。") % report.project.name)


def _not_waiting(report: Report) -> str:
    if report.kind != MONTHLY:
        return _("“%(name)s”的这份报告现在是“%(state)s”，不能办这一步；请刷新后再看。") % {
            "name": report.project.name,
            "state": report.state_words,
        }
    return _("“%(name)s”%(month)s的月报现在是“%(state)s”，不能办这一步；请刷新后再看。") % {
        "name": report.project.name,
        "month": report.period,
        "state": report.get_state_display(),
    }


def _set(way: Way, report: Report) -> None:
    """Move a version on, if nobody else has done so. Raises ValidationError."""
    dates: dict[str, Any] = {f"{way.after}_on": today()}
    if way is SIGN:
        dates |= came_in(report)
    changed = Report.every_kind.filter(pk=report.pk, state=way.before, edition=report.edition).update(
        state=way.after, edition=report.edition + 1, **dates
    )
    report.refresh_from_db()
    if not changed:
        raise ValidationError(_not_waiting(report))


@transaction.atomic
def send_back(report: Report, *, actor: Account | None, opinion: str) -> None:
    """Return a report to its reporter with a reason; the version stays as it was, the next one takes its place.

    One entry. Raises ValidationError without a reason, or when the version waits for nobody.
    """
    way = way_of(report)
    if way is None:
        raise ValidationError(_not_waiting(report))
    require(actor, way.back, report.project)
    if not opinion.strip():
        raise ValidationError(_("请写明退回的理由，填报人照此改正。"))
    entry = append(
        actor=actor,
        action="report.returned",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        after={"version": report.version, "returned_as": report.state},
        reason=opinion.strip(),
    )
    changed = Report.every_kind.filter(pk=report.pk, state=way.before, edition=report.edition).update(
        state=State.RETURNED, edition=report.edition + 1, returned_on=today()
    )
    if not changed:
        report.refresh_from_db()
        raise ValidationError(_not_waiting(report))
    report.refresh_from_db()
    keep_round(report, way.step, Round.Conclusion.RETURNED, opinion, actor, entry)
