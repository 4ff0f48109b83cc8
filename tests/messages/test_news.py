"""What a person hears: everything new once, nothing twice unless it became overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from guatu.messages.news import MANNERS, Manner, Matter, goes_out, news

FILL = Matter("soon", ("fill.2023-09",), "填报 9 月月报", "还有 2 个项目未提交", "/reports/", 2)
SIGN = Matter("waiting", ("sign.2023-09.a.1",), "9 月月报待签发", "1 份", "/reports/", None)
BACK = Matter("returned", ("returned.2023-09.a.1",), "沧城港扩建项目", "被退回", "/reports/", 1)


def told(*matters: Matter, said: set[str] | None = None, before: int = 2, **more: list[Manner]) -> list[str]:
    return [one.matter.title for one in news(matters, said or set(), before=before, **more)]


def keys(*matters: Matter) -> set[str]:
    return {key for matter in matters for key in matter.keys}


def test_what_is_due_is_told_from_so_many_working_days_before() -> None:
    assert told(replace(FILL, days=3)) == []
    assert told(replace(FILL, days=2)) == [FILL.title]
    assert told(replace(FILL, days=None)) == []


def test_what_was_said_is_not_said_again_until_it_is_overdue() -> None:
    said = keys(FILL)
    assert told(replace(FILL, days=0), said=said) == []
    late = replace(FILL, days=-1)
    assert told(late, said=said) == [FILL.title]
    assert told(replace(late, days=-9), said=said | keys(late)) == []


def test_what_waits_is_said_again_for_those_that_came_since() -> None:
    more = replace(SIGN, about=("sign.2023-09.a.1", "sign.2023-09.b.1"), text="2 份")
    (one,) = news([more], keys(SIGN), before=2)
    assert one.fresh == ("sign.2023-09.b.1:open",)


def test_a_report_returned_again_is_news_again() -> None:
    assert told(replace(BACK, about=("returned.2023-09.a.2",)), said=keys(BACK)) == [BACK.title]


def test_the_gravest_stands_first() -> None:
    assert told(SIGN, BACK, replace(FILL, days=-1)) == [FILL.title, BACK.title, SIGN.title]


def test_a_muted_manner_is_left_out_unless_it_is_compulsory() -> None:
    late = replace(FILL, days=-1)
    assert told(late, SIGN, muted=["overdue", "waiting"]) == []
    assert told(late, SIGN, muted=["overdue", "waiting"], compulsory=["overdue"]) == [FILL.title]


def test_the_rhythm_holds_back_what_is_not_compulsory() -> None:
    found = news([SIGN], set(), before=2)
    thursday, friday, monday = date(2023, 10, 12), date(2023, 10, 13), date(2023, 10, 16)
    assert goes_out(found, "at_once", friday, friday)
    assert not goes_out(found, "daily", friday, friday)
    assert goes_out(found, "daily", thursday, friday)
    assert not goes_out(found, "weekly", thursday, friday)
    assert goes_out(found, "weekly", friday, monday)
    assert goes_out(found, "weekly", thursday, friday, compulsory=["waiting"])
    assert goes_out(found, "weekly", None, friday), "the first time"
    assert not goes_out([], "at_once", None, friday)


def test_the_first_week_of_a_year_comes_after_the_last_of_the_one_before() -> None:
    found = news([SIGN], set(), before=2)
    assert goes_out(found, "weekly", date(2023, 12, 29), date(2024, 1, 2))


matters = st.lists(
    st.builds(
        Matter,
        st.sampled_from(MANNERS),
        st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3, unique=True).map(tuple),
        st.just("标题"),
        st.just("内容"),
        st.just("/"),
        st.none() | st.integers(-5, 5),
    ),
    max_size=6,
)


@given(matters, st.integers(0, 5))
def test_nothing_is_news_once_it_was_said(found: list[Matter], before: int) -> None:
    first = news(found, set(), before=before)
    said = {key for one in first for key in one.fresh}
    assert news(found, said, before=before) == []
