"""The month as an Excel workbook: overview, rankings, lights, missing reports, questioned cells.

Values only, no formulas: what is printed is what was judged. Money is in 万元 or 亿元 as the column
says; a cell without a figure holds "–".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guatu.documents.data_notes import SAID_ELSEWHERE
from guatu.documents.figures import (
    LIGHT_COLOURS,
    LIGHT_SHAPES,
    NONE,
    ahead_points,
    clause_text,
    day_text,
    ems,
    exact,
    fact,
    light_text,
    places_for,
)
from guatu.documents.month import JudgedMonth
from guatu.documents.places import entity_word
from guatu.language import gettext as _
from guatu.values import FEN_PER_WAN, FEN_PER_YI, Period

Kind = Literal["text", "center", "whole", "wan", "yi", "percent", "points", "figure", "light", "long"]
"""What a column holds, and with it the number format, the alignment and whether it wraps."""

NARROWEST, WIDEST, WIDEST_LONG = 6.0, 30.0, 48.0
FONT = "宋体"
NUMBERS: Final = {
    "whole": "0",
    "wan": "[>=10000]#,##0;[<0]−#,##0;0",
    "yi": "[>=10000]#,##0.0;[<0]−#,##0.0;0.0",
    "percent": "0.0;−0.0",
    "points": "+0.0;−0.0;0.0",
}
"""The number format of each kind: separators from five digits, − and not a hyphen."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the workbook. `places` are the decimals of the columns of kind figure."""

    title: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]
    places: int = 2


def write_workbook(month: JudgedMonth, target: str | Path | IO[bytes]) -> None:
    """Write the month's workbook to a path or a binary stream."""
    book = xlsxwriter.Workbook(target if hasattr(target, "write") else str(target), {"in_memory": True})
    book.set_properties({
        "title": _("{month}项目推进情况").format(month=month.period.label),
        "author": month.papers.agency,
        "comments": _("方案 {id}，摘要 {digest}；数据摘要 {facts}").format(
            id=month.head["scheme"]["id"], digest=month.head["scheme"]["digest"], facts=month.head["facts_digest"]
        ),
    })  # fmt: skip
    formats = Formats(book)
    put(book, formats, month, _("概况"), [_totals(month), _cuts(month), _months(month), _quarters(month)])
    for ranking_id in month.ranking_ids():
        rows = month.ranking(ranking_id)
        put(
            book,
            formats,
            month,
            _sheet_name(book, str(rows[0]["ranking_name"])),
            [_ranking(ranking_id, rows)],
        )
    put(book, formats, month, _("灯"), [_lights(month)])
    put(book, formats, month, _("未报迟报"), [_silent(month), _late(month), _missed(month)])
    put(book, formats, month, _("待核数字"), [_findings(month)])
    book.close()


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def _get(self, **options: Any) -> Format:
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 11, "valign": "vcenter"} | options
            )
        return self._made[key]

    def title(self) -> Format:
        return self._get(font_size=16, bold=True)

    def note(self) -> Format:
        return self._get(font_size=10, font_color="#4C5A66")

    def part(self) -> Format:
        return self._get(font_size=12, bold=True)

    def head(self) -> Format:
        return self._get(
            bold=True, align="center", text_wrap=True, border=1, border_color="#8A949C", bg_color="#EEF1F2"
        )

    def cell(self, kind: Kind, value: Any, places: int) -> Format:
        line: dict[str, Any] = {"border": 1, "border_color": "#C9D0D4"}
        if kind == "light":
            level = next((name for name, shape in LIGHT_SHAPES.items() if str(value).startswith(shape)), None)
            colour = LIGHT_COLOURS.get(level or "")
            return self._get(**line, align="center", **({"font_color": f"#{colour}"} if colour else {}))
        if kind in ("text", "long"):
            return self._get(**line, align="left", text_wrap=True)
        if kind == "center":
            return self._get(**line, align="center")
        digits = "0." + "0" * places
        number = NUMBERS.get(kind) or f"{digits};−{digits}"
        return self._get(**line, align="right", num_format=number)


