"""An invented city and one judged month of it, in the JSON contract: what the papers are tested on."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from guatu.documents.month import Basis, JudgedMonth, PaperWords

WORDS = PaperWords(
    jurisdiction="澜江市",
    agency="澜江市重点建设项目领导小组办公室",
    mark="澜江市重点建设项目领导小组办公室文件",
    recipients="各县（市、区）人民政府，市直有关部门：",
    copies_to="市委、市人大常委会、市政府、市政协办公室",
    number_pattern="澜重建办通报〔{year}〕{number}号",
    bases={
        "bulletin": Basis("澜江 三(二)"),
        "state": Basis("澜江 二"),
        "starts": Basis("澜江 三(三)"),
        "lights": Basis("澜江 三(六)"),
        "silent": Basis("澜江 三(二)"),
        "late": Basis("澜江 三(二)", local_choice=True),
        "questioned": Basis("", local_choice=True),
        "reminder": Basis("澜江 三(二)"),
    },
)

COUNTIES = (
    # name, annual plan and what was planned and done until the month, in 万元
    ("松台区", 1_186_000, 930_500, 1_043_200),
    ("临浦市", 1_420_300, 1_118_000, 1_223_900),
    ("青栎县", 864_500, 682_000, 731_800),
    ("云门县", 930_200, 735_000, 764_500),
    ("滨湖新区", 1_502_000, 1_180_600, 1_219_300),
    ("石渡县", 705_800, 556_000, 572_950),
    ("白鹭区", 812_400, 640_100, 638_700),
    ("河阳县", 668_900, 525_700, 511_240),
    ("澜江经济技术开发区", 1_244_600, 979_000, 941_800),
    ("竹岭县", 587_300, 462_100, 425_910),
    ("北山县", 640_000, 503_900, 441_300),
    ("桐川满族自治县", 512_600, 403_300, 338_120),
)

DEPARTMENTS = (
    ("市发展和改革委员会", 4_205_000, 3_309_000, 3_551_800),
    ("市交通运输局", 2_338_400, 1_840_000, 1_902_700),
    ("市住房和城乡建设局", 1_516_700, 1_193_000, 1_187_600),
    ("市文化广电和旅游局", 1_264_500, 995_100, 948_220),
    ("市水务局", 1_150_000, 905_000, 798_600),
)

WORKS = ("精密铸造产业园", "污水处理厂扩容工程", "人民医院新院区", "环湖公路改建工程", "古镇保护与旅游开发", "智慧冷链物流中心",
         "中小学校舍新建工程", "抽水蓄能配套工程")  # fmt: skip


def rate(part: int, whole: int, places: int = 2) -> float:
    """part ÷ whole × 100, as the contract writes it."""
    exact = Decimal(part) * 100 / Decimal(whole)
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def light(
    index: int,
    level: str,
    behind: float,
    county: str,
    *,
    streak: int = 1,
    name: str | None = None,
    **other: Any,
) -> dict[str, Any]:
    """The light of one project: `behind` is in percentage points."""
    behind = round(behind, 1)
    edges = {"red": (25, None), "yellow": (10, 25), "blue": (5, 10), "normal": (None, 5)}[level]
    return {
        "project": f"2022-1300{index:02d}-48-01-{100000 + index}",
        "name": name or f"{county}{WORKS[index % len(WORKS)]}",
        "county": county,
        "category": "产业",
        "stage": "continuing",
        "light": "schedule",
        "light_name": "投资进度",
        "level": level,
        "level_name": {"red": "红", "yellow": "黄", "blue": "蓝", "normal": "正常"}[level],
        "measure": behind,
        "unit": "percentage_points",
        "clause": "澜江 三(六)",
        "threshold": {
            "from": edges[0],
            "from_included": edges[0] is not None,
            "to": edges[1],
            "to_included": False,
            "sentence": {
                "red": "25 个百分点及以上",
                "yellow": "10（含）至 25 个百分点",
                "blue": "5（含）至 10 个百分点",
                "normal": "不满 5 个百分点",
            }[level],
            "local_choice": None if level == "normal" else "预警线由本地选定。",
        },
        "inputs": {"planned_ytd": 7870, "planned_year": 10000, "invested_ytd": round(7870 - behind * 100)},
        "arithmetic": f"7870 ÷ 10000 − {round(7870 - behind * 100)} ÷ 10000 = {behind} 个百分点",
        "reported": True,
        "questioned": False,
        "without_questioned": {"level": level, "measure": behind},
        "streak": streak,
    } | other


def place(
    ranking: str,
    name: str,
    plan: int,
    due: int,
    done: int,
    rank: int | None,
    previous: int | None,
    **other: Any,
) -> dict[str, Any]:
    """One entity of a ranking by cumulative completion; money in 万元."""
    value = rate(done, plan)
    behind = round(rate(due, plan, 4) - rate(done, plan, 4), 1)
    level = "red" if behind >= 25 else "yellow" if behind >= 10 else "blue" if behind >= 5 else "normal"
    return {
        "ranking": ranking,
        "ranking_name": {"county": "县（市、区）累计完成率", "lead_department": "牵头部门累计完成率"}[
            ranking
        ],
        "entity": name,
        "value": value,
        "unit": "percent",
        "rank": rank,
        "previous_rank": previous,
        "change": None if previous is None or rank is None else previous - rank,
        "tied_with": [],
        "inputs": {"invested_ytd": done, "planned_year": plan, "planned_ytd": due},
        "arithmetic": f"{done} ÷ {plan} = {value}%",
        "clause": "澜江 三(二)",
        "light": {
            "level": level,
            "level_name": {"red": "红", "yellow": "黄", "blue": "蓝", "normal": "正常"}[level],
            "measure": behind,
            "clause": "澜江 三(六)",
        },
        "questioned": 0,
        "as_reported": {"value": value, "rank": rank, "previous_rank": previous},
        "without_questioned": {"value": value, "rank": rank, "previous_rank": previous},
    } | other


def standings(ranking: str, entities: Iterable[tuple[str, int, int, int]]) -> list[dict[str, Any]]:
    """The entities in the order of their completion, each with last month's place."""
    ordered = sorted(entities, key=lambda entity: -rate(entity[3], entity[1]))
    previous = {0: 2, 1: 1, 2: 3, 3: 6, 4: 5, 5: 4}
    values = [rate(done, plan) for _, plan, _, done in ordered]
    rows = [
        place(ranking, *entity, rank=values.index(value) + 1, previous=previous.get(index, index + 1))
        for index, (entity, value) in enumerate(zip(ordered, values, strict=True))
    ]
    for row in rows:
        row["tied_with"] = [
            other["entity"] for other in rows if other is not row and other["rank"] == row["rank"]
        ]
    return rows


