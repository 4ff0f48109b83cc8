"""Standards of recognition, values frozen on a day, and the last known value where one is missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guatu.assessment.frozen import held_from
from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.schemes.check import check_scheme
from guatu.schemes.describe import as_text
from guatu.schemes.differences import differences
from guatu.schemes.load import Scheme, SchemeError, load_scheme
from guatu.values import Period

TEXT = """
[scheme]
id = "t"
name = "某市办法"
short_name = "某市"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01
[[goal]]
id = "g"
name = "增速"
hold = "8%"
commitment = "firm"
clause = "一"
[[fact]]
id = "rate"
name = "完成率"
entity = "county"
unit = "percent"
clause = "一"
[[fact]]
id = "other"
name = "其他"
entity = "county"
unit = "number"
clause = "一"
[[fact]]
id = "plan"
name = "年初计划"
entity = "county"
unit = "number"
frozen_on = 2023-03-31
clause = "一"
[[fact]]
id = "permit"
name = "已领许可证"
entity = "project"
unit = "flag"
clause = "二"
[[recognition]]
id = "start"
name = "开工"
when = "permit"
evidence = ["许可证"]
first_only = true
clause = "二"
[[sheet]]
id = "s"
name = "考核"
entity = "county"
terms = ["month"]
clause = "三"
[[sheet.item]]
id = "rate"
name = "完成率"
points = 10
measure = "rate"
unit = "percent"
rule = { type = "proportional", of = 100 }
missing = "last"
clause = "三"
[[sheet.item]]
id = "starts"
name = "开工"
points = 10
measure = "count(recognised_start)"
unit = "count"
rule = { type = "direct", open = true }
missing = "zero"
clause = "三"
[[sheet.item]]
id = "plan"
name = "计划"
points = 100
measure = "plan"
rule = { type = "direct", open = true }
missing = "zero"
clause = "三"
"""


@pytest.fixture
def scheme(tmp_path: Path) -> Scheme:
    return written(tmp_path / "t", TEXT)


def written(folder: Path, text: str) -> Scheme:
    folder.mkdir()
    (folder / "scheme.toml").write_text(text, encoding="utf-8")
    return load_scheme(folder)


def row(entity: str, term: str, fact: str, value: Fraction | bool | str | int) -> FactRow:
    kept = value if isinstance(value, bool | str) else Fraction(value)
    return FactRow(entity, Term.parse(term), fact, kept)


def lines(scheme: Scheme, term: str, *rows: FactRow) -> dict[str, dict[str, object]]:
    (entry,) = assessments(Assessor(scheme, pl.DataFrame(), rows), Term.parse(term))
    return {line["id"]: line for line in entry["indicators"]}


def test_a_missing_value_is_the_last_one_of_the_year_and_says_of_which_term(scheme: Scheme) -> None:
    known = row("甲", "2023-04", "rate", 80), row("甲", "2023-05", "rate", 60)
    found = lines(scheme, "2023-06", *known, row("甲", "2023-06", "other", 1))["rate"]
    assert (found["points"], found["reason"]) == (6, "缺数，按 2023年5月的数值计")


def test_the_last_value_of_the_year_before_does_not_count(scheme: Scheme) -> None:
    found = lines(scheme, "2023-01", row("甲", "2022-12", "rate", 80), row("甲", "2023-01", "other", 1))[
        "rate"
    ]
    assert (found["points"], found["reason"]) == (None, "缺数")


def test_a_project_is_recognised_once_in_the_first_term_in_which_the_condition_holds(scheme: Scheme) -> None:
    rows = [
        row("一", month, name, value)
        for month, permit in (("2023-04", False), ("2023-05", True), ("2023-06", True))
        for name, value in (("permit", permit), ("county", "甲"))
    ]
    counted = {
        month: lines(scheme, month, *rows)["starts"]["points"] for month in ("2023-04", "2023-05", "2023-06")
    }
    assert counted == {"2023-04": 0, "2023-05": 1, "2023-06": 0}


def test_what_is_handed_in_after_the_day_does_not_move_a_frozen_value(scheme: Scheme) -> None:
    rows = (
        row("甲", "2023-02", "plan", 90),
        row("甲", "2023-03", "plan", 100),
        row("甲", "2023-06", "plan", 50),
    )
    for month in ("2023-06", "2023-03", "2023-12"):
        found = lines(scheme, month, *rows, row("甲", month, "rate", 1))
        assert found["plan"]["points"] == 100


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 99)), max_size=8),
    st.dates(date(2023, 1, 1), date(2023, 12, 31)),
)
@example(given_values=[(3, 1), (4, 2)], day=date(2023, 4, 1))
@example(given_values=[(3, 1), (4, 2)], day=date(2023, 4, 30))
def test_a_frozen_value_is_the_last_of_a_term_that_ends_by_its_day(
    given_values: list[tuple[int, int]], day: date
) -> None:
    by_month = dict(given_values)
    rows = [row("甲", f"2023-{number:02d}", "x", value) for number, value in by_month.items()]
    found = held_from(rows, {"x": day})
    upto = [number for number in by_month if Period(2023, number).last_day <= day]
    assert [(str(one.term), one.value) for one in found] == ([("2023", by_month[max(upto)])] if upto else [])


def test_a_frozen_day_that_ends_no_month_is_warned_of_with_both_cures(tmp_path: Path) -> None:
    text = TEXT.replace("frozen_on = 2023-03-31", "frozen_on = 2023-04-01")
    (said,) = [fault for fault in check_scheme(written(tmp_path / "t", text)) if "frozen_on" in fault.key]
    assert said.severity == "warning"
    assert "2023-04-30" in said.message and "2023-03-31" in said.message


def test_other_facts_and_other_years_are_left_as_they_are() -> None:
    rows = [row("甲", "2022-06", "x", 1), row("甲", "2023-06", "y", 2)]
    assert held_from(rows, {"x": date(2023, 3, 31)}) == rows


def test_standards_frozen_days_and_commitments_are_told_in_words(scheme: Scheme, tmp_path: Path) -> None:
    said = as_text(scheme)
    for words in ("认定开工（依据：某市 二）", "满足：已领许可证。", "证明材料：许可证。", "只在首次满足的一期计。",
                  "以 2023年3月31日 的数为准，全年不变，其后再报的不算。", "保8%，刚性目标。", "缺数的，按当年最近一期的数值计。"):  # fmt: skip
        assert words in said
    new = written(tmp_path / "new", TEXT.replace("first_only = true", "").replace('"firm"', '"strive"'))
    assert [one.sentence for one in differences(scheme, new)] == [
        "“增速”刚性或争取由“刚性”改为“争取”（一）",
        "“开工”只计首次由“是”改为“否”（二）",
    ]


def test_a_frozen_day_outside_the_year_and_a_standard_that_is_no_condition_are_errors(tmp_path: Path) -> None:
    text = TEXT.replace("2023-03-31", "2022-12-31").replace('when = "permit"', 'when = "total"')
    found = [(fault.key, fault.message) for fault in check_scheme(written(tmp_path / "bad", text)) if fault.severity == "error"]  # fmt: skip
    assert ("fact[2].frozen_on", "冻结日不在方案的 2023 年之内，永远冻结不了") in found
    assert ("recognition[0].when", "要写成条件") in found
    with pytest.raises(SchemeError, match=r"recognition\[0\]\.when"):
        written(tmp_path / "worse", TEXT.replace('when = "permit"', 'when = "recognised_start"'))
