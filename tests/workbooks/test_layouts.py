"""Workbooks of very different layouts give the same kind of rows, whatever their form."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.portfolio.project import Stage
from guatu.values import Period, fen
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading, TableKind
from tests.workbooks.books import code, ods, xls, xlsx


def kinds(reading: Reading) -> Counter[str]:
    """The kinds of finding; the ledgers here leave columns out on purpose, which is not counted."""
    return Counter(finding.id for finding in reading.findings if finding.id != "column_missing")


def yi(amount: float) -> int:
    return fen(amount, "亿元")


def wan(amount: float) -> int:
    return fen(amount, "万元")


def test_sheets_per_county_in_yi_with_stage_headings_and_the_code_at_the_end(tmp_path: Path) -> None:
    head: list[Any] = [
        "编号",
        "建设单位",
        "工程名称",
        "建设规模及内容",
        "总投资额",
        "本年计划投资",
        "开工时间",
        "完工时间",
        "国家代码",
    ]

    def sheet(county: str, first: int) -> list[list[Any]]:
        return [
            [f"{county}二〇二四年重点工程一览表（单位：亿元）"],
            head,
            ["一、续建工程（2项）"],
            [1, "甲公司", "滨河大道工程", "道路 12 公里", 12.5, 3.2, "2022年3月", "2025年底", code(first)],
            [
                2,
                "乙公司",
                "人民医院迁建工程",
                "床位 800 张",
                "8.06",
                1.14,
                "2023/4",
                "2025-06",
                code(first + 1),
            ],
            ["二、新开工工程（1项）"],
            [
                1,
                "丙公司",
                "污水处理厂扩容工程",
                "日处理 5 万吨",
                2.3333,
                1.0,
                "6月底",
                "2026年三季度",
                code(first + 2),
            ],
            ["合计", "", "", "", 22.8933, 5.34, "", "", ""],
        ]

    book = xlsx(tmp_path / "a.xlsx", {"东湖区": sheet("东湖区", 1), "青石县": sheet("青石县", 11)})
    reading = read_workbooks([book])
    assert len(reading.projects) == 6
    assert Counter(p.county for p in reading.projects) == {"东湖区": 3, "青石县": 3}
    first, second, third = reading.projects[:3]
    assert (first.name, first.stage, first.company) == ("滨河大道工程", Stage.CONTINUING, "甲公司")
    assert (first.total, first.planned) == (yi(12.5), yi(3.2))
    assert (first.planned_start, first.planned_finish) == (Period(2022, 3), Period(2025, 12))
    assert second.total == yi(8.06)
    assert (third.stage, third.planned_start, third.planned_finish) == (
        Stage.NEW,
        Period(2024, 6),
        Period(2026, 9),
    )
    assert third.total == fen("2.3333", "亿元")
    assert all(subtotal.agrees for table in reading.tables for subtotal in table.subtotals)
    assert {table.unit for table in reading.tables} == {"亿元"}
    assert kinds(reading) == Counter()


def test_a_long_table_with_a_month_column_and_plans_by_quarter(tmp_path: Path) -> None:
    ledger: list[list[Any]] = [
        ["2024年市重点项目投资计划"],
        [
            "序号",
            "项目名称",
            "所属县区",
            "项目编号",
            "总投资（万元）",
            "年度计划（万元）",
            "分季度投资计划（万元）",
            "",
            "",
            "",
        ],
        ["", "", "", "", "", "", "一季度", "二季度", "三季度", "四季度"],
        [1, "产业园一期", "云溪县", "ZD-001", 30000, 10000, 1000, 3000, 4000, 2000],
        [2, "产业园二期", "云溪县", "ZD-002", 50000, 20000, 2000, 6000, 8000, 3000],
    ]
    reports: list[list[Any]] = [
        ["2024年重点项目月度完成情况"],
        [
            "月份",
            "项目编号",
            "项目名称",
            "本月完成投资（万元）",
            "年初至今累计完成投资（万元）",
            "形象进度",
            "填报日期",
        ],
        ["1月", "ZD-001", "产业园一期", 300, 300, "场平", "2.3"],
        ["1月", "ZD-002", "产业园二期", 500, 500, "桩基", date(2024, 2, 4)],
        ["2024年2月", "ZD-001", "产业园一期", 400, 700, "基础", "3月4日"],
        ["2024-02", "ZD-002", "产业园二期", 600, 1100, "承台", "2024.3.4"],
        [3, "ZD-001", "产业园一期", 100, 800, "主体", "2024/4/2"],
        ["２０２４年３月", "ZD-002", "产业园二期", "", "", "", ""],
    ]
    book = xlsx(
        tmp_path / "b.xlsx",
        {"计划": ledger, "月报": reports},
        merges={"计划": [(1, 6, 1, 9), *((1, c, 2, c) for c in range(6))]},
    )
    reading = read_workbooks([book])
    assert [table.kind for table in reading.tables] == [TableKind.LEDGER, TableKind.REPORTS]
    first, second = reading.projects
    split = [None, None, wan(1000), None, None, wan(4000), None, None, wan(8000), None, None, wan(10000)]
    assert list(first.planned_cumulative) == split
    assert [(r.code, str(r.period), r.blank) for r in reading.reports] == [
        ("ZD-001", "2024-01", False),
        ("ZD-002", "2024-01", False),
        ("ZD-001", "2024-02", False),
        ("ZD-002", "2024-02", False),
        ("ZD-001", "2024-03", False),
        ("ZD-002", "2024-03", True),
    ]
    assert reading.reports[2].invested_ytd == wan(700)
    assert [r.handed_in for r in reading.reports[:3]] == [
        date(2024, 2, 3),
        date(2024, 2, 4),
        date(2024, 3, 4),
    ]
    assert kinds(reading) == {"quarters_not_year": 1}
    assert next(f.project for f in reading.findings if f.id == "quarters_not_year") == second.code


def test_an_old_xls_with_the_header_on_every_page(tmp_path: Path) -> None:
    head: list[Any] = [
        "序号",
        "县区",
        "项目名称",
        "统一代码",
        "项目性质",
        "投资总额",
        "年计划投资",
        "拟开工时间",
        "备注",
    ]
    numbering = ["甲", "乙", "丙", "丁", 1, 2, 3, 4, 5]
    rows: list[list[Any]] = [
        ["重点建设项目计划表"],
        ["编制单位：重点办", "", "", "", "", "", "", "金额单位：万元"],
        head,
        numbering,
        [1, "石桥市", "一号项目", code(1), "新建", 1000, 500, "2024.4", ""],
        [2, "", "二号项目", code(2), "续建", 2000, 700, "2023.6", ""],
        [3, "", "三号项目", code(3), "续建", 3000, 800, "2023.7", ""],
        ["第1页 共2页"],
        ["重点建设项目计划表"],
        head,
        [],
        [4, "松岗市", "四号项目", code(4), "新建", "４０００", 900, "2024年5月", "含征地"],
        [5, "", "五号项目", code(5), "新建", "5,000", 1000, "2024年5月", ""],
        ["", "", "总 计", "", "", 15000, 3900, "", ""],
        ["注：1.本表为2024年计划。"],
        ["2.总投资含征地费用。"],
        ["制表人：张三", "", "", "审核人：李四", "", "", "", "2024年1月5日"],
    ]
    book = xls(
        tmp_path / "c.xls",
        {"计划表": rows},
        merges={"计划表": [(4, 1, 6, 1), (11, 1, 12, 1)]},
        hidden_rows=[5],
    )
    reading = read_workbooks([book])
    assert [p.code for p in reading.projects] == [code(n) for n in range(1, 6)]
    assert [p.county for p in reading.projects] == ["石桥市"] * 3 + ["松岗市"] * 2
    assert [p.total for p in reading.projects] == [wan(n * 1000) for n in range(1, 6)]
    assert reading.projects[3].planned_start == Period(2024, 5)
    assert reading.tables[0].unit == "万元"
    assert reading.tables[0].hidden_rows == (6,)
    assert all(s.agrees for s in reading.tables[0].subtotals) and len(reading.tables[0].subtotals) == 2
    assert kinds(reading) == {
        "hidden_row": 1,
        "full_width_digits": 1,
        "number_as_text_with_thousands_separator": 1,
    }


def test_an_open_document_with_a_header_of_three_levels(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2024年重点项目推进情况表（截至2024年5月31日）", *[""] * 11],
        ["", "", "", "", "", "", "", "", "", "", "", "单位：亿元"],
        ["序号", "项目", "", "地区", "投资情况", "", "", "", "", "工程情况", "", "建议"],
        ["", "名称", "代码", "", "总投资", "年度", "", "", "", "形象进度", "完成比例（％）", ""],
        ["", "", "", "", "", "计划", "完成", "", "", "", "", ""],
        ["", "", "", "", "", "", "本月", "1-5月累计", "完成率", "", "", ""],
        [1, "湿地公园", code(1), "柳泉县", 3.5, 1.2, 0.1, 0.55, 0.458, "栈道施工", 35, ""],
        [2, "文化馆", code(2), "柳泉县", 1.5, 0.8, 0.05, 0.3, 0.375, "主体封顶", 60, "协调电力"],
    ]
    merges = [
        (0, 0, 0, 11), (2, 0, 5, 0), (2, 1, 2, 2), (3, 1, 5, 1), (3, 2, 5, 2), (2, 3, 5, 3), (2, 4, 2, 8),
        (3, 4, 5, 4), (3, 5, 3, 8), (4, 5, 5, 5), (4, 6, 4, 8), (2, 9, 2, 10), (3, 9, 5, 9), (3, 10, 5, 10), (2, 11, 5, 11),
    ]  # fmt: skip
    book = ods(
        tmp_path / "d.ods",
        {"五月": rows},
        merges={"五月": merges},
        comments={(6, 4): "含预备费"},
        hidden_columns=[2],
    )
    reading = read_workbooks([book])
    table = reading.tables[0]
    assert table.header_rows == (3, 4, 5, 6)
    assert (table.period, table.unit, table.kind) == ("2024-05", "亿元", TableKind.REPORTS)
    assert [c.field for c in table.columns] == [
        "serial", "name", "code", "county", "total", "planned", "invested_month", "invested_ytd", "completion_rate",
        "progress", "physical", "suggestion",
    ]  # fmt: skip
    report = reading.reports[0]
    assert (report.invested_month, report.invested_ytd, report.physical) == (yi(0.1), yi(0.55), Decimal(35))
    assert table.comments == (("E7", "含预备费"),)
    assert table.hidden_columns == ("C",)
    assert reading.projects[0].total == yi(3.5) and reading.projects[1].planned == yi(0.8)


def test_one_wide_sheet_with_a_pair_of_columns_for_each_month(tmp_path: Path) -> None:
    top: list[Any] = ["项目代码", "项目名称", "区县", "类别", "总投资", "2024年计划投资"]
    low: list[Any] = [""] * 6
    for month in range(1, 5):
        top += [f"{month}月", ""]
        low += ["当月完成", "累计完成"]
    rows: list[list[Any]] = [
        ["2024年重大项目投资完成台账（万元）", *[""] * 13],
        top,
        low,
        [code(1), "高速公路", "禾丰县", "交通", 90000, 24000, 1000, 1000, 2000, 3000, 2500, 5500, "", ""],
        [code(2), "产业新城", "禾丰县", "产业", 60000, 12000, 800, 800, "", "", 1200, 2000, "", ""],
    ]
    merges = [
        (0, 0, 0, 13),
        *((1, c, 2, c) for c in range(6)),
        *((1, 6 + 2 * m, 1, 7 + 2 * m) for m in range(4)),
    ]
    reading = read_workbooks([xlsx(tmp_path / "e.xlsx", {"台账": rows}, merges={"台账": merges})])
    assert [(p.code, p.planned, p.category) for p in reading.projects] == [
        (code(1), wan(24000), "交通"),
        (code(2), wan(12000), "产业"),
    ]
    said = [(r.code, str(r.period), r.invested_month, r.invested_ytd, r.blank) for r in reading.reports]
    assert said == [
        (code(1), "2024-01", wan(1000), wan(1000), False),
        (code(1), "2024-02", wan(2000), wan(3000), False),
        (code(1), "2024-03", wan(2500), wan(5500), False),
        (code(2), "2024-01", wan(800), wan(800), False),
        (code(2), "2024-02", None, None, True),
        (code(2), "2024-03", wan(1200), wan(2000), False),
    ]
    assert reading.reports[2].columns["invested_ytd"] == "L"
    assert kinds(reading) == Counter()


def test_no_groups_units_in_each_header_totals_on_top_and_counties_on_the_first_row_only(
    tmp_path: Path,
) -> None:
    rows: list[list[Any]] = [
        ["2024年项目库"],
        [
            "辖区",
            "入库编号",
            "建设项目",
            "年度投资任务(万元)",
            "概算总投资（亿元）",
            "项目业主及联系电话",
            "坐标",
            "挂钩领导",
            "投入强度",
        ],
        ["合计", "", "4个", 10500, 4.25, "", "", "", ""],
        ["东湖区", "K01", "芯片封装线", 2000, 1.2, "甲公司 0315-2223334", "118.1,39.6", "王一", "高"],
        ["", "K02", "锂电材料", 3000, 0.85, "乙公司，13800138000", "39.61，118.22", "王一", "中"],
        ["白沙县", "K03", "冷链物流", 2500, "1.1亿元", "丙公司", "", "李二", "中"],
        ["", "K04", "数据中心", "3000万元", 1.1, "丁公司\n0315-8889990", "E118.3 N39.7", "李二", "高"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "f.xlsx", {"Sheet1": rows})])
    assert [(p.code, p.county) for p in reading.projects] == [
        ("K01", "东湖区"),
        ("K02", "东湖区"),
        ("K03", "白沙县"),
        ("K04", "白沙县"),
    ]
    assert [p.total for p in reading.projects] == [yi(1.2), yi(0.85), yi(1.1), yi(1.1)]
    assert [p.planned for p in reading.projects] == [wan(2000), wan(3000), wan(2500), wan(3000)]
    assert [(p.company, p.phone) for p in reading.projects] == [
        ("甲公司", "0315-2223334"),
        ("乙公司", "13800138000"),
        ("丙公司", None),
        ("丁公司", "0315-8889990"),
    ]
    assert [(p.longitude, p.latitude) for p in reading.projects] == [
        ("118.1", "39.6"),
        ("118.22", "39.61"),
        (None, None),
        ("118.3", "39.7"),
    ]
    assert reading.projects[0].extra == {"投入强度": "高"}
    assert kinds(reading) == {"county_filled_down": 1, "unknown_column": 1}


def test_headings_of_two_levels_that_carry_sums_and_the_unit_in_a_note_below(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["示例市二○二四年重点项目计划"],
        ["序号", "项目名称", "建设性质", "总投资", "年度投资计划", "责任单位", "项目统一代码"],
        ["", "总计（4个）", "", 10000, 4000, "", ""],
        ["一", "产业类项目（3个）", "", 6000, 2500, "", ""],
        ["（一）", "东湖区（2个）", "", 4000, 1500, "", ""],
        [1, "轴承扩产", "续建", 1500, 500, "区工信局", code(1)],
        [2, "模具基地", "计划新开工", 2500, 1000, "区工信局", code(2)],
        ["（二）", "青石县（1个）", "", 2000, 1000, "", ""],
        [1, "食品加工", "前期", 2000, 1000, "县发改局", code(3)],
        ["二", "民生类项目（1个）", "", 4000, 1500, "", ""],
        ["（一）", "东湖区（1个）", "", 4000, 1500, "", ""],
        [1, "中学新建", "新开工", 4000, 1500, "区教育局", code(4)],
        ["备注：表中投资均以万元为单位。"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "g.xlsx", {"计划": rows})])
    assert [(p.category, p.county, p.stage) for p in reading.projects] == [
        ("产业", "东湖区", Stage.CONTINUING),
        ("产业", "东湖区", Stage.NEW),
        ("产业", "青石县", Stage.PRELIMINARY),
        ("民生", "东湖区", Stage.NEW),
    ]
    assert reading.projects[0].total == wan(1500)
    assert len(reading.tables[0].subtotals) == 12
    assert all(s.agrees for s in reading.tables[0].subtotals)
    assert kinds(reading) == Counter()


def test_a_file_per_month_and_a_ledger_sheet_per_category(tmp_path: Path) -> None:
    head: list[Any] = ["项目名称", "项目代码", "所在区县", "项目类型", "总投资", "年度计划投资"]
    ledger = xlsx(
        tmp_path / "台账.xlsx",
        {
            "1.产业": [["2024年重点项目（单位：万元）"], head, ["风机", code(1), "云溪县", "续建", 5000, 1200], ["叶片", code(2), "云溪县", "新建", 8000, 2400]],
            "2.民生": [["2024年重点项目（单位：万元）"], head, ["养老院", code(3), "禾丰县", "新建", 3000, 900], ["小学", code(4), "禾丰县", "续建", 2000, 600]],
        },
    )  # fmt: skip
    months = []
    for month, cumulative in ((1, 100), (2, 260), (3, 410)):
        rows: list[list[Any]] = [
            [f"重点项目{month}月份进展（2024年）"],
            ["（单位：万元）"],
            ["代码", "项目名称", f"1-{month}月完成投资", f"{month}月完成投资", "工程进展", "纳统情况"],
            [
                code(1),
                "风机",
                cumulative,
                cumulative - (0, 100, 260)[month - 1],
                f"吊装 {month} 台",
                "已纳统",
            ],
        ]
        months.append(xlsx(tmp_path / f"{month}.xlsx", {"Sheet1": rows}))
    reading = read_workbooks([ledger, *months])
    assert [(p.category, p.stage) for p in reading.projects] == [
        ("产业", Stage.CONTINUING),
        ("产业", Stage.NEW),
        ("民生", Stage.NEW),
        ("民生", Stage.CONTINUING),
    ]
    assert [(str(r.period), r.invested_ytd, r.in_statistics) for r in reading.reports] == [
        ("2024-01", wan(100), True),
        ("2024-02", wan(260), True),
        ("2024-03", wan(410), True),
    ]
    assert kinds(reading) == {"category_from_sheet": 2}


def test_two_tables_below_each_other_in_one_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2024年在建项目计划（万元）"],
        ["项目代码", "项目名称", "县区", "建设性质", "总投资", "年度计划投资", "其中：专项债"],
        [code(1), "北环路", "石桥市", "续建", 900, 300, 10],
        [code(2), "南环路", "石桥市", "新开工", 800, 200, 20],
        ["合计", "", "", "", 1700, 500, 30],
        [],
        ["2024年前期项目计划（亿元）"],
        ["项目代码", "项目名称", "县区", "估算总投资", "立项", "环评", "预计开工时间"],
        [code(3), "西环路", "石桥市", 1.5, "已批", "在办", "2025年3月"],
    ]
    reading = read_workbooks([xlsx(tmp_path / "h.xlsx", {"表": rows})])
    assert [table.kind for table in reading.tables] == [TableKind.LEDGER, TableKind.PRELIMINARY]
    assert [p.total for p in reading.projects] == [wan(900), wan(800), yi(1.5)]
    assert reading.projects[2].approvals == {"立项": "已批", "环评": "在办"}
    assert reading.projects[2].stage is Stage.PRELIMINARY
    assert reading.projects[0].extra == {"其中：专项债": "10"}
