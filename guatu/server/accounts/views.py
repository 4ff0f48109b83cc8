"""单位与人员: the tree of regions, organisations, people, posts and appointments."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guatu.portfolio.project import BUILDING
from guatu.server.accounts.actions import (
    add_organisation,
    appoint,
    change_organisation,
    change_person,
    end_appointment,
)
from guatu.server.accounts.directory_queries import (
    Asked,
    answers_of,
    appointments_of,
    kinds,
    organisation_or_404,
    organisations_page,
    people_found,
    person_or_404,
    places,
    posts_of,
)
from guatu.server.accounts.forms import (
    AppointForm,
    EndForm,
    OrganisationForm,
    PersonForm,
    regions_for_choice,
)
from guatu.server.accounts.models import Account, Appointment, Organisation, Role
from guatu.server.accounts.queries import accounts_of
from guatu.server.accounts.rights import (
    Verb,
    administers,
    mandates,
    may,
    people_with_phone,
    require,
    sees_everything,
)
from guatu.server.clock import today
from guatu.server.portfolio.models import Responsibility


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations of the tree, filtered by region, kind and words; people whose name has the words."""
    return _organisations(request, OrganisationForm())


def _organisations(request: HttpRequest, form: OrganisationForm, status: int = 200) -> HttpResponse:
    user = _account(request)
    asked = Asked(
        request.GET.get("q", "").strip()[:60],
        request.GET.get("kind", "")[:12],
        request.GET.get("region", "")[:12],
    )
    page = organisations_page(user, asked, request.GET.get("page", "1"), today())

    def address(**changed: str) -> str:
        query = {"q": asked.words, "kind": asked.kind, "region": asked.region} | changed
        kept = {name: value for name, value in query.items() if value}
        return reverse("organisations") + (f"?{urlencode(kept)}" if kept else "")

    return render(
        request,
        "accounts/organisations.html",
        {
            "asked": asked,
            "places": places(user),
            "whole": address(region=""),
            "regions": regions_for_choice(),
            "kinds": [
                {"name": name, "count": count, "href": address(kind=kind), "current": kind == asked.kind}
                for kind, name, count in kinds(user, asked)
            ],
            "all_kinds": address(kind=""),
            "page": page,
            "before": address(page=str(page.previous_page_number())) if page.has_previous() else "",
            "after": address(page=str(page.next_page_number())) if page.has_next() else "",
            "numbers": [
                {
                    "number": number,
                    "href": address(page=str(number)) if isinstance(number, int) else "",
                }
                for number in page.paginator.get_elided_page_range(page.number)
            ],
            "people": people_found(user, asked.words, today()),
            "may_keep": may(user, Verb.MANAGE_ACCOUNTS),
            "form": form,
        },
        status=status,
    )


