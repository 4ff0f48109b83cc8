"""The workings of a score as a tree, in exact fractions: inputs, formula, rule, points, sum, rounding, place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from guatu.assessment.given import FactRow, GivenValue
from guatu.assessment.points import Ready, unit_factor
from guatu.assessment.rules import Company, Rule
from guatu.assessment.rules.linear import Linear
from guatu.assessment.rules.places import Places
from guatu.assessment.rules.rule import clip_exact, plain
from guatu.assessment.sheet import Event, Item, NetCap, Sheet
from guatu.assessment.terms import Kind, Term
from guatu.judge.figures import UNIT_WORDS, show
from guatu.judge.scenes import About, SceneSource, TableScene
from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import Formula, Scene, exact_value
from guatu.schemes.describe_sheets import event_words, net_cap_words
from guatu.schemes.entries import rule_sentence
from guatu.schemes.formula_words import formula_words
from guatu.values import amount, half_up, number_text

if TYPE_CHECKING:
    from guatu.judge.fact_tables import FactTables

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the workings: what it is, what it is worth, how it came about, and what lies below it.

    `points` is exact; None where it cannot exist, and `reason` then says why. `key` is that of its rule within the
    sheet: `item[quality]`, `event[late]`, `net_cap[discipline]`; empty for the sheet as a whole.
    """

    id: str
    label: str
    points: Fraction | None
    full: Decimal | None = None
    value: Fraction | None = None
    unit: str = ""
    formula: str = ""
    arithmetic: str = ""
    rule: str = ""
    clause: str = ""
    local_choice: str = ""
    reason: str = ""
    sources: tuple[str, ...] = ()
    children: tuple[Node, ...] = field(default_factory=tuple)
    key: str = ""

    def every(self) -> Iterator[Node]:
        """Every step below this one."""
        for child in self.children:
            yield child
            yield from child.every()

    def lines(self, depth: int = 0) -> list[str]:
        """The tree as indented sentences."""
        pad = "  " * depth
        worth = "" if self.full is None else _("（满分 {full} 分）").format(full=plain(self.full))
        got = self.reason or _("{points} 分").format(points=points_text(self.points))
        lines = [f"{pad}{self.label}{worth}：{got}"]
        if self.arithmetic:
            lines.append(f"{pad}  {self.formula}：{self.arithmetic}")
        lines += [f"{pad}    {source}" for source in self.sources]
        if self.rule:
            clause = _("（依据：{clause}）").format(clause=self.clause) if self.clause else ""
            lines.append(f"{pad}  {self.rule}{clause}")
        if self.local_choice:
            lines.append(f"{pad}  " + _("本地选择：{words}").format(words=self.local_choice))
        for child in self.children:
            lines += child.lines(depth + 1)
        return lines


def points_text(points: Fraction | None) -> str:
    """Points for people: as many decimals as they have, at most four."""
    if points is None:
        return "–"
    places = 0
    while places < 4 and (points * 10**places).denominator != 1:
        places += 1
    return number_text(points, places)


