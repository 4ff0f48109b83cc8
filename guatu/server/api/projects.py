"""The ledger and a project, with the filters of the page of the ledger."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Query, Router

from guatu.judge.figures import wan
from guatu.portfolio.project import BUILDING
from guatu.server.accounts.rights import Verb, may
from guatu.server.api.people import account_of
from guatu.server.api.shapes import EntriesOfProject, ProjectPage, ProjectWhole, Refusal
from guatu.server.assessment.models import ProjectStanding
from guatu.server.assessment.period import chosen_month
from guatu.server.clock import today
from guatu.server.portfolio.ledger_page import asked_in, seen_by
from guatu.server.portfolio.ledger_queries import PAGE_SIZE, Row, page_rows, sums_by_stage, sums_of
from guatu.server.portfolio.project_facts import answers
from guatu.server.portfolio.queries import facts_on, project_or_404
from guatu.server.record.queries import entries_about, page_of
from guatu.server.record.words import Beside, action_words, changes_of, personal_words

projects = Router(tags=["项目"])


@projects.get(
    "/projects",
    response={200: ProjectPage, 401: Refusal, 404: Refusal, 422: Refusal},
    url_name="api-projects",
    summary="项目台账",
    description=(
        "与台账页同样的筛选，写在地址里：q、stage（all 为全部）、category、size、county、level、leader、department、"
        "light、silent=1、late=1、questioned=1、started=no、sort、page、period。写错的条件被拒绝，不会被略过。"
    ),
    openapi_extra={
        "parameters": [
            {"in": "query", "name": name, "schema": {"type": "string"}, "required": False}
            for name in ("q", "stage", "category", "size", "county", "level", "leader", "department", "light",
                         "silent", "late", "questioned", "started", "sort", "page", "period")
        ]
    },
)  # fmt: skip
def ledger(request: HttpRequest) -> dict[str, Any]:
    judged = chosen_month(request)
    seen = seen_by(account_of(request), judged)
    asked = asked_in(request.GET, seen)
    if asked.errors:
        raise ValidationError(list(asked.errors.values()))
    wanted = asked.filter
    sums = sums_of(sums_by_stage(seen, wanted), wanted.stages)
    pages = max(1, -(-sums.projects // PAGE_SIZE))
    found = page_rows(seen, wanted, wanted.page, sums) if wanted.page <= pages and sums.projects else []
    return {
        "period": judged.period if judged else None,
        "count": sums.projects,
        "page": wanted.page,
        "pages": pages,
        "projects": [_row(row) for row in found],
    }


def _row(row: Row) -> dict[str, Any]:
    money = ("total", "planned", "planned_ytd", "invested_ytd")
    told = {name: wan(value) if name in money else value for name, value in row._asdict().items()}
    return {**told, "lead_department": row.department or ""}


@projects.get(
    "/projects/{code}",
    response={200: ProjectWhole, 401: Refusal, 404: Refusal},
    url_name="api-project",
    summary="一个项目",
)
def project(request: HttpRequest, code: str) -> dict[str, Any]:
    user = account_of(request)
    found, day = project_or_404(user, code), today()
    phone = may(user, Verb.SEE_PHONE, found)
    judged = chosen_month(request)
    standing = (
        ProjectStanding.objects.filter(judged_month=judged, project=found).first()
        if judged and found.stage in {str(stage) for stage in BUILDING}
        else None
    )
    now, _formerly = answers(list(found.responsibilities.select_related("person")), day, phone=phone)
    return {
        "code": found.code,
        "name": found.name,
        "facts": [
            {"field": name, "value": fact.value, "valid_from": fact.valid_from, "file": fact.file}
            for name, fact in sorted(facts_on(day, [found.pk]).get(found.pk, {}).items())
            if name != "phone" or phone
        ],
        "answering": [
            {"duty": one.duty, "stated": one.stated, "phone": one.phone, "since": one.since} for one in now
        ],
        "lights": json.loads(standing.lights) if standing else [],
    }


@projects.get(
    "/projects/{code}/record",
    response={200: EntriesOfProject, 401: Refusal, 404: Refusal, 422: Refusal},
    url_name="api-project-record",
    summary="一个项目的留痕",
)
def record(
    request: HttpRequest, code: str, after: Annotated[str, Query(max_length=60)] = ""
) -> dict[str, Any]:
    user = account_of(request)
    found, rows = entries_about(user, code)
    shown = page_of(rows, after)
    beside = Beside(shown.beside, shown=may(user, Verb.SEE_PHONE, found))
    return {
        "entries": [
            {
                "sequence": one.sequence,
                "time": one.time,
                "name": shown.names.get(one.actor, "") or one.actor,
                "post": one.post,
                "action": action_words(one.action),
                "changes": [
                    {"what": change.what, "before": change.before, "after": change.after}
                    for change in changes_of(one, beside)
                ],
                "reason": personal_words(one.reason, one.sequence, beside),
                "hash": one.hash,
            }
            for one in shown.entries
        ],
        "next": shown.after,
    }
