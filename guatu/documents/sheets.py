"""The tables of the month's workbook: which columns and rows, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from guatu.documents.data_notes import SAID_ELSEWHERE
from guatu.documents.figures import (
    NONE,
    PERCENT,
    ahead_points,
    clause_text,
    day_text,
    exact,
    fact,
    light_text,
    places_for,
)
from guatu.documents.month import JudgedMonth
from guatu.documents.places import entity_word
from guatu.documents.wording import gettext as _
from guatu.values import FEN_PER_WAN, FEN_PER_YI, Period

Kind = Literal["text", "center", "whole", "wan", "yi", "percent", "points", "figure", "light", "long"]
"""What a column holds, and with it the number format, the alignment and whether it wraps."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the workbook. `places` are the decimals of the columns of kind figure."""

    title: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]
    places: int = 2


def _yi(value_wan: Any) -> Decimal | None:
    """万元 → 亿元, exactly; the sheet shows one decimal."""
    wan = exact(value_wan)
    return None if wan is None else wan * FEN_PER_WAN / FEN_PER_YI


def totals(month: JudgedMonth) -> Sheet:
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


def cuts(month: JudgedMonth) -> Sheet:
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


def months(month: JudgedMonth) -> Sheet:
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


def quarters(month: JudgedMonth) -> Sheet:
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


def ranking(ranking_id: str, rows: Sequence[dict[str, Any]]) -> Sheet:
    return Sheet(
        str(rows[0]["ranking_name"]),
        ((_("名次"), "whole"), (_("上月\n名次"), "whole"), (entity_word(ranking_id), "text"),
         (_("累计完成\n（万元）"), "wan"), (_("年度计划\n（万元）"), "wan"), (_("数值\n（%）") if rows[0].get("unit") in PERCENT else _("数值"), "figure"),
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


def lights(month: JudgedMonth) -> Sheet:
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


def silent(month: JudgedMonth) -> Sheet:
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


def late(month: JudgedMonth) -> Sheet:
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


def missed(month: JudgedMonth) -> Sheet:
    return Sheet(
        _("未按期开工"),
        ((_("项目代码"), "text"), (_("项目"), "text"), (_("县（市、区）"), "text"), (_("计划开工"), "text")),
        [
            (row["project"], row["name"], row.get("county"),
             Period.parse(str(row["planned_start"])[:7]).label if row.get("planned_start") else None)
            for row in month.missed_starts
        ],
    )  # fmt: skip


def findings(month: JudgedMonth) -> Sheet:
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