def put(
    book: xlsxwriter.Workbook, formats: Formats, month: JudgedMonth, name: str, tables: Sequence[Sheet]
) -> None:
    """Write tables below each other on a sheet: header frozen, landscape A4, one page wide."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer(_("&L{place}&C第 &P 页，共 &N 页&R截至{day}").format(
        place=month.papers.jurisdiction, day=day_text(month.head["as_of"])))  # fmt: skip
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{month.papers.jurisdiction}{month.period.label}{name}", formats.title())
    sheet.set_row(0, 28)
    sheet.write_string(1, 0, _("截至{day}，按方案“{scheme}”计算").format(
        day=day_text(month.head["as_of"]), scheme=month.head["scheme"]["name"]), formats.note())  # fmt: skip
    row = 2
    for table in tables:
        if len(tables) > 1:
            sheet.write_string(row, 0, table.title, formats.part())
            sheet.set_row(row, 24)
            row += 1
        head = row
        row = _table(sheet, formats, table, row) + 1
        if len(tables) == 1:
            sheet.freeze_panes(head + 1, 0)
            sheet.repeat_rows(head)
            if table.rows:
                sheet.autofilter(head, 0, head + len(table.rows), len(table.columns) - 1)
    if len(tables) > 1:
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(0, 1)
    _widths(sheet, tables)


def _table(sheet: Worksheet, formats: Formats, table: Sheet, row: int) -> int:
    """Write one table from `row` on; gives the row after it."""
    for column, (header, _kind) in enumerate(table.columns):
        sheet.write_string(row, column, header, formats.head())
    sheet.set_row(row, 34)
    for values in table.rows or [[NONE] * len(table.columns)]:
        row += 1
        for column, ((_header, kind), value) in enumerate(zip(table.columns, values, strict=True)):
            _write(sheet, row, column, value, formats.cell(kind, value, table.places), kind)
    return row + 1


def _write(sheet: Worksheet, row: int, column: int, value: Any, format_: Format, kind: Kind) -> None:
    if value is None:
        sheet.write_string(row, column, NONE, format_)
    elif kind in ("text", "long", "light", "center") and not isinstance(value, int):
        sheet.write_string(row, column, str(value), format_)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value), format_)
    else:
        sheet.write_string(row, column, str(value), format_)


def _widths(sheet: Worksheet, tables: Sequence[Sheet]) -> None:
    for column in range(max(len(table.columns) for table in tables)):
        widths = [NARROWEST]
        for table in tables:
            if column < len(table.columns):
                header, kind = table.columns[column]
                limit = WIDEST_LONG if kind == "long" else WIDEST
                texts = [_shown(values[column], kind, table.places) for values in table.rows]
                longest = max([ems(line) for line in (*header.split("\n"), *texts)], default=0)
                widths.append(min(longest * 2 + 2.5, limit))
        sheet.set_column(column, column, max(widths))


def _shown(value: Any, kind: Kind, places: int) -> str:
    """About what a cell shows, for its width."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        digits = {"wan": 0, "whole": 0, "center": 0, "yi": 1, "percent": 1, "points": 1}.get(kind, places)
        return f"{value:+,.{digits}f}"
    return NONE if value is None else str(value)


def _sheet_name(book: xlsxwriter.Workbook, name: str) -> str:
    """A name that Excel takes: no :*?/\\[], at most 31 letters, not used yet."""
    plain = re.sub(r"[:*?/\\\[\]]", "", name)[:28] or _("排名")
    taken = {sheet.get_name() for sheet in book.worksheets()}
    return next(each for each in (plain, *(f"{plain}{n}" for n in range(2, 99))) if each not in taken)


def _yi(value_wan: Any) -> Decimal | None:
    """万元 → 亿元, exactly; the sheet shows one decimal."""
    wan = exact(value_wan)
    return None if wan is None else wan * FEN_PER_WAN / FEN_PER_YI


def _totals(month: JudgedMonth) -> Sheet:
    totals, state = month.summary["totals"], month.state
    building, preliminary = totals["building"], totals["preliminary"]
    rows: list[tuple[Any, ...]] = [
        (_("全部项目"), totals["projects"], _yi(totals["total"]), None, None),
        (
            _("在建"),
            building["projects"],
            _yi(building["total"]),
            _yi(building["planned"]),
            _yi(state.get("reported")),
        ),
        (_("前期"), preliminary["projects"], _yi(preliminary["total"]), None, None),
    ]
    return Sheet(
        _("项目盘子"),
        ((_("范围"), "text"), (_("项目\n（个）"), "whole"), (_("总投资\n（亿元）"), "yi"),
         (_("年度计划\n（亿元）"), "yi"), (_("累计完成\n（亿元）"), "yi")),
        rows,
    )  # fmt: skip