def finding(kind: str, project: str, row: int, found: str, expected: str, **other: Any) -> dict[str, Any]:
    """One questioned cell of the September sheet."""
    return {
        "id": kind,
        "severity": "warning",
        "file": "月报.xlsx",
        "sheet": "9月",
        "row": row,
        "column": "I",
        "header": "1—9月累计",
        "found": found,
        "expected": expected,
        "cure": "请核对原始凭证后更正",
        "message": f"{found}：{expected}",
        "project": project,
        "period": "2023-09",
        "cells": [],
    } | other


def silent(index: int, county: str, times: int = 1, unit: str | None = None, **other: Any) -> dict[str, Any]:
    """One project without a report."""
    return {
        "project": f"2021-1300{index:02d}-48-01-{200000 + index}",
        "name": f"{county}{WORKS[index % len(WORKS)]}",
        "county": county,
        "lead_department": "市水务局",
        "responsible_unit": unit or f"{county}水务局",
        "due": "2023-10-05",
        "working_days_late": 5,
        "times": times,
    } | other


def late(index: int, county: str, day: str, days: int) -> dict[str, Any]:
    """One late report."""
    return {
        "project": f"2021-1300{index:02d}-48-01-{300000 + index}",
        "name": f"{county}{WORKS[index % len(WORKS)]}",
        "county": county,
        "handed_in": day,
        "due": "2023-10-05",
        "working_days_late": days,
    }


def lights() -> list[dict[str, Any]]:
    """25 lit projects and three without a light; one red one rests on a questioned figure."""
    counties = [county[0] for county in COUNTIES]
    lit = [
        light(1, "red", 48.3, "北山县", streak=4),
        light(2, "red", 36.6, "桐川满族自治县", streak=2),
        light(
            3, "red", 31.0, "竹岭县", questioned=True, without_questioned={"level": "yellow", "measure": 18.4}
        ),
        light(
            4,
            "red",
            25.0,
            "澜江经济技术开发区",
            name="澜江经济技术开发区新能源汽车动力电池结构件智能制造基地（二期）",
        ),
    ]
    lit += [light(10 + n, "yellow", 24.1 - n * 1.2, counties[-1 - n % 8], streak=1 + n % 3) for n in range(9)]
    lit += [light(30 + n, "blue", 9.7 - n * 0.4, counties[n]) for n in range(12)]
    return lit + [light(60 + n, "normal", -1.5 * n, counties[n]) for n in range(3)]


def quarter(number: int, planned: int, percent: float, starts: int, starts_percent: float) -> dict[str, Any]:
    """One quarter of the year's targets; money in 万元."""
    return {
        "quarter": number,
        "planned": planned,
        "planned_yi": f"{planned / 10000:.1f}",
        "cumulative_percent": percent,
        "starts": starts,
        "starts_percent": starts_percent,
        "completions": 58 if number == 4 else None,
        "published": {"planned_yi": f"{planned / 10000:.1f}", "cumulative_percent": percent, "starts": starts,
                      "starts_percent": starts_percent},
        "agrees": True,
    }  # fmt: skip


