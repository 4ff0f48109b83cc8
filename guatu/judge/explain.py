"""Why a light is on, why a place is what it is: the workings of one project, county or department."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from guatu.assessment.given import FactRow
from guatu.assessment.rules.rule import plain
from guatu.assessment.terms import Term
from guatu.judge.figures import UNIT_WORDS, Json, money, show
from guatu.judge.ladder import order_at
from guatu.judge.month import Judged
from guatu.judge.rankings import projects_of_month
from guatu.judge.workings import Node, Worker, sources_of
from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS, Unit
from guatu.portfolio.formula import exact_value
from guatu.portfolio.project import STAGE_NAMES, Project
from guatu.reporting.report import Report
from guatu.schemes.formula_words import formula_words
from guatu.schemes.lights import Light, Ranking
from guatu.values import date_text, number_text


class UnknownEntity(LookupError):
    """Nothing goes by this name; the message lists what comes close."""


def explain(judged: Judged, name: str, indicator: str | None = None) -> str:
    """The workings of a project (code or whole name), county, department or other entity, as Chinese lines.

    `indicator` (its id or name) picks one line of the assessment. Raises UnknownEntity when nothing, or more than
    one project, goes by that name, or when there is no such indicator.
    """
    wanted = name.strip()
    found = [p for p in judged.given.projects if wanted in (p.code, p.name)]
    if len(found) > 1:
        raise UnknownEntity(_("有 {n} 个项目叫“{name}”，请用项目代码").format(n=len(found), name=wanted))
    lines = list(_project_lines(judged, found[0])) if found and indicator is None else []
    entries = [entry for entry in judged.month.rankings if entry["entity"] == wanted]
    if indicator is None:
        lines += [line for entry in entries for line in _entity_lines(judged, entry)]
        lines += _light_lines(judged, wanted)
    worked = _worked(judged, found[0].code if found else wanted)
    for node in worked:
        lines += _picked(node, indicator)
    if indicator is None:
        lines += _result_lines(judged, found[0].code if found else wanted)
    if lines:
        return "\n".join(lines)
    if worked:
        names = "、".join(f"{line.id} {line.label}" for node in worked for line in node.every())
        raise UnknownEntity(_("“{name}”没有指标“{indicator}”；可以是：{names}").format(
            name=wanted, indicator=indicator, names=names))  # fmt: skip
    near = [p for p in judged.given.projects if wanted and wanted in p.name][:5]
    known = dict.fromkeys(e["entity"] for e in (*judged.month.rankings, *judged.month.assessments))
    hint = "、".join(f"{p.code} {p.name}" for p in near) or "、".join(known)
    raise UnknownEntity(
        _("没有名为“{name}”的项目、辖区或部门；可以是：{hint}").format(name=wanted, hint=hint)
    )


def _worked(judged: Judged, entity: str) -> list[Node]:
    """The workings of every sheet that scores the entity in the judged term."""
    assessor, month = judged.given.assessor, judged.given.period
    nodes = []
    for result in assessor.assess():
        order = order_at(Term("month", month.year, month.month), result.kind)
        if order is None:
            continue
        node = Worker(assessor, result.sheet, result.kind, result.table).work_out(entity, order)
        nodes += [node] if node else []
    return nodes


def _picked(node: Node, indicator: str | None) -> list[str]:
    if indicator is None:
        return node.lines()
    return [line for found in node.every() if indicator in (found.id, found.label) for line in found.lines()]


def _result_lines(judged: Judged, entity: str) -> Iterator[str]:
    """What the terms were joined to, and the steps that are proposed."""
    terms = {"month": _("各月"), "quarter": _("各季"), "half": _("各半年"), "year": _("本年")}
    ways = {"mean": _("平均"), "sum": _("之和"), "last": _("末次"), "best": _("最好几次的平均")}
    for entry in judged.month.assessments:
        if entry["entity"] != entity:
            continue
        if entry["parts"]:
            sheet = next(sheet for sheet in judged.scheme.text.sheet if sheet.id == entry["sheet"])
            rule = next(rule for rule in sheet.roll_up if rule.to == entry["term_kind"])
            yield _("{entity} {term} {sheet}（各期合成）：{score} 分").format(
                entity=entity, term=Term.parse(entry["term"]).label, sheet=entry["sheet_name"],
                score="–" if entry["score"] is None else _digits(entry["score"], sheet.decimals),
            )  # fmt: skip
            joined = " + ".join(
                _("{terms}{way}").format(
                    terms=terms[part["kind"]], way=_("加权平均") if of.weights else ways[part["how"]]
                )
                + f" {_digits(part['score'], 4)} × {part['weight']:g}"
                for part, of in zip(entry["parts"], rule.part, strict=True)
            )
            yield _("  {arithmetic}（依据：{clause}）").format(
                arithmetic=joined, clause=judged.scheme.cite(rule.clause)
            )
            if rule.local_choice:
                yield "  " + _("本地选择：{words}").format(words=rule.local_choice)
        yield from _standing_lines(judged, entry)
        for step in entry["steps"]:
            yield _("建议：{step}（依据：{clause}）").format(step=step["name"], clause=step["clause"])
            called = "，".join(
                words
                for words in (
                    step["actor"] and _("由{actor}办理").format(actor=step["actor"]),
                    step["called"] and _("对象：{called}").format(called=step["called"]),
                )
                if words
            )
            if called:
                yield f"  {called}"
            yield "  " + _("理由：{words}").format(words=step["because"])
            if step["local_choice"]:
                yield "  " + _("本地选择：{words}").format(words=step["local_choice"])
        for reward in entry["rewards"]:
            yield _("建议奖励：{reward} {amount} {unit}（依据：{clause}）").format(
                reward=reward["name"], amount=plain(Fraction(str(reward["amount"]))), unit=reward["unit"], clause=reward["clause"])  # fmt: skip
            yield "  " + _("理由：{words}").format(words=reward["because"])
            if reward["local_choice"]:
                yield "  " + _("本地选择：{words}").format(words=reward["local_choice"])


def _standing_lines(judged: Judged, entry: Json) -> Iterator[str]:
    """Where the score puts the entity: place in its series, grade, lists, and whether a veto bars it from awards."""
    sheet = next((sheet for sheet in judged.scheme.text.sheet if sheet.id == entry["sheet"]), None)
    if sheet is None or entry["score"] is None:
        return
    said = []
    if entry["rank"] is not None:
        of = sum(
            other["rank"] is not None and all(other[key] == entry[key] for key in ("sheet", "term", "series"))
            for other in judged.month.assessments
        )
        place = _("第 {rank} 名，共 {of} 个").format(rank=entry["rank"], of=of)
        if entry["tied_with"]:
            place += _("，与{others}并列").format(others="、".join(entry["tied_with"]))
        if entry["previous_rank"] is not None:
            place += _("，上期第 {rank} 名").format(rank=entry["previous_rank"])
        said.append(place)
    if entry["series_name"]:
        said.append(_("组别：{series}").format(series=entry["series_name"]))
    if entry["grade"]:
        ordered = sorted(sheet.grade, key=lambda grade: -grade.low)
        first = next(grade for grade in ordered if Fraction(str(entry["score"])) >= Fraction(grade.low))
        grade = _("等次：{grade}").format(grade=entry["grade"])
        if first.name != entry["grade"]:
            grade += _("（按分数为{first}，有合格线没有达到，降等）").format(first=first.name)
        said.append(grade)
    if entry["barred"]:
        said.append(_("不得评先"))
    lists = [rule.name for rule in sheet.list_ if rule.id in entry["lists"]]
    if lists:
        said.append(_("列入：{lists}").format(lists="、".join(lists)))
    if said:
        term = Term.parse(entry["term"]).label
        yield _("{term} {sheet}：{words}").format(term=term, sheet=entry["sheet_name"], words="；".join(said))


def _digits(value: float | None, places: int) -> str:
    """A number with at most so many decimals, and no zeros at its end."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _light_lines(judged: Judged, entity: str) -> Iterator[str]:
    for light in judged.month.entity_lights:
        if light["entity"] == entity and not any(
            e["entity"] == entity and (e.get("light") or {}).get("light") == light["light"]
            for e in judged.month.rankings
        ):
            yield _("{light}：{level}").format(light=light["light_name"], level=light["level_name"])
            yield from _light_workings(judged, light["light"], entity)
            if light["threshold"]:
                yield _("  数值 {measure}，“{level}”档：{threshold}（依据：{clause}）").format(
                    measure=light["measure"], level=light["level_name"], threshold=light["threshold"], clause=light["clause"]
                )  # fmt: skip


