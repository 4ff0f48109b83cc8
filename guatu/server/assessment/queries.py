"""Reading judged months: the latest of a month counts, the earlier ones stay readable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet

from guatu.findings import Finding, Severity
from guatu.judge import judge_month
from guatu.schemes.load import load_scheme
from guatu.server.accounts.rights import User, mandates, sees_everything, visible_projects
from guatu.server.assessment.models import EntityStanding, JudgedMonth, ProjectStanding
from guatu.server.facts import facts_known_on
from guatu.values import Period


def latest_judged(period: str) -> JudgedMonth | None:
    """The judgement of a month (YYYY-MM) that counts: the latest; None where it was never judged.

    Its findings, megabytes in a large city, are read when they are asked for.
    """
    return JudgedMonth.objects.filter(period=period).defer("findings").order_by("-id").first()


def judged_periods() -> list[str]:
    """The months that were judged, the latest first."""
    return list(JudgedMonth.objects.order_by("-period").values_list("period", flat=True).distinct())


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
    facts = facts_known_on(judged.as_of, period.year, set(seen.values()))
    findings = [
        finding
        for entry in json.loads(judged.findings)
        if entry["project"] in seen
        for finding in [
            Finding(**{**entry, "severity": Severity(entry["severity"]), "cells": tuple(entry["cells"])})
        ]
    ]
    month = judge_month(
        load_scheme(settings.GUATU_SCHEME),
        facts.projects,
        facts.reports,
        findings,
        period=period,
        as_of=judged.as_of,
    ).month
    return {**month.summary, "contradictions": []}


@dataclass(frozen=True, slots=True)
class JudgedFiles:
    """A judged month as the four files of docs/reference/json.md, without what `user` may not see."""

    head: dict[str, Any]
    summary: dict[str, Any]
    lights: list[dict[str, Any]]
    rankings: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def judged_files(judged: JudgedMonth, user: User) -> JudgedFiles:
    """The judged month in the JSON contract; lights and findings of the projects that `user` may see."""
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
    )
