"""The office's own workbook out and in: the month's form for a reporter's projects, and what came back in it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.portfolio.project import Project as LedgerProject
from guatu.reporting.form import MONTHLY, FormField, Value, carried_over, value_of
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb
from guatu.server.clock import today
from guatu.server.portfolio.models import Project
from guatu.server.reporting.doubts import doubts_about, ledger_of
from guatu.server.reporting.filling import EditedMeanwhile, locked_words, save_draft
from guatu.server.reporting.forms import asked_fields
from guatu.server.reporting.known import Earlier, earlier, said_within
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import report_href, reportable
from guatu.server.reporting.queries import as_handed_in, handed_in_before, last_ytd, latest_of_month
from guatu.values import Period
from guatu.workbooks.report_form import (
    CODE,
    LAST,
    MONTH_PLAN,
    PLAN_SO_FAR,
    YEAR_PLAN,
    FormRow,
    Mark,
    ReadRow,
    marked,
    read_form,
    write_form,
)
from guatu.workbooks.safety import refuse_unsafe


@dataclass(slots=True)
class Month:
    """The projects that a reporter fills in for a month, with what stands and what stood before. Seven queries."""

    user: Account
    period: Period
    scheme: Scheme
    projects: list[Project]
    latest: Mapping[int, Report]
    before: Mapping[int, Mapping[str, Report]]
    ledger: Mapping[int, LedgerProject]
    said: Mapping[int, Sequence[Earlier]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return _("%s填报，一张表") % self.period.label

    @property
    def list_href(self) -> str:
        """The address of the list that the table belongs to."""
        return reverse("reports-month", args=[str(self.period)])

    def href(self, project: Project) -> str:
        return report_href(project.code, self.period)

    def keep(self, project: Project, values: Mapping[str, Value | None], edition: int) -> Report:
        """Save a row as a draft. Raises as `save_draft`."""
        return save_draft(
            project, self.period, values, actor=self.user, edition=edition, form=self.scheme.form
        )

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields to fill in; the cumulative figure is among them where one project cannot be added up."""
        known = all(self.base(project) is not None for project in self.projects)
        return asked_fields(self.scheme.form, ytd_known=known)

    def base(self, project: Project) -> int | None:
        return last_ytd(self.before.get(project.pk, {}), self.period)

    def open(self, project: Project) -> bool:
        """Whether the project's report can be written: not handed in yet, or returned."""
        row = self.latest.get(project.pk)
        return row is None or row.state in (Report.State.DRAFT, Report.State.RETURNED)

    def edition(self, project: Project) -> int:
        row = self.latest.get(project.pk)
        return row.edition if row is not None and row.state == Report.State.DRAFT else 0

    def values(self, project: Project) -> dict[str, Value | None]:
        """What stands in the fields: what was written so far, else what is carried over from last month."""
        form, row = self.scheme.form, self.latest.get(project.pk)
        if row is not None:
            said = as_handed_in(row, project.code, form.own)
            return {one.id: value_of(said, one) for one in form.fields}
        before = self.before.get(project.pk, {})
        last = as_handed_in(before[max(before)], project.code, form.own) if before else None
        known = said_within(self.said.get(project.pk, ()), form, MONTHLY, self.period.first_day)
        return {**carried_over(form, last), **{name: one.value for name, one in known.items()}}

    def beside(self, project: Project) -> dict[str, int | None]:
        """The plan and last month's cumulative figure, in 分."""
        ledger = self.ledger.get(project.pk)
        split = ledger.planned_cumulative if ledger else ()
        now = split[self.period.month - 1] if split else None
        then = 0 if self.period.month == 1 else (split[self.period.month - 2] if split else None)
        return {
            YEAR_PLAN: ledger.planned if ledger else None,
            MONTH_PLAN: None if now is None or then is None else now - then,
            PLAN_SO_FAR: now,
            LAST: self.base(project),
        }


def month_of(user: Account, period: Period, scheme: Scheme) -> Month:
    """The month as the reporter sees it in grid and workbook."""
    projects = list(reportable(user, Verb.HAND_IN))
    ids = [project.pk for project in projects]
    return Month(
        user,
        period,
        scheme,
        projects,
        latest_of_month(ids, period),
        handed_in_before(ids, period),
        ledger_of(projects, today(), period.year),
        earlier(ids, scheme, period.last_day),
    )