class Worker:
    """Works one sheet out exactly, for terms of one kind."""

    def __init__(self, assessor: FactTables, sheet: Sheet, kind: Kind, table: pl.DataFrame) -> None:
        self.assessor, self.sheet, self.kind = assessor, sheet, kind
        self.source = SceneSource(assessor, About.of(sheet), kind, table, Worker)
        self.ready = Ready(sheet, kind, assessor.sheet_formula(sheet))
        self._means: dict[tuple[str, str, int], Fraction | None] = {}

    def scene(self, entity: str, order: int) -> TableScene | None:
        row = self.source.row(entity, order)
        return None if row is None else TableScene(self.source, row)

    def work_out(self, entity: str, order: int) -> Node | None:
        """The workings of an entity's score in a term; None where it is not in the table."""
        scene = self.scene(entity, order)
        return None if scene is None else self._whole(scene, order)[0]

    def exact_score(self, entity: str, order: int) -> Fraction | None:
        """The score before it is rounded; None where it cannot exist."""
        scene = self.scene(entity, order)
        return None if scene is None else self._whole(scene, order)[1]

    def _whole(self, scene: TableScene, order: int) -> tuple[Node, Fraction | None]:
        """The workings, and the score before it is rounded."""
        term, entity = Term.of_order(self.kind, order), scene.row["entity"]
        lines = [self._line(item, scene, term) for item in self.ready.lines(None) if self._counts(item, term)]
        base = self._joined(lines)
        events = [self._event(event, scene) for event in self.sheet.event]
        bonus, capped = self._net(events)
        score: Fraction | None = None
        reason = ""
        if base is None:
            reason = _("缺数，不能计分")
        else:
            score = clip_exact(base + bonus, self.sheet.floor, self.sheet.cap)
        for veto in self.sheet.veto:
            if veto.scope == "total" and score is not None and self._struck(veto.id, scene):
                score, reason = Fraction(0), _("一票否决：{name}（依据：{clause}）").format(
                    name=veto.name, clause=self._cite(veto.clause)
                )  # fmt: skip
        rounded = None if score is None else Fraction(half_up(score, self.sheet.decimals))
        words = _("四舍五入到 {n} 位小数").format(n=self.sheet.decimals)
        node = Node(
            id="", label=_("{entity} {term} {sheet}").format(entity=entity, term=term.label, sheet=self.sheet.name),
            points=rounded, full=self.sheet.points, rule=words, clause=self._cite(self.sheet.clause),
            local_choice=self.sheet.local_choice or "", reason=reason,
            children=(*(line for line, _weight, _whole in lines), *(event for event in events if event.points), *capped),
        )  # fmt: skip
        return node, score

    def _cite(self, clause: str) -> str:
        return self.assessor.scheme.cite(clause)

    def _counts(self, item: Item, term: Term) -> bool:
        return not item.only or term.number in item.only

    def _joined(self, lines: Sequence[tuple[Node, Fraction, Fraction]]) -> Fraction | None:
        """The sum of lines, put back to the whole where some are left out; lines worth no points are not scaled."""
        if any(node.points is None and (weight or not all_of) for node, weight, all_of in lines):
            return None
        known = [(node.points, all_of) for node, _weight, all_of in lines if node.points is not None]
        earned = sum((points for points, all_of in known if all_of), Fraction(0))
        apart = sum((points for points, all_of in known if not all_of), Fraction(0))
        present = sum((weight for _n, weight, _w in lines), Fraction(0))
        whole = sum((all_of for _n, _w, all_of in lines), Fraction(0))
        if present == whole:
            return earned + apart
        return None if present == 0 else earned * whole / present + apart

    def _line(self, item: Item, scene: TableScene, term: Term) -> tuple[Node, Fraction, Fraction]:
        """The node of a line, the weight with which it counts, and its whole weight."""
        if item.measure is None:
            lines = [
                self._line(child, scene, term)
                for child in self.ready.lines(item.id)
                if self._counts(child, term)
            ]
            points = self._joined(lines)
            whole = sum((all_of for _n, _w, all_of in lines), Fraction(0))
            weight = whole if any(w for _n, w, _a in lines) else Fraction(0)
            reason = "" if points is not None else _("缺数，不能计分")
            points, reason = self._after_vetoes(item, scene, points, reason)
            node = Node(
                id=item.id, label=item.name, points=points, full=self.sheet.full_in(item, scene.row["series"]),
                clause=self._cite(item.clause), reason=reason,
                local_choice=item.local_choice or "", children=tuple(n for n, _w, _a in lines),
                key=f"item[{item.id}]",
            )  # fmt: skip
            return node, weight, whole
        return self._indicator(item, scene, term)

    def _indicator(self, item: Item, scene: TableScene, term: Term) -> tuple[Node, Fraction, Fraction]:
        variant = self.ready.variant_at(item, term)
        full = variant.full_for(scene.row["series"])
        whole = Fraction(full or 0)
        value = self._measure(variant.measure, item, scene)
        applies, now = None if item.applies is None else self.ready.formula(item.applies), scene
        fits = True if applies is None else applies.of(now)
        late = ""
        if value is None and item.missing == "last":
            scene, value = self._last_known(variant.measure, item, scene)
            late = "" if value is None else _("缺数，按 {term}的数值计").format(
                term=Term.of_order(self.kind, scene.row["order"]).label)  # fmt: skip
        company = self._company(variant.measure, item, variant.rule, now)
        points = None if value is None or full is None else variant.rule.exact(value, full, company)
        weight, reason = whole, late
        if value is None or fits is None:
            points = None
            reason = _("缺数") if applies is None or fits is not None else self._not_known(applies, now)
            if item.missing in ("zero", "reweight"):
                points = Fraction(0)
                weight = Fraction(0) if item.missing == "reweight" else whole
                reason += _("，按 0 分计") if item.missing == "zero" else _("，不计入，其余各项按比例折算")
        if fits is not None and not fits:
            points, weight, reason = self._instead(item, now, whole, term)
        if full is None:
            points, reason = None, _("不属于任何一组，没有定这一项的分值")
        points, reason = self._after_vetoes(item, scene, points, reason)
        if points is not None and self.sheet.item_decimals is not None:
            points = Fraction(half_up(points, self.sheet.item_decimals))
        node = Node(
            id=item.id, label=item.name, points=points, full=full, value=value, unit=item.unit,
            formula=formula_words(self.assessor.scheme, variant.measure.text, variant.measure.scope), arithmetic=self._arithmetic(variant.measure, item, scene, value),
            rule=rule_sentence(self.assessor.scheme, variant.rule, full or Decimal(0), item.unit, variant.measure.scope), clause=self._cite(variant.clause),
            local_choice=item.local_choice or "", reason=reason,
            sources=(
                *self._authority(item), *self._sources(variant.measure, scene),
                *self._compared_with(variant.rule, item, value, company, now),
            ),
            key=f"item[{item.id}]",
        )  # fmt: skip
        return node, weight, whole

    def _instead(
        self, item: Item, scene: TableScene, whole: Fraction, term: Term
    ) -> tuple[Fraction, Fraction, str]:
        """What counts where a line does not apply: points, weight and the reason."""
        match item.not_applicable:
            case "zero":
                return Fraction(0), whole, _("不适用，不得分")
            case "full":
                return whole, whole, _("不适用，得满分")
            case "series_average":
                mean = self._mean_of_series(item, scene, term)
                if mean is not None:
                    return (
                        mean,
                        whole,
                        _("不适用，按组内适用者的平均得分 {points} 分计").format(points=points_text(mean)),
                    )
        return Fraction(0), Fraction(0), _("不适用，其余各项按比例折算")

    def _mean_of_series(self, item: Item, scene: TableScene, term: Term) -> Fraction | None:
        """The mean points of those of the series to whom a line applies; None where nobody has any."""
        assert item.applies is not None
        applies = self.ready.formula(item.applies)
        key = (item.id, scene.row["series"], scene.row["order"])
        if key not in self._means:
            found = []
            for other in scene.company():
                assert isinstance(other, TableScene)
                if applies.of(other):
                    node, weight, whole = self._indicator(item, other, term)
                    if node.points is not None and (weight or not whole):
                        found.append(node.points)
            self._means[key] = sum(found, Fraction(0)) / len(found) if found else None
        return self._means[key]

    def _after_vetoes(
        self, item: Item, scene: TableScene, points: Fraction | None, reason: str
    ) -> tuple[Fraction | None, str]:
        """The points of a line, and why, after what strikes it out."""
        for veto in self.sheet.veto:
            if veto.scope == "item" and veto.item == item.id and self._struck(veto.id, scene):
                points, reason = Fraction(0), _("一票否决：{name}").format(name=veto.name)
        return points, reason

    def _last_known(
        self, formula: Formula, item: Item, scene: TableScene
    ) -> tuple[TableScene, Fraction | None]:
        """The last term of the year up to the scene's in which a value is known, with that value."""
        number, _in_year = scene.place_in_year()
        for ago, earlier in reversed(scene.moments()):
            assert isinstance(earlier, TableScene)
            if ago >= number:
                break
            value = self._measure(formula, item, earlier)
            if value is not None:
                return earlier, value
        return scene, None

    def _not_known(self, applies: Formula, scene: Scene) -> str:
        """Why it cannot be told whether a line applies."""
        names = [applies.scope.names[name].label for name in applies.facts if scene.fact(name) is None]
        lacking = _("（缺少：{names}）").format(names="、".join(names)) if names else ""
        return _("不知是否适用") + lacking

    def _measure(self, formula: Formula, item: Item, scene: Scene) -> Fraction | None:
        value = formula.of(scene)
        if value is None or isinstance(value, str):
            return None
        return Fraction(value) * unit_factor(item.unit, formula.unit)

    def _company(self, formula: Formula, item: Item, rule: Rule, scene: TableScene) -> Company:
        pivot = None
        if isinstance(rule, Linear) and isinstance(rule.pivot, str):
            pivot = self._measure(self.ready.formula(rule.pivot), item, scene)
        if not rule.compares:
            return Company(pivot=pivot)
        values = [
            value for other in scene.company() if (value := self._compared(formula, item, other)) is not None
        ]
        return Company(values, pivot)

    def _compared(self, formula: Formula, item: Item, scene: Scene) -> Fraction | None:
        """The value with which one counts for the others: the one that its own points come from."""
        value = self._measure(formula, item, scene)
        if value is None and item.missing == "last":
            assert isinstance(scene, TableScene)
            value = self._last_known(formula, item, scene)[1]
        return value

    def _arithmetic(self, formula: Formula, item: Item, scene: Scene, value: Fraction | None) -> str:
        worked = formula.worked(scene, show)
        if value is None:
            return worked
        result = f"{points_text(value)}{UNIT_WORDS.get(item.unit, '')}"
        alone = re.fullmatch(r"[−-]?[\d,]+(\.\d+)?", worked)
        if alone and Fraction(worked.replace(",", "").replace("−", "-")) == value:
            return result
        return f"{worked} = {result}"

    @staticmethod
    def _authority(item: Item) -> tuple[str, ...]:
        """Whose figure counts, where the scheme says so."""
        return (_("数据来源：{source}").format(source=item.source),) if item.source else ()

    def _sources(self, formula: Formula, scene: TableScene) -> tuple[str, ...]:
        return sources_of(self.assessor.facts, formula, scene.row["entity"], self.kind, scene.row["order"])

    def _compared_with(
        self, rule: Rule, item: Item, value: Fraction | None, company: Company, scene: TableScene
    ) -> Iterator[str]:
        """What the value was held against: the pivot that is worked out, with its own sources, or the place it took."""
        if isinstance(rule, Linear) and isinstance(rule.pivot, str):
            pivot = self.ready.formula(rule.pivot)
            yield _("基准 {formula}：{arithmetic}").format(
                formula=formula_words(self.assessor.scheme, pivot.text, pivot.scope),
                arithmetic=self._arithmetic(pivot, item, scene, company.pivot),
            )
            yield from self._sources(pivot, scene)
        if isinstance(rule, Places) and value is not None:
            yield _("组内第 {place} 名，共 {count} 个").format(
                place=rule.place(value, company), count=len(company.values)
            )

    def _event(self, event: Event, scene: TableScene) -> Node:
        points = exact_value(scene.row.get(f"e:{event.id}"))
        exact = Fraction(half_up(Fraction(points), 6)) if isinstance(points, Fraction) else Fraction(0)
        given = self.source.exact_cell(scene.row, event.id)
        return Node(
            id=event.id, label=event.name, points=exact, rule="，".join(event_words(event)), clause=self._cite(event.clause),
            arithmetic=_("本期 {given}").format(given=_given_text(given)) if given is not None else "",
            formula=_("加减分"), local_choice=event.local_choice or "", key=f"event[{event.id}]",
        )  # fmt: skip

    def _net(self, events: Sequence[Node]) -> tuple[Fraction, list[Node]]:
        """What the events come to, and a node for each net cap that changes it."""
        points = {node.id: node.points or Fraction(0) for node in events}
        capped: list[Node] = []
        groups: dict[str | None, Fraction] = {}
        for event in self.sheet.event:
            groups[event.group] = groups.get(event.group, Fraction(0)) + points[event.id]
        for cap in self.sheet.net_cap:
            if cap.group is not None and cap.group in groups:
                groups[cap.group] = self._capped(cap, groups[cap.group], capped)
        total = sum(groups.values(), Fraction(0))
        for cap in self.sheet.net_cap:
            if cap.group is None:
                total = self._capped(cap, total, capped)
        return total, capped

    def _capped(self, cap: NetCap, points: Fraction, capped: list[Node]) -> Fraction:
        """Points within a net cap; where it changes them, a node that says by how much."""
        within = clip_exact(points, None if cap.down is None else -cap.down, cap.up)
        if within != points:
            label, words = net_cap_words(cap)
            capped.append(
                Node(
                    id=f"net_cap.{cap.group or 'all'}", key=f"net_cap[{cap.group or ''}]", label=label, points=within - points, rule=words, clause=self._cite(cap.clause),
                    formula=_("封顶"), local_choice=cap.local_choice or "",
                    arithmetic=_("合计 {points} 分，计 {within} 分").format(
                        points=points_text(points), within=points_text(within)),
                )
            )  # fmt: skip
        return within

    def _struck(self, id: str, scene: TableScene) -> bool:
        """Whether a veto strikes: its condition holds exactly, now or up to `terms_after` before."""
        veto = next(veto for veto in self.sheet.veto if veto.id == id)
        if veto.terms and self.kind not in veto.terms:
            return False
        when, now = self.ready.formula(veto.when), scene.row["order"]
        rows = self.source.history(scene.row["entity"])
        return any(
            bool(when.of(TableScene(self.source, row)))
            for row in rows
            if now - veto.terms_after <= row["order"] <= now
        )


