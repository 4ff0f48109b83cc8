"""The ledger as a list to take away: what is seen, with all its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from guatu.documents.listing import Head, Listing, Value
from guatu.server.portfolio.columns import CODE, Column, Line
from guatu.server.portfolio.ledger_queries import Row, Sums

NOT_EXPORTED: Final = frozenset({"bar"})


def ledger_listing(
    lines: Iterable[Line], columns: tuple[Column, ...], sums: Sums, *, title: str, words: str
) -> Listing:
    """The ledger with the columns of the page, the drawn ones left out, the code beside the name."""
    shown = _exported(columns)
    return Listing(
        sheet=_("项目台账"),
        title=title,
        words=words,
        heads=tuple(
            Head(_(column.words), _(column.unit) if column.unit else "", column.format, column.width)
            for column in shown
        ),
        rows=_rows(lines, shown),
        sums=[_sum(column, sums) for column in shown],
        fixed=1 + [column.key for column in shown].index("name"),
    )


def _rows(lines: Iterable[Line], shown: tuple[Column, ...]) -> Iterator[Sequence[Value]]:
    for line in lines:
        yield [column.value(line) for column in shown]


def _sum(column: Column, sums: Sums) -> Value:
    if column.key == "name":
        return _("合计 %d 个") % sums.projects
    return column.sums_value(sums) if column.sums_value else None


def lines_of(rows: Iterable[Row], scheme: Any) -> Iterable[Line]:
    """Rows as the columns read them, numbered from 1."""
    return (Line(row, number, "", scheme) for number, row in enumerate(rows, start=1))


def _exported(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of the page, the drawn ones left out, the code beside the name."""
    shown: list[Column] = []
    for column in columns:
        if column.key in NOT_EXPORTED:
            continue
        shown.append(column)
        if column.key == "name":
            shown.append(CODE)
    return tuple(shown)
