"""Small workbooks of the city of tests/cast.py, as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cast import PLANT, PORT, SCHOOL
from tests.workbooks.books import xlsx

HEAD = (
    "序号", "项目代码", "项目名称", "县（市、区）", "建设性质", "总投资（万元）", "2023年计划投资（万元）", "牵头部门", "责任单位", "市级包联领导",
)  # fmt: skip
HARBOUR = "2023-130901-54-01-000009"
"""A project that the cast does not know."""

Row = Sequence[Any]


def row(number: int, code: str, name: str, county: str, **other: Any) -> Row:
    """A row of a ledger of projects that 市交通运输局 leads."""
    return (
        number, code, name, county, other.get("stage", "续建"), other.get("total", 50_000), other.get("planned", 12_000),
        other.get("lead", "市交通运输局"), other.get("unit", f"{county}交通运输局"), other.get("leader", "沈知远（副市长）"),
    )  # fmt: skip


ROWS = (
    row(1, PORT, "沧城港扩建项目", "东岭县"),
    row(2, SCHOOL, "西原中学新建项目", "西原区", stage="新建", lead="市教育局"),
    row(3, PLANT, "西原包装材料厂项目", "西原区"),
)


def ledger_book(folder: Path, *rows: Row, name: str = "台账.xlsx") -> bytes:
    """A ledger of these rows."""
    sheet = [("沧城市2023年重点项目台账",), ("单位：万元",), HEAD, *rows]
    return xlsx(folder / name, {"在建项目": sheet}).read_bytes()


def reports_book(folder: Path, *rows: Row, month: int = 3, name: str = "月报.xlsx") -> bytes:
    """Reports of one month: code, name, month's and cumulative investment (万元), progress, day."""
    head = (
        "序号",
        "项目代码",
        "项目名称",
        "本月完成投资（万元）",
        f"1—{month}月累计完成投资（万元）",
        "形象进度",
        "填报日期",
    )
    sheet = [(f"沧城市重点项目2023年{month}月进展情况表",), ("单位：万元",), head, *rows]
    return xlsx(folder / name, {f"{month}月": sheet}).read_bytes()