def form_workbook(month: Month) -> bytes:
    """The workbook to fill in: those that can still be written are open, the others locked."""
    rows = [
        FormRow(
            project.code, project.name, month.edition(project), month.beside(project), month.values(project),
            month.open(project),
        )
        for project in month.projects
    ]  # fmt: skip
    return write_form(month.period, month.scheme.form, month.fields, rows)


@dataclass(frozen=True, slots=True)
class Back:
    """What came of a workbook: how many drafts it made, what is wrong (refused: nothing was saved), the file marked."""

    saved: int
    marks: tuple[Mark, ...]
    workbook: str
    name: str

    @property
    def refused(self) -> bool:
        return any(mark.refused for mark in self.marks)


class Unsaved(Exception):
    """Something of a batch cannot be saved, so that nothing is."""


def take_back(month: Month, file: UploadedFile[bytes]) -> Back:
    """Save the rows of a workbook as drafts, all of them or none; a row that was not touched is passed over.

    What the checks question is marked as suspicious and asked again when the report is handed in. Raises
    WorkbookError for a file that is no form of this site.
    """
    with tempfile.TemporaryDirectory(prefix="guatu-form-") as folder:
        path, content = Path(folder) / "form.xlsx", file.read()
        refuse_unsafe(file.name or "form.xlsx", content)
        path.write_bytes(content)
        rows = read_form(path, month.fields)
        marks: list[Mark] = []
        saved: list[Report] = []
        try:
            with transaction.atomic():
                saved = _saved(month, rows, marks)
                if any(mark.refused for mark in marks):
                    raise Unsaved
        except Unsaved:
            saved = []
        back = marked(path, marks) if marks else b""
    return Back(len(saved), tuple(marks), base64.b64encode(back).decode(), (file.name or "form.xlsx")[:100])


def _saved(month: Month, rows: Sequence[ReadRow], marks: list[Mark]) -> list[Report]:
    projects = {project.code: project for project in month.projects}
    seen: set[str] = set()
    saved = []
    for row in rows:
        project = projects.get(row.code)
        if project is None or row.code in seen:
            words = _("表里有两行是这个项目。") if project else _("这个项目不由您填报，或没有这个代码。")
            marks.append(Mark(row.row, row.columns[CODE], words, True))
            continue
        seen.add(row.code)
        standing = month.values(project)
        if not row.faults and all(row.values.get(one.id) == standing.get(one.id) for one in month.fields):
            continue
        refused = [Mark(row.row, row.columns[name], words, True) for name, words in row.faults.items()]
        latest = month.latest.get(project.pk)
        if not month.open(project) and latest is not None:
            refused.append(Mark(row.row, row.columns[CODE], locked_words(latest), True))
        elif row.edition != month.edition(project):
            words = _("下载这张表以后，网上的草稿又改过。请重新下载，或在网上改。")
            refused.append(Mark(row.row, row.columns[CODE], words, True))
        marks += refused
        if not refused and not row.empty:
            saved.append(_save_row(month, project, row, marks))
    return saved


def _save_row(month: Month, project: Project, row: ReadRow, marks: list[Mark]) -> Report:
    """Save one row as a draft and mark what the checks question in it. Raises Unsaved."""
    try:
        draft = month.keep(project, row.values, row.edition)
    except (EditedMeanwhile, ValidationError) as error:
        words = (
            "".join(error.messages) if isinstance(error, ValidationError) else _("刚被别人改动，请重新下载。")
        )
        marks.append(Mark(row.row, row.columns[CODE], words, True))
        raise Unsaved from error
    before = list(month.before.get(project.pk, {}).values())
    for doubt in doubts_about(draft, month.ledger.get(project.pk), before, project.code, month.scheme):
        column = row.columns.get(doubt.finding.field or "") or row.columns.get(
            "invested_month", row.columns[CODE]
        )
        marks.append(Mark(row.row, column, doubt.finding.message, False))
    return draft
