"""What differs between two editions of a scheme, as a policy officer would tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from guatu.assessment.recognition import Recognition
from guatu.assessment.rewards import Reward
from guatu.assessment.rules import Rule
from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Item, ListRule, Sheet
from guatu.language import gettext as _
from guatu.portfolio.formula import Scope
from guatu.schemes.entries import level_name, rule_sentence
from guatu.schemes.formula_words import formula_words
from guatu.schemes.key_names import key_name
from guatu.schemes.lights import Light, LightBand, Ranking
from guatu.schemes.load import Scheme
from guatu.schemes.model import SizeTier
from guatu.schemes.scopes import ENTITY_OF
from guatu.schemes.units import UNIT_WORDS, word
from guatu.supervision.ladder import Step
from guatu.values import date_text
from guatu.written import Part


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that one edition says and the other does not, or says otherwise.

    `key` is its place by ids (`light[schedule].band[yellow].low`), `old` and `new` what the editions say, in words
    (empty where an edition says nothing), `clause` the paragraph, of the new edition where it has one.
    """

    kind: Literal["added", "dropped", "changed"]
    key: str
    sentence: str
    old: str
    new: str
    clause: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def differences(old: Scheme, new: Scheme) -> list[Difference]:
    """Every difference between two editions, in the order of the file; empty when they say the same.

    Rules are matched by their ids. Worked cases are no rules and are not compared.
    """
    side = _Sides(old, new)
    return list(_tables(side, old.text, new.text))


def editions(old: Scheme, new: Scheme) -> str:
    """The two editions as a heading; where they have one name, with the beginning of their digests."""
    names = [old.name, new.name]
    if old.name == new.name:
        names = [
            _("{name}（摘要 {digest}）").format(name=one.name, digest=one.digest[:8]) for one in (old, new)
        ]
    return " → ".join(names)


FORMULAS = frozenset({"measure", "value", "applies", "when", "exempt", "fulfilled", "where", "pivot"})
"""The keys that hold formulas."""

NOTHING: tuple[Any, ...] = (None, "", (), {})
"""What says nothing."""

IDENTITIES = ("id", "valid_from", "class_", "to", "item", "group", "name", "kind", "level")
"""By which key the tables of a list are known, the first that the table has."""


@dataclass(frozen=True)
class _Sides:
    """Where in the two editions the comparison stands: what formulas may name, what the thing is called, its
    clause, the unit of its numbers."""

    old: Scheme
    new: Scheme
    key: str = ""
    name: str = ""
    clause: str = ""
    unit: str = ""
    sheets: tuple[Sheet, Sheet] | None = None
    scopes: tuple[Scope, Scope] | None = None
    parents: tuple[Part, ...] = field(default=())

    def said(self, kind: Literal["added", "dropped", "changed"], key: str, sentence: str, old: str = "", new: str = "") -> Difference:  # fmt: skip
        clause = f"（{self.clause}）" if self.clause else ""
        return Difference(kind, f"{self.key}{key}", sentence + clause, old, new, self.clause)


def _tables(side: _Sides, old: Part, new: Part) -> Iterator[Difference]:
    """Two tables of the same kind, key by key."""
    side = _entered(side, old, new)
    for name in type(new).model_fields:
        one, other = getattr(old, name), getattr(new, name)
        if one == other:
            continue
        if isinstance(one, Part) and isinstance(other, Part):
            yield from _parts(side, name, one, other)
        elif _holds_parts(one) or _holds_parts(other):
            yield from _lists(side, name, one, other)
        else:
            yield _value(side, new, name, one, other)


def _parts(side: _Sides, name: str, one: Part, other: Part) -> Iterator[Difference]:
    below = replace(side, key=f"{side.key}{'.' if side.key else ''}{name}")
    if type(one) is type(other):
        yield from _tables(below, one, other)
        return
    label = key_name(type(side.parents[-1]).__name__, name) or name
    before, after = _table_words(side, side.old, 0, one), _table_words(side, side.new, 1, other)
    yield side.said("changed", f".{name}" if side.key else name, _("{name}的{label}由“{old}”改为“{new}”").format(
        name=side.name, label=label, old=before, new=after), before, after)  # fmt: skip


