"""How a project of a ledger becomes stored facts, and the other way round."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from pypinyin import Style, lazy_pinyin

from guatu.portfolio.project import Project as LedgerProject
from guatu.portfolio.project import Source, Stage
from guatu.server.portfolio.queries import FactInForce, PlanInForce
from guatu.values import Period

TEXT_FIELDS: Final = (
    "name",
    "county",
    "category",
    "level",
    "content",
    "lead_department",
    "responsible_unit",
    "county_leader",
    "city_leader",
    "company",
    "phone",
    "longitude",
    "latitude",
    "coordinate_system",
    "year_goal",
    "note",
)
MONEY_FIELDS: Final = ("total", "done_before")
MONTH_FIELDS: Final = ("planned_start", "planned_finish")
FIELDS: Final = (*TEXT_FIELDS, "stage", *MONEY_FIELDS, *MONTH_FIELDS, "approvals", "extra")
"""The fields of a project that are kept as facts. The plan is kept as AnnualPlan and MonthlyPlan."""

PERSON: Final = re.compile(r"^\s*([^（(]{2,20}?)\s*[（(](.+)[）)]\s*$")
"""A person as ledgers write one: the name, then the post in brackets."""


def stored(project: LedgerProject) -> dict[str, str]:
    """Field → JSON of its value, for the fields that the ledger states."""
    found: dict[str, str] = {}
    for field in FIELDS:
        value: Any = getattr(project, field)
        if value is None or value == "" or value == {}:
            continue
        if isinstance(value, Period | Stage):
            value = str(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        found[field] = json.dumps(value, ensure_ascii=False)
    return found


def ledger_project(code: str, facts: Mapping[str, FactInForce], plan: PlanInForce | None) -> LedgerProject:
    """The project as the rules see it, from its facts and plan in force."""
    values: dict[str, Any] = {field: fact.value for field, fact in facts.items()}
    for field in MONTH_FIELDS:
        if field in values:
            values[field] = Period.parse(values[field])
    if "stage" in values:
        values["stage"] = Stage(values["stage"])
    columns = {field: fact.column for field, fact in facts.items() if fact.column}
    if plan is not None:
        values["planned"] = plan.amount
        values["planned_cumulative"] = plan.cumulative
        if plan.column:
            columns["planned"] = plan.column
        for month, letter in enumerate(plan.columns, start=1):
            if letter:
                columns[f"planned_cumulative.{month}"] = letter
    named = facts.get("name")
    source = Source(named.file, named.sheet, named.row) if named and named.row is not None else None
    values.setdefault("name", "")
    return LedgerProject(code=code, source=source, columns=columns, **values)


def pinyin_initials(name: str) -> str:
    """The first letters of the name's syllables, in lower case, other signs left out: 云溪港 → yxg."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def person_and_post(stated: str) -> tuple[str, str]:
    """The name and the post of 阎子衿（市委副书记）; the post is empty where none is stated."""
    match = PERSON.match(stated)
    return (match[1].strip(), match[2].strip()) if match else (stated.strip(), "")
