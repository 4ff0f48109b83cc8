"""What a project's page shows. Templates compose it; the words of the rules are those of the judged month."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.portfolio.project import BUILDING
from guatu.reporting.beside import last_year_words
from guatu.server.accounts.rights import Verb, may
from guatu.server.assessment.models import ProjectStanding
from guatu.server.clock import today
from guatu.server.frame.workings import workings
from guatu.server.known import Known
from guatu.server.portfolio import filters
from guatu.server.portfolio.columns import light, points_text, tenths, wan
from guatu.server.portfolio.filters import LedgerFilter
from guatu.server.portfolio.ledger_page import project_href
from guatu.server.portfolio.ledger_queries import Seen, neighbours
from guatu.server.portfolio.models import AnnualPlan, PastProject, Project, Responsibility
from guatu.server.portfolio.project_facts import answers, document_words, facts_of
from guatu.server.portfolio.project_reports import (
    ReportedMonth,
    in_force,
    is_doubt,
    last_known,
    place,
    reported_months,
)
from guatu.server.portfolio.queries import PlanInForce, fact_versions, plan_versions
from guatu.server.reporting.gallery import project_pictures
from guatu.server.reporting.models import Question, Report
from guatu.server.reporting.queries import as_asked_then, as_they_were, questions_of, report_versions
from guatu.server.reporting.timeline import timeline
from guatu.values import Period, date_text, half_up, money_text, number_text

WHOLE_YEAR = 12


def project_context(
    seen: Seen, project: Project, listed: Project | PastProject, wanted: LedgerFilter
) -> dict[str, Any]:
    """All that portfolio/project.html needs (it says what), `listed` being the project as lists show it. Eleven
    queries, whatever the number of months."""
    known = seen.known
    now = known.day if known else today()
    day = seen.month.as_of if seen.month else now
    period = seen.period or Period.of(day)
    building = listed.stage in {str(stage) for stage in BUILDING}
    year, before = f"{period.year:04d}", str(period.plus(-12))
    versions = report_versions(project, known=known).filter(Q(period__startswith=year) | Q(period=before))
    told = as_they_were(versions, known)
    reports = [row for row in told if row.period.startswith(year)]
    questions = as_asked_then(questions_of(project, known), known)
    plans = list(plan_versions(project, period.year, known))
    plan = plan_in_force(plans, day)
    standing = _standing(seen, project) if building else None
    phone = may(seen.user, Verb.SEE_PHONE, project)
    facts = facts_of(list(fact_versions(project, known)), plans, seen.scheme, day=max(day, now), phone=phone)
    responsible, formerly = answers(_responsibilities(project, known), now, phone=phone)
    months = reported_months(reports, questions, plan, period, seen.scheme) if building else []
    doubts = [question for question in questions if is_doubt(question)]
    return {
        "project": listed,
        "stage": filters.stage_words(listed.stage, seen.scheme) if listed.stage else "",
        "total": money_text(listed.total, "万元", 0),
        "category_href": reverse("ledger")
        + LedgerFilter(category=_category(listed, seen), stage=wanted.phase).query(),
        "county_href": reverse("ledger") + LedgerFilter(county=listed.county, stage=wanted.phase).query(),
        "month": seen.month,
        "building": building,
        "standing": standing,
        "light": light(standing.level, seen.scheme, big=True) if standing else "",
        "light_words": _light_words(standing),
        "lights": _why(standing, reports, plans, seen) if standing else [],
        "chart": _chart(months, plan, period) if plan and plan.cumulative else None,
        "chart_rows": _chart_rows(months, plan) if plan and plan.cumulative else [],
        "months": months,
        "last_year": _last_year([row for row in told if row.period == before], months, seen)
        if building
        else "",
        "plan": plan,
        "facts": facts,
        "responsible": responsible,
        "formerly": formerly,
        "doubts": doubts,
        "open_doubts": sum(doubt.status == Question.Status.OPEN for doubt in doubts),
        **project_pictures(reports, known),
        **({} if known else timeline(seen.user, project, seen.scheme, period.year)),
        **_beside(seen, listed, wanted),
    }


def _last_year(reports: Sequence[Report], months: Sequence[ReportedMonth], seen: Seen) -> str:
    """What was done by the same month of last year, and how this year stands to it; empty where it is not known."""
    then = in_force(reports, seen.scheme.counts)
    if then is None or then.blank or then.invested_ytd is None:
        return ""
    return last_year_words(months[0].done if months else None, then.invested_ytd)


def _category(project: Project | PastProject, seen: Seen) -> str:
    """The category under the scheme's own name, as the filter knows it."""
    for category in seen.scheme.text.category:
        if project.category in category.aliases:
            return category.name
    return project.category


