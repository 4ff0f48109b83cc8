"""Checks of a ledger's figures against each other: pure functions over projects, in 分."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guatu.finding_kinds import finding, where
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.project import Project
from guatu.portfolio.settings import CheckSettings
from guatu.values import amount


def check_projects(projects: Sequence[Project], settings: CheckSettings) -> tuple[Finding, ...]:
    """Everything in the projects' own figures that cannot all be true, in the order of the projects."""
    return tuple(found for project in projects for check in CHECKS for found in check(project, settings))


def wan(fen: int) -> str:
    """Money for a finding: exact, in 万元."""
    return f"{amount(fen, '万元'):f} 万元"


def _about(kind: str, project: Project, field: str, said: str, found: str, expected: str) -> Finding:
    source, letter = project.source, project.columns.get(field)
    place = where(source.sheet, source.row, letter, "") if source else ""
    place = place.removesuffix("“”")
    return finding(
        kind,
        (place + "：" if place else "") + said,
        file=source.file if source else "",
        sheet=source.sheet if source else None,
        row=source.row if source else None,
        column=letter,
        found=found,
        expected=expected,
        project=project.code,
        field=field,
    )


def unit_of_money(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """A total or a plan that is off by the unit factor against the project's other figures."""
    total, planned = project.total, project.planned
    if not total or not planned or total < 0 or planned < 0:
        return
    factor, gap = settings.unit_factor, settings.unit_gap
    splits = [value for value in project.planned_cumulative if value]
    last = splits[-1] if splits else None
    if last and planned * factor == last:
        yield _about(
            "unit_yi_in_wan",
            project,
            "planned",
            _("{name}的年度计划 {figure} 疑似按亿元填写，分月计划到年底是 {last}。").format(
                name=project.name, figure=wan(planned), last=wan(last)
            ),
            wan(planned),
            wan(planned * factor),
        )
    elif planned > total * gap and total < settings.smallest_total_fen and planned <= total * factor:
        yield _about(
            "unit_yi_in_wan",
            project,
            "total",
            _("{name}的总投资 {figure} 疑似按亿元填写，年度计划已有 {plan}。").format(
                name=project.name, figure=wan(total), plan=wan(planned)
            ),
            wan(total),
            wan(total * factor),
        )
    elif last and planned == last * factor:
        yield _about(
            "unit_wan_in_yi",
            project,
            "planned",
            _("{name}的年度计划 {figure} 疑似按万元填写，分月计划到年底是 {last}。").format(
                name=project.name, figure=wan(planned), last=wan(last)
            ),
            wan(planned),
            wan(planned // factor),
        )
    elif planned > total * gap:
        yield _about(
            "unit_wan_in_yi",
            project,
            "planned",
            _("{name}的年度计划 {figure} 是总投资 {total} 的百倍以上，疑似按万元填写。").format(
                name=project.name, figure=wan(planned), total=wan(total)
            ),
            wan(planned),
            wan(planned // factor),
        )
    elif total >= planned * factor:
        said = _("{name}的总投资 {figure} 是年度计划 {plan} 的万倍以上，疑似按万元填写。")
        said = said.format(name=project.name, figure=wan(total), plan=wan(planned))
        yield _about("unit_wan_in_yi", project, "total", said, wan(total), wan(total // factor))


def plan_within_total(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """The plan of the year fits into what is left of the total."""
    total, planned = project.total, project.planned
    if total is None or planned is None or any(unit_of_money(project, settings)):
        return
    before = project.done_before or 0
    if planned > total + settings.tolerance_fen:
        yield _about(
            "plan_exceeds_total",
            project,
            "planned",
            _("{name}的年度计划 {plan} 超过总投资 {total}。").format(
                name=project.name, plan=wan(planned), total=wan(total)
            ),
            wan(planned),
            _("不超过 {total}").format(total=wan(total)),
        )
    elif 0 < before <= total and before + planned > total + settings.tolerance_fen:
        yield _about(
            "plan_exceeds_total",
            project,
            "planned",
            _("{name}上年底已完成 {before}，加年度计划 {plan} 超过总投资 {total}。").format(
                name=project.name, before=wan(before), plan=wan(planned), total=wan(total)
            ),
            wan(planned),
            _("不超过 {left}").format(left=wan(total - before)),
        )


def done_within_total(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """What was done before the year does not exceed the total."""
    if (
        project.total is not None
        and project.done_before is not None
        and project.done_before > project.total + settings.tolerance_fen
    ):
        yield _about(
            "done_exceeds_total",
            project,
            "done_before",
            _("{name}上年底累计完成 {done} 超过总投资 {total}。").format(
                name=project.name, done=wan(project.done_before), total=wan(project.total)
            ),
            wan(project.done_before),
            _("不超过 {total}").format(total=wan(project.total)),
        )


def split_rises(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """The cumulative plan never falls; a month that is off by the unit factor is named as such."""
    written = [
        (month, value) for month, value in enumerate(project.planned_cumulative, 1) if value is not None
    ]
    previous: int | None = None
    for position, (month, value) in enumerate(written):
        following = written[position + 1][1] if position + 1 < len(written) else project.planned
        lower = previous or 0
        if previous is not None and value < previous - settings.tolerance_fen:
            field = f"planned_cumulative.{month}"
            if value > 0 and lower <= value * settings.unit_factor <= (
                following or value * settings.unit_factor
            ):
                yield _about(
                    "unit_yi_in_wan",
                    project,
                    field,
                    _("{name} 1 至 {month} 月累计计划 {figure} 疑似按亿元填写。").format(
                        name=project.name, month=month, figure=wan(value)
                    ),
                    wan(value),
                    wan(value * settings.unit_factor),
                )
                continue
            yield _about(
                "plan_split_falls",
                project,
                field,
                _("{name} 1 至 {month} 月累计计划 {figure} 低于前一月的 {previous}。").format(
                    name=project.name, month=month, figure=wan(value), previous=wan(previous)
                ),
                wan(value),
                _("不低于 {previous}").format(previous=wan(previous)),
            )
        previous = value


def split_meets_year(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """The split of the plan ends at the plan of the year."""
    split = project.planned_cumulative
    if project.planned is None or len(split) != 12 or split[11] is None:
        return
    if abs(split[11] - project.planned) <= settings.tolerance_fen or any(unit_of_money(project, settings)):
        return
    by_quarter = all(value is None for month, value in enumerate(split, 1) if month % 3)
    kind = "quarters_not_year" if by_quarter else "plan_split_not_year"
    said = (
        _("{name}各季计划合计 {sum}，年度计划是 {plan}。")
        if by_quarter
        else _("{name}分月计划到 12 月是 {sum}，年度计划是 {plan}。")
    )
    field = next(
        (
            name
            for name in ("planned_cumulative.12", "planned_quarter.4", "planned_month.12")
            if name in project.columns
        ),
        "planned",
    )
    yield _about(
        kind,
        project,
        field,
        said.format(name=project.name, sum=wan(split[11]), plan=wan(project.planned)),
        wan(split[11]),
        wan(project.planned),
    )


def dates_in_order(project: Project, settings: CheckSettings) -> Iterator[Finding]:
    """A project does not finish before it starts."""
    start, finish = project.planned_start, project.planned_finish
    if start and finish and finish < start:
        yield _about(
            "date_impossible",
            project,
            "planned_finish",
            _("{name}计划竣工 {finish} 早于计划开工 {start}。").format(
                name=project.name, finish=finish.label, start=start.label
            ),
            finish.label,
            _("不早于 {start}").format(start=start.label),
        )


CHECKS = (unit_of_money, plan_within_total, done_within_total, split_rises, split_meets_year, dates_in_order)
"""The checks of one project, in the order of their findings."""
