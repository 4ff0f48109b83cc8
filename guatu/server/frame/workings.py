"""The workings of a light or a place, ready for 为什么: each figure, who gave it, the arithmetic, the band."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guatu.portfolio.facts import FACTS, UNIT_NAMES, Unit
from guatu.values import fen, money_text, number_text

Step = dict[str, str]
"""`name`, `value`, `unit` and `from` of one line of 为什么."""

FIRST = ("invested_ytd", "planned_ytd", "planned_year")
"""The order in which people read the figures of a completion; the others follow as the rule names them."""


def _figure(value: Any, unit: Unit) -> tuple[str, str]:
    """A fact as text and the unit that stands in brackets behind its name."""
    if value is None:
        return "–", ""
    if unit is Unit.MONEY:
        exact = fen(value, "万元")
        return money_text(exact, "万元", 0 if exact % 1_000_000 == 0 else 2), _("万元")
    if unit is Unit.FLAG:
        return (_("是") if value else _("否")), ""
    if unit is Unit.TEXT:
        return str(value), ""
    return number_text(Decimal(str(value)), 0 if Decimal(str(value)) % 1 == 0 else 2), str(UNIT_NAMES[unit])


def workings(entry: Mapping[str, Any], origins: Mapping[str, str] | None = None) -> list[Step]:
    """The lines of 为什么 for one entry of `lights` or `rankings` (docs/reference/json.md).

    `origins` says for the name of an input who handed it in when and by which document. Inputs that
    the facts table does not know are shown by their own name.
    """
    inputs = entry.get("inputs") or {}
    names = [name for name in FIRST if name in inputs] + [name for name in inputs if name not in FIRST]
    steps: list[Step] = []
    for name in names:
        fact = FACTS.get(name)
        value, unit = _figure(inputs[name], fact.unit if fact else Unit.NUMBER)
        steps.append(
            {
                "name": fact.label if fact else name,
                "value": value,
                "unit": unit,
                "from": (origins or {}).get(name, ""),
            }
        )
    arithmetic = entry.get("arithmetic") or ""
    if arithmetic:
        left, sign, right = arithmetic.rpartition(" = ")
        steps.append(
            {
                "name": left if sign else arithmetic,
                "value": right if sign else "",
                "unit": "",
                "from": band_sentence(entry),
            }
        )
        light = entry.get("light")  # of a place: the entity's own light; of a light: its id
        if isinstance(light, Mapping) and light.get("arithmetic"):
            steps.append(_light_step(light))
    elif entry.get("reason"):
        steps.append({"name": str(entry["reason"]), "value": "", "unit": "", "from": ""})
    return steps


def _light_step(light: Mapping[str, Any]) -> Step:
    """How the own light of an entity came about: its arithmetic, the band it hit, the clause."""
    left, _sign, right = str(light["arithmetic"]).rpartition(" = ")
    local = (light.get("threshold") or {}).get("local_choice")
    words = [band_sentence(light), str(light.get("clause") or ""), _("本地选择") if local else ""]
    return {"name": left, "value": right, "unit": "", "from": " · ".join(word for word in words if word)}


def band_sentence(entry: Mapping[str, Any]) -> str:
    """The row of the table that was hit: 红：25 个百分点及以上. Empty where the entry is not a light."""
    threshold = entry.get("threshold") or {}
    sentence = threshold.get("sentence")
    if not sentence:
        return ""
    return _("{level}：{band}").format(level=entry.get("level_name", ""), band=sentence)
