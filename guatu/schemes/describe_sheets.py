"""Ballots and sheets of a scheme in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from guatu.assessment.rules import Rule
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Event, Item, ListRule, NetCap, RollUp, Sheet
from guatu.language import gettext as _
from guatu.schemes.entries import Entry, full_stop, rule_sentence
from guatu.schemes.formula_words import formula_words
from guatu.schemes.load import Scheme
from guatu.schemes.units import every_term, word
from guatu.values import date_text


def describe_ballots(scheme: Scheme) -> Iterator[Entry]:
    for ballot in scheme.text.ballot:
        if ballot.kind == "marks":
            points = _("在 {low} 至 {high} 分之间打分").format(low=plain(ballot.low), high=plain(ballot.high))
        elif ballot.first is not None:
            points = _("第一名 {first} 分，每降一名少 {less} 分，最低 {floor} 分").format(
                first=plain(ballot.first), less=plain(ballot.less), floor=plain(ballot.floor))  # fmt: skip
        else:
            points = _("按名次依次 {points} 分").format(points="、".join(plain(one) for one in ballot.table))
        dropped = ballot.drop_high or ballot.drop_low
        said = [
            _("投票人给每个{entity}{how}").format(entity=word(ballot.entity), how=word(ballot.kind)), points,
            _("各组平均后加权：{groups}").format(groups="、".join(
                _("{name} {weight}").format(name=group.name, weight=plain(group.weight)) for group in ballot.group)),
            _("每组去掉 {high} 个最好的和 {low} 个最差的").format(high=ballot.drop_high, low=ballot.drop_low) if dropped else "",
            _("投自己的票{what}").format(what=word(ballot.self_vote)),
            _("没有投全的票无效") if ballot.complete else "",
            _("投票人自己交票，期末后 {days} 天截止{secret}").format(
                days=ballot.closes_after, secret=_("，截止前谁也看不到别人的票") if ballot.secret else "")
            if ballot.closes_after is not None else "",
        ]  # fmt: skip
        yield Entry(f"ballot[{ballot.id}]", ballot.name, scheme.cite(ballot.clause), full_stop(said), ballot.local_choice or "")  # fmt: skip


class SheetWords:
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
            self._credit(),
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
            yield self._entry(f"series[{series.id}]", _("分组：{name}").format(name=series.name), series.clause, [members, where, ranked], series.local_choice)  # fmt: skip
        for rule in sheet.list_:
            yield self._entry(f"list[{rule.id}]", _("名单：{name}").format(name=rule.name), rule.clause, self._list(rule), rule.local_choice)  # fmt: skip

    def _entry(self, key: str, name: str, clause: str, said: Iterable[str], local: str | None = None, depth: int = 0) -> Entry:  # fmt: skip
        whole = f"{self.key}.{key}" if key else self.key
        return Entry(whole, name, self.scheme.cite(clause), full_stop(said), local or "", depth)

    def _words(self, text: str) -> str:
        return formula_words(self.scheme, text, self.scope)

    def _credit(self) -> str:
        if not self.sheet.credit:
            return ""
        fact = self.scheme.scopes.project_names.get(self.sheet.credit)
        return _("项目记在“{fact}”名下").format(fact=fact.label if fact else self.sheet.credit)

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
            said.append(self._by_series(change.points_by_series))
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
        if item.points_by_series:
            others = "" if item.points is None else _("，其余 {points} 分").format(points=plain(item.points))
            yield self._by_series(item.points_by_series) + others
        else:
            yield _("满分 {points} 分").format(points=plain(full)) + share
        if item.measure is None:
            yield _("为下列各项之和")
        else:
            yield _("按“{formula}”计").format(formula=self._words(item.measure))
        if item.rule is not None:
            yield from self._rules(item, item.rule)
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
            last = item.missing == "last"
            yield _("缺数的，{what}").format(what=_("按当年最近一期的数值计") if last else word(item.missing))

    def _by_series(self, points: Mapping[str, Decimal]) -> str:
        """The points of each series: 满分：A 类 25 分，B 类 20 分."""
        names = {one.id: one.name for one in self.sheet.series}
        said = [_("{series} {points} 分").format(series=names.get(one, one), points=plain(full)) for one, full in points.items()]  # fmt: skip
        return _("满分：{words}").format(words="，".join(said)) if said else ""

    def _rules(self, item: Item, rule: Rule) -> Iterator[str]:
        """The rule of a line; once for each series where its points differ."""
        if not self.sheet.differs(item):
            yield rule_sentence(self.scheme, rule, self.sheet.full_points(item), item.unit, self.scope)
            return
        for one in self.sheet.series:
            full = self.sheet.full_in(item, one.id)
            if full is not None:
                words = rule_sentence(self.scheme, rule, full, item.unit, self.scope)
                yield _("{series}：{words}").format(series=one.name, words=words)

    def _events(self) -> Iterator[Entry]:
        for event in self.sheet.event:
            yield self._entry(f"event[{event.id}]", _("加减分：{name}").format(name=event.name), event.clause, event_words(event), event.local_choice)  # fmt: skip
        for cap in self.sheet.net_cap:
            of, words = net_cap_words(cap)
            yield self._entry(f"net_cap[{cap.group or ''}]", of, cap.clause, [words], cap.local_choice)

    def _limits(self) -> Iterator[Entry]:
        for veto in self.sheet.veto:
            what = {
                "item": _("“{item}”不得分").format(item=self.names.get(veto.item or "", veto.item or "")),
                "total": _("总分为 0"), "award": _("不得评先"),
            }[veto.scope]  # fmt: skip
            after = _("，其后 {n} 期同样").format(n=veto.terms_after) if veto.terms_after else ""
            if veto.terms:
                after += _("，只在{terms}考核时").format(terms="、".join(map(word, veto.terms)))
            yield self._entry(f"veto[{veto.id}]", _("一票否决：{name}").format(name=veto.name), veto.clause,
                              [_("遇有“{condition}”，{what}").format(condition=self._words(veto.when), what=what) + after], veto.local_choice)  # fmt: skip
        for mark in self.sheet.pass_mark:
            of = self.names.get(mark.item or "", mark.item or "") or _("总分")
            yield self._entry(f"pass_mark[{mark.item or ''}]", _("及格线：{name}").format(name=of), mark.clause,
                              [_("不到 {points} 分的，等次降一级").format(points=plain(mark.at_least))], mark.local_choice)  # fmt: skip
        for grade in self.sheet.grade:
            yield self._entry(f"grade[{grade.name}]", _("等次：{name}").format(name=grade.name), grade.clause,
                              [_("{points} 分（含）以上").format(points=plain(grade.low))], grade.local_choice)  # fmt: skip

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


def net_cap_words(cap: NetCap) -> tuple[str, str]:
    """Which events a net cap holds together, and how much they come to at most."""
    of = _("“{group}”一组的加减分").format(group=cap.group) if cap.group else _("全部加减分")
    up = _("合计最多加 {points} 分").format(points=plain(cap.up)) if cap.up is not None else ""
    down = _("合计最多扣 {points} 分").format(points=plain(cap.down)) if cap.down is not None else ""
    return of, "，".join(filter(None, (up, down)))


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
        if part.weights:
            how = _("依次按 {weights} 加权平均").format(weights="、".join(map(plain, part.weights)))
        if part.only:
            how = _("每年第 {numbers} 期，{how}").format(numbers="、".join(map(str, part.only)), how=how)
        parts.append(
            _("{kind}得分（{how}）× {weight}").format(
                kind=word(part.kind), how=how, weight=plain(part.weight)
            )
        )
    said = [" + ".join(parts)]
    if roll_up.of == "exact":
        said.append(_("用四舍五入之前的得分"))
    for part in roll_up.part:
        if part.at_least is not None:
            said.append(_("{kind}得分不满 {n} 期的，没有得分").format(kind=word(part.kind), n=part.at_least))
        if part.missing == "zero":
            said.append(_("{kind}缺一期的，该期按 0 分计").format(kind=word(part.kind)))
        elif part.missing == "none":
            said.append(_("{kind}缺一期的，这一部分没有得分").format(kind=word(part.kind)))
    if roll_up.missing == "zero":
        said.append(_("缺一部分的，该部分按 0 分计"))
    elif roll_up.missing == "reweight":
        said.append(_("缺一部分的，其余各部分按权重折算"))
    return "；".join(said)