def _light_workings(judged: Judged, light: str, entity: str) -> Iterator[str]:
    """How the measure of an entity's light comes about, and who handed in what it is made of; nothing of a light that
    is combined of others."""
    rule = next((one for one in judged.scheme.text.light if one.id == light), None)
    assessor, month = judged.given.assessor, judged.given.period.index
    found = assessor.light_scene(rule, entity, month) if rule else None
    if found is None:
        return
    measure, scene = found
    words = formula_words(judged.scheme, measure.text, measure.scope)
    yield _("  {formula}：{arithmetic}").format(formula=words, arithmetic=measure.worked(scene, show))
    for source in sources_of(assessor.facts, measure, entity, "month", month):
        yield f"    {source}"


def _project_lines(judged: Judged, project: Project) -> Iterator[str]:
    period = judged.given.period
    stage = STAGE_NAMES[project.stage] if project.stage else "–"
    yield f"{project.name}（{project.code}）"
    yield "，".join(str(part) for part in (project.county, project.category, stage, project.level) if part)
    lights = [entry for entry in judged.month.lights if entry["project"] == project.code]
    if not lights:
        yield _("这个项目不在建，{period}不判灯。").format(period=period.label)
        return
    rules = {light.id: light for light in judged.scheme.text.light}
    for entry in lights:
        rule = rules[entry["light"]]
        formula = judged.scheme.formulas[rule.version_in(period.index).measure]
        yield ""
        yield _("{light}：{level}").format(light=entry["light_name"], level=entry["level_name"])
        for fact in formula.facts:
            yield from _input_lines(judged, project, fact)
        yield _("  公式：{sentence}").format(sentence=formula.sentence())
        yield _("  算得：{arithmetic}").format(arithmetic=entry["arithmetic"])
        yield from _band_lines(entry, rule)
        if entry["streak"] > 1:
            yield _("  已连续 {n} 个月为“{level}”").format(n=entry["streak"], level=entry["level_name"])
        other = entry["without_questioned"]
        if entry["questioned"] or other["measure"] != entry["measure"]:
            names = {level.id: level.name for level in judged.scheme.text.level}
            yield _("  剔除待核数字后：{measure} {unit}，{level}").format(
                measure=_number(other["measure"], rule.decimals),
                unit=UNIT_WORDS[rule.unit],
                level=names.get(other["level"], _("无")),
            )
    for finding in judged.month.findings:
        if finding["project"] == project.code and finding["period"] == str(period):
            yield _("  待核：{message}").format(message=finding["message"])


