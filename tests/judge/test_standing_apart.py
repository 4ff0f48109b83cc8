"""Who is ranked with whom: series, terms made of shorter ones, grades."""

from __future__ import annotations

from pathlib import Path

from tests.judge.small_scheme import Given, entries, item, judged, scheme_of, sheet

DIRECT = item("a", "x", "number", 'type = "direct", open = true')
FIRST = '[[sheet.list]]\nid = "first"\nname = "表扬"\nkind = "praise"\nfirst = 1\nclause = "一"\n'


def series(id: str, what: str) -> str:
    return f'[[sheet.series]]\nid = "{id}"\nname = "{id}组"\n{what}\nclause = "一"\n'


def test_who_fits_no_series_is_not_ranked_and_is_named(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, sheet() + DIRECT + series("a", 'members = ["甲县", "乙县"]') + FIRST)
    given = {("甲县", "2026-05"): {"x": 1}, ("乙县", "2026-05"): {"x": 2}, ("丙县", "2026-05"): {"x": 9}}
    found = entries(scheme, given)
    assert {name: entry["rank"] for name, entry in found.items()} == {"甲县": 2, "乙县": 1, "丙县": None}
    assert found["丙县"]["series_name"] == "未归组"
    assert found["丙县"]["lists"] == []
    said = [one for one in judged(scheme, given).month.findings if one["id"] == "entity_without_series"]
    assert [one["found"] for one in said] == ["丙县"]


def test_where_series_only_take_out_all_others_are_ranked_together(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, sheet() + DIRECT + series("a", 'members = ["甲县"]\nranked = false'))
    given = {("甲县", "2026-05"): {"x": 9}, ("乙县", "2026-05"): {"x": 2}}
    assert {name: entry["rank"] for name, entry in entries(scheme, given).items()} == {
        "甲县": None,
        "乙县": 1,
    }
    assert judged(scheme, given).month.findings == []


def test_who_fits_two_series_stands_in_the_first_and_is_named(tmp_path: Path) -> None:
    scheme = scheme_of(
        tmp_path, sheet() + DIRECT + series("a", 'where = "x >= 2"') + series("b", 'where = "x >= 3"')
    )
    given = {("甲县", "2026-05"): {"x": 2}, ("乙县", "2026-05"): {"x": 4}}
    assert entries(scheme, given)["乙县"]["series"] == "a"
    said = [one for one in judged(scheme, given).month.findings if one["id"] == "entity_in_several_series"]
    assert [one["found"] for one in said] == ["乙县"]
    assert "“a组”“b组”" in said[0]["message"]


ROLLED = (
    sheet('["quarter", "year"]')
    + item("a", "x", "number", 'type = "direct", open = true', more='terms = ["quarter"]')
    + '[[sheet.event]]\nid = "prize"\nname = "获奖"\npoints = 1\nclause = "一"\n'
    + FIRST
    + '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "quarter", weight = 1 }PART]\nclause = "一"\n'
)


def test_a_term_made_of_shorter_ones_is_ranked_where_it_has_nothing_of_its_own(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, ROLLED.replace("PART", ""))
    given: dict[tuple[str, str], Given] = {
        ("甲县", "2026Q4"): {"x": 90},
        ("乙县", "2026Q4"): {"x": 80},
        ("丙县", "2026"): {"prize": 1},
    }
    found = entries(scheme, given, "2026")
    assert {name: entry["rank"] for name, entry in found.items()} == {"甲县": 1, "乙县": 2, "丙县": None}
    assert found["甲县"]["lists"] == ["first"]
    assert found["甲县"]["reason"] == ""
    assert found["丙县"]["reason"] == "缺季的得分，不能合成"


def test_a_part_of_events_alone_counts_nothing_for_who_had_none(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, ROLLED.replace("PART", ', { kind = "year", weight = 1 }'))
    given: dict[tuple[str, str], Given] = {
        ("甲县", "2026Q4"): {"x": 90},
        ("乙县", "2026Q4"): {"x": 80},
        ("乙县", "2026"): {"prize": 2},
    }
    found = entries(scheme, given, "2026")
    assert {name: entry["score"] for name, entry in found.items()} == {"甲县": 90, "乙县": 82}


def test_a_score_below_the_lowest_grade_has_none(tmp_path: Path) -> None:
    grades = "".join(
        f'[[sheet.grade]]\nname = "{name}"\nfrom = {low}\nclause = "一"\n'
        for name, low in (("合格", 60), ("优秀", 90))
    )
    given: dict[tuple[str, str], Given] = {
        ("甲县", "2026-05"): {"x": 95},
        ("乙县", "2026-05"): {"x": 60},
        ("丙县", "2026-05"): {"x": 59.9},
    }
    found = entries(scheme_of(tmp_path, sheet() + DIRECT + grades), given)
    assert {name: entry["grade"] for name, entry in found.items()} == {
        "甲县": "优秀",
        "乙县": "合格",
        "丙县": None,
    }
