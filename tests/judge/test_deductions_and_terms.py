"""Lines that only take, and facts of months that a longer term sees."""

from __future__ import annotations

from pathlib import Path

from tests.judge.small_scheme import Given, entries, item, scheme_of, sheet

LINES = (
    sheet(more="points = 100")
    + item("a", "x", "number", 'type = "direct"', 80, 'applies = "c > 0"')
    + item("b", "y", "number", 'type = "direct"', 20)
    + item("z", "d", "count", 'type = "linear", pivot = 0, up = -1', 0)
)


def test_a_line_worth_no_points_is_not_scaled_with_the_others(tmp_path: Path) -> None:
    given: dict[tuple[str, str], Given] = {
        ("甲县", "2026-05"): {"x": 0, "c": 0, "y": 20, "d": 2},
        ("乙县", "2026-05"): {"x": 80, "c": 1, "y": 20, "d": 2},
        ("丙县", "2026-05"): {"x": 80, "c": 1, "y": 20},
    }
    found = entries(scheme_of(tmp_path, LINES), given)
    assert {name: entry["score"] for name, entry in found.items()} == {"甲县": 98, "乙县": 98, "丙县": None}
    assert {name: entry["rank"] for name, entry in found.items()} == {"甲县": 1, "乙县": 1, "丙县": None}


def test_a_quarter_sees_projects_as_they_stood_in_its_last_month(tmp_path: Path) -> None:
    measure = "sum(invested_ytd) / sum(planned_ytd)"
    scheme = scheme_of(
        tmp_path, sheet('["quarter"]') + item("a", measure, "percent", 'type = "proportional"')
    )
    given: dict[tuple[str, str], Given] = {
        ("一号", "2026-05"): {"county": "甲县", "planned_ytd": 100, "invested_ytd": 10},
        ("一号", "2026-06"): {"county": "甲县", "planned_ytd": 200, "invested_ytd": 180},
        ("二号", "2026-06"): {"county": "乙县", "planned_ytd": 200, "invested_ytd": 100},
        ("二号", "2026Q2"): {"invested_ytd": 110},
    }
    found = entries(scheme, given, "2026Q2")
    assert {name: entry["score"] for name, entry in found.items()} == {"甲县": 90, "乙县": 55}


def test_a_score_of_projects_is_not_known_in_terms_that_have_none(tmp_path: Path) -> None:
    projects = sheet(entity="project", id="task") + item("a", "physical", "percent", 'type = "direct"')
    counties = sheet(id="county") + item("b", "sum(score_task)", "number", 'type = "direct", open = true')
    roll_up = '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "month", weight = 1 }]\nclause = "一"\n'
    scheme = scheme_of(tmp_path, projects + counties + roll_up)
    given: dict[tuple[str, str], Given] = {("一号", "2026-12"): {"county": "甲县", "physical": 60}}
    assert entries(scheme, given, "2026")["甲县"]["score"] == 60
