"""交接 and 责任分工: the projects of a person handed over at once; who answers for one project, by duty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.portfolio.duties import ORGANISATION_DUTIES, Duty
from guatu.server.accounts.forms import Day
from guatu.server.accounts.models import Account, Appointment, Organisation, Person, in_force
from guatu.server.accounts.rights import Verb, may, people_with_phone, require
from guatu.server.clock import today
from guatu.server.portfolio.actions import Paper
from guatu.server.portfolio.duty_names import duty_rows, roles_of_scheme
from guatu.server.portfolio.handover import (
    HandOver,
    assign,
    check_hand_over,
    duties_to_hand_over,
    hand_over,
    words_of,
)
from guatu.server.portfolio.queries import project_or_404


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


class HandOverForm(forms.Form):
    """To whom, after which last day, why, on which paper."""

    name = forms.CharField(label=gettext_lazy("接任的人"), max_length=40)
    distinction = forms.CharField(
        label=gettext_lazy("区分"), max_length=120, required=False, help_text=gettext_lazy("有同名的人才要填")
    )
    last_day = Day(
        label=gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍由原来的人负责，次日起由接任的人负责")
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)
    title = forms.CharField(label=gettext_lazy("依据文件"), max_length=200)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=120, required=False)

    def successor(self) -> Person:
        """The successor, who must be known. Raises ValidationError."""
        given = self.cleaned_data
        found = list(Person.objects.filter(name=given["name"].strip()))
        if given["distinction"]:
            found = [one for one in found if one.distinction == given["distinction"].strip()]
        if not found:
            raise ValidationError(_("没有叫“%s”的人；请先由系统管理员登记。") % given["name"])
        if len(found) > 1:
            raise ValidationError(
                _("有%(count)d个人叫“%(name)s”；请在“区分”里填：%(which)s。")
                % {
                    "count": len(found),
                    "name": given["name"],
                    "which": "、".join(one.distinction or _("（空）") for one in found),
                }
            )
        return found[0]


@login_required
def hand_over_page(request: HttpRequest) -> HttpResponse:
    """Choose what goes over and to whom; then see it foretold; then do it.

    Raises Http404 for an unknown person.
    """
    user = _account(request)
    require(user, Verb.ASSIGN)
    identity = request.GET.get("person", "")
    person = Person.objects.filter(pk=identity).first() if identity.isdigit() else None
    if person is None:
        raise Http404(_("没有这个人。"))
    rows = duties_to_hand_over(user, person, today())
    terms = list(
        Appointment.objects.filter(in_force(today()), person=person, valid_to__isnull=True).select_related(
            "post__organisation"
        )
    )
    posted = request.method == "POST"
    form = HandOverForm(request.POST if posted else None, initial={"last_day": today()})
    chosen = set(request.POST.getlist("duty")) if posted else {str(row.pk) for row in rows}
    posts = set(request.POST.getlist("post")) if posted else set()
    context: dict[str, Any] = {
        "person": person,
        "rows": [(row, str(row.pk) in chosen) for row in rows],
        "terms": [(term, str(term.pk) in posts) for term in terms],
        "form": form,
    }
    if posted and form.is_valid():
        given = form.cleaned_data
        asked = HandOver(
            person,
            [row for row in rows if str(row.pk) in chosen],
            [term for term in terms if str(term.pk) in posts],
            given["last_day"],
            given["reason"],
            Paper(given["title"], given["last_day"], given["number"]),
        )
        try:
            successor = form.successor()
            check_hand_over(asked, successor)
            if "confirmed" in request.POST:
                hand_over(actor=user, asked=asked, successor=successor)
                messages.success(
                    request,
                    _("%(person)s的 %(projects)d 项已交给%(successor)s。")
                    % {
                        "person": person.name,
                        "projects": len(asked.responsibilities),
                        "successor": successor.name,
                    },
                )
                return HttpResponseRedirect(reverse("person", args=[successor.pk]))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context |= {
                "asked": asked,
                "successor": successor,
                "foretold": [(row, words_of(successor, row)) for row in asked.responsibilities],
            }
    status = 400 if posted and form.errors else 200
    return render(request, "portfolio/hand_over.html", context, status=status)


class AssignForm(forms.Form):
    """Who answers in which duty, from when, why, on which paper."""

    duty = forms.ChoiceField(label=gettext_lazy("责任"))
    name = forms.CharField(label=gettext_lazy("单位全称或姓名"), max_length=120)
    distinction = forms.CharField(
        label=gettext_lazy("区分"), max_length=120, required=False, help_text=gettext_lazy("有同名的人才要填")
    )
    valid_from = Day(label=gettext_lazy("起始日"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=400)
    title = forms.CharField(label=gettext_lazy("依据文件"), max_length=200)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=120, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["duty"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(role.duty), role.name) for role in roles_of_scheme()]

    def answers(self) -> Person | Organisation:
        """The person or organisation named, which must be known. Raises ValidationError."""
        given = self.cleaned_data
        name = given["name"].strip()
        if Duty(given["duty"]) in ORGANISATION_DUTIES:
            found = Organisation.objects.filter(name=name).first()
            if found is None:
                raise ValidationError(_("没有叫“%s”的单位；请写全称，或先由系统管理员添加。") % name)
            return found
        people = [
            one
            for one in Person.objects.filter(name=name)
            if not given["distinction"] or one.distinction == given["distinction"].strip()
        ]
        if len(people) != 1:
            raise ValidationError(
                _("没有叫“%s”的人；请先由系统管理员登记。") % name
                if not people
                else _("有%(count)d个人叫“%(name)s”；请填“区分”。") % {"count": len(people), "name": name}
            )
        return people[0]


@login_required
def project_answers(request: HttpRequest, code: str) -> HttpResponse:
    """责任分工: who answers for the project in each duty the scheme names, from–to; POST assigns one.

    Raises Http404 for a project the reader may not see.
    """
    user = _account(request)
    project = project_or_404(user, code)
    form = AssignForm(request.POST if request.method == "POST" else None, initial={"valid_from": today()})
    if request.method == "POST":
        require(user, Verb.ASSIGN, project)
        if form.is_valid():
            given = form.cleaned_data
            try:
                assign(
                    actor=user,
                    project=project,
                    duty=Duty(given["duty"]),
                    answers=form.answers(),
                    valid_from=given["valid_from"],
                    reason=given["reason"],
                    paper=Paper(given["title"], given["valid_from"], given["number"]),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("已记下责任分工。"))
                return HttpResponseRedirect(reverse("project-answers", args=[project.code]))
    rows = list(project.responsibilities.select_related("person", "organisation", "post"))
    phones = dict(
        people_with_phone(user)
        .filter(pk__in=[row.person_id for row in rows if row.person_id])
        .values_list("pk", "phone")
        if may(user, Verb.SEE_PHONE, project)
        else ()
    )
    return render(
        request,
        "portfolio/answers.html",
        {
            "project": project,
            "duties": duty_rows(project, rows, today(), phones),
            "may_assign": may(user, Verb.ASSIGN, project),
            "form": form,
        },
        status=400 if form.errors else 200,
    )
