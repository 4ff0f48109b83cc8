"""Rewards as amounts (奖励): who earns how much by place, grade or list. Proposed; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from guatu.assessment.rules.rule import plain
from guatu.assessment.terms import Kind
from guatu.language import gettext as _
from guatu.written import Number, Part


class Reward(Part):
    """[[reward]]: what the best of a sheet earn in a term: money, land quota, any quantity with a `unit`.

    How much: `places`, the amounts of the places 1, 2, 3 … of each series, or `places_of` by series; `grades` by grade;
    `amount` for each; or `divide`, which divides a pot `equally` or `by_score`. Who: `list` names a list of the sheet,
    `series` the series that take part, `when` a further condition (facts, `score`, `rank`, `listed_ID`), `exempt` who is
    left out. Nobody who is barred from awards earns one.

    `pot` is what there is in all, `pots` by series; where amounts together are more, all are cut in proportion. Amounts
    are cut off, not rounded, at `decimals`, so that a pot is never exceeded. `shared` says what those who share a place
    earn: `each` the amount of the place, or `split` what the places they take up are worth together. A place that falls
    to one who does not meet the conditions is passed on only with `back_fill`. `once_per_year`: who earned it in an
    earlier term of the year earns it no more; `once_by` names the text fact that says which person that is.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    sheet: str
    term: Kind = "year"
    unit: str = "万元"
    places: tuple[Number, ...] = ()
    places_of: dict[str, tuple[Number, ...]] = Field(default_factory=dict)
    grades: dict[str, Number] = Field(default_factory=dict)
    amount: Number | None = None
    divide: Literal["equally", "by_score"] | None = None
    pot: Number | None = None
    pots: dict[str, Number] = Field(default_factory=dict)
    list_: str | None = Field(default=None, alias="list")
    series: tuple[str, ...] = ()
    when: str | None = None
    exempt: str | None = None
    shared: Literal["each", "split"] = "each"
    back_fill: bool = False
    once_per_year: bool = False
    once_by: str | None = None
    decimals: int = Field(default=2, ge=0, le=6)
    actor: str = ""
    note: str = ""
    clause: str
    local_choice: str | None = None

    def amounts_of(self, series: str) -> tuple[Decimal, ...]:
        """The amounts of the places of a series."""
        return self.places_of.get(series, self.places)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of a sheet: its series, place, grade, score, and whether it meets the conditions of the reward."""

    entity: str
    series: str
    rank: int | None
    grade: str | None
    score: Fraction | None
    meets: bool = True


@dataclass(frozen=True, slots=True)
class Award:
    """What one earns, and why."""

    entity: str
    amount: Fraction
    because: str


def awards(reward: Reward, candidates: Sequence[Candidate]) -> list[Award]:
    """Who earns how much of a reward in one term, among all of its sheet; in their order."""
    earned = [
        award for one in candidates if one.meets and (award := _earned(reward, one, candidates)) is not None
    ]
    series = {one.entity: one.series for one in candidates}
    return [_cut(reward, award, earned, series) for award in earned if award.amount > 0]


def _earned(reward: Reward, one: Candidate, candidates: Sequence[Candidate]) -> Award | None:
    """What one earns before the pot is looked at."""
    if reward.divide is not None:
        return _share(reward, one, candidates)
    if reward.grades:
        if one.grade not in reward.grades:
            return None
        amount = reward.grades[one.grade]
        return Award(one.entity, Fraction(amount), _("等次为{grade}").format(grade=one.grade))
    if reward.amount is not None:
        return Award(one.entity, Fraction(reward.amount), _("符合条件，每家 {amount} {unit}").format(
            amount=plain(reward.amount), unit=reward.unit))  # fmt: skip
    return _placed(reward, one, [other for other in candidates if other.series == one.series])


def _placed(reward: Reward, one: Candidate, company: Sequence[Candidate]) -> Award | None:
    if one.rank is None:
        return None
    amounts = reward.amounts_of(one.series)
    place = one.rank
    if reward.back_fill:
        company = [other for other in company if other.meets]
        place = 1 + sum(other.rank is not None and other.rank < one.rank for other in company)
    tied = sum(other.rank == one.rank for other in company)
    if place > len(amounts):
        return None
    words = _("第 {place} 名").format(place=place)
    if place != one.rank:
        words += _("（原为第 {rank} 名，递补）").format(rank=one.rank)
    if tied == 1 or reward.shared == "each":
        words += _("，{n} 家并列，各得该名次的数额").format(n=tied) if tied > 1 else ""
        return Award(one.entity, Fraction(amounts[place - 1]), words)
    together = sum(amounts[place - 1 : place - 1 + tied], Decimal(0))
    words += _("，{n} 家并列，所占名次的数额合计 {sum} {unit}，平分").format(
        n=tied, sum=plain(together), unit=reward.unit
    )
    return Award(one.entity, _cut_off(Fraction(together) / tied, reward.decimals), words)


def _share(reward: Reward, one: Candidate, candidates: Sequence[Candidate]) -> Award | None:
    """A share of the pot: of the series' own where there are pots by series, else of the one for all."""
    whole = reward.pots.get(one.series) if reward.pots else reward.pot
    if whole is None:
        return None
    company = [
        other for other in candidates if other.meets and (not reward.pots or other.series == one.series)
    ]
    if reward.divide == "equally":
        words = _("总额 {pot} {unit}，{n} 家平分").format(pot=plain(whole), unit=reward.unit, n=len(company))
        return Award(one.entity, _cut_off(Fraction(whole) / len(company), reward.decimals), words)
    total = sum(
        (other.score for other in company if other.score is not None and other.score > 0), Fraction(0)
    )
    if one.score is None or one.score <= 0:
        return None
    words = _("总额 {pot} {unit}，按得分 {score} ÷ {total} 分配").format(
        pot=plain(whole), unit=reward.unit, score=plain(one.score), total=plain(total)
    )
    return Award(one.entity, _cut_off(Fraction(whole) * one.score / total, reward.decimals), words)


def _cut(reward: Reward, award: Award, earned: Sequence[Award], series: Mapping[str, str]) -> Award:
    """An award cut in proportion where all together are more than there is."""
    mine = series[award.entity]
    limits = [
        (whole, group)
        for whole, group in (
            (reward.pot, list(earned)),
            (reward.pots.get(mine), [one for one in earned if series[one.entity] == mine]),
        )
        if whole is not None
    ]
    for whole, group in limits:
        total = sum((one.amount for one in group), Fraction(0))
        if total > whole:
            words = _("；合计 {total} 超过总额 {pot} {unit}，按比例压减").format(
                total=plain(total), pot=plain(whole), unit=reward.unit
            )
            cut = _cut_off(award.amount * Fraction(whole) / total, reward.decimals)
            return Award(award.entity, cut, award.because + words)
    return award


def _cut_off(amount: Fraction, decimals: int) -> Fraction:
    return Fraction((amount * 10**decimals).__floor__(), 10**decimals)
