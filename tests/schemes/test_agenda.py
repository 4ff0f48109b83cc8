"""The due days of a scheme: its reports, recurring matters and facts on one calendar, checked and told in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.cli import main
from guatu.judge.cases import run_cases
from guatu.schemes.agenda import agenda
from guatu.schemes.check import check_scheme
from guatu.schemes.describe import as_text
from guatu.schemes.differences import differences
from guatu.schemes.load import Scheme, SchemeError, load_scheme
from guatu.values import Period

HEAD = """
[scheme]
id = "t"
name = "某市办法"
short_name = "某市"
jurisdiction = "某市"
year = {year}
effective_from = 2023-01-01
[report]
cadence = "monthly"
clause = "一"
[report.due]
{due}
"""


def scheme(tmp_path: Path, due: str = "day = 5", more: str = "", year: int = 2023, cases: str = "") -> Scheme:
    folder = tmp_path / str(abs(hash((due, more, year, cases))))
    (folder / "cases").mkdir(parents=True)
    (folder / "scheme.toml").write_text(HEAD.format(due=due, year=year) + more, encoding="utf-8")
    (folder / "cases" / "due.toml").write_text(cases, encoding="utf-8")
    return load_scheme(folder)


def errors(one: Scheme) -> list[tuple[str, str]]:
    return [(fault.key, fault.message) for fault in check_scheme(one) if fault.severity == "error"]


def test_a_day_without_more_is_in_the_following_month_as_it_always_was(tmp_path: Path) -> None:
    assert scheme(tmp_path).due(Period(2023, 12)) == date(2024, 1, 5)


def test_a_report_is_due_by_the_whole_rule(tmp_path: Path) -> None:
    one = scheme(
        tmp_path, 'day = 28\nmonths_after = 0\nshift = "before"\nexception = [{ months = [12], day = 25 }]'
    )
    assert [one.due(Period(2023, month)) for month in (10, 12)] == [date(2023, 10, 27), date(2023, 12, 25)]
    assert scheme(tmp_path, 'within = 5\ndays = "working"').due(Period(2023, 9)) == date(2023, 10, 11)


def test_a_month_without_a_report_is_never_late(tmp_path: Path) -> None:
    one = scheme(tmp_path, "day = 5\nexception = [{ months = [1], skip = true }]")
    assert one.due(Period(2023, 1)) == date.max
    assert one.report_due(Period(2023, 1)) is None


def test_where_holidays_are_not_published_the_day_is_marked_and_the_scheme_says_so(tmp_path: Path) -> None:
    one = scheme(tmp_path, 'within = 5\ndays = "working"', year=2027)
    due = one.report_due(Period(2027, 1))
    assert due is not None
    assert (due.day, due.certain) == (date(2027, 2, 5), False)
    assert any("2027 年的放假安排尚未公布" in fault.message for fault in check_scheme(one))


KIND = """
[[report.kind]]
id = "weekly"
name = "周报"
every = "week"
weekday = "friday"
who = "责任单位"
clause = "二"
"""


def test_all_that_falls_due_stands_on_one_calendar(tmp_path: Path) -> None:
    fact = (
        '[[fact]]\nid = "x"\nname = "增速"\nentity = "county"\nunit = "percent"\ndue_day = 6\nclause = "三"\n'
    )
    found = agenda(scheme(tmp_path, more=KIND + fact), date(2023, 10, 1), date(2023, 10, 8))
    assert [(one.due.day.day, one.of.id) for one in found] == [(5, "report"), (6, "weekly"), (6, "x")]


def test_the_calendar_is_printed_day_by_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = scheme(tmp_path, more=KIND).folder
    assert main(["scheme", "due", folder, "--from", "2023-10-01", "--to", "2023-10-06"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2023-10-05  周四  月报  2023-09-01 至 2023-09-30",
        "2023-10-06  周五  周报  2023-10-02 至 2023-10-08  责任单位",
        "共 2 次。",
    ]
    assert main(["scheme", "due", folder, "--from", "10月1日"]) == 2


def test_what_is_wrong_is_named_at_its_key_with_its_cure(tmp_path: Path) -> None:
    found = dict(
        errors(scheme(tmp_path, 'every = "week"', more=KIND.replace('weekday = "friday"', "day = 5") + KIND))
    )
    assert found["report.due.every"].endswith("别的报告请写在 [[report.kind]]")
    assert "weekday" in found["report.kind[0].day"]
    assert found["report.kind[1].id"] == "“weekly”重复"
    assert "没有写哪一天到期" in dict(errors(scheme(tmp_path, "months_after = 1")))["report.due"]


def test_a_day_that_cannot_be_read_names_what_may_be_written(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match=r"report\.due\.day：不能是 'last'：应为几日") as caught:
        scheme(tmp_path, 'day = "last"')
    assert len(caught.value.faults) == 1


def test_a_fact_has_one_due_rule(tmp_path: Path) -> None:
    fact = '[[fact]]\nid = "x"\nname = "增速"\nentity = "county"\nunit = "percent"\ndue_day = 6\ndue = { day = 7 }\nclause = "三"\n'
    assert errors(scheme(tmp_path, more=fact)) == [("fact[0]", "due 和 due_day 只能写一个")]


def test_a_case_of_due_days_that_comes_out_otherwise_says_what_came_out(tmp_path: Path) -> None:
    case = '[[due_case]]\nname = "甲"\nof = "{of}"\nfrom = 2023-01-01\nto = 2023-02-28\ndays = [2023-01-05, {last}]\n'
    good = scheme(tmp_path, cases=case.format(of="report", last="2023-02-05"))
    assert run_cases(good) == []
    wrong = scheme(tmp_path, cases=case.format(of="report", last="2023-02-06"))
    (fault,) = run_cases(wrong)
    assert "应为 2023年1月5日、2023年2月6日，算得 2023年1月5日、2023年2月5日" in fault.message
    (fault,) = run_cases(scheme(tmp_path, cases=case.format(of="other", last="2023-02-05")))
    assert "没有名为“other”" in fault.message


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('every = "ten_days"\nday = [9, 19, 28]\nshift = "before"', "每旬，9 日、19 日、28 日，遇休息日提前到前一个工作日。"),
        ('every = "half_month"\nday = [18, 3]', "每半月，18 日、次月 3 日。"),
        ('every = "day"\neach = 3\nstart = 2023-06-01', "每 3 天一次（自 2023年6月1日 数起）。"),
        ('every = "month"\nworking_day = 5\nmonths_after = 1', "每月，次月第 5 个工作日。"),
        ('every = "month"\nday = 28\nexception = [{ months = [12], day = 25 }]', "每月，28 日，12 月为 25 日。"),
        ('every = "week"\nweekday = "monday"\nweeks_after = 1', "每周，次周周一。"),
        ('every = "quarter"\nday = -1', "每季，季末月 最后一日。"),
        ('every = "event"\nwithin = 0', "每次发生时，即时。"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(tmp_path: Path, rule: str, words: str) -> None:
    kind = f'[[report.kind]]\nid = "k"\nname = "某报"\n{rule}\nclause = "二"\n'
    assert words in as_text(scheme(tmp_path, more=kind))


def test_a_changed_day_is_told_as_a_difference(tmp_path: Path) -> None:
    def told(**kind: Any) -> list[str]:
        new = KIND.replace('weekday = "friday"', f'weekday = "{kind["weekday"]}"')
        return [one.sentence for one in differences(scheme(tmp_path, more=KIND), scheme(tmp_path, more=new))]

    assert told(weekday="tuesday") == ["“周报”星期几由“周五”改为“周二”（二）"]
