"""The page of the laboratory: rules with their fields, what is said beside each, and what would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.assessment.terms import Term
from guatu.judge.compare import Change
from guatu.schemes.adjustable import Adjustable, places
from guatu.schemes.describe import describe
from guatu.schemes.entries import Section
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.trial import place_of
from guatu.schemes.units import word
from guatu.server.laboratory.forms import VALUE, Wanted, adjustables_of
from guatu.server.laboratory.queries import Outcome
from guatu.server.schemes.queries import Rule, anchor_of
from guatu.values import Period

SHOWN = 40
"""Rows of one rule on the page; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value to turn: its adjustable, the name of its input, what stands in it, and whether that is as in force."""

    of: Adjustable
    name: str
    value: str
    changed: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside a rule: its faults, how it reads when changed, and the old values of what was turned."""

    anchor: str
    faults: tuple[SchemeFault, ...]
    words: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A rule with its fields and what is said of it."""

    rule: Rule
    fields: tuple[Field, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the form; `open` where something in it was turned, and that of the lights."""

    title: str
    rules: tuple[FieldRule, ...]
    open: bool


def chapters(scheme: Scheme, wanted: Wanted) -> list[Chapter]:
    """The rules of the scheme that have something to turn, each with its fields, in the order of the description."""
    sections = _sections(wanted.base)
    fields = _fields(scheme, wanted, _keys(sections))
    faults = _faults(wanted, _keys(sections))
    now = _sentences(sections if wanted.base is scheme else _sections(scheme))
    then = (
        _sentences(_sections(wanted.trial.scheme)) if wanted.trial.differences and wanted.trial.scheme else {}
    )
    found: list[Chapter] = []
    for section in sections:
        rules = []
        for entry in section.entries:
            if entry.key not in fields:
                continue
            anchor = anchor_of(entry.key)
            words = then.get(entry.key, ())
            said = Said(
                anchor,
                tuple(faults.get(entry.key, ())),
                words if then and words != now.get(entry.key) else (),
                tuple(
                    _("{name}原为 {value}").format(name=one.of.name, value=_in_force(scheme, one.of))
                    for one in fields[entry.key]
                    if one.changed
                ),
            )
            rules.append(FieldRule(Rule(anchor, entry), tuple(fields[entry.key]), said))
        if rules:
            turned = any(one.said.faults or one.said.before or one.said.words for one in rules)
            found.append(Chapter(section.title, tuple(rules), turned or section.id == "lights"))
    return found


def _sections(scheme: Scheme) -> list[Section]:
    """The scheme in words, each rule once."""
    return [section for section in describe(scheme) if section.id != "local_choices"]


def _keys(sections: Sequence[Section]) -> set[str]:
    return {entry.key for section in sections for entry in section.entries}


def _sentences(sections: Sequence[Section]) -> dict[str, tuple[str, ...]]:
    return {entry.key: entry.sentences for section in sections for entry in section.entries}


def _fields(scheme: Scheme, wanted: Wanted, keys: set[str]) -> dict[str, list[Field]]:
    in_force = {one.key: one.value for one in adjustables_of(scheme)}
    now = (
        {one.key: one.value for one in adjustables_of(wanted.trial.scheme)}
        if wanted.trial.scheme and wanted.by == "rules"
        else {}
    )
    found: dict[str, list[Field]] = {}
    for one in adjustables_of(wanted.base):
        value = now.get(one.key, wanted.typed.get(one.key, one.value))
        beside = one.key.rpartition(".")[2] in ("from_included", "to_included")
        field = Field(one, f"{VALUE}{one.key}", value, value.strip() != in_force.get(one.key), beside)
        found.setdefault(_rule_of(one, keys), []).append(field)
    return found


def _rule_of(one: Adjustable, keys: set[str]) -> str:
    """The key of the described rule to which a value belongs: the nearest above it."""
    place = one.place
    while place.rule not in keys and place.above is not None and place.above.at:
        place = place.above
    return place.rule


def _faults(wanted: Wanted, keys: set[str]) -> dict[str, list[SchemeFault]]:
    known = places(wanted.base)
    found: dict[str, list[SchemeFault]] = {}
    for fault in wanted.trial.faults:
        place = place_of(known, fault.key)
        while place is not None and place.rule not in keys and place.above is not None:
            place = place.above
        found.setdefault(place.rule if place else "", []).append(fault)
    return found


def _in_force(scheme: Scheme, one: Adjustable) -> str:
    before = next((other for other in adjustables_of(scheme) if other.key == one.key), None)
    if before is None or not before.value:
        return _("无")
    return f"{dict(before.options).get(before.value, before.value)} {before.unit}".strip()


# What would change


@dataclass(frozen=True, slots=True)
class Row:
    """One change: the month, the change, the levels before and after where it is a light, and what else explains it."""

    month: str
    change: Change
    levels: tuple[str, str]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The changes under one rule: what, its name, what explains all of them, the rows shown and how many more."""

    what: str
    name: str
    why: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.more


def what_words() -> Mapping[str, str]:
    """What can change, as it is counted."""
    return {
        "light": _("盏灯"), "rank": _("个排名名次"), "score": _("个考核得分"), "place": _("个考核名次"),
        "lists": _("处名单"), "steps": _("处建议措施"), "rewards": _("笔建议奖励"),
    }  # fmt: skip


def titles() -> Mapping[str, str]:
    """What can change, as the title of its rows."""
    return {
        "rank": _("名次"), "score": _("得分"), "place": _("名次"), "lists": _("名单"),
        "steps": _("建议措施"), "rewards": _("奖励"),
    }  # fmt: skip


def groups(found: Outcome, scheme: Scheme) -> list[Group]:
    """The changes rule by rule, in the order in which they were found."""
    by: dict[tuple[str, str], list[Change]] = {}
    for change in found.changes:
        by.setdefault((change.what, _rule_words(change)[0]), []).append(change)
    names = {level.name: level.id for level in scheme.levels.values()}
    return [
        Group(
            what,
            name if what == "light" else f"{name} · {titles()[what]}",
            common,
            tuple(
                Row(
                    _rule_words(one)[1],
                    one,
                    (names.get(one.before, ""), names.get(one.after, "")) if what == "light" else ("", ""),
                    tuple(sentence for sentence in one.why if sentence not in common),
                )
                for one in changes[:SHOWN]
            ),
            max(len(changes) - SHOWN, 0),
        )
        for (what, name), changes in by.items()
        for common in [_common([change.why for change in changes])]
    ]


def _rule_words(change: Change) -> tuple[str, str]:
    """The name of a changed rule, of a sheet with its kind of term, and the term or month in words."""
    term, _blank, name = change.rule_name.partition(" ")
    if not change.rule.startswith(("sheet[", "reward[")):
        return change.rule_name, Period.parse(change.period).label
    of = Term.parse(term)
    return name if of.kind == "month" else f"{name}（{word(of.kind)}）", of.label


def _common(whys: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sentence for sentence in whys[0] if all(sentence in why for why in whys))


def counted(changes: Sequence[Change]) -> Iterator[tuple[int, str]]:
    """How many of each kind: (3, 盏灯)."""
    for what, words in what_words().items():
        number = sum(change.what == what for change in changes)
        if number:
            yield number, words


def by_month(found: Outcome) -> list[tuple[str, list[tuple[int, str]]]]:
    """The counts month by month."""
    return [
        (
            Period.parse(period).label,
            list(counted([change for change in found.changes if change.period == period])),
        )
        for period in found.periods
    ]
