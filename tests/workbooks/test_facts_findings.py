"""Every fault of a facts file is a finding by its cell, all at once, and refuses only itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.assessment.given import KnownFact
from guatu.assessment.terms import Term
from guatu.findings import Finding
from guatu.workbooks.facts import FactsReading, read_facts
from tests.workbooks.books import ods, xlsx
from tests.workbooks.test_facts import KNOWN, THIRD, csv_file, values


def read(tmp_path: Path, text: str, term: Term | None = THIRD) -> FactsReading:
    return read_facts([csv_file(tmp_path, text)], KNOWN, term=term)


def only(reading: FactsReading) -> Finding:
    (found,) = reading.findings
    assert re.search("[一-鿿].*。$", found.message)
    assert found.cure
    return found


def test_an_unknown_fact_is_answered_with_the_nearest_and_its_other_cells(tmp_path: Path) -> None:
    reading = read(tmp_path, "对象,事实,数值\n甲县,开工率,50\n甲县,开工律,1\n乙县,开工律,2\n")
    found = only(reading)
    assert (found.id, found.row, found.column, found.found) == ("fact_unknown", 3, "B", "开工律")
    assert found.expected == "开工率（start_rate）"
    assert found.cells == ("B4",)
    assert len(reading.rows) == 1


def test_a_column_of_no_known_fact_is_said_once(tmp_path: Path) -> None:
    reading = read(tmp_path, "县区,开工率,完成投资额(万元),空列\n甲县,50,3,\n乙县,60,4,\n")
    found = only(reading)
    assert (found.id, found.row, found.column) == ("fact_unknown", 1, "C")
    assert found.expected == "完成投资（done）"
    assert len(reading.rows) == 2


def test_a_table_whose_only_fact_is_misspelt_is_still_recognised(tmp_path: Path) -> None:
    assert only(read(tmp_path, "县区,开工律\n甲县,50\n")).id == "fact_unknown"


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("完成投资", "约三百"),
        ("完成投资", "80%"),
        ("完成投资", "99999999999999999999"),
        ("完成投资", "#REF!"),
        ("开工率", "八成"),
        ("开工率", "5万元"),
        ("到位比例", "一半"),
        ("开工个数", "1.5"),
        ("开工个数", "3%"),
        ("增量", "1.2E+05"),
        ("督查评分", "良好"),
        ("是否联审", "无"),
        ("是否联审", "2"),
    ],
)
def test_a_value_of_another_kind_is_not_read(tmp_path: Path, fact: str, written: str) -> None:
    reading = read(
        tmp_path, f"对象,事实,数值,填报人,理由\n甲县,{fact},{written},王五,整洁\n乙县,started,1,,\n"
    )
    found = only(reading)
    assert (found.id, found.row, found.column, found.header) == ("fact_unreadable", 2, "C", "数值")
    assert found.found == written
    assert found.expected
    assert values(reading) == {("乙县", "2023Q3", "started"): 1}


@pytest.mark.parametrize(
    ("fact", "written", "limits"),
    [
        ("督查评分", "100.5", "0分 到 100分"),
        ("督查评分", "-1", "0分 到 100分"),
        ("开工个数", "-2", "不小于 0"),
    ],
)
def test_a_value_beyond_its_limits_is_refused_with_them(
    tmp_path: Path, fact: str, written: str, limits: str
) -> None:
    reading = read(tmp_path, f"对象,事实,数值,填报人,理由\n甲县,{fact},{written},王五,整洁\n")
    assert only(reading).id == "fact_out_of_range"
    assert only(reading).expected == limits
    assert reading.rows == ()


def test_the_limits_themselves_are_allowed(tmp_path: Path) -> None:
    text = "对象,事实,数值,填报人,理由\n甲县,visit,100,王五,整洁\n乙县,visit,0,王五,脏乱\n"
    assert read(tmp_path, text).findings == ()


@pytest.mark.parametrize(
    ("by", "reason", "missing"), [("王五", "", "理由"), ("", "整洁", "填报人"), ("", "—", "填报人、理由")]
)
def test_a_mark_without_its_person_or_reason_is_refused(
    tmp_path: Path, by: str, reason: str, missing: str
) -> None:
    reading = read(tmp_path, f"县区,督查评分,开工个数,填报人,理由\n甲县,80,3,{by},{reason}\n")
    assert (only(reading).id, only(reading).expected) == ("mark_without_reason", missing)
    assert [row.fact for row in reading.rows] == ["started"]


def test_a_mark_and_its_second_person_are_two_people(tmp_path: Path) -> None:
    header = "对象,事实,数值,打分人,复核人,打分理由\n"
    assert only(read(tmp_path, header + "甲县,visit,80,王五,王 五,整洁\n")).id == "mark_same_person"
    assert read(tmp_path, header + "甲县,visit,80,王五,赵六,整洁\n").findings == ()
    assert read(tmp_path, header + "甲县,started,80,王五,王五,\n").findings == ()


def test_without_any_term_a_table_is_refused_in_one_finding(tmp_path: Path) -> None:
    reading = read(tmp_path, "对象,事实,数值\n甲县,started,1\n乙县,started,2\n", term=None)
    assert (only(reading).id, reading.rows) == ("term_missing", ())


def test_a_row_without_a_term_or_with_an_odd_one_refuses_only_itself(tmp_path: Path) -> None:
    text = "对象,期别,事实,数值\n甲县,,started,1\n乙县,三季,started,2\n丙县,2023Q5,started,2\n丁县,2023,started,2\n"
    reading = read(tmp_path, text, term=None)
    assert [(f.id, f.row, f.column, f.found) for f in reading.findings] == [
        ("term_missing", 2, "B", ""),
        ("term_unreadable", 3, "B", "三季"),
        ("term_unreadable", 4, "B", "2023Q5"),
    ]
    assert [row.entity for row in reading.rows] == ["丁县"]


def test_a_row_or_a_table_that_names_no_thing_is_refused(tmp_path: Path) -> None:
    row = only(read(tmp_path, "县区,开工个数\n,3\n"))
    assert (row.id, row.row, row.column) == ("entity_missing", 2, "A")
    assert (only(read(tmp_path, "事实,数值\nstarted,3\n")).id) == "entity_missing"
    assert (only(read(tmp_path, "开工个数,开工率\n3,50\n")).id) == "entity_missing"


def test_two_different_values_of_one_fact_are_both_refused_across_files(tmp_path: Path) -> None:
    first = csv_file(tmp_path, "县区,开工个数,开工率\n甲县,3,50\n", "a.csv")
    second = csv_file(tmp_path, "对象,事实,数值\n甲县,started,4\n甲县,开工率,50.0\n甲县,started,3\n", "b.csv")
    reading = read_facts([first, second], KNOWN, term=THIRD)
    found = only(reading)
    assert (found.id, found.file, found.row, found.found) == ("fact_twice", "b.csv", 2, "4")
    assert found.cells == ("a.csv B2",)
    assert values(reading) == {("甲县", "2023Q3", "start_rate"): 50}
    assert set(reading.digests) == {"a.csv", "b.csv"}


def test_a_spot_check_that_differs_is_a_contradiction_too(tmp_path: Path) -> None:
    reading = read(tmp_path, "对象,事实,数值,核查值\n甲县,started,3,\n甲县,started,3,2\n")
    assert (only(reading).id, reading.rows) == ("fact_twice", ())


def test_a_spot_check_without_a_value_is_not_taken_for_the_value(tmp_path: Path) -> None:
    for text in ("对象,事实,数值,核查值\n甲县,started,,2\n", "县区,开工率,开工个数（核查）\n甲县,,2\n"):
        reading = read(tmp_path, text)
        assert (only(reading).id, only(reading).expected, reading.rows) == ("fact_unreadable", "填报值", ())


def test_a_fault_of_the_spot_check_refuses_the_fact(tmp_path: Path) -> None:
    reading = read(tmp_path, "县区,开工个数,开工个数（核查）\n甲县,3,两个\n")
    assert (only(reading).id, only(reading).column, reading.rows) == ("fact_unreadable", "C", ())


def test_a_unit_that_does_not_fit_its_fact_is_refused(tmp_path: Path) -> None:
    row = only(read(tmp_path, "对象,事实,数值,单位\n甲县,done,3,美元\n乙县,done,3,元\n"))
    assert (row.id, row.row, row.column, row.found) == ("unit_unknown", 2, "D", "美元")
    column = only(read(tmp_path, "县区,完成投资（美元）,开工率\n甲县,3,50\n"))
    assert (column.id, column.row, column.column, column.found) == ("unit_unknown", 1, "B", "美元")
    assert only(read(tmp_path, "县区,开工个数（万个）\n甲县,3\n")).id == "unit_unknown"


def test_a_sheet_without_facts_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        {"说明": [["请各县于次月 8 日前报送"]], "数据": [["县区", "开工个数"], ["甲县", 3]], "空": []},
    )
    reading = read_facts([path], KNOWN, term=THIRD)
    found = only(reading)
    assert (found.id, found.sheet, found.found) == ("facts_no_table", "说明", "请各县于次月 8 日前报送")
    assert len(reading.rows) == 1


def test_an_empty_text_table_is_said(tmp_path: Path) -> None:
    assert only(read(tmp_path, "")).id == "facts_no_table"


def test_a_total_is_not_a_thing_and_a_note_is_nothing(tmp_path: Path) -> None:
    text = "序号,县区,开工个数\n1,甲县,3\n,合计,3\n小计,,3\n,全市平均,3\n注：截至 9 月底,,\n填表人：王五,,审核人：赵六\n"
    reading = read(tmp_path, text)
    assert [(f.id, f.row) for f in reading.findings] == [("facts_total_row", n) for n in (3, 4, 5)]
    assert [row.entity for row in reading.rows] == ["甲县"]


def test_a_day_that_does_not_exist_is_said_and_the_fact_taken_without_it(tmp_path: Path) -> None:
    reading = read(tmp_path, "对象,事实,数值,日期\n甲县,started,3,2023-02-30\n")
    assert only(reading).id == "date_impossible"
    assert [(row.value, row.day) for row in reading.rows] == [(3, None)]


def test_a_cell_in_error_is_not_a_blank(tmp_path: Path) -> None:
    rows = [["县区", "开工个数", "开工率"], ["甲县", 1, 50]]
    path = xlsx(tmp_path / "a.xlsx", {"一": rows}, errors={"B2": "#DIV/0!"})
    reading = read_facts([path], KNOWN, term=THIRD)
    found = only(reading)
    assert (found.id, found.row, found.column, found.found) == ("fact_unreadable", 2, "B", "#DIV/0!")
    assert [row.fact for row in reading.rows] == ["start_rate"]


def test_what_is_hidden_counts_and_is_said(tmp_path: Path) -> None:
    rows = [["县区", "开工个数"], ["甲县", 3], ["乙县", 4]]
    path = ods(tmp_path / "a.ods", {"一": rows}, hidden_rows=[2], hidden_columns=[1])
    reading = read_facts([path], KNOWN, term=THIRD)
    assert [found.id for found in reading.findings] == ["hidden_column", "hidden_row"]
    assert len(reading.rows) == 2


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    text = "对象,期别,事实,数值\n,2023Q3,started,1\n甲县,秋季,started,1\n甲县,2023Q3,starts,1\n甲县,2023Q3,started,多\n"
    reading = read(tmp_path, text)
    assert [found.id for found in reading.findings] == [
        "entity_missing",
        "term_unreadable",
        "fact_unknown",
        "fact_unreadable",
    ]
    assert [found.row for found in reading.findings] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "named", ["全市", "全县", "均值", "全市均值", "中位数", "最高值", "目标", "目标值", "年度目标", "计划", "全年计划数", "全市（含开发区）"]
)  # fmt: skip
def test_a_whole_a_mean_or_a_goal_is_no_thing(tmp_path: Path, named: str) -> None:
    for text in (
        f"县区,开工个数\n甲县,3\n{named},9\n",
        f"对象,事实,数值\n甲县,started,3\n{named},started,9\n",
    ):
        reading = read(tmp_path, text)
        assert (only(reading).id, only(reading).row) == ("facts_total_row", 3)
        assert named in (only(reading).found or "")
        assert [row.entity for row in reading.rows] == ["甲县"]


def test_under_the_name_of_the_city_its_own_facts_are_taken_and_no_others(tmp_path: Path) -> None:
    known = {**KNOWN, "city_growth": KnownFact("city_growth", "全市增速", "percent", "city")}
    path = csv_file(tmp_path, "县区,全市增速,开工个数\n甲县,,3\n全市,5.5,9\n")
    reading = read_facts([path], known, term=THIRD)
    assert [(row.entity, row.fact) for row in reading.rows] == [("甲县", "started"), ("全市", "city_growth")]
    assert "“开工个数”" in only(reading).message


def test_a_project_named_a_plan_of_its_own_is_a_thing(tmp_path: Path) -> None:
    reading = read(tmp_path, "县区,开工个数\n强基计划,3\n目标镇,2\n")
    assert reading.findings == () and len(reading.rows) == 2


def test_one_whom_the_scheme_itself_names_counts_whatever_the_name(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "县区,开工个数\n全县,3\n总计,2\n合计,5\n")
    reading = read_facts([path], KNOWN, term=THIRD, members=("全县", "总计"))
    assert [row.entity for row in reading.rows] == ["全县", "总计"]
    assert only(reading).row == 4
