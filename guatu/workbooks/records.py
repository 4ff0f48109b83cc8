"""From rows as read to projects and reports; nothing is made up on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from guatu.portfolio.counties import one_spelling
from guatu.portfolio.project import Project, Source, Stage
from guatu.reporting.report import Report
from guatu.values import Period
from guatu.workbooks import cells
from guatu.workbooks.reading import TableKind
from guatu.workbooks.rows import group_of, ordinal_of
from guatu.workbooks.table import RawRow, TableData, coordinate_system_of, stage_of

_BLANK_WITHOUT: Final = (
    "invested_month",
    "invested_ytd",
    "progress",
    "physical",
    "handed_in",
    "problem",
    "measure",
)
_REPORT_FIELDS: Final = (
    "invested_month", "invested_ytd", "progress", "physical", "actual_start", "actual_finish", "in_statistics",
    "problem", "measure", "suggestion", "reporter", "handed_in", "note",
)  # fmt: skip
_TEXTS: Final = (
    "level", "content", "lead_department", "responsible_unit", "county_leader", "city_leader", "company", "phone",
    "longitude", "latitude", "year_goal", "note",
)  # fmt: skip
_NOTHING: Final = frozenset({"无", "暂无", "没有", "无问题", "/", "—", "-", "无。"})


@dataclass(slots=True)
class Surroundings:
    """What the rows of a table share: short names of places, what the sheet's name supplies."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    from_sheet: Mapping[str, str] = field(default_factory=dict)


def identity_of(raw: RawRow) -> str | None:
    """The code of a row: the national one, else the office's own number."""
    code = raw.values.get("code") or raw.values.get("own_number")
    return str(code) if code else None


def county_of(raw: RawRow, around: Surroundings) -> str | None:
    own = raw.values.get("county") or raw.groups.get("county") or around.from_sheet.get("county")
    return one_spelling(own, around.aliases)


def _stage(raw: RawRow, data: TableData, around: Surroundings) -> Stage | None:
    if own := raw.values.get("stage"):
        return stage_of(own)
    for said in (raw.groups.get("stage"), around.from_sheet.get("stage")):
        if said and said != "在建":
            return stage_of(said)
    return Stage.PRELIMINARY if data.kind is TableKind.PRELIMINARY else None


def project_of(raw: RawRow, data: TableData, around: Surroundings) -> Project:
    """The project of a row that has a code and a name."""
    values = raw.values
    columns = {name: letter for name, letter in raw.letters.items() if not name.startswith("invested")}
    fields: dict[str, Any] = {name: values.get(name) for name in _TEXTS}
    extra = dict(raw.extra)
    if "company_phone" in values:
        company, phone = cells.company_and_phone(values["company_phone"])
        fields["company"] = fields["company"] or company
        fields["phone"] = fields["phone"] or phone
        columns.setdefault("company", raw.letters["company_phone"])
        columns.setdefault("phone", raw.letters["company_phone"])
    if "coordinates" in values:
        if pair := cells.two_coordinates(values["coordinates"]):
            fields["longitude"], fields["latitude"] = pair
            columns["longitude"] = columns["latitude"] = raw.letters["coordinates"]
        else:
            extra[raw.headers["coordinates"]] = values["coordinates"]
    start, finish = values.get("planned_start"), values.get("planned_finish")
    if "build_period" in values:
        first, last = _build_period(values["build_period"], data.year)
        start, finish = start or first, finish or last
        if first is None and last is None:
            extra[raw.headers["build_period"]] = values["build_period"]
        for name in ("planned_start", "planned_finish"):
            columns.setdefault(name, raw.letters["build_period"])
    for name in _REPORT_FIELDS:
        if data.kind is not TableKind.REPORTS and name != "note" and name in values:
            extra[raw.headers[name]] = str(values[name])
    system = None
    if fields["longitude"] is not None:
        headers = [
            level
            for c in data.layout.columns
            if c.field in ("longitude", "coordinates")
            for level in c.header.levels
        ]
        system = next((s for text in [*headers, *data.notes] if (s := coordinate_system_of(text))), None)
    category = raw.values.get("category") or raw.groups.get("category") or around.from_sheet.get("category")
    level = fields.pop("level") or raw.groups.get("level")
    return Project(
        code=identity_of(raw) or "",
        name=str(values.get("name") or identity_of(raw)),
        county=county_of(raw, around),
        category=category,
        stage=_stage(raw, data, around),
        level=level,
        total=values.get("total"),
        done_before=values.get("done_before"),
        planned=values.get("planned"),
        planned_cumulative=_planned_cumulative(raw),
        planned_start=start,
        planned_finish=finish,
        coordinate_system=system,
        approvals=dict(raw.approvals),
        source=Source(raw.sheet.file, raw.sheet.name, raw.row + 1),
        columns=columns,
        extra=extra,
        **fields,
    )