def _input_lines(judged: Judged, project: Project, fact: str) -> Iterator[str]:
    row = judged.given.table.filter(
        (pl.col("project") == project.code) & (pl.col("period") == judged.given.period.index)
    ).row(0, named=True)
    known = judged.scheme.scopes.of("project").names[fact]
    unit = _("万元") if known.unit is Unit.MONEY else ""
    value = row[fact] if row[fact] is None or isinstance(row[fact], bool | str) else Fraction(row[fact])
    yield f"  {known.label}：{show(value, known.unit)} {unit}".rstrip()
    month = judged.given.period
    handed = [
        _given_place(one)
        for one in judged.given.assessor.facts
        if (one.entity, one.fact) == (project.code, fact)
        and one.term.last_month.year == month.year
        and (one.term.kind != "month" or one.term.last_month == month)
    ]
    if fact in FACTS or handed:
        yield "    " + (handed[-1] if handed else _origin(judged, project, fact))


def _given_place(row: FactRow) -> str:
    """Where a fact that was handed in came from."""
    return "，".join(part for part in (row.source, row.by, row.place, row.term.label) if part)


def _origin(judged: Judged, project: Project, fact: str) -> str:
    """Where an input came from: file, sheet and cell, and who handed it in when."""
    if fact.startswith("invested"):
        report = _last_report(judged, project)
        if report is None:
            return _("从未报送，按 0 计")
        who = _("{who}于{day}报送").format(
            who=report.reporter or _("未填报人"), day=date_text(report.handed_in)
        )
        carried = (
            ""
            if report.period == judged.given.period
            else _("；本月未报，沿用{period}所报").format(period=report.period.label)
        )
        return f"{_cell(report, 'invested_ytd')}，{who}{carried}"
    field = {"planned_year": "planned", "planned_ytd": f"planned_cumulative.{judged.given.period.month}"}.get(
        fact, fact
    )
    return _cell(project, field)


