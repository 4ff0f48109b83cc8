"""A step or a reward of a longer term asks what came out in the terms within it: how many quarters somebody stood on a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.judge.rehearsal import rehearse
from tests.judge.small_scheme import Given, item, judged, said, scheme_of, sheet

LIST = '[[sheet.list]]\nid = "last"\nname = "末位"\nkind = "criticism"\nlast = 1\nclause = "一"\n{more}\n'
STEP = '[[step]]\nid = "talk"\nname = "约谈"\nentity = "county"\nsheet = "s"\nterm = "year"\nwhen = "{when}"\nclause = "一"\n'
GIVEN: dict[tuple[str, str], Given] = {
    (county, f"2026Q{n}"): {"x": x}
    for county, scores in {
        "甲县": (90, 40, 50, 90),
        "乙县": (80, 80, 80, 80),
        "丙县": (70, 90, 90, 70),
    }.items()
    for n, x in enumerate(scores, start=1)
}


def called(
    tmp_path: Path, when: str, terms: str = '["quarter"]', more: str = "", given: Any = GIVEN
) -> set[str]:
    toml = (
        sheet(terms)
        + item("one", "x", "number", 'type = "direct"')
        + LIST.format(more=more)
        + STEP.format(when=when)
    )
    assert said(tmp_path, toml) == ""
    scheme = scheme_of(tmp_path, toml)
    assert rehearse(scheme) == []
    entries = judged(scheme, given, "2026").month.assessments
    return {entry["entity"] for entry in entries for step in entry["steps"] if step["step"] == "talk"}


@pytest.mark.parametrize(
    ("when", "who"),
    [
        ("times_within(listed_last) >= 2", {"甲县", "丙县"}),
        ("times_within(listed_last) >= 3", set()),
        ("times_within(listed_last and score < 60) >= 1", {"甲县"}),
        ("times_within(rank == 1) >= 2", {"甲县", "丙县"}),
        ("sum_within(score) / 4 >= 80", {"乙县", "丙县"}),
        ("times_within(score >= 80 and month <= 6) == 2", {"乙县"}),
    ],
)
def test_the_quarters_of_the_year_are_counted(tmp_path: Path, when: str, who: set[str]) -> None:
    assert called(tmp_path, when) == who


def test_a_list_of_some_kinds_of_term_is_counted_in_these_alone(tmp_path: Path) -> None:
    given = {**GIVEN, **{(county, "2026"): {"x": x} for county, x in (("甲县", 1), ("乙县", 2), ("丙县", 3))}}
    both = '["quarter", "year"]'
    assert called(tmp_path, "times_within(listed_last) >= 3", both, given=given) == {"甲县"}
    assert called(tmp_path, "times_within(listed_last) >= 3", both, 'terms = ["quarter"]', given) == set()


def test_a_rolled_up_year_sees_its_quarters(tmp_path: Path) -> None:
    more = '[[sheet.roll_up]]\nto = "year"\npart = [{ kind = "quarter", weight = 1 }]\nclause = "一"\n'
    assert called(tmp_path, "times_within(listed_last) >= 2 and score < 70", more=more) == {"甲县"}
