"""The form as data: its fields, its burden, what is carried over, and that typing loses nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.form import STANDARD, USUAL, FormField, Value, carried_over, cumulative, standard_fields
from guatu.reporting.form_rule import FormRule, ReportField, form_of
from guatu.reporting.report import Report
from guatu.reporting.typed import (
    Untyped,
    exact_money,
    own_from_columns,
    read_value,
    restored,
    shown_text,
    stored,
    typed_text,
)
from guatu.values import Period

MONEY = FormField(id="paid", name="已支付资金", kind="money")
PERCENT = FormField(id="physical", name="完成比例", kind="percent")
COUNT = FormField(id="crew", name="现场人数", kind="count", unit="人")
TEXT = FormField(id="risk", name="风险", kind="text")
FLAG = FormField(id="wage", name="发生欠薪", kind="flag")
DAY = FormField(id="due", name="期限", kind="date")
CHOICE = FormField(id="kind", name="类别", kind="choice", choices=("土地", "审批"))

VALUES = st.one_of(
    st.tuples(st.just(MONEY), st.integers(min_value=-(10**17), max_value=10**17)),
    st.tuples(st.just(PERCENT), st.decimals(min_value=0, max_value=100, places=4)),
    st.tuples(st.just(COUNT), st.integers(min_value=-(10**12), max_value=10**12)),
    st.tuples(st.just(FLAG), st.booleans()),
    st.tuples(st.just(DAY), st.dates(min_value=date(1900, 1, 1))),
    st.tuples(st.just(CHOICE), st.sampled_from(CHOICE.choices)),
    st.tuples(st.just(TEXT), st.text(st.characters(categories=("L", "N")), min_size=1, max_size=40)),
)


@given(VALUES)
def test_a_value_typed_again_as_it_is_shown_for_typing_is_the_same_value(
    pair: tuple[FormField, Value],
) -> None:
    one, value = pair
    assert read_value(one, typed_text(one, value)) == value


@given(VALUES)
def test_a_value_kept_as_json_comes_back_the_same(pair: tuple[FormField, Value]) -> None:
    one, value = pair
    assert restored(one, json.loads(json.dumps(stored(one, value)))) == value


@given(st.integers(min_value=0, max_value=10**17))
def test_money_is_shown_to_the_fen_and_reads_back_as_it_was(fen: int) -> None:
    assert read_value(MONEY, exact_money(fen)) == fen
    assert read_value(MONEY, shown_text(MONEY, fen)) == fen


@pytest.mark.parametrize(
    ("one", "typed", "value"),
    [
        (MONEY, " 1,200.5 ", 1_200_500_000),
        (MONEY, "１２００", 1_200_000_000),
        (MONEY, "−3.5万元", -3_500_000),
        (MONEY, "0.000001", 1),
        (MONEY, "0", 0),
        (MONEY, "", None),
        (MONEY, "–", None),
        (PERCENT, "41.50%", Decimal("41.5")),
        (COUNT, "1,024", 1024),
        (FLAG, "有", True),
        (FLAG, "否", False),
        (DAY, "2023年9月5日", date(2023, 9, 5)),
        (DAY, "2023/9/5", date(2023, 9, 5)),
        (TEXT, "  两行\r\n字 ", "两行\n字"),
        (CHOICE, "土地", "土地"),
    ],
)
def test_what_people_type_is_read(one: FormField, typed: str, value: Value | None) -> None:
    assert read_value(one, typed) == value


@pytest.mark.parametrize(
    ("one", "typed", "expected"),
    [
        (MONEY, "一千", "以万元为单位的数字"),
        (MONEY, "1.0000001", "最多 6 位小数"),
        (MONEY, "1e5", "以万元为单位的数字"),
        (MONEY, "9" * 30, "小一些的数"),
        (PERCENT, "100.1", "0 到 100"),
        (PERCENT, "-1", "0 到 100"),
        (COUNT, "1.5", "整数"),
        (FLAG, "也许", "是或否"),
        (DAY, "2023-02-30", "日期"),
        (DAY, "九月", "日期"),
        (CHOICE, "天气", "土地、审批"),
        (TEXT, "长" * 4001, "不超过 4000"),
    ],
)
def test_what_is_no_value_is_refused_with_field_text_and_what_was_expected(
    one: FormField, typed: str, expected: str
) -> None:
    with pytest.raises(Untyped) as refused:
        read_value(one, typed)
    said = str(refused.value)
    assert one.name in said
    assert typed[:10] in said
    assert expected in said


def test_a_field_that_changed_its_kind_loses_no_row_only_its_value() -> None:
    assert restored(MONEY, "一千") is None
    assert restored(PERCENT, "x") is None
    assert restored(DAY, "2023-02-30") is None
    assert restored(FLAG, 1) is None


def test_the_usual_form_asks_for_at_most_twelve_fields_and_half_of_them_stand_there_already() -> None:
    form = form_of(FormRule(), ())
    assert len(form.typed) == 10 <= 12
    burden = form.burden(217)
    assert (burden.fields, burden.carried, burden.a_year) == (10, 5, 10 * 217 * 12)


def test_an_own_field_stands_where_it_is_put_and_costs_what_it_costs() -> None:
    own = ReportField(id="crew", name="现场人数", kind="count", before="problem")
    form = form_of(FormRule(required=("physical",)), (own,))
    ids = [one.id for one in form.fields]
    assert ids[ids.index("problem") - 1] == "crew"
    assert form.by_id["physical"].required
    assert form.burden(1).fields == 11
    assert [one.id for one in form.own] == ["crew"]


def test_what_is_carried_over_is_what_the_form_carries() -> None:
    last = Report(
        code="A", period=Period(2023, 8), invested_month=5, progress="八月", in_statistics=False, problem="征拆",
        own={"crew": 12, "risk": "雨季"},
    )  # fmt: skip
    fields = (ReportField(id="crew", name="现场人数", kind="count", carried=True),)
    found = carried_over(form_of(FormRule(standard=(*USUAL, "risk")), fields), last)
    assert found == {"in_statistics": False, "problem": "征拆", "crew": 12}
    assert carried_over(form_of(FormRule(), ()), None) == {}


@pytest.mark.parametrize(
    ("last", "month", "january", "sum_"),
    [
        (100, 5, False, 105),
        (None, 5, False, None),
        (100, None, False, None),
        (None, 5, True, 5),
        (9, 5, True, 5),
    ],
)
def test_the_cumulative_figure_is_never_made_of_what_is_not_known(
    last: int | None, month: int | None, january: bool, sum_: int | None
) -> None:
    assert cumulative(last, month, january=january) == sum_


def test_every_kept_field_is_an_attribute_of_a_report_and_every_name_stands_once() -> None:
    report = Report(code="A", period=Period(2023, 1))
    assert all(hasattr(report, one.kept) for one in STANDARD if one.kept)
    assert len({one.name for one in STANDARD}) == len({one.id for one in STANDARD}) == len(STANDARD)
    assert [one.id for one in standard_fields(USUAL)] == list(USUAL)


def test_the_columns_of_a_workbook_become_own_values_and_each_bad_cell_is_named() -> None:
    values, wrong = own_from_columns(
        (MONEY, DAY, COUNT),
        {"已支付资金": "12.5", "期限": "2023-10-01 00:00:00", "现场人数": "很多", "别的": "1"},
    )
    assert values == {"paid": 12_500_000, "due": date(2023, 10, 1)}
    assert list(wrong) == ["crew"]
