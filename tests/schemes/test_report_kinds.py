"""Other reports in a scheme: their forms, the fields that say where they are asked, and facts counted of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.judge.asked import asked_facts
from guatu.schemes.check import check_scheme
from guatu.schemes.describe import as_text
from guatu.schemes.load import SchemeError, load_scheme
from tests.schemes.test_form import scheme

WEEKLY = """
[[report.kind]]
id = "weekly"
name = "周报"
every = "week"
weekday = "friday"
standard = ["progress", "problem", "invested_ytd"]
required = ["problem"]
ends = "signed"
clause = "二"
[[report.kind]]
id = "told"
name = "即时报"
every = "event"
hours = 2
clause = "二"
[[report_field]]
id = "crew"
name = "现场人数"
kind = "count"
asked_in = ["weekly", "report"]
before = "problem"
"""
LATE = """
[[fact]]
id = "weekly_late"
name = "周报迟报次数"
entity = "project"
unit = "count"
of_report = "weekly"
counts = "late"
clause = "二"
"""


def test_a_kind_asks_for_its_own_fields_and_what_asks_for_nothing_has_no_form(tmp_path: Path) -> None:
    text = load_scheme(scheme(tmp_path, WEEKLY))
    (weekly,) = text.kinds
    assert [one.id for one in weekly.form.fields] == ["progress", "crew", "problem", "invested_ytd"]
    assert [one.id for one in weekly.form.typed if one.required] == ["progress", "problem"]
    assert weekly.form.by_id["invested_ytd"] in weekly.form.typed, "only the month adds up"
    assert (weekly.ends, weekly.form.times) == ("signed", 52)
    assert "crew" in text.form.by_id and text.kind("told") is None


def test_a_field_is_asked_in_the_month_alone_unless_it_says_otherwise(tmp_path: Path) -> None:
    more = WEEKLY.replace('asked_in = ["weekly", "report"]\n', "")
    text = load_scheme(scheme(tmp_path, more))
    assert "crew" in text.form.by_id and "crew" not in text.kinds[0].form.by_id


def test_the_forms_are_told_in_words_with_what_they_cost(tmp_path: Path) -> None:
    said = as_text(load_scheme(scheme(tmp_path, WEEKLY + LATE)))
    assert "每次填 4 项 × 1 个项目 × 每年 52 次 = 每年 208 项，其中 1 项沿用上一次" in said
    assert "经责任单位签发即办结。" in said
    assert "月报里自动带出，不再填。" in said
    assert "每次发生时，2 小时内。" in said
    assert "由平台按周报的报送数出：当月迟报的次数。" in said


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('"progress", "problem"', '"progres", "problem"', "report.kind[0].standard[0]", "是不是 progress？"),
        ('required = ["problem"]', 'required = ["paid"]', "report.kind[0].required[0]", "不在 standard 里"),
        ('["weekly", "report"]', '["weekli"]', "report_field[0].asked_in[0]", "没有报告“weekli”；可写：report、weekly、told"),
        ('["weekly", "report"]', "[]", "report_field[0].asked_in", "写明在哪些报告里问"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_key(
    tmp_path: Path, old: str, new: str, key: str, said: str
) -> None:
    with pytest.raises(SchemeError) as refused:
        load_scheme(scheme(tmp_path, WEEKLY.replace(old, new)))
    assert said in next(fault.message for fault in refused.value.faults if fault.key == key)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('of_report = "weekly"', 'of_report = "told"', "fact[0].of_report"),
        ('counts = "late"\n', "", "fact[0].counts"),
        ('entity = "project"', 'entity = "county"', "fact[0].entity"),
        ('unit = "count"', 'unit = "count"\ndue_day = 5', "fact[0].due"),
    ],
)
def test_a_fact_that_cannot_be_counted_is_refused(tmp_path: Path, old: str, new: str, key: str) -> None:
    found = check_scheme(load_scheme(scheme(tmp_path, WEEKLY + LATE.replace(old, new))))
    assert key in [fault.key for fault in found if fault.severity == "error"]


def test_nobody_is_asked_for_what_is_counted(tmp_path: Path) -> None:
    assert "weekly_late" not in asked_facts(load_scheme(scheme(tmp_path, WEEKLY + LATE)))


def test_hours_belong_to_events(tmp_path: Path) -> None:
    found = check_scheme(load_scheme(scheme(tmp_path, WEEKLY.replace('weekday = "friday"', "hours = 3"))))
    assert "report.kind[0].hours" in [fault.key for fault in found if fault.severity == "error"]