def _responsibilities(project: Project, known: Known | None) -> list[Responsibility]:
    """Who answers or did. Seen from a past day, an end that lies after it was not known, nor one that came with a
    successor entered later."""
    rows = list(project.responsibilities.select_related("person"))
    if known is None:
        return rows
    later = {(row.duty, row.valid_from) for row in rows if row.entry_id > known.entry}
    rows = [row for row in rows if row.entry_id <= known.entry]
    for row in rows:
        end = row.valid_to
        if end is not None and (end >= known.day or (row.duty, end + timedelta(days=1)) in later):
            row.valid_to = None
    return rows


def _standing(seen: Seen, project: Project) -> ProjectStanding | None:
    if seen.month is None:
        return None
    return ProjectStanding.objects.filter(judged_month=seen.month.id, project=project).first()


def plan_in_force(plans: Sequence[AnnualPlan], day: date) -> PlanInForce | None:
    """Of all versions of a year's plan (newest first) the one in force on `day`."""
    version = next((row for row in plans if row.valid_from <= day), None)
    if version is None:
        return None
    months = {month.month: month for month in version.months.all()}
    split = [months.get(number) for number in range(1, WHOLE_YEAR + 1)] if months else []
    return PlanInForce(
        version.pk,
        version.year,
        version.amount,
        version.column,
        version.valid_from,
        tuple(month.cumulative if month else None for month in split),
        tuple(month.column if month else "" for month in split),
    )


def _light_words(standing: ProjectStanding | None) -> str:
    """比序时慢 18.4 个百分点; how the project stands to the schedule."""
    if standing is None or standing.planned_ytd is None or standing.invested_ytd is None:
        return ""
    value = tenths(standing.invested_ytd - standing.planned_ytd, standing.planned)
    if value is None:
        return ""
    size = points_text(abs(value)).removeprefix("+")
    if value == 0:
        return _("与序时持平")
    return (_("比序时慢 %s 个百分点") if value < 0 else _("比序时快 %s 个百分点")) % size


def _why(
    standing: ProjectStanding, reports: Sequence[Report], plans: Sequence[AnnualPlan], seen: Seen
) -> list[dict[str, Any]]:
    """Each light of the month with its workings: inputs, who gave them when, arithmetic, band, clause."""
    assert seen.month is not None
    origins = _origins(reports, plans, seen)
    shown = []
    for entry in json.loads(standing.lights):
        other = entry["without_questioned"]
        differs = entry["questioned"] or other["measure"] != entry["measure"]
        shown.append(
            {
                "name": entry["light_name"],
                "level": entry["level_name"],
                "light": light(entry["level"], seen.scheme),
                "workings": workings(entry, origins),
                "clause": entry["clause"],
                "local": (entry.get("threshold") or {}).get("local_choice") or "",
                "streak": entry["streak"] if entry["streak"] > 1 else 0,
                "without": _without(entry, other, seen) if differs else None,
            }
        )
    return shown


