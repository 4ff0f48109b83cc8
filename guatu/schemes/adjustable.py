"""What of a scheme can be turned: every number, formula and choice of its rules, with its place in the files."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Event, Sheet
from guatu.language import gettext as _
from guatu.schemes.differences import FORMULAS, by_identity
from guatu.schemes.key_names import key_name
from guatu.schemes.lights import Light, LightBand
from guatu.schemes.load import Scheme
from guatu.schemes.model import Checks, ReportDue
from guatu.schemes.units import UNIT_WORDS, word
from guatu.written import Part

RULES = (
    "schedule", "light", "combined_light", "ranking", "report", "official", "checks", "ballot", "sheet", "step",
)  # fmt: skip
"""The tables of a scheme that decide something; the others say what there is, or what the document prints."""

Kind = Literal["number", "formula", "choice"]


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a scheme: `at`, where it stands in the files (`light[0].band[2]`), `key`, the same by ids as the
    differences of schemes say it (`light[schedule].band[red]`), the table, and the table it stands in."""

    at: str
    key: str
    part: Part
    above: Place | None = None

    @property
    def rule(self) -> str:
        """The key by which the description of the scheme knows it."""
        return self.key.replace("list_[", "list[")


@dataclass(frozen=True, slots=True)
class Adjustable:
    """One value that can be turned: `key`, its place in the files (`light[0].band[2].from`); its name; what it is;
    its value as written (empty: none), its unit, and for a choice the words it is chosen from."""

    key: str
    place: Place
    name: str
    kind: Kind
    value: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


def places(scheme: Scheme) -> list[Place]:
    """Every table of the scheme, in the order of the file, each before what stands in it."""
    return list(_inside(Place("", "", scheme.text)))


def _inside(place: Place) -> Iterator[Place]:
    if place.at:
        yield place
    dot = "." if place.at else ""
    for name, field in type(place.part).model_fields.items():
        value = getattr(place.part, name)
        at, key = f"{place.at}{dot}{field.alias or name}", f"{place.key}{dot}{name}"
        if isinstance(value, Part):
            yield from _inside(Place(at, key, value, place))
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for number, (identity, part) in enumerate(by_identity(value).items()):
                yield from _inside(Place(f"{at}[{number}]", f"{key}[{identity}]", part, place))


def adjustables(scheme: Scheme) -> list[Adjustable]:
    """Every value of the scheme's rules that can be turned, in the order of the file."""
    return [
        one
        for place in places(scheme)
        if place.key.partition("[")[0].partition(".")[0] in RULES
        for one in _of(place)
    ]


def _of(place: Place) -> Iterator[Adjustable]:
    part = place.part
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        key = f"{place.at}.{field.alias or name}"
        label = _label(place, name)
        if name in FORMULAS and isinstance(value, str):
            yield Adjustable(key, place, label, "formula", value)
        elif name in EDGES and getattr(part, EDGES[name], None) is None:
            continue
        elif isinstance(value, bool):
            if name in part.model_fields_set or name in EDGES:
                yes, no = (_("含"), _("不含")) if name in EDGES else (_("是"), _("否"))
                pair = (("true", yes), ("false", no))
                yield Adjustable(key, place, label, "choice", "true" if value else "false", options=pair)
        elif isinstance(value, Decimal | int):
            if name in part.model_fields_set or name in ALWAYS:
                yield Adjustable(key, place, label, "number", plain(Decimal(value)), _unit(place, name))
        elif value is None and name in OPEN.get(type(part), ()):
            yield Adjustable(key, place, label, "number", "", _unit(place, name))
        elif isinstance(value, str) and name in CHOICES and (words := _literals(field.annotation)):
            options = tuple((one, word(one)) for one in words)
            if len(options) > 1:
                yield Adjustable(key, place, label, "choice", value, options=options)
        elif isinstance(value, Mapping):
            for each, number in value.items():
                if isinstance(number, Decimal | int) and not isinstance(number, bool):
                    yield Adjustable(
                        f"{key}.{each}", place, f"{label} {each}", "number", plain(Decimal(number))
                    )


EDGES = {"low_included": "low", "high_included": "high"}
"""Whether an edge belongs to a band; said only where there is that edge."""
ALWAYS = frozenset({"decimals", "floor"})
"""Numbers that are shown also where the file leaves them to the rule."""
OPEN: Mapping[type, tuple[str, ...]] = {Sheet: ("cap",), Event: ("cap",)}
"""Limits that a scheme may do without, and that can be set."""
CHOICES = frozenset({"order", "how", "curve", "when_missing", "figures", "missing", "not_applicable", "best", "self_vote"})  # fmt: skip


def _literals(annotation: Any) -> tuple[str, ...]:
    if typing.get_origin(annotation) is Literal:
        return tuple(one for one in typing.get_args(annotation) if isinstance(one, str))
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return tuple(found for inner in typing.get_args(annotation) for found in _literals(inner))
    return ()


def _label(place: Place, name: str) -> str:
    """What the value is called below its rule: 下限, 第 2 段的每档的分."""
    own = key_name(type(place.part).__name__, name) or name
    _above, dot, last = place.at.rpartition(".")
    number = last.partition("[")[2].rstrip("]")
    table = last.partition("[")[0]
    if dot and number and place.above is not None and table not in NAMED:
        label = key_name(type(place.above.part).__name__, table) or table
        return _("{table}第 {n} 段：{name}").format(table=label, n=int(number) + 1, name=own)
    return own


NAMED = frozenset(
    {"band", "item", "event", "net_cap", "veto", "pass_mark", "grade", "roll_up", "series", "list"}
)
"""Lists whose members the description names; the members of others are numbered."""


def _unit(place: Place, name: str) -> str:
    """The unit of a number, where it has one."""
    part = place.part
    above = place.above
    while isinstance(part, LightBand) and above is not None:
        if isinstance(above.part, Light):
            return UNIT_WORDS.get(above.part.unit, "")
        above = above.above
    if isinstance(part, Checks):
        if name.endswith("_months"):
            return _("个月")
        return UNIT_WORDS["percentage_points" if name == "money_ahead_points" else "percent"]
    if isinstance(part, ReportDue):
        return _("日") if name == "day" else _("个月")
    if name in ("decimals", "item_decimals"):
        return _("位")
    if name in ("cap", "floor") and not isinstance(part, Sheet | Event):
        return ""
    return _("分") if name in ("points", "cap", "floor", "cap_up", "cap_down", "base") else ""
