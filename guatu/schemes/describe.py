"""A scheme in words: every rule with its clause, as data that a page or a terminal prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import DeclaredFact
from guatu.language import gettext as _
from guatu.messages.wording import manner_words
from guatu.portfolio.duties import DUTY_NAMES
from guatu.portfolio.project import STAGE_NAMES
from guatu.schemes.describe_form import describe_form
from guatu.schemes.describe_lights import describe_lights, describe_rankings
from guatu.schemes.describe_quality import describe_quality
from guatu.schemes.describe_rewards import describe_rewards
from guatu.schemes.describe_sheets import SheetWords, describe_ballots
from guatu.schemes.due_words import due_exceptions, due_words, when_words
from guatu.schemes.entries import Entry, Section, full_stop
from guatu.schemes.formula_words import formula_words
from guatu.schemes.load import Scheme
from guatu.schemes.model import Checks
from guatu.schemes.units import every_term, word
from guatu.values import date_text


def describe(scheme: Scheme) -> list[Section]:
    """Every rule of a scheme in Chinese words, section by section; at the end what is local choice.

    A section without rules is left out.
    """
    text = scheme.text
    sections = [
        Section("document", _("依据文件"), tuple(_document(scheme))),
        Section("facts", _("要报的数据"), tuple(_facts(scheme))),
        Section("form", _("填报表"), tuple(describe_form(scheme)) if text.report else ()),
        Section("portfolio", _("项目盘子"), tuple(_portfolio(scheme))),
        Section("lights", _("预警"), tuple(describe_lights(scheme))),
        Section("rankings", _("排名"), tuple(describe_rankings(scheme))),
        Section("ballots", _("票决"), tuple(describe_ballots(scheme))),
        *(
            Section(f"sheet:{sheet.id}", _("考核表：{name}").format(name=sheet.name), tuple(SheetWords(scheme, sheet).entries()))
            for sheet in text.sheet
        ),
        Section("steps", _("处置阶梯"), tuple(_steps(scheme))),
        Section("rewards", _("奖励"), tuple(describe_rewards(scheme))),
        Section("cadences", _("工作节奏"), tuple(_cadences(scheme))),
        Section("figures", _("数据核对"), tuple(_figures(scheme))),
        Section("data_quality", _("数据质量"), tuple(describe_quality(scheme))),
    ]  # fmt: skip
    written = [section for section in sections if section.entries]
    names = {entry.key: entry.name for section in written for entry in section.entries}
    local = tuple(
        Entry(entry.key, _whole_name(entry, names), entry.clause, (entry.local_choice,))
        for section in written for entry in section.entries if entry.local_choice
    )  # fmt: skip
    return [*written, Section("local_choices", _("本地选择"), local)] if local else written


def _whole_name(entry: Entry, names: Mapping[str, str]) -> str:
    """The name of an entry with that of the rule it stands below: 投资进度，黄灯."""
    above = names.get(entry.key.rpartition(".")[0])
    return f"{above}，{entry.name}" if above else entry.name


def as_text(scheme: Scheme) -> str:
    """The description as lines for a terminal."""
    lines = [f"{scheme.name}（{scheme.id}）"]
    for section in describe(scheme):
        lines += ["", section.title]
        for entry in section.entries:
            pad = "  " * (entry.depth + 1)
            clause = _("（依据：{clause}）").format(clause=entry.clause) if entry.clause else ""
            lines.append(f"{pad}{entry.name}{clause}")
            lines += [f"{pad}  {sentence}" for sentence in entry.sentences]
            if entry.local_choice and section.id != "local_choices":
                lines.append(f"{pad}  " + _("本地选择：{words}").format(words=entry.local_choice))
    return "\n".join(lines)


# The document, its facts, its projects


def _document(scheme: Scheme) -> Iterator[Entry]:
    head = scheme.text.scheme
    yield Entry("scheme", head.name, "", full_stop((
        _("{place}，{year} 年，自 {day} 起施行").format(
            place=head.jurisdiction, year=head.year, day=date_text(head.effective_from)),
        head.summary,
    )))  # fmt: skip
    for goal in scheme.text.goal:
        levels = [(_("保"), goal.hold), (_("争"), goal.strive), (_("创"), goal.aim)]
        said = "，".join(f"{name}{target}" for name, target in levels if target)
        if goal.commitment:
            said += "，" + (_("刚性目标") if goal.commitment == "firm" else _("争取目标"))
        yield Entry(f"goal[{goal.id}]", goal.name, scheme.cite(goal.clause), full_stop((said,)))


def _facts(scheme: Scheme) -> Iterator[Entry]:
    report = scheme.text.report
    if report is not None:
        due = report.due
        yield Entry("report", _("月报"), scheme.cite(due.clause or report.clause), full_stop((
            _("责任单位每月填报，{when}前报送，过后为迟报").format(when=when_words(due)),
            *due_exceptions(due),
        )), due.local_choice or "")  # fmt: skip
        for kind in report.kind:
            yield Entry(f"report.kind[{kind.id}]", kind.name, scheme.cite(kind.clause), full_stop((
                due_words(kind), _("由{who}报送").format(who=kind.who) if kind.who else "", kind.note,
            )), kind.local_choice or "")  # fmt: skip
    reminders = scheme.text.reminders
    if reminders is not None:
        names = "、".join(manner_words(manner) for manner in reminders.compulsory)
        yield Entry("reminders", _("提醒"), scheme.cite(reminders.clause), full_stop((
            _("月报到期前 {days} 个工作日起提醒").format(days=reminders.before),
            _("这几类不能关：{names}").format(names=names) if names else "",
        )), reminders.local_choice or "")  # fmt: skip
    for fact in scheme.text.fact:
        yield Entry(
            f"fact[{fact.id}]",
            fact.name,
            scheme.cite(fact.clause),
            full_stop(_fact_words(scheme, fact)),
            fact.local_choice or "",
        )

    scope = scheme.scopes.before_recognition
    for rule in scheme.text.recognition:
        yield Entry(f"recognition[{rule.id}]", _("认定{name}").format(name=rule.name), scheme.cite(rule.clause), full_stop((
            _("满足：{condition}").format(condition=formula_words(scheme, rule.when, scope)),
            _("证明材料：{names}").format(names="、".join(rule.evidence)) if rule.evidence else "",
            _("只在首次满足的一期计") if rule.first_only else "", rule.note,
        )), rule.local_choice or "")  # fmt: skip


def _fact_words(scheme: Scheme, fact: DeclaredFact) -> Iterator[str]:
    yield _("每个{entity}一个值，{unit}").format(entity=word(fact.entity), unit=word(fact.unit))
    if fact.low is not None or fact.high is not None:
        yield _("在 {low} 至 {high} 之间").format(low=plain(fact.low), high=plain(fact.high))
    if fact.of_report:
        kind = scheme.kind(fact.of_report)
        what = _("当月未报的期数") if fact.counts == "missing" else _("当月迟报的次数")
        yield _("由平台按{report}的报送数出：{what}").format(
            report=kind.name if kind else fact.of_report, what=what
        )
        return
    supplier = fact.supplier or "、".join(fact.sources) or _("责任单位")
    if fact.due_day is not None:
        yield _("由{supplier}在次月 {day} 日前提供").format(supplier=supplier, day=fact.due_day)
    elif fact.due is not None:
        yield _("由{supplier}提供，{when}").format(supplier=supplier, when=due_words(fact.due))
    else:
        yield _("由{supplier}提供").format(supplier=supplier)
    if fact.sources:
        yield _("几家报的数不同，依次以{sources}的为准").format(sources="、".join(fact.sources))
    if fact.unit == "mark":
        yield _("写明评定人和理由")
    if fact.lasting:
        yield _("报一次全年有效")
    if fact.frozen_on is not None:
        yield _("以 {day} 的数为准，全年不变，其后再报的不算").format(day=date_text(fact.frozen_on))
    yield fact.meaning


def _portfolio(scheme: Scheme) -> Iterator[Entry]:
    text = scheme.text
    for category in text.category:
        yield Entry(f"category[{category.id}]", category.name, scheme.cite(category.clause), full_stop((
            _("牵头部门：{names}").format(names="、".join(category.lead_departments)) if category.lead_departments else "",
            _("台账上也写作：{names}").format(names="、".join(category.aliases)) if category.aliases else "",
        )))  # fmt: skip
    for role in text.role:
        stages = "、".join(STAGE_NAMES[stage] for stage in role.stages)
        yield Entry(
            f"role[{role.id}]",
            role.name,
            scheme.cite(role.clause),
            full_stop(
                (
                    _("每个项目要明确{duty}").format(duty=DUTY_NAMES[role.duty]),
                    _("只限{levels}项目").format(levels="、".join(role.levels)) if role.levels else "",
                    _("只限{stages}项目").format(stages=stages) if stages else "",
                )
            ),
            role.local_choice or "",
        )
    for stage in text.stage:
        also = _("台账上也写作：{names}").format(names="、".join(stage.aliases)) if stage.aliases else ""
        yield Entry(
            f"stage[{stage.id}]",
            stage.name,
            scheme.cite(stage.clause),
            full_stop((_("项目的一个阶段"), also)),
        )
    for tier in text.size_tier:
        said = _("总投资 {band}").format(band=tier.band().sentence(_("亿元")))
        yield Entry(f"size_tier[{tier.class_}]", tier.name, scheme.cite(tier.clause), full_stop((said,)), tier.local_choice or "")  # fmt: skip
    published = text.published
    if published is None:
        return
    for key, label, row in (("building", _("在建项目"), published.building), ("preliminary", _("前期项目"), published.preliminary)):  # fmt: skip
        if row is not None:
            yield Entry(
                f"published.{key}", label, scheme.cite(published.clause), full_stop((_row_words(row),))
            )
    for table in published.table:
        rows = [f"{row.class_}：{_row_words(row)}" for row in table.row]
        yield Entry(f"published.table[{table.id}]", _("文件公布的数字：{rows}").format(
            rows="、".join(row.class_ for row in table.row)), scheme.cite(table.clause), full_stop(rows))  # fmt: skip
    for share in published.share:
        yield Entry(
            f"published.share[{share.id}]",
            share.name,
            scheme.cite(share.clause),
            full_stop((_("文件公布 {percent}%").format(percent=plain(share.percent)),)),
        )
    for share in published.share:
        yield Entry(f"published.share[{share.id}]", share.name, scheme.cite(share.clause), full_stop((
            _("{part} 占 {whole} 的 {percent}%").format(
                part=plain(share.part), whole=plain(share.whole), percent=plain(share.percent)),
        )))  # fmt: skip
    quarters = published.quarters
    if quarters is not None:
        targets = [
            _("第 {n} 季度投资 {amount} 亿元").format(n=n, amount=plain(amount))
            for n, amount in enumerate(quarters.planned, 1)
        ]
        targets += [
            _("第 {n} 季度开工 {count} 个").format(n=n, count=count)
            for n, count in enumerate(quarters.starts, 1)
        ]
        if quarters.completions is not None:
            targets.append(_("全年竣工 {count} 个").format(count=quarters.completions))
        yield Entry(
            "published.quarters",
            _("分季目标"),
            scheme.cite(quarters.clause),
            full_stop(("，".join(targets),)),
        )


def _row_words(row: Any) -> str:
    parts = [
        _("{n} 个").format(n=row.projects) if row.projects is not None else "",
        _("总投资 {amount} 亿元").format(amount=plain(row.total)) if row.total is not None else "",
        _("年度计划 {amount} 亿元").format(amount=plain(row.planned)) if row.planned is not None else "",
    ]
    return "，".join(part for part in parts if part)


# Steps, rhythm, figures


def _steps(scheme: Scheme) -> Iterator[Entry]:
    sheets = {sheet.id: sheet for sheet in scheme.text.sheet}
    names = {step.id: step.name for step in scheme.text.step}
    for step in scheme.text.step:
        scope = scheme.scopes.steps_of(step.entity, sheets.get(step.sheet or ""))
        said = [
            _("“{before}”期满没有办结的，对该{entity}采取").format(
                before="”、“".join(names.get(one, one) for one in step.follows), entity=word(step.entity)) if step.follows else "",
            _("{term}看每个{entity}：{condition}").format(
                term=every_term(step.term), entity=word(step.entity), condition=formula_words(scheme, step.when, scope)) if step.when else "",
            _("由{actor}对{called}采取").format(actor=step.actor or _("有关单位"), called=step.called) if step.called else
            _("由{actor}采取").format(actor=step.actor) if step.actor else "",
            _("文书：{paper}").format(paper=step.paper) if step.paper else "",
            _("限 {n} {days}办结").format(n=step.term_days, days=word(step.days).strip()) if step.term_days is not None else "",
            _("办结的标志：{condition}").format(condition=formula_words(scheme, step.fulfilled, scope)) if step.fulfilled else "",
            _("公布：{where}").format(where=step.published) if step.published else "",
            _("影响考核 {points} 分").format(points=plain(step.score_effect)) if step.score_effect is not None else "",
            _("免予的情形：{condition}").format(condition=formula_words(scheme, step.exempt, scope)) if step.exempt else "",
            _("同一阶梯只取最高一级，这是第 {n} 级").format(n=step.order) if step.chain else "",
        ]  # fmt: skip
        yield Entry(
            f"step[{step.id}]", step.name, scheme.cite(step.clause), full_stop(said), step.local_choice or ""
        )


def _cadences(scheme: Scheme) -> Iterator[Entry]:
    for cadence in scheme.text.cadence:
        yield Entry(f"cadence[{cadence.id}]", cadence.name, scheme.cite(cadence.clause), full_stop((due_words(cadence), cadence.who, cadence.note)), cadence.local_choice or "")  # fmt: skip
    rule = scheme.text.bulletin
    if rule is not None:
        praise = (
            _("每个排名表扬前 {n} 名").format(n=rule.praise_places) if rule.praise_places else _("不点名表扬")
        )
        yield Entry("bulletin", _("通报"), scheme.cite(rule.clause), full_stop((
            _("每月一期，由{agency}印发").format(agency=rule.agency.format(jurisdiction=scheme.text.scheme.jurisdiction)),
            _("主送：{names}").format(names=rule.recipients.rstrip("：:")), praise,
        )), rule.local_choice or "")  # fmt: skip


def _figures(scheme: Scheme) -> Iterator[Entry]:
    official, checks = scheme.text.official, scheme.text.checks
    yield Entry("official", _("以哪个数字为准"), scheme.cite(official.clause), full_stop((
        _("灯和排名以{figures}为准").format(figures=word(official.figures)),)), official.local_choice or "")  # fmt: skip
    yield Entry(
        "checks",
        _("数据核对"),
        scheme.cite(checks.clause),
        full_stop(_check_words(checks)),
        checks.local_choice or "",
    )


def _check_words(checks: Checks) -> Iterator[str]:
    """What is questioned, in words; what the scheme does not ask is not told."""
    yield _("投资比例比形象进度高出 {n} 个百分点以上的，列为待核").format(n=plain(checks.money_ahead_points))
    if checks.text_alike is not None:
        yield _("形象进度与上月相同达到 {n}%、数字也一样而填有投资的，请填报人说明").format(
            n=plain(checks.text_alike)
        )
    if checks.same_problem_months is not None:
        yield _("存在问题连续 {n} 个月照抄的，请填报人说明").format(n=checks.same_problem_months)
    if checks.on_plan_months is not None:
        yield _("连续 {n} 个月与当月计划分毫不差的，请填报人说明").format(n=checks.on_plan_months)
    if checks.stuck_months is not None:
        yield _("形象进度到 {percent}% 以上而连续 {n} 个月不动的，请填报人说明").format(
            percent=plain(checks.stuck_percent), n=checks.stuck_months
        )
    if checks.statistics_gap is not None:
        yield _("统计数与调度数相差超过调度数的 {n}% 的，要写明原因").format(n=plain(checks.statistics_gap))


__all__ = ["Entry", "Section", "as_text", "describe"]
