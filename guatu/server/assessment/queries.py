"""Reading judged months: the latest of a month counts, the earlier ones stay readable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import get_language

from guatu.assessment.terms import Term
from guatu.findings import Finding, Severity
from guatu.judge import judge_month
from guatu.judge.inputs import Inputs
from guatu.judge.workings import Node, Worker
from guatu.schemes.load import Scheme
from guatu.server.accounts.rights import User, Verb, mandates, may, sees_everything, visible_projects
from guatu.server.assessment.models import EntityStanding, JudgedMonth, ProjectStanding
from guatu.server.facts import facts_known_on
from guatu.server.given.queries import given_on
from guatu.server.known import Known, entered_by
from guatu.server.schemes.in_force import scheme_in_force
from guatu.values import Period

DEFERRED = ("findings", "assessments", "entity_lights")
"""What of a judged month is read only when it is asked for."""
Json = dict[str, Any]


def latest_judged(period: str, known: Known | None = None) -> JudgedMonth | None:
    """The judgement of a month (YYYY-MM) that counts: the latest (that there was at `known`); None where it was
    never judged.

    Its findings, assessments and lights of entities, megabytes in a large city, are read when they are asked for.
    """
    return (
        JudgedMonth.objects.filter(entered_by(known), period=period).defer(*DEFERRED).order_by("-id").first()
    )


def judged_periods(known: Known | None = None) -> list[str]:
    """The months that were judged (by then), the latest first."""
    return list(
        JudgedMonth.objects.filter(entered_by(known))
        .order_by("-period")
        .values_list("period", flat=True)
        .distinct()
    )


def standings(judged: JudgedMonth, user: User) -> QuerySet[ProjectStanding]:
    """Where the projects that `user` may see stand in a judged month, with their rows, in ledger order."""
    return (
        judged.standings.filter(project__in=visible_projects(user))
        .select_related("project")
        .order_by("project__position", "project__code")
    )


def places(judged: JudgedMonth, ranking: str | None = None) -> list[dict[str, Any]]:
    """The entries of `ranking.json` (of one ranking), in the order of the places."""
    rows: QuerySet[EntityStanding] = judged.places.order_by("ranking", "position")
    if ranking is not None:
        rows = rows.filter(ranking=ranking)
    return [json.loads(body) for body in rows.values_list("body", flat=True)]


def summary_for(judged: JudgedMonth, user: User) -> dict[str, Any]:
    """`summary.json` as `user` may see it: the stored one for those who see everything, else the same
    figures over the user's own projects, computed from the facts and kept in the cache.

    A month judged by another edition of the scheme than the one in use is summed up by the one in use.
    """
    if sees_everything(user):
        whole: dict[str, Any] = json.loads(judged.summary)
        return whole
    own = ",".join(sorted(f"{m.role}:{m.organisation_id}:{m.region_path}" for m in mandates(user)))
    key = f"summary:{judged.pk}:{hashlib.sha256(own.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: _own_summary(judged, user), timeout=3600) or {}


def _own_summary(judged: JudgedMonth, user: User) -> dict[str, Any]:
    period = Period.parse(judged.period)
    seen = dict(visible_projects(user).values_list("code", "id"))
    scheme = scheme_in_force()
    facts = facts_known_on(
        judged.as_of, period.year, set(seen.values()), counts=scheme.counts, entered=judged.entry_id
    )
    findings = [finding for finding in _findings(judged) if finding.project in seen]
    scheme = scheme_in_force()
    month = judge_month(
        scheme,
        facts.projects,
        facts.reports,
        findings,
        period=period,
        as_of=judged.as_of,
        facts=[
            row
            for row in given_on(judged.as_of, period.year, scheme, entered=judged.entry_id)
            if row.entity in seen
        ],
    ).month
    return {**month.summary, "contradictions": []}


@dataclass(frozen=True, slots=True)
class JudgedFiles:
    """A judged month as the files of docs/reference/json.md, without what `user` may not see."""

    head: dict[str, Any]
    summary: dict[str, Any]
    lights: list[dict[str, Any]]
    rankings: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    assessments: list[dict[str, Any]]
    entity_lights: list[dict[str, Any]]


def judged_files(judged: JudgedMonth, user: User) -> JudgedFiles:
    """The judged month in the JSON contract: lights and findings of the projects that `user` may see, scores
    for those who see everything."""
    judged.refresh_from_db(fields=DEFERRED)  # one query for all of them
    seen = set(visible_projects(user).values_list("code", flat=True))
    lights = [
        light
        for text in judged.standings.order_by("project__position", "project__code").values_list(
            "lights", flat=True
        )
        for light in json.loads(text)
        if light["project"] in seen
    ]
    findings = [entry for entry in json.loads(judged.findings) if entry["project"] in seen]
    return JudgedFiles(
        head=json.loads(judged.head),
        summary=json.loads(judged.summary),
        lights=lights,
        rankings=places(judged),
        findings=findings,
        assessments=scores(judged, user),
        entity_lights=json.loads(judged.entity_lights),
    )


def scores(judged: JudgedMonth, user: User) -> list[Json]:
    """The entries of `assessment.json` of a judged month; none for those who do not see everything.

    A score is a proposal of the program until the office publishes it.
    """
    return list(json.loads(judged.assessments)) if may(user, Verb.SEE_SCORES) else []


def may_take_bundle(judged: JudgedMonth | None, user: User) -> bool:
    """Whether there is a bundle of the month that `user` may take away: it holds every project's figures."""
    return bool(judged and judged.bundle_digest) and sees_everything(user) and may(user, Verb.EXPORT)


