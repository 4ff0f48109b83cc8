"""Every formula that a scheme holds, with the key of where it stands and what it may name."""

from __future__ import annotations

from guatu.assessment.rules.linear import Linear
from guatu.assessment.sheet import Sheet
from guatu.portfolio.formula import Scope
from guatu.schemes.lights import Light, Ranking
from guatu.schemes.model import SchemeText
from guatu.schemes.scopes import ENTITY_OF, Scopes


def every_formula(text: SchemeText, scopes: Scopes) -> list[tuple[str, str, Scope]]:
    """Every formula of a scheme: its key, its text, and what it may name."""
    wanted = [*rule_formulas(text, scopes), *step_formulas(text, scopes), *reward_formulas(text, scopes)]
    wanted += [
        (f"recognition[{n}].when", rule.when, scopes.before_recognition)
        for n, rule in enumerate(text.recognition)
    ]
    for n, sheet in enumerate(text.sheet):
        wanted += [
            (f"sheet[{n}].{key}", formula, scopes.of(sheet.entity)) for key, formula in sheet_formulas(sheet)
        ]
        wanted += [
            (f"sheet[{n}].{key}", formula, scopes.lists_of(sheet)) for key, formula in list_formulas(sheet)
        ]
    return wanted


def rules_of(text: SchemeText) -> list[tuple[str, Light | Ranking]]:
    """Every rule that has formulas, with its key: `light[0]`, `ranking[1]`."""
    lights: list[tuple[str, Light | Ranking]] = [(f"light[{n}]", rule) for n, rule in enumerate(text.light)]
    return lights + [(f"ranking[{n}]", rule) for n, rule in enumerate(text.ranking)]


def rule_formulas(text: SchemeText, scopes: Scopes) -> list[tuple[str, str, Scope]]:
    """Every formula of lights and rankings: its key, its text, and what it may name."""
    found = []
    for key, rule in rules_of(text):
        scope = scopes.of_rule(ENTITY_OF[rule.entity])
        if isinstance(rule, Light):
            found.append((f"{key}.measure", rule.measure, scope))
            found += [
                (f"{key}.change[{n}].measure", change.measure, scope)
                for n, change in enumerate(rule.change)
                if change.measure
            ]
        else:
            found.append((f"{key}.value", rule.value, scope))
        if rule.applies:
            condition = scope if rule.entity == "project" else scopes.one_project
            found.append((f"{key}.applies", rule.applies, condition))
    return found


def sheet_formulas(sheet: Sheet) -> list[tuple[str, str]]:
    """Every formula of a sheet that speaks of facts alone: its key within the sheet, and its text."""
    found = [(f"veto[{n}].when", veto.when) for n, veto in enumerate(sheet.veto)]
    found += [(f"series[{n}].where", series.where) for n, series in enumerate(sheet.series) if series.where]
    for n, item in enumerate(sheet.item):
        key = f"item[{n}]"
        found += [
            (f"{key}.{word}", text)
            for word, text in (("measure", item.measure), ("applies", item.applies))
            if text
        ]
        found += [
            (f"{key}.change[{m}].measure", change.measure)
            for m, change in enumerate(item.change)
            if change.measure
        ]
        rules = [item.rule, *(change.rule for change in item.change)]
        found += [
            (f"{key}.rule.pivot", rule.pivot)
            for rule in rules
            if isinstance(rule, Linear) and isinstance(rule.pivot, str)
        ]
    lines = {item.id for item in sheet.item}
    return found + [
        (f"tie_breakers[{n}]", text) for n, text in enumerate(sheet.tie_breakers) if text not in lines
    ]


def list_formulas(sheet: Sheet) -> list[tuple[str, str]]:
    """Every formula of a sheet's lists, which may name the result as well."""
    return [
        (f"list[{n}].{word}", text)
        for n, rule in enumerate(sheet.list_)
        for word, text in (("when", rule.when), ("exempt", rule.exempt))
        if text
    ]


def step_formulas(text: SchemeText, scopes: Scopes) -> list[tuple[str, str, Scope]]:
    """Every formula of the ladder: its key, its text, and what it may name."""
    sheets = {sheet.id: sheet for sheet in text.sheet}
    found = []
    for n, step in enumerate(text.step):
        scope = scopes.steps_of(step.entity, sheets.get(step.sheet or ""))
        found += [
            (f"step[{n}].{word}", given, scope)
            for word, given in (("when", step.when), ("exempt", step.exempt), ("fulfilled", step.fulfilled))
            if given
        ]
    return found


def reward_formulas(text: SchemeText, scopes: Scopes) -> list[tuple[str, str, Scope]]:
    """Every formula of the rewards whose sheet is known: its key, its text, and what it may name."""
    sheets = {sheet.id: sheet for sheet in text.sheet}
    return [
        (f"reward[{n}].{word}", given, scopes.steps_of(sheets[reward.sheet].entity, sheets[reward.sheet]))
        for n, reward in enumerate(text.reward)
        for word, given in (("when", reward.when), ("exempt", reward.exempt))
        if given and reward.sheet in sheets
    ]
