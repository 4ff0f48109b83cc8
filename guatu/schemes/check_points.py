"""Whether the points of the lines of a sheet add up, in every kind of term, every term and every series."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guatu.assessment.rules.rule import plain
from guatu.assessment.sheet import Item, Sheet
from guatu.assessment.terms import MONTHS, Kind
from guatu.language import gettext as _
from guatu.schemes.load import Scheme, SchemeFault


def check_points(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    """The lines below a line, and those at the top, must add up. The same sum is said once."""
    yield from _by_series(scheme, key, sheet)
    said: set[str] = set()
    differs = any(item.points_by_series for item in sheet.item)
    for series in ("", *((one.id for one in sheet.series) if differs else ())):
        for kind in sheet.terms:
            for parent in (None, *(item for item in sheet.item if item.measure is None)):
                message = _sum(sheet, parent, series, kind)
                if message and message not in said:
                    clause = parent.clause if parent else sheet.clause
                    yield SchemeFault("error", "scheme.toml", f"{key}.points", message, scheme.cite(clause))
                said.add(message)


def _sum(sheet: Sheet, above: Item | None, series: str, kind: Kind) -> str:
    """What is wrong with the sum of the lines below one (none: of the sheet) for a series in terms of a kind."""
    if above is not None and above.terms and kind not in above.terms:
        return ""
    stated = sheet.points if above is None else _stated(sheet, above, series)
    lines = sheet.children(above.id if above else None)
    lines = [line for line in lines if not line.terms or kind in line.terms]
    for number in range(1, 12 // MONTHS[kind] + 1):
        here = [line for line in lines if not line.only or number in line.only]
        fulls = [full for line in here if (full := sheet.full_in(line, series)) is not None]
        if stated is None or not here or len(fulls) < len(here) or sum(fulls, Decimal(0)) == stated:
            continue
        name = above.name if above else sheet.name
        if series:
            name += _("（{series}）").format(
                series=next(one.name for one in sheet.series if one.id == series)
            )
        message = _("“{name}”各分项 {words} = {added}，应为 {stated}").format(
            name=name, words=" + ".join(map(plain, fulls)), added=plain(sum(fulls, Decimal(0))), stated=plain(stated)
        )  # fmt: skip
        if any(line.applies for line in here):
            message += _(
                '；如果其中几项互相排斥（一个对象只用一项），各写 not_applicable = "zero"，这一级不写 points'
            )
        return message
    return ""


def _stated(sheet: Sheet, above: Item, series: str) -> Decimal | None:
    """What the scheme itself says that a line is worth."""
    if above.share is not None:
        return sheet.full_in(above, series)
    return above.points_by_series.get(series, above.points)


def _by_series(scheme: Scheme, key: str, sheet: Sheet) -> Iterator[SchemeFault]:
    """Points for a series that is not there, and series for which no points are written."""
    names = {one.id: one.name for one in sheet.series}
    for m, item in enumerate(sheet.item):
        given = [("points_by_series", item.points_by_series)]
        given += [(f"change[{n}].points_by_series", change.points_by_series) for n, change in enumerate(item.change)]  # fmt: skip
        for word, points in given:
            where = f"{key}.item[{m}].{word}"
            for series in points:
                if series not in names:
                    yield SchemeFault("error", "scheme.toml", where, _("没有名为“{name}”的组").format(name=series), scheme.cite(item.clause))  # fmt: skip
        missing = [name for one, name in names.items() if one not in item.points_by_series]
        if item.points_by_series and item.points is None and missing:
            yield SchemeFault("error", "scheme.toml", f"{key}.item[{m}].points_by_series", _(
                "没有写{names}的分值；其余各组同分的，写在 points 里").format(
                names="、".join(f"“{name}”" for name in missing)), scheme.cite(item.clause))  # fmt: skip
