"""Rewards of a scheme in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from guatu.assessment.rewards import Reward
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Sheet
from guatu.language import gettext as _
from guatu.schemes.entries import Entry, full_stop
from guatu.schemes.formula_words import formula_words
from guatu.schemes.load import Scheme
from guatu.schemes.units import every_term


def describe_rewards(scheme: Scheme) -> Iterator[Entry]:
    sheets = {sheet.id: sheet for sheet in scheme.text.sheet}
    for reward in scheme.text.reward:
        sheet = sheets.get(reward.sheet)
        if sheet is not None:
            yield Entry(
                f"reward[{reward.id}]", reward.name, scheme.cite(reward.clause),
                full_stop(_words(scheme, reward, sheet)), reward.local_choice or "",
            )  # fmt: skip


def _words(scheme: Scheme, reward: Reward, sheet: Sheet) -> Iterator[str]:
    names = {one.id: one.name for one in sheet.series}
    scope = scheme.scopes.steps_of(sheet.entity, sheet)
    yield _("{term}按“{sheet}”给，由人决定").format(term=every_term(reward.term), sheet=sheet.name)
    if reward.series:
        yield _("只给这些组：{names}").format(names="、".join(names.get(one, one) for one in reward.series))
    if reward.places:
        yield _("每组{places}").format(places=_places(reward.places, reward.unit))
    for series, amounts in reward.places_of.items():
        yield _("“{series}”：{places}").format(
            series=names.get(series, series), places=_places(amounts, reward.unit)
        )
    for grade, amount in reward.grades.items():
        yield _("等次为{grade}的 {amount} {unit}").format(grade=grade, amount=plain(amount), unit=reward.unit)
    if reward.amount is not None:
        yield _("每家 {amount} {unit}").format(amount=plain(reward.amount), unit=reward.unit)
    if reward.pot is not None:
        yield _("总额 {pot} {unit}").format(pot=plain(reward.pot), unit=reward.unit)
    for series, pot in reward.pots.items():
        yield _("“{series}”：总额 {pot} {unit}").format(
            series=names.get(series, series), pot=plain(pot), unit=reward.unit
        )
    if reward.divide is not None:
        yield _("总额由符合条件的平分") if reward.divide == "equally" else _("总额由符合条件的按得分分配")
    if reward.list_ is not None:
        lists = {one.id: one.name for one in sheet.list_}
        yield _("只给“{list}”名单上的").format(list=lists.get(reward.list_, reward.list_))
    if reward.when:
        yield _("同时要满足：{condition}").format(condition=formula_words(scheme, reward.when, scope))
    if reward.exempt:
        yield _("不给的情形：{condition}").format(condition=formula_words(scheme, reward.exempt, scope))
    if reward.places or reward.places_of:
        yield (
            _("名次并列的，平分所占名次的数额")
            if reward.shared == "split"
            else _("名次并列的，各得该名次的数额")
        )
        yield _("不符合条件的，由后面的递补") if reward.back_fill else _("不符合条件的空出，不递补")
    if reward.once_per_year:
        fact = scheme.scopes.declared.get(sheet.entity, {}).get(reward.once_by or "")
        yield _("同一{whom}一年只得一次").format(whom=fact.name if fact else _("对象"))
    if reward.actor:
        yield _("由{actor}办理").format(actor=reward.actor)
    yield reward.note


def _places(amounts: Sequence[Decimal], unit: str) -> str:
    return _("第一名起依次 {amounts} {unit}").format(amounts="、".join(map(plain, amounts)), unit=unit)
