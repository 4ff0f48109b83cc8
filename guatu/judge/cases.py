"""The worked cases of a scheme: given these facts, expect these lights, points, places, lists and steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from guatu.assessment.ballots import Vote, count
from guatu.assessment.given import FactRow, KnownFact
from guatu.assessment.terms import Term
from guatu.judge.assess import Assessor
from guatu.judge.assessment import assessments
from guatu.judge.due_cases import run_due_cases
from guatu.judge.entity_lights import entity_lights
from guatu.judge.fact_tables import known_facts
from guatu.language import gettext as _
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.worked_cases import Case, Expectation
from guatu.values import fen

Json = dict[str, Any]
CHECKED = ".checked"
"""Ends the name of what a spot check found: `"done.checked" = 80` beside `done = 90`."""


def run_cases(scheme: Scheme) -> list[SchemeFault]:
    """Run every worked case of a scheme; one error for each expectation that does not come out."""
    faults: list[SchemeFault] = []
    for number, case in enumerate(scheme.cases):
        key = f"case[{number}]"
        for message in _run(scheme, case):
            said = _("算例“{name}”：{message}").format(name=case.name, message=message)
            faults.append(SchemeFault("error", "cases", key, said, scheme.cite(case.clause)))
    return [*faults, *run_due_cases(scheme)]


def rows_of_case(scheme: Scheme, case: Case) -> list[FactRow]:
    """The facts of a case as they would be handed in. Raises ValueError that names what cannot be read."""
    term = Term.parse(case.term)
    counted = count(scheme.text.ballot, _votes(case, term))
    return [*_rows(case, term, known_facts(scheme)), *counted.facts]


def _votes(case: Case, term: Term) -> list[Vote]:
    return [
        Vote(
            ballot.ballot,
            Term.parse(ballot.term) if ballot.term else term,
            ballot.voter,
            ballot.group,
            name,
            Fraction(value),
        )
        for ballot in case.ballots
        for name, value in ballot.votes.items()
    ]


def _run(scheme: Scheme, case: Case) -> Iterator[str]:
    try:
        term = Term.parse(case.term)
        rows = rows_of_case(scheme, case)
    except ValueError as error:
        yield str(error)
        return
    assessor = Assessor(scheme, pl.DataFrame(), rows, case.day)
    entries = assessments(assessor, term)
    lights = entity_lights(assessor, term.last_month)
    known = {row.entity for row in rows} | {row.value for row in rows if isinstance(row.value, str)}
    sheets = {step.id: step.sheet for step in scheme.text.step}
    for expected in case.expect:
        if expected.light:
            yield from _check_light(expected, lights)
        else:
            yield from _check_sheet(expected, entries, term, known, sheets)


def _rows(case: Case, term: Term, known: dict[str, KnownFact]) -> Iterator[FactRow]:
    for row in case.facts:
        entity = str(row.get("entity", ""))
        if not entity:
            raise ValueError(_("facts 里有一行没有写 entity"))
        of = Term.parse(str(row["term"])) if "term" in row else term
        for name, value in row.items():
            if name in ("entity", "term") or name.removesuffix(CHECKED) in row.keys() - {name}:
                continue
            if name not in known:
                raise ValueError(_("没有名为“{name}”的事实").format(name=name))
            kind, checked = known[name].kind, row.get(name + CHECKED)
            found = None if checked is None else _value(checked, kind)
            yield FactRow(entity, of, name, _value(value, kind), found, by=_("算例"))


def _value(value: Any, kind: str) -> Fraction | bool | str:
    if kind == "day":
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    if isinstance(value, bool | str):
        return value
    if kind == "money":
        return Fraction(fen(value, "万元"))
    number = Fraction(str(value))
    if kind == "count" and (number < 0 or number.denominator != 1):
        raise ValueError(_("个数和次数要写不小于 0 的整数，不能是 {value}").format(value=value))
    return number


def _check_light(expected: Expectation, lights: list[Json]) -> Iterator[str]:
    found = [one for one in lights if (one["light"], one["entity"]) == (expected.light, expected.entity)]
    if not found:
        if expected.level != "none":
            yield _("{entity} 没有“{light}”这盏灯").format(entity=expected.entity, light=expected.light)
        return
    one = found[0]
    if expected.level is not None and one["level"] != expected.level:
        yield _("{entity} 的“{light}”应为 {level}，算得 {found}（数值 {measure}）").format(
            entity=expected.entity, light=expected.light, level=expected.level, found=one["level"], measure=one["measure"]
        )  # fmt: skip
    if expected.measure is not None and not _equal(one["measure"], expected.measure):
        yield _("{entity} 的“{light}”数值应为 {wanted}，算得 {found}").format(
            entity=expected.entity, light=expected.light, wanted=expected.measure, found=one["measure"]
        )


def _check_sheet(
    expected: Expectation, entries: list[Json], term: Term, known: set[str], sheets: Mapping[str, str | None]
) -> Iterator[str]:
    """`sheets` maps each step to the sheet that it is about: a step without one counts with every sheet."""
    wanted_term = expected.term or str(term)
    found = [
        entry for entry in entries
        if entry["entity"] == expected.entity and entry["term"] == wanted_term
        and expected.sheet in (None, entry["sheet"])
    ]  # fmt: skip
    if not found:
        if (
            expected.steps
            or expected.rewards
            or expected.lists
            or expected.score is not None
            or expected.points
        ):
            yield _("{entity} 在 {term} 没有考核结果").format(entity=expected.entity, term=wanted_term)
        elif expected.entity not in known:
            yield _("facts 里没有“{entity}”").format(entity=expected.entity)
        return
    entry = found[0]
    lines = {line["id"]: line["points"] for line in (*entry["indicators"], *entry["events"])}
    for item, points in expected.points.items():
        if not _equal(lines.get(item), points):
            yield _("{entity} 的“{item}”应得 {wanted} 分，算得 {found}").format(
                entity=expected.entity, item=item, wanted=points, found=lines.get(item, _("没有这一项"))
            )
    for word, label in (("score", _("得分")), ("rank", _("名次")), ("grade", _("等次"))):
        wanted = getattr(expected, word)
        same = _equal(entry[word], wanted) if word == "score" else entry[word] == wanted
        if wanted is not None and not same:
            yield _("{entity} 的{label}应为 {wanted}，算得 {found}").format(
                entity=expected.entity, label=label, wanted=wanted, found=entry[word]
            )
    if expected.rewards is not None:
        earned = {reward["reward"]: reward["amount"] for entry in found for reward in entry["rewards"]}
        if {name: Fraction(value) for name, value in expected.rewards.items()} != {
            name: Fraction(str(value)) for name, value in earned.items()
        }:
            yield _("{entity} 的奖励应为 {wanted}，算得 {found}").format(
                entity=expected.entity, wanted=_amounts(expected.rewards), found=_amounts(earned)
            )
    steps = [
        step["step"] for entry in entries for step in entry["steps"]
        if (entry["entity"], entry["term"]) == (expected.entity, wanted_term)
        and (expected.sheet is None or sheets[step["step"]] in (None, expected.sheet))
    ]  # fmt: skip
    lists = [name for entry in found for name in entry["lists"]]
    for label, wanted_names, names in (
        (_("名单"), expected.lists, lists),
        (_("建议措施"), expected.steps, steps),
    ):
        if wanted_names is not None and sorted(wanted_names) != sorted(names):
            yield _("{entity} 的{label}应为 {wanted}，算得 {found}").format(
                entity=expected.entity, label=label, wanted="、".join(wanted_names) or _("无"), found="、".join(names) or _("无")
            )  # fmt: skip


def _amounts(amounts: Mapping[str, Any]) -> str:
    return "、".join(f"{name} {value}" for name, value in amounts.items()) or _("无")


def _equal(found: Any, wanted: Any) -> bool:
    return found is not None and wanted is not None and Fraction(str(found)) == Fraction(str(wanted))