def _planned_cumulative(raw: RawRow) -> tuple[int | None, ...]:
    """The twelve cumulative plans: as written, or added up from the months or quarters.

    An empty cell in a column of a month's own plan adds nothing; a month without a column is None.
    """
    values = raw.values
    written: dict[int, int] = {
        m: values[key] for m in range(1, 13) if (key := f"planned_cumulative.{m}") in values
    }
    for base, size in (("planned_month", 1), ("planned_quarter", 3)):
        columns = [number for number in range(1, 13) if f"{base}.{number}" in raw.letters]
        if not any(f"{base}.{number}" in values for number in columns):
            continue
        running = 0
        for number in range(1, 12 // size + 1):
            if number not in columns:
                break
            running += values.get(f"{base}.{number}", 0)
            written.setdefault(number * size, running)
    return tuple(written.get(month) for month in range(1, 13)) if written else ()


def _build_period(text: str, year: int | None) -> tuple[Period | None, Period | None]:
    """Start and finish written in one cell: 2022年3月-2024年12月. Years alone give no month."""
    bare = re.sub(r"[—–~～至到]+", "—", cells.plain(text).replace("--", "—"))
    parts = bare.split("—") if "—" in bare else re.split(r"(?<=\d)-(?=(?:19|20)\d\d)", bare)
    if len(parts) != 2:
        return None, None
    start = cells.month_of(parts[0], year)
    finish = cells.month_of(parts[1], start.value.year if start.value else year, end=True)
    return start.value, finish.value


def reports_of(raw: RawRow, data: TableData, around: Surroundings, months: list[int]) -> list[Report]:
    """The reports of a row: one, or one for each of `months` where the columns are grouped by month."""
    code = identity_of(raw) or ""
    name, county = raw.values.get("name"), county_of(raw, around)
    source = Source(raw.sheet.file, raw.sheet.name, raw.row + 1)
    if not months:
        period = raw.values.get("period") or data.period
        if not isinstance(period, Period):
            return []
        return [_report(raw, code, period, name, county, source, None)]
    year = data.year
    if year is None:
        return []
    return [_report(raw, code, Period(year, month), name, county, source, month) for month in months]


def _report(
    raw: RawRow,
    code: str,
    period: Period,
    name: str | None,
    county: str | None,
    source: Source,
    month: int | None,
) -> Report:
    def key(field_name: str) -> str:
        monthly = f"{field_name}.{month}"
        return monthly if month is not None and monthly in raw.letters else field_name

    found: dict[str, Any] = {}
    columns: dict[str, str] = {}
    headers: dict[str, str] = {}
    blank = True
    for column_field in _REPORT_FIELDS:
        place = key(column_field)
        if place not in raw.letters:
            place = (
                next((p for p in raw.letters if p.partition(".")[0] == column_field), "")
                if month is None
                else ""
            )
        if not place:
            continue
        columns[column_field], headers[column_field] = raw.letters[place], raw.headers[place]
        found[column_field] = raw.values.get(place)
        if column_field in _BLANK_WITHOUT and place in raw.typed:
            blank = False
    for remark in ("problem", "measure", "suggestion"):
        if found.get(remark) in _NOTHING:
            found[remark] = None
    return Report(
        code=code, period=period, name=name, county=county, blank=blank, source=source, columns=columns,
        headers=headers, extra=dict(raw.extra), **found,
    )  # fmt: skip


def supplied_by_sheet(sheet_name: str) -> dict[str, str]:
    """What a sheet's name says of all its rows: its county, category or stage; nothing for a month or
    a name that says nothing (Sheet1, 汇总, 台账)."""
    bare = cells.plain(sheet_name)
    _style, rest = ordinal_of(bare)
    rest = re.sub(r"^\d+[.、\-_]?", "", rest)
    rest = re.sub(r"\(?(单位[:：]?)?(亿元|万元)\)?$", "", rest)
    if not rest or re.search(r"月|季度|年|sheet|表|台账|汇总|清单|明细|一览|总", rest, re.I):
        return {}
    dimension, label = group_of(rest)
    return {dimension: label}


def day_near(period: Period, due_day: int | None) -> date:
    """The day near which a report of `period` is handed in: the day asked for, else the month's end."""
    following = period.plus(1)
    if due_day is None:
        return following.first_day
    return date(following.year, following.month, min(due_day, following.last_day.day))
