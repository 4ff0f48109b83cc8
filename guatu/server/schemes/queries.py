"""The scheme in force, told rule by rule; what its document contradicts; its worked cases and how they come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guatu.assessment.given import KnownFact
from guatu.assessment.terms import Term
from guatu.judge.cases import CHECKED, run_cases
from guatu.judge.fact_tables import known_facts
from guatu.portfolio.project import STAGE_NAMES, Stage
from guatu.schemes.check import check_scheme
from guatu.schemes.describe import Entry, describe
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.published import PublishedRow
from guatu.schemes.units import UNIT_WORDS
from guatu.schemes.worked_cases import Case, Expectation
from guatu.server.frame.drawing import LEVEL_WORDS
from guatu.server.schemes.in_force import scheme_in_force as scheme_in_force
from guatu.values import date_text, number_text

PUBLISHED = "published."
"""Begins the key of a figure that the document prints."""
PUBLISHED_TABLE = "published.table["
KEPT_SECONDS = 24 * 3600


def anchor_of(key: str) -> str:
    """Where a rule stands on the page of the scheme: `light[schedule].band[red]` → `light-schedule-band-red`."""
    return re.sub(r"\W+", "-", key).strip("-")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on the page: its entry, the anchor that leads to it, and the level of light it is about, if any."""

    anchor: str
    entry: Entry

    @property
    def level(self) -> str:
        """`red` of `light[schedule].band[red]` where that light has a drawing; else empty."""
        band = re.search(r"\.band\[(\w+)\]$", self.entry.key)
        return band[1] if band and band[1] in LEVEL_WORDS else ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the page: its anchor, its title, its rules."""

    anchor: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The scheme in words: its head, its chapters, and what the place has chosen itself."""

    head: Entry
    chapters: tuple[Chapter, ...]
    published: tuple[Rule, ...]
    local_choices: tuple[Rule, ...]


def told(scheme: Scheme) -> Told:
    """Every rule once, with an anchor of its own; the figures that the document prints stand apart, those in
    tables in `published_tables`."""
    sections = describe(scheme)
    anchors: dict[str, str] = {}
    for section in sections:
        for entry in section.entries:
            if section.id != "local_choices":
                anchors[entry.key] = _free(anchor_of(entry.key), set(anchors.values()))
    head = next(entry for section in sections for entry in section.entries if entry.key == "scheme")
    chapters, published, local = [], [], []
    for section in sections:
        rules = [Rule(anchors[entry.key], entry) for entry in section.entries if entry.key != "scheme"]
        if section.id == "local_choices":
            local = rules
            continue
        printed = [rule for rule in rules if rule.entry.key.startswith(PUBLISHED)]
        published += [rule for rule in printed if not rule.entry.key.startswith(PUBLISHED_TABLE)]
        rest = tuple(rule for rule in rules if not rule.entry.key.startswith(PUBLISHED))
        if rest:
            chapters.append(Chapter(f"chapter-{anchor_of(section.id)}", section.title, rest))
    return Told(head, tuple(chapters), tuple(published), tuple(local))


def _free(anchor: str, taken: set[str]) -> str:
    """The anchor, with a number behind it where another rule has it already."""
    number, found = 2, anchor
    while found in taken:
        number, found = number + 1, f"{anchor}-{number}"
    return found


def contradictions(scheme: Scheme) -> list[SchemeFault]:
    """Where the printed figures of the document do not fit each other; rounding is said apart."""
    return [fault for fault in check_scheme(scheme) if fault.key.startswith(PUBLISHED)]


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table as the document prints it, money in 亿元: each row its class, projects, total, plan of the year."""

    clause: str
    rows: tuple[tuple[str, str, str, str], ...]
    sum: tuple[str, str, str, str] | None


def published_tables(scheme: Scheme) -> list[PublishedTable]:
    """The printed tables of the document, in its order."""
    published = scheme.text.published
    return [
        PublishedTable(
            scheme.cite(table.clause),
            tuple(_printed(row, table.decimals) for row in table.row),
            _printed(table.sum, table.decimals) if table.sum else None,
        )
        for table in (published.table if published else ())
    ]


def _printed(row: PublishedRow, decimals: int) -> tuple[str, str, str, str]:
    projects = "–" if row.projects is None else str(row.projects)
    total, planned = (number_text(amount, decimals) for amount in (row.total, row.planned))
    return row.class_, projects, total, planned


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One worked case: what is given, what is expected, and what came out otherwise (nothing: it passes)."""

    name: str
    clause: str
    term: str
    given: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def worked_cases(scheme: Scheme) -> list[WorkedCase]:
    """The worked cases of the scheme, each run; kept for a day by the digest of the scheme."""
    key = f"scheme-cases:{scheme.digest}:{get_language()}"
    found: list[WorkedCase] | None = cache.get(key)
    if found is None:
        found = _worked(scheme)
        cache.set(key, found, timeout=KEPT_SECONDS)
    return found