def _cuts(month: JudgedMonth) -> Sheet:
    return Sheet(
        _("分类"),
        ((_("口径"), "text"), (_("类别"), "text"), (_("项目\n（个）"), "whole"), (_("总投资\n（万元）"), "wan"),
         (_("年度计划\n（万元）"), "wan"), (_("总投资\n（亿元）"), "yi"), (_("年度计划\n（亿元）"), "yi")),
        [
            (cut["cut_name"], cut["class_name"], cut["projects"], cut["total"], cut["planned"],
             _yi(cut["total"]), _yi(cut["planned"]))
            for cut in month.summary.get("cuts", ())
        ],
    )  # fmt: skip


def _months(month: JudgedMonth) -> Sheet:
    keys = ("planned", "planned_percent", "reported", "reported_percent", "without_questioned",
            "without_questioned_percent", "reports", "silent", "late", "start_due", "started")  # fmt: skip
    return Sheet(
        _("各月"),
        ((_("月份"), "text"), (_("累计计划\n（万元）"), "wan"), (_("占年计划\n（%）"), "percent"),
         (_("累计完成\n（万元）"), "wan"), (_("完成率\n（%）"), "percent"), (_("不计待核\n（万元）"), "wan"),
         (_("不计待核\n（%）"), "percent"), (_("报送\n（个）"), "whole"), (_("未报\n（个）"), "whole"),
         (_("迟报\n（个）"), "whole"), (_("应开工\n（个）"), "whole"), (_("已开工\n（个）"), "whole")),
        [
            (Period.parse(entry["period"]).label, *(entry.get(key) for key in keys))
            for entry in month.summary.get("months", ())
        ],
    )  # fmt: skip


def _quarters(month: JudgedMonth) -> Sheet:
    keys = ("cumulative_percent", "starts", "starts_percent", "completions")
    return Sheet(
        _("各季目标"),
        ((_("季度"), "text"), (_("计划\n（万元）"), "wan"), (_("累计占比\n（%）"), "percent"),
         (_("开工\n（个）"), "whole"), (_("累计开工\n（%）"), "percent"), (_("竣工\n（个）"), "whole"),
         (_("公布计划\n（亿元）"), "text"), (_("与公布数"), "text")),
        [
            (_("第{quarter}季度").format(quarter=entry["quarter"]), entry.get("planned"),
             *(entry.get(key) for key in keys), (entry.get("published") or {}).get("planned_yi"),
             _("一致") if entry.get("agrees") else NONE if entry.get("agrees") is None else _("不一致"))
            for entry in month.summary.get("quarters", ())
        ],
    )  # fmt: skip


def _ranking(ranking_id: str, rows: Sequence[dict[str, Any]]) -> Sheet:
    return Sheet(
        str(rows[0]["ranking_name"]),
        ((_("名次"), "whole"), (_("上月\n名次"), "whole"), (entity_word(ranking_id), "text"),
         (_("累计完成\n（万元）"), "wan"), (_("年度计划\n（万元）"), "wan"), (_("数值\n（%）"), "figure"),
         (_("比序时进度\n（百分点）"), "points"), (_("灯"), "light"), (_("不计待核\n数值"), "figure"),
         (_("不计待核\n名次"), "whole"), (_("待核\n（个）"), "whole"), (_("算式"), "long"), (_("依据"), "text")),
        [
            (row["rank"], row["previous_rank"], row["entity"], fact(row, "invested_ytd"), fact(row, "planned_year"),
             row["value"], ahead_points(row),
             light_text((row.get("light") or {}).get("level"), (row.get("light") or {}).get("level_name")),
             row["without_questioned"]["value"], row["without_questioned"]["rank"], row.get("questioned"),
             row.get("arithmetic"), _clause(row, row.get("local_choice")))
            for row in rows
        ],
        places=places_for(row["value"] for row in rows),
    )  # fmt: skip


def _clause(row: dict[str, Any], local_choice: Any) -> str:
    clause = clause_text(str(row.get("clause") or ""))
    return _("{clause}；本地选择").format(clause=clause) if local_choice else clause or NONE


