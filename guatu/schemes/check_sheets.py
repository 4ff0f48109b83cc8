"""What the sheets and events of a scheme leave open or contradict."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guatu.assessment.ballots import faults_of
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Item, Sheet
from guatu.assessment.terms import MONTHS, Kind
from guatu.language import gettext as _
from guatu.portfolio.facts import UNIT_NAMES, Unit
from guatu.portfolio.formula import parse_formula
from guatu.schemes.check_names import names_twice
from guatu.schemes.check_points import check_points
from guatu.schemes.check_roll_ups import faults_of_part
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.units import word
from guatu.supervision.ladder import letter_steps
from guatu.supervision.letters import letter_facts
from guatu.values import Period, date_text

UNITS_OF_ITEM: dict[str, tuple[Unit, ...]] = {
    "percentage_points": (Unit.RATIO_DIFFERENCE, Unit.PERCENTAGE_POINTS),
    "percent": (Unit.RATIO, Unit.PERCENT),
    "ratio": (Unit.RATIO,),
    "count": (Unit.COUNT, Unit.NUMBER, Unit.FLAG),
    "number": (Unit.NUMBER, Unit.COUNT, Unit.FLAG),
    "points": (Unit.NUMBER, Unit.COUNT, Unit.FLAG),
    "days": (Unit.NUMBER, Unit.COUNT),
    "money": (Unit.MONEY,),
}
"""Which formula units the declared unit of a line may stand for."""


def check_sheets(scheme: Scheme) -> Iterator[SchemeFault]:
    """Every fault of the sheets, in the order of the file."""
    for n, sheet in enumerate(scheme.text.sheet):
        key = f"sheet[{n}]"
        yield from _tree(scheme, key, sheet)
        for m, item in enumerate(sheet.item):
            yield from _item(scheme, f"{key}.item[{m}]", sheet, item)
        yield from check_points(scheme, key, sheet)
        yield from _events(scheme, key, sheet)
        yield from _references(scheme, key, sheet)
        yield from _roll_ups(scheme, key, sheet)
        yield from _series(scheme, key, sheet)
    yield from _twice(scheme)


def _error(scheme: Scheme, key: str, message: str, clause: str | None = None) -> SchemeFault:
    return SchemeFault("error", "scheme.toml", key, message, scheme.cite(clause))


def _warning(scheme: Scheme, key: str, message: str, clause: str | None = None) -> SchemeFault:
    return SchemeFault("warning", "scheme.toml", key, message, scheme.cite(clause))


def _tree(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    names = [item.id for item in sheet.item]
    for m, item in enumerate(sheet.item):
        where = f"{key}.item[{m}].id"
        if item.id in names[:m]:
            yield _error(scheme, where, _("“{id}”重复").format(id=item.id), item.clause)
        if item.parent is not None and item.parent not in names:
            yield _error(scheme, where, _("上一级“{parent}”没有写").format(parent=item.parent), item.clause)
        if item.parent is not None and any(o.id == item.parent and o.measure for o in sheet.item):
            yield _error(scheme, where, _("上一级“{parent}”自己有算式，下面不能再分项").format(parent=item.parent), item.clause)  # fmt: skip
        if item.measure is None and not sheet.children(item.id):
            yield _error(
                scheme, where, _("“{name}”既没有算式，也没有分项").format(name=item.name), item.clause
            )
        if (item.measure is None) != (item.rule is None):
            yield _error(scheme, where, _("measure 和 rule 要一起写"), item.clause)
        if (item.points is not None or item.points_by_series) and item.share is not None:
            yield _error(scheme, where, _("points 和 share 只能写一个"), item.clause)
        worth = item.points is not None or item.share is not None or item.points_by_series
        if item.measure is not None and not worth:
            yield _error(scheme, where, _("没有写这一项值多少分（points 或 share）"), item.clause)


def _item(scheme: Scheme, key: str, sheet: Sheet, item: Item) -> Iterator[SchemeFault]:
    if item.measure is None or item.rule is None:
        return
    scope = scheme.scopes.of(sheet.entity)
    versions = [(key, item.measure, item.rule, sheet.full_points(item))]
    for n, change in enumerate(item.change):
        _k, measure, rule, full = versions[-1]
        stated = (*([change.points] if change.points is not None else ()), *change.points_by_series.values())
        versions.append((f"{key}.change[{n}]", change.measure or measure, change.rule or rule,
                         max(stated, default=full)))  # fmt: skip
    for where, measure, rule, full in versions:
        unit = parse_formula(measure, scope).unit
        if unit not in UNITS_OF_ITEM[item.unit]:
            message = _("公式得出的是{actual}，与 unit = “{declared}”不符").format(
                actual=UNIT_NAMES[unit], declared=item.unit
            )
            if item.unit == "percentage_points" and unit is Unit.RATIO:
                message = _("百分点是两个比率之差；这个公式是一个比率，应写 percent，或写成两个比率相减")
            yield _error(scheme, f"{where}.unit", message, item.clause)
        for message in rule.faults(full):
            yield _error(scheme, f"{where}.rule", message, item.clause)
    base = item.rule.most(sheet.full_points(item))
    for where, _measure, rule, full in versions[1:]:
        own = rule.most(full)
        if base is not None and base == sheet.full_points(item) and own is not None and own != full:
            yield _warning(scheme, f"{where}.points", _(
                "这一项改为 {full} 分，计分规则里写的分没有跟着改，最多仍得 {most} 分；请在这里一并写新的 rule").format(
                full=plain(full), most=plain(own)), item.clause)  # fmt: skip
    for n, one in enumerate(item.only):
        most = max(12 // MONTHS[kind] for kind in (item.terms or sheet.terms))
        if not 1 <= one <= most:
            yield _error(
                scheme, f"{key}.only[{n}]", _("应在 1 至 {most} 之间").format(most=most), item.clause
            )


def _events(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    for n, event in enumerate(sheet.event):
        where = f"{key}.event[{n}]"
        if (event.points is None) == (event.low is None or event.high is None):
            yield _error(scheme, where, _("要么写 points，要么写 low 和 high"), event.clause)
        if event.low is not None and event.high is not None and event.low > event.high:
            yield _error(scheme, where, _("low 大于 high"), event.clause)
    groups = {event.group for event in sheet.event}
    for n, cap in enumerate(sheet.net_cap):
        if cap.group is not None and cap.group not in groups:
            yield _error(scheme, f"{key}.net_cap[{n}].group", _("没有哪个加减分项属于“{group}”").format(group=cap.group), cap.clause)  # fmt: skip
        if cap.up is None and cap.down is None:
            yield _error(scheme, f"{key}.net_cap[{n}]", _("up 和 down 至少写一个"), cap.clause)


def _references(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    names = {item.id for item in sheet.item}
    known = scheme.scopes.project_names
    if sheet.credit is not None and (sheet.credit not in known or known[sheet.credit].unit is not Unit.TEXT):
        yield _error(
            scheme,
            f"{key}.credit",
            _('没有名为“{name}”的项目文字事实（entity = "project"，unit = "text"）').format(
                name=sheet.credit
            ),
            sheet.clause,
        )
    for n, veto in enumerate(sheet.veto):
        if veto.scope == "item" and veto.item not in names:
            yield _error(scheme, f"{key}.veto[{n}].item", _("没有名为“{item}”的项").format(item=veto.item), veto.clause)  # fmt: skip
        for kind in veto.terms:
            if kind not in (*sheet.terms, *(roll_up.to for roll_up in sheet.roll_up)):
                yield _error(scheme, f"{key}.veto[{n}].terms", _("这张表没有 {kind} 的得分").format(kind=kind), veto.clause)  # fmt: skip
            elif kind not in sheet.terms and veto.scope != "award":
                yield _error(scheme, f"{key}.veto[{n}].terms", _(
                    '{kind} 的得分只由各期合成，没有自己的项：只能取消评先资格（scope = "award"）').format(kind=word(kind)), veto.clause)  # fmt: skip
    for n, mark in enumerate(sheet.pass_mark):
        if mark.item is not None and mark.item not in names:
            yield _error(scheme, f"{key}.pass_mark[{n}].item", _("没有名为“{item}”的项").format(item=mark.item), mark.clause)  # fmt: skip
        if not sheet.grade:
            yield _warning(
                scheme, f"{key}.pass_mark[{n}]", _("没有写等次（grade），及格线不起作用"), mark.clause
            )
    for n, grade in enumerate(sheet.grade):
        same = next((other for other in sheet.grade[:n] if other.low == grade.low), None)
        if same is not None:
            yield _error(scheme, f"{key}.grade[{n}].from", _("“{one}”和“{other}”的 from 都是 {low}：分不清是哪一等").format(
                one=same.name, other=grade.name, low=plain(grade.low)), grade.clause)  # fmt: skip
    series = {one.id for one in sheet.series}
    for n, rule in enumerate(sheet.list_):
        where = f"{key}.list[{n}]"
        for name in rule.depth:
            if name not in series:
                yield _error(
                    scheme, f"{where}.depth", _("没有名为“{name}”的组").format(name=name), rule.clause
                )
        if rule.first is not None and rule.last is not None:
            yield _error(scheme, where, _("first 和 last 只能写一个"), rule.clause)
        if rule.first is None and rule.last is None and not rule.depth and rule.when is None:
            yield _error(scheme, where, _("没有写谁上名单：first、last、depth 或 when"), rule.clause)
        if not sheet.ranked and (rule.first or rule.last or rule.depth):
            yield _error(scheme, where, _("这张表不排名，名单不能按名次"), rule.clause)


def _roll_ups(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    for n, roll_up in enumerate(sheet.roll_up):
        where = f"{key}.roll_up[{n}]"
        known: set[Kind] = {*sheet.terms, *(earlier.to for earlier in sheet.roll_up[:n])}
        for m, part in enumerate(roll_up.part):
            if part.kind not in known:
                yield _error(scheme, f"{where}.part[{m}].kind", _("这张表没有 {kind} 的得分").format(kind=part.kind), roll_up.clause)  # fmt: skip
            if MONTHS[part.kind] > MONTHS[roll_up.to]:
                yield _error(scheme, f"{where}.part[{m}].kind", _("长的期别不能并入短的"), roll_up.clause)
            if part.how == "best" and part.n is None:
                yield _error(scheme, f"{where}.part[{m}].n", _("取最好的几期，要写 n"), roll_up.clause)
            for at, message in faults_of_part(part):
                yield _error(scheme, f"{where}.part[{m}].{at}", message, roll_up.clause)
        if roll_up.to in sheet.terms and all(part.kind != roll_up.to for part in roll_up.part):
            own = [
                *(
                    item.name
                    for item in sheet.item
                    if item.measure and (not item.terms or roll_up.to in item.terms)
                ),
                *(event.name for event in sheet.event),
            ]
            if own:
                yield _warning(scheme, where, _(
                    '本期自己的{names}不计入：part 里没有 kind = "{kind}" 的一部分；要计入就加上 {{ kind = "{kind}", weight = 1 }}'
                ).format(names="、".join(f"“{name}”" for name in own), kind=roll_up.to), roll_up.clause)  # fmt: skip
        total = sum((part.weight for part in roll_up.part), Decimal(0))
        if total != 1:
            yield _warning(scheme, where, _("各部分的权重加起来是 {total}，不是 1").format(total=plain(total)), roll_up.clause)  # fmt: skip


def _series(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    seen: dict[str, str] = {}
    for n, series in enumerate(sheet.series):
        if not series.members and series.where is None:
            yield _error(scheme, f"{key}.series[{n}]", _("没有写组里有谁：members 或 where"), series.clause)
        for member in series.members:
            if member in seen:
                yield _error(scheme, f"{key}.series[{n}].members", _("“{member}”同时在“{one}”和“{other}”两组").format(
                    member=member, one=seen[member], other=series.name), series.clause)  # fmt: skip
            seen[member] = series.name


def _twice(scheme: Scheme) -> Iterator[SchemeFault]:
    """Facts and events share one list of names, since both are handed in by name."""
    for key, message, clause in names_twice(scheme.text):
        yield _error(scheme, key, message, clause)
    seen: set[str] = set()
    for n, fact in enumerate(scheme.text.fact):
        if fact.id in seen:
            yield _error(scheme, f"fact[{n}].id", _("“{id}”重复").format(id=fact.id), fact.clause)
        seen.add(fact.id)
        if fact.frozen_on is not None and fact.frozen_on.year != scheme.text.scheme.year:
            yield _error(scheme, f"fact[{n}].frozen_on", _("冻结日不在方案的 {year} 年之内，永远冻结不了").format(
                year=scheme.text.scheme.year), fact.clause)  # fmt: skip
        elif fact.frozen_on is not None and (last := Period.of(fact.frozen_on)).last_day != fact.frozen_on:
            before = last.plus(-1)
            yield _warning(scheme, f"fact[{n}].frozen_on", _(
                "{day}不是一个月的最后一天：在这一天或以前结束的期别才算数，{month}的不算；要算{month}，请写 {end}；要算到上月为止，请写 {before}"
            ).format(day=date_text(fact.frozen_on), month=last.label, end=last.last_day, before=before.last_day), fact.clause)  # fmt: skip
        if len(set(fact.sources)) < len(fact.sources) or len(fact.sources) == 1:
            yield _error(
                scheme, f"fact[{n}].sources", _("写两家以上，各写一次，以谁的数为准谁在前"), fact.clause
            )
        if fact.unit == "mark" and (fact.low is None or fact.high is None):
            yield _error(scheme, f"fact[{n}]", _("评定的分要写 low 和 high"), fact.clause)
    for n, ballot in enumerate(scheme.text.ballot):
        if ballot.id in seen:
            yield _error(
                scheme, f"ballot[{n}].id", _("“{id}”与别的事实重名").format(id=ballot.id), ballot.clause
            )
        seen.add(ballot.id)
        for message in faults_of(ballot):
            yield _error(scheme, f"ballot[{n}]", message, ballot.clause)
    for n, sheet in enumerate(scheme.text.sheet):
        for m, event in enumerate(sheet.event):
            if event.id in seen:
                yield _error(scheme, f"sheet[{n}].event[{m}].id", _("“{id}”与别的事实或加减分项重名").format(id=event.id), event.clause)  # fmt: skip
            seen.add(event.id)
    for n, step in enumerate(scheme.text.step):
        if step in letter_steps(scheme.text.step):
            for name, _label in letter_facts(step):
                if name in seen:
                    yield _error(
                        scheme, f"step[{n}].id", _("“{id}”与别的事实重名").format(id=name), step.clause
                    )
                seen.add(name)
    names: set[str] = set()
    for n, rule in enumerate(scheme.text.recognition):
        if rule.id in names or f"recognised_{rule.id}" in seen:
            yield _error(scheme, f"recognition[{n}].id", _("“{id}”重复").format(id=rule.id), rule.clause)
        names.add(rule.id)
        if parse_formula(rule.when, scheme.scopes.before_recognition).unit is not Unit.FLAG:
            yield _error(scheme, f"recognition[{n}].when", _("要写成条件"), rule.clause)
