"""为什么升降: from the score of one term to that of the next, step by step; the steps add up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.schemes.units import word
from guatu.values import half_up

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """One step of the way: a `score` (before, after), or a `change`; `level` is the score reached after it.

    `before` and `after` are the points of the line in both terms, as they count in the score.
    """

    kind: Literal["score", "change"]
    id: str
    name: str
    points: Decimal
    level: Decimal
    before: Decimal | None = None
    after: Decimal | None = None


def waterfall(before: Json, after: Json, decimals: int = 2) -> list[Drop]:
    """The way from the score of `before` to that of `after`, two entries of `assessment.json`.

    First and last are the scores; between them one change for each line of the first rank and for each event
    (points now less points then), and what rounding, limits and vetoes add. Points of a line count as re-weighted
    where others are left out. Empty where one of the two scores does not exist.
    """
    if before["score"] is None or after["score"] is None:
        return []
    old, new = _exact(before["score"], decimals), _exact(after["score"], decimals)
    level, way = old, [Drop("score", "", "", old, old)]
    then, now = _counted(before, decimals), _counted(after, decimals)
    for line in (*now, *(line for line in then if line not in now)):
        had, has = (points.get(line, (Decimal(0), ""))[0] for points in (then, now))
        level += has - had
        name = (now.get(line) or then[line])[1]
        way.append(Drop("change", line, name, has - had, level, had, has))
    if level != new:
        way.append(Drop("change", "", _("取整、上下限和否决"), new - level, new))
    return [*way, Drop("score", "", "", new, new)]


def _exact(value: float | int, decimals: int) -> Decimal:
    return half_up(Decimal(str(value)), decimals)


def _counted(entry: Json, decimals: int) -> dict[str, tuple[Decimal, str]]:
    """The points with which each line of the first rank and each event counts in the score, with its name; of a
    score that is made of those of shorter terms, the weighted score of each part."""
    if entry.get("parts"):
        return {
            f"part:{place}": (
                half_up(Decimal(str(part["score"])) * Decimal(str(part["weight"])), decimals),
                _("{term}得分").format(term=word(part["kind"])),
            )
            for place, part in enumerate(entry["parts"])
            if part["score"] is not None
        }
    lines = [line for line in entry["indicators"] if "." not in line["id"]]
    factor = _factor(lines, entry)
    counted = {
        line["id"]: (half_up(Decimal(str(line["points"])) * factor, decimals), str(line["name"]))
        for line in lines
        if line["points"] is not None
    }
    return counted | {
        event["id"]: (_exact(event["points"], decimals), str(event["name"]))
        for event in entry["events"]
        if event["points"]
    }


def _factor(lines: Sequence[Json], entry: Json) -> Decimal:
    """By how much the points of the counted lines are put back to the whole: 100 ÷ 90 where 10 are left out.

    A line is left out where it says a reason and has no points; where the score says otherwise (a line without
    points that counts as 0), the factor is 1.
    """
    earned = sum((Decimal(str(line["points"] or 0)) for line in lines), Decimal(0))
    whole = sum((Decimal(str(line["full"] or 0)) for line in lines), Decimal(0))
    left_out = sum(
        (Decimal(str(line["full"] or 0)) for line in lines if line["reason"] and not line["points"]),
        Decimal(0),
    )
    if not left_out or left_out == whole or not earned:
        return Decimal(1)
    factor = whole / (whole - left_out)
    events = sum((Decimal(str(event["points"] or 0)) for event in entry["events"]), Decimal(0))
    near = abs(earned * factor + events - Decimal(str(entry["score"])))
    return factor if near <= abs(earned + events - Decimal(str(entry["score"]))) else Decimal(1)


def bars(way: Sequence[Drop]) -> list[SafeString]:
    """The drawing of each step, one above the other: a score from the left edge, a change from level to level.

    They repeat numbers that stand beside them, so they are not read aloud.
    """
    low, high = axis(way)
    wide = float(high - low) or 1.0

    def at(level: Decimal) -> float:
        return min(max(float(level - low) / wide * 100, 0.0), 100.0)

    drawn, reached = [], at(low)
    for place, drop in enumerate(way):
        here = at(drop.level)
        if drop.kind == "score":
            left, right, name = 0.0, here, "score"
        else:
            left, right = min(reached, here), max(reached, here)
            name = "same" if drop.points == 0 else "up" if drop.points > 0 else "down"
        width = max(right - left, 0.6)
        tie = '<line class="tie" x1="{0:.2f}" x2="{0:.2f}" y1="{1}" y2="{2}"/>'.format
        joined = (tie(reached, 0, 7) if place else "") + (tie(here, 21, 28) if place + 1 < len(way) else "")
        drawn.append(
            mark_safe(
                f'<svg class="fall fall-{escape(name)}" viewBox="0 0 100 28" preserveAspectRatio="none" '
                f'aria-hidden="true">{joined}'
                f'<rect x="{min(left, 99.4):.2f}" y="7" width="{width:.2f}" height="14"/></svg>'
            )
        )
        reached = here
    return drawn


def axis(way: Sequence[Drop]) -> tuple[Decimal, Decimal]:
    """From which score to which the drawing reaches: a little beyond the lowest and the highest on the way."""
    levels = [drop.level for drop in way]
    span = max(max(levels) - min(levels), Decimal(1))
    low = half_up(min(levels) - span * Decimal("0.6") - Decimal("0.5"), 0)
    return (max(low, Decimal(0)) if min(levels) >= 0 else low), max(levels) + span * Decimal("0.1")
