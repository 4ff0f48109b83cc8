"""评分与数据: the facts that the scheme asks for beside the reports, read and handed in."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.asked import Asked
from guatu.server.accounts.rights import may_give
from guatu.server.api.people import account_of
from guatu.server.api.shapes import AskedFact, FactsGiven, FactsOfTerm, Refusal
from guatu.server.given.actions import hand_in
from guatu.server.given.overview import seen_facts
from guatu.server.given.queries import latest_of, read_back, versions
from guatu.server.given.values import typed, unit_word, written
from guatu.server.schemes.queries import scheme_in_force

given = Router(tags=["评分与数据"])
SEEN: Final = {401: Refusal, 404: Refusal}


@given.get(
    "/facts", response={200: list[AskedFact], **SEEN}, url_name="api-facts", summary="方案要求报的数据"
)
def facts(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": name, "name": one.fact.name, "kind": one.fact.kind, "unit": unit_word(one.fact),
            "about": one.fact.entity, "supplier": one.supplier, "terms": list(one.kinds), "marked": one.marked,
            "may_give": may_give(account_of(request), one.supplier), "clause": one.clause,
        }
        for name, one in seen_facts(account_of(request), scheme_in_force()).items()
    ]  # fmt: skip


@given.get(
    "/facts/{fact}/{term}", response={200: FactsOfTerm, **SEEN}, url_name="api-fact", summary="一项数据的一期"
)
def fact_of_term(request: HttpRequest, fact: str, term: str) -> dict[str, Any]:
    asked, of = _asked(request, fact, term)
    return _told(asked, of)


@given.put(
    "/facts/{fact}/{term}",
    response={200: FactsOfTerm, **SEEN, 403: Refusal, 422: Refusal},
    url_name="api-fact-give",
    summary="报数据",
    description="values 写要报的对象和数，没有写的不动；更正已报的数要写 reason。全部存下，或有一个不对就都不存。打分不能这样报。",
)
def give(request: HttpRequest, fact: str, term: str, sent: FactsGiven) -> dict[str, Any]:
    asked, of = _asked(request, fact, term)
    user = account_of(request)
    if not may_give(user, asked.supplier):
        raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
    rows, faults = [], []
    for entity, text in sent.values.items():
        value, fault = typed(text, asked.fact)
        if fault or value is None:
            faults.append(f"{entity[:60]}：{fault or _('没有写数。要撤回已报的数，请到页面上办。')}")
        else:
            rows.append(FactRow(entity, of, fact, value, source=sent.source, reason=sent.reason))
    if faults:
        raise ValidationError(faults)
    hand_in(rows, actor=user, scheme=scheme_in_force(), reason=sent.reason)
    return _told(asked, of)


def _asked(request: HttpRequest, fact: str, term: str) -> tuple[Asked, Term]:
    asked = seen_facts(account_of(request), scheme_in_force()).get(fact)
    if asked is None:
        raise Http404(_("没有这项数据。"))
    try:
        of = Term.parse(term)
    except ValueError as error:
        raise Http404(_("没有这个期别。")) from error
    if of.kind not in asked.kinds:
        raise Http404(_("没有这个期别。"))
    return asked, of


def _told(asked: Asked, term: Term) -> dict[str, Any]:
    standing = latest_of(versions([asked.fact.id], [str(term)]))
    return {
        "fact": asked.fact.id,
        "term": str(term),
        "due": asked.due(term),
        "values": [
            {
                "entity": row.entity,
                "value": written(read_back(row.value), asked.fact),
                "checked": written(read_back(row.checked), asked.fact),
                "source": row.source,
                "by": row.by,
                "version": row.version,
                "known_from": row.known_from,
                "reason": row.reason,
            }
            for row in standing.values()
            if row.value
        ],
    }