def summary() -> dict[str, Any]:
    """The city's summary; what lies after September is null."""
    plan, due, done = (sum(figures) for figures in zip(*(county[1:] for county in COUNTIES), strict=True))
    months = [
        {
            "period": f"2023-{n:02d}",
            "planned": due * n // 9,
            "planned_percent": rate(due * n // 9, plan, 1),
            "reported": done * n // 9 if n <= 9 else None,
            "reported_percent": rate(done * n // 9, plan, 1) if n <= 9 else None,
            "without_questioned": (done + (21_000 if n == 9 else 0)) * n // 9 if n <= 9 else None,
            "without_questioned_percent": rate((done + (21_000 if n == 9 else 0)) * n // 9, plan, 1)
            if n <= 9
            else None,
            "reports": 145 if n <= 9 else None,
            "silent": 2 if n <= 9 else None,
            "late": 2 if n <= 9 else None,
            "started": 6 * n if n <= 9 else None,
            "start_due": min(7 * n, 60),
        }
        for n in range(1, 13)
    ]
    return {
        "totals": {
            "projects": 210,
            "total": 98_420_000,
            "building": {"projects": 148, "total": 46_000_000, "planned": plan, "done_before": 12_000_000},
            "preliminary": {"projects": 62, "total": 52_420_000},
        },
        "cuts": [
            {"cut": "progress", "cut_name": "进展", "class": "new", "class_name": "新开工", "projects": 70,
             "total": 21_000_000, "planned": 5_300_000.5, "total_yi": "2100.0", "planned_yi": "530.0"},
            {"cut": "progress", "cut_name": "进展", "class": "continuing", "class_name": "续建", "projects": 78,
             "total": 25_000_000, "planned": plan - 5_300_000.5, "total_yi": "2500.0", "planned_yi": "577.5"},
            {"cut": "preliminary_category", "cut_name": "前期项目行业", "class": "industry", "class_name": "产业",
             "projects": 62, "total": 52_420_000, "planned": None, "total_yi": "5242.0", "planned_yi": None},
        ],
        "months": months,
        "quarters": [
            quarter(1, 1_600_000, 14.4, 30, 50.0), quarter(2, 3_300_000, 44.2, 20, 83.3),
            quarter(3, 3_900_000, 79.4, 10, 100.0), quarter(4, 2_274_600, 100.0, 0, 100.0),
        ],
        "state": {
            "projects": 210, "building": 148, "reported": done, "planned": plan, "percent": rate(done, plan, 1),
            "schedule_percent": rate(due, plan, 1), "ahead_points": round(rate(done, plan, 1) - rate(due, plan, 1), 1),
            "start_due": 60, "started": 58, "lights": {"red": 4, "yellow": 9, "blue": 12, "normal": 123},
            "silent": 2, "late": 2, "questioned": 3,
        },
        "silent": [silent(1, "北山县", 2), silent(2, "桐川满族自治县")],
        "late": [late(3, "河阳县", "2023-10-09", 2), late(4, "竹岭县", "2023-10-12", 5)],
        "missed_starts": [
            {"project": "2023-130099-48-01-400001", "name": "石渡县乡村供水一体化工程", "county": "石渡县",
             "planned_start": "2023-08"},
        ],
        "contradictions": [
            {"id": "quarters_sum", "clause": "澜江 二",
             "message": "四个季度的计划投资：160.0 + 330.0 + 390.0 + 227.5 = 1107.5，文件写 1107.4"},
        ],
    }  # fmt: skip


def month(**changes: Any) -> JudgedMonth:
    """The judged September 2023; `changes` replace whole fields of it."""
    counties = standings("county", COUNTIES)
    bamboo = next(row for row in counties if row["entity"] == "竹岭县")
    bamboo |= {"questioned": 1, "without_questioned": {"value": 76.1, "rank": 9, "previous_rank": 10}}
    zone = next(row for row in counties if row["entity"] == "澜江经济技术开发区")
    zone |= {"without_questioned": {"value": zone["value"], "rank": 10, "previous_rank": 9}}
    all_lights = lights()
    whole: dict[str, Any] = {
        "head": {
            "contract": "guatu/1",
            "scheme": {"id": "lanjiang-2023", "name": "澜江市2023年重点项目推进方案", "digest": "4be1" * 16},
            "period": "2023-09",
            "as_of": "2023-10-13",
            "facts_digest": "09af" * 16,
            "money_unit": "万元",
        },
        "summary": summary(),
        "lights": all_lights,
        "rankings": counties + standings("lead_department", DEPARTMENTS),
        "findings": [
            finding("unit_yi_in_wan", all_lights[2]["project"], 41, "0.271", "应为2710万元，疑将亿元填作万元"),
            finding("cumulative_falls", all_lights[5]["project"], 77, "18600", "不小于8月的19250"),
            finding("copied_text", all_lights[8]["project"], 90, "主体结构施工", "本月有投资，进展描述应有变化",
                    column="J", header="进展描述"),
            finding("handed_in_late", all_lights[9]["project"], 91, "2023-10-09", "不晚于2023-10-05", column="Q"),
            finding("hidden_row", all_lights[9]["project"], 12, "隐藏行", "计入", severity="note"),
        ],
        "papers": WORDS,
    }  # fmt: skip
    return JudgedMonth(**copy.deepcopy(whole | changes))
