"""The facts of the ledger on a project's page: each with where it comes from, older versions beneath it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Person
from guatu.server.portfolio.fact_words import FACT_WORDS, fact_text
from guatu.server.portfolio.models import AnnualPlan, Document, ProjectFact, Responsibility
from guatu.server.portfolio.project_reports import place
from guatu.values import date_text, money_text

ANSWERS: Final = ("lead_department", "responsible_unit", "county_leader", "city_leader", "company")


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One version of a fact: its value for people, since when, on which paper, in which cell."""

    value: str
    since: str
    document: str
    cell: str


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact in force; `usual` when it comes from the paper that most of them come from."""

    words: str
    now: FactVersion
    older: tuple[FactVersion, ...]
    usual: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of a project. `origin` names the paper and sheet that most of them come from."""

    shown: tuple[ShownFact, ...]
    origin: str
    approvals: tuple[tuple[str, str, str], ...]
    approvals_origin: str
    year_goal: str
    phone: str


def document_words(document: Document) -> str:
    """A paper by title, number and day: 《…台账》（沧重办〔2023〕1号）2023年1月18日."""
    number = _("（%s）") % document.number if document.number else ""
    return _("《%(title)s》%(number)s%(day)s") % {
        "title": document.title,
        "number": number,
        "day": date_text(document.day),
    }


def facts_of(
    versions: Sequence[ProjectFact], plans: Sequence[AnnualPlan], scheme: Scheme, *, day: date, phone: bool
) -> Facts:
    """The facts in force on `day` from all versions (newest first within a field); the phone only where `phone`."""
    fields: dict[str, list[ProjectFact]] = {}
    for version in versions:
        if version.valid_from <= day:
            fields.setdefault(version.field, []).append(version)
    in_force = {field: rows for field, rows in fields.items() if rows[0].value != "null"}
    usual = Counter((rows[0].document_id, rows[0].file, rows[0].sheet) for rows in in_force.values())
    origin = usual.most_common(1)[0][0] if usual else None
    shown = [
        _shown(_(words), in_force[field], origin, scheme)
        for field, words in FACT_WORDS.items()
        if field in in_force
    ]
    plan = _plan_fact([row for row in plans if row.valid_from <= day], origin)
    if plan:
        shown.insert(
            next((at for at, fact in enumerate(shown) if fact.words == _("计划开工")), len(shown)), plan
        )
    for header, fact in _extra_facts(in_force.get("extra", []), origin):
        shown.append(ShownFact(header, fact, (), True))
    first = next((row for rows in in_force.values() for row in rows[:1] if _origin(row) == origin), None)
    source = place(first.file, first.sheet, first.row) if first else ""
    return Facts(
        shown=tuple(shown),
        origin=f"{document_words(first.document)} · {source}" if first and source else "",
        approvals=_approvals(in_force.get("approvals", [])),
        approvals_origin=_origin_words(in_force["approvals"][0]) if "approvals" in in_force else "",
        year_goal=_text(in_force, "year_goal"),
        phone=_text(in_force, "phone") if phone else "",
    )


def _origin(row: ProjectFact) -> tuple[int, str, str]:
    return (row.document_id, row.file, row.sheet)


def _origin_words(row: ProjectFact | AnnualPlan) -> str:
    source = place(row.file, row.sheet, row.row, row.column)
    return f"{document_words(row.document)} · {source}" if source else document_words(row.document)


def _text(fields: Mapping[str, Sequence[ProjectFact]], field: str) -> str:
    return str(json.loads(fields[field][0].value)) if field in fields else ""


def _shown(words: str, rows: Sequence[ProjectFact], origin: object, scheme: Scheme) -> ShownFact:
    versions = [_version(row, scheme) for row in rows]
    return ShownFact(words, versions[0], tuple(versions[1:]), _origin(rows[0]) == origin)


def _version(row: ProjectFact, scheme: Scheme) -> FactVersion:
    cell = f"{row.column}{row.row}" if row.column and row.row else ""
    value = fact_text(row.field, json.loads(row.value), scheme)
    return FactVersion(value, date_text(row.valid_from), _origin_words(row), cell)


def _plan_fact(rows: Sequence[AnnualPlan], origin: object) -> ShownFact | None:
    """The annual plan as a fact among the others; its older versions with the reason of the change."""
    if not rows or (rows[0].amount is None and len(rows) == 1):
        return None
    versions = [
        FactVersion(
            _("%s 万元") % money_text(row.amount, "万元", 0)
            + (_("（%s）") % row.reason if row.reason else ""),
            date_text(row.valid_from),
            _origin_words(row),
            f"{row.column}{row.row}" if row.column and row.row else "",
        )
        for row in rows
    ]
    usual = (rows[0].document_id, rows[0].file, rows[0].sheet) == origin
    return ShownFact(_("%d年计划") % rows[0].year, versions[0], tuple(versions[1:]), usual)


def _extra_facts(rows: Sequence[ProjectFact], origin: object) -> list[tuple[str, FactVersion]]:
    """Columns that the dictionary does not know, under the words of their head."""
    if not rows:
        return []
    stated: dict[str, str] = json.loads(rows[0].value)
    since, document = date_text(rows[0].valid_from), _origin_words(rows[0])
    return [(header, FactVersion(value, since, document, "")) for header, value in stated.items() if value]


APPROVAL_LEVELS: Final[Mapping[str, str]] = {
    "已批复": "done",
    "已完成": "done",
    "已取得": "done",
    "已办结": "done",
    "办理中": "going",
    "正在办理": "going",
    "未办理": "open",
    "未开展": "open",
    "不需要": "none",
    "无需办理": "none",
}
"""The drawing of an approval's state; a state in other words is shown as it is written."""


def _approvals(rows: Sequence[ProjectFact]) -> tuple[tuple[str, str, str], ...]:
    """The approvals: what, its state in the words of the ledger, and its drawing."""
    if not rows:
        return ()
    stated: dict[str, str] = json.loads(rows[0].value)
    return tuple((name, state, APPROVAL_LEVELS.get(state.strip(), "other")) for name, state in stated.items())


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers in a role: the words of the ledger, from–to, the telephone where it may be shown."""

    duty: str
    stated: str
    since: str
    until: str
    phone: str


def answers(rows: Sequence[Responsibility], day: date, *, phone: bool) -> tuple[list[Answer], list[Answer]]:
    """Who answers on `day`, in the order of duties, and who did before."""
    order = [str(duty) for duty in Responsibility.Duty]
    now: list[Answer] = []
    before: list[Answer] = []
    for row in sorted(rows, key=lambda row: (order.index(row.duty), row.valid_from)):
        person: Person | None = row.person
        answer = Answer(
            duty=str(row.get_duty_display()),
            stated=row.stated,
            since=date_text(row.valid_from),
            until=date_text(row.valid_to) if row.valid_to else "",
            phone=person.phone if person and phone else "",
        )
        if row.valid_from <= day:
            (before if row.valid_to and row.valid_to < day else now).append(answer)
    return now, before
