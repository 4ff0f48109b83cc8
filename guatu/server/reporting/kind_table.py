"""All of a reporter's projects in one table, for one term of a report beside the month's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.form import FormField, Value
from guatu.reporting.kinds import Kind
from guatu.reporting.terms import ReportTerm
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb
from guatu.server.portfolio.models import Project
from guatu.server.reporting.kind_filling import save_kind
from guatu.server.reporting.known import earlier, said_last, said_within
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import reportable
from guatu.server.reporting.offline import Month
from guatu.server.reporting.queries import latest_of_term, values_of
from guatu.values import Period
from guatu.workbooks.report_form import LAST, MONTH_PLAN, PLAN_SO_FAR, YEAR_PLAN


@dataclass(slots=True, kw_only=True)
class TermTable(Month):
    """The projects that a reporter fills in for a term of `kind`."""

    kind: Kind
    term: ReportTerm

    @property
    def title(self) -> str:
        return _("%s，一张表") % (self.kind.words(self.term) + self.kind.name)

    @property
    def list_href(self) -> str:
        return reverse("reports-term", args=[self.kind.id, self.term.key])

    def href(self, project: Project) -> str:
        return reverse("report-of-kind", args=[self.kind.id, self.term.key, project.code])

    def keep(self, project: Project, values: Mapping[str, Value | None], edition: int) -> Report:
        return save_kind(project, self.kind, self.term.key, values, actor=self.user, edition=edition)

    @property
    def fields(self) -> tuple[FormField, ...]:
        return self.kind.form.typed

    def base(self, project: Project) -> int | None:
        """None: only the month's report adds up."""
        return None

    def values(self, project: Project) -> dict[str, Value | None]:
        row, said = self.latest.get(project.pk), self.said.get(project.pk, ())
        if row is not None:
            return dict(values_of(row, self.kind.form))
        last = said_last(said, self.kind.form, self.term.begins)
        known = said_within(said, self.kind.form, self.kind.id, self.term.begins)
        begun = {one.id: last[one.id].value for one in self.fields if one.carried and one.id in last}
        return {**begun, **{name: one.value for name, one in known.items()}}

    def beside(self, project: Project) -> dict[str, int | None]:
        return dict.fromkeys((YEAR_PLAN, MONTH_PLAN, PLAN_SO_FAR, LAST))


def table_of(user: Account, kind: Kind, term: ReportTerm, scheme: Scheme) -> TermTable:
    """The table as the reporter sees it. Three queries."""
    projects = list(reportable(user, Verb.HAND_IN, kind.stages))
    ids = [project.pk for project in projects]
    return TermTable(
        user,
        Period.of(term.begins),
        scheme,
        projects,
        latest_of_term(ids, kind.id, term.key),
        {},
        {},
        earlier(ids, scheme, term.ends),
        kind=kind,
        term=term,
    )
