"""Points that differ by series, the mean of the others for whom a line does not apply to, vetoes on sums of lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.schemes.describe import describe
from guatu.schemes.differences import differences
from tests.judge.small_scheme import Given, entries, item, said, scheme_of, sheet

SERIES = (
    '[[sheet.series]]\nid = "a"\nname = "甲类"\nwhere = "t == \'a\'"\nclause = "一"\n'
    '[[sheet.series]]\nid = "b"\nname = "乙类"\nwhere = "t == \'b\'"\nclause = "一"\n'
)
DIRECT = 'type = "proportional", of = 100'


def by_series(id: str, points: str, measure: str = "x", more: str = "") -> str:
    return (
        f'[[sheet.item]]\nid = "{id}"\nname = "{id}项"\npoints_by_series = {points}\nmeasure = "{measure}"\n'
        f'rule = {{ {DIRECT} }}\nclause = "一"\n{more}\n'
    )


TWO = (
    sheet(more="points = 100")
    + by_series("one", "{ a = 40, b = 60 }")
    + by_series("two", "{ a = 60, b = 40 }", "y")
    + SERIES
)


def test_a_line_is_worth_what_its_series_says(tmp_path: Path) -> None:
    given_: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"t": "a", "x": 50, "y": 100},
        ("乙", "2026-05"): {"t": "b", "x": 50, "y": 100},
    }
    found = entries(scheme_of(tmp_path, TWO), given_)
    assert [(found[name]["score"], found[name]["indicators"][0]["full"]) for name in ("甲", "乙")] == [
        (80, 40),
        (70, 60),
    ]


def test_who_stands_in_no_series_has_no_score_where_no_points_are_said(tmp_path: Path) -> None:
    found = entries(scheme_of(tmp_path, TWO), {("丙", "2026-05"): {"t": "c", "x": 50, "y": 100}})
    assert found["丙"]["score"] is None
    assert found["丙"]["indicators"][0]["reason"] == "不属于任何一组，没有定这一项的分值"


def test_the_check_adds_up_every_series_and_knows_their_names(tmp_path: Path) -> None:
    assert said(tmp_path, TWO) == ""
    wrong = TWO.replace("a = 60, b = 40", "a = 60, b = 30")
    assert "（乙类）”各分项 60 + 30 = 90，应为 100" in said(tmp_path, wrong)
    assert "没有名为“c”的组" in said(tmp_path, TWO.replace("a = 60, b = 40", "a = 60, b = 40, c = 1"))
    assert "没有写“乙类”的分值" in said(tmp_path, TWO.replace("a = 60, b = 40", "a = 60"))


def test_explain_and_diff_name_the_series(tmp_path: Path) -> None:
    one = scheme_of(tmp_path, TWO)
    words = [line for section in describe(one) for entry in section.entries for line in entry.sentences]
    assert "满分：甲类 40 分，乙类 60 分。" in words
    assert any(line.startswith("乙类：达到 100 得满分 60 分") for line in words)
    other = scheme_of(tmp_path, TWO.replace("a = 40, b = 60", "a = 45, b = 60"))
    (found,) = differences(one, other)
    assert "由“甲类 40、乙类 60”改为“甲类 45、乙类 60”" in found.sentence


def test_a_change_may_change_the_points_of_one_series(tmp_path: Path) -> None:
    change = '[[sheet.item.change]]\nfrom = 2026-07-01\npoints_by_series = { b = 80 }\nclause = "二"\n'
    scheme = scheme_of(tmp_path, sheet() + by_series("one", "{ a = 40, b = 60 }", more=change) + SERIES)
    for term, scores in (("2026-06", (20, 30)), ("2026-07", (20, 40))):
        found = entries(scheme, {("甲", term): {"t": "a", "x": 50}, ("乙", term): {"t": "b", "x": 50}}, term)
        assert (found["甲"]["score"], found["乙"]["score"]) == scores


MEAN = sheet() + item(
    "one", "x", "number", DIRECT, 100, 'applies = "c > 0"\nnot_applicable = "series_average"'
)


def test_to_whom_a_line_does_not_apply_gets_the_mean_of_its_series(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, MEAN + SERIES)
    given_: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"t": "a", "x": 90, "c": 1}, ("乙", "2026-05"): {"t": "a", "x": 61, "c": 1},
        ("丙", "2026-05"): {"t": "a", "c": 0}, ("丁", "2026-05"): {"t": "b", "x": 10, "c": 1},
        ("戊", "2026-05"): {"t": "a", "c": 1},
    }  # fmt: skip
    found = entries(scheme, given_)
    assert found["丙"]["score"] == 75.5
    assert found["丙"]["indicators"][0]["reason"] == "不适用，按组内适用者的平均得分 75.5 分计"
    assert found["戊"]["score"] is None


def test_where_the_line_applies_to_nobody_the_other_lines_count(tmp_path: Path) -> None:
    toml = MEAN.replace("points = 100", "points = 40") + item("two", "y", "number", DIRECT, 60)
    found = entries(scheme_of(tmp_path, toml), {("甲", "2026-05"): {"c": 0, "y": 50}})
    assert found["甲"]["score"] == 50
    assert found["甲"]["indicators"][0]["reason"] == "不适用，其余各项按比例折算"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.sampled_from("ab")), min_size=1, max_size=6))
def test_the_mean_is_the_same_by_table_and_exactly(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, bool, str]]
) -> None:
    scheme = scheme_of(tmp_path_factory.mktemp("mean"), MEAN + SERIES)
    given_: dict[tuple[str, str], Given] = {
        (f"县{n}", "2026-05"): {"x": x, "c": int(fits), "t": series}
        for n, (x, fits, series) in enumerate(rows)
    }
    found = entries(scheme, given_)
    for n, (x, fits, series) in enumerate(rows):
        others = [other for other, fit, of in rows if fit and of == series]
        mean = sum(others) / len(others) if others else None
        entry = found[f"县{n}"]
        expected = x if fits else mean
        assert entry["score"] == (None if expected is None else pytest.approx(expected, abs=0.005))
        assert entry["indicators"][0]["points"] == pytest.approx(expected or 0, abs=1e-9)


def test_a_veto_strikes_a_line_that_sums_up_lines(tmp_path: Path) -> None:
    toml = (
        sheet(more="points = 100")
        + '[[sheet.item]]\nid = "safety"\nname = "安全"\npoints = 60\nclause = "一"\n'
        + item("safety.site", "x", "number", 'type = "direct"', 30)
        + item("safety.fire", "y", "number", 'type = "direct"', 30)
        + item("rest", "x", "number", 'type = "direct"', 40)
        + '[[sheet.veto]]\nid = "v"\nname = "事故"\nwhen = "f"\nscope = "item"\nitem = "safety"\nclause = "一"\n'
    )
    assert said(tmp_path, toml) == ""
    given_: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"x": 30, "y": 20, "f": True},
        ("乙", "2026-05"): {"x": 30, "y": 20, "f": False},
    }
    found = entries(scheme_of(tmp_path, toml), given_)
    assert (found["甲"]["score"], found["乙"]["score"]) == (30, 80)
    assert found["甲"]["indicators"][0]["reason"] == "一票否决：事故"
    assert [line["points"] for line in found["甲"]["indicators"]] == [0, 30, 20, 30]
    # What is struck out needs no figures any more.
    assert entries(scheme_of(tmp_path, toml), {("丙", "2026-05"): {"x": 30, "f": True}})["丙"]["score"] == 30


def test_bands_may_give_shares_of_the_full_points(tmp_path: Path) -> None:
    rule = 'rule = { type = "bands", band = [{ to = 80, share = 0 }, { from = 80, to = 100, share = 0.8 }, { from = 100, share = 1 }] }'
    toml = sheet() + by_series("one", "{ a = 25, b = 20 }").replace(f"rule = {{ {DIRECT} }}", rule) + SERIES
    assert said(tmp_path, toml) == ""
    given_: dict[tuple[str, str], Given] = {
        ("甲", "2026-05"): {"t": "a", "x": 90}, ("乙", "2026-05"): {"t": "b", "x": 90},
        ("丙", "2026-05"): {"t": "b", "x": 100},
    }  # fmt: skip
    found = entries(scheme_of(tmp_path, toml), given_)
    assert [found[name]["score"] for name in "甲乙丙"] == [20, 16, 20]
    both = toml.replace("share = 0.8", "share = 0.8, points = 1")
    assert "每一档写 points（分）或 share" in said(tmp_path, both)
