"""What a year says of a subject, put together from what is kept: nothing is computed anew, nothing is guessed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from guatu.assessment.terms import Term
from guatu.documents.year_file import YearColumn, YearFile, YearTable
from guatu.reporting.form import MONTHLY
from guatu.reporting.quality import fault_names
from guatu.schemes.load import Scheme
from guatu.server.assessment.models import EntityStanding, JudgedMonth, ProjectStanding
from guatu.server.clock import CHINA, today
from guatu.server.portfolio.filters import light_word
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.proposals.models import Proposal
from guatu.server.record.queries import end_of_chain
from guatu.server.reporting.models import Report, Round
from guatu.server.reporting.quality import quality_points
from guatu.server.year_files.subjects import Kind, Subject, held_in, none_known, projects_of
from guatu.values import Period, date_text, number_text

Json = dict[str, Any]


def gathered(subject: Subject, year: int, scheme: Scheme) -> YearFile:
    """The file of a subject for a year, as it is known now. Some twenty queries, whatever the number of projects."""
    projects = projects_of(subject, year)
    months = list(
        JudgedMonth.objects.filter(period__startswith=f"{year:04d}", superseded_by__isnull=True).order_by(
            "period"
        )
    )
    entries = [
        (month, entry)
        for month in months
        for entry in json.loads(month.assessments)
        if entry["entity"] in subject.names
    ]
    end = end_of_chain()
    said = (
        (_("对象"), f"{subject.name}（{Kind(subject.kind).label}）"),
        (_("年度"), _("%d年") % year),
        (_("方案"), scheme.name),
        (_("项目"), _("%d 个") % len(projects)),
        (_("汇编日"), date_text(today())),
        (
            _("留痕末端"),
            _("第 %(number)d 条，%(hash)s") % {"number": end.sequence, "hash": end.hash}
            if end
            else none_known(),
        ),
    )
    tables = [
        _results(entries),
        _places(subject, months),
        _points(entries),
        _lights(subject, projects, months, scheme),
        _reports(projects, year, months, scheme),
        _corrections(projects, year),
        *_quality(subject, months, scheme),
        _steps(entries),
        _proposals(projects, year),
        _responsibilities(subject, projects, year),
        _bundles(months),
    ]
    title = _("%(name)s%(year)d年度考核档案") % {"name": subject.name, "year": year}
    agency = settings.GUATU_AGENCY or settings.GUATU_JURISDICTION or ""
    return YearFile(title, agency, date_text(today()), said, tuple(tables))


def _table(title: str, heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> YearTable:
    return YearTable(
        title,
        tuple(YearColumn(words, number) for words, number in heads),
        tuple(tuple(row) for row in rows),
        none_known(),
    )


def _number(value: Any, places: int = 2) -> str:
    return "" if value is None else number_text(Decimal(str(value)), places)


def _term(text: str) -> str:
    return Term.parse(text).label


def _results(entries: Sequence[tuple[JudgedMonth, Json]]) -> YearTable:
    heads = ((_("考核表"), False), (_("期"), False), (_("得分"), True), (_("满分"), True), (_("名次"), True))
    rows = [
        (e["sheet_name"], _term(e["term"]), _number(e["score"]), _number(e["full"]), str(e["rank"] or ""),
         e["grade"] or "", e["clause"])
        for _month, e in entries if e["sheet"] is not None
    ]  # fmt: skip
    return _table(_("各期得分和名次"), (*heads, (_("等次"), False), (_("依据"), False)), rows)


def _places(subject: Subject, months: Sequence[JudgedMonth]) -> YearTable:
    rows = []
    places = EntityStanding.objects.filter(judged_month__in=months, entity__in=subject.names)
    for place in places.select_related("judged_month").order_by("ranking", "judged_month__period"):
        body = json.loads(place.body)
        before = "" if place.previous_rank is None else str(place.previous_rank)
        period = Period.parse(place.judged_month.period).label
        rows.append(
            (
                body["ranking_name"],
                period,
                _number(place.value, 1),
                str(place.rank or ""),
                before,
                body["clause"],
            )
        )
    heads = ((_("排名"), False), (_("月份"), False), (_("完成率（%）"), True), (_("名次"), True))
    return _table(_("各月排名"), (*heads, (_("上期名次"), True), (_("依据"), False)), rows)


def _points(entries: Sequence[tuple[JudgedMonth, Json]]) -> YearTable:
    rows = []
    for _month, e in entries:
        if e["sheet"] is None:
            continue
        for line in e["indicators"]:
            if line["formula"]:
                known = line["points"] is not None and (line["points"] or not line["reason"])
                points = _number(line["points"]) if known else ""
                rows.append((_term(e["term"]), line["name"], points, _number(line["full"]), line["reason"] or "", line["clause"]))  # fmt: skip
        rows += [
            (_term(e["term"]), event["name"], _number(event["points"]), "", _("加分或扣分"), event["clause"])
            for event in e["events"]
        ]
    heads = ((_("期"), False), (_("指标"), False), (_("得分"), True), (_("满分"), True))
    return _table(_("得分从何而来"), (*heads, (_("说明"), False), (_("依据"), False)), rows)


def _lights(
    subject: Subject, projects: Sequence[Project], months: Sequence[JudgedMonth], scheme: Scheme
) -> YearTable:
    standings = ProjectStanding.objects.filter(judged_month__in=months, project__in=projects)
    by_month: dict[int, Counter[str]] = {}
    for judged, level in standings.values_list("judged_month_id", "level"):
        by_month.setdefault(judged, Counter())[level] += 1
    levels = [level.id for level in sorted(scheme.text.level, key=lambda level: -level.gravity)]
    heads = (
        (_("月份"), False),
        *((light_word(level, scheme), True) for level in levels),
        (_("不判灯"), True),
    )
    rows = []
    for month in months:
        counted = by_month.get(month.pk)
        cells = (
            ("",) * (len(levels) + 1)
            if counted is None
            else (*(str(counted[level]) for level in levels), str(counted["none"]))
        )
        rows.append((Period.parse(month.period).label, *cells))
    return _table(_("各月亮灯（项目数）"), heads, rows)


def _reports(
    projects: Sequence[Project], year: int, months: Sequence[JudgedMonth], scheme: Scheme
) -> YearTable:
    returned: Counter[str] = Counter()
    for period in Round.objects.filter(
        report__project__in=projects,
        report__kind=MONTHLY,
        report__period__startswith=f"{year:04d}",
        conclusion="returned",
    ).values_list("report__period", flat=True):
        returned[period] += 1
    rows = []
    for month in months:
        due = month.standings.filter(project__in=projects, planned__isnull=False)
        told = list(due.values_list("reported", "late"))
        on_time = sum(reported and not late for reported, late in told)
        late = sum(bool(reported and late) for reported, late in told)
        silent = sum(not reported for reported, _late in told)
        until = date_text(scheme.due(Period.parse(month.period)))
        rows.append((Period.parse(month.period).label, until, str(len(told)), str(on_time), str(late), str(silent), str(returned[month.period])))  # fmt: skip
    heads = (
        (_("月份"), False),
        (_("应报至"), False),
        (_("应报"), True),
        (_("按期"), True),
        (_("迟报"), True),
    )
    return _table(_("月报报送（项目数）"), (*heads, (_("未报"), True), (_("退回次数"), True)), rows)


def _corrections(projects: Sequence[Project], year: int) -> YearTable:
    found = Report.objects.filter(project__in=projects, period__startswith=f"{year:04d}").exclude(reason="")
    rows = [
        (row.project.name, Period.parse(row.period).label, str(row.version), str(row.get_state_display()), row.reason)
        for row in found.exclude(state=Report.State.DRAFT).select_related("project").order_by("period", "project", "version")
    ]  # fmt: skip
    heads = (
        (_("项目"), False),
        (_("月份"), False),
        (_("版本"), True),
        (_("状态"), False),
        (_("理由"), False),
    )
    return _table(_("更正和理由"), heads, rows)


def _quality(subject: Subject, months: Sequence[JudgedMonth], scheme: Scheme) -> list[YearTable]:
    """The quality of what a unit reported up to the last judged month, as known on its day, with every count behind
    it; none where the scheme grades no data, or for a leader or a project."""
    if subject.kind != Kind.UNIT or not months or scheme.text.data_quality is None:
        return []
    last, names = months[-1], fault_names()
    for kind in ("county", "department", "unit"):
        found = quality_points(kind, Period.parse(last.period), last.as_of, scheme).get(subject.key)
        if found is not None:
            break
    else:
        return []
    rows = [(names[line.part.fault], str(line.count), str(line.of), line.words) for line in found.lines]
    grade = found.grade.name if found.grade else ""
    rows.append((_("得分和等次"), "", "", f"{found.words} {grade}".strip()))
    heads = ((_("问题"), False), (_("份数"), True), (_("应报"), True), (_("算式"), False))
    return [_table(_("数据质量"), heads, rows)]


def _steps(entries: Sequence[tuple[JudgedMonth, Json]]) -> YearTable:
    rows = []
    for _month, e in entries:
        rows += [(_term(s["term"]), s["name"], s["because"], s["clause"]) for s in e["steps"]]
        rows += [(_term(e["term"]), r["name"], r["because"], r["clause"]) for r in e.get("rewards", ())]
    heads = ((_("期"), False), (_("建议"), False), (_("缘由"), False), (_("依据"), False))
    return _table(_("方案建议的问责和奖励（由人决定）"), heads, rows)


def _proposals(projects: Sequence[Project], year: int) -> YearTable:
    found = Proposal.objects.filter(
        subject_kind="project", subject_id__in=[project.code for project in projects], proposed_at__year=year
    ).select_related("proposed_by__person", "decided_by__person")
    rows = [
        (
            date_text(row.proposed_at.astimezone(CHINA).date()),
            f"{row.get_verb_display()} {row.subject_id}",
            f"{row.proposed_by.person.name}：{row.reason}",
            str(row.get_decision_display()) if row.decision else _("未决定"),
            f"{row.decided_by.person.name}：{row.decision_reason}" if row.decided_by else "",
        )
        for row in found.order_by("id")
    ]
    heads = (
        (_("提议日"), False),
        (_("事项"), False),
        (_("提议"), False),
        (_("决定"), False),
        (_("决定理由"), False),
    )
    return _table(_("提议和决定"), heads, rows)


def _responsibilities(subject: Subject, projects: Sequence[Project], year: int) -> YearTable:
    held = Responsibility.objects.filter(held_in(year), project__in=projects)
    if subject.kind == Kind.LEADER:
        held = held.filter(person=int(subject.key))
    if subject.kind == Kind.UNIT:
        held = held.filter(organisation__name=subject.key)
    rows = [
        (row.project.name, str(row.get_duty_display()), row.stated, date_text(row.valid_from),
         date_text(row.valid_to) if row.valid_to else _("至今"))
        for row in held.select_related("project").order_by("project__position", "duty", "valid_from")
    ]  # fmt: skip
    heads = ((_("项目"), False), (_("责任"), False), (_("责任人"), False), (_("起"), False), (_("止"), False))
    return _table(_("承担的责任"), heads, rows)


def _bundles(months: Sequence[JudgedMonth]) -> YearTable:
    rows = [
        (Period.parse(month.period).label, date_text(month.as_of), month.bundle_digest, str(month.entry_id))
        for month in months
    ]
    heads = ((_("月份"), False), (_("数据截至"), False), (_("复算包摘要"), False), (_("留痕序号"), True))
    return _table(_("各月的复算包"), heads, rows)