def _lists(side: _Sides, name: str, old: Any, new: Any) -> Iterator[Difference]:
    """Two lists of tables: what is new, what is gone, what has changed; then whether the order has."""
    ones, others = by_identity(old), by_identity(new)
    for identity, part in ones.items():
        here = replace(side, key=_dotted(side, f"{name}[{identity}]"))
        if identity not in others:
            here = _entered(here, part, part)
            words = _table_words(side, side.old, 0, part)
            yield here.said(
                "dropped", "", _("取消{what}").format(what=_called(side, name, part, here.name)), old=words
            )
    for identity, part in others.items():
        here = replace(side, key=_dotted(side, f"{name}[{identity}]"))
        if identity not in ones:
            here = _entered(here, part, part)
            words = _table_words(side, side.new, 1, part)
            sentence = _("新增{what}").format(what=_called(side, name, part, here.name))
            yield here.said("added", "", f"{sentence}：{words}" if words else sentence, new=words)
        elif type(ones[identity]) is type(part):
            yield from _tables(here, ones[identity], part)
    shared = [identity for identity in ones if identity in others]
    if shared != [identity for identity in others if identity in ones]:
        label = key_name(type(side.parents[-1]).__name__, name) or name
        yield side.said("changed", f".{name}" if side.key else name, _("{name}各{label}的先后次序改变").format(name=side.name, label=label))  # fmt: skip


def _value(side: _Sides, part: Part, name: str, old: Any, new: Any) -> Difference:
    """One key that is not a table."""
    label = key_name(type(part).__name__, name) or name
    before, after = _said(side, side.old, 0, name, old), _said(side, side.new, 1, name, new)
    unit = (
        UNIT_WORDS.get(side.unit, side.unit)
        if name in ("low", "high") and isinstance(part, LightBand | SizeTier)
        else ""
    )
    unit = f" {unit}" if unit and unit != "%" else unit
    if old in NOTHING:
        pattern = _("{name}新定{label}：{new}{unit}")
        if isinstance(new, bool | Decimal | int):
            pattern = _("{name}{label}定为 {new}{unit}")
    elif new in NOTHING:
        pattern = _("{name}不再定{label}（原为“{old}{unit}”）")
    elif isinstance(new, Decimal | int) and not isinstance(new, bool):
        pattern = _("{name}{label}由 {old} 改为 {new}{unit}")
    else:
        pattern = _("{name}{label}由“{old}”改为“{new}”")
    sentence = pattern.format(name=side.name, label=label, old=before, new=after, unit=unit)
    return side.said("changed", f".{name}" if side.key else name, sentence, before, after)


def _entered(side: _Sides, old: Part, new: Part) -> _Sides:
    """The sides inside a table: its name, its clause, its unit, and what its formulas may name."""
    clause = getattr(new, "clause", None) or getattr(old, "clause", None) or side.clause
    side = replace(side, clause=clause, name=_name(side, new), parents=(*side.parents, new))
    match old, new:
        case (Light(), Light()):
            scopes = (side.old.scopes.of_light(old)[0], side.new.scopes.of_light(new)[0])
            return replace(side, unit=new.unit, scopes=scopes)
        case (Ranking(), Ranking()):
            return replace(side, scopes=(side.old.scopes.of_rule(ENTITY_OF[old.entity]), side.new.scopes.of_rule(ENTITY_OF[new.entity])))  # fmt: skip
        case (Sheet(), Sheet()):
            return replace(
                side,
                sheets=(old, new),
                scopes=(side.old.scopes.of(old.entity), side.new.scopes.of(new.entity)),
            )
        case (ListRule(), ListRule()) if side.sheets is not None:
            one, other = side.sheets
            return replace(side, scopes=(side.old.scopes.lists_of(one), side.new.scopes.lists_of(other)))
        case (Step(), Step()):
            return replace(side, scopes=(_step_scope(side.old, old), _step_scope(side.new, new)))
        case (Reward(), Reward()):
            return replace(side, scopes=(_reward_scope(side.old, old), _reward_scope(side.new, new)))
        case (Recognition(), Recognition()):
            return replace(
                side, scopes=(side.old.scopes.before_recognition, side.new.scopes.before_recognition)
            )
        case (Item(), Item()):
            return replace(side, unit=new.unit)
        case (SizeTier(), SizeTier()):
            return replace(side, unit=_("亿元"))
    return side


def _step_scope(scheme: Scheme, step: Step) -> Scope:
    return scheme.scopes.steps_of(
        step.entity, next((s for s in scheme.text.sheet if s.id == step.sheet), None)
    )


def _reward_scope(scheme: Scheme, reward: Reward) -> Scope:
    sheet = next((s for s in scheme.text.sheet if s.id == reward.sheet), None)
    return scheme.scopes.steps_of(sheet.entity if sheet else "county", sheet)


def _name(side: _Sides, part: Part) -> str:
    """What a table is called inside a sentence: “投资进度”黄灯, “县区考核”的“投资”."""
    if isinstance(part, LightBand):
        return _("{light}{level}灯").format(light=side.name, level=level_name(side.new, part.level))
    if isinstance(part, Rule):
        return _("{name}的计分：").format(name=side.name)
    own = getattr(part, "name", None) or getattr(part, "class_", None)
    if own:
        inside = side.sheets is not None and len(side.parents) > 1
        return _("{above}的“{name}”").format(above=side.name, name=own) if inside else f"“{own}”"
    place = side.key.rpartition(".")[2]
    table, _bracket, identity = place.partition("[")
    label = key_name(type(side.parents[-1]).__name__, table) if side.parents else None
    if label is None:
        return side.name
    number = identity.rstrip("]")
    which = _("第 {n} 段").format(n=number) if number.isdecimal() else f"“{word(number)}”" if number else ""
    return f"{side.name}{label}{which}"


