"""Headers that say little or much: what is read from them, and what their figures prove."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.portfolio.project import Stage
from guatu.values import fen
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading
from tests.workbooks.books import code, xls, xlsx


def kinds(reading: Reading) -> Counter[str]:
    """The kinds of finding; the ledgers here leave columns out on purpose, which is not counted."""
    return Counter(finding.id for finding in reading.findings if finding.id != "column_missing")


def yi(amount: float) -> int:
    return fen(amount, "亿元")


def wan(amount: float) -> int:
    return fen(amount, "万元")


def test_a_header_of_two_levels_without_a_merged_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["附件1"],
        ["2024年全市重点建设项目汇总表"],
        ["", "", "", "", "", "", "", "", "金额单位：万元"],
        ["序号", "项目名称", "项目法人", "投资", "", "", "形象进度", "建设地点", "项目编码"],
        ["", "", "", "总投资", "至2023年底累计完成", "2024年计划", "", "", ""],
        ["合 计", "", "", 3000, 500, 800, "", "", ""],
        ["（一）续建项目", "", "", 1000, 500, 300, "", "", ""],
        [1, "甲工程", "甲公司", 1000, 500, 300, "主体", "东湖区", "A-01"],
        ["（二）新建项目", "", "", 2000, "", 500, "", "", ""],
        [1, "乙工程", "乙公司", 2000, "", 500, "前期", "青石县", "A-02"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "i.xlsx", {"汇总表": rows})])
    assert [(p.code, p.stage, p.total, p.done_before, p.planned) for p in reading.projects] == [
        ("A-01", Stage.CONTINUING, wan(1000), wan(500), wan(300)),
        ("A-02", Stage.NEW, wan(2000), None, wan(500)),
    ]
    assert reading.projects[0].extra == {"形象进度": "主体"}, "what a ledger says beside its fields is kept"
    assert kinds(reading) == Counter()


def test_plans_of_single_months_are_added_up_and_half_years_are_taken_as_written(tmp_path: Path) -> None:
    monthly: list[list[Any]] = [
        ["2024年分月投资计划表（万元）"],
        ["项目代码", "项目名称", "年度计划", "分月投资计划", *[""] * 11],
        ["", "", "", *(f"{month}月" for month in range(1, 13))],
        [code(1), "甲", 600, "", "", *[60] * 10],
    ]
    halves: list[list[Any]] = [
        ["2024年投资计划（亿元）"],
        ["项目编号", "项目名称", "2024年投资计划", "", "", ""],
        ["", "", "全年", "一季度", "上半年", "前三季度"],
        ["B1", "乙", 0.3, 0.1, 0.15, 0.2],
    ]
    merges = {"月": [(1, 3, 1, 14), *((1, c, 2, c) for c in range(3))], "半年": [(1, 2, 1, 5)]}
    reading = read_workbooks([xlsx(tmp_path / "j.xlsx", {"月": monthly, "半年": halves}, merges=merges)])
    first, second = reading.projects
    assert list(first.planned_cumulative) == [wan(60 * max(0, month - 2)) for month in range(1, 13)]
    assert list(second.planned_cumulative) == [
        None, None, wan(1000), None, None, wan(1500), None, None, wan(2000), None, None, None,
    ]  # fmt: skip
    assert second.planned == wan(3000)
    assert kinds(reading) == Counter()


def test_names_that_carry_their_codes_in_the_same_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2024年项目（亿元）"],
        ["序号", "项目名称（项目代码）", "地区", "总投资", "年计划"],
        [1, f"甲工程\n{code(1)}", "东湖区", 1.2, 0.3],
        [2, f"乙工程（二期）（{code(2)}）", "东湖区", 1.5, 0.4],
    ]
    reading = read_workbooks([xlsx(tmp_path / "k.xlsx", {"表": rows})])
    assert [(p.code, p.name) for p in reading.projects] == [(code(1), "甲工程"), (code(2), "乙工程（二期）")]
    assert kinds(reading) == Counter()


def test_months_and_units_in_the_names_of_sheets_and_the_year_in_the_files_name(tmp_path: Path) -> None:
    head = ["项目编号", "项目名称", "当月完成投资", "年初累计完成投资", "目前进展"]
    sheets = {
        f"{word}月(亿元)": [
            [f"{word}月份重点项目进展"],
            head,
            ["A-01", "甲工程", 0.1, cumulative, f"第 {word} 段"],
        ]
        for word, cumulative in (("一", 0.1), ("二", 0.2), ("十", 0.9))
    }
    reading = read_workbooks([xlsx(tmp_path / "2024年月报.xlsx", sheets)])
    assert [(str(r.period), r.invested_ytd) for r in reading.reports] == [
        ("2024-01", yi(0.1)),
        ("2024-02", yi(0.2)),
        ("2024-10", yi(0.9)),
    ]
    assert kinds(reading) == Counter()


def test_bare_quarters_are_the_plans_that_they_add_up_to_and_subtotals_may_stand_above(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [
        ["2024年重点项目台账 单位:万元"],
        [
            "县区",
            "项目名称",
            "统一项目代码",
            "投资总额",
            "2024年计划完成投资",
            "1季度",
            "2季度",
            "3季度",
            "4季度",
        ],
        ["全市合计", "", "", 6000, 1800, 450, 450, 450, 450],
        ["东湖区小计", "", "", 3000, 1000, 250, 250, 250, 250],
        ["东湖区", "甲", code(1), 1000, 400, 100, 100, 100, 100],
        ["东湖区", "乙", code(2), 2000, 600, 150, 150, 150, 150],
        ["青石县小计", "", "", 3000, 800, 200, 200, 200, 201],
        ["青石县", "丙", code(3), 3000, 800, 200, 200, 200, 200],
    ]
    reading = read_workbooks([xls(tmp_path / "l.xls", {"台账": rows})])
    assert reading.projects[0].planned_cumulative[5] == wan(200)
    assert [(f.id, f.row, f.column, f.expected) for f in reading.findings if f.id != "column_missing"] == [
        ("subtotal_mismatch", 7, "I", "200 万元")
    ]


def test_months_that_only_rise_to_the_plan_are_cumulative_even_if_the_header_does_not_say_so(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [
        ["2024年重点项目投资计划（万元）"],
        ["项目代码", "项目名称", "年度计划投资", "分月投资计划", *[""] * 11],
        ["", "", "", *(f"{month}月" for month in range(1, 13))],
        [code(1), "甲", 1200, *range(100, 1201, 100)],
        [code(2), "乙", 600, *range(50, 601, 50)],
    ]
    reading = read_workbooks([xlsx(tmp_path / "m.xlsx", {"表": rows}, merges={"表": [(1, 3, 1, 14)]})])
    assert list(reading.projects[1].planned_cumulative) == [wan(50 * month) for month in range(1, 13)]
    assert kinds(reading) == Counter()


def test_a_monthly_form_with_many_more_columns_and_a_signature(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["截至2024年9月底重点项目进展情况统计表"],
        ["填报单位（盖章）：重点办", "", "", "填报日期：2024年10月8日", "", "", "单位：万元"],
        [
            "序号",
            "所属县区",
            "项目名称",
            "项目代码",
            "2024年计划投资",
            "1—9月实际完成投资",
            "占年度计划（%）",
            "9月当月完成投资",
            "自开工累计完成投资",
            "形象进度（%）",
            "工程进展情况",
            "存在的主要问题",
            "下步打算",
        ],
        [1, "东湖区", "甲", code(1), 3000, 2400, 80, 300, 5400, 55, "主体", "无", "继续"],
        [2, "东湖区", "乙", code(2), 4000, 2000, 50, 200, 2000, "20%", "基坑", "资金", "协调"],
        ["", "合计", "", "", 7000, 4400, 62.9, 500, 7400, "", "", "", ""],
        ["填表人：张三", "", "", "审核人：李四"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "n.xlsx", {"统计": rows})])
    assert [(r.invested_ytd, r.invested_month, r.physical, r.problem) for r in reading.reports] == [
        (wan(2400), wan(300), Decimal(55), None),
        (wan(2000), wan(200), Decimal(20), "资金"),
    ]
    assert reading.tables[0].period == "2024-09"
    assert reading.reports[0].extra == {"占年度计划（%）": "80", "自开工累计完成投资": "5400"}
    assert kinds(reading) == Counter()


def test_texts_that_stand_once_under_each_month_belong_to_that_month(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2024年投资完成（万元）"],
        ["项目代码", "项目名称", "年度计划", "1月", "", "", "2月", "", ""],
        ["", "", "", "完成投资", "累计完成", "形象进度", "完成投资", "累计完成", "形象进度"],
        [code(1), "甲", 500, 10, 10, "土方", 20, 30, "桩基"],
    ]
    reading = read_workbooks(
        [xlsx(tmp_path / "o.xlsx", {"表": rows}, merges={"表": [(1, 3, 1, 5), (1, 6, 1, 8)]})]
    )
    assert [(r.invested_ytd, r.progress) for r in reading.reports] == [(wan(10), "土方"), (wan(30), "桩基")]
    assert kinds(reading) == Counter()


def test_two_parts_of_one_form_under_titles_of_their_own(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "项目代码", "总投资", "年度计划投资"]
    rows: list[list[Any]] = [
        ["2024年重点项目计划表"],
        ["单位", "", "", "万元"],
        head,
        [1, "甲", code(1), 100, 50],
        ["合计", "", "", 100, 50],
        [],
        ["2024年新开工项目（万元）"],
        head,
        [1, "乙", code(2), 200, 60],
        ["合计", "", "", 200, 60],
    ]
    reading = read_workbooks([xlsx(tmp_path / "p.xlsx", {"表": rows})])
    assert [(p.name, p.stage, p.category, p.total) for p in reading.projects] == [
        ("甲", None, None, wan(100)),
        ("乙", Stage.NEW, None, wan(200)),
    ]
    assert kinds(reading) == Counter()


def test_amounts_that_all_state_their_own_unit_need_no_other(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2024年重点项目"],
        ["项目名称", "项目代码", "总投资", "年度计划投资"],
        ["甲", code(1), "100万元", "0.005亿"],
        ["乙", code(2), "2亿元", ""],
    ]
    reading = read_workbooks([xlsx(tmp_path / "q.xlsx", {"表": rows})])
    assert [(p.total, p.planned) for p in reading.projects] == [(wan(100), wan(50)), (yi(2), None)]
    assert kinds(reading) == Counter()


def test_the_month_is_taken_from_the_files_name_where_the_sheet_says_nothing(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["重点项目月报（万元）"],
        ["项目代码", "项目名称", "累计完成", "进展"],
        [code(1), "甲", 9, "桩基"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "2024年6月月报.xlsx", {"Sheet1": rows})])
    assert [(str(r.period), r.invested_ytd, r.progress) for r in reading.reports] == [
        ("2024-06", wan(9), "桩基")
    ]
    assert kinds(reading) == Counter()


def test_subtotals_of_two_levels_and_of_pages_are_each_held_against_their_own_rows(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "项目代码", "总投资", "年度计划"]
    groups: list[list[Any]] = [
        ["2024年重点项目（万元）"],
        head,
        ["一、产业"],
        ["（一）制造业"],
        [1, "甲", code(1), 10, 5],
        [2, "乙", code(2), 20, 6],
        ["", "小计", "", 30, 11],
        ["（二）服务业"],
        [1, "丙", code(3), 30, 7],
        ["", "小计", "", 30, 7],
        ["", "合计", "", 60, 18],
        ["二、民生"],
        [1, "丁", code(4), 40, 8],
        ["", "合计", "", 40, 8],
        ["", "总计", "", 100, 27],
    ]
    pages: list[list[Any]] = [
        ["2024年重点项目（万元）"],
        head,
        [1, "戊", code(5), 10, 5],
        ["本页小计", "", "", 10, 5],
        head,
        [2, "己", code(6), 20, 6],
        ["本页小计", "", "", 20, 6],
        ["累  计", "", "", 30, 11],
    ]
    reading = read_workbooks([xlsx(tmp_path / "r.xlsx", {"表1": groups, "表2": pages})])
    assert [p.category for p in reading.projects] == ["产业", "产业", "产业", "民生", None, None]
    assert [
        (f.id, f.sheet, f.row, f.column, f.expected) for f in reading.findings if f.id != "column_missing"
    ] == [("subtotal_mismatch", "表1", 15, "E", "26 万元")]
