"""Reports beside the month's: of a week, ten days, a quarter, or at once when something happens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from guatu.reporting.kinds import Kind
from guatu.server.accounts.rights import Verb, require
from guatu.server.api.people import account_of
from guatu.server.api.reports import DONE, SEEN, done, fields_of, saved, told
from guatu.server.api.shapes import DraftGiven, Refusal, ReportKind, ReportWhole, Step, StepGiven
from guatu.server.dashboards.todo import forget
from guatu.server.portfolio.queries import project_or_404
from guatu.server.reporting.kind_filling import begin_at_once
from guatu.server.reporting.kind_form import KindPage, kind_page_of, kind_page_or_404
from guatu.server.schemes.queries import scheme_in_force

kinds = Router(tags=["其他报告"])


@kinds.get(
    "/kinds", response={200: list[ReportKind], 401: Refusal, 404: Refusal}, url_name="api-kinds",
    summary="月报以外的报告",
)  # fmt: skip
def kinds_of_report(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "name": one.name, "every": one.rule.every, "at_once": one.at_once, "ends": one.ends,
            "fields": fields_of(one.form),
        }
        for one in scheme_in_force().kinds
    ]  # fmt: skip


@kinds.post(
    "/kinds/{kind}/begin/{code}",
    response={200: ReportWhole, **DONE},
    url_name="api-kind-begin",
    summary="发起即时报告",
)
def begin(request: HttpRequest, kind: str, code: str) -> dict[str, Any]:
    user, asked = account_of(request), _kind(kind)
    project = project_or_404(user, code)
    require(user, Verb.HAND_IN, project)
    forget(user)
    begun = begin_at_once(project, asked, actor=user)
    return told(kind_page_of(user, project, asked, begun.period, scheme_in_force()))


@kinds.get(
    "/kinds/{kind}/{term}/{code}",
    response={200: ReportWhole, **SEEN},
    url_name="api-kind-report",
    summary="一份报告",
    description="term 是这一期的第一天，例如 2023-10-09；即时报告是发起那天，当天第二件起加 .2、.3。",
)
def report(request: HttpRequest, kind: str, term: str, code: str) -> dict[str, Any]:
    return told(_page(request, kind, term, code))


@kinds.put(
    "/kinds/{kind}/{term}/{code}",
    response={200: ReportWhole, **DONE},
    url_name="api-kind-save",
    summary="存草稿",
)
def save(request: HttpRequest, kind: str, term: str, code: str, given: DraftGiven) -> dict[str, Any]:
    return saved(_page(request, kind, term, code), given)


@kinds.post(
    "/kinds/{kind}/{term}/{code}/{step}",
    response={200: ReportWhole, **DONE},
    url_name="api-kind-step",
    summary="办一步",
)
def step(
    request: HttpRequest, kind: str, term: str, code: str, step: Step, given: StepGiven
) -> dict[str, Any]:
    return done(_page(request, kind, term, code), step, given)


def _kind(id: str) -> Kind:
    kind = scheme_in_force().kind(id)
    if kind is None:
        raise Http404(_("现行方案里没有这种报告。"))
    return kind


def _page(request: HttpRequest, kind: str, term: str, code: str) -> KindPage:
    user = account_of(request)
    project = project_or_404(user, code)
    return kind_page_or_404(user, project, _kind(kind), term, scheme_in_force())
