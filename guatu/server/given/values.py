"""A value as people write and read it: money in 万元, shares in per cent, yes and no."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from guatu.assessment.given import GivenValue, KnownFact
from guatu.values import FEN_PER_WAN
from guatu.workbooks.facts_cells import unit_of, value_of


def unit_word(fact: KnownFact) -> str:
    """The unit in which a page writes the fact; empty where it has none."""
    return {"money": _("万元"), "percent": "%", "ratio": "%", "mark": _("分")}.get(fact.kind, "")


def written(value: GivenValue | None, fact: KnownFact) -> str:
    """The value without its unit, so that `typed` reads it back; at most six decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return value
    scaled = value / FEN_PER_WAN if fact.kind == "money" else value * 100 if fact.kind == "ratio" else value
    return _decimal(scaled)


def said(value: GivenValue | None, fact: KnownFact) -> str:
    """The value with its unit, for reading; – where there is none."""
    text = written(value, fact)
    if not text or isinstance(value, bool | str):
        return text or "–"
    unit = unit_word(fact)
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()


def typed(text: str, fact: KnownFact) -> tuple[GivenValue | None, str]:
    """What a person typed, and what is wrong with it (empty: nothing). No value where nothing was typed."""
    clean = text.strip()
    if not clean:
        return None, ""
    if fact.kind == "ratio" and not clean.endswith("%"):
        clean += "%"
    value, fault = value_of(clean, fact, unit_of("", fact) or "")
    if fault is not None:
        return None, _("应为：%s") % fault.expected
    return value, ""


def _decimal(value: Fraction) -> str:
    places = 0
    while places < 6 and (value * 10**places).denominator != 1:
        places += 1
    return f"{float(value):.{places}f}" if places else str(int(value))