@require_POST
@login_required
def organisation_add(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    user = _account(request)
    require(user, Verb.MANAGE_ACCOUNTS)
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _organisations(request, form, status=400)
    given = form.cleaned_data
    made = add_organisation(
        actor=user,
        name=given["name"],
        kind=Organisation.Kind(given["kind"]),
        short_name=given["short_name"],
        region=given["region"],
        parent=form.parent,
    )
    messages.success(request, _("已添加单位“%s”。") % made.name)
    return HttpResponseRedirect(reverse("organisation", args=[made.pk]))


@login_required
def organisation(request: HttpRequest, identity: int) -> HttpResponse:
    """An organisation: its posts and who holds them, its projects; POST changes what is known of it."""
    user = _account(request)
    found = organisation_or_404(user, identity)
    if request.method != "POST":
        return _organisation(request, found, OrganisationForm(instance=found), AppointForm())
    require(user, Verb.MANAGE_ACCOUNTS)
    form = OrganisationForm(request.POST, instance=organisation_or_404(user, identity))
    if form.is_valid():
        given = form.cleaned_data
        try:
            change_organisation(
                actor=user,
                organisation=found,
                name=given["name"],
                short_name=given["short_name"],
                kind=given["kind"],
                region=given["region"],
                parent=form.parent,
            )
        except ValidationError as error:
            form.add_error("parent_name", error)
        else:
            messages.success(request, _("已改好。"))
            return HttpResponseRedirect(reverse("organisation", args=[found.pk]))
    return _organisation(request, organisation_or_404(user, identity), form, AppointForm(), status=400)


def _organisation(
    request: HttpRequest,
    found: Organisation,
    form: OrganisationForm,
    appoint_form: AppointForm,
    status: int = 200,
) -> HttpResponse:
    user = _account(request)
    answers = [] if administers(user) else answers_of(user, found)
    return render(
        request,
        "accounts/organisation.html",
        {
            "organisation": found,
            "posts": posts_of(found),
            "parts": list(found.parts.all()),
            "today": today(),
            **_now_and_before(answers),
            "manual": f"unit={found.pk}",
            "business": administers(user) is None,
            "reports": _reports(answers)
            and (sees_everything(user) or any(held.organisation_id == found.pk for held in mandates(user))),
            "phones": set(
                people_with_phone(user)
                .filter(appointments__post__organisation=found)
                .values_list("pk", flat=True)
            ),
            "may_keep": may(user, Verb.MANAGE_ACCOUNTS),
            "form": form,
            "appoint_form": appoint_form,
        },
        status=status,
    )


def _reports(answers: list[Responsibility]) -> bool:
    """Whether one of the projects is under construction and the unit the one that reports it."""
    building = {str(stage) for stage in BUILDING}
    return any(
        one.duty == Responsibility.Duty.RESPONSIBLE_UNIT and one.project.stage in building for one in answers
    )


def _now_and_before(answers: list[Responsibility]) -> dict[str, list[Responsibility]]:
    """What is or will be answered for, and what was."""
    over = [one for one in answers if one.valid_to is not None and one.valid_to < today()]
    return {"answers": [one for one in answers if one not in over], "formerly": over}


@require_POST
@login_required
def organisation_appoint(request: HttpRequest, identity: int) -> HttpResponse:
    """Let a person hold a post of the organisation from a day on."""
    user = _account(request)
    found = organisation_or_404(user, identity)
    require(user, Verb.MANAGE_ACCOUNTS)
    form = AppointForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            held = appoint(
                actor=user,
                organisation=found,
                person=given["person"],
                distinction=given["distinction"],
                title=given["title"],
                role=Role(given["role"]),
                valid_from=given["valid_from"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            waits = "" if held.post.role else _("它的角色待安全管理员授权。")
            messages.success(
                request,
                _("%(person)s任“%(post)s”。%(waits)s")
                % {"person": held.person.name, "post": held.post.title, "waits": waits},
            )
            return HttpResponseRedirect(reverse("organisation", args=[found.pk]))
    return _organisation(request, found, OrganisationForm(instance=found), form, status=400)


@login_required
def person(request: HttpRequest, identity: int) -> HttpResponse:
    """A person: posts from–to, projects by duty; POST changes what is known of him."""
    user = _account(request)
    found = person_or_404(user, identity)
    form = PersonForm(initial={"name": found.name, "distinction": found.distinction, "phone": found.phone})
    if request.method == "POST":
        require(user, Verb.MANAGE_ACCOUNTS)
        form = PersonForm(request.POST)
        if form.is_valid():
            try:
                change_person(actor=user, person=found, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("已改好。"))
                return HttpResponseRedirect(reverse("person", args=[found.pk]))
        return _person(request, identity, form, EndForm(), status=400)
    return _person(request, identity, form, EndForm())


def _person(
    request: HttpRequest, identity: int, form: PersonForm, end_form: EndForm, status: int = 200
) -> HttpResponse:
    user = _account(request)
    found = person_or_404(user, identity)
    terms = appointments_of(found)
    answers = [] if administers(user) else answers_of(user, found)
    context: dict[str, Any] = {
        "person": found,
        "phone": found.phone if people_with_phone(user).filter(pk=found.pk).exists() else "",
        "held": [term for term in terms if term.valid_to is None or term.valid_to >= today()],
        "past": [term for term in terms if term.valid_to is not None and term.valid_to < today()],
        "today": today(),
        **_now_and_before(answers),
        "manual": f"person={found.pk}",
        "business": administers(user) is None,
        "accounts": accounts_of(found) if may(user, Verb.SEE_ACCOUNTS) else None,
        "may_keep": may(user, Verb.MANAGE_ACCOUNTS),
        "may_assign": may(user, Verb.ASSIGN),
        "form": form,
        "end_form": end_form,
    }
    return render(request, "accounts/person.html", context, status=status)


@require_POST
@login_required
def appointment_end(request: HttpRequest, identity: int) -> HttpResponse:
    """End an appointment on a day, with the reason."""
    user = _account(request)
    require(user, Verb.MANAGE_ACCOUNTS)
    held = Appointment.objects.select_related("person", "post").filter(pk=identity).first()
    if held is None:
        raise Http404(_("没有这次任职。"))
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            end_appointment(
                actor=user, appointment=held, day=form.cleaned_data["day"], reason=form.cleaned_data["reason"]
            )
        except ValidationError:
            form.add_error("day", _("免职日不能早于任职日。"))
        else:
            messages.success(request, _("已记下免职。"))
            return HttpResponseRedirect(reverse("person", args=[held.person_id]))
    found = held.person
    shown = PersonForm(initial={"name": found.name, "distinction": found.distinction, "phone": found.phone})
    return _person(request, found.pk, shown, form, status=400)
