"""What the words above a table, or its file's name, say of all its rows; and the columns it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.workbooks.cells import plain
from guatu.workbooks.layout import Layout
from guatu.workbooks.places import at_sheet
from guatu.workbooks.reading import TableKind
from guatu.workbooks.rows import group_of, ordinal_of
from guatu.workbooks.sheets import Sheet
from guatu.workbooks.table import TableData

_KIND = r"(?:自治县|自治旗|开发区|高新区|新区|园区|管委会|街道|[县市区旗镇乡])"
_PLACE = re.compile(rf"[一-鿿]{{1,8}}?{_KIND}(?=$|[\d(〔\[二重市级年度本上报月项建])")
_UPPER = re.compile(r"^[一-鿿]{2,6}?市(?=[一-鿿]{1,7}?(?:县|区|市|旗)$)")
_NEEDED: Final = {"county": _("县（市、区）"), "stage": _("建设性质"), "planned": _("年度计划投资")}

SuppliedWords = Mapping[str, str]


def place_in(text: str) -> str | None:
    """The county at the head of a title or file name: 清溪县 of 清溪县2023年重点项目表."""
    _style, rest = ordinal_of(plain(text))
    rest = re.sub(r"^(?:(?:19|20)\d\d年度?|\d+[.、\-_])", "", rest)
    if not (match := _PLACE.match(rest)):
        return None
    return _UPPER.sub("", match[0])


def stage_in(texts: Iterable[str]) -> str | None:
    """The stage that a short title names (新开工项目), where the titles name only one."""
    found = set()
    for text in texts:
        bare = plain(text)
        if 2 <= len(bare) <= 16:
            dimension, label = group_of(ordinal_of(bare)[1])
            if dimension == "stage":
                found.add(label)
    return found.pop() if len(found) == 1 else None


def places_of(tables: Sequence[tuple[TableData, Sequence[str]]]) -> dict[int, str]:
    """The county of each ledger table without a column for it (by the identity of its data), from its
    titles or its file's name: only where the tables name more than one, for a single place in a title
    is the jurisdiction itself."""
    found: dict[int, str] = {}
    headed = {row.groups["county"] for data, _titles in tables for row in data.rows if "county" in row.groups}
    for data, titles in tables:
        if data.kind is TableKind.REPORTS or data.layout.column("county"):
            continue
        texts = [*titles, Path(data.sheet.file).stem]
        if place := next((p for text in texts if (p := place_in(text))), None):
            found[id(data)] = place
    return found if len({*found.values(), *headed}) > 1 else {}


def year_of_days(sheet: Sheet, layout: Layout) -> int | None:
    """The year that the days of handing in agree on (a January day belongs to the year before)."""
    column = layout.column("handed_in")
    if column is None:
        return None
    days = [row[column.index] for row in sheet.rows[layout.bottom + 1 :] if column.index < len(row)]
    years = {(day - timedelta(days=20)).year for day in days if isinstance(day, date | datetime)}
    return years.pop() if len(years) == 1 else None


def say_supplied(data: TableData, supplied: SuppliedWords, say: Callable[[Finding], None]) -> None:
    """Say that the county of a table's rows comes from its title or file."""
    said = _("表中没有县（市、区），以表题或文件名中的“{name}”作为其中各项目的县（市、区）。")
    name = supplied["county"]
    say(at_sheet("county_from_title", data.sheet, said.format(name=name), found=name))


def say_missing_columns(data: TableData, supplied: SuppliedWords, say: Callable[[Finding], None]) -> None:
    """Say which of county, stage and plan a ledger gives in no way at all."""
    if not data.rows:
        return
    layout = data.layout
    for name, label in _NEEDED.items():
        given = layout.has(name) or name in supplied or any(name in row.groups for row in data.rows)
        if name == "planned":
            given = given or layout.has("planned_cumulative", "planned_month", "planned_quarter")
        if given:
            continue
        unknown = "、".join(
            f"{c.letter} 列“{c.header.text}”" for c in layout.columns if c.field is None and c.header.text
        )
        said = _("没有认出“{label}”一列，与它有关的统计、灯和排名算不出来。").format(label=label)
        if unknown:
            said += _("没有认出的列：{unknown}。").format(unknown=unknown)
        say(
            at_sheet(
                "column_missing",
                data.sheet,
                said,
                row=layout.bottom + 1,
                found=unknown or None,
                expected=label,
            )
        )
