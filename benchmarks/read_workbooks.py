"""How long reading a large workbook takes, beside a plain openpyxl reading of the same file.

    python benchmarks/read_workbooks.py [--rows 20000]

Prints the time to the first findings, the time in all, and the ratio to openpyxl in the same run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import xlsxwriter

from guatu.findings import Finding
from guatu.workbooks.read import read_workbooks

PER_SHEET = 5000


def write_workbook(path: Path, rows: int) -> None:
    """A long ledger of 22 columns with odd cells in it, in sheets of five thousand rows."""
    head = [
        "序号",
        "项目代码",
        "项目名称",
        "县（市、区）",
        "行业",
        "建设性质",
        "建设内容及规模",
        "计划开工",
        "计划竣工",
    ]
    head += ["总投资", "截至2023年底累计完成投资", "2024年计划投资", *(f"{q}季度计划" for q in "一二三四")]
    head += ["牵头部门", "责任单位", "项目单位", "联系电话", "经纬度", "备注"]
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    for first in range(0, rows, PER_SHEET):
        sheet = book.add_worksheet(f"第{first // PER_SHEET + 1}册")
        sheet.write(0, 0, "2024年重点项目台账（单位：万元）")
        sheet.write_row(1, 0, head)
        for offset in range(min(PER_SHEET, rows - first)):
            number = first + offset
            plan = 1000 + number % 977 * 4
            sheet.write_row(
                offset + 2,
                0,
                [
                    offset + 1,
                    f"2024-{130200 + number % 12:06d}-48-01-{number:06d}",
                    f"第{number}号项目",
                    f"第{number % 12}区",
                    ("产业", "民生", "基础设施")[number % 3],
                    ("续建", "新开工")[number % 2],
                    "新建厂房及配套设施，购置设备",
                    f"202{number % 4}年{number % 12 + 1}月",
                    f"2026.{number % 12 + 1:02d}",
                    plan * 5 if number % 50 else f"{plan * 5:,}",
                    plan if number % 70 else "待定",
                    plan,
                    plan // 4,
                    plan // 4,
                    plan // 4,
                    plan // 4 if number % 90 else plan,
                    "市发展改革委",
                    "区发展改革局",
                    "某某公司",
                    "000-1234567",
                    "118.12，39.61",
                    "",
                ],
            )
    book.close()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    rows: int = parser.parse_args(arguments).rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        write_workbook(path, rows)
        begin = time.perf_counter()
        first: list[float] = []

        def note(_rows: int, findings: Sequence[Finding]) -> None:
            if findings and not first:
                first.append(time.perf_counter() - begin)

        reading = read_workbooks([path], progress=note)
        took = time.perf_counter() - begin
        begin = time.perf_counter()
        book = openpyxl.load_workbook(path, read_only=True)
        cells = sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
        plain = time.perf_counter() - begin
    print(f"rows {rows}, projects {len(reading.projects)}, findings {len(reading.findings)}, cells {cells}")
    print(f"first findings {first[0] if first else took:.2f} s, in all {took:.2f} s")
    print(f"plain openpyxl {plain:.2f} s, ratio {took / plain:.2f}")


if __name__ == "__main__":
    main()