def sources_of(
    facts: Iterable[FactRow], formula: Formula, entity: str, kind: Kind, order: int
) -> tuple[str, ...]:
    """Who handed in, for a term, what a formula names of an entity, and what a spot check found."""
    said = []
    for row in facts:
        if (
            row.fact in formula.facts
            and row.entity == entity
            and row.term.order == order
            and row.term.kind == kind
        ):
            name = formula.scope.names[row.fact].label
            words = [part for part in (row.source, row.by, row.place) if part]
            if row.second:
                words.append(_("{second}复核").format(second=row.second))
            if row.day:
                words.append(row.day.isoformat())
            if row.reason:
                words.append(_("理由：{reason}").format(reason=row.reason))
            if row.checked is not None:
                unit = formula.scope.names[row.fact].unit
                words.append(_("上报 {value}，核查 {checked}，以核查为准").format(
                    value=_in_unit(row.value, unit), checked=_in_unit(row.checked, unit)))  # fmt: skip
            if words:
                said.append(f"{name}：{'，'.join(words)}")
    return tuple(said)


def _in_unit(value: GivenValue, unit: Unit) -> str:
    """A figure as it was handed in; money in 万元 with as many decimals as it has."""
    if unit is not Unit.MONEY or not isinstance(value, Fraction):
        return _given_text(value)
    exact = amount(int(value), "万元").normalize()
    return number_text(exact, max(0, -int(exact.as_tuple().exponent))) + _(" 万元")


def _given_text(value: Any) -> str:
    if isinstance(value, Fraction | int | float) and not isinstance(value, bool):
        return points_text(Fraction(exact_value(value) or 0))
    return {True: _("是"), False: _("否")}.get(value, str(value)) if isinstance(value, bool) else str(value)
