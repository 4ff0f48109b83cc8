"""工作手册: per leader, unit or project, who answers and what is to be done: the page and its paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guatu.documents.manual import Answering, ManualEntry, write_manual_docx
from guatu.portfolio.duties import Duty
from guatu.server.accounts.models import Account, Organisation, Person, in_force
from guatu.server.accounts.rights import User, Verb, may, people_with_phone, projects_for, visible_projects
from guatu.server.clock import today
from guatu.server.portfolio.duty_names import DutyRow, duty_rows
from guatu.server.portfolio.filters import stage_words
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.portfolio.queries import facts_on
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period, date_text, money_text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST = 60
"""Projects on one page; the paper holds them all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose manual is wanted: of a leader or person, of a unit, of a project; else the list to choose from."""

    person: int = 0
    unit: int = 0
    project: str = ""

    @property
    def query(self) -> str:
        """The query of the address."""
        if self.person:
            return f"?person={self.person}"
        return f"?unit={self.unit}" if self.unit else f"?project={quote(self.project)}"


def _asked(request: HttpRequest) -> Asked:
    def number(name: str) -> int:
        text = request.GET.get(name, "")
        return int(text) if text.isdigit() and len(text) < 10 else 0

    return Asked(number("person"), number("unit"), request.GET.get("project", "")[:120])


def _chosen(user: User, asked: Asked) -> tuple[str, QuerySet[Project]]:
    """The name of the manual and its projects. Raises Http404 where nothing of it may be seen."""
    projects = visible_projects(user)
    held = Responsibility.objects.filter(in_force(today()))
    if asked.person:
        person = Person.objects.filter(pk=asked.person).first()
        projects = projects.filter(pk__in=held.filter(person=asked.person).values("project"))
        name = person.name if person else ""
    elif asked.unit:
        unit = Organisation.objects.filter(pk=asked.unit).first()
        projects = projects.filter(pk__in=held.filter(organisation=asked.unit).values("project"))
        name = unit.name if unit else ""
    else:
        projects = projects.filter(code=asked.project)
        name = projects[0].name if projects else ""
    if not name or not projects.exists():
        raise Http404(_("没有这样的工作手册。"))
    return name, projects.order_by("position", "code")


def entries_of(user: User, projects: Sequence[Project], day: date) -> list[ManualEntry]:
    """The entries of the projects, telephones only where `user` may see them. Six queries for any number."""
    scheme = scheme_in_force()
    ids = [project.pk for project in projects]
    facts = facts_on(day, ids)
    responsibilities: dict[int, list[Responsibility]] = {}
    for row in Responsibility.objects.filter(project__in=ids).select_related("person", "organisation"):
        responsibilities.setdefault(row.project_id, []).append(row)
    people = {row.person_id for rows in responsibilities.values() for row in rows if row.person_id}
    phones = dict(people_with_phone(user).filter(pk__in=people).values_list("pk", "phone"))
    telephoned = set(projects_for(user, Verb.SEE_PHONE).filter(pk__in=ids).values_list("pk", flat=True))
    entries = []
    for project in projects:
        known = {name: fact.value for name, fact in facts.get(project.pk, {}).items()}
        allowed = project.pk in telephoned
        rows = duty_rows(project, responsibilities.get(project.pk, []), day, phones if allowed else {})
        company = str(known.get("phone") or "") if allowed else ""
        entries.append(_entry(project, known, tuple(_answering(rows, company)), scheme))
    return entries


def _answering(rows: Sequence[DutyRow], company: str) -> Iterator[Answering]:
    """Each duty with who has it; `company` is the telephone that the ledger states for the company."""
    for row in rows:
        for one in row.now:
            phone = one.phone or (company if row.role.duty is Duty.COMPANY else "")
            yield Answering(row.role.name, one.row.stated, date_text(one.row.valid_from), phone)
        if row.missing:
            yield Answering(row.role.name, "")


def _entry(
    project: Project, known: dict[str, Any], answering: tuple[Answering, ...], scheme: Any
) -> ManualEntry:
    dates = [
        _("%(month)s开工") % {"month": Period.parse(project.planned_start).label}
        if project.planned_start
        else "",
        _("%(month)s竣工") % {"month": Period.parse(project.planned_finish).label}
        if project.planned_finish
        else "",
    ]
    return ManualEntry(
        code=project.code,
        name=project.name,
        place=project.county,
        stage=stage_words(project.stage, scheme) if project.stage else "",
        investment=_("%s 万元") % money_text(project.total, "万元", 0) if project.total is not None else "",
        planned=_("%s 万元") % money_text(project.planned, "万元", 0) if project.planned is not None else "",
        goal=str(known.get("year_goal") or ""),
        tasks=str(known.get("content") or ""),
        dates="，".join(one for one in dates if one),
        answering=answering,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Somebody who answers, and for how many projects."""

    pk: int
    name: str
    distinction: str
    projects: int


def leaders_and_units(user: User, day: date) -> tuple[list[Counted], list[Counted]]:
    """The people and units that answer for a project `user` sees on `day`, with how many (`projects`). Two queries."""
    held = Responsibility.objects.filter(in_force(day), project__in=visible_projects(user))
    many = Count("project", distinct=True)
    people = (
        held.filter(person__isnull=False)
        .order_by()
        .values_list("person", "person__name", "person__distinction")
        .annotate(many)
    )
    units = (
        held.filter(organisation__isnull=False)
        .order_by()
        .values_list("organisation", "organisation__name")
        .annotate(many)
    )
    return (
        _most_first(Counted(*row) for row in people),
        _most_first(Counted(identity, name, "", count) for identity, name, count in units),
    )


def _most_first(found: Iterable[Counted]) -> list[Counted]:
    return sorted(found, key=lambda one: (-one.projects, one.name, one.pk))


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def manual(request: HttpRequest) -> HttpResponse:
    """The manual of a leader, a unit or a project; without one, the list to choose from."""
    user = _account(request)
    asked = _asked(request)
    if not (asked.person or asked.unit or asked.project):
        people, units = leaders_and_units(user, today())
        return render(
            request,
            "portfolio/manuals.html",
            {
                "people": people,
                "units": units,
            },
        )
    name, projects = _chosen(user, asked)
    shown = list(projects[: MOST + 1])
    return render(
        request,
        "portfolio/manual.html",
        {
            "name": name,
            "entries": entries_of(user, shown[:MOST], today()),
            "count": projects.count(),
            "cut": len(shown) > MOST,
            "query": asked.query,
            "may_export": may(user, Verb.EXPORT),
        },
    )


@require_GET
@login_required
def manual_docx(request: HttpRequest) -> HttpResponse:
    """The same as a paper. Raises PermissionDenied without the right to export."""
    user = _account(request)
    if not may(user, Verb.EXPORT):
        raise PermissionDenied
    name, projects = _chosen(user, _asked(request))
    stream = BytesIO()
    scheme = scheme_in_force()
    agency = settings.GUATU_AGENCY or (scheme.text.bulletin.agency if scheme.text.bulletin else "")
    subject = _("%s工作手册") % name
    write_manual_docx(subject, agency, date_text(today()), entries_of(user, list(projects), today()), stream)
    response = HttpResponse(stream.getvalue(), content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(subject)}.docx"
    return response
