"""A veto whose condition holds to the letter strikes, whatever floats make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judge.small_scheme import Given, entries, item, scheme_of, sheet

VETO = '[[sheet.veto]]\nid = "v"\nname = "否决"\nwhen = "{when}"\nscope = "total"\nterms_after = 1\nclause = "一"\n'


@pytest.mark.parametrize(
    ("when", "given"),
    [
        ("1 - m / n >= 0.2", {"m": 48, "n": 60}),
        ("m / n - 0.7 >= 0.1", {"m": 80, "n": 100}),
        ("(n - m) / n * 3 >= 0.6", {"m": 80, "n": 100}),
        ("y + 0.1 >= 0.3", {"y": 0.2}),
        ("y * 1.1 <= 1.21", {"y": 1.1}),
    ],
)
def test_it_strikes_now_and_in_the_term_after(tmp_path: Path, when: str, given: dict[str, float]) -> None:
    scheme = scheme_of(
        tmp_path, sheet() + item("a", "x", "number", 'type = "direct"') + VETO.format(when=when)
    )
    facts: dict[tuple[str, str], Given] = {
        ("甲县", "2026-04"): {"x": 50, **given},
        ("甲县", "2026-05"): {"x": 50},
    }
    assert entries(scheme, facts, "2026-04")["甲县"]["score"] == 0
    assert entries(scheme, facts, "2026-05")["甲县"]["score"] == 0


def test_a_hair_less_does_not(tmp_path: Path) -> None:
    veto = VETO.format(when="1 - m / n >= 0.2")
    scheme = scheme_of(tmp_path, sheet() + item("a", "x", "number", 'type = "direct"') + veto)
    facts = {("甲县", "2026-05"): {"x": 50, "m": 480000.0001, "n": 600000}}
    assert entries(scheme, facts)["甲县"]["score"] == 50