def bundle_content(judged: JudgedMonth, user: User) -> bytes | None:
    """The bundle of a judged month, byte for byte as it was written; None where `user` may not take it, or
    the month was judged before bundles were kept."""
    if not may_take_bundle(judged, user):
        return None
    return bytes(judged.bundle.content)


def score_before(entry: Mapping[str, Any], user: User, known: Known | None = None) -> Json | None:
    """The entry of the same entity and sheet in the term before; None where that term was not judged (by then)."""
    term = Term.parse(entry["term"])
    before = Term.of_order(term.kind, term.order - 1)
    judged = latest_judged(str(before.last_month), known)
    return score_of(scores(judged, user), entry["sheet"], entry["entity"], str(before)) if judged else None


def score_of(entries: Sequence[Json], sheet: str, entity: str, term: str | None = None) -> Json | None:
    """The entry of an entity on a sheet: in `term`, else in the shortest one."""
    for entry in entries:
        if (entry["sheet"], entry["entity"]) == (sheet, entity) and term in (None, entry["term"]):
            return entry
    return None


def workings_of(judged: JudgedMonth, entry: Mapping[str, Any]) -> Node | None:
    """How a score of a judged month comes about, worked out anew from the facts of its day by the scheme in use.

    None where that scheme has no such sheet or the facts no such entity. The month is judged once more: half a
    second for 217 projects; what came out is kept for an hour.
    """
    scheme = scheme_in_force()
    name = f"{entry['sheet']}:{entry['entity']}:{entry['term']}:{get_language()}"
    key = f"workings:{judged.pk}:{scheme.digest}:{hashlib.sha256(name.encode()).hexdigest()}"
    found: Node | None = cache.get(key)
    if found is None:
        found = _worked_out(judged, scheme, entry)
        cache.set(key, found, timeout=3600)
    return found


def _worked_out(judged: JudgedMonth, scheme: Scheme, entry: Mapping[str, Any]) -> Node | None:
    period, term = Period.parse(judged.period), Term.parse(entry["term"])
    facts = facts_known_on(judged.as_of, period.year, counts=scheme.counts, entered=judged.entry_id)
    given = judge_month(
        scheme, facts.projects, facts.reports, _findings(judged), period=period, as_of=judged.as_of,
        facts=given_on(judged.as_of, period.year, scheme, entered=judged.entry_id),
    ).given  # fmt: skip
    for result in given.assessor.assess():
        if (result.sheet.id, result.kind) == (entry["sheet"], term.kind):
            return Worker(given.assessor, result.sheet, result.kind, result.table).work_out(
                entry["entity"], term.order
            )
    return None


def inputs_of(judged: JudgedMonth, scheme: Scheme) -> Inputs:
    """Everything that a judged month was judged from, read anew: what was known on its day, and of what was handed
    in beside the reports what `scheme` asks for."""
    period = Period.parse(judged.period)
    facts = facts_known_on(judged.as_of, period.year)
    return Inputs(
        period=period,
        projects=facts.projects,
        reports=facts.reports,
        findings=_findings(judged),
        facts=given_on(judged.as_of, period.year, scheme),
        as_of=judged.as_of,
    )


def _findings(judged: JudgedMonth) -> list[Finding]:
    """The findings of a judged month as the rules take them."""
    return [
        Finding(**{**entry, "severity": Severity(entry["severity"]), "cells": tuple(entry["cells"])})
        for entry in json.loads(judged.findings)
    ]
