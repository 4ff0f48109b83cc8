"""A scheme in words: every rule with its clause, as data that a page or a terminal prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from guatu.assessment.rules import AnyRule
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import DeclaredFact, Event, Item, ListRule, RollUp, Sheet
from guatu.language import gettext as _
from guatu.portfolio.formula import Scope
from guatu.schemes.formula_words import formula_words
from guatu.schemes.load import Scheme
from guatu.schemes.model import Light, Ranking
from guatu.schemes.scopes import ENTITY_OF
from guatu.schemes.units import UNIT_WORDS, every_term, word
from guatu.values import date_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: its key in the scheme (`light[schedule]`), its name, what it says, and where that stands.

    `clause` is the citation as printed; empty where the scheme gives none. `local_choice` says what the document
    leaves open and the place has chosen. `depth` is how far it stands below another line (0: it does not).
    """

    key: str
    name: str
    clause: str
    sentences: tuple[str, ...]
    local_choice: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a scheme that people look up as one: its id, its title, its entries."""

    id: str
    title: str
    entries: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "entries": [asdict(entry) for entry in self.entries]}


def describe(scheme: Scheme) -> list[Section]:
    """Every rule of a scheme in Chinese words, section by section; at the end what is local choice.

    A section without rules is left out.
    """
    text = scheme.text
    sections = [
        Section("document", _("文件"), tuple(_document(scheme))),
        Section("facts", _("要报的数据"), tuple(_facts(scheme))),
        Section("portfolio", _("项目盘子"), tuple(_portfolio(scheme))),
        Section("lights", _("预警"), tuple(_lights(scheme))),
        Section("rankings", _("排名"), tuple(_rankings(scheme))),
        *(
            Section(f"sheet:{sheet.id}", _("考核表：{name}").format(name=sheet.name), tuple(_Sheet(scheme, sheet).entries()))
            for sheet in text.sheet
        ),
        Section("steps", _("处置阶梯"), tuple(_steps(scheme))),
        Section("cadences", _("工作节奏"), tuple(_cadences(scheme))),
        Section("figures", _("数据核对"), tuple(_figures(scheme))),
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


def rule_sentence(scheme: Scheme, rule: AnyRule, full: Decimal, unit: str, scope: Scope) -> str:
    """The rule of an indicator for people; a pivot that is a formula stands in words."""
    if isinstance(rule, Linear) and isinstance(rule.pivot, str):
        rule = rule.model_copy(update={"pivot": formula_words(scheme, rule.pivot, scope)})
    return rule.sentence(full, UNIT_WORDS.get(unit, ""))


def full_stop(parts: Iterable[str]) -> tuple[str, ...]:
    """The sentences that say something, each with its full stop."""
    return tuple(part if part.endswith("。") else f"{part}。" for part in parts if part)


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
        yield Entry(f"goal[{goal.id}]", goal.name, scheme.cite(goal.clause), full_stop((said,)))


def _facts(scheme: Scheme) -> Iterator[Entry]:
    report = scheme.text.report
    if report is not None:
        due = report.due
        when = {0: _("当月 {day} 日"), 1: _("次月 {day} 日")}.get(
            due.months_after, _("其后第 {n} 个月 {day} 日")
        )
        yield Entry("report", _("月报"), scheme.cite(due.clause or report.clause), full_stop((
            _("责任单位每月填报，{when}前报送，过后为迟报").format(when=when.format(day=due.day, n=due.months_after)),
        )), due.local_choice or "")  # fmt: skip
    for fact in scheme.text.fact:
        yield Entry(f"fact[{fact.id}]", fact.name, scheme.cite(fact.clause), full_stop(_fact_words(fact)))


def _fact_words(fact: DeclaredFact) -> Iterator[str]:
    yield _("每个{entity}一个值，{unit}").format(entity=word(fact.entity), unit=word(fact.unit))
    if fact.low is not None or fact.high is not None:
        yield _("在 {low} 至 {high} 之间").format(low=plain(fact.low), high=plain(fact.high))
    supplier = fact.supplier or _("责任单位")
    if fact.due_day is not None:
        yield _("由{supplier}在次月 {day} 日前提供").format(supplier=supplier, day=fact.due_day)
    else:
        yield _("由{supplier}提供").format(supplier=supplier)
    if fact.unit == "mark":
        yield _("写明评定人和理由")
    if fact.lasting:
        yield _("报一次全年有效")
    yield fact.meaning


def _portfolio(scheme: Scheme) -> Iterator[Entry]:
    text = scheme.text
    for category in text.category:
        yield Entry(f"category[{category.id}]", category.name, scheme.cite(category.clause), full_stop((
            _("牵头部门：{names}").format(names="、".join(category.lead_departments)) if category.lead_departments else "",
            _("台账上也写作：{names}").format(names="、".join(category.aliases)) if category.aliases else "",
        )))  # fmt: skip
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
            "published.quarters", _("分季目标"), scheme.cite(quarters.clause), full_stop(("，".join(targets),))
        )


def _row_words(row: Any) -> str:
    parts = [
        _("{n} 个").format(n=row.projects) if row.projects is not None else "",
        _("总投资 {amount} 亿元").format(amount=plain(row.total)) if row.total is not None else "",
        _("年度计划 {amount} 亿元").format(amount=plain(row.planned)) if row.planned is not None else "",
    ]
    return "，".join(part for part in parts if part)


# Lights and rankings


def _lights(scheme: Scheme) -> Iterator[Entry]:
    text = scheme.text
    if text.light:
        order = sorted(text.level, key=lambda level: level.gravity)
        yield Entry("level", _("灯的级别"), "", full_stop((_("由轻到重：{names}").format(
            names="、".join(level.name for level in order)),)))  # fmt: skip
        missing = (
            _("没有分月计划的按月均摊") if text.schedule.when_missing == "linear" else _("没有分月计划的不判")
        )
        yield Entry("schedule", _("序时进度"), scheme.cite(text.schedule.clause), full_stop((
            _("取自{curve}").format(curve=word(text.schedule.curve)), missing if text.schedule.curve != "linear" else "",
        )), text.schedule.local_choice or "")  # fmt: skip
    for light in text.light:
        yield from _light(scheme, light)
    names = {light.id: light.name for light in text.light}
    for combined in text.combined_light:
        said = [
            _("由{lights}合成").format(lights="、".join(f"“{names.get(one, one)}”" for one in combined.of))
        ]
        if combined.how == "worst":
            said.append(_("取最重的一盏"))
        said += [
            _("有 {n} 盏达到{level}或更重的，为{becomes}").format(
                n=rule.at_least, level=level_name(scheme, rule.level), becomes=level_name(scheme, rule.becomes))
            for rule in combined.count
        ]  # fmt: skip
        yield Entry(
            f"combined_light[{combined.id}]", combined.name, scheme.cite(combined.clause), full_stop(said)
        )


def _light(scheme: Scheme, light: Light) -> Iterator[Entry]:
    key = f"light[{light.id}]"
    of, _applies = scheme.scopes.of_light(light)
    said = [
        _("看每个{entity}").format(entity=word(light.entity)),
        applies_words(scheme, light),
        _("数值 = {formula}，保留 {n} 位小数").format(formula=formula_words(scheme, light.measure, of), n=light.decimals),
    ]  # fmt: skip
    yield Entry(key, light.name, scheme.cite(light.clause), full_stop(said), light.local_choice or "")
    for band in light.band:
        name = _("{level}灯").format(level=level_name(scheme, band.level))
        yield Entry(f"{key}.band[{band.level}]", name, scheme.cite(light.clause),
                    full_stop((band.band().sentence(UNIT_WORDS[light.unit]).strip(),)), band.local_choice or "", 1)  # fmt: skip
    for rule in light.escalate:
        pattern = (
            _("连续 {n} 期{level}，升为{becomes}")
            if rule.running
            else _("一年内第 {n} 次{level}，升为{becomes}")
        )
        said = [pattern.format(n=rule.times, level=level_name(scheme, rule.level), becomes=level_name(scheme, rule.becomes))]  # fmt: skip
        yield Entry(f"{key}.escalate[{rule.level}]", _("升级"), scheme.cite(rule.clause or light.clause), full_stop(said), depth=1)  # fmt: skip


def level_name(scheme: Scheme, level: str) -> str:
    """The name of a level on screen: 黄."""
    return scheme.levels[level].name if level in scheme.levels else level


def applies_words(scheme: Scheme, rule: Light | Ranking) -> str:
    """Which projects a light or ranking counts; empty where it counts all."""
    if not rule.applies:
        return ""
    scope = scheme.scopes.of("project") if rule.entity == "project" else scheme.scopes.one_project
    return _("只算满足条件的项目：{condition}").format(condition=formula_words(scheme, rule.applies, scope))


def _rankings(scheme: Scheme) -> Iterator[Entry]:
    for ranking in scheme.text.ranking:
        scope = scheme.scopes.of(ENTITY_OF[ranking.entity])
        best = _("大的在前") if ranking.order == "descending" else _("小的在前")
        said = [
            _("每月给每个{entity}排名，{best}，并列同名次，其后跳过").format(entity=word(ranking.entity), best=best),
            applies_words(scheme, ranking),
            _("数值 = {formula}，保留 {n} 位小数").format(
                formula=formula_words(scheme, ranking.value, scope), n=ranking.decimals),
            _("不参加排名：{names}").format(names="、".join(ranking.exclude)) if ranking.exclude else "",
        ]  # fmt: skip
        yield Entry(f"ranking[{ranking.id}]", ranking.name, scheme.cite(ranking.clause), full_stop(said), ranking.local_choice or "")  # fmt: skip


# Sheets


class _Sheet:
    """The entries of one sheet."""

    def __init__(self, scheme: Scheme, sheet: Sheet) -> None:
        self.scheme, self.sheet, self.key = scheme, sheet, f"sheet[{sheet.id}]"
        self.scope, self.lists = scheme.scopes.of(sheet.entity), scheme.scopes.lists_of(sheet)
        self.names = {item.id: item.name for item in sheet.item}

    def entries(self) -> Iterator[Entry]:
        sheet = self.sheet
        said = [
            _("考核每个{entity}，{terms}一次").format(
                entity=word(sheet.entity), terms="、".join(every_term(kind) for kind in sheet.terms)),
            _("满分 {points} 分").format(points=plain(sheet.points)) if sheet.points is not None else _("不设满分"),
            _("总分不低于 {floor} 分").format(floor=plain(sheet.floor)) if sheet.floor else "",
            _("总分不高于 {cap} 分").format(cap=plain(sheet.cap)) if sheet.cap is not None else "",
            _("得分四舍五入到 {n} 位小数后排名").format(n=sheet.decimals) if sheet.ranked else _("不排名"),
            _("同分的依次比较：{names}").format(names="、".join(self._tie_breakers())) if sheet.tie_breakers else "",
        ]  # fmt: skip
        yield self._entry("", sheet.name, sheet.clause, said, sheet.local_choice)
        for item in sheet.item:
            if item.parent is None or item.parent not in self.names:
                yield from self._items(item, 1)
        yield from self._events()
        yield from self._limits()
        for roll_up in sheet.roll_up:
            yield self._entry(f"roll_up[{roll_up.to}]", _("{term}得分的合成").format(term=word(roll_up.to)),
                              roll_up.clause, [roll_up_words(roll_up)], roll_up.local_choice)  # fmt: skip
        for series in sheet.series:
            members = _("成员：{names}").format(names="、".join(series.members)) if series.members else ""
            where = _("条件：{condition}").format(condition=self._words(series.where)) if series.where else ""
            ranked = _("单独排名") if series.ranked else _("不参加排名")
            yield self._entry(f"series[{series.id}]", _("分组：{name}").format(name=series.name), series.clause, [members, where, ranked])  # fmt: skip
        for rule in sheet.list_:
            yield self._entry(f"list[{rule.id}]", _("名单：{name}").format(name=rule.name), rule.clause, self._list(rule), rule.local_choice)  # fmt: skip

    def _entry(self, key: str, name: str, clause: str, said: Iterable[str], local: str | None = None, depth: int = 0) -> Entry:  # fmt: skip
        whole = f"{self.key}.{key}" if key else self.key
        return Entry(whole, name, self.scheme.cite(clause), full_stop(said), local or "", depth)

    def _words(self, text: str) -> str:
        return formula_words(self.scheme, text, self.scope)

    def _tie_breakers(self) -> Sequence[str]:
        return [self.names.get(text) or self._words(text) for text in self.sheet.tie_breakers]

    def _items(self, item: Item, depth: int) -> Iterator[Entry]:
        yield self._entry(
            f"item[{item.id}]", item.name, item.clause, self._item(item), item.local_choice, depth
        )
        for change in item.change:
            said = [_("自 {day} 起").format(day=date_text(change.valid_from))]
            full = change.points if change.points is not None else self.sheet.full_points(item)
            said.append(
                _("满分 {points} 分").format(points=plain(change.points)) if change.points is not None else ""
            )
            said.append(
                _("按“{formula}”计").format(formula=self._words(change.measure)) if change.measure else ""
            )
            said.append(
                rule_sentence(self.scheme, change.rule, full, item.unit, self.scope) if change.rule else ""
            )
            yield self._entry(f"item[{item.id}].change[{change.valid_from}]", _("{name}的变化").format(name=item.name),
                              change.clause, ["，".join(part for part in said if part)], change.local_choice, depth + 1)  # fmt: skip
        for child in self.sheet.children(item.id):
            yield from self._items(child, depth + 1)

    def _item(self, item: Item) -> Iterator[str]:
        full = self.sheet.full_points(item)
        share = (
            _("，占上一级的 {share}%").format(share=plain(item.share * 100)) if item.share is not None else ""
        )
        yield _("满分 {points} 分").format(points=plain(full)) + share
        if item.measure is None:
            yield _("为下列各项之和")
        else:
            yield _("按“{formula}”计").format(formula=self._words(item.measure))
        if item.rule is not None:
            yield rule_sentence(self.scheme, item.rule, full, item.unit, self.scope)
        if item.source:
            yield _("以{source}的数据为准").format(source=item.source)
        if item.terms:
            yield _("只在{terms}考核时计").format(terms="、".join(word(kind) for kind in item.terms))
        if item.only:
            yield _("只在每年第 {numbers} 期计").format(numbers="、".join(map(str, item.only)))
        if item.applies:
            yield _("适用条件：{condition}；不适用的，{what}").format(
                condition=self._words(item.applies), what=word(item.not_applicable))  # fmt: skip
        if item.missing != "none":
            yield _("缺数的，{what}").format(what=word(item.missing))

    def _events(self) -> Iterator[Entry]:
        for event in self.sheet.event:
            yield self._entry(f"event[{event.id}]", _("加减分：{name}").format(name=event.name), event.clause, event_words(event), event.local_choice)  # fmt: skip
        for cap in self.sheet.net_cap:
            of = _("“{group}”一组的加减分").format(group=cap.group) if cap.group else _("全部加减分")
            up = _("合计最多加 {points} 分").format(points=plain(cap.up)) if cap.up is not None else ""
            down = _("合计最多扣 {points} 分").format(points=plain(cap.down)) if cap.down is not None else ""
            yield self._entry(
                f"net_cap[{cap.group or ''}]", of, cap.clause, ["，".join(filter(None, (up, down)))]
            )

    def _limits(self) -> Iterator[Entry]:
        for veto in self.sheet.veto:
            what = {
                "item": _("“{item}”不得分").format(item=self.names.get(veto.item or "", veto.item or "")),
                "total": _("总分为 0"), "award": _("不得评先"),
            }[veto.scope]  # fmt: skip
            after = _("，其后 {n} 期同样").format(n=veto.terms_after) if veto.terms_after else ""
            yield self._entry(f"veto[{veto.id}]", _("一票否决：{name}").format(name=veto.name), veto.clause,
                              [_("遇有“{condition}”，{what}").format(condition=self._words(veto.when), what=what) + after])  # fmt: skip
        for mark in self.sheet.pass_mark:
            of = self.names.get(mark.item or "", mark.item or "") or _("总分")
            yield self._entry(f"pass_mark[{mark.item or ''}]", _("及格线：{name}").format(name=of), mark.clause,
                              [_("不到 {points} 分的，等次降一级").format(points=plain(mark.at_least))])  # fmt: skip
        for grade in self.sheet.grade:
            yield self._entry(f"grade[{grade.name}]", _("等次：{name}").format(name=grade.name), grade.clause,
                              [_("{points} 分（含）以上").format(points=plain(grade.low))])  # fmt: skip

    def _list(self, rule: ListRule) -> Iterator[str]:
        yield _("{kind}名单").format(kind=word(rule.kind))
        if rule.first is not None:
            yield _("每组前 {n} 名").format(n=rule.first)
        if rule.last is not None:
            yield _("每组后 {n} 名").format(n=rule.last)
        names = {series.id: series.name for series in self.sheet.series}
        for series, depth in rule.depth.items():
            yield _("“{series}”组取 {n} 名").format(series=names.get(series, series), n=depth)
        if rule.when:
            yield _("同时要满足：{condition}；不满足的空出，不递补").format(
                condition=formula_words(self.scheme, rule.when, self.lists))  # fmt: skip
        if rule.exempt:
            yield _("不列入的情形：{condition}").format(
                condition=formula_words(self.scheme, rule.exempt, self.lists)
            )
        if rule.terms:
            yield _("只在{terms}考核时列").format(terms="、".join(word(kind) for kind in rule.terms))


def event_words(event: Event) -> Iterator[str]:
    """What an event adds or takes, and how often."""
    if event.points is not None:
        sign = _("每次加 {points} 分") if event.points > 0 else _("每次扣 {points} 分")
        yield sign.format(points=plain(abs(event.points)))
    else:
        yield _("由人在 {low} 至 {high} 分之间定，写明理由").format(
            low=plain(event.low), high=plain(event.high)
        )
    if event.most_per_quarter is not None:
        yield _("每季最多计 {n} 次").format(n=event.most_per_quarter)
    if event.most_per_year is not None:
        yield _("每年最多计 {n} 次").format(n=event.most_per_year)
    if event.cap is not None:
        yield _("每期最多 {points} 分").format(points=plain(event.cap))


def roll_up_words(roll_up: RollUp) -> str:
    """How the score of a longer term is made: 月得分的平均 × 10% + …."""
    parts = []
    for part in roll_up.part:
        how = _("最好 {n} 期的平均").format(n=part.n) if part.how == "best" and part.n else word(part.how)
        parts.append(
            _("{kind}得分（{how}）× {weight}").format(
                kind=word(part.kind), how=how, weight=plain(part.weight)
            )
        )
    return " + ".join(parts)


# Steps, rhythm, figures


def _steps(scheme: Scheme) -> Iterator[Entry]:
    sheets = {sheet.id: sheet for sheet in scheme.text.sheet}
    for step in scheme.text.step:
        scope = scheme.scopes.steps_of(step.entity, sheets.get(step.sheet or ""))
        said = [
            _("{term}看每个{entity}：{condition}").format(
                term=every_term(step.term), entity=word(step.entity), condition=formula_words(scheme, step.when, scope)),
            _("由{actor}对{called}采取").format(actor=step.actor or _("有关单位"), called=step.called) if step.called else
            _("由{actor}采取").format(actor=step.actor) if step.actor else "",
            _("文书：{paper}").format(paper=step.paper) if step.paper else "",
            _("限 {n} 天办结").format(n=step.term_days) if step.term_days is not None else "",
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
        when = every_term(cadence.every)
        if cadence.months:
            when += _("，在 {months} 月").format(months="、".join(map(str, cadence.months)))
        if cadence.day == "month_end":
            when += _("，月末")
        if cadence.within is not None:
            when += (
                _("，{n}{days}内").format(n=cadence.within, days=word(cadence.days))
                if cadence.within
                else _("，即时")
            )
        yield Entry(f"cadence[{cadence.id}]", cadence.name, scheme.cite(cadence.clause), full_stop((when, cadence.who, cadence.note)))  # fmt: skip
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
    yield Entry("checks", _("投资超前"), scheme.cite(checks.clause), full_stop((
        _("投资比例比形象进度高出 {n} 个百分点以上的，列为待核").format(n=plain(checks.money_ahead_points)),)),
        checks.local_choice or "")  # fmt: skip
