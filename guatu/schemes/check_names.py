"""The ids and names of what is handed in: words that formulas use themselves, and names that stand for two things."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping

from guatu.language import gettext as _
from guatu.portfolio.facts import FACTS
from guatu.portfolio.formula.functions import FUNCTIONS
from guatu.schemes.model import SchemeText
from guatu.schemes.scopes import RESULTS

COLUMNS = frozenset(
    {
        "entity",
        "order",
        "year",
        "number",
        "quarter",
        "period",
        "steps",
        "events",
        "grade",
        "place",
        "run_start",
    }
)
"""Names of columns that every table of results has."""


def taken(text: SchemeText) -> dict[str, str]:
    """Every word that cannot be the id of a fact, with what it already is."""
    words = dict.fromkeys(COLUMNS, _("结果表里的一栏"))
    words |= dict.fromkeys((*keyword.kwlist, "if_", "true", "false", "none"), _("公式自己的词"))
    words |= {name: _("公式里的函数（{label}）").format(label=rule.label) for name, rule in FUNCTIONS.items()}
    words |= {fact.name: _("考核结果（{label}）").format(label=fact.label) for fact in RESULTS}
    words |= {
        name: _("平台已有的项目事实（{label}）").format(label=fact.label) for name, fact in FACTS.items()
    }
    for sheet in text.sheet:
        words[f"score_{sheet.id}"] = _("考核表“{name}”的得分").format(name=sheet.name)
        words |= {f"listed_{one.id}": _("名单“{name}”").format(name=one.name) for one in sheet.list_}
    lights = [(light.id, light.name) for light in text.light]
    lights += [(light.id, light.name) for light in text.combined_light]
    return words | {f"light_{id}": _("灯“{name}”").format(name=name) for id, name in lights}


def handed_in(text: SchemeText) -> Iterator[tuple[str, str, str, str]]:
    """Everything that is handed in by name: its key, its id, its name, and its clause."""
    for n, fact in enumerate(text.fact):
        yield f"fact[{n}]", fact.id, fact.name, fact.clause
    for n, ballot in enumerate(text.ballot):
        yield f"ballot[{n}]", ballot.id, ballot.name, ballot.clause
    for n, sheet in enumerate(text.sheet):
        for m, event in enumerate(sheet.event):
            yield f"sheet[{n}].event[{m}]", event.id, event.name, event.clause


def taken_ids(text: SchemeText) -> Mapping[str, tuple[str, str]]:
    """The ids that are words of something else: for each its key, and the sentence that says so with the cure."""
    words = taken(text)
    return {
        id: (
            f"{key}.id",
            _("“{id}”是{what}，不能作编号；请换一个（如 {id}_given），公式里也一样改").format(id=id, what=words[id]),
        )
        for key, id, _name, _clause in handed_in(text)
        if id in words
    }  # fmt: skip


def names_twice(text: SchemeText) -> Iterator[tuple[str, str, str]]:
    """Names that two of them share, or that a fact of the platform has, so that a facts file could mean either: key,
    message, clause."""
    platform = {"".join(fact.label.split()): fact for fact in FACTS.values()}
    seen: dict[str, str] = {}
    for key, id, name, clause in handed_in(text):
        plain = "".join(name.split())
        if plain in seen and seen[plain] != id:
            yield (
                f"{key}.name",
                _("“{name}”已经是 {other} 的名称：按名称填报时分不清，请换一个名称").format(
                    name=name, other=seen[plain]
                ),
                clause,
            )
        elif plain in platform and platform[plain].name != id:
            yield (
                f"{key}.name",
                _(
                    "“{name}”是平台已有的项目事实（{other}）的名称：按名称填报时分不清，请换一个名称（如“{name}情况”）；"
                    "要用平台的，公式里直接写 {other}，不必再声明"
                ).format(name=name, other=platform[plain].name),
                clause,
            )
        seen.setdefault(plain, id)