def _without(entry: Mapping[str, Any], other: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """The value and the light without the doubted cells, which stand beside those as reported."""
    measure = None if other["measure"] is None else Decimal(str(other["measure"]))
    rule = next((rule for rule in seen.scheme.text.light if rule.id == entry["light"]), None)
    return {
        "measure": number_text(measure, rule.decimals if rule else 2),
        "unit": _("个百分点") if entry["unit"] == "percentage_points" else "",
        "light": light(other["level"], seen.scheme),
    }


def _origins(reports: Sequence[Report], plans: Sequence[AnnualPlan], seen: Seen) -> dict[str, str]:
    """Name of an input → who handed it in when, and the cell it was read from."""
    assert seen.month is not None
    found = {}
    report = last_known(reports, seen.month.period, seen.month.as_of, seen.scheme.counts)
    if report is None:
        found["invested_ytd"] = _("从未报送，按 0 计")
    else:
        found["invested_ytd"] = _report_origin(report, seen.month.period)
    version = next((row for row in plans if row.valid_from <= seen.month.as_of), None)
    if version is not None:
        months = {month.month: month.column for month in version.months.all()}
        letters = {
            "planned_year": version.column,
            "planned_ytd": months.get(Period.parse(seen.month.period).month, ""),
        }
        for name, letter in letters.items():
            words = document_words(version.document)
            source = place(version.file, version.sheet, version.row, letter)
            found[name] = f"{words} · {source}" if source else words
    return found


def _report_origin(report: Report, period: str) -> str:
    month = Period.parse(report.period)
    words = _("%(month)d 月月报第 %(version)d 版，%(who)s %(day)s报送") % {
        "month": month.month,
        "version": report.version,
        "who": report.reporter or _("未填报人"),
        "day": date_text(report.handed_in or report.known_from),
    }
    letter = json.loads(report.columns).get("invested_ytd", "")
    if source := place(report.file, report.sheet, report.row, letter):
        words += f" · {source}"
    if report.period != period:
        words += _("；%(now)d 月未报，沿用 %(month)d 月所报") % {
            "now": Period.parse(period).month,
            "month": month.month,
        }
    return words


def _chart(months: Sequence[ReportedMonth], plan: PlanInForce, period: Period) -> dict[str, Any]:
    """Plan and completion by month, cumulative, in 万元, as the chart element reads them."""
    done = {month.period.month: month for month in months}
    every = [Period(period.year, number) for number in range(1, WHOLE_YEAR + 1)]
    actual = [_figure(done[p.month].done) if p.month in done else None for p in every]
    return {
        "periods": [_("%d月") % p.month for p in every],
        "titles": [p.label for p in every],
        "unit": _("万元"),
        "places": 0,
        "words": {"plan": _("计划"), "actual": _("实际"), "difference": _("相差")},
        "plan": [_figure(value) for value in plan.cumulative],
        "actual": actual,
    }


def _chart_rows(months: Sequence[ReportedMonth], plan: PlanInForce) -> list[dict[str, str]]:
    """The same figures as a table."""
    done = {month.period.month: month.done for month in months}
    return [
        {
            "month": _("%d月") % number,
            "plan": wan(plan.cumulative[number - 1]),
            "actual": wan(done.get(number)),
        }
        for number in range(1, WHOLE_YEAR + 1)
    ]


def _figure(fen: int | None) -> int | None:
    """分 → whole 万元 for a drawing."""
    return None if fen is None else int(half_up(Decimal(fen) / 1_000_000))


def _beside(seen: Seen, project: Project | PastProject, wanted: LedgerFilter) -> dict[str, Any]:
    """The projects before and after in the ledger as it was filtered; else in the tab of the project itself."""
    found = neighbours(seen, wanted, project)
    if found is None:
        phase = next(
            (name for name, held in filters.PHASES.items() if project.stage in held), filters.ALL_PHASES
        )
        wanted = LedgerFilter(stage=phase, period=wanted.period, known=wanted.known)
        found = neighbours(seen, wanted, project)
    query = wanted.query()
    return {
        "ledger_href": reverse("ledger") + query,
        "place": found,
        "before": {"href": project_href(found.before[0], query), "name": found.before[1]}
        if found and found.before
        else None,
        "after": {"href": project_href(found.after[0], query), "name": found.after[1]}
        if found and found.after
        else None,
    }
