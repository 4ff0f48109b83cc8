"""One fact from several sources: the one that the scheme names first counts, the others stay beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from guatu.assessment.given import FactRow, GivenValue
from guatu.language import gettext as _
from guatu.values import amount

LONGEST = 300
"""How long a place may be where it is kept."""


def preferred(one: FactRow, other: FactRow, sources: Sequence[str], kind: str) -> FactRow | None:
    """Of two rows about the same fact of one thing in a term the one whose source comes first in `sources`, with what
    the other says in its place; None where the sources do not decide: unknown, or the same."""
    if one.source == other.source or one.source not in sources or other.source not in sources:
        return None
    first, second = sorted((one, other), key=lambda row: sources.index(row.source))
    beside = _("另有{source} {value}（{place}），以{first}为准").format(
        source=second.source, value=_text(second.counts, kind), place=second.place, first=first.source
    )
    place = f"{first.place}；{beside}"
    return replace(first, place=place if len(place) <= LONGEST else place[: LONGEST - 1] + "…")


def _text(value: GivenValue, kind: str) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return value
    if kind == "money":
        return _("{amount} 万元").format(amount=amount(int(value), "万元"))
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
