"""Inputs and units as workings print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guatu.assessment.points import unit_factor
from guatu.language import gettext as _
from guatu.portfolio.facts import Unit
from guatu.portfolio.formula import Formula, RowScene
from guatu.schemes.load import Scheme
from guatu.schemes.model import Light
from guatu.schemes.units import UNIT_WORDS as UNIT_WORDS
from guatu.supervision.bands import Band, band_of
from guatu.values import amount, half_up, money_text, number_text

Json = dict[str, Any]


def money(value: int | None) -> str:
    """万元 for people, whole where it is whole."""
    if value is None:
        return "–"
    exact = amount(value, "万元")
    exponent = exact.as_tuple().exponent
    return money_text(value, "万元", max(0, -exponent) if isinstance(exponent, int) else 0)


def show(value: Fraction | bool | str | None, unit: Unit) -> str:
    """One input as the arithmetic prints it: money in 万元."""
    if value is None or isinstance(value, bool):
        return {None: "–", True: _("是"), False: _("否")}[value]
    if isinstance(value, str):
        return value
    if unit is Unit.MONEY:
        return money(int(value))
    return number_text(value, 0 if value.denominator == 1 else 2)


def wan(value: int | None) -> int | float | None:
    """分 as the JSON number of 万元, exact to 0.0001; None stays None."""
    if value is None:
        return None
    exact = amount(value, "万元")
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a formula about one thing stands on: its own row, and the rows of its projects."""

    row: Mapping[str, Any]
    projects: Sequence[Mapping[str, Any]] = ()

    @property
    def scene(self) -> RowScene:
        return RowScene(self.row, self.projects)


def inputs_of(formula: Formula, grounds: Grounds) -> Json:
    """The inputs of a formula as JSON numbers by name: facts, sums of a fact under the fact's name,
    other aggregates as written."""
    own = {name: _json(grounds.row.get(name), formula.scope.names[name].unit) for name in formula.facts}
    sums = {
        aggregate.name_of_sum or aggregate.text: _json(aggregate.of(grounds.projects), aggregate.unit)
        for aggregate in formula.aggregates
    }
    return own | sums


def _json(value: Any, unit: Unit) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if unit is Unit.MONEY:
        return wan(int(value))
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    return int(exact) if exact.denominator == 1 else float(exact)


def arithmetic(formula: Formula, grounds: Grounds, unit: str, decimals: int) -> str:
    """The formula with its numbers and the result: 38,570 ÷ 49,400 − 29,490 ÷ 49,400 = 18.4 个百分点.

    A formula that looks at other terms or at the series shows its sentence and leaves the result to the table.
    """
    if formula.looks_around:
        return formula.sentence()
    exact = formula.of(grounds.scene)
    worked = formula.worked(grounds.scene, show)
    if exact is None or isinstance(exact, bool | str):
        return worked
    ratios = (Unit.RATIO, Unit.RATIO_DIFFERENCE)
    scale = 100 if unit in ("percent", "percentage_points") and formula.unit in ratios else 1
    result = number_text(half_up(exact * scale, decimals), decimals)
    space = "" if unit == "percent" else " "
    return f"{worked} = {result}{space}{UNIT_WORDS[unit]}".rstrip()


def missing_reason(formula: Formula, grounds: Grounds) -> str:
    """Why a measure cannot exist: which input is missing, or that a divisor is 0."""
    labels = {name: fact.label for name, fact in formula.scope.all.items()}
    row = grounds.projects[0] if grounds.projects else {}
    empty = [labels[name] for name in formula.facts if grounds.row.get(name) is None]
    empty += [labels[name] for name in formula.project_facts if row.get(name) is None]
    return _("缺少：{names}").format(names="、".join(empty)) if empty else _("除数为 0，无法计算")


def level_of(row: Json | None) -> str:
    return (row or {}).get("level") or "none"


def steps_of(row: Json | None, decimals: int) -> int | float | None:
    steps = (row or {}).get("steps")
    return None if steps is None else number(Decimal(steps).scaleb(-decimals))


def exact_steps(formula: Formula, unit: str, decimals: int, grounds: Grounds) -> int | None:
    """The exact value of a formula in whole steps of its decimals, half-up; None where it cannot exist."""
    value = formula.of(grounds.scene)
    if value is None or isinstance(value, str):
        return None
    return int(half_up(Fraction(value) * unit_factor(unit, formula.unit), decimals).scaleb(decimals))


def lacks_schedule(formula: Formula, grounds: Grounds) -> bool:
    """Whether a formula sums up a schedule that some of the projects do not have."""
    return "planned_ytd" in formula.project_facts and any(
        row.get("planned_ytd") is None and row.get("planned_year") is not None for row in grounds.projects
    )


def exact_level(formula: Formula, light: Light, grounds: Grounds) -> Json:
    """`steps` and `level` of one thing from exact fractions: what floats cannot tell is decided here."""
    value = formula.of(grounds.scene)
    if value is None or isinstance(value, str) or lacks_schedule(formula, grounds):
        return {"steps": None, "level": None}
    band = band_of(Fraction(value) * unit_factor(light.unit, formula.unit), light.bands())
    return {
        "steps": exact_steps(formula, light.unit, light.decimals, grounds),
        "level": band.level if band else None,
    }


def light_figures(scheme: Scheme, light: Light, judged: Json | None, grounds: Grounds) -> Json:
    """Level, measure, threshold, inputs and arithmetic of one light for one entity."""
    formula = scheme.formulas[light.measure]
    if judged is not None and not light.escalate and not formula.looks_around:
        judged = judged | exact_level(formula, light, grounds)
    level = level_of(judged)
    names = {entry.id: entry.name for entry in scheme.text.level}
    band = next((band for band in light.bands() if band.level == level), None)
    figures: Json = {
        "light": light.id, "light_name": light.name, "level": level, "level_name": names.get(level, _("无")),
        "measure": steps_of(judged, light.decimals), "unit": light.unit, "clause": scheme.cite(light.clause),
        "threshold": _threshold(band, light.unit), "inputs": inputs_of(formula, grounds),
        "arithmetic": arithmetic(formula, grounds, light.unit, light.decimals),
    }  # fmt: skip
    if level == "none":
        applies = scheme.formulas[light.applies] if light.applies else None
        out_of_scope = applies is not None and not any(
            applies.of_row(row) for row in grounds.projects or [grounds.row]
        )
        figures["reason"] = _("不在本灯适用范围内") if out_of_scope else missing_reason(formula, grounds)
    return figures


def _threshold(band: Band | None, unit: str) -> Json | None:
    if band is None:
        return None

    def edge(value: Fraction | None) -> int | float | None:
        return None if value is None else number(Decimal(value.numerator) / Decimal(value.denominator))

    return {
        "from": edge(band.low), "from_included": band.low_included if band.low is not None else None,
        "to": edge(band.high), "to_included": band.high_included if band.high is not None else None,
        "sentence": band.sentence(UNIT_WORDS[unit]), "local_choice": band.local_choice,
    }  # fmt: skip
