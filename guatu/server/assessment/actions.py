"""Judging a month: facts out of the tables, through the rules, standings into the tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.findings import Finding
from guatu.judge import Judged
from guatu.judge.bundle import Bundle, bundle_of
from guatu.judge.inputs import Inputs
from guatu.portfolio.checks import check_projects
from guatu.reporting.checks import check_reports
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.assessment.models import EntityStanding, JudgedMonth, MonthBundle, ProjectStanding
from guatu.server.assessment.queries import latest_judged
from guatu.server.clock import now, today
from guatu.server.facts import Facts, facts_known_on
from guatu.server.given.actions import import_facts
from guatu.server.given.queries import given_on
from guatu.server.portfolio.current import bring_up_to_date
from guatu.server.portfolio.models import Project
from guatu.server.record.actions import append
from guatu.server.reporting.actions import finding_digest, put_questions
from guatu.server.reporting.quality import quality_points
from guatu.server.reporting.queries import findings_up_to, settled_digests
from guatu.server.schemes.in_force import scheme_in_force
from guatu.values import Period, percent

BATCH = 500
NO_LIGHT = "none"
"""The level of a project to which no light applies."""


def judge_month(
    period: Period,
    as_of: date,
    actor: Account | None,
    *,
    scheme: Scheme | None = None,
) -> JudgedMonth:
    """Judge `period` by the scheme (that of the settings) on what was known on `as_of`, and keep the result
    with the bundle from which anyone can compute it again. Reports of later months say nothing of it and stay out.

    An earlier judgement of the month is superseded, not replaced. What the checks question on the way is put
    as questions; a question that was answered is not counted as questioned. Raises PermissionDenied without
    the right to judge. One transaction. About half a second for 217 projects, 20 s for 10,000.
    """
    require(actor, Verb.JUDGE)
    scheme = scheme or scheme_in_force()
    with transaction.atomic():
        bring_up_to_date(today())
        facts = facts_known_on(as_of, period.year, counts=scheme.counts)
        put_questions(_checked(facts, scheme, period), actor=actor)
        _grade_data(period, as_of, scheme)
        inputs = Inputs(
            period=period,
            projects=facts.projects,
            reports=[report for report in facts.reports if report.period <= period],
            findings=findings_up_to(period),
            as_of=as_of,
            facts=given_on(as_of, period.year, scheme),
            jurisdiction=settings.GUATU_JURISDICTION or None,
            agency=settings.GUATU_AGENCY or None,
        )
        judged = inputs.judge(scheme)
        bundle = bundle_of(_without_telephones(inputs), judged)
        return _keep(judged, bundle, scheme, period, as_of, actor)


def _without_telephones(inputs: Inputs) -> Inputs:
    """What the bundle hands on: no rule asks for a telephone number, and not everyone may see it."""
    return replace(inputs, projects=[replace(project, phone=None) for project in inputs.projects])


def _grade_data(period: Period, as_of: date, scheme: Scheme) -> None:
    """Fill the fact that the scheme names for the quality of data with the points of the month, as the machine; nothing
    where it names none. What stands already adds nothing."""
    rule = scheme.text.data_quality
    asked = next((fact for fact in scheme.text.fact if rule and fact.id == rule.fact), None)
    if asked is None:
        return
    rows = [
        FactRow(
            entity=name,
            term=Term.parse(str(period)),
            fact=asked.id,
            value=Fraction(found.points),
            day=as_of,
            reason=_("按月报的数据质量算出：%s") % found.words,
        )
        for name, found in quality_points(asked.entity, period, as_of, scheme).items()
        if found.points is not None
    ]
    import_facts(rows, actor=None, scheme=scheme, day=as_of)


def _checked(facts: Facts, scheme: Scheme, period: Period) -> list[Finding]:
    """What the checks say of the facts, without the questions that were answered."""
    limits = scheme.check_settings
    reports = [report for report in facts.reports if report.period <= period]
    found = (
        *check_projects(facts.projects, limits),
        *check_reports(facts.projects, reports, limits, scheme.due),
    )
    settled = settled_digests()
    return [finding for finding in found if finding_digest(finding) not in settled]


def _keep(
    judged: Judged, bundle: Bundle, scheme: Scheme, period: Period, as_of: date, actor: Account | None
) -> JudgedMonth:
    month = judged.month
    before = latest_judged(str(period))
    entry = append(
        actor=actor,
        action="month.judged",
        subject_kind="month",
        subject_id=period,
        before={"facts_digest": before.facts_digest} if before else None,
        after={
            "as_of": as_of.isoformat(),
            "scheme": scheme.id,
            "scheme_digest": scheme.digest,
            "facts_digest": month.head["facts_digest"],
            "bundle_digest": bundle.digest,
            "rankings": [
                [place["ranking"], place["entity"], place["rank"], place["value"]] for place in month.rankings
            ],
        },
    )
    kept = JudgedMonth.objects.create(
        period=str(period),
        as_of=as_of,
        scheme_id=scheme.id,
        scheme_digest=scheme.digest,
        facts_digest=month.head["facts_digest"],
        head=_text(month.head),
        summary=_text(month.summary),
        findings=_text(month.findings),
        assessments=_text(month.assessments),
        entity_lights=_text(month.entity_lights),
        bundle_digest=bundle.digest,
        created=now(),
        supersedes=before,
        entry=entry,
    )
    MonthBundle.objects.create(judged_month=kept, content=bundle.content)
    table = {
        row["project"]: row
        for row in judged.given.table.iter_rows(named=True)
        if row["period"] == period.index
    }
    lights: dict[str, list[dict[str, Any]]] = {}
    for light in month.lights:
        lights.setdefault(light["project"], []).append(light)
    gravity = {name: level.gravity for name, level in scheme.levels.items()}
    ids = dict(Project.objects.values_list("code", "id"))
    ProjectStanding.objects.bulk_create(
        [
            _standing(kept, ids[row.code], table.get(row.code), lights.get(row.code, []), gravity)
            for row in judged.given.projects
        ],
        batch_size=BATCH,
    )
    EntityStanding.objects.bulk_create(_places(kept, month.rankings), batch_size=BATCH)
    return kept


def _standing(
    kept: JudgedMonth,
    project: int,
    facts: Mapping[str, Any] | None,
    lights: Sequence[Mapping[str, Any]],
    gravity: Mapping[str, int],
) -> ProjectStanding:
    gravest = max(lights, key=lambda light: gravity.get(light["level"], -1), default=None)
    without = max(
        (light["without_questioned"]["level"] for light in lights),
        key=lambda level: gravity.get(level, -1),
        default=NO_LIGHT,
    )
    level = gravest["level"] if gravest else NO_LIGHT
    measure = gravest["measure"] if gravest else None
    known: Mapping[str, Any] = facts or {}
    planned_year, planned, invested = (
        known.get(name) for name in ("planned_year", "planned_ytd", "invested_ytd")
    )
    return ProjectStanding(
        judged_month=kept,
        project_id=project,
        level=level,
        gravity=gravity.get(level, -1),
        measure=None if measure is None else Decimal(str(measure)),
        planned=planned_year,
        planned_ytd=planned,
        invested_ytd=invested,
        percent=None if invested is None or planned_year is None else percent(invested, planned_year, 4),
        gap=None if planned is None or invested is None else planned - invested,
        reported=bool(known.get("reported")),
        late=bool(known.get("late")),
        started=bool(known.get("started")),
        questioned=bool(known.get("questioned")),
        level_without_questioned=without,
        lights=_text(list(lights)),
    )


def _places(kept: JudgedMonth, rankings: Iterable[Mapping[str, Any]]) -> list[EntityStanding]:
    return [
        EntityStanding(
            judged_month=kept,
            ranking=place["ranking"],
            entity=place["entity"],
            rank=place["rank"],
            previous_rank=place["previous_rank"],
            value=None if place["value"] is None else Decimal(str(place["value"])),
            position=position,
            body=_text(place),
        )
        for position, place in enumerate(rankings)
    ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
