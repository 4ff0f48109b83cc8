"""Template tags of every page: `{% load frame %}`.

Numbers: yi, wan (分), yi_of_wan, wan_of_wan (万元, as the JSON holds them), percent1, points, day.
Drawings: light, light_shape, bar, change (guatu.server.frame.drawing).
Addresses: asset, ledger_url, cut_url. 为什么: why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guatu.documents.figures import ahead_points
from guatu.portfolio.project import STAGE_NAMES
from guatu.server.frame import drawing
from guatu.server.frame.assets import asset_path
from guatu.server.frame.workings import workings as workings_of
from guatu.server.schemes.queries import anchor_of
from guatu.values import FEN_PER_WAN, Period, date_text, fen, money_text, number_text, percent

register = template.Library()

register.simple_tag(drawing.light)
register.simple_tag(drawing.light_shape)
register.simple_tag(drawing.bar)
register.simple_tag(drawing.change)

Number = Decimal | float | int | str | None


def _exact(value: Number) -> Decimal | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


@register.filter
def yi(value: int | None) -> str:
    """分 → 亿元 with one decimal."""
    return money_text(value, "亿元", 1)


@register.filter
def wan(value: int | None) -> str:
    """分 → whole 万元."""
    return money_text(value, "万元", 0)


@register.filter
def yi_of_wan(value: Number) -> str:
    """万元 of the JSON → 亿元 with one decimal."""
    return "–" if value is None else money_text(fen(value, "万元"), "亿元", 1)


@register.filter
def wan_of_wan(value: Number) -> str:
    """万元 of the JSON → whole 万元 for people; decimals only where the amount has them."""
    if value is None:
        return "–"
    exact = fen(value, "万元")
    return money_text(exact, "万元", 0 if exact % FEN_PER_WAN == 0 else 2)


@register.filter
def percent1(value: Number) -> str:
    """Per cent with one decimal and its sign: 80.5%."""
    exact = _exact(value)
    return "–" if exact is None else number_text(exact, 1) + "%"


@register.filter
def points(value: Number) -> str:
    """Percentage points with their sign: +1.8, −12.1."""
    return number_text(_exact(value), 1, signed=True)


@register.filter
def size_of(value: Number) -> str:
    """The size without its sign, one decimal: 12.1 for −12.1."""
    exact = _exact(value)
    return number_text(None if exact is None else abs(exact), 1)


@register.filter
def ahead(entry: Mapping[str, Any]) -> Decimal | None:
    """How far an entry of `rankings` is ahead of the schedule, in percentage points; behind is negative."""
    return ahead_points(entry)


@register.filter
def schedule(entry: Mapping[str, Any]) -> Decimal | None:
    """Where an entry with inputs should stand by the schedule: planned so far as per cent of the year."""
    inputs = entry.get("inputs") or {}
    year = inputs.get("planned_year")
    if not year or inputs.get("planned_ytd") is None:
        return None
    return percent(fen(inputs["planned_ytd"], "万元"), fen(year, "万元"), 1)


@register.filter
def differs(entry: Mapping[str, Any]) -> bool:
    """Whether value or place is another one without the questioned cells."""
    one, other = entry.get("as_reported") or {}, entry.get("without_questioned") or {}
    return any(one.get(key) != other.get(key) for key in ("value", "rank"))


@register.filter(expects_localtime=True)
def day(value: date | str | None) -> str:
    """A day for people: 2023年10月13日, of a moment the day in China. A text is read as YYYY-MM-DD."""
    return date_text(date.fromisoformat(value) if isinstance(value, str) and value else value or None)


@register.filter
def month(value: Period | str | None) -> str:
    """A month for people: 2023年9月. A text is read as YYYY-MM."""
    if not value:
        return "–"
    return (Period.parse(value) if isinstance(value, str) else value).label


@register.filter
def month_number(value: Period | str) -> int:
    """9 for 2023-09."""
    return (Period.parse(value) if isinstance(value, str) else value).month


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built asset: `{% asset "frame.css" %}`."""
    return static(asset_path(name))


def _address(name: str, values: Iterable[tuple[str, Any]]) -> str:
    query = urlencode([(key, str(value)) for key, value in values if value not in (None, "")])
    return reverse(name) + (f"?{query}" if query else "")


def _period(context: template.Context) -> str:
    frame = context.get("frame")
    period = frame.get("period") if isinstance(frame, Mapping) else getattr(frame, "period", None)
    return str(period) if period else ""


@register.simple_tag(takes_context=True)
def ledger_url(context: template.Context, **filters: Any) -> str:
    """The ledger with these filters and the period of the page; empty filters are left out."""
    return _address("ledger", [*filters.items(), ("period", _period(context))])


CUT_FILTERS = {
    "progress": "stage",
    "category": "category",
    "size": "size",
    "county": "county",
    "level": "level",
    "preliminary_category": "category",
}
"""Which filter of the ledger finds the projects behind a cut of summary.json."""

STAGES = {name: str(stage) for stage, name in STAGE_NAMES.items()}


@register.simple_tag(takes_context=True)
def cut_url(context: template.Context, row: Mapping[str, Any]) -> str:
    """The ledger that shows the projects behind one row of `cuts`.

    Every cut but the one by progress counts the projects of one phase, so the phase goes with it.
    """
    filters = {CUT_FILTERS[row["cut"]]: row["class"]}
    if row["cut"] == "progress":
        filters["stage"] = STAGES.get(row["class"], row["class"])
    else:
        filters["stage"] = "preliminary" if row["cut"] == "preliminary_category" else "building"
    return ledger_url(context, **filters)


@register.inclusion_tag("frame/_why.html")
def why(
    entry: Mapping[str, Any],
    words: str = "",
    title: str = "",
    origins: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """为什么: a native details that floats the workings of one entry of `lights` or `rankings`.

    `origins` says for the name of an input (invested_ytd …) who handed it in when. `words` are the
    words of the link, `title` stands above the workings.
    """
    local = entry.get("local_choice") or (entry.get("threshold") or {}).get("local_choice")
    return {
        "workings": workings_of(entry, origins),
        "words": words or _("为什么"),
        "clause": entry.get("clause", ""),
        "rule": _rule_address(entry),
        "note": _("本地选择") if local else "",
        "title": title,
    }


def _rule_address(entry: Mapping[str, Any]) -> str:
    """Where the rule behind an entry of `lights` or `rankings` stands on the page of the scheme."""
    for kind in ("ranking", "light"):
        name = entry.get(kind)
        if isinstance(name, str) and name:
            return f"{reverse('scheme')}#{anchor_of(f'{kind}[{name}]')}"
    return ""
