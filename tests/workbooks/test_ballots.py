"""Ballots read from tables of an office."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import xlsxwriter

from guatu.assessment.ballots import BallotRule, count
from guatu.assessment.terms import Term
from guatu.workbooks.ballots import not_valid, read_ballots, silent_groups

RULE = BallotRule.model_validate({
    "id": "tour", "name": "观摩测评", "entity": "county", "kind": "ranking", "first": 10, "clause": "一",
    "group": [{"id": "leaders", "name": "市领导", "weight": 1}],
})  # fmt: skip
TERM = Term.parse("2023Q2")


def test_votes_come_from_a_workbook_with_a_title_above(tmp_path: Path) -> None:
    path = tmp_path / "观摩.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("选票")
        sheet.write_row(0, 0, ["二季度观摩测评"])
        sheet.write_row(1, 0, ["投票人", "对象", "名次"])
        sheet.write_row(2, 0, ["张三", "甲县", 1])
        sheet.write_row(3, 0, ["张三", "乙县", "２"])
    read = read_ballots([path], [RULE], term=TERM)
    assert [(v.voter, v.group, v.candidate, v.value) for v in read.votes] == [
        ("张三", "leaders", "甲县", Fraction(1)), ("张三", "leaders", "乙县", Fraction(2)),
    ]  # fmt: skip
    assert read.findings == ()


def test_a_term_of_its_own_counts_and_a_row_that_cannot_be_read_refuses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(
        "投票人,对象,名次,期别\n张三,甲县,第一,\n张三,乙县,2,2023Q1\n,丙县,3,\n", encoding="utf-8"
    )
    read = read_ballots([path], [RULE], term=TERM)
    assert [(v.candidate, str(v.term)) for v in read.votes] == [("乙县", "2023Q1")]
    assert [(f.id, f.row) for f in read.findings] == [("ballot_unreadable", 2), ("ballot_unreadable", 4)]


def test_a_table_without_the_three_columns_is_named(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    assert [f.id for f in read_ballots([path], [RULE], term=TERM).findings] == ["ballots_no_table"]


MARKS = RULE.model_copy(update={"id": "marks", "name": "满意度测评", "kind": "marks"})


def test_of_a_column_of_places_and_one_of_marks_each_ballot_takes_its_own(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(
        "测评,投票人,对象,分数,名次\n观摩测评,张三,甲县,,1\n满意度测评,张三,甲县,92,\n满意度测评,李四,甲县,,2\n",
        encoding="utf-8",
    )
    read = read_ballots([path], [RULE, MARKS], term=TERM)
    assert [(v.ballot, v.value) for v in read.votes] == [("tour", Fraction(1)), ("marks", Fraction(92))]
    (fault,) = read.findings
    assert (fault.row, fault.column) == (4, "D")
    assert fault.message == "“votes.csv”第 4 行：满意度测评：“”不是分数。"


def test_a_ballot_that_is_not_valid_is_named_with_its_file_and_row(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("投票人,对象,名次\n张三,甲县,1\n张三,乙县,1\n", encoding="utf-8")
    counted = count([RULE], read_ballots([path], [RULE], term=TERM).votes)
    (fault,) = not_valid(counted.bad, [RULE])
    assert fault.message == "“votes.csv”第 2 行：观摩测评：张三 的选票无效，名次要从 1 起、不重不漏。"


def test_a_group_without_a_valid_ballot_is_named_and_its_weight_goes_to_the_others(tmp_path: Path) -> None:
    groups = [
        {"id": "leaders", "name": "市领导", "weight": 0.6},
        {"id": "peers", "name": "县区", "weight": 0.4},
    ]
    rule = BallotRule.model_validate({**RULE.model_dump(exclude={"group"}), "group": groups})
    path = tmp_path / "votes.csv"
    path.write_text("投票人,组别,对象,名次\n张三,县区,甲县,1\n张三,县区,乙县,2\n", encoding="utf-8")
    counted = count([rule], read_ballots([path], [rule], term=TERM).votes)
    assert [(row.entity, row.value) for row in counted.facts] == [("甲县", 10), ("乙县", 9)]
    (note,) = silent_groups(counted.silent, [rule])
    assert note.message == "2023年二季度“观摩测评”：“市领导”没有一张有效票，它的权重分给其余各组。"
    assert count([RULE], ()).silent == ()