def _worked(scheme: Scheme) -> list[WorkedCase]:
    failed: dict[str, list[str]] = {}
    for fault in run_cases(scheme):
        failed.setdefault(fault.key, []).append(fault.message)
    facts = known_facts(scheme)
    return [
        WorkedCase(
            case.name,
            scheme.cite(case.clause),
            Term.parse(case.term).label,
            tuple(_given(case, facts)),
            tuple((expected.entity, "，".join(_expected(scheme, expected))) for expected in case.expect),
            tuple(failed.get(f"case[{number}]", ())),
        )
        for number, case in enumerate(scheme.cases)
    ]


def _given(case: Case, facts: dict[str, KnownFact]) -> Iterator[tuple[str, str]]:
    """Each entity with its facts in words: 年度计划 10000 万元，累计完成 7500 万元."""
    for row in case.facts:
        words = []
        for name, value in row.items():
            if name in ("entity", "term"):
                continue
            fact = facts.get(name.removesuffix(CHECKED))
            label = fact.name if fact else name
            checked = _("（核查）") if name.endswith(CHECKED) else ""
            words.append(f"{label}{checked} {_value(name, value, fact)}")
        entity = str(row.get("entity", ""))
        if "term" in row:
            entity = f"{entity}，{Term.parse(str(row['term'])).label}"
        yield entity, "，".join(words)


def _value(name: str, value: int | float | str | bool | date, fact: KnownFact | None) -> str:
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str):
        return str(STAGE_NAMES[Stage(value)]) if name == "stage" and value in set(Stage) else value
    unit = {"money": _("万元"), "percent": "%"}.get(fact.kind if fact else "", "")
    return f"{value:,}".replace("-", "−") + (f" {unit}" if unit == _("万元") else unit)


def _expected(scheme: Scheme, expected: Expectation) -> Iterator[str]:
    """What should come out, in words: 投资进度：红，25 个百分点."""
    if expected.light:
        light = next((one for one in scheme.text.light if one.id == expected.light), None)
        name = light.name if light else expected.light
        level = expected.level or ""
        yield f"{name}：" + (scheme.levels[level].name if level in scheme.levels else _("不判灯"))
        if expected.measure is not None:
            yield f"{number_text(expected.measure, _places(expected.measure))} {UNIT_WORDS[light.unit] if light else ''}".strip()
    names = {item.id: item.name for sheet in scheme.text.sheet for item in sheet.item}
    names |= {event.id: event.name for sheet in scheme.text.sheet for event in sheet.event}
    for item, points in expected.points.items():
        yield _("{item} {points} 分").format(
            item=names.get(item, item), points=number_text(points, _places(points))
        )
    if expected.score is not None:
        yield _("总分 {points} 分").format(points=number_text(expected.score, _places(expected.score)))
    if expected.rank is not None:
        yield _("第 {n} 名").format(n=expected.rank)
    if expected.grade is not None:
        yield _("等次 {grade}").format(grade=expected.grade)
    if expected.lists is not None:
        lists = {rule.id: rule.name for sheet in scheme.text.sheet for rule in sheet.list_}
        yield "、".join(lists.get(name, name) for name in expected.lists) or _("不列名单")
    if expected.steps is not None:
        steps = {step.id: step.name for step in scheme.text.step}
        yield "、".join(steps.get(name, name) for name in expected.steps) or _("不提建议")


def _places(value: object) -> int:
    """How many decimals a number was written with."""
    return len(str(value).partition(".")[2])
