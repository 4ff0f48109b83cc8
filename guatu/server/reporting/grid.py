"""All of a reporter's projects of a month in one table to type in, or to paste into from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.reporting.form import FormField
from guatu.reporting.typed import exact_money, typed_text
from guatu.server.portfolio.models import Project
from guatu.server.reporting.filling import EditedMeanwhile
from guatu.server.reporting.forms import read_edition, read_typed
from guatu.server.reporting.kind_table import TermTable
from guatu.server.reporting.models import Report
from guatu.server.reporting.offline import Month, Unsaved
from guatu.workbooks.report_form import LAST, MONTH_PLAN, PLAN_SO_FAR


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one project: its name in the form, what stands in it, what is wrong."""

    field: FormField
    name: str
    text: str
    error: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One project: its figures beside, its cells, where its draft stands, and what is wrong with all of it."""

    project: Project
    open: bool
    state: str
    href: str
    edition: int
    month_plan: str
    plan: str
    last: str
    base: int | None
    ytd: str
    cells: tuple[Cell, ...]
    error: str


def grid_context(
    month: Month, sent: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The context of reporting/grid.html: `sent` what was typed, `wrong` what is wrong by name of cell or row."""
    rows = [_row(month, project, sent, wrong or {}) for project in month.projects]
    return {
        "title": month.title,
        "list_href": month.list_href,
        "monthly": not isinstance(month, TermTable),
        "fields": month.fields,
        "rows": rows,
        "wrong": list(dict.fromkeys((wrong or {}).values())),
        "editable": any(row.open for row in rows),
    }


def _row(month: Month, project: Project, sent: Mapping[str, str] | None, wrong: Mapping[str, str]) -> Row:
    values, beside, is_open = month.values(project), month.beside(project), month.open(project)
    prefix = _prefix(project)
    report = month.latest.get(project.pk)
    cells = []
    for one in month.fields:
        name = prefix + one.id
        text = typed_text(one, values.get(one.id))
        if sent is not None and is_open:
            text = sent.get(name, text)
        choices = (_("是"), _("否")) if one.kind == "flag" else one.choices
        cells.append(Cell(one, name, text, wrong.get(name, ""), choices))
    return Row(
        project, is_open, report.state_words if report else _("未填"),
        month.href(project), month.edition(project),
        exact_money(beside[MONTH_PLAN]), exact_money(beside[PLAN_SO_FAR]), exact_money(beside[LAST]), beside[LAST],
        exact_money(report.invested_ytd if report else None), tuple(cells), wrong.get(prefix, ""),
    )  # fmt: skip


def _prefix(project: Project) -> str:
    return f"g{project.pk}."


def save_grid(month: Month, sent: Mapping[str, str]) -> tuple[list[Report], dict[str, str]]:
    """Save every row that was changed as a draft, all of them or none; what is wrong by name of cell or row."""
    wrong: dict[str, str] = {}
    saved: list[Report] = []
    try:
        with transaction.atomic():
            for project in month.projects:
                if month.open(project):
                    saved += _save_row(month, project, sent, wrong)
            if wrong:
                raise Unsaved
    except Unsaved:
        saved = []
    return saved, wrong


def _save_row(month: Month, project: Project, sent: Mapping[str, str], wrong: dict[str, str]) -> list[Report]:
    prefix = _prefix(project)
    if f"{prefix}edition" not in sent:
        return []
    typed = read_typed(month.fields, sent, prefix)
    for name, words in typed.faults.items():
        wrong[prefix + name] = f"{project.name}：{words}"
    standing = month.values(project)
    same = all(typed.values.get(one.id) == standing.get(one.id) for one in month.fields)
    if typed.faults or same:
        return []
    try:
        edition = read_edition(sent[f"{prefix}edition"])
        return [month.keep(project, typed.values, edition)]
    except ValidationError as error:
        wrong[prefix] = f"{project.name}：{''.join(error.messages)}"
    except EditedMeanwhile as meanwhile:
        who = meanwhile.draft.reporter if meanwhile.draft else ""
        wrong[prefix] = _("%(project)s：%(who)s 刚存过这一行，您填的没有存；请打开这一行看两边的不同。") % {
            "project": project.name,
            "who": who or _("别人"),
        }
    return []