def _called(side: _Sides, name: str, part: Part, own: str) -> str:
    label = key_name(type(side.parents[-1]).__name__, name) or name
    return own if isinstance(part, LightBand) or label in own else f"{label}{own}"


def _dotted(side: _Sides, name: str) -> str:
    return f"{side.key}.{name}" if side.key else name


def _holds_parts(value: Any) -> bool:
    return isinstance(value, Part) or (
        isinstance(value, tuple) and any(isinstance(one, Part) for one in value)
    )


def by_identity(value: Any) -> dict[str, Part]:
    """The tables of a list by what they are known by; a second one of the same name gets a number."""
    parts: Sequence[Part] = value if isinstance(value, tuple) else (() if value is None else (value,))
    found: dict[str, Part] = {}
    for number, part in enumerate(parts, 1):
        names = (getattr(part, key, None) for key in IDENTITIES if key in type(part).model_fields)
        identity = str(next((name for name in names if name is not None), number))
        while identity in found:
            identity += f"#{number}"
        found[identity] = part
    return found


def _said(side: _Sides, scheme: Scheme, at: int, name: str, value: Any) -> str:
    """A value of a scheme in words."""
    if isinstance(value, str) and name in FORMULAS and side.scopes is not None:
        scope = side.scopes[at]
        rule = side.parents[-1]
        if name == "applies" and isinstance(rule, Light | Ranking) and rule.entity != "project":
            scope = scheme.scopes.one_project
        return formula_words(scheme, value, scope)
    if name == "after" and isinstance(side.parents[-1], Step):
        names = {step.id: step.name for step in scheme.text.step}
        return "、".join(names.get(one, one) for one in ((value,) if isinstance(value, str) else value)) or _(
            "无"
        )
    if name in ("points_by_series", "depth") and side.sheets is not None:
        named = {one.id: one.name for one in side.sheets[at].series}
        return in_words({named.get(one, one): worth for one, worth in value.items()})
    if name in ("low_included", "high_included"):
        return _("含") if value else _("不含")
    if name in ("level", "becomes"):
        return level_name(scheme, str(value))
    return in_words(value)


def in_words(value: Any) -> str:
    """A plain value of a scheme in words: numbers as typed, words of lists in Chinese, tables never as keys."""
    match value:
        case None:
            return _("无")
        case bool():
            return _("是") if value else _("否")
        case Decimal() | int():
            return plain(Decimal(value))
        case date():
            return date_text(value)
        case StrEnum() | str():
            return word(str(value)) or _("无")
        case Mapping():
            return "、".join(f"{name} {in_words(one)}" for name, one in value.items()) or _("无")
        case tuple():
            return "、".join(in_words(one) for one in value) or _("无")
    return str(value)


def _table_words(side: _Sides, scheme: Scheme, at: int, part: Part) -> str:
    """A whole table in words, for what is new or gone."""
    if isinstance(part, LightBand):
        return part.band().sentence(UNIT_WORDS.get(side.unit, "")).strip()
    if isinstance(part, SizeTier):
        return part.band().sentence(_("亿元"))
    inside = _entered(side, part, part)
    if isinstance(part, Rule):
        item = _item_of(side, at)
        full = side.sheets[at].full_points(item) if side.sheets and item else Decimal(0)
        scope = inside.scopes[at] if inside.scopes else scheme.scopes.of("project")
        return rule_sentence(scheme, part, full, side.unit, scope)
    said = []
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        if name in ("id", "name", "clause", "local_choice", "class_") or value in NOTHING:
            continue
        if not info.is_required() and value == info.default:
            continue
        label = key_name(type(part).__name__, name) or name
        if _holds_parts(value):
            several = value if isinstance(value, tuple) else (value,)
            words = "；".join(_named(inside, scheme, at, one) for one in several)
        else:
            words = _said(inside, scheme, at, name, value)
        said.append(f"{label} {words}")
    return "，".join(said)


def _item_of(side: _Sides, at: int) -> Item | None:
    """The item of one edition in which the comparison stands."""
    ids = [above.id for above in side.parents if isinstance(above, Item)]
    return next((item for item in side.sheets[at].item if item.id in ids), None) if side.sheets else None


def _named(side: _Sides, scheme: Scheme, at: int, part: Part) -> str:
    if isinstance(part, LightBand):
        name = _("{level}灯").format(level=level_name(scheme, part.level))
        return f"{name} {_table_words(side, scheme, at, part)}"
    own = getattr(part, "name", None) or getattr(part, "class_", None)
    return str(own) if own else _table_words(side, scheme, at, part)