def _lights(month: JudgedMonth) -> Sheet:
    lights = month.lit("red", "yellow", "blue", "normal", "none")
    return Sheet(
        _("灯"),
        ((_("项目代码"), "text"), (_("项目"), "text"), (_("县（市、区）"), "text"), (_("行业"), "text"),
         (_("指标"), "text"), (_("灯"), "light"), (_("实测"), "figure"), (_("界限"), "text"), (_("算式"), "long"),
         (_("依据"), "text"), (_("连续\n（月）"), "whole"), (_("不计待核\n灯"), "light"), (_("不计待核\n实测"), "figure")),
        [
            (light["project"], light["name"], light.get("county"), light.get("category"), light.get("light_name"),
             light_text(light["level"], light.get("level_name")), light.get("measure"),
             (light.get("threshold") or {}).get("sentence"), light.get("arithmetic") or light.get("reason"),
             _clause(light, (light.get("threshold") or {}).get("local_choice")), light.get("streak"),
             _without_level(month, light), (light.get("without_questioned") or {}).get("measure"))
            for light in lights
        ],
        places=places_for(light.get("measure") for light in lights),
    )  # fmt: skip


def _without_level(month: JudgedMonth, light: dict[str, Any]) -> str:
    level = (light.get("without_questioned") or {}).get("level")
    same = (each.get("level_name") for each in month.lights if each["level"] == level)
    return light_text(level, next(same, None))


def _silent(month: JudgedMonth) -> Sheet:
    return Sheet(
        _("未报"),
        ((_("项目代码"), "text"), (_("项目"), "text"), (_("县（市、区）"), "text"), (_("牵头部门"), "text"),
         (_("责任单位"), "text"), (_("应报日"), "text"), (_("逾期\n（工作日）"), "whole"), (_("本年未报\n（次）"), "whole")),
        [
            (row["project"], row["name"], row.get("county"), row.get("lead_department"), row.get("responsible_unit"),
             day_text(row.get("due")), row.get("working_days_late"), row.get("times"))
            for row in month.silent
        ],
    )  # fmt: skip


def _late(month: JudgedMonth) -> Sheet:
    return Sheet(
        _("迟报"),
        ((_("项目代码"), "text"), (_("项目"), "text"), (_("县（市、区）"), "text"), (_("报送日"), "text"),
         (_("应报日"), "text"), (_("迟报\n（工作日）"), "whole")),
        [
            (row["project"], row["name"], row.get("county"), day_text(row.get("handed_in")), day_text(row.get("due")),
             row.get("working_days_late"))
            for row in month.late
        ],
    )  # fmt: skip


def _missed(month: JudgedMonth) -> Sheet:
    return Sheet(
        _("未按期开工"),
        ((_("项目代码"), "text"), (_("项目"), "text"), (_("县（市、区）"), "text"), (_("计划开工"), "text")),
        [
            (row["project"], row["name"], row.get("county"),
             Period.parse(str(row["planned_start"])[:7]).label if row.get("planned_start") else None)
            for row in month.missed_starts
        ],
    )  # fmt: skip


def _findings(month: JudgedMonth) -> Sheet:
    names = {light["project"]: light["name"] for light in month.lights}
    return Sheet(
        _("待核数字"),
        ((_("处理"), "text"), (_("月份"), "text"), (_("项目代码"), "text"), (_("项目"), "text"), (_("文件"), "text"),
         (_("工作表"), "text"), (_("单元格"), "text"), (_("栏目"), "text"), (_("所填"), "text"), (_("应为"), "text"),
         (_("说明"), "long"), (_("怎样改"), "long")),
        [
            (_severity(found["severity"]), found.get("period"), found.get("project"), names.get(found.get("project")),
             found.get("file"), found.get("sheet"), f"{found.get('column') or ''}{found.get('row') or ''}" or None,
             found.get("header"), found.get("found"), found.get("expected"), found.get("message"), found.get("cure"))
            for found in sorted(month.findings, key=_order)
        ],
    )  # fmt: skip


def _severity(severity: str) -> str:
    return {"error": _("未采用"), "warning": _("待核"), "note": _("已照读")}.get(severity, severity)


def _order(finding: dict[str, Any]) -> tuple[int, bool, str]:
    """Refused first, then questioned, then read; late reports after the others; the newest month first."""
    rank = {"error": 0, "warning": 1}.get(finding["severity"], 2)
    months = str(finding.get("period") or "0000-00")
    return rank, finding["id"] in SAID_ELSEWHERE, "".join(chr(255 - ord(letter)) for letter in months)
