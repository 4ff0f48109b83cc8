"""Questions of honesty: when each is asked, and from which month on. Figures are in 万元."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.findings import Finding
from guatu.reporting.honesty import alike, gap_percent
from guatu.reporting.report import Report
from guatu.reporting.settings import CheckSettings
from tests.reporting.test_checks import check, project, report, wan

ALIKE = CheckSettings(text_alike=Decimal(90))
LAST = "三号楼主体结构施工，外架搭设完成，水电预埋同步进行"


def asked(found: Sequence[Finding], kind: str) -> list[str | None]:
    return [one.period for one in found if one.id == kind]


def told(text: str, month: int, done: int = 100) -> Report:
    return report(month, done, done * month, progress=text)


@pytest.mark.parametrize(
    ("text", "questioned"),
    [
        ("三号楼主体结构施工，外架搭设完成，水电预埋同步进行中。", True),
        ("三号楼 主体结构施工；外架搭设完成；水电预埋同步进行", True),
        ("四号楼主体结构施工，外架搭设完成，水电预埋同步进行", False),
        ("三号楼外墙保温完成，室内抹灰开始，电梯进场安装调试", False),
    ],
    ids=["a word more", "other punctuation", "another number", "another text"],
)
def test_a_text_that_is_nearly_last_month_s_is_questioned_unless_a_number_differs(
    text: str, questioned: bool
) -> None:
    found = check(told(LAST, 8), told(text, 9), settings=ALIKE)
    assert asked(found, "nearly_copied_text") == (["2023-09"] if questioned else [])


def test_a_nearly_copied_text_is_not_asked_about_without_investment_or_when_the_scheme_does_not_say() -> None:
    near = LAST + "中"
    assert not asked(check(told(LAST, 8), told(near, 9, 0), settings=ALIKE), "nearly_copied_text")
    assert not asked(check(told(LAST, 8), told(near, 9)), "nearly_copied_text")
    assert not asked(check(told(LAST, 7), told(near, 9), settings=ALIKE), "nearly_copied_text"), "over a gap"


def test_a_text_word_for_word_is_one_question_not_two() -> None:
    found = check(told(LAST, 8), told(LAST, 9), settings=ALIKE)
    assert asked(found, "copied_text") == ["2023-09"]
    assert not asked(found, "nearly_copied_text")


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1
    assert alike(one, other) == alike(other, one)


def test_a_problem_in_the_same_words_is_asked_about_from_the_month_that_the_scheme_names() -> None:
    months = [report(n, 100, 100 * n, problem="征地拆迁尚未完成，影响施工进场") for n in range(1, 5)]
    found = check(*months, settings=CheckSettings(same_problem_months=3))
    assert asked(found, "same_problem_text") == ["2023-03", "2023-04"]
    assert "连续 4 个月" in [one for one in found if one.id == "same_problem_text"][1].message
    changed = [*months[:2], report(3, 100, 300, problem="还有两户没有签约，本月完成一户"), months[3]]
    assert not asked(check(*changed, settings=CheckSettings(same_problem_months=3)), "same_problem_text")


def test_no_problem_month_after_month_is_no_problem() -> None:
    months = [report(n, 100, 100 * n, problem="无") for n in range(1, 7)]
    assert not asked(check(*months, settings=CheckSettings(same_problem_months=2)), "same_problem_text")


def test_investment_that_is_the_plan_s_to_the_fen_is_asked_about_after_so_many_months() -> None:
    settings = CheckSettings(on_plan_months=3)
    exact = [report(n, 2_000, 2_000 * n) for n in (1, 2, 3, 4)]
    assert asked(check(*exact, settings=settings), "always_on_plan") == ["2023-03", "2023-04"]
    near = [*exact[:2], report(3, 2_000.01, 6_000.01), report(4, 2_000, 8_000.01)]
    assert not asked(check(*near, settings=settings), "always_on_plan")
    assert not asked(check(*exact, of=project(planned=0), settings=settings), "always_on_plan")


def test_progress_that_stands_still_near_the_end_is_asked_about() -> None:
    settings = CheckSettings(stuck_months=3, stuck_percent=Decimal(90))

    def months(*percents: str) -> list[str | None]:
        rows = [report(n, 1, n, physical=Decimal(percent)) for n, percent in enumerate(percents, 1)]
        return asked(check(*rows, settings=settings), "stuck_near_end")

    assert months("90", "90.0", "90", "91") == ["2023-03"]
    assert months("89.9", "89.9", "89.9") == []
    assert months("100", "100", "100") == []
    assert months("95", "96", "97") == []


@pytest.mark.parametrize(
    ("counted", "reason", "questioned"),
    [(9_000, None, False), (8_999, None, True), (8_000, "口径不同：统计按凭证", False), (11_001, None, True)],
)
def test_a_statistics_figure_beyond_the_gap_needs_a_reason(
    counted: int, reason: str | None, questioned: bool
) -> None:
    own = {"statistics_invested": wan(counted)} | ({"statistics_difference": reason} if reason else {})
    one = report(5, 2_000, 10_000, own=own)
    found = check(one, settings=CheckSettings(statistics_gap=Decimal(10)))
    assert bool(asked(found, "statistics_gap")) == questioned
    assert not asked(check(one), "statistics_gap")


def test_a_gap_is_of_the_dispatch_figure_and_of_nothing_it_is_not_known() -> None:
    assert gap_percent(200, 150) == Fraction(25)
    assert gap_percent(0, 0) == 0
    assert gap_percent(0, 1) is None
