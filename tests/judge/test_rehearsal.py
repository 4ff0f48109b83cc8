"""What the check calls usable does not fail when it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.assessment.rules.linear import Linear
from guatu.judge.rehearsal import rehearse
from guatu.schemes.load import load_scheme
from tests.judge.small_scheme import item, scheme_of, sheet

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in SCHEMES.glob("**/scheme.toml")), ids=lambda path: path.name
)
def test_the_rules_of_a_scheme_can_all_be_worked_out(folder: Path) -> None:
    assert rehearse(load_scheme(folder)) == []


def test_the_rule_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_named: object) -> object:
        raise ZeroDivisionError("nothing\nto see")

    scheme = scheme_of(
        tmp_path,
        sheet(id="good")
        + item("a", "x", "number", 'type = "direct"')
        + sheet(id="bad")
        + item("b", "y", "number", 'type = "linear", pivot = 1, up = 1'),
    )
    monkeypatch.setattr(Linear, "points", fails)
    (fault,) = rehearse(scheme)
    assert (fault.severity, fault.key) == ("error", "sheet[1]")
    assert "ZeroDivisionError nothing" in fault.message
    assert "to see" not in fault.message


@pytest.mark.parametrize("window", ["series_sum", "series_average", "series_best", "series_worst"])
@pytest.mark.parametrize(
    "rule",
    ['type = "places", first = 10', 'type = "efficacy"', 'type = "share_of_best"', 'type = "proportional"'],
)
def test_a_figure_of_the_series_may_be_measured_by_every_rule(tmp_path: Path, window: str, rule: str) -> None:
    assert rehearse(scheme_of(tmp_path, sheet() + item("a", f"m / {window}(m)", "percent", rule))) == []


RANKING = '[[ranking]]\nid = "r"\nname = "排名"\nentity = "{entity}"\nvalue = "{value}"\nunit = "{unit}"\ndecimals = 1\nclause = "一"\n'


@pytest.mark.parametrize(
    ("entity", "value", "unit"),
    [
        ("county", "sum(invested_ytd) / sum(planned_year)", "percent"),
        ("county", "x / month", "number"),
        ("county", "count(known(planned_ytd)) + series_place(x)", "count"),
        ("lead_department", "previous(count(late))", "count"),
    ],
)
def test_a_ranking_is_tried_too(tmp_path: Path, entity: str, value: str, unit: str) -> None:
    assert rehearse(scheme_of(tmp_path, RANKING.format(entity=entity, value=value, unit=unit))) == []


def test_a_ranking_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_named: object) -> object:
        raise ZeroDivisionError("nothing to see")

    scheme = scheme_of(tmp_path, RANKING.format(entity="county", value="count()", unit="count"))
    monkeypatch.setattr("guatu.judge.rankings.places", fails)
    assert [fault.key for fault in rehearse(scheme)] == ["ranking[0]"]
