"""Rewards that nobody can earn, and pots that are smaller than what is promised."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from guatu.assessment.rewards import Reward
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Sheet
from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import parse_formula
from guatu.schemes.load import Scheme, SchemeFault


def check_rewards(scheme: Scheme) -> Iterator[SchemeFault]:
    """Every fault of the rewards, in the order of the file."""
    sheets = {sheet.id: sheet for sheet in scheme.text.sheet}
    seen: set[str] = set()
    for n, reward in enumerate(scheme.text.reward):
        key, cite = f"reward[{n}]", scheme.cite(reward.clause)
        if reward.id in seen:
            yield SchemeFault("error", "scheme.toml", f"{key}.id", _("“{id}”重复").format(id=reward.id), cite)
        seen.add(reward.id)
        sheet = sheets.get(reward.sheet)
        if sheet is None:
            message = _("没有名为“{sheet}”的考核表").format(sheet=reward.sheet)
            yield SchemeFault("error", "scheme.toml", f"{key}.sheet", message, cite)
            continue
        faults = [
            *_way(reward),
            *_reach(scheme, reward, sheet),
            *_series(reward, sheet),
            *_pots(reward, sheet),
        ]
        for severity, where, message in faults:
            yield SchemeFault(severity, "scheme.toml", f"{key}.{where}".rstrip("."), message, cite)


Fault = tuple[str, str, str]
"""Severity, key within the reward, message."""


def _way(reward: Reward) -> Iterator[Fault]:
    ways = [
        bool(reward.places or reward.places_of), bool(reward.grades), reward.amount is not None, reward.divide is not None,
    ]  # fmt: skip
    if sum(ways) != 1:
        yield "error", "", _("数额只能写一样：places（或 places_of）、grades、amount、divide")
    if reward.divide is not None and reward.pot is None and not reward.pots:
        yield "error", "divide", _("分配总额要写 pot（总额），或 pots（各组的总额）")
    if (
        (reward.amount is not None or reward.divide is not None)
        and reward.list_ is None
        and reward.when is None
    ):
        yield "error", "", _("没有写给谁：list（名单）或 when（条件）")
    if reward.shared == "split" and not (reward.places or reward.places_of):
        yield "error", "shared", _("并列平分只用于按名次的数额（places）")
    if reward.back_fill and not (reward.places or reward.places_of):
        yield "error", "back_fill", _("递补只用于按名次的数额（places）")
    if reward.once_by is not None and not reward.once_per_year:
        yield "error", "once_by", _("once_by 要和 once_per_year = true 一起写")
    for name, amounts in (
        ("places", reward.places),
        *((f"places_of.{k}", v) for k, v in reward.places_of.items()),
    ):
        if any(later > earlier for earlier, later in pairwise(amounts)):
            yield "warning", name, _("后面的名次得的比前面的多")


def _reach(scheme: Scheme, reward: Reward, sheet: Sheet) -> Iterator[Fault]:
    """Terms, lists, grades and places that never come."""
    terms = {*sheet.terms, *(roll_up.to for roll_up in sheet.roll_up)}
    if reward.term not in terms:
        yield "error", "term", _("永远得不到：“{sheet}”没有这种期别的得分").format(sheet=sheet.name)
    rule = next((one for one in sheet.list_ if one.id == reward.list_), None)
    if reward.list_ is not None and rule is None:
        yield (
            "error",
            "list",
            _("考核表“{sheet}”没有名为“{list}”的名单").format(sheet=sheet.name, list=reward.list_),
        )
    if rule is not None:
        if rule.terms and reward.term not in rule.terms:
            yield "error", "list", _("永远得不到：名单“{list}”不在这种期别列").format(list=rule.name)
        for series in (one.id for one in sheet.series) if sheet.series else ("",):
            depth = rule.depth.get(series, rule.first)
            amounts = reward.amounts_of(series)
            if amounts and depth is not None and len(amounts) > depth and rule.last is None:
                yield "error", "places", _("名单“{list}”只到第 {depth} 名，第 {place} 名的数额永远得不到").format(
                    list=rule.name, depth=depth, place=depth + 1)  # fmt: skip
                break
    grades = {grade.name for grade in sheet.grade}
    for name in reward.grades:
        if name not in grades:
            yield (
                "error",
                "grades",
                _("考核表“{sheet}”没有“{grade}”这个等次").format(sheet=sheet.name, grade=name),
            )
    if not sheet.ranked and (reward.places or reward.places_of):
        yield "error", "places", _("这张表不排名，不能按名次给数额")
    known = scheme.scopes.declared.get(sheet.entity, {})
    if reward.once_by is not None and (reward.once_by not in known or known[reward.once_by].unit != "text"):
        yield "error", "once_by", _('没有名为“{name}”的文字数据（unit = "text"，对象与考核表相同）').format(
            name=reward.once_by)  # fmt: skip
    scope = scheme.scopes.steps_of(sheet.entity, sheet)
    for word, text in (("when", reward.when), ("exempt", reward.exempt)):
        if text and parse_formula(text, scope).unit is not Unit.FLAG:
            yield "error", word, _("要写成条件")


def _series(reward: Reward, sheet: Sheet) -> Iterator[Fault]:
    series = {one.id: one for one in sheet.series}
    for key, names in (("series", reward.series), ("places_of", reward.places_of), ("pots", reward.pots)):
        for name in names:
            if name not in series:
                yield "error", key, _("没有名为“{name}”的组").format(name=name)
            elif not series[name].ranked and key == "places_of":
                yield (
                    "error",
                    key,
                    _("“{name}”组不参加排名，按名次的数额永远得不到").format(name=series[name].name),
                )
            elif reward.series and name not in reward.series:
                yield "error", key, _("“{name}”组不在 series 里，永远得不到").format(name=series[name].name)


def _pots(reward: Reward, sheet: Sheet) -> Iterator[Fault]:
    """A pot that does not hold the amounts of its places: when all are earned, they are cut."""
    taking = [
        one.id for one in sheet.series if one.ranked and (not reward.series or one.id in reward.series)
    ] or [""]
    sums = {series: sum(reward.amounts_of(series), Decimal(0)) for series in taking}
    for series, pot in reward.pots.items():
        if sums.get(series, Decimal(0)) > pot:
            yield "warning", "pots", _("“{series}”组各名次合计 {sum} {unit}，超过总额 {pot}；都有人得时按比例压减").format(
                series=series, sum=plain(sums[series]), unit=reward.unit, pot=plain(pot))  # fmt: skip
    total = sum(sums.values(), Decimal(0))
    if reward.pot is not None and total > reward.pot:
        yield "warning", "pot", _("各组各名次合计 {sum} {unit}，超过总额 {pot}；都有人得时按比例压减").format(
            sum=plain(total), unit=reward.unit, pot=plain(reward.pot))  # fmt: skip
    if reward.pot is not None and reward.pots and sum(reward.pots.values(), Decimal(0)) > reward.pot:
        yield "error", "pots", _("各组的总额加起来超过 pot {pot}").format(pot=plain(reward.pot))
