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
from guatu.portfolio.formula import Aggregate, Formula, RowScene
from guatu.schemes.lights import Escalation, Light, LightVersion
from guatu.schemes.load import Scheme
from guatu.schemes.units import UNIT_WORDS as UNIT_WORDS
from guatu.supervision.bands import Band, band_of, telling_decimals
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


def json_number(value: Fraction | None) -> int | float | None:
    """An exact value as a JSON number."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a formula about one thing stands on: its own row, and the rows of its projects; `listed` are those of its
    projects for sums of frozen facts (None: the same)."""

    row: Mapping[str, Any]
    projects: Sequence[Mapping[str, Any]] = ()
    listed: Sequence[Mapping[str, Any]] | None = None

    @property
    def scene(self) -> RowScene:
        return RowScene(self.row, self.projects, self.listed)

    def of(self, aggregate: Aggregate) -> Fraction | None:
        """An aggregate over the projects."""
        frozen = aggregate.frozen and self.listed is not None
        return aggregate.of(self.listed or () if frozen else self.projects)


def inputs_of(formula: Formula, grounds: Grounds) -> Json:
    """The inputs of a formula as JSON numbers by name: facts, sums of a fact under the fact's name,
    other aggregates as written."""
    own = {name: _json(grounds.row.get(name), formula.scope.names[name].unit) for name in formula.facts}
    sums = {
        aggregate.name_of_sum or aggregate.text: _json(grounds.of(aggregate), aggregate.unit)
        for aggregate in formula.aggregates
    }
    return own | sums


def _json(value: Any, unit: Unit) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if unit is Unit.MONEY:
        return wan(int(value))
    return json_number(_exact(value))


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


def exact_level(formula: Formula, light: Light, bands: Sequence[Band], grounds: Grounds) -> Json:
    """What a row of `light_rows` says, from exact fractions: what floats cannot tell is decided here."""
    value = formula.of(grounds.scene)
    if value is None or isinstance(value, str) or lacks_schedule(formula, grounds):
        return {"value": None, "steps": None, "band": None, "level": None}
    exact = Fraction(value) * unit_factor(light.unit, formula.unit)
    band = band_of(exact, bands)
    return {
        "value": exact,
        "steps": exact_steps(formula, light.unit, light.decimals, grounds),
        "band": bands.index(band) if band else None,
        "level": band.level if band else None,
    }


def shown_decimals(row: Json | None, light: Light) -> int:
    """With how many decimals the measure of a row of `light_rows` is printed: more than the light's own where it
    would look as if it stood in another band."""
    if row is None or row["band"] is None:
        return light.decimals
    bands = light.version_in(row["period"]).bands
    return telling_decimals(_exact(row["value"]), bands[row["band"]], bands, light.decimals)


def measure_of(row: Json | None, light: Light) -> Fraction | None:
    """The measure of a row of `light_rows`, rounded as it is printed."""
    if row is None or row["steps"] is None:
        return None
    decimals = shown_decimals(row, light)
    if decimals == light.decimals:
        return Fraction(row["steps"], 10**decimals)
    return Fraction(half_up(_exact(row["value"]), decimals))


def _exact(value: Any) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def band_words(scheme: Scheme, light: Light, band: Band, level: str) -> str:
    """The band that a measure fell into; where its light stands at a graver level, because it came for the n-th
    time, that too."""
    words = band.sentence(UNIT_WORDS[light.unit])
    rule = _raised(light, band, level)
    if rule is None:
        return words
    name = scheme.levels[rule.level].name if rule.level in scheme.levels else rule.level
    running = _("连续") if rule.running else _("本年")
    return _("{band}为“{level}”，{running}第 {times} 次起升档").format(
        band=words, level=name, running=running, times=rule.times
    )


def _raised(light: Light, band: Band, level: str) -> Escalation | None:
    """What raised a light from the level of its band to the one at which it stands; None where nothing did."""
    if band.level == level:
        return None
    return next((rule for rule in light.escalate if rule.level == band.level and rule.becomes == level), None)


def light_clause(scheme: Scheme, light: Light, version: LightVersion, band: Band | None, level: str) -> str:
    """The clause from which a light stands at its level: of what raised it, where that has one of its own."""
    rule = None if band is None else _raised(light, band, level)
    return scheme.cite(rule.clause if rule and rule.clause else version.clause)


def light_figures(scheme: Scheme, light: Light, judged: Json | None, grounds: Grounds, month: int) -> Json:
    """Level, measure, threshold, inputs and arithmetic of one light for one entity in a month (months since year 0)."""
    version = light.version_in(month)
    formula = scheme.formulas[version.measure]
    if judged is not None and not light.escalate and not formula.looks_around:
        judged = judged | exact_level(formula, light, version.bands, grounds)
    level = level_of(judged)
    names = {entry.id: entry.name for entry in scheme.text.level}
    band = None if judged is None or judged["band"] is None else version.bands[judged["band"]]
    measure = measure_of(judged, light)
    figures: Json = {
        "light": light.id, "light_name": light.name, "level": level, "level_name": names.get(level, _("无")),
        "measure": json_number(measure), "unit": light.unit, "clause": light_clause(scheme, light, version, band, level),
        "threshold": None if band is None else _threshold(band, band_words(scheme, light, band, level)),
        "inputs": inputs_of(formula, grounds),
        "arithmetic": arithmetic(formula, grounds, light.unit, shown_decimals(judged, light)),
    }  # fmt: skip
    if level == "none":
        applies = scheme.formulas[light.applies] if light.applies else None
        out_of_scope = applies is not None and not any(
            applies.of_row(row) for row in grounds.projects or [grounds.row]
        )
        figures["reason"] = _("不在本灯适用范围内") if out_of_scope else missing_reason(formula, grounds)
    return figures


def _threshold(band: Band, sentence: str) -> Json:
    def edge(value: Fraction | None) -> int | float | None:
        return None if value is None else number(Decimal(value.numerator) / Decimal(value.denominator))

    return {
        "from": edge(band.low), "from_included": band.low_included if band.low is not None else None,
        "to": edge(band.high), "to_included": band.high_included if band.high is not None else None,
        "sentence": sentence, "local_choice": band.local_choice,
    }  # fmt: skip
