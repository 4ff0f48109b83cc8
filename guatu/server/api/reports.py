"""The reports of a month: the form, where each stands, a draft saved, and every step on the way."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from guatu.judge.figures import wan
from guatu.reporting.form import ReportForm
from guatu.reporting.typed import typed_text
from guatu.server.accounts.rights import Verb, may, require
from guatu.server.api.people import account_of
from guatu.server.api.shapes import (
    AskedField,
    DraftGiven,
    MonthOfReports,
    Refusal,
    ReportWhole,
    Step,
    StepGiven,
)
from guatu.server.clock import CHINA
from guatu.server.dashboards.todo import forget
from guatu.server.portfolio.queries import project_or_404
from guatu.server.reporting import filling, rounds
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.form_page import Page, page_of, rounds_of
from guatu.server.reporting.forms import FIELD, read_typed
from guatu.server.reporting.kind_filling import save_kind
from guatu.server.reporting.kind_form import KindPage, read_happened
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import NONE, period_of, seen_state, states_of
from guatu.server.reporting.queries import values_of
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

reports = Router(tags=["月报"])
PASS: Final = {"sign": rounds.sign, "check": rounds.check, "accept": rounds.accept}
RIGHT: Final = {
    "hand_in": Verb.HAND_IN,
    "withdraw": Verb.HAND_IN,
    "correct": Verb.HAND_IN,
    "sign": Verb.SIGN,
    "check": Verb.CHECK,
    "accept": Verb.ACCEPT,
}
"""The right to each step; that to return a report hangs on where it stands."""
SEEN: Final = {401: Refusal, 404: Refusal}
DONE: Final = {**SEEN, 403: Refusal, 409: Refusal, 422: Refusal}


@reports.get(
    "/form",
    response={200: list[AskedField], 401: Refusal, 404: Refusal},
    url_name="api-form",
    summary="月报的栏目",
)
def form(request: HttpRequest) -> list[dict[str, Any]]:
    return fields_of(scheme_in_force().form)


@reports.get(
    "/reports/{month}", response={200: MonthOfReports, **SEEN}, url_name="api-reports", summary="一个月的月报"
)
def month_of_reports(request: HttpRequest, month: str) -> dict[str, Any]:
    user, period = account_of(request), _period(month)
    due = scheme_in_force().due(period)
    fills_in = may(user, Verb.HAND_IN)
    projects, latest = states_of(user, period)
    found = []
    for project in projects:
        report = latest.get(project.pk)
        state = seen_state(report, fills_in=fills_in)
        shown = report if report is not None and state != NONE else None
        found.append(
            {
                "project": project.code,
                "name": project.name,
                "state": state,
                "version": shown.version if shown else 0,
                "handed_in": shown.handed_in if shown else None,
                "invested_month": wan(shown.invested_month) if shown else None,
                "invested_ytd": wan(shown.invested_ytd) if shown else None,
            }
        )
    return {"period": str(period), "due": None if due == date.max else due, "reports": found}


@reports.get(
    "/reports/{month}/{code}", response={200: ReportWhole, **SEEN}, url_name="api-report", summary="一份月报"
)
def report(request: HttpRequest, month: str, code: str) -> dict[str, Any]:
    return told(_page(request, month, code))


@reports.put(
    "/reports/{month}/{code}",
    response={200: ReportWhole, **DONE},
    url_name="api-report-save",
    summary="存草稿",
    description="values 要写全这张表的每一栏，没有写的栏为空；edition 写取回时的数，别人改过就答 409。",
)
def save(request: HttpRequest, month: str, code: str, given: DraftGiven) -> dict[str, Any]:
    return saved(_page(request, month, code), given)


@reports.post(
    "/reports/{month}/{code}/{step}",
    response={200: ReportWhole, **DONE},
    url_name="api-report-step",
    summary="办一步：提交、撤回、签发、审核、采用、退回、更正",
)
def step(request: HttpRequest, month: str, code: str, step: Step, given: StepGiven) -> dict[str, Any]:
    return done(_page(request, month, code), step, given)


def _period(month: str) -> Period:
    period = period_of(month)
    if period is None:
        raise Http404(_("没有这个月份，或它还没有开始。"))
    return period


def _page(request: HttpRequest, month: str, code: str) -> Page:
    user = account_of(request)
    project = project_or_404(user, code)
    return page_of(user, project, _period(month), scheme_in_force())


# Of every kind of report


def fields_of(form: ReportForm) -> list[dict[str, Any]]:
    """The fields of a form, in order."""
    return [
        {
            "id": one.id, "name": one.name, "kind": one.kind, "unit": one.unit, "needed": one.required,
            "computed": one.computed, "choices": list(one.choices),
        }
        for one in form.fields
    ]  # fmt: skip


def saved(page: Page, given: DraftGiven) -> dict[str, Any]:
    """Save what was typed as the draft of the page's report. Raises ValidationError with every fault, and
    EditedMeanwhile."""
    require(page.user, Verb.HAND_IN, page.project)
    forget(page.user)
    unknown = given.values.keys() - {one.id for one in page.asked}
    typed = read_typed(page.asked, {FIELD + name: text for name, text in given.values.items()})
    faults = [_("没有名为“%s”的栏目，或它不由人填写。") % name[:40] for name in sorted(unknown)]
    faults += typed.faults.values()
    if faults:
        raise ValidationError(faults)
    if isinstance(page, KindPage):
        happened = read_happened(given.happened) if page.kind.at_once else None
        save_kind(
            page.project, page.kind, page.key, typed.values, actor=page.user, edition=given.edition, happened=happened
        )  # fmt: skip
    else:
        filling.save_draft(
            page.project, page.period, typed.values,
            actor=page.user, edition=given.edition, form=page.form, reasons=given.reasons,
        )  # fmt: skip
    return told(page.again())


def done(page: Page, step: Step, given: StepGiven) -> dict[str, Any]:
    """Do a step on the page's report, if it is still the edition that was seen."""
    found = page.report
    if step in RIGHT:
        require(page.user, RIGHT[step], page.project)
    if found is None:
        raise PermissionDenied(_("这份报告还没有填。"))
    if found.edition != given.edition:
        raise EditedMeanwhile(found)
    forget(page.user)
    match step:
        case "hand_in":
            filling.hand_in(found, actor=page.user, edition=given.edition, scheme=page.scheme)
        case "withdraw":
            filling.withdraw(found, actor=page.user)
        case "return":
            rounds.send_back(found, actor=page.user, opinion=given.opinion)
        case "correct":
            filling.begin_correction(found, actor=page.user, reason=given.opinion, form=page.form)
        case _:
            PASS[step]([found], actor=page.user, opinion=given.opinion)
    return told(page.again())


def told(page: Page) -> dict[str, Any]:
    """The report that the page shows, or what stands in a new one to begin with, as texts that can be typed again."""
    shown = page.report
    said = values_of(shown, page.form) if shown else page.begun()
    happened = shown.happened_at if shown else None
    return {
        "project": page.project.code,
        "period": page.key if isinstance(page, KindPage) else str(page.period),
        "version": shown.version if shown else None,
        "state": str(shown.state) if shown else NONE,
        "edition": shown.edition if shown and shown.state != Report.State.RETURNED else 0,
        "open": page.open,
        "happened": happened.astimezone(CHINA).isoformat(timespec="minutes") if happened else "",
        "values": {one.id: typed_text(one, said.get(one.id)) for one in page.form.fields},
        "doubts": [
            {
                "key": doubt.key,
                "field": doubt.finding.field or "",
                "message": doubt.finding.message,
                "reason": doubt.reason,
            }
            for doubt in page.doubts()
        ],
        "rounds": [
            {
                "version": version, "step": one.step, "conclusion": one.conclusion, "opinion": one.opinion,
                "person": one.person, "post": one.post, "time": one.time,
            }
            for version, one in rounds_of(page.versions)
        ],
    }  # fmt: skip
