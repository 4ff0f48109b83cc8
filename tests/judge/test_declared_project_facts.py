"""A light over a fact of projects that the scheme declares, in a month in which nobody hands that fact in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge import judge_month
from guatu.judge.explain import explain
from guatu.portfolio.project import Project, Stage
from guatu.schemes.load import load_scheme
from guatu.values import Period

SCHEME = """
[scheme]
id = "small"
name = "某市办法"
short_name = "某市"
jurisdiction = "某市"
year = 2023
effective_from = 2023-01-01

[[fact]]
id = "days_late"
name = "节点逾期天数"
entity = "project"
unit = "count"
clause = "一"

[[fact]]
id = "starts"
name = "开工数"
entity = "county"
unit = "count"
clause = "一"

[[light]]
id = "node"
name = "节点"
entity = "project"
clause = "一"
measure = "days_late"
unit = "count"
decimals = 0
band = [{ level = "normal", to = 1 }, { level = "red", from = 1 }]
"""


def test_a_light_over_a_declared_fact_that_nobody_handed_in_is_not_lit(tmp_path: Path) -> None:
    (tmp_path / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    facts = [FactRow("甲县", Term.parse("2023-06"), "starts", Fraction(1))]
    judged = judge_month(load_scheme(tmp_path), (), (), (), period=Period(2023, 6), facts=facts)
    assert judged.month.lights == []
    assert [light for light in judged.month.entity_lights if light["light"] == "node"] == []


def test_a_light_of_a_ledger_project_over_a_declared_fact_is_explained(tmp_path: Path) -> None:
    (tmp_path / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    facts = [
        FactRow("2023-01", Term.parse("2023-05"), "days_late", Fraction(9), place="报表 B2"),
        FactRow("2023-01", Term.parse("2023-06"), "days_late", Fraction(2), by="王五", place="报表 B3"),
    ]
    project = Project(code="2023-01", name="一号项目", county="甲县", stage=Stage.NEW)
    judged = judge_month(load_scheme(tmp_path), (project,), (), (), period=Period(2023, 6), facts=facts)
    said = explain(judged, "一号项目")
    assert "节点：红" in said
    assert "节点逾期天数：2\n    王五，报表 B3，2023年6月" in said
    assert "B2" not in said