def _last_report(judged: Judged, project: Project) -> Report | None:
    known = [
        r
        for r in judged.given.reports
        if r.code == project.code and not r.blank and r.invested_ytd is not None
    ]
    return max(known, key=lambda r: r.period, default=None)


def _cell(row: Project | Report, field: str) -> str:
    if row.source is None:
        return _("来源未记")
    column = row.columns.get(field, "")
    return _("{file}“{sheet}”{column}{row}").format(
        file=row.source.file, sheet=row.source.sheet, column=column, row=row.source.row
    )


def _band_lines(entry: Json, rule: Light) -> Iterator[str]:
    threshold = entry["threshold"]
    if threshold is None:
        yield _("  没有判定：{reason}").format(reason=entry.get("reason", ""))
        return
    yield _("  “{level}”档：{sentence}（依据：{clause}）").format(
        level=entry["level_name"], sentence=threshold["sentence"], clause=entry["clause"]
    )
    if threshold["local_choice"]:
        yield _("  本地选择：{words}").format(words=threshold["local_choice"])


def _entity_lines(judged: Judged, entry: Json) -> Iterator[str]:
    rule = next(r for r in judged.scheme.text.ranking if r.id == entry["ranking"])
    formula = judged.scheme.formulas[rule.value]
    yield _("{entity}：{ranking}第 {rank} 名（上月第 {previous} 名）").format(
        entity=entry["entity"],
        ranking=entry["ranking_name"],
        rank=entry["rank"] or "–",
        previous=entry["previous_rank"] or "–",
    )
    yield _("  公式：{sentence}").format(sentence=formula.sentence())
    yield _("  算得：{arithmetic}（依据：{clause}）").format(
        arithmetic=entry["arithmetic"], clause=entry["clause"]
    )
    yield _("  金额为万元；先四舍五入到 {decimals} 位小数，再排名；并列同名次，其后名次顺延").format(
        decimals=rule.decimals
    )
    if entry["tied_with"]:
        yield _("  并列：{names}").format(names="、".join(entry["tied_with"]))
    other, mine = entry["without_questioned"], entry["as_reported"]
    yield (
        _("  所报：{a}%，第 {b} 名；剔除待核数字：{c}%，第 {d} 名").format(
            a=_number(mine["value"], rule.decimals),
            b=mine["rank"],
            c=_number(other["value"], rule.decimals),
            d=other["rank"],
        )
        if rule.unit == "percent"
        else _("  所报：第 {b} 名；剔除待核数字：第 {d} 名").format(b=mine["rank"], d=other["rank"])
    )
    yield _("  由 {n} 个项目合计：").format(n=entry["projects"])
    yield from _member_lines(judged, rule, entry["entity"])
    yield ""


def _member_lines(judged: Judged, rule: Ranking, entity: str) -> Iterator[str]:
    formula = judged.scheme.formulas[rule.value]
    names = {p.code: p.name for p in judged.given.projects}
    there = {row["project"] for row in projects_of_month(judged.given)}
    applies = judged.scheme.formulas[rule.applies] if rule.applies else None
    facts = [formula.scope.projects[name] for name in formula.project_facts]
    for row in projects_of_month(judged.given, frozen=formula.names_frozen):
        if row[rule.entity] == entity and (applies is None or applies.of_row(row)):
            figures = "，".join(f"{fact.label} {_shown(row[fact.name], fact.unit)}" for fact in facts)
            flags = [_("待核")] * bool(row["questioned"]) + [_("未报")] * (not row["reported"])
            if row["project"] not in there:
                flags = [_("已不在列，只计冻结的数")]
            name = f"{row['project']} {names.get(row['project'], '')}".rstrip()
            yield f"    {name}：{figures}" + (f"（{'、'.join(flags)}）" if flags else "")


def show_fact(value: Any, fact: str) -> str:
    """A fact for people: money in 万元 with the unit left to the head of the table."""
    return _shown(value, FACTS[fact].unit)


def _shown(value: Any, unit: Unit) -> str:
    return money(value) if unit is Unit.MONEY else show(exact_value(value), unit)


def _number(value: int | float | None, decimals: int) -> str:
    return "–" if value is None else number_text(Decimal(str(value)), decimals)
