"""The explanation of an entity says what its terms were joined to, and which steps are proposed and why."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guatu.assessment.given import FactRow
from guatu.assessment.terms import Term
from guatu.judge import judge_month
from guatu.judge.explain import explain
from guatu.schemes.load import load_scheme
from guatu.values import Period
from tests.judge.small_scheme import item, scheme_of, sheet

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


def given(entity: str, term: str, **facts: int) -> list[FactRow]:
    return [FactRow(entity, Term.parse(term), name, Fraction(value), by="王五", reason="属实") for name, value in facts.items()]  # fmt: skip


def test_a_year_that_is_joined_from_quarters_says_so() -> None:
    facts = [
        *given("甲", "2011Q1", planned=1000, done=900, forms_due=3, forms_handed=3, daily_management=18),
        *given("甲", "2011", planned=4000, done=3800, forms_due=12, forms_handed=9, daily_management=18),
    ]
    scheme = load_scheme(SCHEMES / "jiaozhou-2011")
    said = explain(judge_month(scheme, (), (), (), period=Period(2011, 12), facts=facts), "甲")
    assert "甲 2011年 重点项目考核（各期合成）：90.8 分" in said
    assert "各季平均 92 × 0.4 + 本年末次 90 × 0.6" in said
    assert "由本地选定" in said


def test_one_who_is_only_named_by_a_step_can_be_explained() -> None:
    facts = given("甲乡", "2013-06", planned=1000, done=999)
    scheme = load_scheme(SCHEMES / "liandu-2013")
    said = explain(judge_month(scheme, (), (), (), period=Period(2013, 6), facts=facts), "甲乡")
    assert "建议：书面说明情况（依据：莲都 问责）" in said
    assert "对象：单位主要负责人" in said


def test_every_point_and_the_place_can_be_worked_out_again_from_what_is_said(tmp_path: Path) -> None:
    toml = (
        sheet(
            more='[[sheet.grade]]\nname = "优"\nlow = 85\nclause = "五"\n[[sheet.grade]]\nname = "良"\nlow = 60\nclause = "五"'
        )
        + item(
            "a", "p", "percent", 'type = "linear", pivot = "q", step = 1, up = 1, down = 2, cap_down = 30', 60
        )
        + item("b", "x", "number", 'type = "places", first = 40, less = 5', 40)
        + '[[sheet.event]]\nid = "tardy"\nname = "迟报材料"\npoints = -3\ncap = 6\ngroup = "rules"\nclause = "二"\n'
        + '[[sheet.net_cap]]\ngroup = "rules"\ndown = 4\nclause = "三"\n'
        + '[[sheet.pass_mark]]\nitem = "b"\nat_least = 40\nclause = "四"\n'
    )
    scheme = scheme_of(tmp_path, toml)
    month = Term("month", 2026, 3)
    facts = [
        FactRow(name, month, fact, Fraction(value), by="王五")
        for name, values in {"甲": (8, 9, 3, 2), "乙": (9, 9, 5, 0)}.items()
        for fact, value in zip(("p", "q", "x", "tardy"), values, strict=True)
    ]
    said = explain(judge_month(scheme, (), (), (), period=Period(2026, 3), facts=facts), "甲")
    for words in (
        "基准 事实q：9%",
        "事实q：王五",
        "组内第 2 名，共 2 个",
        "每次扣 3 分，每期最多 6 分",
        "“rules”一组的加减分：2 分",
        "合计 −6 分，计 −4 分",
        "第 2 名，共 2 个；等次：良（按分数为优",
    ):
        assert words in said, said
    assert "= 8%" not in said, "a figure is not set equal to itself"


def test_a_light_judged_on_facts_alone_shows_its_formula_its_figures_and_who_gave_them(
    tmp_path: Path,
) -> None:
    level = "".join(
        f'[[level]]\nid = "{id}"\nname = "{name}"\nshape = "{shape}"\ngravity = {n}\n'
        for n, (id, name, shape) in enumerate((("normal", "正常", "check"), ("red", "红", "octagon")))
    )
    light = (
        '[[light]]\nid = "pace"\nname = "进度灯"\nentity = "county"\nmeasure = "x / y"\nunit = "percent"\n'
        'decimals = 1\nclause = "一"\n'
        '[[light.band]]\nlevel = "red"\nto = 80\n[[light.band]]\nlevel = "normal"\nfrom = 80\nfrom_included = true\n'
    )
    scheme = scheme_of(tmp_path, level + light)
    facts = given("甲", "2026-03", x=7, y=10)
    said = explain(judge_month(scheme, (), (), (), period=Period(2026, 3), facts=facts), "甲")
    assert "进度灯：红" in said
    assert "事实x ÷ 事实y：7 ÷ 10" in said
    assert "事实x：王五，理由：属实" in said and "事实y：王五" in said
